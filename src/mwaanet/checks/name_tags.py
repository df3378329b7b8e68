"""Name tags by id, looked up for what a report mentions: an organisation has many more than that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mwaanet.model.inventory import Inventory
from mwaanet.model.record import name_tag


class NameTags(Mapping[str, str]):
    """The Name tag of everything that has one, by id; a security group without one goes by its group name."""

    def __init__(self, inventory: Inventory) -> None:
        self._groups = inventory.security_groups
        self._holders: tuple[Mapping[str, Any], ...] = (
            inventory.vpcs,
            inventory.subnets,
            inventory.route_tables,
            inventory.network_acls,
            inventory.security_groups,
            inventory.internet_gateways,
            inventory.nat_gateways,
            inventory.vpc_endpoints,
            inventory.vpc_peering_connections,
            inventory.transit_gateways,
            inventory.transit_gateway_attachments,
            inventory.transit_gateway_route_tables,
            inventory.vpn_gateways,
            inventory.vpn_connections,
            inventory.client_vpn_endpoints,
        )

    def __getitem__(self, name: str) -> str:
        for holder in self._holders:
            if name in holder:
                tag = name_tag(holder[name].tags)
                if not tag and name in self._groups:
                    tag = self._groups[name].group_name
                if tag:
                    return tag
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for holder in self._holders for name in holder if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
