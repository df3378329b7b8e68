"""Security groups and their rules."""

from mwaanet.model.record import Cidr, Record, Shape, Tag


class IpRange(Shape, frozen=True, kw_only=True):
    """IpRange (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html)."""

    cidr_ip: Cidr


class Ipv6Range(Shape, frozen=True, kw_only=True):
    """Ipv6Range (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv6Range.html)."""

    cidr_ipv6: Cidr


class PrefixListId(Shape, frozen=True, kw_only=True):
    """PrefixListId (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PrefixListId.html)."""

    prefix_list_id: str


class UserIdGroupPair(Shape, frozen=True, kw_only=True):
    """UserIdGroupPair (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html)."""

    group_id: str = ""
    vpc_id: str = ""
    vpc_peering_connection_id: str = ""
    peering_status: str = ""


class IpPermission(Shape, frozen=True, kw_only=True):
    """IpPermission (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)."""

    ip_protocol: str
    from_port: int | None = None
    to_port: int | None = None
    ip_ranges: tuple[IpRange, ...] = ()
    ipv6_ranges: tuple[Ipv6Range, ...] = ()
    prefix_list_ids: tuple[PrefixListId, ...] = ()
    user_id_group_pairs: tuple[UserIdGroupPair, ...] = ()


class SecurityGroup(Record, frozen=True, kw_only=True):
    """SecurityGroup (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html)."""

    group_id: str
    group_name: str = ""
    vpc_id: str = ""
    owner_id: str = ""
    ip_permissions: tuple[IpPermission, ...] = ()
    ip_permissions_egress: tuple[IpPermission, ...] = ()
    tags: tuple[Tag, ...] = ()
