"""Opening a snapshot: the contract's layout, or any folder of describe output."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.adapters import foreign_document
from mwaanet.snapshot.document import Document, Kind
from mwaanet.snapshot.manifest import Home, Manifest
from mwaanet.snapshot.operations import OPERATIONS, CallRef
from mwaanet.snapshot.place import fill_places

MOST_BYTES = 256 * 1024 * 1024
"""The largest file that is read unless a caller says otherwise."""
MOST_FILES = 200_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why AWS refused a call."""

    code: str
    message: str


@dataclass(frozen=True)
class Snapshot:
    """An opened snapshot: its manifest, its documents, what was refused and what was skipped."""

    name: str
    manifest: Manifest
    documents: tuple[Document, ...]
    skipped: tuple[str, ...]
    site_text: str | None = None
    """The text of the site file inside the snapshot, if there is one."""
    native: bool = True
    """Whether it is laid out as the format says; a foreign folder is not."""

    @property
    def refused(self) -> Mapping[CallRef, Refusal]:
        """Refused calls that take no argument."""
        return {
            CallRef(error.account, error.region, error.service, error.operation): Refusal(error.code, error.message)
            for error in self.manifest.errors
        }

    @classmethod
    def open(cls, path: str | Path, max_bytes: int = MOST_BYTES) -> Snapshot:
        """Open a folder; SnapshotError where it is none, holds nothing known, or a file cannot be used."""
        root = Path(path)
        if not root.is_dir():
            raise SnapshotError(str(path), "", "is not a folder" if root.exists() else "does not exist")
        loaders = {file: partial(_read, root, file) for file in _files(root, max_bytes)}
        return cls._of(str(path), loaders)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], name: str = "snapshot") -> Snapshot:
        """Open a snapshot held in memory: relative path to bytes."""
        return cls._of(name, {file: partial(_held, content) for file, content in files.items()})

    @classmethod
    def _of(cls, name: str, loaders: Mapping[str, partial[bytes]]) -> Snapshot:
        documents: list[Document] = []
        foreign: list[Document] = []
        skipped: list[str] = []
        for file in sorted(loaders):
            if not file.endswith(".json") or file == "manifest.json":
                continue
            document = _native(file, loaders[file])
            if document is not None:
                documents.append(document)
                continue
            found = foreign_document(file, loaders[file])
            if found:
                foreign.extend(found)
            else:
                skipped.append(file)
        documents.extend(fill_places(foreign))
        if not documents:
            problem = "no file in it is a response that mwaanet knows" if skipped else "holds no JSON file"
            raise SnapshotError(name, "", problem)
        manifest = _manifest(loaders, documents)
        site = loaders.get("mwaanet.yaml")
        return cls(
            name=name,
            manifest=manifest,
            documents=tuple(documents),
            skipped=tuple(skipped),
            site_text=_text(name, site) if site else None,
            native="manifest.json" in loaders,
        )


def _text(name: str, load: partial[bytes]) -> str:
    try:
        return load().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SnapshotError(f"{name}/mwaanet.yaml", "", "is not UTF-8 text") from error


def _held(content: bytes) -> bytes:
    return content


def _read(root: Path, file: str) -> bytes:
    try:
        return (root / file).read_bytes()
    except OSError as error:
        raise SnapshotError(str(root / file), "", error.strerror or "cannot be read") from error


def _files(root: Path, max_bytes: int) -> Iterator[str]:
    """Relative paths of the regular files below the folder; links are not followed."""
    pending = [root]
    count = 0
    while pending:
        folder = pending.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                relative = str(Path(entry.path).relative_to(root))
                if entry.is_symlink():
                    _check_link(root, Path(entry.path), relative)
                    if not entry.is_file():
                        continue
                elif entry.is_dir():
                    pending.append(Path(entry.path))
                    continue
                if not entry.name.endswith((".json", ".yaml")):
                    continue
                count += 1
                if count > MOST_FILES:
                    raise SnapshotError(str(root), "", f"holds more than {MOST_FILES} files")
                size = entry.stat().st_size
                if size > max_bytes:
                    raise SnapshotError(
                        str(root / relative), "", f"is {size} bytes, more than the limit of {max_bytes}"
                    )
                yield relative


def _check_link(root: Path, link: Path, relative: str) -> None:
    """A link is an error where it loops or leaves the folder; a link to a folder inside is passed over."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise SnapshotError(str(root / relative), "", "is a symbolic link that leads nowhere (a loop?)") from error
    if not target.is_relative_to(root.resolve()):
        raise SnapshotError(str(root / relative), "", "is a symbolic link out of the snapshot")
    if target.is_dir():
        raise SnapshotError(str(root / relative), "", "is a symbolic link to a folder")


def _native(file: str, load: partial[bytes]) -> Document | None:
    """The document at a path of the contract's layout."""
    parts = file.split("/")
    if len(parts) != 5 or parts[0] != "accounts":
        return None
    _, account, region, service, name = parts
    operation = OPERATIONS.get((service, name.removesuffix(".json")))
    if operation is None or not account.isdigit():
        return None
    kind = Kind.CALLS if operation.parameters else Kind.RESPONSE
    return Document(CallRef(account, region, service, operation.name), file, kind, load)


def _manifest(loaders: Mapping[str, partial[bytes]], documents: list[Document]) -> Manifest:
    load = loaders.get("manifest.json")
    if load is not None:
        try:
            manifest = msgspec.json.decode(load(), type=Manifest)
        except msgspec.ValidationError as error:
            raise SnapshotError("manifest.json", *split_error(error)) from error
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise SnapshotError("manifest.json", "", f"is not JSON: {error}") from error
        if manifest.format != 1:
            raise SnapshotError("manifest.json", "/format", f"is {manifest.format}; this version reads 1")
        return manifest
    accounts: dict[str, set[str]] = {}
    for document in documents:
        accounts.setdefault(document.ref.account, set()).add(document.ref.region)
    first = min(accounts)
    return Manifest(
        format=1,
        accounts={account: sorted(regions) for account, regions in sorted(accounts.items())},
        home=Home(account=first, region=min(accounts[first] - {"global"} or accounts[first])),
    )


def split_error(error: Exception) -> tuple[str, str]:
    """A msgspec validation error as (JSON pointer, what was expected)."""
    problem, _, path = str(error).partition(" - at `$")
    pointer = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/").replace("/...", "")
    return pointer, problem[:1].lower() + problem[1:]
