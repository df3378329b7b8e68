"""Environments that exist by name, and about which the snapshot tells nothing else.

`ListEnvironments` gives names only (https://docs.aws.amazon.com/mwaa/latest/API/API_ListEnvironments.html); whether
`GetEnvironment` was refused or never asked, everything about such an environment is unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mwaanet.model.arn import partition_of
from mwaanet.model.collections import Collections
from mwaanet.model.environment import ListEnvironments
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import OPERATIONS, UNKNOWN_ACCOUNT, CallRef, says_absent

SERVICE, GET, LIST = "mwaa", "get-environment", "list-environments"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadEnvironment:
    """An environment of which only the name is known, and the account and Region that were asked about it."""

    name: str
    account: str
    region: str
    unknown: Unknown

    @property
    def arn(self) -> str:
        """Its ARN; empty where the account is not known."""
        if self.account == UNKNOWN_ACCOUNT:
            return ""
        return f"arn:{partition_of(self.region)}:airflow:{self.region}:{self.account}:environment/{self.name}"


def unread_environments(inventory: Collections) -> tuple[UnreadEnvironment, ...]:
    """The environments that were refused, and those that are listed and were never asked about, by name."""
    found = {(one.account, one.region, one.name): one for one in (*_listed(inventory), *_refused(inventory))}
    for environment in inventory.environments:
        found.pop((*inventory.place(environment), environment.name), None)
    for ref, call in inventory.calls_about(SERVICE, GET):
        if call.error is not None and says_absent(call.error.code):
            found.pop((ref.account, ref.region, str(call.parameters.get("Name", ""))), None)
    return tuple(found[key] for key in sorted(found))


def unlisted_environment(inventory: Collections, name: str) -> UnreadEnvironment | None:
    """The environment of a name in a snapshot whose account could not list its environments; None where it could."""
    account, region = inventory.home
    listing = inventory.unknown(SERVICE, LIST, account, region)
    if listing is None or CallRef(account, region, SERVICE, LIST) not in inventory.refused:
        return None
    needs = (*listing.needs, CallRef(account, region, SERVICE, GET))
    unknown = Unknown(reason=f"{listing.reason}, and {_takes_the_call(_not_read(name))}", needs=needs)
    return UnreadEnvironment(name=name, account=account, region=region, unknown=unknown)


def _listed(inventory: Collections) -> Iterator[UnreadEnvironment]:
    for ref, answer in inventory.wholes(SERVICE, LIST, ListEnvironments):
        for name in answer.environments:
            yield _unread(ref, name, _not_read(name))


def _refused(inventory: Collections) -> Iterator[UnreadEnvironment]:
    for ref, call in inventory.calls_about(SERVICE, GET):
        name = call.parameters.get("Name")
        if call.error is not None and isinstance(name, str):
            yield _unread(ref, name, f"{GET} for {name} was refused ({call.error.code})")


def _unread(ref: CallRef, name: str, reason: str) -> UnreadEnvironment:
    needed = CallRef(ref.account, ref.region, SERVICE, GET)
    unknown = Unknown(reason=_takes_the_call(reason), needs=(needed,))
    return UnreadEnvironment(name=name, account=ref.account, region=ref.region, unknown=unknown)


def _takes_the_call(reason: str) -> str:
    return f"{reason}; reading it takes {OPERATIONS[SERVICE, GET].action}"


def _not_read(name: str) -> str:
    return f"{GET} for {name} is not in the snapshot"
