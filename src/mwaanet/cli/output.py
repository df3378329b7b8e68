"""Where results go: stdout, or a file that is replaced at once or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from mwaanet.errors import InputError

STDOUT = "-"


def output(text: str, file: str | None) -> None:
    """Write a result to a file, or to stdout where none is given."""
    if file is None or file == STDOUT:
        click.echo(text, nl=False, color=True)  # whether there are colours was decided when it was rendered
        return
    try:
        _replace(Path(file), text)
    except OSError as error:
        raise InputError(file, "", f"cannot be written: {error.strerror or error}") from error


def append(text: str, file: str) -> None:
    """Add a text to the end of a file."""
    try:
        with Path(file).open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(file, "", f"cannot be written: {error.strerror or error}") from error


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename, so that nobody ever reads half of it; only its owner may read it."""
    content = text.encode("utf-8", "backslashreplace")
    if path.exists() and not path.is_file():
        path.write_bytes(content)  # a pipe or /dev/null
        return
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
