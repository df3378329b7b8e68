"""How far a collection is, on a terminal and elsewhere."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import pytest

from mwaanet.cli import collect_options
from mwaanet.cli.collect_options import said, shown
from mwaanet.collect.walk import Counts

SOME = Counts(done=120, in_flight=16, waiting=30, throttled=2, refused=1, resources=3400)
LINE = "120 calls done, 16 in flight, 30 waiting, 2 throttled, 1 refused, 3400 resources seen"


def sent_to(master: int) -> str:
    """All that was written to a pseudo-terminal so far."""
    os.set_blocking(master, False)
    sent = b""
    with suppress(BlockingIOError):
        while part := os.read(master, 1 << 16):
            sent += part
    os.close(master)
    return sent.decode()


def on_a_terminal(patch: pytest.MonkeyPatch, *, quiet: bool = False) -> str:
    """What a terminal is sent while a collection tells its counts."""
    master, slave = os.openpty()
    patch.setenv("TERM", "xterm-256color")
    patch.setenv("COLUMNS", "120")
    patch.setattr(collect_options, "_REDRAW", -1.0)
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        patch.setattr(sys, "stderr", terminal)
        with shown(quiet=quiet) as tell:
            tell(Counts(done=1, in_flight=1))
            tell(SOME)
        terminal.flush()
        return sent_to(master)


def test_a_terminal_shows_one_line_that_changes_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = on_a_terminal(monkeypatch)
    assert f"collecting: {LINE}" in sent
    assert "\x1b[?25l" in sent, "the cursor is hidden meanwhile"
    assert sent.rindex("\x1b[?25h") > sent.rindex(LINE), "and shown again at the end"
    assert sent.rindex("\x1b[2K") > sent.rindex(LINE), "where the line is erased"


def test_a_terminal_without_colours_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in on_a_terminal(monkeypatch)


def test_nothing_is_shown_to_whoever_wants_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_a_terminal(monkeypatch, quiet=True) == ""


def test_elsewhere_there_is_a_plain_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(collect_options, "_LINE_EVERY", -1.0)
    with shown(quiet=False) as tell:
        tell(SOME)
    assert capsys.readouterr().err == f"collecting: {LINE}\n"
    monkeypatch.setattr(collect_options, "_LINE_EVERY", 60.0)
    with shown(quiet=False) as tell:
        tell(SOME)
    assert capsys.readouterr().err == ""


def test_an_interruption_leaves_the_terminal_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    monkeypatch.setenv("TERM", "xterm-256color")
    with os.fdopen(slave, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with pytest.raises(KeyboardInterrupt), shown(quiet=False):
            raise KeyboardInterrupt
        terminal.flush()
        assert "\x1b[?25h" in sent_to(master)


def test_the_line_says_all_counts() -> None:
    assert said(SOME) == LINE
