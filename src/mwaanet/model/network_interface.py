"""Network interfaces."""

from mwaanet.model.record import Cidr, Ip, Record, Shape, Tag


class GroupIdentifier(Shape, frozen=True, kw_only=True):
    """GroupIdentifier (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GroupIdentifier.html)."""

    group_id: str


class NetworkInterfaceAssociation(Shape, frozen=True, kw_only=True):
    """NetworkInterfaceAssociation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceAssociation.html)."""

    public_ip: Ip = Ip("")


class NetworkInterfacePrivateIpAddress(Shape, frozen=True, kw_only=True):
    """NetworkInterfacePrivateIpAddress (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfacePrivateIpAddress.html)."""

    private_ip_address: Ip
    primary: bool = False
    association: NetworkInterfaceAssociation | None = None


class NetworkInterfaceIpv6Address(Shape, frozen=True, kw_only=True):
    """NetworkInterfaceIpv6Address (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceIpv6Address.html)."""

    ipv6_address: Ip


class Ipv4PrefixSpecification(Shape, frozen=True, kw_only=True):
    """Ipv4PrefixSpecification (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv4PrefixSpecification.html)."""

    ipv4_prefix: Cidr


class Ipv6PrefixSpecification(Shape, frozen=True, kw_only=True):
    """Ipv6PrefixSpecification (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv6PrefixSpecification.html)."""

    ipv6_prefix: Cidr


class NetworkInterfaceAttachment(Shape, frozen=True, kw_only=True):
    """NetworkInterfaceAttachment (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceAttachment.html)."""

    instance_id: str = ""
    device_index: int = 0


class NetworkInterface(Record, frozen=True, kw_only=True):
    """NetworkInterface (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html)."""

    network_interface_id: str
    subnet_id: str = ""
    vpc_id: str = ""
    owner_id: str = ""
    description: str = ""
    interface_type: str = "interface"
    private_ip_address: Ip = Ip("")
    private_ip_addresses: tuple[NetworkInterfacePrivateIpAddress, ...] = ()
    ipv6_addresses: tuple[NetworkInterfaceIpv6Address, ...] = ()
    ipv4_prefixes: tuple[Ipv4PrefixSpecification, ...] = ()
    ipv6_prefixes: tuple[Ipv6PrefixSpecification, ...] = ()
    groups: tuple[GroupIdentifier, ...] = ()
    source_dest_check: bool = True
    deny_all_igw_traffic: bool = False
    status: str = "in-use"
    association: NetworkInterfaceAssociation | None = None
    attachment: NetworkInterfaceAttachment | None = None
    tag_set: tuple[Tag, ...] = ()
