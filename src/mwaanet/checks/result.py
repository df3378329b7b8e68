"""What checks give: statuses, findings, segments, paths and the whole diagnosis.

The JSON that the commands print (docs/contracts/report-format.md) is these records, field for field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mwaanet.fixes.change import Change
from mwaanet.graph.flight import Evidence, Hop
from mwaanet.graph.location import Locations
from mwaanet.net import TCP, UDP, Packet, PacketSet, protocol_name
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Trace
from mwaanet.snapshot.operations import CallRef
from mwaanet.status import Status as Status


class Severity(StrEnum):
    """How much a failure matters."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """How to mend a finding; `verified` only where the engine has tried it on the model.

    `cli` are AWS CLI commands, `undo` those that take it back where it is known how, `opens` the packets that it would
    let pass besides. `changes` are what `cli`, `undo`, `terraform` and `cloudformation` are written from.
    """

    summary: str
    cli: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    terraform: str | None = None
    cloudformation: str | None = None
    opens: str | None = None
    verified: bool = False
    changes: tuple[Change, ...] = ()

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts in which its commands are run, as far as they are known."""
        return tuple(dict.fromkeys(one.account for one in self.changes if one.account and one.commands))


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The proof that an assertion does not hold: exactly the packets that break it, one of them, and its way.

    `passed` says whether they get through, although they must not, or are stopped, although they must get through.
    """

    source: str
    destination: str
    packets: PacketSet
    example: Packet
    hops: tuple[Hop, ...]
    passed: bool

    @property
    def example_text(self) -> str:
        """The packet on one line, `tcp 10.1.10.7:32768 -> 10.50.1.20:443`."""
        one = self.example
        ends = _end(one.src, one.sport, one.protocol), _end(one.dst, one.dport, one.protocol)
        return f"{protocol_name(one.protocol)} {' -> '.join(ends)}"


def _end(address: str, port: int, protocol: int) -> str:
    if protocol not in (TCP, UDP):
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One thing a check asked, for one source: from whom, to what, and how it stands.

    `reason` says in one sentence why it is not a pass; `trace` is the walk behind a `reach`, `blocked` what lies behind
    where it stops.
    """

    source: str
    destination: str
    status: Status
    check: str
    reason: str = ""
    trace: Trace | None = None
    blocked: tuple[BlockedPath, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found, for one cause; segments with the same cause share a finding.

    `resources` holds the culprit first: the resource whose change mends it. `step` names the stage of the path
    (`name`, `route`, `security-group`, `network-acl`, `endpoint`, `policy`, `configuration`, ...), `code` the hop
    code or finding code that `mwaanet explain` knows, `aws_code` Reachability Analyzer's own code for it.
    """

    id: str
    path: str
    status: Status
    severity: Severity
    title: str
    message: str
    resources: tuple[str, ...] = ()
    code: str | None = None
    aws_code: str | None = None
    step: str = ""
    needs: tuple[CallRef, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    segments: tuple[Segment, ...] = ()
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathResult:
    """One of the four paths of an environment; `reason` where it is skipped."""

    id: str
    title: str
    status: Status
    segments: tuple[Segment, ...] = ()
    blocked_by: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """Which environment was diagnosed."""

    name: str
    arn: str
    account: str
    region: str
    access_mode: str
    routing: str
    version: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """From which snapshot."""

    created: str
    source: str
    errors: int
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The diagnosis of one environment; `findings` includes the passes (renderers leave them out unless asked).

    `names` maps resource ids to their Name tags, `locations` says where they lie, for whoever prints or draws them.
    """

    environment: Diagnosed
    snapshot: Source
    paths: tuple[PathResult, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]
    names: Mapping[str, str]
    locations: Locations

    @property
    def summary(self) -> dict[Status, int]:
        """How many findings stand how."""
        return {status: sum(finding.status is status for finding in self.findings) for status in Status}

    @property
    def status(self) -> Status:
        """The worst of the paths."""
        return Status.worst(path.status for path in self.paths)
