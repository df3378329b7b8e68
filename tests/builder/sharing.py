"""Resource shares (AWS RAM), as owner and participants list them."""

from __future__ import annotations

from builder.identity import CREATED, Record, uuid_of
from builder.store import Store

_OWNERS = ("SELF", "OTHER-ACCOUNTS")


def write_no_shares(store: Store) -> None:
    """The two questions that are asked in every account and Region."""
    for owner in _OWNERS:
        store.call("ram", "get-resource-shares", {"resourceOwner": owner}, {"resourceShares": []})


def share(owner: Store, name: str, *participants: Store) -> None:
    """Add a resource share to what the owner and each participant see."""
    shared: Record = {
        "resourceShareArn": owner.arn("ram", f"resource-share/{uuid_of('share', owner.account, owner.region, name)}"),
        "name": name,
        "owningAccountId": owner.account,
        "allowExternalPrincipals": False,
        "status": "ACTIVE",
        "creationTime": CREATED,
        "lastUpdatedTime": CREATED,
        "featureSet": "STANDARD",
    }
    others = [store for store in participants if store.account != owner.account]
    seen = [(owner, "SELF")] if others else []
    for store, whose in [*seen, *((store, "OTHER-ACCOUNTS") for store in others)]:
        for call in store.calls["ram", "get-resource-shares"]:
            shares = call["Response"]["resourceShares"]
            if call["Parameters"]["resourceOwner"] == whose and shared not in shares:
                shares.append(shared)
