"""VPC peering connections, within and across accounts and Regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.identity import Record

if TYPE_CHECKING:
    from builder.vpc import Vpc

_MESSAGES = {
    "active": "Active",
    "pending-acceptance": "Pending Acceptance",
    "deleted": "Deleted",
    "rejected": "Inactive",
}


class Peering:
    """A peering connection; both owners see the same record."""

    def __init__(
        self, requester: Vpc, accepter: Vpc, state: str, *, requester_dns: bool = False, accepter_dns: bool = False
    ) -> None:
        self.requester = requester
        self.accepter = accepter
        self.id = requester.store.id("pcx", requester.id, accepter.id)
        self.record: Record = {
            "VpcPeeringConnectionId": self.id,
            "Status": {},
            "RequesterVpcInfo": _side(requester, requester_dns),
            "AccepterVpcInfo": _side(accepter, accepter_dns),
            "Tags": [],
        }
        self.state(state)
        for store in dict.fromkeys((requester.store, accepter.store)):
            store.ec2("describe-vpc-peering-connections", self.record)

    def state(self, state: str) -> Peering:
        """`active`, `pending-acceptance`, `deleted`, `rejected`, …"""
        self.record["Status"] = {"Code": state, "Message": _MESSAGES.get(state, state)}
        return self


def _side(vpc: Vpc, dns: bool) -> Record:
    record: Record = {
        "VpcId": vpc.id,
        "OwnerId": vpc.store.account,
        "Region": vpc.store.region,
        "CidrBlock": vpc.record["CidrBlock"],
        "CidrBlockSet": [{"CidrBlock": cidr} for cidr in vpc.cidrs if ":" not in cidr],
        "PeeringOptions": {
            "AllowDnsResolutionFromRemoteVpc": dns,
            "AllowEgressFromLocalClassicLinkToRemoteVpc": False,
            "AllowEgressFromLocalVpcToRemoteClassicLink": False,
        },
    }
    v6 = [{"Ipv6CidrBlock": cidr} for cidr in vpc.cidrs if ":" in cidr]
    return record | ({"Ipv6CidrBlockSet": v6} if v6 else {})
