"""Mutation testing: every small change of `net` and `paths` is made, one at a time, and some test must fail.

`python tools/mutation.py` runs mutmut in build/mutation/<package>, with the tests that tests/mutation/<package>.cfg
names; what was judged before is not judged again unless its function changed. A mutant that no test notices must be
listed in tests/mutation/accepted.toml, under the reason why no test can or need notice it: otherwise this exits with 1.
So it does where the time was up before every mutant was judged.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import chdir
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "tests" / "mutation"
LINKED = ("src", "tests", "checks", "demo", "schemas", "pyproject.toml")
SURVIVED = ("survived", "no tests")


def main() -> None:
    """Judge the packages within the time, and exit with 1 where a mutant is left that nobody accepted."""
    parser = argparse.ArgumentParser(description="mutation testing")
    parser.add_argument("packages", nargs="*", default=["net", "paths"])
    parser.add_argument("--minutes", type=float, default=20, help="for all packages together")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    until = time.monotonic() + options.minutes * 60
    reasons = accepted()
    unexplained = [judge(package, until, options.processes, reasons) for package in options.packages]
    raise SystemExit(1 if any(unexplained) else 0)


def judge(package: str, until: float, processes: int, reasons: dict[str, str]) -> bool:
    """Whether mutants of a package are left unexplained; prints them and the figures."""
    folder = prepared(package)
    run(folder, until - time.monotonic(), processes)
    survivors = [change(folder, name) for name, status in results(folder) if status in SURVIVED]
    new = [one for one in survivors if one not in reasons]
    mutmut(folder, "export-cicd-stats")
    figures = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text())
    undecided = figures["total"] - sum(figures[word] for word in ("killed", "timeout", "survived", "no_tests"))
    print(
        f"{package}: {figures['total']} mutants, {figures['killed']} killed, {figures['timeout']} ran out of time, "
        f"{len(survivors) - len(new)} survived and are explained, {len(new)} survived, {undecided} not judged"
    )
    for one in new:
        print(f"  {one}")
    return bool(new or undecided)


def accepted() -> dict[str, str]:
    """The changes that no test can or need notice, each with its reason."""
    groups = tomllib.loads((LISTS / "accepted.toml").read_text())["accepted"]
    return {change: group["reason"] for group in groups for change in group["changes"]}


def prepared(package: str) -> Path:
    """The folder in which mutmut works: links to what it copies, and its settings."""
    folder = ROOT / "build" / "mutation" / package
    folder.mkdir(parents=True, exist_ok=True)
    for name in LINKED:
        link = folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(Path("../../..") / name)
    shutil.copy(LISTS / f"{package}.cfg", folder / "setup.cfg")
    return folder


def run(folder: Path, seconds: float, processes: int) -> None:
    """Let mutmut judge what it can in the time, and end it with its children."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(processes)]
    with (folder / "run.log").open("w") as log:
        started = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=log, stderr=log, start_new_session=True
        )
        try:
            status = started.wait(max(seconds, 1))
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            return
    if status:
        raise SystemExit(f"mutmut failed, see {folder / 'run.log'}")


def results(folder: Path) -> list[tuple[str, str]]:
    """The name and status of every mutant that was not killed."""
    lines = (line.strip().rpartition(": ") for line in mutmut(folder, "results").splitlines())
    return [(name, status) for name, separator, status in lines if separator]


def change(folder: Path, name: str) -> str:
    """A mutant as it is listed: its function, and the lines as they are and as it has them."""
    module, _, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    with chdir(folder):
        diff = get_diff_for_mutant(name, path=Path("src", *module.split(".")).with_suffix(".py")).splitlines()
    lines = {sign: [line[1:].strip() for line in diff if line[:1] == sign and line[:3] != sign * 3] for sign in "-+"}
    function = mangled.removeprefix("x_") if mangled.startswith("x_") else mangled.removeprefix("xǁ").replace("ǁ", ".")
    return f"{module.removeprefix('mwaanet.')}.{function}: {' '.join(lines['-'])} → {' '.join(lines['+'])}"


def mutmut(folder: Path, *arguments: str) -> str:
    """What a command of mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True).stdout


def environment() -> dict[str, str]:
    """Ours, without a path by which Python would find the code that was not changed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


if __name__ == "__main__":
    main()
