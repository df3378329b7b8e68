"""One HTTPS request and its answer. Redirects are never followed; an error is told as what it means.

The proxy is the one that HTTPS_PROXY and NO_PROXY name, the authorities those of `--ca-file`, AWS_CA_BUNDLE or
REQUESTS_CA_BUNDLE: what a client of boto3 or requests would use. ~/.netrc is not read.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, IncompleteRead
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from mwaanet.probe.address import addresses_of
from mwaanet.probe.api_observation import ApiOutcome
from mwaanet.probe.bounded import within
from mwaanet.probe.tcp import name_outcome, outcome_of, plain
from mwaanet.probe.tcp_observation import TcpOutcome

MOST_BYTES: Final = 8 * 1024 * 1024
"""No more of an answer is read; InvokeRestApi's are 6 MB at most."""
_HTTPS: Final = 443
_BUNDLES: Final = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CERTIFICATE: Final[Mapping[int, ApiOutcome]] = {
    9: ApiOutcome.EXPIRED_CERTIFICATE,  # not yet valid
    10: ApiOutcome.EXPIRED_CERTIFICATE,
    62: ApiOutcome.WRONG_NAME,  # host name
    64: ApiOutcome.WRONG_NAME,  # address
}
"""OpenSSL's X509_V_ERR_ codes (https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/)."""
_CONNECTING: Final[Mapping[TcpOutcome, ApiOutcome]] = {
    TcpOutcome.REFUSED: ApiOutcome.REFUSED,
    TcpOutcome.UNREACHABLE: ApiOutcome.UNREACHABLE,
    TcpOutcome.TIMED_OUT: ApiOutcome.TIMED_OUT,
    TcpOutcome.RESET: ApiOutcome.CUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How every request of a probe is sent."""

    timeout: float
    retries: int = 0
    ca_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that is to be sent; `safe` where sending it twice does no harm."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | None = None
    form: Mapping[str, str] | None = None
    auth: AuthBase | None = None
    safe: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent: datetime
    received: datetime
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long it took until the answer began."""
        return (self.received - self.sent).total_seconds()

    @property
    def clock_skew(self) -> float | None:
        """Seconds by which this host's clock is ahead of the Date header, which leaves off parts of a second.

        Half of the time on the way is taken off, and half a second for what is left off.
        """
        try:
            theirs = parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, OverflowError):
            return None
        middle = self.sent + (self.received - self.sent) / 2
        return round((middle - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))).total_seconds() - 0.5, 1)

    @property
    def is_html(self) -> bool:
        """Whether it is a page for people, which no API answers with."""
        return "html" in self.headers.get("content-type", "") or self.body[:256].lstrip().lower().startswith(
            (b"<!doctype html", b"<html")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why nothing came back."""

    outcome: ApiOutcome
    error: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What the last attempt gave, how many there were, and by which proxy (`host:port`), if by one."""

    result: Answer | Trouble
    attempts: int
    proxy: str = ""


_RESOLVING: Final[Mapping[TcpOutcome, ApiOutcome]] = {
    TcpOutcome.NO_SUCH_NAME: ApiOutcome.NO_SUCH_NAME,
    TcpOutcome.RESOLVER_SILENT: ApiOutcome.RESOLVER_SILENT,
}
_ALWAYS_AGAIN: Final = {ApiOutcome.TIMED_OUT, ApiOutcome.RESOLVER_SILENT}
"""Nothing of the request was sent."""
_AGAIN_IF_SAFE: Final = {ApiOutcome.CUT, ApiOutcome.NO_ANSWER}
_NOT_CONNECTED: Final = {*_RESOLVING.values(), ApiOutcome.REFUSED, ApiOutcome.UNREACHABLE, ApiOutcome.TIMED_OUT}

_OF_KIND: Final[Sequence[tuple[tuple[type[BaseException], ...], ApiOutcome]]] = (
    ((requests.exceptions.ProxyError,), ApiOutcome.PROXY_REFUSED),
    ((requests.exceptions.ConnectTimeout,), ApiOutcome.TIMED_OUT),
    ((requests.exceptions.ReadTimeout, TimeoutError), ApiOutcome.NO_ANSWER),
    ((requests.exceptions.ChunkedEncodingError, IncompleteRead), ApiOutcome.CUT),
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), ApiOutcome.CUT),
    ((ssl.SSLError,), ApiOutcome.TLS_FAILED),
)
"""What errors mean by their kind, the first that fits."""


def exchange(call: Call, settings: Settings) -> Tried:
    """Send a request, again where nothing came back and it does no harm."""
    again = _ALWAYS_AGAIN | (_AGAIN_IF_SAFE if call.safe else set())
    attempts, result = 1, send(call, settings)
    while attempts <= settings.retries and isinstance(result, Trouble) and result.outcome in again:
        attempts, result = attempts + 1, send(call, settings)
    proxy = _place_of(_proxy_of(call.url))
    if proxy and isinstance(result, Trouble) and result.outcome in _NOT_CONNECTED:
        result = Trouble(outcome=ApiOutcome.PROXY_REFUSED, error=result.error)
    return Tried(result, attempts, proxy)


def send(call: Call, settings: Settings) -> Answer | Trouble:
    """Send a request once.

    Connecting to each address, of the host or of the proxy, may take `timeout`; so may the proxy, and so may the answer
    as a whole.
    """
    proxy = _proxy_of(call.url)
    try:
        steps = _addresses(f"http://{_place_of(proxy)}", settings) + 1 if proxy else _addresses(call.url, settings)
    except OSError as error:
        return Trouble(outcome=_RESOLVING[name_outcome(error)], error=_words(error))
    except ValueError as error:  # a port that is none
        return Trouble(outcome=ApiOutcome.FAILED, error=str(error))
    try:
        return within((steps + 1) * settings.timeout, lambda: _send(call, settings, proxy))
    except TimeoutError as error:
        return Trouble(outcome=ApiOutcome.NO_ANSWER, error=str(error))
    except (OSError, ValueError) as error:  # requests' own errors are OSErrors, some of them ValueErrors too
        return trouble(error)


def _proxy_of(url: str) -> str:
    """The URL of the proxy by which this host calls another; empty where it calls directly."""
    return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) or ""


def _place_of(proxy: str) -> str:
    """The host and port of a proxy, which may come without a scheme, and with a user and a password."""
    return proxy.rpartition("://")[2].rpartition("@")[2].partition("/")[0]


def _addresses(url: str, settings: Settings) -> int:
    """How many addresses the host of a URL has."""
    parts = urlsplit(url)
    return len(addresses_of(parts.hostname or "", parts.port or _HTTPS, settings.timeout))


def _send(call: Call, settings: Settings, proxy: str) -> Answer:
    with requests.Session() as session:
        session.trust_env = False
        session.proxies.update({"https": proxy} if proxy else {})
        session.headers.update({"User-Agent": "mwaanet-probe", "Accept-Encoding": "identity"})
        sent = datetime.now(UTC)
        with session.request(
            call.method,
            call.url,
            headers=dict(call.headers),
            data=call.form if call.form is not None else call.body,
            auth=call.auth,
            timeout=settings.timeout,
            verify=_authorities(settings),
            allow_redirects=False,
            stream=True,
        ) as response:
            received = datetime.now(UTC)
            return Answer(
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=b"".join(_body(response)),
                sent=sent,
                received=received,
                cookies={name: value or "" for name, value in response.cookies.items()},
            )


def _body(response: requests.Response) -> Iterator[bytes]:
    length = 0
    for part in response.iter_content(64 * 1024):
        length += len(part)
        yield part
        if length > MOST_BYTES:
            return


def _authorities(settings: Settings) -> str | bool:
    named = (settings.ca_file, *(os.environ.get(name, "") for name in _BUNDLES))
    return next(filter(None, named), True)


def trouble(error: BaseException) -> Trouble:
    """What an error of requests means: the first in its chain that tells."""
    chain = list(_chain(error))
    for found in chain:
        outcome = _outcome(found)
        if outcome is not None:
            return Trouble(outcome=outcome, error=_words(found))
    return Trouble(outcome=ApiOutcome.FAILED, error=_words(chain[0]))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those that it wraps, which requests and urllib3 keep in different places."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting.extend((getattr(found, "reason", None), *found.args, found.__cause__, found.__context__))


def _outcome(error: BaseException) -> ApiOutcome | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(error.verify_code, ApiOutcome.UNTRUSTED_CERTIFICATE)
    if isinstance(error, socket.gaierror):
        return _RESOLVING[name_outcome(error)]
    for kinds, outcome in _OF_KIND:
        if isinstance(error, kinds):
            return outcome
    if isinstance(error, ConnectionError):  # RemoteDisconnected is a ConnectionResetError
        return _CONNECTING.get(outcome_of(error), ApiOutcome.CUT)
    if isinstance(error, HTTPException):
        return ApiOutcome.UNEXPECTED
    return _CONNECTING.get(outcome_of(error)) if type(error) is OSError else None


def _words(error: BaseException) -> str:
    """The innermost words, without the objects and URLs that urllib3 puts around them."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    chain = list(_chain(error))
    said = [found.strerror for found in chain if isinstance(found, OSError) and found.strerror]
    return plain(said[-1] if said else str(chain[-1]))
