"""How fast a service of one account and Region is asked, and when a call is made again.

What is throttled is waited for with a delay that doubles, with jitter
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html), and from then on fewer calls are made at
once: half as many after each refusal, a little more after each success. Other services and Regions are not slowed down.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import ConnectionError, HTTPClientError

MOST_THROTTLED: Final = 12
"""How often a call is made again that was throttled."""
MOST_TRANSIENT: Final = 4
"""How often a call is made again that failed for another passing reason."""
FIRST_DELAY: Final = 0.2
LONGEST_DELAY: Final = 20.0

_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
CUT_OFF: Final = "503"
"""The code of an answer of which not all came."""
_TRANSIENT = frozenset(
    {
        CUT_OFF,
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "RequestTimeout",
        "ServiceUnavailable",
        "Unavailable",
    }
)
_BROKEN = (ConnectionError, HTTPClientError)


class Pace:
    """How many calls to one service, account and Region may be in flight."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._window = float(most)
        self._lock = threading.Lock()
        self.in_flight = 0

    @property
    def has_room(self) -> bool:
        """Whether another call may be made now."""
        return self.in_flight < max(1, int(self._window))

    def slower(self) -> None:
        """A call was throttled."""
        with self._lock:
            self._window = max(1.0, self._window / 2)

    def faster(self) -> None:
        """A call was answered."""
        with self._lock:
            self._window = min(float(self._most), self._window + 1 / self._window)


class Patience:
    """Botocore's handler of `needs-retry`: how long to wait before a call is made again, None to give up."""

    def __init__(
        self, pace: Pace, throttled: Callable[[], None] = lambda: None, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._pace = pace
        self._throttled = throttled
        self._stopping = stopping

    def __call__(
        self,
        response: Any = None,
        attempts: int = 1,
        caught_exception: Exception | None = None,
        request_dict: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> float | None:
        if self._stopping():
            return None
        code, status = _code(response)
        # What answers a HEAD request has no body to tell S3's SlowDown, a 503, from any other.
        wordless = status == 503 and (request_dict or {}).get("method") == "HEAD"
        if code in _THROTTLED or status == 429 or wordless:
            self._pace.slower()
            self._throttled()
            return _delay(attempts) if attempts <= MOST_THROTTLED else None
        passing = isinstance(caught_exception, _BROKEN) or status in (500, 502, 503, 504) or code in _TRANSIENT
        return _delay(attempts) if passing and attempts <= MOST_TRANSIENT else None


def watch(client: Any, patience: Patience) -> None:
    """Have a client wait as that says, and take no answer of which not all came (botocore would: half of it, or none).

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html
    """
    client.meta.events.register("needs-retry", patience)
    client.meta.events.register("before-parse", _check_whole)


def _check_whole(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    headers, body = response_dict["headers"], response_dict["body"]
    length = str(headers.get("content-length", ""))
    if operation_model.http.get("method") == "HEAD" or not isinstance(body, bytes) or headers.get("content-encoding"):
        return
    cut_off = length.isdigit() and int(length) != len(body)
    page_of_a_server = response_dict["status_code"] >= 500 and body.lstrip()[:9].lower() == b"<!doctype"
    if cut_off or page_of_a_server:
        response_dict.update(status_code=int(CUT_OFF), body=b"")


def _code(response: Any) -> tuple[str, int]:
    if response is None:
        return "", 0
    http, parsed = response
    return str(parsed.get("Error", {}).get("Code", "")), http.status_code


def _delay(attempts: int) -> float:
    longest: float = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
    return random.uniform(longest / 2, longest)
