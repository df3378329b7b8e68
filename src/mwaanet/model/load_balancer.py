"""Load balancers and their attributes."""

import msgspec

from mwaanet.model.record import Ip, Record, Shape


class LoadBalancerAddress(Shape, frozen=True, kw_only=True):
    """LoadBalancerAddress (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAddress.html)."""

    ip_address: Ip = Ip("")
    private_ipv4_address: Ip = msgspec.field(default=Ip(""), name="PrivateIPv4Address")
    ipv6_address: Ip = msgspec.field(default=Ip(""), name="IPv6Address")


class AvailabilityZone(Shape, frozen=True, kw_only=True):
    """AvailabilityZone (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AvailabilityZone.html)."""

    zone_name: str = ""
    subnet_id: str = ""
    load_balancer_addresses: tuple[LoadBalancerAddress, ...] = ()


class LoadBalancerState(Shape, frozen=True, kw_only=True):
    """LoadBalancerState (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html)."""

    code: str = ""


class LoadBalancer(Record, frozen=True, kw_only=True):
    """LoadBalancer (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html)."""

    load_balancer_arn: str
    load_balancer_name: str = ""
    dns_name: str = msgspec.field(default="", name="DNSName")
    type: str = "application"
    scheme: str = "internal"
    vpc_id: str = ""
    ip_address_type: str = "ipv4"
    state: LoadBalancerState = LoadBalancerState()
    availability_zones: tuple[AvailabilityZone, ...] = ()
    security_groups: tuple[str, ...] = ()
    enforce_inbound: str = msgspec.field(default="on", name="EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    """`on` is AWS's default for load balancers with security groups; without groups it decides nothing.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
    """


class Attribute(Shape, frozen=True, kw_only=True):
    """LoadBalancerAttribute (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html)."""

    key: str
    value: str = ""


class Attributes(Shape, frozen=True, kw_only=True):
    """DescribeLoadBalancerAttributes (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancerAttributes.html)."""

    attributes: tuple[Attribute, ...] = ()
