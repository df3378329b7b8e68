"""What lies at the edge of VPCs: NAT gateways, the internet with its gateways, VPNs and the sites behind them.

NAT gateways: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html. Internet gateways translate one
to one: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html. A virtual private gateway passes
between its VPC and its connections, and between these:
https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataplane.compiler.host import TRACKED
from dataplane.compiler.plan import Plan, Port, chain, ports_of, table
from dataplane.compiler.vpc import INTERNET, VPN, router, within
from dataplane.spec import OUTSIDE, OUTSIDE_HOSTS, FirewallRule, Nat, Peering, Site, Topology, VpnGateway


def add_nat(plan: Plan, nat: Nat) -> None:
    """A host of its own subnet that gives what passes its own address and any free port, and takes replies only."""
    space = plan.space(f"end {nat.name}")
    own = f"meta l4proto tcp snat to {nat.address}:1024-65535 random"
    space.ip += [f"addr add {nat.address}/32 dev eth0", "route add default dev eth0"]
    space.nft += table(
        chain("input", (), "filter hook input priority 0; policy drop"),
        chain("forward", ["ct state invalid drop"], "filter hook forward priority 0; policy accept"),
        chain("leave", [own], "nat hook postrouting priority 100"),
    )


def add_peering(plan: Plan, peering: Peering) -> None:
    """The router of each VPC gives what comes by it to the VPC's own interfaces only: there is no transit."""
    if peering.active:
        plan.link(Port(router(peering.requester), peering.name), Port(router(peering.accepter), peering.name))


def add_internet(plan: Plan, spec: Topology) -> None:
    """The internet, with the internet gateways at its edge: a public address is translated one to one."""
    space = plan.space(OUTSIDE)
    plan.homes[OUTSIDE] = OUTSIDE
    space.ip += [f"addr add {address}/32 dev lo" for address in OUTSIDE_HOSTS]
    space.ip.append("route add blackhole default")
    enter: list[str] = []
    leave: list[str] = []
    for vpc in (one.name for one in spec.vpcs if one.internet):
        device = f"igw_{vpc}"
        plan.link(Port(OUTSIDE, device), Port(router(vpc), INTERNET))
        public = {one.public: one.address for one in spec.interfaces(vpc) if one.public}
        space.ip += [f"route add {address}/32 dev {device}" for address in public]
        enter += _translated(device, {own: address for address, own in public.items()}, "saddr", "iifname")
        leave += _translated(device, public, "daddr", "oifname")
    space.nft += table(
        chain("enter", enter, "filter hook prerouting priority -300; policy accept"),
        chain("leave", leave, "filter hook postrouting priority 300; policy accept"),
    )


def _translated(device: str, addresses: dict[str, str], side: str, way: str) -> list[str]:
    if not addresses:
        return [f"{way} {device} drop"]
    known = f"{{ {', '.join(addresses)} }}"
    pairs = ", ".join(f"{one} : {other}" for one, other in addresses.items())
    return [
        f"{way} {device} ip {side} != {known} drop",
        f"{way} {device} ip {side} set ip {side} map {{ {pairs} }}",
    ]


def add_vpn_gateway(plan: Plan, spec: Topology, gateway: VpnGateway) -> None:
    name = f"vgw {gateway.name}"
    plan.link(Port(name, "vpc"), Port(router(gateway.vpc), VPN))
    cidrs = spec.vpc(gateway.vpc).cidrs
    learned: list[str] = []
    for site in spec.sites:
        if site.gateway == gateway.name and site.up:
            plan.link(Port(name, site.name), Port(f"site {site.name}", "vpn"))
            learned += [f"{cidr} dev {site.name}" for cidr in site.announces if not within(cidr, cidrs)]
    space = plan.space(name)
    space.ip += [f"route add {cidr} dev vpc" for cidr in cidrs]
    space.ip += [f"route add {way}{number}" for way in (*learned, "blackhole default") for number in ("", " table 9")]
    space.ip.append("rule add priority 100 iif vpc lookup 9")


def add_site(plan: Plan, site: Site) -> None:
    """A site's hosts, behind its routes and its stateful firewall."""
    name = f"site {site.name}"
    plan.homes[site.name] = name
    space = plan.space(name)
    space.ip += [f"addr add {address}/32 dev lo" for address in site.hosts]
    if site.up:
        space.ip.append("route add default dev vpn")
    space.nft += table(
        chain("routes", _unrouted(site), "filter hook output priority -10; policy accept"),
        *(
            chain(
                hook,
                [f"{side} != vpn accept", *TRACKED, *_firewall(site, outbound=hook == "output")],
                f"filter hook {hook} priority 0; policy drop",
            )
            for hook, side in (("input", "iifname"), ("output", "oifname"))
        ),
        chain("transit", (), "filter hook forward priority 0; policy drop"),
    )


def _unrouted(site: Site) -> Iterator[str]:
    """What the site does not send to AWS: a filter, for without a route the kernel would take no request either."""
    if site.routes is not None:
        routed = f" ip daddr != {{ {', '.join(site.routes)} }}" if site.routes else ""
        yield f"oifname vpn{routed} drop"


def _firewall(site: Site, *, outbound: bool) -> Iterator[str]:
    """The first rule that matches decides."""
    yield from (_rule(one) for one in site.firewall if one.outbound is outbound)
    yield "accept" if site.firewall_allows else "drop"


def _rule(one: FirewallRule) -> str:
    ends = f"ip saddr {one.source} ip daddr {one.destination}"
    return f"{ends} {ports_of('tcp', one.ports)} {'accept' if one.allow else 'drop'}"
