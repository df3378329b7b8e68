"""What was answered so far, kept in one file while a collection runs, so that an interrupted one can be resumed.

One line of JSON per answered call. What was refused is not kept: it is asked again. A last line that was cut off is
not read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mwaanet.collect.ask import Ask
from mwaanet.errors import SnapshotError


class Journal:
    """The file `.NAME.partial` beside the snapshot that is being made."""

    def __init__(self, out: Path) -> None:
        self.path = out.with_name(f".{out.name}.partial")
        self._file: Any = None

    def open(self, *, resume: bool) -> dict[str, dict[str, Any]]:
        """Begin, or go on; the responses that are there already, by the key of their call."""
        known = dict(self._read()) if resume else {}
        try:
            self.path.unlink(missing_ok=True)
            self._file = os.fdopen(
                os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            )
        except OSError as error:
            raise SnapshotError(str(self.path), "", f"cannot be written: {error.strerror}") from error
        for key, response in known.items():
            self._line(key, response)
        self._file.flush()
        return known

    def add(self, ask: Ask, response: dict[str, Any]) -> None:
        """Keep an answer."""
        self._line(ask.key, response)
        self._file.flush()

    def close(self, *, done: bool) -> None:
        """End; the file is of no more use where the snapshot is done or nothing was answered."""
        if self._file is not None:
            self._file.close()
            if done or not self.path.stat().st_size:
                self.path.unlink()

    def _line(self, key: str, response: dict[str, Any]) -> None:
        self._file.write(json.dumps([key, response], ensure_ascii=False) + "\n")

    def _read(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if not self.path.is_file():
            raise SnapshotError(str(self.path), "", "does not exist: there is nothing to resume")
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                key, response = json.loads(line)
            except ValueError:
                return
            yield key, response
