"""What became of one step of calling an environment's Airflow API, and what each outcome means.

The steps are those of "Using the Apache Airflow REST API"
(https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from mwaanet.probe.observation import Fact, Observation, Reach


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


HTTPS = 443

_NO_ADDRESS = frozenset({ApiOutcome.NO_SUCH_NAME, ApiOutcome.RESOLVER_SILENT})
_NO_CONNECTION = frozenset({ApiOutcome.REFUSED, ApiOutcome.UNREACHABLE, ApiOutcome.TIMED_OUT})

LAYERS = {
    ApiOutcome.NO_SUCH_NAME: ("this host asks another resolver than the model takes (`mwaanet probe dns` tells)",),
    ApiOutcome.RESOLVER_SILENT: ("the resolver is down, or its own firewall drops",),
    ApiOutcome.REFUSED: ("a firewall on the way that rejects", "a proxy that is not running"),
    ApiOutcome.UNREACHABLE: ("this host's own routes",),
    ApiOutcome.TIMED_OUT: (
        "a firewall on the way that the site file does not declare",
        "this host's own firewall",
        "the snapshot is older than a change",
    ),
    ApiOutcome.NO_ANSWER: ("the MTU of a VPN or Direct Connect on the way", "a device that inspects TLS"),
    ApiOutcome.CUT: ("a proxy or firewall that reads the name asked for",),
    ApiOutcome.WRONG_NAME: ("the name that is called, an alias",),
    ApiOutcome.EXPIRED_CERTIFICATE: ("a proxy or firewall that inspects TLS", "this host's clock"),
    ApiOutcome.UNTRUSTED_CERTIFICATE: ("a proxy or firewall that inspects TLS", "what this host trusts"),
    ApiOutcome.TLS_FAILED: ("a proxy or firewall that inspects TLS",),
}
"""What is left to look at where the model says that the connection is made."""


class ApiObservation(Observation, frozen=True, kw_only=True, tag="api"):
    """One step that was taken towards an environment's Airflow API."""

    outcome: ApiOutcome
    step: ApiStep
    host: str = ""
    """The host that was called, which is the one that was signed."""
    proxy: str = ""
    """The proxy by which it was called; empty where it was called directly."""
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
        yield Fact("proxy", self.proxy)
        yield Fact("status", str(self.http_status or ""))
        yield Fact("code", self.aws_code)
        yield Fact("message", self.message)
        yield Fact("clock", "" if self.clock_skew is None else f"{self.clock_skew:+.0f} s against AWS's")
        yield Fact("signed by", self.identity)
        yield Fact("Airflow", self.airflow_version)
        yield Fact("request", self.request_id)

    def reach(self) -> Reach | None:
        """The connection below the call; none where nothing was sent, or a proxy stood between."""
        try:
            called = urlsplit(f"//{self.host}")
            host, port = called.hostname or "", called.port or HTTPS
        except ValueError:
            return None
        proxied = self.proxy or self.outcome in (ApiOutcome.PROXY_REFUSED, ApiOutcome.PROXY_ANSWERED)
        if not host or proxied or (self.http_status is None and self.outcome not in LAYERS):
            return None
        if self.outcome in _NO_ADDRESS:
            return Reach(host, made=False)
        answered = self.outcome not in _NO_CONNECTION
        return Reach(host, made=self.http_status is not None, port=port, answered=answered)

    def layers(self) -> tuple[str, ...]:
        return LAYERS.get(self.outcome, ())
