"""VPC Encryption Controls: what an enforcing VPC drops.

Its interface endpoints drop what is not encrypted by those who send it. Packets to TCP 443 are taken to be; of all
others nothing in a snapshot says it, so that their answer is unknown
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html).

Not modelled: anything else of it. In a VPC that enforces, AWS does not let resources be made that do not encrypt, and
drops nothing on the way to those that there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaanet.graph.flight import Flight
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.net import TCP, Intervals

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

_HTTPS = Intervals.single(443)


def encrypted(network: Network, endpoint: VpcEndpoint, flight: Flight) -> tuple[Flight, ...]:
    """A flight that enters an interface endpoint, by whether its packets may be dropped for not being encrypted."""
    vpc = network.inventory.vpcs.get(endpoint.vpc_id)
    control = vpc.encryption_control if vpc else None
    if control is None or not same_state(control.mode, "enforce") or same_state(control.state, "deleted"):
        return (flight,)
    https = flight.packets.where(protocol=TCP, dport=_HTTPS)
    reason = f"whether packets are encrypted, which VPC Encryption Controls of {endpoint.vpc_id} demand, is not known"
    parts = (flight.narrowed(https), flight.narrowed(flight.packets - https).doubting(Unknown(reason=reason)))
    return tuple(part for part in parts if part.packets)
