"""Files are replaced at once or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mwaanet.cli.output import output
from mwaanet.errors import InputError


def test_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    output("one\n", None)
    output("two\n", "-")
    assert capsys.readouterr().out == "one\ntwo\n"


def test_a_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("old")
    file.chmod(0o644)
    output("new\n", str(file))
    assert file.read_text() == "new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.txt"
    file.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(InputError, match="No space left on device"):
        output("new\n", str(file))
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    output("new\n", str(tmp_path / "link.txt"))
    assert (tmp_path / "real.txt").read_text() == "new\n"
    assert (tmp_path / "link.txt").is_symlink()


def test_a_device_is_written_to() -> None:
    output("gone\n", os.devnull)


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        output("new\n", str(tmp_path))


def test_odd_text_is_written_escaped(tmp_path: Path) -> None:
    output("\ud800", str(tmp_path / "odd.txt"))
    assert (tmp_path / "odd.txt").read_bytes() == b"\\ud800"
