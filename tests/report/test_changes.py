"""Comparisons rendered: golden files, widths, and names with every character that a format escapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from builder import topology
from changes.test_compare import compared
from checks.asserting import loaded
from mwaanet.changes.compare import Comparison, compare
from mwaanet.changes.trying import Side
from mwaanet.names.route53_profile import NO_PROFILES
from mwaanet.report.changes_json import changes_json
from mwaanet.report.changes_markdown import changes_markdown
from mwaanet.report.changes_text import changes_text
from mwaanet.snapshot import Snapshot

Golden = Callable[[str, str], None]


@cache
def two_faults() -> Comparison:
    return compared("healthy", "s3-egress-and-route")


def text(comparison: Comparison, width: int = 80, *, everything: bool = False) -> str:
    return changes_text(comparison, width=width, colour=False, unicode=True, everything=everything)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    ("name", "variant"),
    [("two-faults", "s3-egress-and-route"), ("unknown", "refused-endpoints"), ("closed", "api-narrow-group")],
)
def test_text(golden: Golden, name: str, variant: str, width: int) -> None:
    rendered = text(compared("healthy", variant), width)
    assert max(map(len, rendered.splitlines())) <= width
    golden(f"changes-{name}-{width}.txt", rendered)


def test_markdown(golden: Golden) -> None:
    golden("changes-two-faults.md", changes_markdown(two_faults()))


def test_json(golden: Golden) -> None:
    rendered = changes_json(two_faults())
    version = json.loads(rendered)["tool"]
    golden("changes-two-faults.json", rendered.replace(version, "mwaanet"))


def test_what_each_snapshot_s_answers_take_for_granted_is_told() -> None:
    """Of the old snapshot nobody was asked for Route 53 Profiles, by which the VPC may have names."""
    check = "version: 1\nassertions: [{id: name, resolve: {name: absent.corp.example, from: 10.1.1.10}}]\n"
    old, new = topology(), topology()
    for net in (old, new):
        net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24").interface("10.1.1.10")
    old.drop_call(old.account_id, old.name, "route53profiles", "list-profile-associations")
    sides = [Side.of(Snapshot.from_files(net.files()), None, None) for net in (old, new)]
    comparison = compare(sides[0], sides[1], loaded(check).checks)
    assert (comparison.assumed_before, comparison.assumed_after) == ((NO_PROFILES,), ())
    told = json.loads(changes_json(comparison))
    assert (told["old"]["assumptions"], told["new"]["assumptions"]) == ([NO_PROFILES], [])
    assert f"  • in the old snapshot: {NO_PROFILES}" in text(comparison, 200)
    assert f"- in the old snapshot: {NO_PROFILES}" in changes_markdown(comparison)


def test_everything_is_shown_where_it_is_asked_for() -> None:
    comparison = compared("healthy", "refused-endpoints")
    assert text(comparison, everything=True).count("unknown") > text(comparison).count("unknown")
    shown = text(two_faults(), everything=True)
    assert "RouteTableIds: rtb-01c1453376d2164e6 removed" in shown


def test_names_cannot_write_markdown_or_control_the_terminal() -> None:
    hostile = "a|b](http://x) <img> `c` \x1b[31m"
    comparison = replace(two_faults(), environment=hostile, names={"rtb-01c1453376d2164e6": hostile})
    rendered = changes_markdown(comparison)
    assert "\x1b" not in rendered + text(comparison)
    outside = re.sub(r"`[^`\n]*`", "", rendered)
    assert "<img>" not in outside
    assert not re.search(r"(?<!\\)\]\(http", outside)


def test_the_page_shows_what_is_printed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
    assert text(two_faults()) in page
