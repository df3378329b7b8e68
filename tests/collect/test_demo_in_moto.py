"""The demo's estate, built in moto through boto3 and CloudFormation, collects into a snapshot with the demo's verdicts.

Two servers answer: moto what it answers as AWS does, and before it one that answers the rest from the demo's snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from collect.aws_server import Behaviour, running
from collect.collecting import HOME, Verdicts, collected, files_in, verdicts
from collect.demo_in_moto import FROM_MOTO, Built, build, client, passed_on
from mwaanet import demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def built(moto: str) -> Built:
    return build(moto, demo.files(demo.HEALTHY))


def found(moto: str, built: Built, files: Mapping[str, bytes], out: Path, patch: pytest.MonkeyPatch) -> Verdicts:
    """What a diagnosis says of what is collected now; the files answer what moto does not."""
    there = {name: built.there(content.decode()).encode() for name, content in files.items()}
    with running(there, Behaviour(elsewhere=partial(passed_on, moto))) as server:
        done = collected(server, patch, out)
    assert [done.refusals, server.log.unanswered, server.log.unknown] == [[], [], []]
    answered = {(request.service, request.operation) for request in server.log.passed_on}
    assert answered == {(service, operation) for service, names in FROM_MOTO.items() for operation in names}
    snapshot = {name: built.back(content.decode()).encode() for name, content in files_in(out).items()}
    return verdicts(snapshot, files["mwaanet.yaml"])


def test_gives_the_verdicts_of_the_demo(
    moto: str, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = demo.files(demo.HEALTHY)
    assert found(moto, built, healthy, tmp_path / "out", monkeypatch) == verdicts(healthy, healthy["mwaanet.yaml"])


def test_gives_the_verdicts_of_the_broken_demo(
    moto: str, built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A route to the gateway endpoint is taken away, as people do."""
    broken = demo.files("s3-route-missing")
    table, prefixes = built.there("rtb-01c1453376d2164e6"), built.there("pl-63a5400a")
    client(moto, HOME, "ec2").delete_route(RouteTableId=table, DestinationPrefixListId=prefixes)
    assert found(moto, built, broken, tmp_path / "out", monkeypatch) == verdicts(broken, broken["mwaanet.yaml"])
