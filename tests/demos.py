"""The demo's variants, each diagnosed once for all tests of a process."""

from __future__ import annotations

from functools import cache

from checks.cases import diagnosis
from mwaanet import demo
from mwaanet.checks.result import Diagnosis


@cache
def diagnosed(name: str) -> Diagnosis:
    """The diagnosis of a variant."""
    return diagnosis(demo.files(name))
