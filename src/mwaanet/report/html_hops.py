"""What a click on a component of a picture shows: the rules that decided there, their JSON, what is wrong, the fix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mwaanet.graph.flight import Evidence
from mwaanet.report.html_finding import FindingView, Piece, pieces
from mwaanet.report.picture import Decision, Node, Picture, State
from mwaanet.report.picture_text import SYMBOLS, kind_of, name_of

MOST_DECISIONS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """What was decided about some packets."""

    direction: str
    packets: str
    action: str
    by: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HopView:
    """A component; `node` is the id of its drawing, `said` what a screen reader says of it."""

    node: str
    kind: str
    name: str
    component: str
    owner: str
    place: str
    state: str
    style: str
    symbol: str
    said: str
    fine: bool
    decisions: Sequence[DecisionView]
    unshown: int
    findings: Sequence[FindingView]
    evidence: Sequence[Piece]
    folded: str


def hop_views(
    picture: Picture, prefix: str, findings: Mapping[int, FindingView], raw: Callable[[Evidence], str]
) -> list[HopView]:
    """All nodes of a picture, in its order; `findings` has the view of each finding by its identity."""
    places = _places(picture)
    return [
        _hop(node, f"{prefix}-n{number}", places.get(node.group, ""), findings, raw)
        for number, node in enumerate(picture.nodes)
    ]


def _hop(
    node: Node, name: str, place: str, findings: Mapping[int, FindingView], raw: Callable[[Evidence], str]
) -> HopView:
    decided = sorted(dict.fromkeys(node.decisions), key=lambda decision: list(State).index(decision.state))
    evidence = [item for decision in decided for item in decision.evidence]
    kind, called = kind_of(node), name_of(node)
    return HopView(
        node=name,
        kind=kind,
        name=called,
        component=node.component,
        owner=node.owner,
        place=place,
        state=node.state.value,
        style=node.state.name.lower().replace("_", "-"),
        symbol=SYMBOLS[node.state],
        said=f"{kind} {called}: {node.state.value}",
        fine=node.state in (State.PASSES, State.NOT_REACHED, State.UNJUDGED) and not node.findings,
        decisions=[_decision(decision) for decision in decided[:MOST_DECISIONS]],
        unshown=max(len(decided) - MOST_DECISIONS, 0),
        findings=[findings[id(finding)] for finding in node.findings],
        evidence=pieces(evidence, raw),
        folded=", ".join(node.folded),
    )


def _decision(decision: Decision) -> DecisionView:
    return DecisionView(
        direction="request" if decision.direction.value == "forward" else "reply",
        packets=decision.packets,
        action=decision.action.value,
        by=decision.by,
        code=decision.code,
    )


def _places(picture: Picture) -> dict[str, str]:
    """For every group the names of those around it and its own, the widest first."""
    places: dict[str, str] = {}
    for group in picture.groups:
        own = f"{group.level.value} {group.label or group.name}"
        around = places.get(group.parent, "")
        places[group.id] = f"{around}, {own}" if around else own
    return places
