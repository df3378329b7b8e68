"""How many calls are on the network at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from collect.aws_server import Behaviour, running
from collect.aws_wire import Fault, Request
from collect.collecting import collected
from mwaanet import demo
from mwaanet.collect import pace
from mwaanet.collect.accounts import Logins

HEALTHY = demo.files(demo.HEALTHY)


def test_no_more_calls_are_on_the_network_than_the_user_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FIRST_DELAY", 0.001)
    lock, now, seen = threading.Lock(), Counter[str](), []

    def count(request: Request) -> Fault | None:
        with lock:
            now["calls"] += 1
            seen.append(now["calls"])
        time.sleep(0.002)
        with lock:
            now["calls"] -= 1
        return Fault("InternalFailure", "try again", 500) if len(seen) % 7 == 0 else None

    with running(HEALTHY, Behaviour(fault=count)) as server:
        collected(server, monkeypatch, tmp_path / "out", concurrency=3, logins=Logins())
    assert max(seen) == 3
