"""What a record names and the snapshot does not hold, although the list that would hold it was read.

Such a name is no error of the snapshot's: things are deleted while it is made, and routes outlive their targets. It is
told because whatever depends on it is judged as if the thing did not exist. What only another account may see is left
out: it is unknown, not absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mwaanet.model.record import CamelRecord, Origin, Record
from mwaanet.model.route_table import Route
from mwaanet.model.state import same_state

if TYPE_CHECKING:
    from mwaanet.model.inventory import Inventory


class Problem(NamedTuple):
    """One name of something that is not there."""

    message: str
    origin: Origin | None


class _Naming(NamedTuple):
    """A record, and what it names: the ids, the records that they should be among, and the call that lists those."""

    record: Record | CamelRecord
    text: str
    ids: Iterable[str]
    known: Mapping[str, Any]
    operation: str


def dangling(inventory: Inventory) -> Iterator[Problem]:
    """Everything that is named and is not there."""
    for naming in (*_of_places(inventory), *_of_routes(inventory), *_of_environments(inventory)):
        missing = [name for name in dict.fromkeys(naming.ids) if name and name not in naming.known]
        if missing and not inventory.unknown("ec2", naming.operation, *inventory.place(naming.record)):
            for name in missing:
                yield Problem(f"{naming.text} {name}, which does not exist", naming.record.origin)


def _of_places(inventory: Inventory) -> Iterator[_Naming]:
    for subnet in inventory.subnets.values():
        yield _Naming(subnet, f"{subnet.subnet_id} lies in", (subnet.vpc_id,), inventory.vpcs, "describe-vpcs")
    for interface in inventory.network_interfaces.values():
        name = interface.network_interface_id
        subnets, groups = (interface.subnet_id,), (group.group_id for group in interface.groups)
        yield _Naming(interface, f"{name} lies in", subnets, inventory.subnets, "describe-subnets")
        yield _Naming(interface, f"{name} is in", groups, inventory.security_groups, "describe-security-groups")
    for endpoint in inventory.vpc_endpoints.values():
        text = f"{endpoint.vpc_endpoint_id} has"
        tables, interfaces = inventory.route_tables, inventory.network_interfaces
        yield _Naming(endpoint, text, endpoint.route_table_ids, tables, "describe-route-tables")
        yield _Naming(endpoint, text, endpoint.network_interface_ids, interfaces, "describe-network-interfaces")


def _of_routes(inventory: Inventory) -> Iterator[_Naming]:
    kinds: Mapping[str, tuple[Mapping[str, Any], str]] = {
        "igw": (inventory.internet_gateways, "describe-internet-gateways"),
        "eigw": (inventory.egress_only_internet_gateways, "describe-egress-only-internet-gateways"),
        "nat": (inventory.nat_gateways, "describe-nat-gateways"),
        "vgw": (inventory.vpn_gateways, "describe-vpn-gateways"),
        "vpce": (inventory.vpc_endpoints, "describe-vpc-endpoints"),
        "eni": (inventory.network_interfaces, "describe-network-interfaces"),
    }
    for table in inventory.route_tables.values():
        for route in table.routes:
            target = _target(route)
            known = kinds.get(target.partition("-")[0])
            if known is not None and not same_state(route.state, "blackhole"):
                to = (
                    route.destination_cidr_block
                    or route.destination_ipv6_cidr_block
                    or route.destination_prefix_list_id
                )
                yield _Naming(table, f"{table.route_table_id} routes {to} to", (target,), *known)


def _target(route: Route) -> str:
    return (
        route.nat_gateway_id or route.network_interface_id or route.egress_only_internet_gateway_id or route.gateway_id
    )


def _of_environments(inventory: Inventory) -> Iterator[_Naming]:
    for environment in inventory.environments:
        network, text = environment.network_configuration, f"{environment.name} uses"
        yield _Naming(environment, text, network.subnet_ids, inventory.subnets, "describe-subnets")
        groups = network.security_group_ids
        yield _Naming(environment, text, groups, inventory.security_groups, "describe-security-groups")
