"""Worlds with faults, each of which names the resource to be mended: how they are drawn, and what mends them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from inspect import isfunction
from random import Random
from typing import ClassVar

from asking import Answer
from mwaanet.fixes.change import Change
from mwaanet.fixes.edits import Edits
from mwaanet.graph.network import Network
from mwaanet.paths.trace import Reachable, trace


class World(ABC):
    """A way that is open, unless a fault was called: each public method is one, but for the question."""

    EXCLUSIVE: ClassVar[Sequence[Sequence[str]]] = ()
    """Of these one at a time: the one hides the other."""
    OTHER_MENDS: ClassVar[Collection[str]] = ()
    """What is mended by another route as well, which leads past other faults."""

    @abstractmethod
    def ask(self) -> Answer: ...


def faults_of(world: type[World]) -> list[str]:
    """The methods that are faults."""
    return [name for name, method in vars(world).items() if isfunction(method) and name[0] != "_" and name != "ask"]


def drawn(world: type[World], seed: int) -> list[str]:
    """One to four faults that do not hide each other."""
    random, found = Random(seed), list[str]()
    for name in random.sample(faults_of(world), random.choice((1, 2, 2, 3, 3, 4))):
        if not any(name in group and set(found) & set(group) for group in world.EXCLUSIVE):
            found.append(name)
    return found


def broken(make: Callable[[], World], faults: Collection[str]) -> tuple[World, Mapping[str, str]]:
    """The world with these faults, and the resource of each."""
    world = make()
    return world, {fault: getattr(world, fault)() for fault in faults}


def verdict_after(answer: Answer, changes: Collection[Change]) -> Reachable:
    """What is answered once the changes are made on the snapshot."""
    edits = Edits(answer.network.inventory.snapshot)
    assert all([change.make(edits) for change in changes])
    return trace(Network(answer.network.inventory.after(edits.made())), answer.trace.question).reachable
