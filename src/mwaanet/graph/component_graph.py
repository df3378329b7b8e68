"""A `networkx.DiGraph` of components, filled in one pass: edges say that there is a way, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec
import networkx

from mwaanet.graph.flight import Kind

if TYPE_CHECKING:
    _DiGraph = networkx.DiGraph[str]
else:
    _DiGraph = networkx.DiGraph

_NOTHING: dict[str, Any] = {}


class Component(msgspec.Struct, frozen=True, gc=False):
    """A node's record: what it is, and the AWS record it was made from (None for what AWS does not describe)."""

    id: str
    kind: Kind
    record: Any


class ComponentGraph(_DiGraph):
    """A directed graph whose edges have no attributes of their own: all of them share one empty dictionary.

    As networkx's own `ThinGraph`, for an organisation has some hundred thousand edges
    (https://networkx.org/documentation/stable/reference/classes/digraph.html).
    """

    def edge_attr_dict_factory(self) -> dict[str, Any]:
        """What networkx keeps for an edge."""
        return _NOTHING

    _node: dict[str, dict[str, Component]]
    _succ: dict[str, dict[str, dict[str, Any]]]
    _pred: dict[str, dict[str, dict[str, Any]]]

    def fill(
        self, components: Iterable[Component], edges: Iterable[tuple[str, str]], other: Callable[[str], Component]
    ) -> None:
        """Add the components, and the edges between them and what `other` makes of an id that is none of theirs."""
        for component in components:
            self._add(component)
        ahead, back = self._succ, self._pred
        for start, end in edges:
            try:
                ahead[start][end] = back[end][start] = _NOTHING
            except KeyError:
                for name in (name for name in (start, end) if name not in ahead):
                    self._add(other(name))
                ahead[start][end] = back[end][start] = _NOTHING

    def _add(self, component: Component) -> None:
        name = component.id
        self._node[name], self._succ[name], self._pred[name] = {"component": component}, {}, {}
