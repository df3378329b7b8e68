"""Snapshots in one file: what is read of an archive that may come from anybody, and what is refused."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaanet.errors import SnapshotError
from mwaanet.snapshot import Snapshot
from mwaanet.snapshot.archive import archive_bytes, sources_of_archive
from mwaanet.snapshot.source import MOST_BYTES
from mwaanet.snapshot.writer import write_snapshot

VPCS = "accounts/111122223333/us-east-1/ec2/describe-vpcs.json"
FILES = {"manifest.json": b'{"format": 1}', VPCS: b'{"Vpcs": []}', "mwaanet.yaml": b"version: 1\n"}


def member(name: str, content: bytes = b"{}", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., Path]:
    def pack(*members: tuple[tarfile.TarInfo, bytes]) -> Path:
        path = tmp_path / "estate.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for info, content in members:
                archive.addfile(info, io.BytesIO(content))
        return path

    return pack


def test_an_archive_reads_as_its_folder_does(tmp_path: Path) -> None:
    for out in (tmp_path / "estate", tmp_path / "estate.tar.gz", tmp_path / "estate.tgz"):
        write_snapshot(out, FILES)
        snapshot = Snapshot.open(out)
        assert [document.ref.file for document in snapshot.documents] == [VPCS]
        assert snapshot.site_text == "version: 1\n"
        assert snapshot.documents[0].read() == b'{"Vpcs": []}'


def test_the_same_files_make_the_same_archive() -> None:
    backwards = dict(reversed(FILES.items()))
    assert archive_bytes(FILES, "estate") == archive_bytes(backwards, "estate")


@pytest.mark.parametrize(
    ("info", "problem"),
    [
        (member("../manifest.json"), "leads out"),
        (member("estate/../../manifest.json"), "leads out"),
        (member("/etc/manifest.json"), "leads out"),
        (member("..\\manifest.json"), "leads out"),
        (member("manifest.json", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "is a link"),
        (member("manifest.json", b"", type=tarfile.LNKTYPE, linkname="other"), "is a link"),
        (member("manifest.json", b"", type=tarfile.CHRTYPE), "a device"),
        (member("manifest.json", b"", type=tarfile.FIFOTYPE), "a device"),
    ],
)
def test_what_has_no_place_in_a_snapshot_is_refused(
    packed: Callable[..., Path], info: tuple[tarfile.TarInfo, bytes], problem: str
) -> None:
    with pytest.raises(SnapshotError, match=problem):
        Snapshot.open(packed(member(VPCS), info))


def test_a_name_twice_is_refused(packed: Callable[..., Path]) -> None:
    with pytest.raises(SnapshotError, match="twice"):
        Snapshot.open(packed(member(VPCS), member(VPCS, b'{"Vpcs": []}')))


def test_hidden_files_are_passed_over(packed: Callable[..., Path]) -> None:
    found = sources_of_archive(packed(member(VPCS), member("._manifest.json"), member(".git/x.json")), MOST_BYTES)
    assert list(found) == [VPCS]


def test_a_large_file_is_refused_by_its_size(packed: Callable[..., Path]) -> None:
    with pytest.raises(SnapshotError, match=r"describe-vpcs.json: holds 2,000 bytes, at most 1,000"):
        sources_of_archive(packed(member(VPCS, b" " * 2000)), 1000)


def test_what_swells_is_refused_before_it_fills_the_memory(packed: Callable[..., Path]) -> None:
    path = packed(*(member(f"{number}.json", b" " * 100_000) for number in range(30)))
    assert path.stat().st_size < 10_000
    with pytest.raises(SnapshotError, match="holds more than 1,000,000 bytes: unpack it"):
        sources_of_archive(path, MOST_BYTES, most_total=1_000_000)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\3\4", gzip.compress(b"no tar" * 200), archive_bytes(FILES, "x")[:-40]],
    ids=["empty", "zip", "no tar", "cut off"],
)
def test_what_is_no_whole_archive_is_said_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "estate.tar.gz"
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"estate.tar.gz: (is not a whole .tar.gz archive|holds no JSON file)"):
        Snapshot.open(path)


@given(at=st.integers(0, 3000), value=st.integers(0, 255))
def test_no_flipped_byte_is_a_crash(at: int, value: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(gzip.decompress(archive_bytes(FILES, "estate")))
    content[at % len(content)] = value
    path = tmp_path_factory.mktemp("flipped") / "estate.tar.gz"
    path.write_bytes(gzip.compress(bytes(content), 1))
    with contextlib.suppress(SnapshotError):
        sources_of_archive(path, MOST_BYTES)
