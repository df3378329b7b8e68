"""The mode of VPC Block Public Access for a subnet, and when it is not known.

https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

from __future__ import annotations

from typing import Any

import pytest

from model.cases import EAST, HOME, OTHER, file_of, foreign, load, load_files, vpc
from mwaanet.model.inventory import Inventory

OPTIONS = "ec2__describe_vpc_block_public_access_options"
EXCLUSIONS = "ec2__describe_vpc_block_public_access_exclusions"
ALL = {"off", "block-ingress", "block-bidirectional"}


def switch(mode: str, state: str = "update-complete") -> dict[str, Any]:
    return {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": mode, "State": state}}


def excluded(*records: tuple[str, str, str]) -> dict[str, Any]:
    """Exclusions of a resource (`vpc/vpc-1`), with mode and state."""
    arn = f"arn:aws:ec2:{EAST}:{HOME}:"
    found = [
        {
            "ExclusionId": "vpcbpa-exclude-1",
            "ResourceArn": arn + name,
            "InternetGatewayExclusionMode": mode,
            "State": state,
        }
        for name, mode, state in records
    ]
    return {"VpcBlockPublicAccessExclusions": found}


def modes(inventory: Inventory) -> set[str]:
    return set(inventory.public_access("vpc-1", "subnet-1").modes)


@pytest.mark.parametrize(
    ("mode", "exclusion", "found"),
    [
        ("off", None, "off"),
        ("block-bidirectional", None, "block-bidirectional"),
        ("block-bidirectional", ("vpc/vpc-1", "allow-egress", "create-complete"), "allow-egress"),
        ("block-bidirectional", ("subnet/subnet-1", "allow-bidirectional", "update-complete"), "off"),
        ("block-bidirectional", ("subnet/subnet-2", "allow-bidirectional", "create-complete"), "block-bidirectional"),
        ("block-ingress", ("vpc/vpc-1", "allow-egress", "create-complete"), "block-ingress"),
        ("block-ingress", ("vpc/vpc-1", "allow-bidirectional", "delete-complete"), "block-ingress"),
        ("block-ingress", ("vpc/vpc-1", "allow-bidirectional", "disable-complete"), "block-ingress"),
        ("block-ingress", ("vpc/vpc-1", "allow-bidirectional", "create-failed"), "block-ingress"),
        ("block-ingress", ("vpc/vpc-2", "allow-bidirectional", "create-complete"), "block-ingress"),
    ],
)
def test_mode(mode: str, exclusion: tuple[str, str, str] | None, found: str) -> None:
    exclusions = excluded(exclusion) if exclusion else excluded()
    inventory = load(ec2__describe_vpcs={"Vpcs": [vpc()]}, **{OPTIONS: switch(mode), EXCLUSIONS: exclusions})
    assert modes(inventory) == {found}


def test_an_exclusion_that_is_being_made_may_count() -> None:
    exclusions = excluded(("vpc/vpc-1", "allow-bidirectional", "create-in-progress"))
    answers = {OPTIONS: switch("block-bidirectional"), EXCLUSIONS: exclusions}
    access = load(ec2__describe_vpcs={"Vpcs": [vpc()]}, **answers).public_access("vpc-1", "subnet-1")
    assert access.modes == {"off", "allow-egress", "block-bidirectional"}
    assert access.unknown is not None
    assert access.unknown.reason == "exclusion vpcbpa-exclude-1 of vpc-1 is create-in-progress (allow-bidirectional)"


@pytest.mark.parametrize("answer", [switch("block-bidirectional", "update-in-progress"), switch("block-sideways")])
def test_a_switch_in_between_or_of_a_new_kind_may_be_anything(answer: dict[str, Any]) -> None:
    assert modes(load(ec2__describe_vpcs={"Vpcs": [vpc()]}, **{OPTIONS: answer, EXCLUSIONS: excluded()})) == ALL


def test_without_its_exclusions_an_account_that_blocks_is_unknown() -> None:
    inventory = load(ec2__describe_vpcs={"Vpcs": [vpc()]}, **{OPTIONS: switch("block-ingress")})
    assert modes(inventory) == {"off", "block-ingress"}


def test_a_vpc_that_is_not_in_the_snapshot() -> None:
    assert modes(load(**{OPTIONS: switch("off")})) == ALL


class TestNotAsked:
    """What is not in the snapshot is unknown; where nothing in it knows of the feature, it is older than that."""

    ANYTHING = ALL | {"allow-egress"}

    def test_a_vpc_of_today_tells_that_ec2_has_it(self) -> None:
        states = {"BlockPublicAccessStates": {"InternetGatewayBlockMode": "off"}}
        assert modes(foreign(vpcs={"Vpcs": [vpc() | states]})) == self.ANYTHING

    def test_an_answer_about_another_account_tells_it_too(self) -> None:
        other = file_of(OPTIONS, OTHER)
        assert (
            modes(load_files({file_of("ec2__describe_vpcs"): {"Vpcs": [vpc()]}, other: switch("off")})) == self.ANYTHING
        )

    def test_a_snapshot_from_before_it_existed(self) -> None:
        assert modes(foreign(vpcs={"Vpcs": [vpc()]})) == {"off"}
