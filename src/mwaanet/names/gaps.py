"""Which accounts and Regions of the snapshot lack a call."""

from __future__ import annotations

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown


def unread(inventory: Inventory, service: str, operation: str) -> tuple[Unknown, ...]:
    """Why records of an operation may be missing, for each account and Region that the snapshot is of."""
    accounts = inventory.snapshot.manifest.accounts
    places = [(account, region) for account, regions in accounts.items() for region in regions if region != "global"]
    found = (inventory.unknown(service, operation, *place) for place in places)
    return tuple(unknown for unknown in found if unknown is not None)


def because(reason: str, *gaps: Unknown | None) -> Unknown:
    """One unknown that needs all that the gaps need."""
    return Unknown(reason=reason, needs=tuple(dict.fromkeys(ref for gap in gaps if gap for ref in gap.needs)))


def owned_elsewhere(inventory: Inventory, operation: str, reason: str) -> Unknown:
    """Why a thing that some account must have is not in the snapshot: a list was not read, or its owner is missing."""
    gaps = unread(inventory, "ec2", operation)
    return because(reason, *gaps) if gaps else Unknown(reason=reason, needs=(inventory.owner_call(operation),))
