"""Diagnosing the path to the package server: of a demo variant, or of an estate with changes of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from builder import mwaa_estate
from checks.wholes import agreeing
from mwaanet import demo
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.result import Diagnosis, Finding, PathResult, Status
from mwaanet.demo import Change
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot


def diagnosed(files: Mapping[str, bytes]) -> Diagnosis:
    """The nexus path's diagnosis of a snapshot's files."""
    snapshot = Snapshot.from_files(files)
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    return agreeing(diagnose(snapshot, site=site, paths=("nexus",)))


@cache
def healthy() -> Mapping[str, bytes]:
    """The files of the healthy estate."""
    return dict(mwaa_estate().files())


def changed(*changes: Change) -> Mapping[str, bytes]:
    """The healthy files with some changes."""
    return demo.changed(healthy(), list(changes))


def path_of(found: Diagnosis) -> PathResult:
    """The nexus path."""
    return next(path for path in found.paths if path.id == "nexus")


def faults(found: Diagnosis) -> dict[str, Finding]:
    """The findings that are neither a pass nor skipped, by their ids."""
    quiet = (Status.PASS, Status.SKIP)
    return {finding.id: finding for finding in found.findings if finding.status not in quiet}


def named(found: Diagnosis) -> set[str]:
    """Every resource that a finding names."""
    return {resource for finding in faults(found).values() for resource in finding.resources}
