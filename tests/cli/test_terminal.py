"""What is made of the terminal."""

from __future__ import annotations

import io
import os
import sys
import time

import pytest

from mwaanet.cli import terminal


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No variable says anything of the terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return monkeypatch


def attach(patch: pytest.MonkeyPatch, stream: io.StringIO) -> io.StringIO:
    """Put a stream in the place of stdout and stderr; not in a fixture, for pytest puts its own there afterwards."""
    patch.setattr(sys, "stdout", stream)
    patch.setattr(sys, "stderr", stream)
    return stream


class TestColour:
    def test_on_a_terminal(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, Screen())
        assert terminal.look().colour

    def test_not_into_a_pipe(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, io.StringIO())
        assert not terminal.look().colour

    @pytest.mark.parametrize(
        ("variables", "colour"),
        [
            ({"NO_COLOR": "1"}, False),
            ({"NO_COLOR": ""}, True),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
            ({"TERM": "dumb"}, False),
            ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ],
    )
    def test_variables(self, patch: pytest.MonkeyPatch, variables: dict[str, str], colour: bool) -> None:
        attach(patch, Screen())
        for name, value in variables.items():
            patch.setenv(name, value)
        assert terminal.look().colour is colour

    def test_the_option_wins(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, Screen())
        patch.setenv("FORCE_COLOR", "1")
        assert not terminal.look(no_color=True).colour

    def test_never_in_a_file(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, Screen())
        patch.setenv("FORCE_COLOR", "1")
        assert not terminal.look(to_file=True).colour


class TestWidth:
    def test_of_a_pipe(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, io.StringIO())
        assert terminal.look().width == 80

    @pytest.mark.parametrize(("columns", "width"), [("100", 100), ("10", 40), ("0", 80), ("9" * 5000, 80), ("x", 80)])
    def test_of_the_variable(self, patch: pytest.MonkeyPatch, columns: str, width: int) -> None:
        attach(patch, io.StringIO())
        patch.setenv("COLUMNS", columns)
        assert terminal.look().width == width

    def test_of_the_terminal(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, Screen())
        patch.setattr("shutil.get_terminal_size", lambda fallback: os.terminal_size((132, 50)))
        assert terminal.look().width == 132


class TestUnicode:
    @pytest.mark.parametrize(
        ("encoding", "unicode"), [("utf-8", True), ("UTF8", True), ("ascii", False), ("latin-1", False), (None, False)]
    )
    def test_goes_by_the_encoding(self, patch: pytest.MonkeyPatch, encoding: str | None, unicode: bool) -> None:
        attach(patch, Screen())
        patch.setattr(Screen, "encoding", encoding)
        assert terminal.look().unicode is unicode

    def test_always_in_a_file(self, patch: pytest.MonkeyPatch) -> None:
        attach(patch, Screen())
        patch.setattr(Screen, "encoding", "ascii")
        assert terminal.look(to_file=True).unicode


class TestProgress:
    def test_is_silent_where_it_is_quick(self, patch: pytest.MonkeyPatch) -> None:
        screen = attach(patch, Screen())
        with terminal.progress("working"):
            pass
        assert "working" not in screen.getvalue()

    def test_is_shown_where_it_takes_its_time(self, patch: pytest.MonkeyPatch) -> None:
        screen = attach(patch, Screen())
        patch.setattr(terminal, "PATIENCE", 0.01)
        with terminal.progress("working"):
            deadline = time.monotonic() + 5
            while "working" not in screen.getvalue() and time.monotonic() < deadline:
                time.sleep(0.01)
        assert "working" in screen.getvalue()

    def test_is_never_shown_in_a_pipe(self, patch: pytest.MonkeyPatch) -> None:
        pipe = attach(patch, io.StringIO())
        patch.setattr(terminal, "PATIENCE", 0)
        with terminal.progress("working"):
            time.sleep(0.05)
        assert pipe.getvalue() == ""

    def test_a_closed_stream_is_no_terminal(self, patch: pytest.MonkeyPatch) -> None:
        pipe = attach(patch, io.StringIO())
        pipe.close()
        with terminal.progress("working"):
            pass
