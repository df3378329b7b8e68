"""Where a name leads, and where it should: to the endpoint for the service that it names, or of the package server.

https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html,
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.naming import NameProblem
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName
from mwaanet.graph.flight import Evidence
from mwaanet.model.state import same_state
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names import Resolution, VpcPlace
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import RESERVED
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint


def vpc_of(context: Context, source: Endpoint) -> str:
    """The VPC in which a source asks for names; empty elsewhere."""
    place = place_of(context.network, source)
    return place.vpc_id if isinstance(place, VpcPlace) else ""


def expected_endpoint(context: Context, source: Endpoint, host: HostName) -> VpcEndpoint | None:
    """The endpoint that a name should lead to: its service's nearest, else what a private name can mean in the VPC."""
    vpc = vpc_of(context, source)
    return _of_service(context, vpc, host) if host.services else _of_package_server(context, vpc)


def _of_service(context: Context, vpc: str, host: HostName) -> VpcEndpoint | None:
    """The interface endpoint for the name's service: in the source's VPC, else the environment's, else the only one."""
    found = [
        endpoint
        for endpoint in context.inventory.vpc_endpoints.values()
        if endpoint.service_name in host.services and endpoint.network_interface_ids
    ]
    for place in (vpc, context.facts.vpc if context.facts else ""):
        near = [endpoint for endpoint in found if endpoint.vpc_id == place]
        if near:
            return near[0]
    return found[0] if len(found) == 1 else None


def _of_package_server(context: Context, vpc: str) -> VpcEndpoint | None:
    """The VPC's only endpoint for an endpoint service that AWS does not own."""
    found = [
        endpoint
        for endpoint in (context.inventory.vpc_endpoints_of(vpc) if vpc else ())
        if same_state(endpoint.vpc_endpoint_type, "Interface")
        and endpoint.network_interface_ids
        and not context.inventory.is_aws_service(endpoint.service_name)
    ]
    return found[0] if len(found) == 1 else None


def endpoint_addresses(context: Context, endpoint: VpcEndpoint) -> AddressSet:
    """The addresses of an endpoint's interfaces, as far as they are known."""
    addresses = AddressSet.NONE
    for interface in endpoint.network_interface_ids:
        if context.network.knows_interface(interface):
            addresses = addresses | context.network.interface(interface).addresses
    return addresses & AddressSet.ANY_V4


def endpoint_at(context: Context, vpc: str, addresses: AddressSet) -> VpcEndpoint | None:
    """The endpoint whose interfaces hold some of the addresses."""
    for endpoint in context.inventory.vpc_endpoints_of(vpc) if vpc else ():
        if endpoint_addresses(context, endpoint) & addresses:
            return endpoint
    return None


def far_endpoint(context: Context, vpc: str, addresses: AddressSet) -> VpcEndpoint | None:
    """The endpoint outside of a VPC whose interfaces hold some of the addresses."""
    for endpoint in context.inventory.vpc_endpoints.values():
        if endpoint.vpc_id != vpc and endpoint_addresses(context, endpoint) & addresses:
            return endpoint
    return None


def misled(context: Context, source: Endpoint, host: HostName, found: Resolution) -> NameProblem | None:
    """Why the addresses of a name cannot be those of what it names: another service has them, or nobody."""
    vpc = vpc_of(context, source)
    if host.services:
        return _misled_service(context, source, host, found)
    return _misled_package_server(context, host.name, found, vpc) if vpc else None


def _misled_service(context: Context, source: Endpoint, host: HostName, found: Resolution) -> NameProblem | None:
    """Why private addresses are not those of an endpoint for the service; public ones are the service's own."""
    addresses = found.addresses & RESERVED
    expected = expected_endpoint(context, source, host)
    if not addresses or found.undetermined or expected is None:
        return None
    own = AddressSet.NONE
    for endpoint in context.inventory.vpc_endpoints.values():
        if endpoint.service_name in host.services:
            own = own | endpoint_addresses(context, endpoint)
    stray = addresses - own
    held = far_endpoint(context, "", stray) if stray else None
    if held is not None:
        text = f"{host.name} leads to {held.vpc_endpoint_id}, which is the endpoint for {held.service_name}"
        return _wrong(host.name, found, text, Fault.NAME_WRONG_ENDPOINT, expected)
    if stray:
        text = f"{host.name} leads to {stray}, which no endpoint for {host.service} holds"
        return _wrong(host.name, found, text, Fault.NAME_STALE, expected)
    return None


def _misled_package_server(context: Context, host: str, found: Resolution, vpc: str) -> NameProblem | None:
    """Why the addresses of a name cannot be the package server's: an AWS service has them, or nobody."""
    expected = _of_package_server(context, vpc)
    held = endpoint_at(context, vpc, found.addresses)
    own = endpoint_addresses(context, expected) if expected else AddressSet.NONE
    if held is not None and context.inventory.is_aws_service(held.service_name):
        text = f"{host} leads to {held.vpc_endpoint_id}, which is the endpoint for {held.service_name}"
        return _wrong(host, found, text, Fault.NAME_WRONG_ENDPOINT, expected)
    stray = (found.addresses & context.inventory.vpc_cidrs(vpc)) - own
    if expected and stray and _nobody_holds(context, vpc, stray):
        text = f"{host} leads to {stray}, which nobody in {vpc} holds"
        return _wrong(host, found, text, Fault.NAME_STALE, expected)
    return None


def _nobody_holds(context: Context, vpc: str, addresses: AddressSet) -> bool:
    """Whether some of the addresses certainly are no interface's: only the VPC's owner sees them all."""
    if context.inventory.unseen_in(vpc, "describe-network-interfaces"):
        return False
    for record in context.inventory.interfaces_of(vpc):
        addresses = addresses - context.inventory.interface_addresses(record)
    return bool(addresses)


def _wrong(host: str, found: Resolution, text: str, code: Fault, expected: VpcEndpoint | None) -> NameProblem:
    should = f"; it should lead to {expected.vpc_endpoint_id}" if expected else ""
    cause = Cause(
        message=text + should,
        resources=(found.decided_by or host, host),
        code=code,
        step="name",
        evidence=tuple(Evidence(step.origin) for step in found.steps if step.origin),
        actions=(f"let {host} lead to {expected.vpc_endpoint_id}",) if expected else (),
    )
    return NameProblem(Status.FAIL, cause)
