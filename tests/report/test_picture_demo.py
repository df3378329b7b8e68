"""The pictures of all variants of the demo: the culprit is in them, and nothing is marked where all is well."""

from __future__ import annotations

import pytest

from demos import diagnosed
from mwaanet import demo
from mwaanet.checks.result import Diagnosis, PathResult, Status
from mwaanet.report.picture import State
from mwaanet.report.picture_paths import path_picture

MARKED = {
    Status.PASS: set[State](),
    Status.SKIP: set[State](),
    Status.WARN: {State.WARN},
    Status.UNKNOWN: {State.UNKNOWN, State.WARN},
    Status.FAIL: {State.STOPPED, State.UNKNOWN, State.WARN},
}
"""What a path's picture may have marked, the first of which it must have."""
ALWAYS = {Status.WARN: State.WARN, Status.UNKNOWN: State.UNKNOWN, Status.FAIL: State.STOPPED}
QUIET = {State.PASSES, State.NOT_REACHED}


def first_culprits(diagnosis: Diagnosis, path: PathResult) -> set[str]:
    """What the findings that decide the path's status name first."""
    findings = [one for one in diagnosis.findings if one.path == path.id and one.status is path.status]
    return {finding.resources[0] for finding in findings if finding.resources and path.status is not Status.PASS}


@pytest.mark.parametrize("name", demo.variants())
def test_culprits_are_marked_and_nothing_else(name: str) -> None:
    diagnosis = diagnosed(name)
    for path in diagnosis.paths:
        picture = path_picture(diagnosis, path)
        marked = [node for node in picture.nodes if node.state not in QUIET]
        assert {node.state for node in marked} <= MARKED[path.status]
        assert path.status not in ALWAYS or ALWAYS[path.status] in {node.state for node in marked}
        assert first_culprits(diagnosis, path) <= {node.component for node in marked}
