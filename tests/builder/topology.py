"""`topology()`: the handle from which a test builds its network, and that writes the snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.bucket import Bucket, write_account_block
from builder.client_vpn import ClientVpn
from builder.dhcp import AMAZON_DNS, DhcpOptions
from builder.direct_connect import DirectConnectGateway
from builder.dns_firewall import DnsFirewall
from builder.endpoint_service import EndpointService, aws_services
from builder.environment import Environment
from builder.gateways import InternetGateway, VpnGateway
from builder.hosted_zone import HostedZone
from builder.identity import CREATED, Record, Ref
from builder.key import Key, LogGroup
from builder.load_balancer import NetworkLoadBalancer
from builder.network_firewall import FirewallPolicy, RuleGroup
from builder.prefix_list import PrefixList, write_aws_prefix_lists
from builder.resolver import ResolverEndpoint, ResolverRule, write_internet_rule
from builder.role import Document, Role
from builder.route53_profile import Profile, Resource
from builder.security_group import SecurityGroup
from builder.sharing import write_no_shares
from builder.store import GLOBAL, Place, Store, World
from builder.subnet import Subnet
from builder.transit_gateway import TransitGateway
from builder.user import User
from builder.vpc import Vpc
from builder.vpn import CustomerGateway, VpnConnection


class Region:
    """One Region of one account: where everything that is not inside a VPC is made."""

    def __init__(self, world: World, account: str, name: str) -> None:
        self.world = world
        self.account_id = account
        self.name = name
        fresh = not world.has(account, name)
        self.store = world.store(account, name)
        if fresh:
            _write_what_aws_provides(self.store)
        self._default_dhcp: DhcpOptions | None = None

    def vpc(
        self,
        name: str,
        *cidrs: str,
        ipv6: str | None = None,
        dns_support: bool = True,
        dns_hostnames: bool = True,
        dhcp: Ref | None = None,
    ) -> Vpc:
        """A VPC with a primary and perhaps secondary CIDRs; Amazon's DNS unless DHCP options are given."""
        if dhcp is None:
            self._default_dhcp = self._default_dhcp or DhcpOptions(self.store, "default")
        attributes = {"enableDnsSupport": dns_support, "enableDnsHostnames": dns_hostnames}
        return Vpc(self.store, name, cidrs, ipv6, attributes, dhcp or self._default_dhcp or "default")

    def dhcp_options(self, name: str, *servers: str, domain: str | None = None) -> DhcpOptions:
        return DhcpOptions(self.store, name, servers or (AMAZON_DNS,), domain)

    def prefix_list(self, name: str, *cidrs: str) -> PrefixList:
        return PrefixList(self.store, name, cidrs)

    def internet_gateway(self, name: str) -> InternetGateway:
        """An internet gateway that is attached to nothing."""
        return InternetGateway(self.store, name, None)

    def vpn_gateway(self, name: str, asn: int = 64512) -> VpnGateway:
        """A virtual private gateway that is attached to nothing."""
        return VpnGateway(self.store, name, None, asn)

    def transit_gateway(self, name: str, asn: int = 64512, *, group_references: bool = False) -> TransitGateway:
        return TransitGateway(self.store, name, asn, group_references)

    def customer_gateway(self, name: str, address: str, asn: int = 65010) -> CustomerGateway:
        return CustomerGateway(self.store, name, address, asn)

    def vpn(
        self, name: str, customer: CustomerGateway, gateway: TransitGateway | VpnGateway, **options: Any
    ) -> VpnConnection:
        """A VPN connection; options: bgp, static, tunnels, table, propagate."""
        return VpnConnection(self.store, name, customer, gateway, **options)

    def client_vpn(self, name: str, clients: str, vpc: Vpc, **options: Any) -> ClientVpn:
        """A Client VPN endpoint whose clients have addresses of `clients`; options: groups, dns, split."""
        return ClientVpn(self.store, name, clients, vpc, **options)

    def direct_connect_gateway(self, name: str, *routes: str, asn: int = 64520) -> DirectConnectGateway:
        """A Direct Connect gateway; `routes` are what the site announces over it."""
        return DirectConnectGateway(self.store, name, asn, routes)

    def endpoint_service(
        self, name: str, load_balancers: Sequence[NetworkLoadBalancer], **options: Any
    ) -> EndpointService:
        """A PrivateLink service; options: allowed, acceptance, private_name."""
        return EndpointService(self.store, name, load_balancers, **options)

    def resolver_rule(
        self,
        name: str,
        domain: str,
        *targets: str,
        endpoint: ResolverEndpoint | None = None,
        kind: str = "FORWARD",
    ) -> ResolverRule:
        return ResolverRule(self.store, name, domain, targets=targets, endpoint=endpoint, kind=kind)

    def dns_firewall(self, name: str, *rules: tuple[str, Sequence[str]]) -> DnsFirewall:
        """DNS Firewall rules, in order: `("ALLOW", ["*.example.com"]), ("BLOCK", ["*"])`."""
        return DnsFirewall(self.store, name, rules)

    def profile(self, name: str, *resources: Resource) -> Profile:
        """A Route 53 Profile with hosted zones, resolver rules, endpoints and what else has an ARN."""
        return Profile(self.store, name, *resources)

    def rule_group(self, name: str, source: Mapping[str, object], **options: Any) -> RuleGroup:
        """A Network Firewall rule group; options: kind, strict."""
        return RuleGroup(self.store, name, source, **options)

    def firewall_policy(self, name: str, *groups: RuleGroup, **options: Any) -> FirewallPolicy:
        """A Network Firewall policy; options: stateless_default, stateful_default, strict."""
        return FirewallPolicy(self.store, name, *groups, **options)

    def zone(self, name: str, *vpcs: Vpc, private: bool = True) -> HostedZone:
        """A Route 53 hosted zone of the account, associated with VPCs."""
        return HostedZone(self.store.global_store, name, vpcs, private=private)

    def bucket(self, name: str, **options: Any) -> Bucket:
        """An S3 bucket; options: region, policy, versioning, key, objects, public_access_block."""
        return Bucket(self.store, name, **options)

    def role(self, name: str, trust: Document, **options: Any) -> Role:
        """An IAM role of the account; options: inline, managed, boundary, path."""
        return Role(self.store.global_store, name, trust, **options)

    def user(self, name: str, **options: Any) -> User:
        """An IAM user of the account; options: inline, groups."""
        return User(self.store.global_store, name, **options)

    def key(self, name: str, **options: Any) -> Key:
        """A KMS key; options: policy, manager, state."""
        return Key(self.store, name, **options)

    def log_group(self, name: str, key: Ref | None = None) -> LogGroup:
        return LogGroup(self.store, name, key)

    def environment(
        self,
        name: str,
        subnets: Sequence[Subnet],
        groups: Sequence[SecurityGroup],
        bucket: Bucket,
        role: Role,
        **options: Any,
    ) -> Environment:
        """An MWAA environment; options: key, version, access, management, endpoints, endpoint_subnets,
        endpoint_groups, options, tasks, status, extra.
        """
        return Environment(name, subnets, groups, bucket, role, store=self.store, **options)

    def block_public_access(self, mode: str = "block-bidirectional") -> Region:
        """Switch VPC Block Public Access: `off`, `block-bidirectional` or `block-ingress`."""
        _write_block_public_access(self.store, mode)
        return self


class Account:
    """An account of the topology."""

    def __init__(self, net: Topology, account: str) -> None:
        self.id = account
        self._net = net

    def region(self, name: str | None = None) -> Region:
        """One of its Regions (default: the topology's home Region)."""
        return self._net.region_of(self.id, name or self._net.name)


class Topology(Region):
    """The home Region, from which other accounts and Regions are reached."""

    def __init__(self, account: str, region: str) -> None:
        self._regions: dict[tuple[str, str], Region] = {}
        super().__init__(World(account, region), account, region)
        self._regions[account, region] = self

    def region_of(self, account: str, region: str) -> Region:
        if (account, region) not in self._regions:
            self._regions[account, region] = Region(self.world, account, region)
        return self._regions[account, region]

    def region(self, name: str) -> Region:
        """Another Region of the home account."""
        return self.region_of(self.account_id, name)

    def account(self, account: str) -> Account:
        return Account(self, account)

    def site(self, text: str) -> Topology:
        """The text of `mwaanet.yaml`, which is written into the snapshot folder."""
        self.world.site = text
        return self

    @property
    def site_text(self) -> str:
        """The text of `mwaanet.yaml` as it stands; empty where there is none."""
        return self.world.site or ""

    def refuse(
        self, account: str, region: str, service: str, operation: str, code: str = "UnauthorizedOperation"
    ) -> Topology:
        """Refuse an operation: an argument-less one goes to the manifest, a per-resource one refuses every call."""
        place = self._place(account, region, service, operation)
        message = f"You are not authorized to perform this operation: {service}:{operation}"
        if (service, operation) in self.world.store(account, region).calls:
            self.world.refused_calls.append((place, {}, code, message))
        else:
            self.world.refused[place] = (code, message)
        return self

    def refuse_call(
        self,
        account: str,
        region: str,
        service: str,
        operation: str,
        code: str = "AccessDenied",
        **parameters: object,
    ) -> Topology:
        """Refuse the per-resource calls whose parameters are these."""
        place = self._place(account, region, service, operation)
        self.world.refused_calls.append((place, parameters, code, f"Access denied: {service}:{operation}"))
        return self

    def drop_call(self, account: str, region: str, service: str, operation: str, **parameters: object) -> Topology:
        """Leave out a file, or with parameters only the calls that have them: nobody ever asked."""
        place = self._place(account, region, service, operation)
        if parameters:
            self.world.dropped_calls.append((place, parameters))
        else:
            self.world.dropped.add(place)
        return self

    def _place(self, account: str, region: str, service: str, operation: str) -> Place:
        """A file that the snapshot has: a typing mistake in a test would otherwise take nothing away."""
        if not self.world.has(account, region):
            raise KeyError(f"the topology has no {account}/{region}")
        self.world.store(account, region).document(service, operation)
        return Place(account, region, service, operation)

    def document(self, account: str, region: str, service: str, operation: str) -> Record:
        """A file's content as it stands, open to changes (its lists are the live ones)."""
        return self.world.store(account, region).document(service, operation)

    def files(self) -> Mapping[str, bytes]:
        """Path in the snapshot -> content."""
        return self.world.files()

    def write(self, folder: Path) -> Path:
        """Write the snapshot into a folder (made when missing) and give the folder back."""
        for name, content in self.files().items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder


def topology(account: str = "111122223333", region: str = "us-east-1") -> Topology:
    """An empty topology: one account, one Region, nothing in them."""
    return Topology(account, region)


def _write_what_aws_provides(store: Store) -> None:
    store.world.store(store.account, GLOBAL)
    for number in range(1, store.world.zones(store.region) + 1):
        zone = store.zone_id(f"az{number}")
        store.ec2(
            "describe-availability-zones",
            {
                "ZoneName": store.zone_name(zone),
                "ZoneId": zone,
                "RegionName": store.region,
                "GroupName": f"{store.region}-zg-1",
                "NetworkBorderGroup": store.region,
                "ZoneType": "availability-zone",
                "State": "available",
                "OptInStatus": "opt-in-not-required",
                "Messages": [],
            },
        )
    write_account_block(store)
    write_no_shares(store)
    write_aws_prefix_lists(store)
    write_internet_rule(store)
    _write_block_public_access(store, "off")
    services = aws_services(store)
    names = sorted({record["ServiceName"] for record in services})
    store.whole["ec2", "describe-vpc-endpoint-services"] = {"ServiceNames": names, "ServiceDetails": services}
    caller = f"arn:aws:sts::{store.account}:assumed-role/network-reader/mwaanet"
    store.whole["sts", "get-caller-identity"] = {
        "UserId": "AROAEXAMPLEREADER0001:mwaanet",
        "Account": store.account,
        "Arn": caller,
    }


def _write_block_public_access(store: Store, mode: str) -> None:
    store.whole["ec2", "describe-vpc-block-public-access-options"] = {
        "VpcBlockPublicAccessOptions": {
            "AwsAccountId": store.account,
            "AwsRegion": store.region,
            "State": "default-state" if mode == "off" else "update-complete",
            "InternetGatewayBlockMode": mode,
            "LastUpdateTimestamp": CREATED,
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
    }
