"""What AWS and the network do to a collection: throttling, cut connections, wrong clocks, expired credentials."""

from __future__ import annotations

import json
import random
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collect.aws_server import Behaviour, running
from collect.aws_wire import Fault, Request
from collect.collecting import CALLER, HOME, READER, REGION, collected, files_in, verdicts
from mwaanet import demo
from mwaanet.collect import pace
from mwaanet.collect.accounts import Logins
from mwaanet.collect.collect import Wanted, collect
from mwaanet.collect.fatal import CollectError
from mwaanet.collect.walk import Counts
from mwaanet.errors import SnapshotError, UsageError

HEALTHY = demo.files(demo.HEALTHY)
SITE = HEALTHY["mwaanet.yaml"]

Faulty = Callable[[Request], Fault | None]


@pytest.fixture(autouse=True)
def _short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FIRST_DELAY", 0.01)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """What an untroubled collection gives."""
    out = tmp_path_factory.mktemp("whole") / "out"
    with running(HEALTHY) as server, pytest.MonkeyPatch.context() as patch:
        collected(server, patch, out)
    return files_in(out)


def sometimes(share: float, fault: Fault, s3: Fault | None = None) -> Faulty:
    """The fault (one of its own for S3), in that share of the requests."""
    dice = random.Random(1)
    return lambda request: ((s3 if request.service == "s3" else None) or fault) if dice.random() < share else None


def first_time(fault: Fault) -> Faulty:
    """The fault at the first request of each operation."""
    seen: Counter[tuple[str, ...]] = Counter()

    def answer(request: Request) -> Fault | None:
        key = (request.account, request.region, request.operation)
        seen[key] += 1
        return fault if seen[key] == 1 else None

    return answer


@pytest.mark.parametrize(
    "faulty",
    [
        sometimes(0.3, Fault("ThrottlingException", "Rate exceeded", 400), s3=Fault("SlowDown", "", 503)),
        sometimes(0.1, Fault(cut=True)),
        first_time(Fault("InternalFailure", "try again", 500)),
    ],
    ids=["30 percent throttled", "cut in the middle of an answer", "every operation fails once"],
)
def test_what_passes_leaves_no_trace_in_the_snapshot(
    faulty: Faulty, whole: Mapping[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(HEALTHY, Behaviour(fault=faulty)) as server:
        done = collected(server, monkeypatch, tmp_path / "out")
    assert done.refusals == []
    assert {**files_in(tmp_path / "out"), "manifest.json": b""} == {**whole, "manifest.json": b""}


def test_a_text_that_is_cut_off_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text twice; half a requirements.txt would be read as the whole."""
    seen: Counter[str] = Counter()

    def cut(request: Request) -> Fault | None:
        seen[str(request.parameters.get("Key"))] += request.operation == "get-object"
        first = request.operation == "get-object" and seen[str(request.parameters["Key"])] == 1
        return Fault(cut=True) if first else None

    with running(HEALTHY, Behaviour(fault=cut)) as server:
        done = collected(server, monkeypatch, tmp_path / "out")
    assert done.refusals == []
    assert seen["requirements.txt"] == seen["dags/constraints-fernleaf.txt"] == 2
    text = files_in(tmp_path / "out")[f"accounts/{HOME}/{REGION}/s3/get-object.json"].decode()
    assert 'snowflake-connector-python==3.12.3\\n"' in text


def test_throttling_that_does_not_end_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_THROTTLED", 3)

    def throttled(request: Request) -> Fault | None:
        return Fault("RequestLimitExceeded", "", 503) if request.operation == "describe-vpcs" else None

    with running(HEALTHY, Behaviour(fault=throttled)) as server:
        done = collected(server, monkeypatch, tmp_path / "out", logins=Logins())
    assert [(refusal.ask.operation, refusal.code) for refusal in done.refusals] == [
        ("describe-vpcs", "RequestLimitExceeded")
    ]
    assert sum(request.operation == "describe-vpcs" for request in server.log.requests) == 4
    assert done.counts.throttled == 4
    assert [e["operation"] for e in json.loads(files_in(tmp_path / "out")["manifest.json"])["errors"]] == [
        "describe-vpcs"
    ]


class TestPace:
    def test_only_the_throttled_service_is_slowed_down(self) -> None:
        slow, other = pace.Pace(16), pace.Pace(16)
        for _ in range(3):
            slow.slower()
        slow.in_flight = other.in_flight = 2
        assert (slow.has_room, other.has_room) == (False, True)
        for _ in range(3):
            slow.faster()
        assert slow.has_room

    def test_one_call_at_a_time_is_always_made(self) -> None:
        slow = pace.Pace(16)
        for _ in range(50):
            slow.slower()
        assert slow.has_room


class TestClock:
    @pytest.mark.parametrize(("off", "said"), [(10, "10 minutes behind"), (-10, "10 minutes ahead of")])
    def test_a_wrong_clock_is_one_clear_line(
        self, off: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Five minutes are taken: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html."""
        behaviour = Behaviour(clock=timedelta(minutes=off))
        behaviour.fault = lambda request: Fault("SignatureDoesNotMatch", "Signature expired", 403)
        with running(HEALTHY, behaviour) as server, pytest.raises(CollectError, match=f"clock of this host is {said}"):
            collected(server, monkeypatch, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []


class TestCredentials:
    def test_none_is_one_clear_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(HEALTHY) as server:
            for name, value in server.variables(HOME, REGION).items():
                monkeypatch.setenv(name, value)
            monkeypatch.delenv("AWS_ACCESS_KEY_ID")
            monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
            with pytest.raises(CollectError, match=r"^no credentials: Unable to locate credentials$"):
                collect(Wanted(out=tmp_path / "out"), lambda counts: None)

    def test_what_aws_does_not_know_is_said_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        unknown = Behaviour(fault=lambda request: Fault("InvalidClientTokenId", "The token is invalid", 403))
        with running(HEALTHY, unknown) as server, pytest.raises(CollectError) as caught:
            collected(server, monkeypatch, tmp_path / "out")
        assert str(caught.value) == (
            "AWS does not take the credentials: GetCallerIdentity gives InvalidClientTokenId: The token is invalid"
        )

    def test_no_network_is_one_clear_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        with running(HEALTHY) as server:
            variables = server.variables(HOME, REGION)
        for name, value in variables.items():
            monkeypatch.setenv(name, value.replace(server.url, f"http://127.0.0.1:{port}"))
        with pytest.raises(CollectError, match=r"^no network: "):
            collect(Wanted(out=tmp_path / "out"), lambda counts: None)

    def test_renewed_ones_are_taken_where_the_old_have_expired(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A session that lasts an hour, on a collection that lasts longer: the role is assumed again."""
        used: Counter[str] = Counter()

        def expire(request: Request) -> Fault | None:
            used[request.access_key] += 1
            old = request.access_key.startswith("ASIA") and request.access_key.endswith("0001")
            return Fault("ExpiredToken", "expired", 400) if old and used[request.access_key] > 20 else None

        with running(HEALTHY, Behaviour(fault=expire)) as server:
            done = collected(server, monkeypatch, tmp_path / "out")
        assert len([key for key in used if key.startswith("ASIA")]) == 2
        assert done.refusals == []
        assert verdicts(files_in(tmp_path / "out"), SITE) == verdicts(HEALTHY, SITE)

    def test_expired_ones_end_it_and_it_can_be_resumed(
        self, whole: Mapping[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        count = Counter[str]()

        def expire(request: Request) -> Fault | None:
            count["all"] += 1
            return Fault("ExpiredToken", "expired", 400) if count["all"] > 60 else None

        with running(HEALTHY, Behaviour(fault=expire)) as server:
            with pytest.raises(CollectError, match=r"credentials have expired \(ExpiredToken\): log in again"):
                collected(server, monkeypatch, tmp_path / "out")
            assert [path.name for path in tmp_path.iterdir()] == [".out.partial"]
            asked = len(server.log.requests)
            server.behaviour.fault = lambda request: None
            collected(server, monkeypatch, tmp_path / "out", resume=True)
            again = server.log.requests[asked:]
        assert not {"get-environment", "list-environments"} & {request.operation for request in again}
        assert {**files_in(tmp_path / "out"), "manifest.json": b""} == {**whole, "manifest.json": b""}


def test_the_page_of_a_proxy_is_no_answer_of_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "<!doctype html><title>Sign in</title><p>Welcome to the guests' network"

    def sign_in(request: Request) -> Fault | None:
        return Fault(body=page, status=200) if request.operation == "get-caller-identity" else None

    with running(HEALTHY, Behaviour(fault=sign_in)) as server, pytest.raises(CollectError, match="a proxy's page"):
        collected(server, monkeypatch, tmp_path / "out")
    instead = Behaviour(fault=lambda r: Fault(body=page, status=200) if r.operation == "describe-vpcs" else None)
    with running(HEALTHY, instead) as server:
        done = collected(server, monkeypatch, tmp_path / "out", logins=Logins())
    assert [(refusal.ask.operation, refusal.code) for refusal in done.refusals] == [
        ("describe-vpcs", "UnreadableAnswer")
    ]


class TestInterruption:
    def test_nothing_half_written_is_left_and_it_can_be_resumed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(counts: Counts) -> None:
            if counts.done > 80:
                raise KeyboardInterrupt

        with running(HEALTHY) as server:
            for name, value in server.variables(HOME, REGION).items():
                monkeypatch.setenv(name, value)
            wanted: dict[str, Any] = {"out": tmp_path / "out", "roles": (CALLER,)}
            with pytest.raises(KeyboardInterrupt):
                collect(Wanted(**wanted), interrupt)
            assert [path.name for path in tmp_path.iterdir()] == [".out.partial"]
            asked = len(server.log.requests)
            collect(Wanted(**wanted, resume=True), lambda counts: None)
        asked_twice = Counter(
            (request.operation, json.dumps(request.parameters)) for request in server.log.requests[:asked]
        ) & Counter((request.operation, json.dumps(request.parameters)) for request in server.log.requests[asked:])
        assert len(asked_twice) < 20
        assert [path.name for path in tmp_path.iterdir()] == ["out"]

    def test_a_last_line_that_was_cut_off_is_asked_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".out.partial").write_text('["[\\"1111', encoding="utf-8")
        with running(HEALTHY) as server:
            collected(server, monkeypatch, tmp_path / "out", resume=True)
        assert "manifest.json" in files_in(tmp_path / "out")

    def test_without_a_beginning_there_is_nothing_to_resume(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(HEALTHY) as server, pytest.raises(SnapshotError, match="there is nothing to resume"):
            collected(server, monkeypatch, tmp_path / "out", resume=True)


class TestRoles:
    def test_one_that_cannot_be_assumed_is_one_clear_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(HEALTHY) as server:
            server.assumable = False
            with pytest.raises(CollectError, match=r"does not take the credentials: .*AssumeRole"):
                collected(server, monkeypatch, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_what_is_no_arn_is_wrong_usage(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(HEALTHY) as server, pytest.raises(UsageError, match=r"'reader' is no role's ARN"):
            collected(server, monkeypatch, tmp_path / "out", logins=Logins(roles=("reader",)))

    def test_the_external_id_is_given(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with running(HEALTHY) as server:
            collected(server, monkeypatch, tmp_path / "out", logins=Logins(roles=(READER,), external_id="tea"))
        assert server.log.assumed == [{"role": READER, "external id": "tea"}]

    def test_what_is_no_region_is_said_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        logins = Logins(regions=("no region!",))
        with running(HEALTHY) as server, pytest.raises(CollectError, match=r"^Provided region_name 'no region!'"):
            collected(server, monkeypatch, tmp_path / "out", logins=logins)

    def test_a_region_that_only_a_peer_names_ends_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        peering = {
            "VpcPeeringConnectionId": "pcx-1",
            "AccepterVpcInfo": {"OwnerId": HOME, "Region": "no region!", "VpcId": "vpc-1"},
        }
        name = f"accounts/{HOME}/{REGION}/ec2/describe-vpc-peering-connections.json"
        files = {**HEALTHY, name: json.dumps({"VpcPeeringConnections": [peering]}).encode()}
        with running(files) as server:
            done = collected(server, monkeypatch, tmp_path / "out", logins=Logins())
        assert {(refusal.ask.place.region, refusal.code) for refusal in done.refusals} == {
            ("no region!", "InvalidRegionError")
        }
