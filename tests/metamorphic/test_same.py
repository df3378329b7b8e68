"""What changes nothing: other ids, another order, a CIDR in two halves, other addresses, other files.

What an answer says is compared: the verdict, the packets that pass and those that do not, every hop, and the resources
of the blocked paths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from ipaddress import ip_network
from random import Random
from typing import Any

import pytest

from dataplane.generate import topology
from dataplane.spec import Route, Topology
from metamorphic.answers import build, of_files, opened, stopped, traces
from snapshot.layouts import laid_out

pytestmark = pytest.mark.slow
SEEDS = range(7200, 7212)
_ID = re.compile(r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{17}\b")

Files = Mapping[str, bytes]


def renamed(files: Files, random: Random) -> tuple[dict[str, bytes], dict[str, str]]:
    """Every id with other digits, in all files and names of files."""
    ids = sorted({id_ for content in files.values() for id_ in _ID.findall(content.decode())})
    new = {id_: f"{id_[:-17]}{random.getrandbits(68):017x}" for id_ in ids}
    return {name: translated(content.decode(), new).encode() for name, content in files.items()}, new


def translated(text: str, new: Mapping[str, str]) -> str:
    return _ID.sub(lambda match: new.get(match[0], match[0]), text)


def reordered(value: Any, random: Random) -> Any:
    """JSON with every list in another order, but an interface's groups: the first that allows is named."""
    if isinstance(value, dict):
        return {key: item if key == "Groups" else reordered(item, random) for key, item in value.items()}
    if isinstance(value, list):
        return [reordered(item, random) for item in random.sample(value, len(value))]
    return value


def unordered(answers: list[dict[str, Any]]) -> str:
    """Answers as text, whose ways may be told in any order."""
    return json.dumps([{**answer, "hops": sorted(answer["hops"])} for answer in answers], indent=1)


def numbered(text: str) -> str:
    """A text whose ids are numbers, in their order: an interface may be named after its address."""
    found = {id_: f"{id_[:-17]}{number}" for number, id_ in enumerate(dict.fromkeys(_ID.findall(text)))}
    return translated(text, found)


@pytest.mark.parametrize("seed", SEEDS)
def test_other_ids_give_the_same_answers_with_these_ids(seed: int) -> None:
    spec, world = topology(seed), build(topology(seed))
    files, new = renamed(world.net.files(), Random(seed))
    ids = {name: new.get(id_, id_) for name, id_ in world.ids.items()}
    before = translated(json.dumps(of_files(world.net.files(), world.ids, spec)), new)
    assert unordered(of_files(files, ids, spec)) == unordered(json.loads(before))


@pytest.mark.parametrize("seed", SEEDS)
def test_another_order_of_every_list_gives_the_same_answers(seed: int) -> None:
    spec, world = topology(seed), build(topology(seed))
    files = {
        name: json.dumps(reordered(json.loads(content), Random(seed))).encode() if name.endswith(".json") else content
        for name, content in world.net.files().items()
    }
    assert unordered(of_files(files, world.ids, spec)) == unordered(of_files(world.net.files(), world.ids, spec))


@pytest.mark.parametrize("layout", ["flat", "by-team", "by-account-and-region"])
def test_other_files_give_the_same_answers(layout: str) -> None:
    for seed in SEEDS[:3]:
        spec, world = topology(seed), build(topology(seed))
        files = world.net.files()
        assert unordered(of_files(laid_out(files, layout), world.ids, spec)) == unordered(
            of_files(files, world.ids, spec)
        )


def test_a_list_in_two_files_is_one_list() -> None:
    """As `--page-size` and redirection leave it: half of the records in each of two files."""
    for seed in SEEDS[:3]:
        spec, world = topology(seed), build(topology(seed))
        files: dict[str, bytes] = {}
        for name, content in laid_out(world.net.files(), "flat").items():
            files |= halves(name, content)
        assert unordered(of_files(files, world.ids, spec)) == unordered(of_files(world.net.files(), world.ids, spec))


def halves(name: str, content: bytes) -> dict[str, bytes]:
    document = json.loads(content) if name.endswith(".json") else {}
    key, *others = document or [""]
    if others or key in ("", "Calls") or not isinstance(document[key], list) or len(document[key]) < 2:
        return {name: content}
    middle = len(document[key]) // 2
    parts = (document[key][:middle], document[key][middle:])
    return {f"{number}-{name}": json.dumps({key: part}).encode() for number, part in enumerate(parts)}


def moved(value: Any) -> Any:
    """A topology whose addresses in 10.0.0.0/8 all have one bit of the second byte turned: other, and as near."""
    if isinstance(value, str):
        return re.sub(r"\b10\.(\d+)\.", _other_byte, value) if value not in _WIDE else value
    if isinstance(value, tuple):
        return tuple(moved(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: moved(getattr(value, one.name)) for one in fields(value)})
    return value


_WIDE = {"10.0.0.0/8"}
_BIT = 64


def _other_byte(match: re.Match[str]) -> str:
    return f"10.{int(match[1]) ^ _BIT}."


@pytest.mark.parametrize("seed", SEEDS)
def test_other_addresses_give_the_same_answers(seed: int) -> None:
    spec = topology(seed)
    other: Topology = moved(spec)
    assert other != spec
    before, after = (of_files(build(one).net.files(), build(one).ids, one) for one in (spec, other))
    assert numbered(json.dumps(after)) == numbered(json.dumps(before))


def in_two(cidr: str) -> list[str]:
    """The halves of a CIDR; itself where it is a single address, or no CIDR."""
    if "/" not in cidr or cidr.endswith("/32"):
        return [cidr]
    return [str(half) for half in ip_network(cidr).subnets()]


def rules_in_two(spec: Topology) -> Topology:
    groups = [
        replace(one, rules=tuple(replace(rule, peer=half) for rule in one.rules for half in in_two(rule.peer)))
        for one in spec.groups
    ]
    return replace(spec, groups=tuple(groups))


def entries_in_two(spec: Topology) -> Topology:
    """With doubled numbers there is one for the second half."""
    acls = []
    for acl in spec.acls:
        entries = [
            replace(entry, number=2 * entry.number + number, cidr=half)
            for entry in acl.entries
            for number, half in enumerate(in_two(entry.cidr))
        ]
        acls.append(replace(acl, entries=tuple(entries)))
    return replace(spec, acls=tuple(acls))


def routes_in_two(spec: Topology) -> Topology:
    """Routes of VPCs, where neither half meets another route, a VPC's own CIDR, or what a gateway taught."""
    taught = {cidr for site in spec.sites for cidr in site.announces}
    tables = []
    for table in spec.tables:
        taken = {route.destination for route in table.routes} | taught | set(spec.vpc(table.vpc).cidrs)
        routes: list[Route] = []
        for route in table.routes:
            parts = in_two(route.destination)
            free = not set(parts) & taken and not any(
                _overlaps(route.destination, cidr) for cidr in spec.vpc(table.vpc).cidrs
            )
            routes += [replace(route, destination=one) for one in (parts if free else [route.destination])]
        tables.append(replace(table, routes=tuple(routes)))
    return replace(spec, tables=tuple(tables))


def _overlaps(one: str, other: str) -> bool:
    """Whether a route leads to a VPC's own addresses more specifically; the default route does not."""
    if "/" not in one:
        return False
    first, second = ip_network(one), ip_network(other)
    return first.overlaps(second) and first.prefixlen + 1 >= second.prefixlen


@pytest.mark.parametrize("split", [rules_in_two, entries_in_two, routes_in_two])
def test_two_halves_are_worth_the_whole(split: Callable[[Topology], Topology]) -> None:
    changed = 0
    for seed in SEEDS:
        spec = topology(seed)
        parts = split(spec)
        changed += parts != spec
        before, after = traces(spec), traces(parts)
        assert not any(opened(before, after)), seed
        assert not any(opened(after, before)), seed
        assert not any(stopped(before, after)), seed
    assert changed
