"""Nothing but what the table lists is ever called, however large the estate is; the hook stands inside boto3 itself."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
import pytest
from bench.organisation import organisation
from botocore import xform_name

from collect.aws_server import Behaviour, running
from collect.collecting import HOME, REGION, collected, files_in
from mwaanet import demo
from mwaanet.collect.accounts import Logins
from mwaanet.collect.collect import Wanted, collect
from mwaanet.snapshot.operations import OPERATIONS

HEALTHY = demo.files(demo.HEALTHY)
ALLOWED = {(row.service, row.operation) for row in OPERATIONS.values()} | {("sts", "assume-role")}


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """The operations that are called in any session that the collector makes; one that is not listed fails there."""
    seen: Counter[tuple[str, str]] = Counter()

    def check(model: Any, **_: Any) -> None:
        name = (model.service_model.service_name, xform_name(model.name, "-"))
        assert name in ALLOWED, f"{name} is not in the table of operations"
        seen[name] += 1

    class Hooked(boto3.Session):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.events.register("before-call", check)

    monkeypatch.setattr(boto3, "Session", Hooked)
    return seen


@pytest.mark.parametrize("everything", [False, True])
def test_nothing_but_the_table_is_called(
    everything: bool, called: Counter[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(HEALTHY) as server:
        done = collected(server, monkeypatch, tmp_path / "out", everything=everything)
    assert set(called) <= ALLOWED
    assert sum(called.values()) >= done.counts.done
    assert {row.service for row in OPERATIONS.values()} == {service for service, _ in called}


def test_a_call_outside_the_table_fails_at_the_hook(called: Counter[tuple[str, str]]) -> None:
    session: Any = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b")
    with pytest.raises(AssertionError, match="delete-vpc"):
        session.client("ec2", REGION).delete_vpc(VpcId="vpc-1")


@pytest.mark.slow
def test_five_thousand_resources_of_many_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's account leads to the hub, the hub to all accounts that are attached to its gateway."""
    files = dict(organisation(60))
    known = json.loads(files["manifest.json"])["accounts"]
    roles = [f"arn:aws:iam::{account}:role/reader" for account in known if account != HOME]
    with running(files, Behaviour(page=100)) as server:
        for name, value in server.variables(HOME, REGION).items():
            monkeypatch.setenv(name, value)
        done = collect(Wanted(out=tmp_path / "out", logins=Logins(roles=roles)), lambda counts: None)
    assert done.counts.resources > 5000
    assert json.loads(files_in(tmp_path / "out")["manifest.json"])["accounts"] == known
    assert done.refusals == []
