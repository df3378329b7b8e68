"""Writing a snapshot so that there is a whole one or none: into a temporary sibling, renamed at the end.

Folders get mode 0700 and files 0600, for they tell where things are.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.archive import ENDINGS, archive_bytes, is_archive
from mwaanet.snapshot.reader import MANIFEST

_OURS = frozenset({"accounts", MANIFEST})
"""What a snapshot's folder holds of ours; the rest (the site file, a repository) is the user's."""


def check_target(out: Path) -> None:
    """SnapshotError where a snapshot cannot be written to a path: no folder for it, or something else lies there."""
    if not out.absolute().parent.is_dir():
        raise SnapshotError(str(out), "", "cannot be written: its folder does not exist")
    if is_archive(out):
        if out.is_dir():
            raise SnapshotError(str(out), "", "is a folder, expected a .tar.gz archive")
        return
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise SnapshotError(str(out), "", "exists and is no folder: name a folder or a file that ends with .tar.gz")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise SnapshotError(str(out), "", "holds something else: name a new folder, or one that is a snapshot")


def write_snapshot(out: Path, files: Mapping[str, bytes]) -> None:
    """Write the files as a folder, or as one archive where the path says so; what was there before is replaced."""
    check_target(out)
    out = Path(os.path.abspath(out))
    sibling = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        if is_archive(out):
            _write_file(sibling, archive_bytes(files, _folder_name(out)))
            os.replace(sibling, out)
        else:
            _write_folder(sibling, files)
            _replace_folder(sibling, out)
    except OSError as error:
        raise SnapshotError(str(out), "", f"cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(sibling, ignore_errors=True)
        sibling.unlink(missing_ok=True)


def _folder_name(out: Path) -> str:
    return next(out.name.removesuffix(suffix) for suffix in ENDINGS if out.name.endswith(suffix)) or "snapshot"


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(mode=0o700)
    made = {folder}
    for name, content in files.items():
        path = folder / name
        missing = [parent for parent in path.parents if parent not in made and parent.is_relative_to(folder)]
        for parent in reversed(missing):
            parent.mkdir(mode=0o700)
        made.update(missing)
        _write_file(path, content)


def _write_file(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _replace_folder(new: Path, out: Path) -> None:
    """Rename a folder to where another may lie; what people have put beside the answers there is kept."""
    old = out.with_name(f"{new.name}.old")
    if out.exists():
        os.rename(out, old)
    try:
        for entry in sorted(old.iterdir()) if old.exists() else ():
            if entry.name not in _OURS:
                os.rename(entry, new / entry.name)
        os.rename(new, out)
    except BaseException:
        if old.exists():
            for entry in sorted(new.iterdir()):
                if entry.name not in _OURS:
                    os.rename(entry, old / entry.name)
            os.rename(old, out)
        raise
    shutil.rmtree(old, ignore_errors=True)
