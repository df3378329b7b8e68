"""The document that a worker writes to its log (see `worker_dag`), as frozen records."""

from __future__ import annotations

from typing import Literal

import msgspec

from mwaanet.errors import InputError
from mwaanet.probe.observation import Port


class ErrorRecord(msgspec.Struct, frozen=True):
    """An error by names that mean the same on every system."""

    type: str
    text: str = ""
    errno: str = ""
    reason: str = ""
    verify_code: int = 0
    verify_message: str = ""


class HandshakeRecord(msgspec.Struct, frozen=True):
    """A TLS handshake; `chain` are names of certificates in the document."""

    seconds: float
    version: str = ""
    cipher: str = ""
    chain: tuple[str, ...] = ()
    error: ErrorRecord | None = None


class ConnectionRecord(msgspec.Struct, frozen=True):
    """A connection to one address; no address where the name has none."""

    host: str
    port: Port
    tls: bool
    address: str
    attempts: int
    time: str
    seconds: float
    source: str = ""
    error: ErrorRecord | None = None
    handshake: HandshakeRecord | None = None


class DownloadRecord(msgspec.Struct, frozen=True):
    """`pip download`; no code where it did not end in time."""

    index: str
    package: str
    time: str
    seconds: float
    code: int | None
    output: str = ""
    files: tuple[str, ...] = ()


class InstalledRecord(msgspec.Struct, frozen=True):
    """`pip list`."""

    time: str
    seconds: float
    code: int | None
    packages: tuple[str, ...] = ()
    output: str = ""


class WorkerDocument(msgspec.Struct, frozen=True):
    """Everything that one run saw."""

    worker_probe: Literal[1]
    tool: str
    environment: str
    host: str
    time: str
    python: str
    connections: tuple[ConnectionRecord, ...]
    certificates: dict[str, str]
    downloads: tuple[DownloadRecord, ...]
    installed: InstalledRecord


def decode_document(text: str, name: str) -> WorkerDocument:
    """Read the document; InputError names the place in it."""
    try:
        return msgspec.json.decode(text, type=WorkerDocument)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InputError(name, "", f"holds a document that cannot be read: {error}") from error
