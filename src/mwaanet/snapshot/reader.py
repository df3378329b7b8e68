"""Opening a snapshot: the layout of the format, or any folder of describe output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.adapters import foreign_documents
from mwaanet.snapshot.archive import is_archive, sources_of_archive
from mwaanet.snapshot.document import Document, Kind, as_utf8
from mwaanet.snapshot.manifest import Manifest, made_manifest, read_manifest
from mwaanet.snapshot.operations import OPERATIONS, CallRef, by_name
from mwaanet.snapshot.place import fill_places
from mwaanet.snapshot.source import MOST_BYTES, SITE_FILE, Source, sources_in, sources_of

MANIFEST = "manifest.json"
_NATIVE = re.compile(r"(?:^|/)accounts/(\d{12})/([a-z0-9-]+)/([a-z0-9-]+)/([a-z0-9-]+)\.json$")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why AWS refused a call."""

    code: str
    message: str = ""


@dataclass(frozen=True)
class Snapshot:
    """An opened snapshot: what was asked, where the answers lie, what was refused and what was skipped."""

    root: Path | None
    """The folder; None where the snapshot is held in memory or came from an archive."""
    name: str
    """The folder as the user named it."""
    manifest: Manifest
    """The manifest, or the one made for a folder that has none."""
    documents: tuple[Document, ...]
    """Every answer, in the order of the files' paths."""
    skipped: tuple[str, ...] = ()
    """JSON files that hold nothing known."""
    site_file: Path | None = None
    """The site file inside the folder, if there is one."""
    site_text: str | None = None
    """The text of that site file."""
    native: bool = True
    """Whether it has a manifest: it is laid out as the format says."""

    @classmethod
    def open(cls, path: str | Path, max_bytes: int = MOST_BYTES) -> Snapshot:
        """Open a folder or a `.tar.gz` archive of one; SnapshotError where it holds nothing that can be used."""
        root = Path(path)
        if root.is_file() and is_archive(root):
            return cls._of(None, str(path), sources_of_archive(root, max_bytes))
        if not root.is_dir():
            problem = "is neither a folder nor a .tar.gz archive" if root.exists() else "does not exist"
            raise SnapshotError(str(path), "", problem)
        return cls._of(root, str(path), sources_of(root, max_bytes))

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], name: str = "snapshot", max_bytes: int = MOST_BYTES) -> Snapshot:
        """Open a snapshot held in memory: relative path (with `/`) to content."""
        return cls._of(None, name, sources_in(files, name, max_bytes))

    @classmethod
    def _of(cls, root: Path | None, name: str, sources: Mapping[str, Source]) -> Snapshot:
        base = _base(name, sources)
        documents, skipped = _documents(sources, base)
        manifest_source = sources.get(base + MANIFEST)
        if not documents and manifest_source is None:
            problem = "no file in it is an answer that mwaanet knows" if skipped else "holds no JSON file"
            raise SnapshotError(name, "", f"{problem}: expected a snapshot or the output of aws … describe-…")
        if manifest_source is not None:
            content = as_utf8(manifest_source.read(), manifest_source.path)
            manifest = read_manifest(content, manifest_source.path)
        else:
            manifest = made_manifest(document.ref for document in documents)
        site = sources.get(base + SITE_FILE)
        return cls(
            root=root,
            name=name,
            manifest=manifest,
            documents=tuple(documents),
            skipped=tuple(skipped),
            site_file=root / (base + SITE_FILE) if root is not None and site is not None else None,
            site_text=as_utf8(site.read(), site.path).decode() if site is not None else None,
            native=manifest_source is not None,
        )

    @cached_property
    def refused(self) -> Mapping[CallRef, Refusal]:
        """The calls that AWS refused, or that failed midway, with the reason."""
        return {error.ref: Refusal(error.code, error.message) for error in self.manifest.errors}

    @cached_property
    def by_call(self) -> Mapping[CallRef, tuple[Document, ...]]:
        """The documents by the call that they answer."""
        found: dict[CallRef, list[Document]] = {}
        for document in self.documents:
            found.setdefault(document.ref, []).append(document)
        return {ref: tuple(documents) for ref, documents in found.items()}

    def find(self, ref: CallRef) -> Document | None:
        """The document that answers a call (the first, where a foreign folder has several); None where none does."""
        return next(iter(self.documents_of(ref)), None)

    def documents_of(self, ref: CallRef) -> tuple[Document, ...]:
        """Every document that answers a call."""
        return self.by_call.get(ref, ())

    def answered(self, ref: CallRef) -> bool:
        """Whether the whole answer of a call is in the snapshot."""
        return ref in self.by_call and ref not in self.refused


def says_absent(code: str) -> bool:
    """Whether an error code says that the resource asked about, or the setting of it, does not exist.

    Any other code, S3's 403 too, says nothing about it.
    """
    return code.startswith("NoSuch") or code == "404" or "NotFound" in code


def _base(name: str, sources: Mapping[str, Source]) -> str:
    """Where the snapshot lies in the folder: at its top, or in the only folder of it that has a manifest."""
    if MANIFEST in sources:
        return ""
    nested = [file.removesuffix(MANIFEST) for file in sources if file.endswith("/" + MANIFEST)]
    if len(nested) > 1:
        first = f"{name}/{nested[0]}".rstrip("/")
        raise SnapshotError(name, "", f"holds {len(nested)} snapshots: name one of them, such as {first}")
    return nested[0] if nested else ""


def _documents(sources: Mapping[str, Source], base: str) -> tuple[list[Document], list[str]]:
    """The documents of all files, and the files that hold none."""
    native: list[Document] = []
    foreign: list[Document] = []
    texts: dict[str, bytes] = {}
    skipped: list[str] = []
    for file, source in sources.items():
        if file == base + MANIFEST or not _may_hold_json(file):
            continue
        if match := _NATIVE.search(file):
            document = _native(file, source, match)
            native.extend([document] if document else [])
            skipped.extend([] if document else [file])
            continue
        text = as_utf8(source.peek(), source.path)
        found = foreign_documents(file, source)
        if found:
            texts[file] = text
            foreign.extend(found)
        else:
            source.read()
            skipped.append(file)
    return native + fill_places(foreign, texts), skipped


def _may_hold_json(file: str) -> bool:
    if file.endswith(".json"):
        return True
    path = PurePosixPath(file)
    return path.suffix == ".json" or (not path.suffix and by_name([path.parent.name]) is not None)


def _native(file: str, source: Source, match: re.Match[str]) -> Document | None:
    """The document at a path of the format's own layout; None where the operation is not known."""
    account, region, service, name = match.groups()
    operation = OPERATIONS.get((service, name))
    if operation is None:
        return None
    kind = Kind.CALLS if operation.per_resource else Kind.RESPONSE
    ref = CallRef(account, region, operation.service, operation.operation)
    return Document(ref, file, kind, source.read, path=source.path)
