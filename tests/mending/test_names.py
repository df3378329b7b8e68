"""Which changes let a private hosted zone count in a VPC."""

from __future__ import annotations

import pytest

from builder import Topology, topology
from mwaanet.fixes.change import Change
from mwaanet.mending.names import associated
from mwaanet.model.inventory import Inventory
from mwaanet.snapshot import Snapshot

ACCOUNT, OTHER = "111122223333", "444455556666"


def inventory_of(net: Topology) -> Inventory:
    return Inventory.load(Snapshot.from_files(net.files()))


def changes(zone_in: str) -> tuple[tuple[Change, ...], str, str]:
    """The changes for a zone of an account, the zone and the VPC that it is not associated with."""
    net = topology(ACCOUNT)
    vpc = net.vpc("near", "10.1.0.0/16")
    zone = net.account(zone_in).region().zone("corp.example", net.vpc("far", "10.2.0.0/16"))
    return associated(inventory_of(net), zone.id, vpc.id), zone.id, vpc.id


def test_a_zone_of_the_same_account() -> None:
    (made,), zone, vpc = changes(ACCOUNT)
    assert made.account == ACCOUNT
    assert made.lines(made.commands) == (
        f"aws route53 associate-vpc-with-hosted-zone --hosted-zone-id {zone} --vpc VPCRegion=us-east-1,VPCId={vpc}",
    )
    assert made.cloudformation[0].type == "AWS::Route53::HostedZone"


def test_a_zone_of_another_account() -> None:
    """The zone's account authorizes the VPC, whose account then associates it.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html
    """
    made, zone, vpc = changes(OTHER)
    asked = f"--hosted-zone-id {zone} --vpc VPCRegion=us-east-1,VPCId={vpc}"
    assert [(change.account, *change.lines(change.commands)) for change in made] == [
        (OTHER, f"aws route53 create-vpc-association-authorization {asked}"),
        (ACCOUNT, f"aws route53 associate-vpc-with-hosted-zone {asked}"),
    ]
    assert [change.lines(change.undoing) for change in reversed(made)] == [
        (f"aws route53 disassociate-vpc-from-hosted-zone {asked}",),
        (f"aws route53 delete-vpc-association-authorization {asked}",),
    ]
    assert [one.type for change in made for one in change.terraform] == [
        "aws_route53_vpc_association_authorization",
        "aws_route53_zone_association",
    ]
    assert not any(one.type for change in made for one in change.cloudformation)


@pytest.mark.parametrize("known", ["zone", "vpc"])
def test_nothing_where_one_of_them_is_not_known(known: str) -> None:
    net = topology(ACCOUNT)
    vpc = net.vpc("near", "10.1.0.0/16")
    zone = net.zone("corp.example", vpc)
    ends = {"zone": (zone.id, "vpc-0"), "vpc": ("Z0", vpc.id)}
    assert associated(inventory_of(net), *ends[known]) == ()
