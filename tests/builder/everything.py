"""`every_noun()`: one topology that uses everything the builder can make, for tests that must have seen it all."""

from __future__ import annotations

from typing import Any

from builder.network_firewall import domains, five_tuples, stateless, suricata
from builder.role import policy
from builder.rules import GroupPeer, inbound, outbound, rule, self_ref
from builder.topology import Topology, topology
from builder.vpc import Vpc

HOME, OTHER, EAST, WEST = "111122223333", "444455556666", "us-east-1", "us-west-2"


def every_noun() -> Topology:
    """One topology that uses everything the builder can make."""
    net = topology()
    other = net.account(OTHER).region(EAST)
    west = net.region(WEST)
    vpc = net.vpc("main", "10.1.0.0/16", "100.64.0.0/16", ipv6="2600:1f18:1::/56")
    peer = other.vpc("peer", "10.2.0.0/16", dhcp=other.dhcp_options("own", "10.2.0.53", domain="corp.example"))
    far = west.vpc("far", "10.3.0.0/16", dns_hostnames=False)
    a = vpc.subnet("a", "10.1.1.0/24", ipv6="2600:1f18:1::/64")
    b = vpc.subnet("b", "10.1.2.0/24", az="use1-az2", public=True)
    inside = peer.subnet("inside", "10.2.1.0/24")
    pcx = vpc.peer(peer)
    vpc.peer(far, state="pending-acceptance")
    _filters(net, vpc, a, pcx, peer)
    _gateways(net, vpc, a, b, pcx)
    _private_link(net, other, vpc, a, peer, inside)
    _transit(net, other, west, vpc, a, peer, inside)
    _firewall(net, vpc, b)
    _names(net, vpc, peer, a, b)
    _environment(net, a, b)
    a.share(other.store)
    a.interface(store=other.store, groups=[])
    vpc.exclude_from_block()
    net.block_public_access("block-ingress")
    return net


def _filters(net: Topology, vpc: Vpc, a: Any, pcx: Any, peer: Any) -> None:
    offices = net.prefix_list("offices", "10.50.0.0/16", "10.51.0.0/16").share(peer.store)
    foreign = peer.security_group("foreign")
    group = vpc.security_group("app", ingress=[self_ref(), rule("tcp", 22, offices)], egress=[])
    group.allow_in(rule("icmp", (8, -1)), rule("udp", (1000, 2000), "2001:db8::/32"), rule("50"))
    group.allow_in(rule("tcp", 443, GroupPeer(foreign, OTHER, pcx, "active", peer)))
    group.allow_out(rule("all", None, group))
    vpc.network_acl(
        "tight",
        inbound(100, "allow", "tcp", (1024, 65535), "0.0.0.0/0"),
        inbound(110, "deny", "icmp", (8, -1), "10.0.0.0/8"),
        outbound(100, "allow", "all", None, "::/0"),
        subnets=[a],
    )
    a.interface("10.1.1.7", groups=[group], secondary=["10.1.1.8"], ipv6=["2600:1f18:1::7"])


def _gateways(net: Topology, vpc: Vpc, a: Any, b: Any, pcx: Any) -> None:
    internet, vgw = vpc.internet_gateway(), vpc.vpn_gateway()
    nat = b.nat_gateway("public", public="203.0.113.9")
    instance = b.instance("bastion", public="203.0.113.10", source_dest_check=False)
    b.interface().public_ip("203.0.113.11")
    a.route("0.0.0.0/0", nat).route("::/0", vpc.egress_only_internet_gateway())
    a.route("10.2.0.0/16", pcx).route("10.60.0.0/16", instance).route("10.61.0.0/16", instance.interface)
    a.route("10.62.0.0/16", "arn:aws:networkmanager::111122223333:core-network/core-network-0a1b2c3d")
    a.route("10.63.0.0/16", "lgw-0a1b2c3d4e5f60718").route("10.64.0.0/16", "cagw-0a1b2c3d4e5f60718")
    a.route(net.prefix_list("sites", "10.70.0.0/16"), b.nat_gateway("private", state="failed"))
    a.table.blackhole("10.71.0.0/16", "pcx-0dead0dead0dead00").propagate(vgw, "10.50.0.0/16")
    b.route("0.0.0.0/0", internet)
    vpc.route_table("ingress").associate_gateway(internet)
    vpc.gateway_endpoint("s3", a)
    vpc.gateway_endpoint("dynamodb", a, b)
    router = net.customer_gateway("dc", "198.51.100.7")
    net.vpn("to-vgw", router, vgw, static=["10.50.0.0/16"], tunnels=("UP", "DOWN"))
    staff = net.client_vpn("staff", "172.30.0.0/22", vpc, dns=["10.1.0.2"], split=True).associate(a)
    staff.route("10.2.0.0/16", a).authorize("10.1.0.0/16").authorize("10.2.0.0/16", "S-1-5-21-1004")
    direct = net.direct_connect_gateway("private", "10.50.0.0/16")
    direct.virtual_interface("private", kind="private", bgp="down")
    direct.associate(vgw, "10.1.0.0/16")


def _private_link(net: Topology, other: Any, vpc: Any, a: Any, peer: Any, inside: Any) -> None:
    vpc.endpoint("sqs", [a], policy={"Statement": []}, dns_options={"DnsRecordIpType": "ipv4"})
    vpc.endpoint("s3", [a], dns_options={"PrivateDnsOnlyForInboundResolverEndpoint": True})
    group = peer.target_group("app", 8081, attributes={"preserve_client_ip.enabled": "true"})
    group.target("10.50.1.20").target("10.50.1.21", health="unhealthy").target("10.2.1.99", zone="az1")
    balancer = peer.network_load_balancer("app", [inside], groups=[peer.security_group("nlb")], addresses=["10.2.1.9"])
    balancer.listener(443, group).attribute(load_balancing__cross_zone__enabled="true")
    service = other.endpoint_service("app", [balancer], allowed=[HOME, "*"], private_name="app.example.com")
    vpc.endpoint(service, [a], private_dns=True, groups=[vpc.default_group]).state("pendingAcceptance")
    vpc.load_balancer_endpoint("appliance", a)


def _transit(net: Topology, other: Any, west: Any, vpc: Any, a: Any, peer: Any, inside: Any) -> None:
    tgw = other.transit_gateway("hub", group_references=True)
    table = tgw.table("all")
    spoke = tgw.attach_vpc(vpc, [a], table=table, propagate=[table], group_references=True)
    tgw.attach_vpc(peer, [inside], table=table, propagate=[table], appliance=True)
    tgw.attach_connect(spoke, "10.80.0.0/16", table=table)
    other.vpn("to-tgw", other.customer_gateway("dc", "198.51.100.7"), tgw, bgp=["10.50.0.0/16"], propagate=[table])
    direct = other.direct_connect_gateway("transit", "10.50.0.0/16")
    direct.virtual_interface("transit")
    direct.associate(tgw, "10.1.0.0/16", table=table, propagate=[table])
    near, _ = tgw.peer(west.transit_gateway("west"), table=table)
    table.route("10.3.0.0/16", near).blackhole("10.90.0.0/16")
    table.route(other.prefix_list("far", "10.4.0.0/16"), near)


def _firewall(net: Topology, vpc: Vpc, b: Any) -> None:
    groups = [
        net.rule_group("five", five_tuples(("PASS", "TCP", "10.1.0.0/16", "ANY", "443"))),
        net.rule_group("names", domains("ALLOWLIST", ".example.com")),
        net.rule_group("text", suricata("drop tls any any -> any any (sid:9;)")),
        net.rule_group("fast", stateless(("aws:drop", 6, "0.0.0.0/0", "10.1.0.0/16", (23, 23))), kind="STATELESS"),
    ]
    firewall = vpc.network_firewall("inspect", [b], net.firewall_policy("inspect", *groups))
    vpc.route_table("inspected").route("0.0.0.0/0", firewall.endpoint_in(b))


def _names(net: Topology, vpc: Vpc, peer: Any, a: Any, b: Any) -> None:
    zone = net.zone("corp.example", vpc, peer).add("db", "A", "10.1.1.50").add("*.apps", "CNAME", "db.corp.example")
    zone.alias("@", vpc.endpoint("kms", [a]))
    net.zone("public.example", private=False)
    out = vpc.resolver_endpoint("out", "OUTBOUND", {a: "10.1.1.54", b: "10.1.2.54"}, [vpc.default_group])
    net.resolver_rule("corp", "corp.example", "10.50.0.2", endpoint=out).associate(vpc, peer)
    net.resolver_rule("except", "aws.corp.example", kind="SYSTEM").associate(vpc)
    net.dns_firewall("names", ("ALLOW", ["*.corp.example"]), ("BLOCK", ["*"])).associate(vpc)
    net.profile("shared", net.zone("shared.corp.example").add("app", "A", "10.9.0.9")).associate(vpc)


def _environment(net: Topology, a: Any, b: Any) -> None:
    key = net.key("data")
    bucket = net.bucket("dags", key=key, objects={"requirements.txt": "pandas\n", "plugins.zip": None})
    role = net.role(
        "worker", policy(), inline={"own": policy()}, managed={"more": policy()}, boundary=("cap", policy())
    )
    net.user("person", inline={"own": policy()}, groups={"people": policy()}).attach("more", policy()).bound(
        "cap", policy()
    )
    key.grant(role, "Decrypt", "GenerateDataKey")
    net.environment("air", [a, b], [a.vpc.default_group], bucket, role, key=key)
    net.bucket("plain", policy=policy(), versioning=None, region=WEST).public_access_block(False).versioning(
        "Suspended"
    )
    net.log_group("other")
