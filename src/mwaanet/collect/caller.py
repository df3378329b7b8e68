"""Making one call: all its pages, as a snapshot holds them; or why AWS did not answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from mwaanet.collect.accounts import Accounts
from mwaanet.collect.ask import Answer, Ask, Refused
from mwaanet.collect.fatal import fatal_error, is_expired
from mwaanet.collect.pace import CUT_OFF, Pace, Patience, watch
from mwaanet.collect.slots import Slots
from mwaanet.snapshot.canonical import canonical
from mwaanet.snapshot.credentials import answer_without_credentials, without_credentials
from mwaanet.snapshot.operation import GLOBAL

MOST_PAGES: Final = 10_000
"""How many pages of one answer are read; what has more is taken for one that never ends."""
MOST_TEXT: Final = 1 << 20
"""The size of the largest object that is kept as text."""

_PAGING = frozenset(
    {"ResponseMetadata", "NextToken", "nextToken", "IsTruncated", "Marker", "NextMarker", "MaxItems", "MaxKeys",
     "NextRecordName", "NextRecordType", "NextRecordIdentifier", "NextContinuationToken", "ContinuationToken",
     "KeyCount", "Truncated"}
)  # fmt: skip
_DECODED = ("EncodingType", "url")
"""How Amazon S3 sent keys that boto3 had asked for so and has decoded."""
_TOKENS = ("NextToken", "nextToken")


class Caller:
    """Makes calls; used by many threads at once."""

    def __init__(
        self,
        accounts: Accounts,
        pace: Callable[[Ask], Pace],
        throttled: Callable[[], None],
        stopping: Callable[[], bool],
        slots: Slots,
    ) -> None:
        self._accounts = accounts
        self._pace = pace
        self._throttled = throttled
        self._stopping = stopping
        self._slots = slots

    def answer(self, ask: Ask, region: str) -> Answer:
        """The answer; CollectError where no further call can succeed. `region` is where a global service is asked."""
        client = None
        for last in (False, True):
            try:
                client = self._client(ask, region)
                return dict(canonical(answer_without_credentials(_response(client, ask))))
            except ClientError as error:
                if is_expired(error) and not last:
                    self._accounts.renew(ask.place.account, client)
                    continue
                if fatal := fatal_error(error):
                    raise fatal from error
                said = error.response["Error"]
                return Refused(said.get("Code", ""), without_credentials(said.get("Message") or ""))
            except BotoCoreError as error:
                if fatal := fatal_error(error):
                    raise fatal from error
                return Refused(type(error).__name__, without_credentials(str(error)))
            except ResponseParserError as error:
                return Refused("UnreadableAnswer", str(error).partition("\n")[0])
        raise AssertionError("the second attempt returns or raises")

    def _client(self, ask: Ask, region: str) -> Any:
        account, place = ask.place

        def prepare(client: Any) -> None:
            watch(client, Patience(self._pace(ask), self._throttled, self._stopping))
            self._slots.watch(client)

        return self._accounts.client(account, region if place == GLOBAL else place, ask.service, prepare)


def _response(client: Any, ask: Ask) -> dict[str, Any]:
    if (ask.service, ask.operation) == ("s3", "get-object"):
        return _text(client, ask.parameters)
    merged: dict[str, Any] = {}
    for number, page in enumerate(_pages(client, ask)):
        if number == MOST_PAGES:
            raise _EndlessError
        if page.get("Error", {}).get("Code") == CUT_OFF:
            raise _CutOffError
        for key, value in page.items():
            if key in _PAGING or (key, value) == _DECODED:
                continue
            merged[key] = [*merged.get(key, ()), *value] if isinstance(value, list) else value
    return merged


def _pages(client: Any, ask: Ask) -> Iterator[dict[str, Any]]:
    method = ask.operation.replace("-", "_")
    if client.can_paginate(method):
        yield from client.get_paginator(method).paginate(**ask.parameters)
        return
    call: Callable[..., dict[str, Any]] = getattr(client, method)
    page = call(**ask.parameters)
    yield page
    while token := next(((name, page[name]) for name in _TOKENS if page.get(name)), None):
        page = call(**ask.parameters, **dict((token,)))
        yield page


def _text(client: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The text of an object; what is cut off while it is read is read again."""
    for last in (False, False, True):
        try:
            body = _read(client.get_object(**parameters)["Body"])
            break
        except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError):
            if last:
                raise
    if len(body) > MOST_TEXT:
        raise _NotTextError(problem=f"holds more than {MOST_TEXT:,} bytes")
    try:
        return {"Body": without_credentials(body.decode("utf-8"))}
    except UnicodeDecodeError as error:
        raise _NotTextError(problem="is not UTF-8") from error


def _read(stream: Any) -> bytes:
    """The body, a little of it where it is too large; botocore tells what was cut off at the empty read only."""
    body = b""
    while len(body) <= MOST_TEXT and (part := stream.read(MOST_TEXT + 1 - len(body))):
        body += part
    return body


class _CutOffError(BotoCoreError):
    fmt = "the connection ended in the middle of the answer"


class _EndlessError(BotoCoreError):
    fmt = "the answer has more pages than are read"


class _NotTextError(BotoCoreError):
    fmt = "the object {problem}"
