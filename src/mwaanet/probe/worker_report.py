"""The report of what a worker saw: its records, judged as the same probes are when they run on this host."""

from __future__ import annotations

import base64
import errno
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Final

from mwaanet.probe import tcp, tls
from mwaanet.probe.certificate import chain_of
from mwaanet.probe.package_observation import (
    VERDICTS,
    InstalledObservation,
    InstalledOutcome,
    PackageObservation,
    PackageOutcome,
)
from mwaanet.probe.probe_report import AnyObservation, ProbeReport
from mwaanet.probe.tcp_observation import TcpOutcome
from mwaanet.probe.tls_observation import TlsOutcome
from mwaanet.probe.worker_document import (
    ConnectionRecord,
    DownloadRecord,
    ErrorRecord,
    HandshakeRecord,
    InstalledRecord,
    WorkerDocument,
)
from mwaanet.status import Status

WORKER: Final = "mwaa.worker"
"""Where the probe ran, as a selector of the model."""

_PIP: Final[Mapping[PackageOutcome, re.Pattern[str]]] = {
    PackageOutcome.IGNORED: re.compile(r"not a trusted or secure host"),
    PackageOutcome.UNTRUSTED: re.compile(r"(?i:certificate.verify.failed)|SSLCertVerificationError"),
    PackageOutcome.NO_SUCH_NAME: re.compile(
        r"NameResolutionError|Failed to resolve|Name or service not known|name resolution|getaddrinfo failed"
    ),
    PackageOutcome.UNREACHABLE: re.compile(
        r"SSLError|NewConnectionError|Connect\w*Timeout|timed out|refused|unreachable|ProxyError|ProtocolError|"
        r"Connection aborted|RemoteDisconnected|ConnectionReset"
    ),
    PackageOutcome.UNAUTHORISED: re.compile(r"\b40[13]\b|Unauthorized|Forbidden|Credentials not correct"),
    PackageOutcome.NOT_FOUND: re.compile(r"No matching distribution|\b404\b"),
}
"""What pip writes, the first that fits: it says that there is no matching distribution whatever the cause."""


def report_of_worker(document: WorkerDocument) -> ProbeReport:
    """The report of one run."""
    return ProbeReport(
        tool=document.tool,
        source=WORKER,
        host=document.host,
        time=document.time,
        observations=tuple(_observations(document)),
    )


def _observations(document: WorkerDocument) -> Iterator[AnyObservation]:
    for connection in document.connections:
        yield _connection(connection, document.certificates)
    for download in document.downloads:
        yield _download(download)
    yield _installed(document.installed, document.python)


def _connection(seen: ConnectionRecord, certificates: Mapping[str, str]) -> AnyObservation:
    attempt = tcp.Attempt(_connected(seen), seen.seconds, seen.source, seen.error.text if seen.error else "")
    if not seen.tls:
        return tcp.observed(seen.host, seen.port, seen.address, attempt, seen.time, seen.attempts)
    place = tls.Place(seen.host, seen.port, seen.address, seen.host)
    if seen.handshake is None:
        return tls.not_connected(place, attempt, seen.time, seen.attempts)
    return tls.observed(place, attempt, _handshake(seen.handshake, certificates), seen.time, seen.attempts)


def _connected(seen: ConnectionRecord) -> TcpOutcome:
    if seen.error is None:
        return TcpOutcome.CONNECTED
    error = error_of(seen.error)
    return tcp.outcome_of(error) if seen.address else tcp.name_outcome(error)


def _handshake(seen: HandshakeRecord, certificates: Mapping[str, str]) -> tls.Handshake:
    chain = chain_of([_der(certificates.get(name, "")) for name in seen.chain])
    if seen.error is None:
        return tls.Handshake(TlsOutcome.TRUSTED, seen.seconds, seen.version, seen.cipher, chain)
    error = error_of(seen.error)
    outcome = tls.handshake_outcome(error)
    return tls.Handshake(outcome, seen.seconds, chain=chain, error=tls.handshake_words(error))


def _der(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def error_of(record: ErrorRecord) -> OSError:
    """The error as it was raised, for the same judgement as here; numbers are this system's."""
    if record.type == "SSLCertVerificationError":
        rejected = ssl.SSLCertVerificationError(1, record.text)
        rejected.verify_code, rejected.verify_message = record.verify_code, record.verify_message
        return rejected
    if record.type == "TimeoutError":
        return TimeoutError(record.text)
    if record.type in _TLS_ERRORS:
        failed = _TLS_ERRORS[record.type](1, record.text)
        failed.reason = record.reason
        return failed
    if record.type == "gaierror":
        number = getattr(socket, record.errno, socket.EAI_FAIL) if record.errno.startswith("EAI_") else socket.EAI_FAIL
        return socket.gaierror(number, record.text)
    number = getattr(errno, record.errno, 0) if record.errno.startswith("E") else 0
    return OSError(number, record.text)


_TLS_ERRORS: Final[Mapping[str, type[ssl.SSLError]]] = {
    "SSLError": ssl.SSLError,
    "SSLEOFError": ssl.SSLEOFError,
    "SSLZeroReturnError": ssl.SSLZeroReturnError,
}


def _download(seen: DownloadRecord) -> PackageObservation:
    outcome = _pip_outcome(seen)
    status, meaning = VERDICTS[outcome]
    words = _PIP.get(outcome)
    lines = [line for line in seen.output.splitlines() if line.strip() and (words is None or words.search(line))]
    return PackageObservation(
        target=f"{seen.package} from {seen.index}",
        outcome=outcome,
        status=status,
        meaning=meaning,
        time=seen.time,
        seconds=seen.seconds,
        index=seen.index,
        package=seen.package,
        files=seen.files,
        error=lines[0][:500] if lines and outcome is not PackageOutcome.DOWNLOADED else "",
    )


def _pip_outcome(seen: DownloadRecord) -> PackageOutcome:
    if seen.code is None:
        return PackageOutcome.TIMED_OUT
    if seen.code == 0 and seen.files:
        return PackageOutcome.DOWNLOADED
    return next((outcome for outcome, words in _PIP.items() if words.search(seen.output)), PackageOutcome.FAILED)


def _installed(seen: InstalledRecord, python: str) -> InstalledObservation:
    listed = seen.code == 0
    return InstalledObservation(
        target="pip list",
        outcome=InstalledOutcome.LISTED if listed else InstalledOutcome.FAILED,
        status=Status.PASS if listed else Status.UNKNOWN,
        meaning="What is installed on the worker." if listed else "pip could not list what is installed.",
        time=seen.time,
        seconds=seen.seconds,
        python=python,
        packages=seen.packages,
        error="" if listed else seen.output[-500:],
    )
