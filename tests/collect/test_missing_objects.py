"""An object that may not be read: a list of its bucket tells whether it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from collect.aws_server import Behaviour, running
from collect.aws_wire import Fault, Request
from collect.collecting import HOME, REGION, collected, files_in, verdicts
from mwaanet import demo

HEALTHY = demo.files(demo.HEALTHY)
SITE = HEALTHY["mwaanet.yaml"]


def test_a_list_tells_that_an_object_is_missing_which_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HeadObject says 403 of what is missing too, to whom that is not allowed
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html)."""
    lists, environment = (
        f"accounts/{HOME}/{REGION}/{name}.json" for name in ("s3/list-objects-v2", "mwaa/get-environment")
    )
    files = {
        **HEALTHY,
        lists: HEALTHY[lists].replace(b'"requirements.txt"', b'"requirements.bak"'),
        environment: HEALTHY[environment].replace(b"S3ObjectVersion", b"S3NoVersion"),
    }

    def refuse(request: Request) -> Fault | None:
        return Fault() if request.operation in ("head-object", "get-object") else None

    with running(files, Behaviour(fault=refuse)) as server:
        collected(server, monkeypatch, tmp_path / "out")
    asked = [dict(r.parameters) for r in server.log.requests if r.operation == "list-objects-v2"]
    assert {request["Prefix"] for request in asked} == {"requirements.txt", "plugins.zip"}
    found = {check: status for check, status, *_ in verdicts(files_in(tmp_path / "out"), SITE)[1]}
    assert found["S3-REQUIREMENTS"] == "fail"
