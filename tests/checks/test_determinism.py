"""The same snapshot gives the same report, byte for byte, whatever the order of the checks and the hash seed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from checks.cases import CHECKS, OWN_PATHS, diagnosis
from mwaanet import demo
from mwaanet.checks import diagnose as module
from mwaanet.checks.load import builtin_checks
from mwaanet.report.json_report import diagnosis_json

VARIANT = "s3-egress-and-route"
PROGRAM = """
import sys
from mwaanet import demo
from mwaanet.checks.diagnose import diagnose
from mwaanet.model.site import Site
from mwaanet.report.json_report import diagnosis_json
from mwaanet.snapshot.reader import Snapshot
snapshot = Snapshot.from_files(demo.files(sys.argv[1]))
site = Site.parse(snapshot.site_text or "", "mwaanet.yaml")
sys.stdout.write(diagnosis_json(diagnose(snapshot, site=site, paths=tuple(sys.argv[2:])), True))
"""


@pytest.fixture(scope="module")
def report() -> str:
    return diagnosis_json(diagnosis(demo.files(VARIANT)), True)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_checks_does_not_matter(seed: int, report: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shuffled = list(builtin_checks())
    random.Random(seed).shuffle(shuffled)
    assert tuple(shuffled) != builtin_checks()
    monkeypatch.setattr(module, "builtin_checks", lambda: tuple(shuffled))
    assert diagnosis_json(diagnosis(demo.files(VARIANT)), True) == report


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1", "20240229"])
def test_the_hash_seed_does_not_matter(seed: str, report: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", PROGRAM, VARIANT, *OWN_PATHS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == report


def test_the_built_in_checks_have_no_private_power(tmp_path: Path, report: str) -> None:
    """Copied into a folder and given as a user's own they find the same."""
    for file in CHECKS.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    theirs = diagnosis_json(diagnosis(demo.files(VARIANT), builtin=False, checks=tmp_path), True)
    assert json.loads(theirs) == json.loads(report)
    assert theirs == report


def test_a_user_s_checks_come_after_the_built_in_ones(tmp_path: Path) -> None:
    text = (CHECKS / "s3.yaml").read_text().replace("- id: ", "- id: OUR-")
    (tmp_path / "a.yaml").write_text(text)
    found = [finding.id for finding in diagnosis(demo.files(VARIANT), checks=tmp_path).findings if finding.path == "s3"]
    first = next(index for index, name in enumerate(found) if name.startswith("OUR-"))
    assert all(name.startswith("OUR-") for name in found[first:])
    assert {name.removeprefix("OUR-") for name in found[first:]} == set(found[:first])
