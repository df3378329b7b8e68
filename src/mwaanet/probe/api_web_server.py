"""Calling Airflow at its web server: a token by a signed call, a login with it, and then Airflow's own API.

"Creating a webserver session token and calling the Apache Airflow REST API"
(https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html#create-web-server-session-token):
Airflow 2 logs in at /aws_mwaa/login, gives a session cookie and has /api/v1; Airflow 3 logs in at
/pluginsv2/aws_mwaa/login, gives a token and has /api/v2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from mwaanet.probe.api_answer import airflow_error, between, by_airflow, document
from mwaanet.probe.api_exchange import Answer, Call, exchange
from mwaanet.probe.api_judgement import Judgement
from mwaanet.probe.api_observation import ApiObservation, ApiOutcome, ApiStep
from mwaanet.probe.api_probe import ApiRequest, Caller, judged
from mwaanet.probe.api_record import record
from mwaanet.probe.observation import now
from mwaanet.status import Status


@dataclass(frozen=True, slots=True)
class Login:
    """How one major version of Airflow lets clients in, and where its API is."""

    major: int
    page: str
    cookie: str
    api: str


LOGINS: Final = (
    Login(3, "/pluginsv2/aws_mwaa/login", "_token", "/api/v2"),
    Login(2, "/aws_mwaa/login", "session", "/api/v1"),
)
"""The versions, in the order in which they are tried."""


class _Token(NamedTuple):
    observation: ApiObservation
    host: str = ""
    token: str = ""


class _Session(NamedTuple):
    observation: ApiObservation
    secret: str = ""


def call_web_server(
    caller: Caller, request: ApiRequest, *, version: str = "", web_server: str = ""
) -> Iterator[ApiObservation]:
    """Log in and call; `web_server` is another host (and port) to call than the one that AWS names."""
    logins: tuple[Login, ...] = LOGINS
    if not version:
        asked_version = _version(caller, request)
        if asked_version is not None:
            yield asked_version
            version = asked_version.airflow_version
    if version:
        logins = tuple(login for login in LOGINS if login.major == major_of(version)) or LOGINS
    for login in logins:
        token = _token(caller, request)
        yield token.observation
        if not token.token:
            return
        host = web_server or token.host
        session = _login(caller, request, login, host, token.token)
        missing = session.observation.outcome is ApiOutcome.OTHER_VERSION
        if missing and login is not logins[-1]:
            why = "The environment runs another major version of Airflow, which is tried next."
            yield msgspec.structs.replace(session.observation, status=Status.SKIP, meaning=why, mend="")
            continue
        yield session.observation
        if session.secret:
            yield _call(caller, request, login, host, session.secret)
        return


def major_of(version: str) -> int:
    """The major version of Airflow; 0 where it cannot be read."""
    found = re.match(r"\d+", version)
    return int(found[0]) if found else 0


def _version(caller: Caller, request: ApiRequest) -> ApiObservation | None:
    """The version by GetEnvironment, which a client need not be allowed: then it is skipped."""
    return environment_version(caller, request) if request.management else None


def environment_version(caller: Caller, request: ApiRequest) -> ApiObservation:
    """GetEnvironment (https://docs.aws.amazon.com/mwaa/latest/API/API_GetEnvironment.html)."""
    url = f"{request.management}/environments/{request.environment}"
    asked = caller.asked(ApiStep.VERSION, request, url)
    began = now()
    tried = caller.signed(Call(method="GET", url=url), request.region)
    judgement = judged(tried, asked)
    found = _member(tried.result, "Environment") if judgement.outcome is ApiOutcome.OK else None
    version = str(found.get("AirflowVersion") or "") if isinstance(found, dict) else ""
    observation = record(asked, tried, judgement, caller.secrets, began, airflow_version=version)
    if version:
        return observation
    meaning = f"{observation.meaning} It would only tell the version: both logins are tried."
    return msgspec.structs.replace(observation, status=Status.SKIP, meaning=meaning, mend="")


def _token(caller: Caller, request: ApiRequest) -> _Token:
    """CreateWebLoginToken (https://docs.aws.amazon.com/mwaa/latest/API/API_CreateWebLoginToken.html)."""
    url = f"{request.endpoint}/webtoken/{request.environment}"
    asked = caller.asked(ApiStep.TOKEN, request, url)
    began = now()
    tried = caller.signed(Call(method="POST", url=url), request.region)
    judgement = judged(tried, asked)
    token, host = (str(_member(tried.result, name) or "") for name in ("WebToken", "WebServerHostname"))
    caller.secrets.add(token)
    if judgement.outcome is ApiOutcome.OK and not (token and host):
        judgement = Judgement(outcome=ApiOutcome.UNEXPECTED, cause="It holds no token or no web server.")
    identity = str(_member(tried.result, "IamIdentity") or "")
    observation = record(asked, tried, judgement, caller.secrets, began, identity=identity)
    return _Token(observation, host, token) if judgement.outcome is ApiOutcome.OK else _Token(observation)


def _member(result: object, name: str) -> Any:
    found = document(result) if isinstance(result, Answer) else None
    return found.get(name) if found else None


def _login(caller: Caller, request: ApiRequest, login: Login, host: str, token: str) -> _Session:
    asked = caller.asked(ApiStep.LOGIN, request, f"https://{host}{login.page}")
    began = now()
    tried = exchange(Call(method="POST", url=asked.url, form={"token": token}, safe=False), caller.settings)
    result = tried.result
    secret = result.cookies.get(login.cookie, "") if isinstance(result, Answer) else ""
    if isinstance(result, Answer):
        caller.secrets.add(*result.cookies.values())
        judgement = _logged_in(result, secret)
    else:
        judgement = Judgement(outcome=result.outcome)
    what = f"login {host} (Airflow {login.major})"
    version = str(login.major) if secret else ""
    observation = record(asked, tried, judgement, caller.secrets, began, target=what, airflow_version=version)
    return _Session(observation, secret if judgement.outcome is ApiOutcome.OK else "")


def _logged_in(answer: Answer, secret: str) -> Judgement:
    if secret and answer.status < 400:
        return Judgement(outcome=ApiOutcome.OK)
    if answer.status in (404, 405):
        return Judgement(outcome=ApiOutcome.OTHER_VERSION)
    elsewhere = between(answer)
    if elsewhere is not None and elsewhere.outcome is not ApiOutcome.PROXY_ANSWERED:
        return elsewhere
    if answer.status >= 500:
        return Judgement(outcome=ApiOutcome.AIRFLOW_ERROR, cause=f"Its status is {answer.status}.")
    if elsewhere is not None and answer.status >= 400:
        return elsewhere
    return Judgement(outcome=ApiOutcome.LOGIN_REFUSED, cause=f"Its status is {answer.status}.")


def _call(caller: Caller, request: ApiRequest, login: Login, host: str, secret: str) -> ApiObservation:
    path = urlsplit(request.path)
    query = f"?{path.query}" if path.query else ""
    url = f"https://{host}{login.api}{quote(path.path, safe='/%:~')}{query}"
    asked = caller.asked(ApiStep.CALL, request, url)
    began = now()
    call = Call(
        method=request.method,
        url=url,
        headers=_session_headers(login, secret) | ({"Content-Type": "application/json"} if request.body else {}),
        body=request.body.encode() or None,
        safe=request.safe,
    )
    tried = exchange(call, caller.settings)
    result = tried.result
    judgement = _called(result, request) if isinstance(result, Answer) else Judgement(outcome=result.outcome)
    what = f"{request.method} {host}{login.api}{path.path}"
    return record(asked, tried, judgement, caller.secrets, began, target=what)


def _session_headers(login: Login, secret: str) -> dict[str, str]:
    if login.major >= 3:
        return {"Authorization": f"Bearer {secret}"}
    return {"Cookie": f"{login.cookie}={secret}"}


def _called(answer: Answer, request: ApiRequest) -> Judgement:
    elsewhere = between(answer)
    if elsewhere is not None:
        return elsewhere
    if answer.status >= 400:
        return by_airflow(answer.status, airflow_error(document(answer)))
    if request.method == "HEAD" or answer.status == 204 or document(answer) is not None:
        return Judgement(outcome=ApiOutcome.OK)
    return Judgement(outcome=ApiOutcome.UNEXPECTED, cause=f"Its status is {answer.status}, and it is no JSON object.")
