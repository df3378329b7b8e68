"""The demo's variants, each diagnosed once for all tests of a process."""

from __future__ import annotations

from functools import cache

from checks.wholes import agreeing
from mwaanet import demo
from mwaanet.checks.context import Context
from mwaanet.checks.diagnose import examine
from mwaanet.checks.result import Diagnosis
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot


@cache
def examined(name: str) -> tuple[Context, Diagnosis]:
    """A variant's diagnosis, and what it was asked of."""
    snapshot = Snapshot.from_files(demo.files(name), f"demo {name}")
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    context, diagnosis = examine(snapshot, site=site)
    return context, agreeing(diagnosis)


def diagnosed(name: str) -> Diagnosis:
    """The diagnosis of a variant."""
    return examined(name)[1]
