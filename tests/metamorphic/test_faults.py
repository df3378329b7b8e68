"""Several faults of distinct kinds on one way: what is named mends them, and nothing less does.

Two repairs that know nothing of each other are tried: the value that the resource has without its fault, and the change
that mwaanet suggests, made on the snapshot as AWS would answer afterwards.
"""

from __future__ import annotations

import pytest

from metamorphic.faults import World, broken, drawn, faults_of, verdict_after
from metamorphic.inspected_way import InspectedWay
from metamorphic.private_link import PrivateLink
from mwaanet.fixes.instruction import Instruction
from mwaanet.mending.mending import changes_of
from mwaanet.paths.trace import Reachable

pytestmark = pytest.mark.slow
SEEDS = range(12)
WORLDS: tuple[type[World], ...] = (InspectedWay, PrivateLink)
COMPANIONS = ("dc", "tgw-rtb-", "vpce-svc-", "arn:aws:elasticloadbalancing:us-east-1:")
"""What is named beside the resource at fault: the site, the table to associate, the service, the listener."""


@pytest.mark.parametrize("world", WORLDS)
def test_without_faults_the_way_is_open(world: type[World]) -> None:
    assert world().ask().verdict == "yes"


@pytest.mark.parametrize("world", WORLDS)
def test_mending_exactly_what_is_named_opens_the_way_and_less_does_not(world: type[World]) -> None:
    for seed in SEEDS:
        faults = [fault for fault in drawn(world, seed) if fault not in world.OTHER_MENDS]
        broke, resources = broken(world, faults)
        (path,) = broke.ask().blocked if faults else [None]
        if path is None:
            continue
        assert path.complete, (seed, faults)
        named = {fault for fault in faults if resources[fault] in path.resources}
        beside = set(path.resources) - set(resources.values())
        assert all(resource.startswith(COMPANIONS) for resource in beside), (seed, faults, beside)
        mended, _ = broken(world, set(faults) - named)
        assert mended.ask().verdict == "yes", (seed, faults, named)
        for resource in set(path.resources) - beside:
            left = {fault for fault in faults if fault not in named or resources[fault] == resource}
            assert broken(world, left)[0].ask().verdict == "no", (seed, faults, resource)


@pytest.mark.parametrize("world", WORLDS)
def test_making_all_suggested_changes_opens_the_way_and_making_fewer_does_not(world: type[World]) -> None:
    made = 0
    for seed in SEEDS:
        answer = broken(world, drawn(world, seed))[0].ask()
        changes = changes_of(answer.network, answer.trace, answer.blocked)
        if any(isinstance(change, Instruction) for change in changes):
            continue
        assert verdict_after(answer, changes) is Reachable.YES, (seed, changes)
        for one in changes:
            rest = [change for change in changes if change is not one]
            assert verdict_after(answer, rest) is not Reachable.YES, (seed, one)
        made += len(changes)
    assert made


@pytest.mark.parametrize(
    ("world", "fault"), [(world, fault) for world in WORLDS for fault in faults_of(world)], ids=str
)
def test_one_fault_is_the_only_thing_that_is_named(world: type[World], fault: str) -> None:
    broke, resources = broken(world, [fault])
    answer = broke.ask()
    assert answer.verdict == "no"
    assert answer.culprits[0] == resources[fault]
    assert all(resource.startswith(COMPANIONS) for resource in answer.culprits[1:])
