"""Collecting the demo's estate over HTTP, through boto3, from a server that answers from the demo's snapshot."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from collect.aws_server import Behaviour, running
from collect.collecting import HOME, HUB, REGION, collected, files_in, verdicts
from mwaanet import demo
from mwaanet.collect.accounts import Logins
from mwaanet.errors import SnapshotError, UsageError
from mwaanet.snapshot import Snapshot
from mwaanet.snapshot.operations import OPERATIONS

HEALTHY = demo.files(demo.HEALTHY)
SITE = HEALTHY["mwaanet.yaml"]
READING = ("describe-", "get-", "head-", "list-", "search-", "lookup-")


class TestEstate:
    def test_gives_the_same_verdicts_as_the_snapshot_it_came_from(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(HEALTHY) as server:
            done = collected(server, monkeypatch, tmp_path / "out")
        found = files_in(tmp_path / "out")
        assert verdicts(found, SITE) == verdicts(HEALTHY, SITE)
        assert [done.refusals, server.log.unanswered, server.log.unknown] == [[], [], []]
        assert json.loads(found["manifest.json"])["accounts"] == {HOME: [REGION], HUB: [REGION]}
        assert json.loads(found["manifest.json"])["home"] == {"account": HOME, "region": REGION}

    def test_holds_every_file_that_the_format_names(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(HEALTHY) as server:
            collected(server, monkeypatch, tmp_path / "out")
        assert set(files_in(tmp_path / "out")) == set(HEALTHY) - {"mwaanet.yaml"}

    def test_is_written_the_same_the_second_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, page in (("first", 5), ("second", 1)):
            with running(HEALTHY, Behaviour(page=page)) as server:
                collected(server, monkeypatch, tmp_path / name)
        first, second = files_in(tmp_path / "first"), files_in(tmp_path / "second")
        created = [json.loads(files["manifest.json"]).pop("created") for files in (first, second)]
        manifests = [
            files["manifest.json"].replace(time.encode(), b"")
            for files, time in zip((first, second), created, strict=True)
        ]
        assert manifests[0] == manifests[1]
        assert {**first, "manifest.json": b""} == {**second, "manifest.json": b""}

    def test_goes_to_an_archive(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        out = tmp_path / "estate.tar.gz"
        with running(HEALTHY) as server:
            collected(server, monkeypatch, out)
        assert Snapshot.open(out).manifest.home is not None
        assert [path.name for path in tmp_path.iterdir()] == ["estate.tar.gz"]
        assert stat.S_IMODE(out.stat().st_mode) == 0o600

    def test_only_its_owner_can_read_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(HEALTHY) as server:
            collected(server, monkeypatch, tmp_path / "out")
        modes = {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").rglob("*") if p.is_file()}
        folders = {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").rglob("*") if p.is_dir()}
        assert (modes, folders) == ({0o600}, {0o700})


class TestScope:
    def test_an_account_without_credentials_is_named_and_left_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(HEALTHY) as server:
            done = collected(server, monkeypatch, tmp_path / "out", logins=Logins())
        assert {place.account for place in done.unreached} == {HUB}
        assert {request.account for request in server.log.requests} == {HOME}

    def test_the_nearest_name_is_proposed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(HEALTHY) as server, pytest.raises(UsageError, match=r"did you mean ingest-prod\?"):
            collected(server, monkeypatch, tmp_path / "out", environment="ingest-prd")

    def test_what_is_no_snapshot_is_not_overwritten(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "thesis.txt").write_text("no copy of it")
        with running(HEALTHY) as server, pytest.raises(SnapshotError, match="holds something else"):
            collected(server, monkeypatch, tmp_path / "out")
        assert server.log.requests == []

    def test_a_site_file_in_the_snapshot_outlives_the_next_collection(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(HEALTHY) as server:
            collected(server, monkeypatch, tmp_path / "out")
            (tmp_path / "out" / "mwaanet.yaml").write_bytes(SITE)
            collected(server, monkeypatch, tmp_path / "out")
        assert (tmp_path / "out" / "mwaanet.yaml").read_bytes() == SITE
        assert [path.name for path in tmp_path.iterdir()] == ["out"]


class TestReadsOnly:
    def test_the_table_holds_reading_operations_only(self) -> None:
        assert [row.operation for row in OPERATIONS.values() if not row.operation.startswith(READING)] == []

    def test_every_draw_names_a_call_of_the_table(self) -> None:
        sources = {draw.source for row in OPERATIONS.values() for draw in row.draws}
        assert sources - {f"{service}/{operation}" for service, operation in OPERATIONS} == {"asked"}
