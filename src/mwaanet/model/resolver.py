"""Route 53 Resolver: endpoints, rules, associations, DNS firewalls."""

import msgspec

from mwaanet.model.record import Ip, Port, Record, Shape


class ResolverEndpoint(Record, frozen=True, kw_only=True):
    """ResolverEndpoint (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverEndpoint.html)."""

    id: str
    name: str = ""
    direction: str = ""
    status: str = ""
    host_vpc_id: str = msgspec.field(default="", name="HostVPCId")
    security_group_ids: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()

    @property
    def only_https(self) -> bool:
        """Whether it speaks DNS over HTTPS alone, and no plain DNS (`Do53`)."""
        return bool(self.protocols) and "Do53" not in self.protocols


class IpAddressResponse(Shape, frozen=True, kw_only=True):
    """IpAddressResponse (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_IpAddressResponse.html)."""

    subnet_id: str = ""
    ip: Ip = Ip("")
    status: str = ""


class IpAddresses(Shape, frozen=True, kw_only=True):
    """ListResolverEndpointIpAddresses (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ListResolverEndpointIpAddresses.html)."""

    ip_addresses: tuple[IpAddressResponse, ...] = ()


class TargetAddress(Shape, frozen=True, kw_only=True):
    """TargetAddress (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_TargetAddress.html)."""

    ip: Ip = Ip("")
    ipv6: Ip = Ip("")
    port: Port = 53
    protocol: str = "Do53"


class ResolverRule(Record, frozen=True, kw_only=True):
    """ResolverRule (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRule.html)."""

    id: str
    domain_name: str = ""
    rule_type: str = ""
    status: str = "COMPLETE"
    name: str = ""
    resolver_endpoint_id: str = ""
    target_ips: tuple[TargetAddress, ...] = ()
    owner_id: str = ""


class ResolverRuleAssociation(Record, frozen=True, kw_only=True):
    """ResolverRuleAssociation (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRuleAssociation.html)."""

    id: str = ""
    resolver_rule_id: str = ""
    vpc_id: str = msgspec.field(default="", name="VPCId")
    status: str = "COMPLETE"


class FirewallRuleGroupAssociation(Record, frozen=True, kw_only=True):
    """FirewallRuleGroupAssociation (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_FirewallRuleGroupAssociation.html)."""

    id: str = ""
    firewall_rule_group_id: str = ""
    vpc_id: str = ""
    priority: int = 0
    status: str = "COMPLETE"
