"""Who owns a resource: the account, and the tags by which people say whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mwaanet.model.inventory import Inventory
from mwaanet.model.record import CamelRecord, Record

_TAGS = ("owner", "team", "contact")
"""Tags that name an owner, in any case."""


class Owners:
    """Looks owners up by id."""

    def __init__(self, inventory: Inventory, account: str) -> None:
        self._inventory = inventory
        self._account = account
        self._holders: tuple[Mapping[str, Any], ...] = (
            inventory.network_interfaces,
            inventory.security_groups,
            inventory.network_acls,
            inventory.route_tables,
            inventory.vpc_endpoints,
            inventory.load_balancers,
            inventory.target_groups,
            inventory.transit_gateway_attachments,
            inventory.transit_gateway_route_tables,
            inventory.transit_gateways,
            inventory.vpn_connections,
            inventory.vpn_gateways,
            inventory.vpc_peering_connections,
            inventory.nat_gateways,
            inventory.internet_gateways,
            inventory.direct_connect_gateways,
            inventory.virtual_interfaces_by_id,
            {service.service_id: service for service in inventory.endpoint_services.values()},
        )

    def record(self, name: str) -> Record | CamelRecord | None:
        """The record of an id or ARN; None where no collection has it."""
        return next((holder[name] for holder in self._holders if name in holder), None)

    def region(self, name: str) -> str:
        """Where its calls are made; empty where that is not known."""
        record = self.record(name)
        return self._inventory.place(record)[1] if record else ""

    def of(self, name: str) -> str:
        """`account 111122223333 (Team: data)`; the site for what lies on premises."""
        site = name.partition(".")[0]
        if any(premises.name == site for premises in self._inventory.sites):
            return f"whoever runs {site}"
        record = self.record(name)
        if record is None:
            return f"account {self._account}"
        account = getattr(record, "owner_id", "") or self._inventory.place(record)[0]
        tags = getattr(record, "tags", ())
        told = [f"{tag.key}: {tag.value}" for tag in tags if tag.key.lower() in _TAGS and tag.value]
        return f"account {account}" + (f" ({', '.join(told)})" if told else "")
