"""How patient a collection is with what passes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mwaanet.collect.pace import MOST_THROTTLED, MOST_TRANSIENT, Pace, Patience

SLOW_DOWN = (SimpleNamespace(status_code=503), {"Error": {"Code": "503"}})


@pytest.mark.parametrize(("method", "most"), [("HEAD", MOST_THROTTLED), ("GET", MOST_TRANSIENT)])
def test_a_503_to_a_head_request_may_be_s3_s_slow_down(method: str, most: int) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: SlowDown is a 503; a HEAD has no body."""
    patience = Patience(Pace(16))

    def delay(attempts: int) -> Any:
        return patience(response=SLOW_DOWN, attempts=attempts, request_dict={"method": method})

    assert delay(most) is not None
    assert delay(most + 1) is None
