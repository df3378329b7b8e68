"""Connecting by TCP to every address of a host, and telling the ways to fail apart."""

from __future__ import annotations

import errno
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Final, NamedTuple

from mwaanet.probe.address import addresses_of, source_towards
from mwaanet.probe.observation import now
from mwaanet.probe.tcp_observation import VERDICTS, TcpObservation, TcpOutcome

LINGER: Final = 0.25
"""Seconds after the connection in which it may still be cut, as proxies and load balancers without a server do."""

_OUTCOMES = {
    errno.ECONNREFUSED: TcpOutcome.REFUSED,
    errno.ETIMEDOUT: TcpOutcome.TIMED_OUT,
    errno.EHOSTUNREACH: TcpOutcome.UNREACHABLE,
    errno.ENETUNREACH: TcpOutcome.UNREACHABLE,
    errno.EINVAL: TcpOutcome.UNREACHABLE,  # Linux's answer for a route of type blackhole
    errno.EHOSTDOWN: TcpOutcome.UNREACHABLE,
    errno.ECONNRESET: TcpOutcome.RESET,
    errno.EPIPE: TcpOutcome.RESET,
    errno.ECONNABORTED: TcpOutcome.RESET,
    errno.EACCES: TcpOutcome.FORBIDDEN,
    errno.EPERM: TcpOutcome.FORBIDDEN,
}
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class Attempt(NamedTuple):
    """How one connection ended; `connection` is open where it was made."""

    outcome: TcpOutcome
    seconds: float
    source_address: str = ""
    error: str = ""
    connection: socket.socket | None = None


def probe_tcp(host: str, port: int, *, timeout: float, retries: int) -> Iterator[TcpObservation]:
    """One observation for each address of the host, as they are made; one that says why where there is none."""
    began, clock = now(), time.monotonic()
    try:
        addresses = addresses_of(host, port, timeout)
    except OSError as error:
        seconds = time.monotonic() - clock
        yield observed(host, port, "", Attempt(name_outcome(error), seconds, error=words(error)), began)
        return
    for address in addresses:
        began = now()
        attempts, attempt = connect_patiently(address, port, timeout=timeout, retries=retries)
        if attempt.connection is not None:
            with closing(attempt.connection) as connection:
                attempt = _still_there(attempt, connection, timeout)
        yield observed(host, port, address, attempt, began, attempts)


def connect_patiently(address: str, port: int, *, timeout: float, retries: int) -> tuple[int, Attempt]:
    """Connect, again where nothing came back; gives how often it was tried, and how the last one ended."""
    tried, attempt = 1, connect(address, port, timeout)
    while attempt.outcome is TcpOutcome.TIMED_OUT and tried <= retries:
        tried, attempt = tried + 1, connect(address, port, timeout)
    return tried, attempt


def connect(address: str, port: int, timeout: float) -> Attempt:
    """Connect to one address; the caller closes the connection."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    clock = time.monotonic()
    connection = None
    try:
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect((address, port))
        seconds = time.monotonic() - clock
    except OSError as error:
        if connection is not None:
            connection.close()
        seconds = time.monotonic() - clock
        return Attempt(outcome_of(error), seconds, source_towards(address, port), words(error))
    return Attempt(TcpOutcome.CONNECTED, seconds, str(connection.getsockname()[0]), connection=connection)


def outcome_of(error: OSError) -> TcpOutcome:
    """What an error of the system means."""
    if isinstance(error, TimeoutError):
        return TcpOutcome.TIMED_OUT
    return _OUTCOMES.get(error.errno or 0, TcpOutcome.FAILED)


def name_outcome(error: OSError) -> TcpOutcome:
    """What an error of the resolver means."""
    missing = isinstance(error, socket.gaierror) and error.errno in _NO_SUCH_NAME
    return TcpOutcome.NO_SUCH_NAME if missing else TcpOutcome.RESOLVER_SILENT


def words(error: OSError) -> str:
    """The system's own words for an error."""
    return plain(error.strerror or str(error))


def plain(text: str) -> str:
    """A TLS library's words without the constant and the line of its source around them."""
    return _LIBRARY.sub("", text)


_LIBRARY = re.compile(r"^_ssl\.c:\d+: |^\[[A-Z0-9]+(?:: \w+)?\] | \(_ssl\.c:\d+\)$")


def target_text(host: str, port: int) -> str:
    """A host and a port as people write them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def observed(host: str, port: int, address: str, attempt: Attempt, began: str, attempts: int = 1) -> TcpObservation:
    """The record of an attempt."""
    status, meaning = VERDICTS[attempt.outcome]
    return TcpObservation(
        target=target_text(host, port),
        outcome=attempt.outcome,
        status=status,
        meaning=meaning,
        time=began,
        seconds=round(attempt.seconds, 6),
        source_address=attempt.source_address,
        attempts=attempts,
        host=host,
        port=port,
        address=address,
        error=attempt.error,
    )


def _still_there(attempt: Attempt, connection: socket.socket, timeout: float) -> Attempt:
    """The attempt; reset where the other side cuts the connection at once."""
    connection.settimeout(min(LINGER, timeout))
    try:
        first = connection.recv(1)
    except TimeoutError:
        return attempt
    except OSError as error:
        return attempt._replace(outcome=outcome_of(error), error=words(error))
    return attempt if first else attempt._replace(outcome=TcpOutcome.RESET, error="closed by the other side at once")
