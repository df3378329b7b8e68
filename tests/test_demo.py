"""The embedded demo: real shapes, variants that fit and change something, and nothing out of date."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from botocore_shapes import file_problems, snapshot_problems
from mwaanet import demo
from mwaanet.demo import Change
from mwaanet.errors import SnapshotError, UsageError

ROOT = Path(__file__).parents[1]
PATHS = ["s3", "service", "nexus", "api"]
STATUSES = {"pass", "warn", "fail", "unknown", "skip"}

every_variant = pytest.mark.parametrize("name", demo.variants())
every_broken_variant = pytest.mark.parametrize("name", [name for name in demo.variants() if name != demo.HEALTHY])


@pytest.fixture(scope="module")
def healthy() -> Mapping[str, bytes]:
    return demo.files(demo.HEALTHY)


def test_every_response_has_the_shape_that_aws_gives_it(healthy: Mapping[str, bytes]) -> None:
    assert snapshot_problems(healthy) == []


def test_the_demo_is_a_snapshot_with_its_site_file(healthy: Mapping[str, bytes]) -> None:
    manifest = json.loads(healthy["manifest.json"])
    assert manifest["format"] == 1
    assert manifest["errors"] == []
    assert set(manifest["accounts"]) == {path.split("/")[1] for path in healthy if path.startswith("accounts/")}
    assert healthy["mwaanet.yaml"].startswith(b"version: 1\n")


@every_broken_variant
def test_a_variant_changes_something_and_keeps_the_shape(healthy: Mapping[str, bytes], name: str) -> None:
    files = demo.files(name)
    different = {path for path in healthy if files.get(path) != healthy[path]}
    assert different == {change.file for change in demo.variants()[name].changes}
    assert set(files) <= set(healthy)
    problems = [file_problems(path, files[path]) for path in different & set(files) if path.startswith("accounts/")]
    assert problems == [[]] * len(problems)


@every_broken_variant
def test_each_change_of_a_variant_counts(healthy: Mapping[str, bytes], name: str) -> None:
    for change in demo.variants()[name].changes:
        assert demo.changed(healthy, [change]) != healthy


@every_variant
def test_a_variant_says_what_to_expect(name: str) -> None:
    variant = demo.variants()[name]
    assert list(variant.expect.paths) == PATHS
    accepted = {path: [status] if isinstance(status, str) else status for path, status in variant.expect.paths.items()}
    assert STATUSES.issuperset(status for statuses in accepted.values() for status in statuses)
    assert variant.breaks == [path for path in PATHS if accepted[path][0] in ("fail", "unknown")]
    fails = any("fail" in statuses or statuses == ["warn"] for statuses in accepted.values())
    assert bool(variant.expect.culprits) == fails


@every_variant
def test_a_story_is_two_sentences_and_a_title_one_line(name: str) -> None:
    variant = demo.variants()[name]
    assert len(variant.story.split(". ")) == 2
    assert variant.story.endswith(".")
    assert variant.title
    assert not variant.title.endswith(".")


@every_variant
def test_a_culprit_is_found_in_the_snapshot_or_its_site_file(name: str) -> None:
    everything = b"".join((*demo.files(demo.HEALTHY).values(), *demo.files(name).values())).decode()
    for culprit in demo.variants()[name].expect.culprits:
        ids = [culprit] if isinstance(culprit, str) else culprit
        assert all(
            one in everything or all(part in everything for part in re.split("[/.]", one, maxsplit=1)) for one in ids
        )


def test_the_default_is_one_broken_bucket_path() -> None:
    assert demo.variants()[demo.DEFAULT].breaks == ["s3"]
    assert demo.files() == demo.files(demo.DEFAULT)


def test_healthy_comes_first_and_is_whole(healthy: Mapping[str, bytes]) -> None:
    assert next(iter(demo.variants())) == demo.HEALTHY
    assert demo.variants()[demo.HEALTHY].changes == []
    assert all(demo.as_bytes(json.loads(text)) == text for path, text in healthy.items() if path.endswith(".json"))


def test_an_unknown_name_is_answered_with_the_nearest_ones() -> None:
    with pytest.raises(UsageError, match=r"no demo is called 's3-route'; did you mean .*s3-route-missing"):
        demo.files("s3-route")
    with pytest.raises(UsageError, match=r"no demo is called 'zzz'; there are healthy, .* or api-narrow-group"):
        demo.files("zzz")


@pytest.mark.slow
def test_the_demo_is_up_to_date() -> None:
    script = ROOT / "tools" / "make_demo.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def small(document: object) -> Mapping[str, bytes]:
    return {"a.json": demo.as_bytes(document)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"op": "replace", "pointer": "/Items[Id=b]/Size", "value": 9},
            {"Items": [{"Id": "a"}, {"Id": "b", "Size": 9}]},
        ),
        ({"op": "replace", "pointer": "/Items/1/Size", "value": 9}, {"Items": [{"Id": "a"}, {"Id": "b", "Size": 9}]}),
        ({"op": "remove", "pointer": "/Items[Size=2]"}, {"Items": [{"Id": "a"}]}),
        ({"op": "remove", "pointer": "/Items[Id=b][Size=2]"}, {"Items": [{"Id": "a"}]}),
        ({"op": "add", "pointer": "/Items/-", "value": 7}, {"Items": [{"Id": "a"}, {"Id": "b", "Size": 2}, 7]}),
        (
            {"op": "add", "pointer": "/Items[Id=a]/Size~1x", "value": 1},
            {"Items": [{"Id": "a", "Size/x": 1}, {"Id": "b", "Size": 2}]},
        ),
    ],
)
def test_a_change_finds_its_place(change: dict[str, Any], expected: object) -> None:
    before = {"Items": [{"Id": "a"}, {"Id": "b", "Size": 2}]}
    after = demo.changed(small(before), [Change(file="a.json", **change)])
    assert json.loads(after["a.json"]) == expected


def test_selectors_look_inside_items_and_at_plain_ones() -> None:
    calls = {"Calls": [{"Parameters": {"Bucket": "x/y"}, "Ids": ["p", "q"]}, {"Parameters": {}}, "text"]}
    pointer = "/Calls[Parameters.Bucket=x/y]/Ids[=q]"
    after = demo.changed(small(calls), [Change(file="a.json", op="remove", pointer=pointer)])
    assert json.loads(after["a.json"])["Calls"][0]["Ids"] == ["p"]


@pytest.mark.parametrize(
    ("op", "pointer", "problem"),
    [
        ("replace", "/Items[Id=z]", "0 items match"),
        ("remove", "/Items[Kind=k]", "2 items match"),
        ("remove", "/Items/5", "there is no 5"),
        ("replace", "/Things", "there is no Things"),
        ("replace", "Items", "not a pointer"),
        ("replace", "", "not a pointer"),
        ("add", "/Items", "nothing can be added here"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(op: Any, pointer: str, problem: str) -> None:
    files = small({"Items": [{"Id": "a", "Kind": "k"}, {"Id": "b", "Kind": "k"}]})
    with pytest.raises(SnapshotError, match=problem):
        demo.changed(files, [Change(file="a.json", op=op, pointer=pointer)])


def test_a_change_of_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(SnapshotError, match="no such file"):
        demo.changed({}, [Change(file="a.json", op="remove")])


def test_several_changes_of_one_file_add_up_and_a_file_may_go() -> None:
    first = Change(file="a.json", op="replace", pointer="/x", value=1)
    second = Change(file="a.json", op="add", pointer="/y", value=2)
    assert json.loads(demo.changed(small({"x": 0}), [first, second])["a.json"]) == {"x": 1, "y": 2}
    assert demo.changed(small({"x": 0}), [first, Change(file="a.json", op="remove")]) == {}


@pytest.mark.parametrize("text", ["- a list", "healthy: {title: no more}", "healthy: [", "healthy: {titel: typo}"])
def test_a_broken_list_of_variants_names_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (tmp_path / "variants.yaml").write_text(text)
    monkeypatch.setattr(demo, "demo_folder", lambda: tmp_path)
    demo._variants.cache_clear()
    with pytest.raises(SnapshotError, match=r"variants\.yaml: cannot be read"):
        demo.variants()
