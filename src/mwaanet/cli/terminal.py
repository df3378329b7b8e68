"""The terminal: its width, whether it takes colours and characters beyond ASCII, and progress on stderr.

Results go to stdout, everything else to stderr. Colours follow https://no-color.org and https://force-color.org;
`--no-color` wins over both.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from rich.console import Console

from mwaanet.report.layout import MIN_WIDTH, Look

DEFAULT_WIDTH = 80
PATIENCE = 1.0
"""Seconds of work before progress is shown."""

Command = TypeVar("Command", bound=Callable[..., Any])


def no_color_option(command: Command) -> Command:
    """The option `--no-color`."""
    text = "No colours, even on a terminal (as does the variable NO_COLOR; FORCE_COLOR wants them everywhere)."
    return click.option("--no-color", is_flag=True, help=text)(command)


def look(*, no_color: bool = False, to_file: bool = False) -> Look:
    """How results are to look on stdout, or in a file."""
    terminal = not to_file and is_terminal(sys.stdout)
    return Look(
        width=_width(terminal),
        colour=not (no_color or to_file) and _colour(terminal),
        unicode=to_file or _takes_unicode(),
    )


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Say what goes on, on stderr, while the block runs; only on a terminal and only if it takes its time."""
    if not is_terminal(sys.stderr):
        yield
        return
    status = Console(file=sys.stderr, no_color=no_color_wanted()).status(message)
    lock, done = threading.Lock(), threading.Event()

    def show() -> None:
        with lock:
            if not done.is_set():
                status.start()

    timer = threading.Timer(PATIENCE, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        done.set()
        with lock:
            status.stop()


def no_color_wanted() -> bool:
    """Whether the environment asks for no colours."""
    return bool(os.environ.get("NO_COLOR"))


def is_terminal(stream: Any) -> bool:
    """Whether a stream is one that a person looks at."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # replaced or closed
        return False


def _width(terminal: bool) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdecimal() and len(columns) < 6 and int(columns) > 0:
        return max(int(columns), MIN_WIDTH)
    return max(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, MIN_WIDTH) if terminal else DEFAULT_WIDTH


def _colour(terminal: bool) -> bool:
    if no_color_wanted():
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def _takes_unicode() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "").replace("_", "") in ("utf8", "utf16", "utf32", "utf8sig")
