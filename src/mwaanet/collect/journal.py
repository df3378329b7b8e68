"""What was answered so far, kept in one file while a collection runs, so that an interrupted one can be resumed.

One line of JSON per answered call. What was refused is not kept: it is asked again. A last line that was cut off is
not read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from mwaanet.collect.ask import Ask
from mwaanet.errors import SnapshotError

_LINE = msgspec.json.Decoder(tuple[str, dict[str, Any]])


class Journal:
    """The file `.NAME.partial` beside the snapshot that is being made."""

    def __init__(self, out: Path) -> None:
        out = Path(os.path.abspath(out))
        self.path = out.with_name(f".{out.name}.partial")
        self._file: Any = None

    def open(self, *, resume: bool) -> dict[str, dict[str, Any]]:
        """Begin, or go on; the responses that are there already, by the key of their call."""
        known = dict(self._read()) if resume else {}
        try:
            self.path.unlink(missing_ok=True)
            opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(opened, "wb", buffering=0)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        for key, response in known.items():
            self._line(key, response)
        return known

    def add(self, ask: Ask, response: dict[str, Any]) -> None:
        """Keep an answer."""
        self._line(ask.key, response)

    def close(self, *, done: bool) -> None:
        """End; the file is of no more use where the snapshot is done or nothing was answered."""
        if self._file is None:
            return
        self._file.close()
        with suppress(FileNotFoundError):  # another collection into the same place has begun anew or is done
            if done or not self.path.stat().st_size:
                self.path.unlink()

    def _line(self, key: str, response: dict[str, Any]) -> None:
        line = msgspec.json.encode([key, response]) + b"\n"
        try:
            while line:
                line = line[self._file.write(line) :]
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _read(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if not self.path.is_file():
            raise SnapshotError(str(self.path), "", "does not exist: there is nothing to resume")
        for line in self.path.read_bytes().split(b"\n"):
            try:
                key, response = _LINE.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                return
            yield key, response


def _unwritable(path: Path, error: OSError) -> SnapshotError:
    return SnapshotError(str(path), "", f"cannot be written: {error.strerror}")
