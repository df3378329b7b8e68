"""A whole snapshot: its answers, its manifest and its site file, read, replaced and laid out as before.

Files that hold no answer are left out, comments of the site file too. The documents are read first for the blocks of
VPCs, within which public addresses keep their place.

Not modelled: a pattern that begins in the middle of a name (`*-data` is one that begins at a word, `*ata` is not), and
a range of public addresses that is not a block, no longer match what they did.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from mwaanet.errors import SnapshotError
from mwaanet.model.site import Site, site_data
from mwaanet.redact.addresses import Addresses
from mwaanet.redact.documents import Documents
from mwaanet.redact.pseudonyms import Pseudonyms
from mwaanet.redact.text import Texts
from mwaanet.snapshot import MOST_BYTES, OPERATIONS, Snapshot
from mwaanet.snapshot.archive import is_archive, sources_of_archive
from mwaanet.snapshot.document import as_utf8
from mwaanet.snapshot.json_text import plain
from mwaanet.snapshot.reader import MANIFEST
from mwaanet.snapshot.source import SITE_FILE, sources_of

_BLOCK = re.compile(r"CidrBlock|Ipv6CidrBlock")
_FOLDERS = frozenset({"accounts", "account-data", "aws_configs", "global"})
_LAYOUT_WORDS = frozenset(
    word for row in OPERATIONS.values() for word in (*row.service.split("-"), *row.operation.split("-"), row.key)
) | {"json", "manifest", "mwaanet"}


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted snapshot."""

    files: Mapping[str, bytes]
    """Its files by their path."""
    left_out: int
    """How many files held no answer."""


def redact(files: Mapping[str, bytes], salt: bytes, name: str = "snapshot") -> Redacted:
    """The files of a snapshot with everything replaced that says whose it is; the same salt replaces alike."""
    snapshot = Snapshot.from_files(files, name)
    answers = {document.file for document in snapshot.documents}
    kept = {file: content for file, content in files.items() if file in answers or _is_ours(file)}
    contents = {file: as_utf8(content, f"{name}/{file}") for file, content in kept.items()}
    parsed = {file: _parsed(file, content, name) for file, content in contents.items()}
    texts = Texts(Pseudonyms(salt), Addresses(salt, _vpc_blocks(parsed)))
    documents = Documents(texts)
    written = {
        _path(file, texts): _written(file, _replaced(documents, value, f"{name}/{file}"))
        for file, value in parsed.items()
    }
    return Redacted(written, len(files) - len(kept))


def files_of(path: Path) -> dict[str, bytes]:
    """The files of a snapshot's folder or archive; SnapshotError where there is none."""
    if path.is_file() and is_archive(path):
        sources = sources_of_archive(path, MOST_BYTES)
    elif path.is_dir():
        sources = sources_of(path, MOST_BYTES)
    else:
        problem = "is neither a folder nor a .tar.gz archive" if path.exists() else "does not exist"
        raise SnapshotError(str(path), "", problem)
    return {file: source.read() for file, source in sources.items()}


def _is_ours(file: str) -> bool:
    return PurePosixPath(file).name in (MANIFEST, SITE_FILE)


def _parsed(file: str, content: bytes, name: str) -> Any:
    path = f"{name}/{file}"
    if not file.endswith(".yaml"):
        return plain(content, path)
    text = content.decode()
    Site.parse(text, path)
    return site_data(text, path)


def _replaced(documents: Documents, value: Any, path: str) -> Any:
    try:
        return documents.replace(value)
    except RecursionError as error:
        raise SnapshotError(path, "", "is nested too deeply") from error


def _written(file: str, value: Any) -> bytes:
    if file.endswith(".yaml"):
        return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120).encode()
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _path(file: str, texts: Texts) -> str:
    """A file's path: the parts of the layout stay, accounts and what a customer has named are replaced."""
    return "/".join(
        part if part in _FOLDERS else texts.replace(part, _LAYOUT_WORDS) for part in PurePosixPath(file).parts
    )


def _vpc_blocks(parsed: Mapping[str, Any]) -> Iterator[str]:
    """The CIDR blocks of all VPCs."""
    for value in parsed.values():
        if isinstance(value, dict):
            yield from _blocks_in(value.get("Vpcs"))


def _blocks_in(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield from (text for key, text in item.items() if _BLOCK.fullmatch(key) and _is_block(text))
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)


def _is_block(text: Any) -> bool:
    try:
        return isinstance(text, str) and bool(ip_network(text, strict=False))
    except ValueError:
        return False
