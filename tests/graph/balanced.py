"""A load balancer in front of a server in each zone, and one in front of a server on-premises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asking import Answer, ask, site_file
from builder import rule, topology
from builder.interface import Instance, Interface
from builder.load_balancer import TargetGroup
from builder.security_group import SecurityGroup
from builder.subnet import Subnet

ACCOUNT, REGION = "111122223333", "us-east-1"


class Balanced:
    """A client, 10.1.1.10, a load balancer in a subnet per zone, and a server, 10.1.20.x, per zone.

    The load balancer listens on TCP 443; servers take TCP 8081 from what `allow` says.
    """

    def __init__(
        self,
        *,
        zones: Sequence[str] = ("az1", "az2"),
        kind: str = "ip",
        protocol: str = "TCP",
        listener: str = "TCP",
        allow: str = "10.1.0.0/16",
        health: Sequence[str] = ("healthy", "healthy"),
        groups: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.net = topology(ACCOUNT, REGION)
        self.vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.subnets: list[Subnet] = [
            self.vpc.subnet(f"nlb-{zone}", f"10.1.{10 + n}.0/24", zone) for n, zone in enumerate(zones)
        ]
        self.server_group = self.vpc.security_group(
            "server", ingress=[rule("udp" if protocol == "UDP" else "tcp", 8081, allow)]
        )
        self.targets: TargetGroup = self.vpc.target_group("web", 8081, target_type=kind, protocol=protocol)
        self.servers: list[Instance] = []
        for n, (zone, state) in enumerate(zip(zones, health, strict=False)):
            subnet = self.vpc.subnet(f"server-{zone}", f"10.1.{20 + n}.0/24", zone)
            server = subnet.instance(f"server-{zone}", f"10.1.{20 + n}.20", groups=[self.server_group])
            self.servers.append(server)
            if kind == "ip":
                self.targets.target(server.interface.address, health=state)
            else:
                self.targets.target(server.id, health=state)
        self.groups: list[SecurityGroup] = [
            self.vpc.security_group("nlb", ingress=[rule("tcp", 443, cidr) for cidr in groups])
        ][: 1 if groups else 0]
        self.nlb = self.vpc.network_load_balancer("web", self.subnets, groups=self.groups, **options)
        self.nlb.listener(443, self.targets, protocol=listener)
        self.client: Interface = self.vpc.subnet("clients", "10.1.1.0/24", zones[0]).interface("10.1.1.10")

    def ask(self, zone: int = 0, **packets: Any) -> Answer:
        """From the client to the load balancer's address in a zone."""
        return ask(self.net, self.client, self.nlb.interfaces[zone].address, **(packets or {"tcp": 443}))


def on_premises(address: str) -> tuple[Balanced, str]:
    """The load balancer with one target, on a site that a VPN joins."""
    balanced = Balanced()
    balanced.targets.health.clear()
    balanced.targets.target(address)
    gateway = balanced.vpc.vpn_gateway()
    vpn = balanced.net.vpn(
        "dc", balanced.net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16", "100.64.0.0/16"]
    )
    for cidr in ("172.20.0.0/16", "100.64.0.0/16", "203.0.113.0/24"):
        balanced.vpc.main_table.propagate(gateway, cidr)
    return balanced, site_file(links=[vpn.id]).replace("[172.20.0.0/16]", "[172.20.0.0/16, 100.64.0.0/16]")
