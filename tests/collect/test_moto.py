"""Collecting from moto over HTTP: an AWS that this project did not write, with accounts, roles and Regions of its own.

moto knows no Amazon MWAA, Direct Connect and others, which are therefore refused; what they decide is unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from collect.collecting import files_in
from mwaanet.collect import pace
from mwaanet.collect.accounts import Logins
from mwaanet.collect.collect import Wanted, collect
from mwaanet.model.inventory import Inventory
from mwaanet.snapshot import Snapshot

FIRST, SECOND = "123456789012", "444455556666"
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
ROLE = f"arn:aws:iam::{SECOND}:role/reader"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        url = f"http://{host}:{port}"
        for name in ("AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"):
            patch.setenv(name, url)
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setattr(pace, "FIRST_DELAY", 0.001)
        yield url
    server.stop()


def _session(role: str = "") -> boto3.Session:
    if not role:
        return boto3.Session()
    found = boto3.client("sts", "us-east-1").assume_role(RoleArn=role, RoleSessionName="builder")["Credentials"]
    return boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def _build(session: boto3.Session, region: str, block: str) -> str:
    ec2: Any = session.client("ec2", region)
    vpc: str = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
    for number in range(4):
        ec2.create_subnet(VpcId=vpc, CidrBlock=block.replace("0.0/16", f"{number}.0/24"))
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    return vpc


def test_two_accounts_and_three_regions(moto: str, tmp_path: Path) -> None:
    built = {
        (account, region): _build(session, region, f"10.{number}.0.0/16")
        for number, (account, session, region) in enumerate(
            (account, session, region)
            for account, session in ((FIRST, _session()), (SECOND, _session(ROLE)))
            for region in REGIONS
        )
    }
    logins = Logins(roles=(ROLE,), regions=REGIONS)
    done = collect(Wanted(out=tmp_path / "out", logins=logins, everything=True), lambda counts: None)
    inventory = Inventory.load(Snapshot.open(tmp_path / "out"))
    for (account, region), vpc in built.items():
        assert inventory.place(inventory.vpcs[vpc]) == (account, region)
        assert len([subnet for subnet in inventory.subnets.values() if subnet.vpc_id == vpc]) == 4
        assert inventory.vpc_attribute(vpc, "enableDnsSupport") is True
    manifest = json.loads(files_in(tmp_path / "out")["manifest.json"])
    assert manifest["accounts"] == {FIRST: sorted(REGIONS), SECOND: sorted(REGIONS)}
    refused = {refusal.ask.service for refusal in done.refusals}
    assert {"mwaa", "directconnect"} <= refused
    assert not refused & {"iam", "sts", "kms", "elbv2"}
