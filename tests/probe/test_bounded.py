from __future__ import annotations

import threading

import pytest

from mwaanet.probe.bounded import within


def test_what_the_work_gives() -> None:
    assert within(5, lambda: 3) == 3


@pytest.mark.parametrize("error", [OSError("no"), ValueError("no"), KeyError("no"), RecursionError("no")])
def test_what_the_work_raises_is_no_time_out(error: Exception) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)):
        within(5, work)


def test_work_that_takes_longer() -> None:
    done = threading.Event()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.05 s"):
        within(0.05, lambda: done.wait(5))
    done.set()
