"""Endpoint services (PrivateLink): from an endpoint's interface to the load balancer of its service.

An endpoint reaches the service's load balancer in the zone of the interface that took the packet, by AZ *ID* (of
several there, and of the zones in another Region, AWS picks one, so all are followed); the service must be available,
must have accepted the endpoint and must have allowed its account or role when the endpoint was made
(https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html).

Not modelled: endpoint services of Gateway Load Balancers other than as firewall endpoints: what their appliances do is
unknown.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Flight, Hop, Kind, Outcome, Pass, Position, Role, advance
from mwaanet.graph.load_balancer import serving_interface
from mwaanet.graph.outcomes import absent, hop, mendable
from mwaanet.model.endpoint_service import ServiceConfiguration
from mwaanet.model.load_balancer import LoadBalancer
from mwaanet.model.state import same_state, serves
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import IDLE, VpcEndpoint
from mwaanet.net import AddressSet

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

SERVICE = Kind.ENDPOINT_SERVICE


def into_service(network: Network, endpoint: VpcEndpoint, flight: Flight, answer: Position) -> tuple[Outcome, ...]:
    """Hand a flight that `endpoint` took to the load balancer; replies leave from `answer`."""
    service = network.inventory.endpoint_services.get(endpoint.service_name)
    if service is None:
        missing = network.missing_service(endpoint)
        return (absent(endpoint.service_name, SERVICE, flight, missing),)
    allowed = _allowed(network, service, endpoint)
    stopped = _refused(network, service, endpoint, flight, allowed)
    if stopped:
        return (stopped,)
    if isinstance(allowed, Unknown):
        flight = flight.doubting(allowed)
    known = flight.packets.where(src=_supported(service))
    other = flight.packets - known
    outcomes = _to_balancers(network, service, endpoint, flight.narrowed(known), answer) if known else ()
    return (*outcomes, _unsupported(service, flight.narrowed(other), endpoint)) if other else outcomes


def _supported(service: ServiceConfiguration) -> AddressSet:
    """The addresses by which a service may be asked: of both families where that is not told.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html#endpoint-service-ip-address-type
    """
    families = {"ipv4": AddressSet.ANY_V4, "ipv6": AddressSet.ANY_V6}
    types = [kind.lower() for kind in service.supported_ip_address_types if kind.lower() in families]
    return AddressSet.ANY if not types else reduce(or_, (families[kind] for kind in types))


def _unsupported(service: ServiceConfiguration, flight: Flight, endpoint: VpcEndpoint) -> Drop:
    by = f"supports {', '.join(service.supported_ip_address_types)} only"
    decided = _hop(service, flight, Action.DROP, by, Code.SERVICE_ADDRESS_TYPE)
    return Drop(flight=flight, hop=replace(decided, also=(endpoint.vpc_endpoint_id,)))


def _to_balancers(
    network: Network, service: ServiceConfiguration, endpoint: VpcEndpoint, flight: Flight, answer: Position
) -> tuple[Outcome, ...]:
    """To each load balancer and zone that AWS may pick: of several load balancers those in the zone."""
    outcomes: list[Outcome] = []
    for arn in service.network_load_balancer_arns:
        balancer = network.inventory.load_balancers.get(arn)
        if balancer is None:
            why = network.missing_load_balancer(arn, service)
            outcomes.append(absent(arn, Kind.LOAD_BALANCER, flight, why))
            continue
        for zone in _zones(network, service, endpoint, balancer, answer):
            outcomes.append(_to_balancer(network, service, balancer, replace(flight, zone=zone), answer))
    if not outcomes:
        decided = _hop(service, flight, Action.DROP, "lists no Network Load Balancer", Code.SERVICE_NO_BALANCER)
        return (Drop(flight=flight, hop=decided),)
    inside = tuple(one for one in outcomes if not isinstance(one, Drop) or one.hop.code is not Code.SERVICE_ZONE)
    return inside or tuple(outcomes)


def _zones(
    network: Network,
    service: ServiceConfiguration,
    endpoint: VpcEndpoint,
    balancer: LoadBalancer,
    answer: Position,
) -> list[str]:
    """The zones (AZ IDs) in which the load balancer may get the packets: the endpoint's, or any in another Region.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html#endpoint-service-cross-region
    """
    if network.inventory.place(endpoint)[1] != network.inventory.place(service)[1]:
        return list(dict.fromkeys(network.zone_of(part.subnet_id) for part in balancer.availability_zones))
    return [network.zone_of(network.interface(answer.component).subnet)]


def _allowed(network: Network, service: ServiceConfiguration, endpoint: VpcEndpoint) -> bool | Unknown:
    """Whether the service lets the endpoint's account in; a connection once accepted goes on without permission.

    https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions
    """
    if endpoint.serves is not False:
        return True
    return network.allows_account(service, endpoint.owner_id or network.place_of_vpc(endpoint.vpc_id)[0])


def _refused(
    network: Network,
    service: ServiceConfiguration,
    endpoint: VpcEndpoint,
    flight: Flight,
    allowed: bool | Unknown,
) -> Outcome | None:
    again = Position(endpoint.vpc_endpoint_id, Role.ENTER)
    name = service.service_id
    onward = replace(flight, mended=flight.mended | {name})
    if name in flight.mended:
        return None
    accepted = endpoint.vpc_endpoint_id in flight.mended
    if not same_state(service.service_state, "available"):
        decided = _hop(service, flight, Action.DROP, f"state is {service.service_state}", Code.BAD_STATE)
        return mendable(decided, flight, f"bring {name} to available", again, onward)
    connection = network.inventory.vpc_endpoint_connections.get(endpoint.vpc_endpoint_id)
    if connection and not accepted and serves(connection.vpc_endpoint_state, *IDLE) is False:
        by = f"the connection of {endpoint.vpc_endpoint_id} is {connection.vpc_endpoint_state}"
        decided = _hop(service, flight, Action.DROP, by, Code.SERVICE_NOT_ACCEPTED)
        action = f"accept {endpoint.vpc_endpoint_id} at {name}"
        return mendable(decided, flight, action, again, onward, also=(endpoint.vpc_endpoint_id,))
    if allowed is False:
        by = f"allows no principal of account {endpoint.owner_id}"
        decided = _hop(service, flight, Action.DROP, by, Code.SERVICE_NOT_ALLOWED)
        return mendable(decided, flight, f"allow account {endpoint.owner_id} at {name}", again, onward)
    return None


def _to_balancer(
    network: Network,
    service: ServiceConfiguration,
    balancer: LoadBalancer,
    flight: Flight,
    answer: Position,
) -> Outcome:
    """To the load balancer's own interface in the same zone; its inbound rules where they see PrivateLink.

    The source is then the client's private address, and its group is no longer known
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
    """
    interface = serving_interface(network, balancer, flight.zone)
    if isinstance(interface, Unknown | str):
        if isinstance(interface, Unknown):
            return absent(balancer.load_balancer_arn, Kind.LOAD_BALANCER, flight, interface)
        decided = _hop(service, flight, Action.DROP, interface, Code.SERVICE_ZONE)
        endpoint = network.inventory.endpoint_of_interface(answer.component)
        also = tuple(name for name in (endpoint, balancer.load_balancer_arn) if name)
        return Drop(flight=flight, hop=replace(decided, also=also))
    flight = replace(flight, privatelink=answer, sender="")
    balancing = Position(balancer.load_balancer_arn, Role.ENTER)
    if same_state(balancer.enforce_inbound, "on") and interface.groups:
        to, flight = advance(
            replace(flight, ahead=(Position(interface.id, Role.GROUPS_IN), balancing, *flight.ahead)), balancing
        )
    else:
        to = balancing
    decided = _hop(service, flight, Action.FORWARD, f"to {balancer.load_balancer_name} in {flight.zone}", Code.SERVICE)
    return Pass(flight=flight, to=to, hop=decided)


def _hop(service: ServiceConfiguration, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    return hop(service.service_id, SERVICE, action, by, code, flight.packets, service.origin)
