"""Drafts of a picture's nodes and edges, collected hop by hop and made into a picture at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mwaanet.checks.result import Finding, Status
from mwaanet.graph.flight import Action, Hop
from mwaanet.graph.location import Location, Locations
from mwaanet.report.picture import Decision, Direction, Edge, Group, Level, Node, Picture, State
from mwaanet.report.picture_stops import Spot, Stop

_STOPS = (Action.DENY, Action.DROP)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A node in the making."""

    id: str
    spot: Spot
    kind: str
    label: str = ""
    states: list[State] = field(default_factory=list)
    decisions: dict[Decision, None] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The worst of what it did to packets."""
        return State.worst(*self.states)


class Canvas:
    """What is drawn so far, in the order in which it was first met."""

    def __init__(self, names: Mapping[str, str], locations: Locations) -> None:
        self.names, self.locations = names, locations
        self.drafts: dict[str, Draft] = {}
        self._edges: dict[tuple[str, str, Direction], tuple[list[State], dict[Decision, None]]] = {}

    def node(self, spot: Spot, kind: str, number: int = 0) -> Draft:
        """The draft of a component at a place; `number` tells apart the times that one way comes by."""
        natural = spot.location == self.locations.of(spot.component)
        name = spot.component if natural else f"{spot.component}@{spot.location.subnet or spot.location.vpc}"
        name = f"{name}#{number + 1}" if number else name
        if name not in self.drafts:
            label = self.names.get(spot.component, "")
            self.drafts[name] = Draft(id=name, spot=spot, kind=kind, label=label)
        return self.drafts[name]

    def edge(
        self, source: str, target: str, direction: Direction, state: State, decisions: Iterable[Decision] = ()
    ) -> None:
        """Draw a way, or add to what goes by it."""
        if source != target:
            states, decided = self._edges.setdefault((source, target, direction), ([], {}))
            states.append(state)
            decided.update(dict.fromkeys(decisions))

    def leg(self, passed: Sequence[Stop], numbers: Sequence[int], direction: Direction) -> list[Draft]:
        """One way that packets took; after a hop whose decision is not known everything is in doubt."""
        drawn: list[Draft] = []
        state = State.PASSES
        before: list[Decision] = []
        for stop, number in zip(passed, numbers, strict=True):
            draft = self.node(stop.spot, stop.kind.value, number)
            decisions = [decision(hop, direction) for hop in stop.hops]
            draft.decisions.update(dict.fromkeys(decisions))
            draft.states.extend(one.state for one in decisions)
            if drawn:
                self.edge(drawn[-1].id, draft.id, direction, state, before)
            if any(one.state is State.UNKNOWN for one in decisions):
                state = State.UNKNOWN
            drawn.append(draft)
            before = decisions
        return drawn

    def nodes_of(self, component: str) -> list[Draft]:
        """The drafts of a component: those where packets stop, if there are any."""
        found = [draft for draft in self.drafts.values() if draft.spot.component == component]
        return [draft for draft in found if draft.state is State.STOPPED] or found

    def picture(self, title: str, status: Status | None, notes: Iterable[str] = ()) -> Picture:
        """The picture of everything drawn."""
        groups: dict[str, Group] = {}
        nodes = []
        for draft in self.drafts.values():
            chain = groups_around(draft.spot.location, self.names, self.locations)
            groups.update((group.id, group) for group in chain if group.id not in groups)
            nodes.append(
                Node(
                    id=draft.id,
                    component=draft.spot.component,
                    kind=draft.kind,
                    label=draft.label,
                    group=chain[-1].id if chain else "",
                    state=draft.state,
                    decisions=tuple(draft.decisions),
                    findings=tuple(draft.findings.values()),
                )
            )
        edges = tuple(
            Edge(source=source, target=target, direction=way, state=State.worst(*states), decisions=tuple(decided))
            for (source, target, way), (states, decided) in self._edges.items()
        )
        return Picture(
            title=title,
            status=status,
            groups=tuple(groups.values()),
            nodes=tuple(nodes),
            edges=edges,
            notes=tuple(dict.fromkeys(notes)),
        )


def decision(hop: Hop, direction: Direction) -> Decision:
    """What a hop decided, as a picture tells it."""
    state = State.STOPPED if hop.action in _STOPS else State.UNKNOWN if hop.action is Action.UNKNOWN else State.PASSES
    return Decision(
        direction=direction,
        packets=hop.packets.describe(),
        action=hop.action,
        by=hop.by,
        code=hop.code.value,
        state=state,
        evidence=hop.evidence,
    )


def groups_around(location: Location, names: Mapping[str, str], locations: Locations) -> list[Group]:
    """The groups around a location, the widest first."""
    places = [
        (Level.SITE, f"site:{location.site}", location.site),
        (Level.ACCOUNT, f"account:{location.account}", location.account),
        (Level.REGION, f"region:{location.account}/{location.region}", location.region),
        (Level.VPC, f"vpc:{location.vpc}", location.vpc),
        (Level.ZONE, f"zone:{location.vpc}/{location.zone}", location.zone),
        (Level.SUBNET, f"subnet:{location.subnet}", location.subnet),
    ]
    found: list[Group] = []
    for level, key, name in places:
        if name:
            blocks = locations.blocks(name) if level in (Level.VPC, Level.SUBNET) else ()
            found.append(
                Group(
                    id=key,
                    level=level,
                    name=name,
                    label=names.get(name, ""),
                    detail=", ".join(blocks),
                    parent=found[-1].id if found else "",
                )
            )
    return found
