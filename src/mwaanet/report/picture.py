"""A picture of packets on their way: places nested in each other, the components in them, and the ways between.

A picture is data; how it is laid out and drawn is another matter. Groups nest as on-premises site | account, Region,
VPC, Availability Zone, subnet. A component that packets meet in two subnets (a route table, a security group) is two
nodes of the same `component`. Edges go as packets travel: requests forward, replies back. All tuples are in an order
that follows from what is drawn, the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mwaanet.checks.result import Finding, Fix, Status
from mwaanet.graph.flight import Action, Evidence


class State(StrEnum):
    """How a node or an edge stands."""

    STOPPED = "stopped here"
    UNKNOWN = "unknown"
    WARN = "warn"
    PASSES = "passes"
    NOT_REACHED = "not reached"
    UNJUDGED = "not judged"

    @classmethod
    def worst(cls, *states: State) -> State:
        """The state of what has several: the first of them in the order of this enumeration."""
        order = list(cls)
        return min(states, key=order.index, default=cls.UNJUDGED)


class Direction(StrEnum):
    """Whether packets are the request's or its reply's; where none is asked about, a way may lead both ways."""

    FORWARD = "forward"
    RETURN = "return"
    EITHER = "both ways"


class Level(StrEnum):
    """The kinds of places that a group stands for, the widest first."""

    SITE = "on-premises"
    ACCOUNT = "account"
    REGION = "Region"
    VPC = "VPC"
    ZONE = "Availability Zone"
    SUBNET = "subnet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A place. `id` is unique among groups and nodes, `name` is AWS's own id of it, `label` its Name tag."""

    id: str
    level: Level
    name: str
    label: str = ""
    detail: str = ""
    """CIDR blocks of a VPC or subnet."""
    parent: str = ""
    """The id of the group around it; empty outermost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a component decided about some packets: the rule, route or state (`by`), its code, and where it was read."""

    direction: Direction
    packets: str
    action: Action
    by: str
    code: str
    state: State
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A component where packets meet it.

    `findings` are those that name it as a culprit, `owner` is what an interface belongs to, `folded` holds the
    components that a node such as "+12 more" stands for.
    """

    id: str
    component: str
    kind: str
    """One of AWS's nouns, as `Kind` has them, or `configuration` for what no packet passes (a policy, a zone)."""
    label: str = ""
    group: str = ""
    state: State = State.UNJUDGED
    owner: str = ""
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    folded: tuple[str, ...] = ()

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """How to mend what the findings say."""
        return tuple(dict.fromkeys(finding.fix for finding in self.findings if finding.fix))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way from one node to the next; `decisions` are those by which `source` let packets go on to `target`."""

    source: str
    target: str
    direction: Direction
    state: State = State.UNJUDGED
    decisions: tuple[Decision, ...] = ()

    @property
    def packets(self) -> tuple[str, ...]:
        """The packets that go this way, as the source's rule let them go."""
        return tuple(dict.fromkeys(decision.packets for decision in self.decisions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that is drawn. Groups stand behind their parents."""

    title: str
    status: Status | None = None
    groups: tuple[Group, ...] = ()
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    notes: tuple[str, ...] = ()
    """What is left out or folded, in sentences."""
