"""Which accounts and Regions of the snapshot lack a call."""

from __future__ import annotations

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown


def unread(inventory: Inventory, service: str, operation: str) -> tuple[Unknown, ...]:
    """Why records of an operation may be missing, for each account and Region that the snapshot is of."""
    places = [(account, region) for account, regions in inventory.snapshot.manifest.accounts.items() for region in regions]
    found = (inventory.unknown(service, operation, *place) for place in places)
    return tuple(unknown for unknown in found if unknown is not None)


def because(reason: str, *gaps: Unknown) -> Unknown:
    """One unknown that needs all that the gaps need."""
    return Unknown(reason=reason, needs=tuple(dict.fromkeys(ref for gap in gaps for ref in gap.needs)))
