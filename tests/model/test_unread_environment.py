"""Environments of which a snapshot knows the name alone.

`ListEnvironments` gives names only (https://docs.aws.amazon.com/mwaa/latest/API/API_ListEnvironments.html).
"""

from __future__ import annotations

import json
from typing import Any

from model.cases import EAST, HOME, call, calls, file_of, load
from mwaanet.model.inventory import Inventory
from mwaanet.model.unread_environment import UnreadEnvironment, unlisted_environment, unread_environments
from mwaanet.snapshot import Snapshot

LISTED = {"Environments": ["ingest"]}
DENIED, GONE = "AccessDeniedException", "ResourceNotFoundException"


def refused(code: str, name: str = "ingest") -> dict[str, Any]:
    return {"Parameters": {"Name": name}, "Error": {"Code": code, "Message": ""}}


def unread(**answers: Any) -> list[tuple[str, str]]:
    """The names, and why nothing else is known."""
    return [(one.name, one.unknown.reason) for one in unread_environments(load(**answers))]


def test_one_that_is_listed_and_was_never_asked_about() -> None:
    (one,) = unread_environments(load(mwaa__list_environments=LISTED))
    assert one.arn == f"arn:aws:airflow:{EAST}:{HOME}:environment/ingest"
    assert "get-environment for ingest is not in the snapshot" in one.unknown.reason
    assert [need.operation for need in one.unknown.needs] == ["get-environment"]


def test_one_that_was_refused_says_so_whether_it_is_listed_or_not() -> None:
    for more in ({}, {"mwaa__list_environments": LISTED}):
        ((name, reason),) = unread(mwaa__get_environment=calls(refused(DENIED)), **more)
        assert (name, f"was refused ({DENIED})" in reason) == ("ingest", True)


def test_one_that_is_gone_is_none() -> None:
    assert unread(mwaa__list_environments=LISTED, mwaa__get_environment=calls(refused(GONE))) == []


def test_they_come_by_name() -> None:
    answer = {"Environments": ["b", "a"]}
    found = unread(mwaa__list_environments=answer, mwaa__get_environment=calls(refused(DENIED, "c")))
    assert [name for name, _ in found] == ["a", "b", "c"]


def test_where_the_account_is_not_known_there_is_no_arn() -> None:
    files = {"list-environments.json": json.dumps(LISTED).encode()}
    (one,) = unread_environments(Inventory.load(Snapshot.from_files(files)))
    assert (one.name, one.arn) == ("ingest", "")


def test_one_that_was_read_is_known() -> None:
    read = {"Environment": {"Name": "ingest", "Arn": f"arn:aws:airflow:{EAST}:{HOME}:environment/ingest"}}
    assert unread(mwaa__list_environments=LISTED, mwaa__get_environment=calls(call(read, Name="ingest"))) == []


class TestWhereListingWasRefused:
    """Any name may be an environment's."""

    def ask(self, *refusals: dict[str, str]) -> UnreadEnvironment | None:
        manifest = {
            "format": 1,
            "accounts": {HOME: [EAST]},
            "home": {"account": HOME, "region": EAST},
            "errors": list(refusals),
        }
        files = {"manifest.json": json.dumps(manifest).encode(), file_of("ec2__describe_vpcs"): b'{"Vpcs": []}'}
        return unlisted_environment(Inventory.load(Snapshot.from_files(files)), "ingest")

    def test_it_is_unknown_and_both_calls_are_named(self) -> None:
        found = self.ask(
            {"account": HOME, "region": EAST, "service": "mwaa", "operation": "list-environments", "code": DENIED}
        )
        assert found is not None
        assert (found.name, found.account, found.region) == ("ingest", HOME, EAST)
        assert [need.operation for need in found.unknown.needs] == ["list-environments", "get-environment"]

    def test_where_it_was_never_asked_nothing_is_claimed(self) -> None:
        assert self.ask() is None
