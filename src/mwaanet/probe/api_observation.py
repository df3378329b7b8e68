"""What became of one step of calling an environment's Airflow API, and what each outcome means.

The steps are those of "Using the Apache Airflow REST API"
(https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from mwaanet.probe.observation import Fact, Observation


class ApiStep(StrEnum):
    """One step of a call, in the order in which they are taken."""

    CLOCK = "clock"
    CREDENTIALS = "credentials"
    INVOKE = "InvokeRestApi"
    VERSION = "GetEnvironment"
    TOKEN = "CreateWebLoginToken"
    LOGIN = "login"
    CALL = "airflow-api"


class ApiOutcome(StrEnum):
    """How a step ended."""

    OK = "ok"
    CLOCK_OFF = "clock-off"
    CLOCK_WRONG = "clock-wrong"
    CLOCK_UNKNOWN = "clock-unknown"
    NO_CREDENTIALS = "no-credentials"

    NO_SUCH_NAME = "no-such-name"
    RESOLVER_SILENT = "resolver-silent"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    NO_ANSWER = "no-answer"
    CUT = "cut"
    WRONG_NAME = "wrong-name"
    EXPIRED_CERTIFICATE = "expired-certificate"
    UNTRUSTED_CERTIFICATE = "untrusted-certificate"
    TLS_FAILED = "tls-failed"
    PROXY_REFUSED = "proxy-refused"
    PROXY_ANSWERED = "proxy-answered"
    REDIRECTED = "redirected"
    FAILED = "failed"

    WRONG_REGION = "wrong-region"
    WRONG_SERVICE = "wrong-service"
    WRONG_HOST = "wrong-host"
    SIGNATURE = "signature-does-not-match"
    NOT_SIGNED = "not-signed"
    EXPIRED_TOKEN = "expired-token"
    UNKNOWN_KEY = "unknown-key"
    ACCESS_DENIED = "access-denied"
    ENDPOINT_POLICY = "endpoint-policy"
    NO_AIRFLOW_ROLE = "no-airflow-role"
    NO_SUCH_ENVIRONMENT = "no-such-environment"
    UPDATE_ENVIRONMENT = "update-environment"
    INVALID = "invalid-request"
    THROTTLED = "throttled"
    SERVICE_ERROR = "service-error"
    UNEXPECTED = "unexpected-answer"

    OTHER_VERSION = "other-version"
    LOGIN_REFUSED = "login-refused"
    AIRFLOW_REFUSED = "airflow-refused"
    AIRFLOW_ERROR = "airflow-error"


class ApiObservation(Observation, frozen=True, kw_only=True, tag="api"):
    """One step that was taken towards an environment's Airflow API."""

    outcome: ApiOutcome
    step: ApiStep
    host: str = ""
    """The host that was called, which is the one that was signed."""
    mend: str = ""
    """What to do about it."""
    http_status: int | None = None
    aws_code: str = ""
    """AWS's own code of the error."""
    message: str = ""
    """The other side's own words."""
    request_id: str = ""
    clock_skew: float | None = None
    """Seconds by which this host's clock is ahead of the other side's."""
    identity: str = ""
    """Who signed, where AWS says so."""
    airflow_version: str = ""

    def facts(self) -> Iterable[Fact]:
        yield Fact("do", self.mend)
        yield Fact("host", self.host)
        yield Fact("status", str(self.http_status or ""))
        yield Fact("code", self.aws_code)
        yield Fact("message", self.message)
        yield Fact("clock", "" if self.clock_skew is None else f"{self.clock_skew:+.0f} s against AWS's")
        yield Fact("signed by", self.identity)
        yield Fact("Airflow", self.airflow_version)
        yield Fact("request", self.request_id)
