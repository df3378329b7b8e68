"""What changes nothing of a whole diagnosis: every finding's status, code and resources, and how the paths stand.

Other ids, lists in another order and in two files, statements of policies in parts and CIDRs of groups in halves, over
variants of the demo. Other addresses are `tests/redact`'s.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import pytest

from demos import diagnosed
from metamorphic.test_same import halves, in_two, renamed, reordered, translated
from mwaanet import demo
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.result import Diagnosis
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot
from snapshot.layouts import laid_out

pytestmark = pytest.mark.slow
Files = Mapping[str, bytes]
VARIANTS = list(demo.variants())


def said(diagnosis: Diagnosis) -> Counter[tuple[Any, ...]]:
    """What must stay: of resources which there are, of segments how many; order and places in files may change."""
    paths = [(path.id, path.status, frozenset(path.blocked_by)) for path in diagnosis.paths]
    return Counter(
        [
            *paths,
            *(
                (one.id, one.status, one.code, one.step, frozenset(one.resources), len(one.segments))
                for one in diagnosis.findings
            ),
        ]
    )


def asked(files: Files) -> Diagnosis:
    snapshot = Snapshot.from_files(files)
    assert snapshot.site_text
    return diagnose(snapshot, site=Site.parse(snapshot.site_text, "mwaanet.yaml"))


def edited(files: Files, edit: Callable[[Any], Any]) -> dict[str, bytes]:
    """The files with every JSON document edited."""
    return {
        name: json.dumps(edit(json.loads(content))).encode() if name.endswith(".json") else content
        for name, content in files.items()
    }


def in_another_order(files: Files) -> Files:
    return edited(files, lambda document: reordered(document, Random(7)))


def in_two_files(files: Files) -> Files:
    found = {"mwaanet.yaml": files["mwaanet.yaml"]}
    for name, content in laid_out(files, "by-account-and-region").items():
        folder, _, file = name.rpartition("/")
        found |= {f"{folder}/{half}": part for half, part in halves(file, content).items()}
    return found


def policies_in_parts(files: Files) -> Files:
    """A statement for each action and resource of a statement, last first, in policies as JSON and as text of JSON."""
    return edited(files, _parted)


def _parted(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("{") and '"Statement"' in value:
        return json.dumps(_parted(json.loads(value)))
    if isinstance(value, list):
        return [_parted(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _parted(item) for key, item in value.items()}
    if "Statement" in found and "Version" in found:
        found["Statement"] = [part for one in reversed(_listed(found["Statement"])) for part in _parts(one)]
    return found


def _parts(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Only `Sid` names a statement, so that the parts have none."""
    unnamed = {key: value for key, value in statement.items() if key != "Sid"}
    for action in _listed(unnamed["Action"]) if "Action" in unnamed else [None]:
        for resource in _listed(unnamed["Resource"]) if "Resource" in unnamed else [None]:
            part = {"Action": action, "Resource": resource}
            yield {**unnamed, **{key: one for key, one in part.items() if one is not None}}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def groups_in_halves(files: Files) -> Files:
    return edited(files, _halved)


def _halved(value: Any) -> Any:
    if isinstance(value, list):
        return [_halved(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _halved(item) for key, item in value.items()}
    for ranges, cidr in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")):
        if ranges in found:
            found[ranges] = [{**one, cidr: half} for one in found[ranges] for half in in_two(one[cidr])]
    return found


CHANGES = [in_another_order, in_two_files, policies_in_parts, groups_in_halves]


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=[change.__name__ for change in CHANGES])
def test_the_same_diagnosis(number: int) -> None:
    for name in VARIANTS[number :: 4 * len(CHANGES)]:
        files = CHANGES[number](demo.files(name))
        assert files != demo.files(name)
        assert said(asked(files)) == said(diagnosed(name)), name


def test_other_ids_give_the_same_diagnosis_with_these_ids() -> None:
    for name in VARIANTS[1::16]:
        files, new = renamed(demo.files(name), Random(name))
        expected = Counter({_translated(one, new): count for one, count in said(diagnosed(name)).items()})
        assert said(asked(files)) == expected, name


def _translated(value: Any, new: Mapping[str, str]) -> Any:
    if isinstance(value, tuple | frozenset):
        return type(value)(_translated(item, new) for item in value)
    return translated(value, new) if type(value) is str else value
