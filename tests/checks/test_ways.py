"""What packets cross, too: the endpoint or gateway whose interface or attachment they meet."""

from __future__ import annotations

from pathlib import Path

import pytest

import mwaanet
from builder import mwaa_estate
from checks.asserting import result, subject_of
from mwaanet.checks.context import Context
from mwaanet.checks.result import Status
from mwaanet.errors import CheckFileError

WAYS = [
    ("reachable", "via: %s", True),
    ("reachable", "via: internet-gateway", False),
    ("reachable", "not-via: %s", False),
    ("reachable", "not-via: nat-gateway", True),
    ("blocked", "via: %s", False),
    ("blocked", "not-via: %s", True),
]
PACKAGES = "https://packages.build.example"


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


@pytest.fixture(scope="module")
def demo() -> mwaanet.Network:
    return mwaanet.load_demo()


@pytest.mark.parametrize(("expect", "way", "holds"), WAYS)
def test_an_interface_endpoint_is_on_the_way_to_the_service_behind_it(
    estate: Context, expect: str, way: str, holds: bool
) -> None:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html"""
    (queue,) = (one for one in estate.inventory.vpc_endpoints.values() if one.service_name.endswith(".sqs"))
    asked = f"expect: {expect}\nreach: {{from: mwaa.worker, to: 'service:sqs', port: 443, {way}}}"
    for name in ("vpc-endpoint", queue.vpc_endpoint_id):
        assert result(estate, asked.replace("%s", name)).status is (Status.PASS if holds else Status.FAIL)


def test_the_endpoint_is_named(estate: Context) -> None:
    asked = "reach: {from: mwaa.worker, to: 'service:sqs', port: 443, not-via: vpc-endpoint}"
    assert "crosses vpce-" in result(estate, asked).message


@pytest.mark.parametrize(("expect", "way", "holds"), WAYS)
@pytest.mark.parametrize("name", ["vpc-endpoint", "vpc-endpoint-service", "transit-gateway", "tgw-00d2aca20d4508c9d"])
def test_all_that_lies_before_the_package_server(
    demo: mwaanet.Network, tmp_path: Path, expect: str, way: str, holds: bool, name: str
) -> None:
    """An endpoint of a customer's service, and a transit gateway, which packets meet in its attachments.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html,
    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    file = tmp_path / "topology.yaml"
    reach = f"{{from: mwaa.worker, to: '{PACKAGES}', {way.replace('%s', name)}}}"
    file.write_text(f"version: 1\nassertions: [{{id: a, expect: {expect}, reach: {reach}}}]\n")
    (assertion,) = mwaanet.load_assertions(file)
    assert demo.prove(assertion).status == ("pass" if holds else "fail")


@pytest.mark.parametrize("name", ["subnet", "vpc", "target-group", "vpc-017d6f504d8214274", "subnet-002e37673d770ee6b"])
def test_what_passes_nothing_on_is_refused(estate: Context, name: str) -> None:
    """No way crosses it, whatever is so: towards it everything would be blocked."""
    with pytest.raises(CheckFileError, match=f"{name} passes no packets on"):
        result(estate, f"expect: blocked\nreach: {{from: mwaa.worker, to: bucket, port: 443, via: {name}}}")
