"""What the kernel is told: namespaces, the links between them, and what `ip -batch` and `nft -f` read in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Port(NamedTuple):
    """One end of a link: a device in a namespace."""

    space: str
    device: str


@dataclass
class Space:
    """One network namespace."""

    ip: list[str] = field(default_factory=list)
    nft: list[str] = field(default_factory=list)


@dataclass
class Plan:
    spaces: dict[str, Space] = field(default_factory=dict)
    links: list[tuple[Port, Port]] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    """In which namespace an end of a flow lives."""

    def space(self, name: str) -> Space:
        return self.spaces.setdefault(name, Space())

    def link(self, one: Port, other: Port) -> None:
        for port in (one, other):
            self.space(port.space)
        self.links.append((one, other))


def chain(name: str, rules: Iterable[str], hook: str = "") -> list[str]:
    """A chain of nftables; with a hook it is where packets enter."""
    return [f"chain {name} {{", *([f"type {hook};"] if hook else []), *rules, "}"]


def table(*chains: list[str]) -> list[str]:
    return ["table ip plane {", *(line for one in chains for line in one), "}"]


def ports_of(protocol: str, ports: tuple[int, int] | None) -> str:
    """The match on a protocol and its destination ports."""
    if protocol == "all":
        return ""
    if ports is None:
        return f"meta l4proto {protocol}"
    return f"{protocol} dport {ports[0]}-{ports[1]}"
