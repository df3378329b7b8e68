"""Times as answers hold them: the same text wherever the collecting host is."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from mwaanet.collect.accounts import iso_time


@pytest.fixture(params=["UTC", "Asia/Tokyo"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize(
    "sent",
    [
        "2025-03-03T09:00:00Z",
        "2025-03-03T09:00:00.000Z",
        "2025-03-03T10:00:00+01:00",
        "2025-03-03T09:00:00",
        "Mon, 03 Mar 2025 09:00:00 GMT",
        1740992400,
        1740992400.0,
    ],
)
def test_every_form_of_a_time_reads_the_same(sent: str | float) -> None:
    assert iso_time(sent) == "2025-03-03T09:00:00+00:00"
