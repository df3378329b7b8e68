"""Which parts of a path's picture belong to which way, so that a reader can look at one source or destination alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from mwaanet.checks.result import Diagnosis, PathResult
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Reachable, Trace
from mwaanet.report.picture import Picture
from mwaanet.report.picture_paths import trace_picture
from mwaanet.report.verdict import protocol_text


class Way(NamedTuple):
    """One question: indices of its source and destination, of the nodes and edges it touches; whether it fails."""

    source: int
    destination: int
    nodes: Sequence[int]
    edges: Sequence[int]
    bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """All ways of a path."""

    sources: Sequence[str] = ()
    destinations: Sequence[str] = ()
    ways: Sequence[Way] = ()

    def document(self) -> list[dict[str, Any]]:
        """For the page's script: numbers only, no text of the snapshot."""
        return [
            {"from": way.source, "to": way.destination, "nodes": way.nodes, "edges": way.edges, "bad": way.bad}
            for way in self.ways
        ]


def ways_of(diagnosis: Diagnosis, path: PathResult, picture: Picture) -> Ways:
    """The ways of a path in its picture; what is folded belongs to all of them."""
    blocked: dict[int, tuple[BlockedPath, ...]] = {}
    traces: dict[int, Trace] = {}
    for segment in path.segments:
        if segment.trace is not None:
            key = id(segment.trace)
            traces[key] = segment.trace
            blocked[key] = segment.blocked or blocked.get(key, ())
    sources = _numbers(trace.question.source.name for trace in traces.values())
    destinations = _numbers(_destination(trace) for trace in traces.values())
    nodes = {node.id: number for number, node in enumerate(picture.nodes)}
    edges = {(edge.source, edge.target, edge.direction): number for number, edge in enumerate(picture.edges)}
    found = []
    for key, trace in traces.items():
        own = trace_picture(trace, blocked[key], diagnosis.names, diagnosis.locations)
        found.append(
            Way(
                source=sources[trace.question.source.name],
                destination=destinations[_destination(trace)],
                nodes=[nodes[node.id] for node in own.nodes if node.id in nodes],
                edges=[
                    edges[name] for edge in own.edges if (name := (edge.source, edge.target, edge.direction)) in edges
                ],
                bad=trace.reachable is not Reachable.YES,
            )
        )
    return Ways(sources=list(sources), destinations=list(destinations), ways=found)


def _destination(trace: Trace) -> str:
    return f"{trace.question.destination.name}, {protocol_text(trace.question)}"


def _numbers(names: Any) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}
