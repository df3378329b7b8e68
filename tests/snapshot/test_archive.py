"""Snapshots in one file: what is read of an archive that may come from anybody, and what is refused."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaanet.errors import SnapshotError
from mwaanet.model.inventory import Inventory
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


def header(kind: bytes, content: bytes) -> bytes:
    """A header that belongs to the member that follows."""
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, len(content)
    return info.tobuf(tarfile.GNU_FORMAT) + content + b"\0" * (-len(content) % tarfile.BLOCKSIZE)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("folder", ["a", "b" * 90, "é" * 40, "folder" * 10 + "/" + "other" * 8 + "/third"])
def test_names_are_read_as_every_format_writes_them(tmp_path: Path, form: int, folder: str) -> None:
    path = tmp_path / "estate.tar.gz"
    with tarfile.open(path, "w:gz", format=form) as archive:
        for name, kind in ((folder, tarfile.DIRTYPE), (f"{folder}/{VPCS}", tarfile.REGTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, 2 if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(b"{}"))
    assert {name: source.read() for name, source in sources_of_archive(path, MOST_BYTES).items()} == {
        f"{folder}/{VPCS}": b"{}"
    }


FILE = member("a.json")[0].tobuf(tarfile.USTAR_FORMAT) + b"{}".ljust(tarfile.BLOCKSIZE, b"\0")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (header(b"x", b"14 size=999999"), "cannot be read"),
        (header(b"x", b"0 path=a\n"), "cannot be read"),
        (header(b"x", b"99 path=a\n"), "cannot be read"),
        (header(b"x", b"-9 path=a\n"), "a number that is none"),
        (header(b"x", "\u00b9 path=a\n".encode()), "a number that is none"),
        (header(b"x", b"11 size=-1\n"), "a number that is none"),
        (header(b"x", b"14 size=9999\n"), "cannot be read"),
        (header(b"x", b"13 size=9999\n"), "ends amid a file"),
        (header(b"x", b"22 GNU.sparse.size=99\n"), "is a link, a device or sparse"),
        (header(b"x", b"10 path=\0\n"), "leads out of the archive"),
        (header(b"x", b"16 path=../a.js\n"), "leads out of the archive"),
        (header(b"L", b"../a.json\0"), "leads out of the archive"),
        (header(b"x", b" " * (2 << 20)), "a header of 2,097,152 bytes"),
        (header(b"S", b""), "is a link, a device or sparse"),
        (FILE[:124] + b"\xff" * 12 + FILE[136:], "no header of a tar"),
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "estate.tar.gz"
    path.write_bytes(gzip.compress(content + FILE, 1))
    with pytest.raises(SnapshotError, match=problem):
        Snapshot.open(path)


def test_a_size_below_nothing_is_refused(tmp_path: Path) -> None:
    changed = FILE[:124] + b"\xff" * 12 + FILE[136:]
    total = sum(changed[:148] + b" " * 8 + changed[156:512])
    path = tmp_path / "estate.tar.gz"
    path.write_bytes(gzip.compress(changed[:148] + b"%06o\0 " % total + changed[156:], 1))
    with pytest.raises(SnapshotError, match="a negative size"):
        Snapshot.open(path)


@given(at=st.integers(0, 3000), value=st.integers(0, 255))
def test_no_flipped_byte_is_a_crash(at: int, value: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(gzip.decompress(archive_bytes(FILES, "estate")))
    content[at % len(content)] = value
    path = tmp_path_factory.mktemp("flipped") / "estate.tar.gz"
    path.write_bytes(gzip.compress(bytes(content), 1))
    with contextlib.suppress(SnapshotError):
        sources_of_archive(path, MOST_BYTES)


def test_members_whose_names_differ_in_case_or_in_unicodes_form_alone_are_all_read(packed: Callable[..., Path]) -> None:
    names = ("vpcs.json", "VPCS.json", "\u00e9.json", "e\u0301.json")
    vpcs = [f"vpc-0000000000000000{number}" for number in range(len(names))]
    records = [json.dumps({"Vpcs": [{"VpcId": vpc, "CidrBlock": "10.1.0.0/16"}]}).encode() for vpc in vpcs]
    path = packed(*(member(name, record) for name, record in zip(names, records, strict=True)))
    assert sorted(Inventory.load(Snapshot.open(path)).vpcs) == vpcs
