"""The wheel holds all that is needed: built, installed into an empty environment and run far from the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a program of an environment that holds the wheel, in an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    home = folder / "home"
    home.mkdir()
    binaries = install(build_wheel(folder / "dist"), folder / "venv")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}

    def program(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binaries / name, *arguments],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return program


def build_wheel(folder: Path, source: Path = ROOT) -> Path:
    quietly(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel alone; what it depends on is borrowed from the environment that runs this test."""
    venv.create(folder, with_pip=False)
    binaries = folder / "bin"
    python = str(binaries / "python")
    quietly(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", str(wheel))
    paths = {name: sysconfig.get_path(name) for name in ("purelib", "platlib")}
    own = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    Path(own, "borrowed.pth").write_text("\n".join(dict.fromkeys(paths.values())) + "\n")
    return binaries


def quietly(*command: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_same_files_give_the_same_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built in two folders of one commit, as from two clones."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    wheels = []
    for name in ("one", "other"):
        copy = shutil.copytree(ROOT, tmp_path / name, ignore=shutil.ignore_patterns(".*", "tests", "__pycache__"))
        (copy / "src" / "mwaanet" / "__init__.py").touch()
        wheels.append(build_wheel(tmp_path / f"dist-{name}", copy).read_bytes())
    assert wheels[0] == wheels[1]


def test_package_is_the_installed_one(run: Run) -> None:
    code = "import mwaanet, pathlib; p = pathlib.Path(mwaanet.__file__); print(p, (p.parent / 'py.typed').exists())"
    path, typed = run("python", "-c", code).stdout.split()
    assert not Path(path).is_relative_to(ROOT)
    assert typed == "True"


@pytest.mark.parametrize(("function", "pattern"), [("checks_folder", "*.yaml"), ("demo_folder", "**/*.json")])
def test_resources_are_in_the_wheel(run: Run, function: str, pattern: str) -> None:
    code = f"from mwaanet.resources import {function} as f; print(f()); print(len(list(f().glob('{pattern}'))))"
    done = run("python", "-c", code)
    assert done.returncode == 0, done.stderr
    folder, files = done.stdout.splitlines()
    assert not Path(folder).is_relative_to(ROOT)
    assert int(files) > 0


def test_the_schema_is_in_the_wheel(run: Run) -> None:
    code = (
        "import mwaanet, pathlib; print((pathlib.Path(mwaanet.__file__).parent / '_schemas/topology.json').read_text())"
    )
    done = run("python", "-c", code)
    assert done.stdout.rstrip() == (ROOT / "schemas" / "topology.json").read_text(encoding="utf-8").rstrip()


def test_pytest_finds_the_plugin(run: Run) -> None:
    done = run("python", "-m", "pytest", "--help")
    assert done.returncode == 0, done.stderr
    assert "--mwaanet-snapshot=DIR" in done.stdout


def test_version(run: Run) -> None:
    done = run("mwaanet", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mwaanet ")


def test_healthy_demo_passes(run: Run) -> None:
    done = run("mwaanet", "diagnose", "env", "--demo", "healthy")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_explain(run: Run) -> None:
    done = run("mwaanet", "explain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
