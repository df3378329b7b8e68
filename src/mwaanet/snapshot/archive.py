"""A snapshot in one file, `.tar.gz`: reading one that may come from anybody, and writing one that is always the same.

Of an archive only regular files are taken, into memory; nothing is ever unpacked to disk. What tries to leave the
snapshot's folder, is a link or a device, or swells beyond a bound is refused.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.source import Source, check_name, check_size
from mwaanet.snapshot.tar import Member, NoTarError, members

ENDINGS = (".tar.gz", ".tgz")
"""How the name of an archive ends."""
MOST_TOTAL = 256 * 1024 * 1024
"""How many bytes an archive may hold, unpacked: they are all in memory at once, unlike a folder's."""
MOST_MEMBERS = 50_000
"""How many files and folders an archive may hold: a hundred for each of 500 accounts and Regions."""
_REST = 1 << 16


def is_archive(path: Path) -> bool:
    """Whether a path is named as an archive is."""
    return path.name.endswith(ENDINGS)


def sources_of_archive(path: Path, max_bytes: int, most_total: int = MOST_TOTAL) -> Mapping[str, Source]:
    """The regular files in an archive by their path, sorted; SnapshotError where it is none or cannot be trusted."""
    found: dict[str, bytes] = {}
    try:
        with path.open("rb") as compressed, gzip.GzipFile(fileobj=compressed) as unpacked:
            for name, content in _members(path, _Bounded(unpacked, most_total, path), max_bytes):
                if name in found:
                    raise SnapshotError(str(path), name, "is in the archive twice")
                found[name] = content
    except (NoTarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SnapshotError(str(path), "", f"is not a whole .tar.gz archive: {error}") from error
    except OSError as error:
        raise SnapshotError(str(path), "", f"cannot be read: {error.strerror or error}") from error
    return {name: Source(f"{path}/{name}", found[name]) for name in sorted(found)}


def archive_bytes(files: Mapping[str, bytes], folder: str) -> bytes:
    """An archive of the files below one folder; the same files give the same bytes."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(files):
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(files[name])
            member.mode = 0o600
            archive.addfile(member, io.BytesIO(files[name]))
    return packed.getvalue()


class _Bounded:
    """A stream that ends with an error where it holds more than it may."""

    def __init__(self, stream: gzip.GzipFile, most: int, path: Path) -> None:
        self._stream = stream
        self._most = self._left = most
        self._path = path

    def read(self, size: int) -> bytes:
        content = self._stream.read(min(size, self._left + 1))
        self._left -= len(content)
        if self._left < 0:
            raise SnapshotError(
                str(self._path), "", f"holds more than {self._most:,} bytes: unpack it and name the folder"
            )
        return content


def _members(path: Path, stream: _Bounded, max_bytes: int) -> Iterator[tuple[str, bytes]]:
    folders: set[str] = set()
    for count, member in enumerate(members(stream.read), 1):
        name = _checked(path, member)
        folder = name.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
        if max(count, len(folders)) > MOST_MEMBERS:
            problem = f"holds more than {MOST_MEMBERS:,} files or folders: unpack it and name the folder"
            raise SnapshotError(str(path), "", problem)
        if member.is_file and not any(part.startswith(".") for part in PurePosixPath(name).parts):
            check_size(f"{path}/{name}", len(member.content), max_bytes)
            yield name, member.content
    while stream.read(_REST):  # gzip tells at its end whether everything is as it was
        pass


def _checked(path: Path, member: Member) -> str:
    """The name of a member inside the snapshot; SnapshotError for what has no place in one."""
    check_name(str(path), member.name)
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\\" in member.name or "\0" in member.name:
        raise SnapshotError(str(path), member.name, "leads out of the archive")
    if not (member.is_file or member.is_folder):
        raise SnapshotError(str(path), member.name, "is a link, a device or sparse: only files belong in a snapshot")
    return os.fspath(name)
