"""One call: all its pages, however many a server claims to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from collect.aws_server import Behaviour, running
from collect.collecting import collected
from mwaanet import demo
from mwaanet.collect import caller
from mwaanet.collect.accounts import Logins

HEALTHY = demo.files(demo.HEALTHY)


def test_an_answer_that_never_ends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "MOST_PAGES", 25)
    with running(HEALTHY, Behaviour(page=1)) as server:
        done = collected(server, monkeypatch, tmp_path / "out", logins=Logins())
    assert [(refusal.ask.operation, refusal.code) for refusal in done.refusals] == [
        ("describe-network-interfaces", "_EndlessError")
    ]
