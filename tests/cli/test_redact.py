"""`mwaanet redact` from the outside."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mwaanet import demo
from mwaanet.cli.main import cli
from mwaanet.snapshot import Snapshot


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["redact", *map(str, arguments)])


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    for file, content in demo.files(demo.HEALTHY).items():
        path = tmp_path / "estate" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "estate"


def test_a_folder_becomes_a_folder_that_only_its_owner_reads(estate: Path, tmp_path: Path) -> None:
    out = tmp_path / "shown"
    result = run(estate, out)
    assert result.exit_code == 0, result.output
    assert f"{out}: " in result.stderr
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [out, *out.rglob("*")]}
    assert modes == {0o700, 0o600}
    assert "111122223333" not in Snapshot.open(out).manifest.accounts


def test_an_archive_becomes_an_archive(estate: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "shown.tar.gz", tmp_path / "again.tar.gz"
    assert run(estate, first).exit_code == 0
    assert run(first, second).exit_code == 0
    assert stat.S_IMODE(second.stat().st_mode) == 0o600
    assert len(Snapshot.open(second).documents) == len(Snapshot.open(estate).documents)


def test_a_seed_in_a_file_is_the_same_seed(estate: Path, tmp_path: Path) -> None:
    (tmp_path / "seed.txt").write_text("x\n")
    assert run(estate, tmp_path / "a.tar.gz", "--seed", "x").exit_code == 0
    assert run(estate, tmp_path / "b.tar.gz", "--seed-file", tmp_path / "seed.txt").exit_code == 0
    accounts = [list(Snapshot.open(tmp_path / f"{name}.tar.gz").manifest.accounts) for name in "ab"]
    assert accounts[0] == accounts[1]


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (None, (), "cannot be read"),
        (b"\n", (), "holds no seed"),
        (b"\xff", (), "cannot be read"),
        (b"x", ("--seed", "x"), "exclude"),
    ],
)
def test_a_seed_that_is_none(
    content: bytes | None, more: tuple[str, ...], words: str, estate: Path, tmp_path: Path
) -> None:
    file = tmp_path / "seed.txt"
    if content is not None:
        file.write_bytes(content)
    result = run(estate, tmp_path / "out", "--seed-file", file, *more)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_seed_makes_it_the_same_each_time(estate: Path, tmp_path: Path) -> None:
    for name, seed in (("a", "x"), ("b", "x"), ("c", "y")):
        assert run(estate, tmp_path / f"{name}.tar.gz", "--seed", seed).exit_code == 0
    accounts = [list(Snapshot.open(tmp_path / f"{name}.tar.gz").manifest.accounts) for name in "abc"]
    assert accounts[0] == accounts[1] != accounts[2]


def test_nothing_is_overwritten(estate: Path, tmp_path: Path) -> None:
    out = tmp_path / "there"
    out.mkdir()
    result = run(estate, out)
    assert result.exit_code == 2
    assert "exists" in result.stderr
    assert list(out.iterdir()) == []
    assert run(estate, estate).exit_code == 2


def test_what_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    assert run(tmp_path / "none", tmp_path / "shown").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_nothing_behind(estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mwaanet.snapshot.writer._replace_folder", interrupted)
    assert run(estate, tmp_path / "shown").exit_code == 130
    assert [path.name for path in tmp_path.iterdir()] == ["estate"]
