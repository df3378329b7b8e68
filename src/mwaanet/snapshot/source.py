"""Where the bytes of a snapshot come from: the files of a folder, or a mapping held in memory.

Nothing outside the folder is ever read: a symbolic link out of it, or in a circle, is an error, and a link to another
folder inside it is passed over. A file that is too large is refused by its size, before it is read. What was looked at
may be another thing when it is opened: size and kind of what is open count, and a link in its place is an error.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from mwaanet.errors import SnapshotError

MOST_BYTES = 128 * 1024 * 1024
"""The size of the largest file that is read, unless a caller says otherwise."""
SITE_FILE = "mwaanet.yaml"
"""The site file that a snapshot may carry."""
MOST_SITE_BYTES = 2 * 1024 * 1024
"""The size of the largest one."""
MOST_FILES = 2_000_000
"""How many files a folder may hold: a hundred for each account and Region, about what 24 GiB of memory hold."""
MOST_FOLDERS = 12
"""How deep a file may lie in a snapshot."""
LONGEST_NAME = 512
"""How many characters its path inside the snapshot may have."""


class Source:
    """One file; `peek` keeps its bytes for the `read` that follows, so that they are read from disk once."""

    __slots__ = ("_kept", "_location", "_most", "path")

    def __init__(self, path: str, location: str | bytes, most: int = MOST_BYTES) -> None:
        self.path = path
        self._most = most
        self._location = location
        self._kept: bytes | None = None

    def peek(self) -> bytes:
        """The bytes; the next `read` gives the same without looking at the disk again."""
        if self._kept is None:
            self._kept = self.read()
        return self._kept

    def read(self) -> bytes:
        """The bytes."""
        kept, self._kept = self._kept, None
        if kept is not None:
            return kept
        if isinstance(self._location, bytes):
            return self._location
        try:
            with open(self._location, "rb", buffering=0, opener=_without_waiting) as file:
                info = os.fstat(file.fileno())
                if not stat.S_ISREG(info.st_mode):
                    raise SnapshotError(self.path, "", "is no regular file any more")
                check_size(self.path, info.st_size, self._most)
                return file.read()
        except OSError as error:
            raise SnapshotError(self.path, "", f"cannot be read: {error.strerror}") from error


def _without_waiting(path: str, flags: int) -> int:
    """A descriptor at once, of a pipe that nobody writes to as well; none of a link. Windows knows neither flag."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))


def sources_of(root: Path, max_bytes: int) -> Mapping[str, Source]:
    """The regular files below a folder by their relative path, sorted."""
    found = dict(_files(root, max_bytes))
    return {file: Source(*found[file], max_bytes) for file in sorted(found)}


def sources_in(files: Mapping[str, bytes], name: str, max_bytes: int) -> Mapping[str, Source]:
    """The files of a mapping, sorted by their path."""
    for file, content in files.items():
        check_name(name, file)
        check_size(f"{name}/{file}", len(content), max_bytes)
    return {file: Source(f"{name}/{file}", files[file]) for file in sorted(files)}


def _files(root: Path, max_bytes: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """Relative path, with `/`, of every regular file, with its path and the path that is opened, no link."""
    real_root = root.resolve()
    top = "" if root == Path() else str(root)
    pending = [""]
    count = 0
    while pending:
        folder = pending.pop()
        for entry in _entries(root / folder):
            file = f"{folder}/{entry.name}" if folder else entry.name
            path = os.path.join(top, file)
            if entry.name.startswith("."):
                continue
            if entry.is_symlink() and not _leads_to_file(Path(path), real_root):
                continue
            info = _info(entry, path)
            if stat.S_ISDIR(info.st_mode):
                pending.append(file)
            elif stat.S_ISREG(info.st_mode):
                check_size(path, info.st_size, max_bytes)
                count += 1
                if count > MOST_FILES:
                    raise SnapshotError(str(root), "", f"holds more than {MOST_FILES:,} files: is it a snapshot?")
                check_name(str(root), file)
                yield file, (path, os.path.realpath(path) if entry.is_symlink() else path)


def _info(entry: os.DirEntry[str], path: str) -> os.stat_result:
    try:
        return entry.stat()
    except OSError as error:
        raise SnapshotError(path, "", f"cannot be read: {error.strerror}") from error


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise SnapshotError(str(folder), "", f"cannot be read: {error.strerror}") from error


def _leads_to_file(link: Path, real_root: Path) -> bool:
    """Whether a symbolic link leads to a file inside the folder (to a folder: no, it is found there anyway)."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise SnapshotError(str(link), "", "is a symbolic link that leads nowhere, or in a circle") from error
    if not target.is_relative_to(real_root):
        raise SnapshotError(str(link), "", "is a symbolic link that leaves the snapshot: copy the file instead")
    if link.parent.resolve().is_relative_to(target):
        raise SnapshotError(str(link), "", "is a symbolic link in a circle: it leads to a folder that it lies in")
    return target.is_file()


def check_name(root: str, file: str) -> None:
    """SnapshotError where no snapshot has a file at a path: that of an archive may have millions of folders."""
    if len(file) > LONGEST_NAME or file.count("/") > MOST_FOLDERS:
        shown = file if len(file) <= LONGEST_NAME else f"{file[:LONGEST_NAME]}…"
        problem = f"lies deeper than {MOST_FOLDERS} folders, or its path has more than {LONGEST_NAME} characters"
        raise SnapshotError(root, shown, problem)


def check_size(path: str, size: int, max_bytes: int) -> None:
    """SnapshotError where a file is larger than what is read."""
    most = min(max_bytes, MOST_SITE_BYTES) if path.rpartition("/")[2] == SITE_FILE else max_bytes
    if size > most:
        raise SnapshotError(path, "", f"holds {size:,} bytes, at most {most:,} are read")
