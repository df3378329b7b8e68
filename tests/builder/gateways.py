"""Internet, egress-only, NAT and virtual private gateways of a VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, tags

if TYPE_CHECKING:
    from builder.store import Store
    from builder.subnet import Subnet
    from builder.vpc import Vpc


class InternetGateway:
    """An internet gateway, attached to a VPC unless `vpc` is None."""

    def __init__(self, store: Store, name: str, vpc: Vpc | None) -> None:
        self.id = store.id("igw", name)
        attached = [{"State": "available", "VpcId": vpc.id}] if vpc else []
        self.record: Record = store.ec2(
            "describe-internet-gateways",
            {"InternetGatewayId": self.id, "OwnerId": store.account, "Attachments": attached, "Tags": tags(name)},
        )


class EgressOnlyInternetGateway:
    """An egress-only internet gateway, for IPv6."""

    def __init__(self, vpc: Vpc, name: str) -> None:
        self.id = vpc.store.id("eigw", name)
        attached = [{"State": "attached", "VpcId": vpc.id}]
        self.record: Record = vpc.store.ec2(
            "describe-egress-only-internet-gateways",
            {"EgressOnlyInternetGatewayId": self.id, "Attachments": attached, "Tags": tags(name)},
        )


class NatGateway:
    """A NAT gateway in a subnet, with its interface and, where public, its Elastic IP."""

    def __init__(self, subnet: Subnet, name: str, address: str, public: str | None, state: str) -> None:
        store = subnet.vpc.store
        self.id: str = store.id("nat", subnet.id, name)
        self.subnet = subnet
        self.interface = subnet.interface(
            address,
            groups=[],
            kind="nat_gateway",
            description=f"Interface for NAT Gateway {self.id}",
            requester="349274518126",
            source_dest_check=False,
        )
        held: Record = {
            "NetworkInterfaceId": self.interface.id,
            "PrivateIp": address,
            "IsPrimary": True,
            "Status": "succeeded",
        }
        if public:
            allocation = self.interface.elastic_ip(public)
            association = self.interface.record["Association"]["AssociationId"]
            held |= {"AllocationId": allocation, "AssociationId": association, "PublicIp": public}
        self.record: Record = store.ec2(
            "describe-nat-gateways",
            {
                "NatGatewayId": self.id,
                "VpcId": subnet.vpc.id,
                "SubnetId": subnet.id,
                "State": state,
                "ConnectivityType": "public" if public else "private",
                "CreateTime": CREATED,
                "NatGatewayAddresses": [held],
                "Tags": tags(name),
            },
        )


class VpnGateway:
    """A virtual private gateway, attached to a VPC unless `vpc` is None."""

    def __init__(self, store: Store, name: str, vpc: Vpc | None, asn: int) -> None:
        self.id = store.id("vgw", name)
        self.store = store
        self.vpc = vpc
        attached = [{"State": "attached", "VpcId": vpc.id}] if vpc else []
        self.record: Record = store.ec2(
            "describe-vpn-gateways",
            {
                "VpnGatewayId": self.id,
                "State": "available",
                "Type": "ipsec.1",
                "AmazonSideAsn": asn,
                "VpcAttachments": attached,
                "Tags": tags(name),
            },
        )
