"""Placeholder until the firewall's rules are modelled: every inspecting endpoint is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaanet.graph.flight import Flight, Kind, Outcome
from mwaanet.graph.outcomes import absent
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint

if TYPE_CHECKING:
    from mwaanet.graph.network import Network


def inspect(network: Network, endpoint: VpcEndpoint, flight: Flight) -> tuple[Outcome, ...]:
    """Unknown."""
    why = Unknown(reason=f"what {endpoint.vpc_endpoint_id} inspects")
    return (absent(endpoint.vpc_endpoint_id, Kind.NETWORK_FIREWALL, flight, why),)
