"""Hand-made pictures, and what a name from a snapshot may hold."""

from __future__ import annotations

import itertools
from dataclasses import replace

from mwaanet.checks.result import Finding, Severity, Status
from mwaanet.graph.flight import Action
from mwaanet.report.picture import Decision, Direction, Edge, Group, Level, Node, Picture, State

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": "\"'`'\"; --> ]]> <!-- &lt; &amp;",
    "lines": "one\ntwo\r\nthree\ttabbed",
    "long": "x" * 10_000,
    "right-to-left": "\u202eevil\u2066 عربي עברית",
    "control": "\x00\x07\x1b[31mred\x9b\ud800\ufffe",
    "mermaid": ']) --> x[end]; subgraph a\nclick n0 href "javascript:alert(1)" %%{init: {}}%%',
    "dot": '"]; a -> b [URL="javascript:alert(1)"]; \\N \\" {|} <b>',
}


def decision(by: str, direction: Direction = Direction.FORWARD, state: State = State.PASSES) -> Decision:
    return Decision(
        direction=direction,
        packets="tcp 10.0.0.1 -> 10.0.0.2:443",
        action=Action.FORWARD,
        by=by,
        code="ROUTE",
        state=state,
    )


def grid(zones: int, subnets: int, nodes: int) -> Picture:
    """A VPC with so many zones, subnets in each, and nodes in each of these, in a row through all of them."""
    groups = [
        Group(id="account", level=Level.ACCOUNT, name="111122223333"),
        Group(id="region", level=Level.REGION, name="us-east-1", parent="account"),
        Group(id="vpc", level=Level.VPC, name="vpc-0a", label="apps", detail="10.0.0.0/8", parent="region"),
    ]
    made: list[Node] = []
    edges: list[Edge] = []
    for zone in range(zones):
        groups.append(Group(id=f"z{zone}", level=Level.ZONE, name=f"use1-az{zone}", parent="vpc"))
        row: list[Node] = []
        for subnet in range(subnets):
            name = f"subnet-{zone}-{subnet}"
            groups.append(Group(id=f"s:{name}", level=Level.SUBNET, name=name, parent=f"z{zone}"))
            row.extend(
                Node(
                    id=f"{name}/{n}",
                    component=f"sg-{zone}{subnet}{n}",
                    kind="security-group",
                    group=f"s:{name}",
                    state=State.PASSES,
                )
                for n in range(nodes)
            )
        for before, after in itertools.pairwise(row):
            edges.append(Edge(source=before.id, target=after.id, direction=Direction.FORWARD, state=State.PASSES))
            edges.append(Edge(source=after.id, target=before.id, direction=Direction.RETURN, state=State.PASSES))
        made.extend(row)
    return Picture(title="grid", status=Status.PASS, groups=tuple(groups), nodes=tuple(made), edges=tuple(edges))


def hostile(text: str) -> Picture:
    """A text wherever a snapshot's text can come into a picture."""
    finding = Finding(
        id="S3-REACH",
        path="s3",
        status=Status.FAIL,
        severity=Severity.HIGH,
        title=text,
        message=text,
        resources=(text,),
    )
    groups = (
        Group(id="a" + text, level=Level.ACCOUNT, name=text),
        Group(id="s" + text, level=Level.SUBNET, name=text, label=text, detail=text, parent="a" + text),
    )
    stopped = replace(decision(text, state=State.STOPPED), packets=text)
    nodes = (
        Node(
            id="1" + text,
            component=text,
            kind="route-table",
            label=text,
            group="s" + text,
            state=State.STOPPED,
            decisions=(stopped,),
        ),
        Node(id="2" + text, component="x" + text, kind=text, state=State.WARN, findings=(finding,), folded=(text,)),
    )
    edge = Edge(
        source="1" + text, target="2" + text, direction=Direction.FORWARD, state=State.STOPPED, decisions=(stopped,)
    )
    return Picture(title=text, status=Status.FAIL, groups=groups, nodes=nodes, edges=(edge,), notes=(text,))
