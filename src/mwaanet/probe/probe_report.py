"""A report of observations, and its JSON (docs/contracts/report-format.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from mwaanet.errors import InputError
from mwaanet.probe.api_observation import ApiObservation
from mwaanet.probe.dns_observation import DnsObservation
from mwaanet.probe.package_observation import InstalledObservation, PackageObservation
from mwaanet.probe.tcp_observation import TcpObservation
from mwaanet.probe.tls_observation import TlsObservation
from mwaanet.status import Status

AnyObservation = (
    DnsObservation | TcpObservation | TlsObservation | ApiObservation | PackageObservation | InstalledObservation
)

MOST_BYTES: Final = 1024 * 1024
"""A report longer than this is not read."""


class ProbeReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was observed from one place."""

    format: Literal[1] = 1
    tool: str
    source: str = msgspec.field(name="from", default="")
    """Where the probe ran, as a selector of the model (`mwaa.worker`, `dc1.orchestrator`); empty: not said."""
    host: str = ""
    """The name of the host that probed."""
    time: str
    observations: tuple[AnyObservation, ...]

    @property
    def status(self) -> Status:
        """The worst of the observations."""
        return Status.worst(observation.status for observation in self.observations)


def to_document(report: ProbeReport) -> dict[str, Any]:
    """The report with its status, as what JSON knows."""
    document: dict[str, Any] = msgspec.to_builtins(report)
    return {"format": report.format, "status": report.status.value, **document}


def decode(text: str | bytes, file: str) -> ProbeReport:
    """Read a report; InputError names the place in `file` and what was expected there."""
    if len(text) > MOST_BYTES:
        raise InputError(file, "", f"is longer than {MOST_BYTES} bytes: no report of a probe")
    try:
        return msgspec.json.decode(text, type=ProbeReport)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(file, "", f"is no report of a probe: {error}") from error


def load(path: Path) -> ProbeReport:
    """Read a report from a file."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(str(path), "", error.strerror or "cannot be read") from error
    return decode(content, str(path))
