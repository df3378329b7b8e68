"""The whole of `mwaanet probe api`: the clock, credentials, and then one of the two ways to Airflow."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final
from urllib.parse import quote

import msgspec

from mwaanet.probe.api_answer import document
from mwaanet.probe.api_exchange import Answer, Call
from mwaanet.probe.api_observation import ApiObservation, ApiOutcome
from mwaanet.probe.api_probe import ApiRequest, Caller, invoke, prepare
from mwaanet.probe.api_web_server import call_web_server

_MOST_PAGES: Final = 8
_SHOWN: Final = 3


def probe_api(
    caller: Caller, request: ApiRequest, *, by_web_server: bool = False, version: str = "", web_server: str = ""
) -> Iterator[ApiObservation]:
    """Every step that was taken, as it is taken; it ends where a step fails."""
    yield from prepare(caller, request)
    if caller.credentials is None:
        return
    for step in (
        call_web_server(caller, request, version=version, web_server=web_server)
        if by_web_server
        else (invoke(caller, request),)
    ):
        missing = step.outcome is ApiOutcome.NO_SUCH_ENVIRONMENT and request.management
        yield _with_nearest(step, environment_names(caller, request), request) if missing else step


def environment_names(caller: Caller, request: ApiRequest) -> tuple[str, ...]:
    """The names of the Region's environments, as far as ListEnvironments may be called.

    https://docs.aws.amazon.com/mwaa/latest/API/API_ListEnvironments.html
    """
    found: list[str] = []
    token = ""
    for _ in range(_MOST_PAGES):
        url = f"{request.management}/environments" + (f"?NextToken={quote(token, safe='')}" if token else "")
        result = caller.signed(Call(method="GET", url=url), request.region).result
        page = document(result) if isinstance(result, Answer) and result.status == 200 else None
        if not page or not isinstance(page.get("Environments"), list):
            break
        found.extend(name for name in page["Environments"] if isinstance(name, str))
        token = str(page.get("NextToken") or "")
        if not token:
            break
    return tuple(found)


def _with_nearest(step: ApiObservation, names: tuple[str, ...], request: ApiRequest) -> ApiObservation:
    if not names:
        return step
    lower = {name.lower(): name for name in names}
    close = get_close_matches(request.environment.lower(), lower, n=_SHOWN, cutoff=0.6)
    known = ", ".join(lower[name] for name in close) if close else ""
    hint = f"did you mean {known}?" if known else f"{request.region} has {', '.join(names[:_SHOWN])}"
    return msgspec.structs.replace(step, mend=f"{step.mend}; {hint}")
