"""What the parts of a way say together, held against what becomes of its packets.

Every diagnosis that a test makes is held against it.
"""

from __future__ import annotations

from mwaanet.checks.result import Diagnosis, Segment, Status
from mwaanet.paths.trace import Reachable

STANDING = {
    Reachable.YES: Status.PASS,
    Reachable.NO: Status.FAIL,
    Reachable.PARTIAL: Status.FAIL,
    Reachable.UNKNOWN: Status.UNKNOWN,
}


def agreeing(found: Diagnosis) -> Diagnosis:
    """The diagnosis itself; fails where all that is told of a trace passes although the trace does not."""
    for path in found.paths:
        told: dict[int, list[Segment]] = {}
        for segment in path.segments:
            if segment.trace:
                told.setdefault(id(segment.trace), []).append(segment)
        for segments in told.values():
            trace = segments[0].trace
            assert trace
            if trace.reachable is not Reachable.YES:
                statuses = {segment.status for segment in segments}
                assert statuses - {Status.PASS, Status.SKIP}, [segment.check for segment in segments]
    return found
