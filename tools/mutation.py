"""Mutation testing: every small change of `net` and `paths` is made, one at a time, and some test must fail.

The tests of a mutant are those in tests/<package> that call its function, but for the slow ones. What was judged before
(build/mutation/judged.jsonl) is not judged again unless its function changed, or no test noticed it. A mutant that no
test notices must be listed in tests/mutation/accepted.toml, under the reason why no test can or need notice it:
otherwise this exits with 1. So it does where the time was up before every mutant was judged, and where one that is
listed was noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import pytest  # noqa: E402
from tools.judging import SURVIVED, TIMEOUT, Judge  # noqa: E402
from tools.mutants import Mutant, mutants_of  # noqa: E402

ACCEPTED = ROOT / "tests" / "mutation" / "accepted.toml"
JUDGED = ROOT / "build" / "mutation" / "judged.jsonl"

TESTS = (
    "tests/net",
    "tests/paths",
    *(f"--ignore=tests/paths/{name}.py" for name in ("test_random_networks", "test_one_vpc")),
)
"""Not those of random networks and of every packet: they take seconds each, for every mutant that nobody notices."""


def main() -> None:
    """Judge the packages within the time, and exit with 1 where a mutant is left that nobody accepted."""
    parser = argparse.ArgumentParser(description="mutation testing")
    parser.add_argument("packages", nargs="*", default=["net", "paths"])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    until = time.monotonic() + options.minutes * 60
    reasons = accepted()
    mutants = {package: mutants_in(package) for package in options.packages}
    judged = known()
    open_ones = [one for ones in mutants.values() for one in ones if again(one, judged.get(one.key), reasons)]
    judge(sorted(open_ones, key=lambda one: one.key in judged), judged, until, options.processes)
    fine = [summed(package, ones, judged, reasons) for package, ones in mutants.items()]
    raise SystemExit(0 if all(fine) else 1)


def mutants_in(package: str) -> list[Mutant]:
    """The mutants of a package, each once."""
    paths = sorted((ROOT / "src" / "mwaanet" / package).glob("*.py"))
    found = (mutant for path in paths for mutant in mutants_of(path, f"mwaanet.{package}.{path.stem}"))
    return list({mutant.key: mutant for mutant in found}.values())


def accepted() -> dict[str, str]:
    """The changes that no test can or need notice, each with its reason."""
    groups = tomllib.loads(ACCEPTED.read_text())["accepted"]
    return {change: group["reason"] for group in groups for change in group["changes"]}


def known() -> dict[str, str]:
    """What became of the mutants judged before, by their keys."""
    if not JUDGED.is_file():
        return {}
    lines = [json.loads(line) for line in JUDGED.read_text().splitlines()]
    return {line["key"]: line["result"] for line in lines}


def again(mutant: Mutant, result: str | None, reasons: dict[str, str]) -> bool:
    """Whether a mutant is to be judged, for the first time or because a new test may notice it."""
    return result is None or (result == SURVIVED and mutant.change not in reasons)


def judge(mutants: Iterable[Mutant], judged: dict[str, str], until: float, processes: int) -> None:
    """Judge mutants until the time is up; what becomes of each is written down at once."""
    JUDGED.parent.mkdir(parents=True, exist_ok=True)
    with JUDGED.open("a") as journal:

        def done(mutant: Mutant, result: str) -> None:
            judged[mutant.key] = result
            json.dump({"key": mutant.key, "result": result, "change": mutant.change}, journal)
            journal.write("\n")
            journal.flush()

        judge = Judge(mutants, until, processes, done)
        arguments = ["-m", "not slow", "-p", "no:cacheprovider", "--assert=plain", "--tb=native"]
        arguments += ["--capture=sys", "-o", "tmp_path_retention_policy=none", *TESTS]
        if pytest.main([f"--rootdir={ROOT}", *arguments], plugins=[judge]):
            raise SystemExit("the tests fail without any mutant")


def summed(package: str, mutants: list[Mutant], judged: dict[str, str], reasons: dict[str, str]) -> bool:
    """Whether every mutant of a package was noticed or is explained; prints the figures and what is left."""
    results = [(one.change, judged.get(one.key)) for one in mutants]
    survived = [change for change, result in results if result == SURVIVED]
    timeouts = sum(result == TIMEOUT for _, result in results)
    undecided = sum(result is None for _, result in results)
    left = [change for change in survived if change not in reasons]
    stale = [change for change in reasons if change.startswith(f"{package}.") and change not in survived]
    print(
        f"{package}: {len(mutants)} mutants, {len(mutants) - len(survived) - timeouts - undecided} killed, "
        f"{timeouts} ran out of time, {len(survived) - len(left)} survived and are explained, "
        f"{len(left)} survived, {undecided} not judged"
    )
    for change in left:
        print(f"  survived: {change}")
    for change in stale if not undecided else ():
        print(f"  listed, but noticed or gone: {change}")
    return not (left or undecided or stale)


if __name__ == "__main__":
    main()
