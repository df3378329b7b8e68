"""Calling an environment's Airflow API as an application does, and telling what became of every step.

By InvokeRestApi, or by a login token and the web server itself:
https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlsplit

import boto3

from mwaanet.probe.api_answer import between, judge
from mwaanet.probe.api_credentials import Credentials, NoCredentialsError, credentials_of
from mwaanet.probe.api_exchange import Answer, Call, Settings, Tried, exchange
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiObservation, ApiOutcome, ApiStep
from mwaanet.probe.api_record import record
from mwaanet.probe.api_signature import ALLOWED_SKEW
from mwaanet.probe.observation import now
from mwaanet.probe.secrets import Secrets
from mwaanet.status import Status

SAFE_METHODS = ("GET", "HEAD")
"""The methods that change nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """What is asked of Airflow, and by which way; `path` as in its API's reference, without `/api/v1`."""

    environment: str
    region: str
    endpoint: str
    """The URL of the endpoint for `env` operations."""
    management: str = ""
    """The URL of the endpoint for `api` operations; empty: not known, and not asked."""
    method: str = "GET"
    path: str = "/dags"
    body: str = ""

    @property
    def safe(self) -> bool:
        """Whether it changes nothing."""
        return self.method in SAFE_METHODS


@dataclass(slots=True, kw_only=True)
class Caller:
    """Who calls, how, and what has been learnt on the way."""

    session: boto3.Session
    settings: Settings
    secrets: Secrets = field(default_factory=Secrets)
    credentials: Credentials | None = None
    clock_skew: float | None = None

    def asked(self, step: ApiStep, request: ApiRequest, url: str) -> Asked:
        """One signed call as its answer will be judged."""
        credentials = self.credentials
        return Asked(
            step=step,
            environment=request.environment,
            region=request.region,
            url=url,
            clock_skew=self.clock_skew,
            temporary=bool(credentials and credentials.access_key.startswith("ASIA")),
            session_token=bool(credentials and credentials.token),
        )

    def signed(self, call: Call, region: str) -> Tried:
        """Send a call with a signature."""
        assert self.credentials is not None
        return exchange(replace(call, auth=self.credentials.sign(region)), self.settings)


def prepare(caller: Caller, request: ApiRequest) -> Iterator[ApiObservation]:
    """Compare the clocks, which also tells whether the endpoint is reached, and then fetch credentials."""
    clock = clock_of(caller, request)
    yield clock
    if clock.status in (Status.PASS, Status.WARN):
        missing = _credentials(caller, request)
        if missing is not None:
            yield missing


def clock_of(caller: Caller, request: ApiRequest) -> ApiObservation:
    """An unsigned request to the endpoint: AWS refuses it, and tells the time."""
    asked = caller.asked(ApiStep.CLOCK, request, request.endpoint)
    began = now()
    tried = exchange(Call(method="GET", url=request.endpoint), caller.settings)
    answer = tried.result
    if not isinstance(answer, Answer):
        return record(asked, tried, Judgement(outcome=answer.outcome), caller.secrets, began)
    elsewhere = between(answer)
    if elsewhere is not None:
        return record(asked, tried, elsewhere, caller.secrets, began)
    caller.clock_skew = answer.clock_skew
    skew = caller.clock_skew
    if skew is None:
        return record(asked, tried, Judgement(outcome=ApiOutcome.CLOCK_UNKNOWN), caller.secrets, began)
    if abs(skew) > ALLOWED_SKEW:
        cause = f"It is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}."
        return record(asked, tried, Judgement(outcome=ApiOutcome.CLOCK_OFF, cause=cause), caller.secrets, began)
    cause = "The endpoint is reached, and this host's clock is right enough to sign."
    return record(asked, tried, Judgement(outcome=ApiOutcome.OK, cause=cause), caller.secrets, began)


def _credentials(caller: Caller, request: ApiRequest) -> ApiObservation | None:
    """Fetch credentials; an observation only where there are none."""
    began = now()
    try:
        found = credentials_of(caller.session)
    except NoCredentialsError as error:
        asked = caller.asked(ApiStep.CREDENTIALS, request, "")
        judgement = Judgement(outcome=ApiOutcome.NO_CREDENTIALS, message=str(error))
        return record(asked, None, judgement, caller.secrets, began)
    caller.credentials = found
    caller.secrets.add(found.access_key, found.secret_key, found.token)
    return None


def invoke(caller: Caller, request: ApiRequest) -> ApiObservation:
    """InvokeRestApi (https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html)."""
    url = f"{request.endpoint}/restapi/{request.environment}"
    asked = caller.asked(ApiStep.INVOKE, request, url)
    began = now()
    call = Call(
        method="POST",
        url=url,
        headers={"Content-Type": "application/json"},
        body=_invocation(request).encode(),
        safe=request.safe,
    )
    tried = caller.signed(call, request.region)
    judgement = judged(tried, asked)
    what = f"{ApiStep.INVOKE.value} {request.environment} {request.method} {urlsplit(request.path).path}"
    return record(asked, tried, judgement, caller.secrets, began, target=what)


def judged(tried: Tried, asked: Asked) -> Judgement:
    """What a signed call's result means."""
    result = tried.result
    return judge(result, asked) if isinstance(result, Answer) else Judgement(outcome=result.outcome)


def _invocation(request: ApiRequest) -> str:
    path = urlsplit(request.path)
    document: dict[str, object] = {"Path": path.path, "Method": request.method}
    if path.query:
        document["QueryParameters"] = dict(parse_qsl(path.query, keep_blank_values=True))
    if request.body:
        document["Body"] = json.loads(request.body)
    return json.dumps(document)
