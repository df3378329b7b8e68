"""What an answer of Amazon MWAA's own API means, or of whoever answers in its place.

An error is named by the header X-Amzn-ErrorType or in the body, as restJson1 has it
(https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from mwaanet.probe.api_denied import denied
from mwaanet.probe.api_exchange import Answer
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiOutcome, ApiStep
from mwaanet.probe.api_signature import not_the_signature, unknown_key


def judge(answer: Answer, asked: Asked) -> Judgement:
    """What the answer to a signed call means; OK where it is what was asked for."""
    code, message = error_of(answer)
    elsewhere = between(answer)
    if elsewhere is not None and not code:
        return elsewhere
    if answer.status < 300:
        return _answered(answer, asked)
    judgement = _by_code(answer, asked, code, message)
    shown = message.partition("\n")[0]  # what follows may be the canonical request, with the session token
    return Judgement(
        outcome=judgement.outcome,
        cause=judgement.cause,
        mend=judgement.mend,
        code=code,
        message=judgement.message or shown,
    )


def _answered(answer: Answer, asked: Asked) -> Judgement:
    """A success, unless it is not what the operation gives: then somebody else may have answered."""
    body = document(answer)
    if body is None:
        return _unexpected(answer)
    if asked.step is not ApiStep.INVOKE:
        return Judgement(outcome=ApiOutcome.OK)
    status = body.get("RestApiStatusCode")
    if not isinstance(status, int):
        return _unexpected(answer)
    if status >= 400:
        return by_airflow(status, airflow_error(body.get("RestApiResponse")))
    return Judgement(outcome=ApiOutcome.OK)


def between(answer: Answer) -> Judgement | None:
    """Whether something else answered: a redirect, a proxy's refusal or a page for people."""
    if 300 <= answer.status < 400:
        place = answer.headers.get("location", "").partition("?")[0]
        return Judgement(outcome=ApiOutcome.REDIRECTED, cause=f"It points to {place or 'nowhere'}.")
    if answer.status == 407:
        return Judgement(outcome=ApiOutcome.PROXY_REFUSED, cause="It wants its own authentication (407).")
    if answer.is_html and not _from_aws(answer):
        return Judgement(outcome=ApiOutcome.PROXY_ANSWERED, cause=_who(answer))
    return None


def error_of(answer: Answer) -> tuple[str, str]:
    """AWS's code and message; empty where there is none."""
    body = document(answer) or {}
    code = answer.headers.get("x-amzn-errortype") or body.get("__type") or body.get("code") or body.get("Code") or ""
    message = body.get("message") or body.get("Message") or ""
    return str(code).partition(":")[0].rpartition("#")[2], message if isinstance(message, str) else ""


def document(answer: Answer) -> Mapping[str, Any] | None:
    """The JSON object that is the body; None where it is none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def airflow_error(body: object) -> str:
    """What Airflow says of an error: `detail` in both its APIs, with a `title` in the older one."""
    if not isinstance(body, dict):
        return ""
    said = [body.get("title"), body.get("detail")]
    return ": ".join(text if isinstance(text, str) else json.dumps(text) for text in said if text)


def by_airflow(status: int, words: str) -> Judgement:
    """An error that Airflow itself gave."""
    outcome = ApiOutcome.AIRFLOW_REFUSED if status < 500 else ApiOutcome.AIRFLOW_ERROR
    return Judgement(outcome=outcome, cause=f"Airflow's status is {status}.", message=words)


def _by_code(answer: Answer, asked: Asked, code: str, message: str) -> Judgement:
    explain = _CODES.get(code.removesuffix("Exception"))
    if explain is not None:
        return explain(answer, asked, message)
    if code and answer.status >= 500:
        return Judgement(outcome=ApiOutcome.SERVICE_ERROR)
    if code:
        return Judgement(outcome=ApiOutcome.INVALID)
    return _unexpected(answer)


def _unexpected(answer: Answer) -> Judgement:
    """No answer of AWS's: with signs of a proxy it is one, otherwise unknown."""
    if _from_aws(answer) and answer.status >= 500:
        return Judgement(outcome=ApiOutcome.SERVICE_ERROR)
    if _from_aws(answer) or not any(answer.headers.get(name) for name in ("via", "proxy-connection", "x-cache")):
        return Judgement(outcome=ApiOutcome.UNEXPECTED, cause=f"Its status is {answer.status}. {_who(answer)}".strip())
    return Judgement(outcome=ApiOutcome.PROXY_ANSWERED, cause=_who(answer))


def _from_aws(answer: Answer) -> bool:
    return "x-amzn-requestid" in answer.headers or "x-amzn-errortype" in answer.headers


def _who(answer: Answer) -> str:
    told = [f"{name}: {answer.headers[name]}" for name in ("server", "via") if answer.headers.get(name)]
    return f"It calls itself {', '.join(told)}." if told else ""


def _inner(answer: Answer, _asked: Asked, _message: str) -> Judgement:
    body = document(answer) or {}
    status = body.get("RestApiStatusCode")
    number = status if isinstance(status, int) else 500
    return by_airflow(number, airflow_error(body.get("RestApiResponse")))


def _not_found(_answer: Answer, asked: Asked, _message: str) -> Judgement:
    return Judgement(
        outcome=ApiOutcome.NO_SUCH_ENVIRONMENT, cause=f"It was asked for {asked.environment!r} in {asked.region}."
    )


def _plain(outcome: ApiOutcome) -> Callable[[Answer, Asked, str], Judgement]:
    return lambda _answer, _asked, _message: Judgement(outcome=outcome)


def _invalid(_answer: Answer, _asked: Asked, message: str) -> Judgement:
    old = "update your environment" in message.lower()
    return Judgement(outcome=ApiOutcome.UPDATE_ENVIRONMENT if old else ApiOutcome.INVALID)


_CODES: Final[Mapping[str, Callable[[Answer, Asked, str], Judgement]]] = {
    "SignatureDoesNotMatch": not_the_signature,
    "InvalidSignature": not_the_signature,
    "RequestExpired": not_the_signature,
    "RequestTimeTooSkewed": not_the_signature,
    "IncompleteSignature": _plain(ApiOutcome.NOT_SIGNED),
    "MissingAuthenticationToken": _plain(ApiOutcome.NOT_SIGNED),
    "ExpiredToken": _plain(ApiOutcome.EXPIRED_TOKEN),
    "UnrecognizedClient": unknown_key,
    "InvalidClientTokenId": unknown_key,
    "InvalidAccessKeyId": unknown_key,
    "InvalidToken": unknown_key,
    "AccessDenied": denied,
    "NotAuthorized": denied,
    "OptInRequired": _plain(ApiOutcome.UNKNOWN_KEY),
    "ResourceNotFound": _not_found,
    "Throttling": _plain(ApiOutcome.THROTTLED),
    "TooManyRequests": _plain(ApiOutcome.THROTTLED),
    "RestApiClient": _inner,
    "RestApiServer": _inner,
    "Validation": _invalid,
    "InternalServer": _plain(ApiOutcome.SERVICE_ERROR),
    "InternalFailure": _plain(ApiOutcome.SERVICE_ERROR),
    "ServiceUnavailable": _plain(ApiOutcome.SERVICE_ERROR),
}
"""AWS's codes, without the `Exception` that some services add."""
