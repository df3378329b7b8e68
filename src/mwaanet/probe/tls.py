"""A TLS handshake with every address of a host, as a client that verifies makes it.

Where the certificate is rejected, a second handshake that accepts everything fetches the chain, to say why. No data are
sent over either.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from mwaanet.errors import InputError, UsageError
from mwaanet.probe.address import addresses_of
from mwaanet.probe.certificate import chain_of, days_left, is_intercepted
from mwaanet.probe.observation import Verdict, now
from mwaanet.probe.tcp import Attempt, connect_patiently, name_outcome, target_text, words
from mwaanet.probe.tcp_observation import VERDICTS as TCP_VERDICTS
from mwaanet.probe.tls_observation import TRUSTED_HERE, VERDICTS, Certificate, TlsObservation, TlsOutcome
from mwaanet.status import Status

DAYS_OF_WARNING: Final = 14
"""A certificate that expires sooner is worth a warning."""

_OF_VERIFY_CODE = {
    2: TlsOutcome.UNKNOWN_ISSUER,
    9: TlsOutcome.NOT_YET_VALID,
    10: TlsOutcome.EXPIRED,
    18: TlsOutcome.SELF_SIGNED,
    19: TlsOutcome.UNKNOWN_ISSUER,
    20: TlsOutcome.UNKNOWN_ISSUER,
    21: TlsOutcome.UNKNOWN_ISSUER,
    62: TlsOutcome.WRONG_NAME,
    64: TlsOutcome.WRONG_NAME,
}
"""OpenSSL's X509_V_ERR_…: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/."""

_NO_TLS = {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "UNEXPECTED_MESSAGE"}
_REJECTED = {*_OF_VERIFY_CODE.values(), TlsOutcome.UNTRUSTED}
_DER = 2
"""`_ssl.ENCODING_DER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How a client behaves: its patience, the name it asks for, the authorities it trusts (None: the system's)."""

    server_name: str
    timeout: float
    retries: int
    ca_file: Path | None = None


class Handshake(NamedTuple):
    """How one handshake ended."""

    outcome: TlsOutcome
    seconds: float
    version: str = ""
    cipher: str = ""
    chain: tuple[Certificate, ...] = ()
    error: str = ""


class Place(NamedTuple):
    """Whom a handshake was tried with, and by which name."""

    host: str
    port: int
    address: str
    server_name: str


def probe_tls(host: str, port: int, client: Client) -> Iterator[TlsObservation]:
    """One observation for each address of the host, as they are made; one that says why where there is none."""
    verifying = _verifying(client)
    began, clock = now(), time.monotonic()
    try:
        addresses = addresses_of(host, port, client.timeout)
    except OSError as error:
        attempt = Attempt(name_outcome(error), time.monotonic() - clock, error=words(error))
        yield not_connected(Place(host, port, "", client.server_name), attempt, began)
        return
    for address in addresses:
        yield _probe_address(host, port, address, client, verifying)


def _probe_address(host: str, port: int, address: str, client: Client, verifying: ssl.SSLContext) -> TlsObservation:
    began = now()
    attempts, attempt = connect_patiently(address, port, timeout=client.timeout, retries=client.retries)
    if attempt.connection is None:
        return not_connected(Place(host, port, address, client.server_name), attempt, began, attempts)
    handshake = shake_hands(attempt.connection, client.server_name, verifying)
    if handshake.outcome in _REJECTED:
        handshake = handshake._replace(chain=_fetch_chain(address, port, client))
    place = Place(host, port, address, client.server_name)
    return observed(place, attempt, handshake, began, attempts)


def shake_hands(connection: socket.socket, server_name: str, context: ssl.SSLContext) -> Handshake:
    """One handshake over a connection, which it closes."""
    clock = time.monotonic()
    with connection:
        try:
            with context.wrap_socket(connection, server_hostname=server_name) as secured:
                seconds = time.monotonic() - clock
                cipher = secured.cipher()
                chain = chain_of(_certificates(secured))
                return Handshake(
                    TlsOutcome.TRUSTED, seconds, secured.version() or "", cipher[0] if cipher else "", chain
                )
        except OSError as error:
            return Handshake(handshake_outcome(error), time.monotonic() - clock, error=handshake_words(error))


def judged(handshake: Handshake) -> Verdict:
    """How the handshake stands; an interception that this host trusts and an early end of validity are warnings."""
    status, meaning = VERDICTS[handshake.outcome]
    if handshake.outcome is TlsOutcome.INTERCEPTED and not handshake.error:
        return Verdict(Status.WARN, f"{meaning} {TRUSTED_HERE}")
    left = days_left(handshake.chain)
    if handshake.outcome is TlsOutcome.TRUSTED and left is not None and left < DAYS_OF_WARNING:
        return Verdict(Status.WARN, f"{meaning} It expires in {left:.0f} days.")
    return Verdict(status, meaning)


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """A context that verifies by the authorities in a file, or the system's; InputError for a file without any."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError as error:
        raise InputError(str(ca_file), "", f"holds no certificates in PEM: {handshake_words(error)}") from error
    except OSError as error:
        raise InputError(str(ca_file), "", f"cannot be read: {error.strerror or error}") from error


def _verifying(client: Client) -> ssl.SSLContext:
    """A context that verifies; UsageError for an impossible name, InputError for a file without authorities."""
    context = trusting(client.ca_file)
    try:
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=client.server_name)
    except ValueError as error:
        raise UsageError(f"{client.server_name!r} is no server's name: {error}") from error
    return context


def _fetch_chain(address: str, port: int, client: Client) -> tuple[Certificate, ...]:
    """What the server sends to a client that accepts everything."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _, attempt = connect_patiently(address, port, timeout=client.timeout, retries=client.retries)
    if attempt.connection is None:
        return ()
    return shake_hands(attempt.connection, client.server_name, context).chain


def _certificates(secured: ssl.SSLSocket) -> list[bytes]:
    """The chain as it was sent, in DER. Before Python 3.13 only the object within the socket knows it."""
    known: Any = secured
    if hasattr(known, "get_unverified_chain"):
        return list(known.get_unverified_chain())
    return [certificate.public_bytes(_DER) for certificate in known._sslobj.get_unverified_chain() or ()]


def handshake_outcome(error: OSError) -> TlsOutcome:
    """What an error of a handshake means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _OF_VERIFY_CODE.get(error.verify_code, TlsOutcome.UNTRUSTED)
    if isinstance(error, TimeoutError):
        return TlsOutcome.STALLED
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TlsOutcome.CUT
    return TlsOutcome.NOT_TLS if error.reason in _NO_TLS else TlsOutcome.HANDSHAKE_FAILED


def handshake_words(error: OSError) -> str:
    """The words for an error of a handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    return reason.replace("_", " ").lower() if reason else words(error)


def observed(place: Place, attempt: Attempt, handshake: Handshake, began: str, attempts: int = 1) -> TlsObservation:
    """The record of a handshake over a connection that was made."""
    if is_intercepted(handshake.chain, place.server_name):
        handshake = handshake._replace(outcome=TlsOutcome.INTERCEPTED)
    record = _record(place, attempt, handshake.outcome, judged(handshake), began, attempts)
    return msgspec.structs.replace(
        record,
        seconds=round(handshake.seconds, 6),
        version=handshake.version,
        cipher=handshake.cipher,
        chain=handshake.chain,
        error=handshake.error,
    )


def not_connected(place: Place, attempt: Attempt, began: str, attempts: int = 1) -> TlsObservation:
    """The record of a handshake for which there was no connection."""
    verdict = TCP_VERDICTS[attempt.outcome]
    record = _record(place, attempt, TlsOutcome.NOT_CONNECTED, verdict, began, attempts)
    return msgspec.structs.replace(record, error=attempt.error)


def _record(
    place: Place, attempt: Attempt, outcome: TlsOutcome, verdict: Verdict, began: str, attempts: int
) -> TlsObservation:
    """What is recorded of every handshake: with whom, over what connection, how it stands."""
    return TlsObservation(
        target=target_text(place.host, place.port),
        outcome=outcome,
        status=verdict.status,
        meaning=verdict.meaning,
        time=began,
        source_address=attempt.source_address,
        attempts=attempts,
        host=place.host,
        port=place.port,
        address=place.address,
        server_name=place.server_name,
        connection=attempt.outcome,
        connect_seconds=round(attempt.seconds, 6),
    )
