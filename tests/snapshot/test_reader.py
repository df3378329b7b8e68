"""Opening folders of every layout, and what is said of those that cannot be opened."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mwaanet.errors import SnapshotError
from mwaanet.snapshot import CallRef, Kind, Refusal, Snapshot, says_absent
from mwaanet.snapshot.json_text import pointer_of

HOME = "111122223333"
EAST = f"accounts/{HOME}/us-east-1"
VPCS = CallRef(HOME, "us-east-1", "ec2", "describe-vpcs")


def text(content: Any) -> bytes:
    return json.dumps(content).encode()


def manifest(**more: Any) -> bytes:
    return text(
        {"format": 1, "accounts": {HOME: ["us-east-1"]}, "home": {"account": HOME, "region": "us-east-1"}} | more
    )


def write(root: Path, files: dict[str, bytes]) -> Path:
    for file, content in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(content)
    return root


def error_of(files: dict[str, bytes]) -> str:
    with pytest.raises(SnapshotError) as caught:
        Snapshot.from_files(files)
    return str(caught.value)


NATIVE = {
    "manifest.json": manifest(),
    "mwaanet.yaml": b"version: 1\n",
    f"{EAST}/ec2/describe-vpcs.json": text({"Vpcs": []}),
    f"{EAST}/elbv2/describe-target-health.json": text({"Calls": []}),
    f"accounts/{HOME}/global/route53/list-hosted-zones.json": text({"HostedZones": []}),
}


class TestTheLayoutOfTheFormat:
    def test_every_file_is_a_document(self, tmp_path: Path) -> None:
        snapshot = Snapshot.open(write(tmp_path, NATIVE))
        assert [(document.file, document.kind) for document in snapshot.documents] == [
            (f"accounts/{HOME}/global/route53/list-hosted-zones.json", Kind.RESPONSE),
            (f"{EAST}/ec2/describe-vpcs.json", Kind.RESPONSE),
            (f"{EAST}/elbv2/describe-target-health.json", Kind.CALLS),
        ]
        assert snapshot.root == tmp_path
        assert snapshot.name == str(tmp_path)
        assert snapshot.skipped == ()
        assert snapshot.native

    def test_memory_and_disk_are_read_alike(self, tmp_path: Path) -> None:
        held, opened = Snapshot.from_files(NATIVE, "held"), Snapshot.open(write(tmp_path, NATIVE))
        assert [d.ref for d in held.documents] == [d.ref for d in opened.documents]
        assert [d.read() for d in held.documents] == [d.read() for d in opened.documents]
        assert held.manifest == opened.manifest
        assert (held.root, held.name, held.site_file) == (None, "held", None)

    def test_the_site_file_inside_is_found(self, tmp_path: Path) -> None:
        snapshot = Snapshot.open(write(tmp_path, NATIVE))
        assert snapshot.site_file == tmp_path / "mwaanet.yaml"
        assert snapshot.site_text == "version: 1\n"

    def test_a_document_is_found_by_its_call(self) -> None:
        snapshot = Snapshot.from_files(NATIVE)
        found = snapshot.find(VPCS)
        assert found is not None
        assert found.file == VPCS.file
        assert snapshot.find(VPCS._replace(region="eu-west-1")) is None

    def test_an_operation_that_is_not_known_is_skipped(self) -> None:
        file = f"{EAST}/ec2/describe-fleets.json"
        assert Snapshot.from_files(NATIVE | {file: text({"Fleets": []})}).skipped == (file,)

    def test_a_snapshot_in_the_only_folder_is_opened(self) -> None:
        nested = {f"case/{file}": content for file, content in NATIVE.items()}
        snapshot = Snapshot.from_files(nested)
        assert snapshot.native
        assert snapshot.site_text == "version: 1\n"
        assert snapshot.find(VPCS) is not None

    def test_of_several_snapshots_one_must_be_named(self) -> None:
        files = {f"{case}/{file}": content for case in ("a", "b") for file, content in NATIVE.items()}
        assert error_of(files) == "snapshot: holds 2 snapshots: name one of them, such as snapshot/a"

    def test_a_refused_call_is_not_answered(self) -> None:
        error = dict(zip(("account", "region", "service", "operation"), VPCS, strict=True))
        snapshot = Snapshot.from_files({"manifest.json": manifest(errors=[error | {"code": "Throttling"}])})
        assert snapshot.refused == {VPCS: Refusal("Throttling")}
        assert not snapshot.answered(VPCS)

    def test_a_call_that_failed_midway_is_not_answered(self) -> None:
        error = dict(zip(("account", "region", "service", "operation"), VPCS, strict=True))
        files = NATIVE | {"manifest.json": manifest(errors=[error | {"code": "Throttling"}])}
        snapshot = Snapshot.from_files(files)
        assert snapshot.find(VPCS) is not None
        assert not snapshot.answered(VPCS)

    def test_a_call_of_another_account_is_not_answered(self) -> None:
        assert Snapshot.from_files(NATIVE).answered(VPCS)
        assert not Snapshot.from_files(NATIVE).answered(VPCS._replace(account="444455556666"))


class TestWhatCannotBeOpened:
    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SnapshotError, match=r"nowhere: does not exist$"):
            Snapshot.open(tmp_path / "nowhere")
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(SnapshotError, match=r"file: is neither a folder nor a .tar.gz archive$"):
            Snapshot.open(tmp_path / "file")

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SnapshotError, match="holds no JSON file"):
            Snapshot.open(tmp_path)

    def test_nothing_known_in_it(self) -> None:
        assert "no file in it is an answer that mwaanet knows" in error_of({"package.json": text({"name": "x"})})

    @pytest.mark.parametrize(
        ("file", "content", "problem"),
        [
            ("vpcs.truncated.json", b'{"Vpcs": [', "vpcs.truncated.json: is not JSON: Input data was truncated"),
            ("vpcs.empty.json", b"", "vpcs.empty.json: is not JSON: Input data was truncated"),
            ("vpcs.comment.json", b'{"Vpcs": [] /* all */}', "vpcs.comment.json: is not JSON: JSON is malformed"),
            ("vpcs.latin-1.json", b'{"Vpcs": [{"VpcId": "\xe9"}]}', "vpcs.latin-1.json: is not UTF-8"),
            ("vpcs.utf-16-cut.json", '{"Vpcs": []}'.encode("utf-16")[:-1], "vpcs.utf-16-cut.json: is not UTF-16"),
            ("vpcs.deep.json", b'{"Vpcs": ' + b"[" * 100_000, "vpcs.deep.json: is nested too deeply"),
        ],
    )
    def test_a_file_that_is_not_json(self, file: str, content: bytes, problem: str) -> None:
        assert error_of({file: content}).startswith(f"snapshot/{problem}")

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (manifest(format=2), "/format: expected 1, got 2: made by a newer mwaanet?"),
            (manifest(accounts=[]), "/accounts: expected `object`, got `array`"),
            (text({"accounts": {}}), "object missing required field `format`"),
            (manifest(errors=[{"account": HOME}]), "/errors/0: object missing required field `region`"),
            (b"{", "is not JSON: Input data was truncated"),
        ],
    )
    def test_a_manifest_of_the_wrong_shape(self, content: bytes, problem: str) -> None:
        assert error_of({"manifest.json": content}) == f"snapshot/manifest.json: {problem}"

    def test_a_file_that_is_too_large_is_not_read(self, tmp_path: Path) -> None:
        with (tmp_path / "vpcs.json").open("wb") as file:
            file.truncate(1 << 40)
        with pytest.raises(SnapshotError, match=r"json: holds 1,099,511,627,776 bytes, at most 134,217,728 are"):
            Snapshot.open(tmp_path)
        with pytest.raises(SnapshotError, match="at most 4 are read"):
            Snapshot.from_files({"vpcs.json": b'{"Vpcs":[]}'}, max_bytes=4)


class TestWhatIsNotFollowed:
    def folder(self, root: Path) -> Path:
        return write(root / "snapshot", {"vpcs.json": text({"Vpcs": []})})

    def test_a_link_out_of_the_folder(self, tmp_path: Path) -> None:
        write(tmp_path, {"outside.json": text({"Subnets": []})})
        (self.folder(tmp_path) / "subnets.json").symlink_to(tmp_path / "outside.json")
        with pytest.raises(SnapshotError, match=r"subnets\.json: is a symbolic link that leaves the snapshot"):
            Snapshot.open(tmp_path / "snapshot")

    def test_a_link_to_a_folder_outside(self, tmp_path: Path) -> None:
        (self.folder(tmp_path) / "more").symlink_to(tmp_path)
        with pytest.raises(SnapshotError, match="more: is a symbolic link that leaves the snapshot"):
            Snapshot.open(tmp_path / "snapshot")

    def test_a_circle(self, tmp_path: Path) -> None:
        root = self.folder(tmp_path)
        (root / "a").symlink_to(root / "b")
        (root / "b").symlink_to(root / "a")
        with pytest.raises(SnapshotError, match="is a symbolic link that leads nowhere, or in a circle"):
            Snapshot.open(root)

    @pytest.mark.parametrize("target", [".", ".."])
    def test_a_circle_of_folders(self, tmp_path: Path, target: str) -> None:
        root = self.folder(tmp_path)
        (root / "data").mkdir()
        (root / "data" / "again").symlink_to(target)
        with pytest.raises(SnapshotError, match="data/again: is a symbolic link in a circle"):
            Snapshot.open(root)

    def test_a_link_to_another_folder_inside_is_passed_over(self, tmp_path: Path) -> None:
        root = write(self.folder(tmp_path), {"data/subnets.json": text({"Subnets": []})})
        (root / "again").symlink_to("data")
        assert len(Snapshot.open(root).documents) == 2

    def test_a_link_to_a_file_inside_is_read(self, tmp_path: Path) -> None:
        root = self.folder(tmp_path)
        write(root, {"data/subnets.txt": text({"Subnets": []})})
        (root / "subnets.json").symlink_to(root / "data/subnets.txt")
        assert len(Snapshot.open(root).documents) == 2

    def test_a_pipe_is_never_opened(self, tmp_path: Path) -> None:
        root = self.folder(tmp_path)
        os.mkfifo(root / "pipe.json")
        assert len(Snapshot.open(root).documents) == 1

    @pytest.mark.parametrize("linked", [False, True])
    def test_a_pipe_in_the_place_of_a_file_that_was_looked_at(self, tmp_path: Path, linked: bool) -> None:
        """It was opened, and waited for somebody to write."""
        root = self.folder(tmp_path)
        os.link(root / "vpcs.json", root / "vpcs.txt")
        if linked:
            (root / "vpcs.json").unlink()
            (root / "vpcs.json").symlink_to("vpcs.txt")
        (document,) = Snapshot.open(root).documents
        file = root / ("vpcs.txt" if linked else "vpcs.json")
        document.read()
        file.unlink()
        os.mkfifo(file)
        with pytest.raises(SnapshotError, match=r"vpcs\.json: is no regular file any more"):
            document.read()

    def test_a_link_in_the_place_of_a_file_that_was_looked_at(self, tmp_path: Path) -> None:
        root = self.folder(tmp_path)
        (document,) = Snapshot.open(root).documents
        document.read()
        (root / "vpcs.json").unlink()
        (root / "vpcs.json").symlink_to("/dev/zero")
        with pytest.raises(SnapshotError, match=r"vpcs\.json: cannot be read: Too many levels of symbolic links"):
            document.read()

    def test_a_file_that_has_grown_since_it_was_looked_at(self, tmp_path: Path) -> None:
        root = self.folder(tmp_path)
        (document,) = Snapshot.open(root).documents
        document.read()
        os.truncate(root / "vpcs.json", 1 << 40)
        with pytest.raises(SnapshotError, match=r"vpcs\.json: holds 1,099,511,627,776 bytes"):
            document.read()

    def test_what_cannot_be_listed_is_an_error(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def denied(path: object) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        root = self.folder(tmp_path)
        monkeypatch.setattr(os, "scandir", denied)
        with pytest.raises(SnapshotError, match="snapshot: cannot be read: Permission denied"):
            Snapshot.open(root)

    def test_more_files_than_any_snapshot_has(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mwaanet.snapshot.source.MOST_FILES", 1)
        write(self.folder(tmp_path), {"subnets.json": text({"Subnets": []})})
        with pytest.raises(SnapshotError, match="holds more than 1 files: is it a snapshot"):
            Snapshot.open(tmp_path)

    def test_hidden_files_are_passed_over(self, tmp_path: Path) -> None:
        root = write(self.folder(tmp_path), {".git/x.json": b"{", ".hidden.json": b"{"})
        assert len(Snapshot.open(root).documents) == 1

    def test_a_file_that_vanishes_is_an_error(self, tmp_path: Path) -> None:
        snapshot = Snapshot.open(write(tmp_path, NATIVE))
        (tmp_path / VPCS.file).unlink()
        document = snapshot.find(VPCS)
        assert document is not None
        with pytest.raises(SnapshotError, match=r"describe-vpcs\.json: cannot be read: No such file"):
            document.read()


@pytest.mark.parametrize(
    ("path", "pointer"),
    [("$", ""), ("$.Vpcs[3].CidrBlock", "/Vpcs/3/CidrBlock"), ("$.accounts[...][0]", "/accounts"), ("$[2]", "/2")],
)
def test_where_msgspec_found_a_problem(path: str, pointer: str) -> None:
    assert pointer_of(path) == pointer


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("NoSuchBucketPolicy", True),
        ("404", True),
        ("InvalidPrefixListID.NotFound", True),
        ("ResourceNotFoundException", True),
        ("ServerSideEncryptionConfigurationNotFoundError", True),
        ("403", False),
        ("AccessDenied", False),
        ("UnauthorizedOperation", False),
        ("Throttling", False),
    ],
)
def test_which_errors_are_facts(code: str, absent: bool) -> None:
    assert says_absent(code) is absent


def test_a_byte_order_mark_is_passed_over() -> None:
    snapshot = Snapshot.from_files({"vpcs.json": b"\xef\xbb\xbf" + text({"Vpcs": []})})
    assert snapshot.documents[0].read() == text({"Vpcs": []})
