"""Network ACLs and their entries."""

import msgspec

from mwaanet.model.record import Cidr, Record, Shape, Tag


class PortRange(Shape, frozen=True, kw_only=True):
    """PortRange (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PortRange.html)."""

    from_: int = msgspec.field(name="From")
    to: int


class IcmpTypeCode(Shape, frozen=True, kw_only=True):
    """IcmpTypeCode (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IcmpTypeCode.html)."""

    type: int = -1
    code: int = -1


class NetworkAclEntry(Shape, frozen=True, kw_only=True):
    """NetworkAclEntry (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html)."""

    rule_number: int
    egress: bool
    protocol: str
    rule_action: str
    cidr_block: Cidr = Cidr("")
    ipv6_cidr_block: Cidr = Cidr("")
    port_range: PortRange | None = None
    icmp_type_code: IcmpTypeCode | None = None


class NetworkAclAssociation(Shape, frozen=True, kw_only=True):
    """NetworkAclAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclAssociation.html)."""

    subnet_id: str


class NetworkAcl(Record, frozen=True, kw_only=True):
    """NetworkAcl (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAcl.html)."""

    network_acl_id: str
    vpc_id: str
    is_default: bool = False
    owner_id: str = ""
    entries: tuple[NetworkAclEntry, ...] = ()
    associations: tuple[NetworkAclAssociation, ...] = ()
    tags: tuple[Tag, ...] = ()
