"""VPC endpoints: gateway endpoints behind a route, interface endpoints behind their interfaces.

A gateway endpoint takes what starts in its VPC's subnets whose tables route to it
(https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html); an interface endpoint is reachable from
wherever its interfaces are (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html).
Only an `available` endpoint serves. What AWS owns behind one is taken as working; behind another's endpoint service
stands that service's load balancer.

Not modelled: endpoints of other types than gateway, interface and Gateway Load Balancer (VPC Lattice's): unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.encryption_control import encrypted
from mwaanet.graph.endpoint_service import into_service
from mwaanet.graph.flight import Action, Arrive, Drop, Evidence, Flight, Hop, Kind, Outcome, Pass, Position, Role
from mwaanet.graph.network_firewall import inspect, settled
from mwaanet.graph.outcomes import absent, hop, mendable
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

_STATES = {
    "pendingacceptance": (
        ": the owner of the endpoint service has not accepted it",
        "have the owner of the endpoint service accept {name}",
    ),
    "pending": (": AWS is still making it", "wait until {name} is available"),
    "rejected": (
        ": the owner of the endpoint service rejected it",
        "have the owner of the endpoint service accept {name}, or recreate it",
    ),
    "expired": (
        ": it was not accepted in time",
        "recreate {name}, then have the owner of the endpoint service accept it",
    ),
    "failed": (": AWS could not make it", "recreate {name}"),
    "deleting": (": it is being deleted", "recreate {name}"),
    "deleted": (": it was deleted", "recreate {name}"),
}
"""What a state means and who must act (https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html)."""


def service_id_of(service_name: str) -> str:
    """The id of a customer's endpoint service in its name; empty for AWS's own."""
    last = service_name.rpartition(".")[2]
    return last if last.startswith("vpce-svc-") else ""


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """A route has led to a gateway endpoint, which serves its own VPC's addresses only.

    A firewall sends on what another VPC has sent, a NAT gateway has an address of its own
    (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html).
    """
    endpoint = network.inventory.vpc_endpoints[position.component]
    if endpoint.vpc_id not in network.inventory.vpcs:
        return (_taken(endpoint, flight.doubting(network.inventory.unseen_vpc(endpoint.vpc_id))),)
    own = flight.narrowed(flight.packets.where(src=network.inventory.vpc_cidrs(endpoint.vpc_id)))
    foreign = flight.narrowed(flight.packets - own.packets)
    outcomes: list[Outcome] = [_refused(endpoint, foreign)] if foreign.packets else []
    if own.packets:
        outcomes.append(_taken(endpoint, own))
    return tuple(outcomes)


def _refused(endpoint: VpcEndpoint, flight: Flight) -> Drop:
    by = f"serves what starts in {endpoint.vpc_id}, not {flight.packets.src}"
    return Drop(flight=flight, hop=_hop(endpoint, flight, Action.DROP, by, Code.NO_TRANSIT))


def _taken(endpoint: VpcEndpoint, flight: Flight) -> Outcome:
    to = Position(endpoint.vpc_endpoint_id, Role.RECEIVE)
    stopped = _not_available(endpoint, flight, to)
    if stopped:
        return stopped
    flight = settled(endpoint, flight)
    decided = _hop(endpoint, flight, Action.FORWARD, f"gateway endpoint for {endpoint.service_name}")
    return Pass(flight=flight, to=to, hop=decided)


def receive(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """The service behind a gateway endpoint has the packets."""
    endpoint = network.inventory.vpc_endpoints[position.component]
    return (_arrived(endpoint, flight, Position(endpoint.vpc_endpoint_id, Role.BACK)),)


def back(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """A reply of the service behind a gateway endpoint: delivered inside the VPC."""
    endpoint = network.inventory.vpc_endpoints[position.component]
    onward = replace(flight, vpc=endpoint.vpc_id, subnet="", zone="", sender="", entered=endpoint.vpc_endpoint_id)
    return (Pass(flight=onward, to=Position(endpoint.vpc_id, Role.LOCAL)),)


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Behind an endpoint's interface: the service of an interface endpoint, or an inspecting firewall."""
    endpoint = network.inventory.vpc_endpoints.get(position.component)
    if endpoint is None:
        missing = network.missing("describe-vpc-endpoints", position.component, flight.vpc)
        return (absent(position.component, Kind.VPC_ENDPOINT, flight, missing),)
    if same_state(endpoint.vpc_endpoint_type, "GatewayLoadBalancer"):
        return inspect(network, endpoint, flight)
    if not same_state(endpoint.vpc_endpoint_type, "Interface"):
        unknown = Unknown(reason=f"{endpoint.vpc_endpoint_id} is an endpoint of type {endpoint.vpc_endpoint_type}")
        return (absent(endpoint.vpc_endpoint_id, Kind.VPC_ENDPOINT, flight, unknown),)
    stopped = _not_available(endpoint, flight, position)
    if stopped:
        return (stopped,)
    parts = encrypted(network, endpoint, settled(endpoint, flight))
    return tuple(outcome for part in parts for outcome in _served(network, endpoint, part))


def _served(network: Network, endpoint: VpcEndpoint, flight: Flight) -> tuple[Outcome, ...]:
    """What an available interface endpoint makes of a flight."""
    answer = Position(flight.holder, Role.SEND)
    if network.inventory.is_aws_service(endpoint.service_name):
        return (_arrived(endpoint, flight, answer),)
    decided = _hop(endpoint, flight, Action.FORWARD, f"interface endpoint for {endpoint.service_name}")
    outcomes = into_service(network, endpoint, flight, answer)
    return tuple(_after(decided, outcome) for outcome in outcomes)


def service_receive(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """An AWS service reached by a gateway endpoint that is proposed, whose replies stay inside the VPC."""
    decided = hop(
        position.component,
        Kind.SERVICE,
        Action.DELIVER,
        f"by a gateway endpoint that {flight.vpc} needs",
        Code.SERVICE,
        flight.packets,
    )
    return (Arrive(flight=flight, hop=decided, answer=Position(flight.vpc, Role.LOCAL)),)


def _after(first: Hop, outcome: Outcome) -> Outcome:
    """Show the endpoint itself where the service behind it only passes on."""
    return replace(outcome, hop=first) if isinstance(outcome, Pass) and outcome.hop is None else outcome


def _not_available(endpoint: VpcEndpoint, flight: Flight, to: Position) -> Drop | None:
    name = endpoint.vpc_endpoint_id
    if endpoint.serves is not False or name in flight.mended:
        return None
    why, action = _STATES.get(endpoint.state.lower(), ("", "recreate {name}"))
    by = f"state is {endpoint.state}{why}"
    decided = _hop(endpoint, flight, Action.DROP, by, Code.ENDPOINT_STATE)
    onward = replace(flight, mended=flight.mended | {name})
    service = service_id_of(endpoint.service_name)
    return mendable(decided, flight, action.format(name=name), to, onward, also=(service,) if service else ())


def _arrived(endpoint: VpcEndpoint, flight: Flight, answer: Position) -> Arrive:
    decided = Hop(
        component=endpoint.service_name,
        kind=Kind.SERVICE,
        action=Action.DELIVER,
        by=f"{endpoint.service_name} behind {endpoint.vpc_endpoint_id}",
        code=Code.SERVICE,
        packets=flight.packets,
        evidence=(Evidence(endpoint.origin),),
        also=(endpoint.vpc_endpoint_id,),
    )
    return Arrive(flight=flight, hop=decided, answer=answer)


def _hop(endpoint: VpcEndpoint, flight: Flight, action: Action, by: str, code: Code = Code.ENDPOINT) -> Hop:
    return hop(endpoint.vpc_endpoint_id, Kind.VPC_ENDPOINT, action, by, code, flight.packets, endpoint.origin)
