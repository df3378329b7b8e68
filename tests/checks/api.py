"""Diagnosing the path of those who call the web server: of an estate, with changes of its site file."""

from __future__ import annotations

from collections.abc import Mapping

from builder import Estate, mwaa_estate
from checks.nexus import faults, named
from checks.wholes import agreeing
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.result import Diagnosis, PathResult
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot

__all__ = ["api_path", "called", "edited", "estate", "faults", "forwarded", "named", "status", "web"]

FORWARD = "        - {{zone: {}, to: [10.24.32.10, 10.24.32.74]}}\n"


def estate(**choices: str) -> Estate:
    """The healthy estate."""
    return mwaa_estate(**choices)


def web(net: Estate) -> str:
    return net.environment.host


def forwarded(zone: str) -> tuple[str, str]:
    """The site no longer forwards a zone."""
    return FORWARD.format(zone), ""


def edited(subject: Estate, *changes: tuple[str, str]) -> Mapping[str, bytes]:
    """The estate's files with parts of its site file replaced; each part must be there."""
    files = dict(subject.files())
    text = files["mwaanet.yaml"].decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return files | {"mwaanet.yaml": text.encode()}


def called(subject: Estate | Mapping[str, bytes]) -> Diagnosis:
    """The diagnosis of the api path."""
    snapshot = Snapshot.from_files(subject.files() if isinstance(subject, Estate) else subject)
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    return agreeing(diagnose(snapshot, site=site, paths=("api",)))


def api_path(found: Diagnosis) -> PathResult:
    return next(path for path in found.paths if path.id == "api")


def status(found: Diagnosis) -> str:
    return api_path(found).status.value
