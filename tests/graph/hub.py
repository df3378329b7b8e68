"""Two VPCs on one transit gateway."""

from __future__ import annotations

from asking import Answer, ask
from builder import Topology, Vpc, rule, topology
from builder.subnet import Subnet
from builder.transit_gateway import Attachment, TransitGateway

ACCOUNT, REGION = "111122223333", "us-east-1"


class Hub:
    """Two VPCs on one transit gateway whose one table serves both: a client, 10.1.1.10, and a server, 10.2.1.20."""

    def __init__(self, *, owner: str = ACCOUNT) -> None:
        self.net: Topology = topology(ACCOUNT, REGION)
        home = self.net.account(owner).region(REGION)
        self.near: Vpc = self.net.vpc("near", "10.1.0.0/16")
        self.far: Vpc = self.net.vpc("far", "10.2.0.0/16")
        self.far.default_group.allow_in(rule("all"))
        self.a: Subnet = self.near.subnet("a", "10.1.1.0/24")
        self.b: Subnet = self.far.subnet("b", "10.2.1.0/24")
        self.gateway: TransitGateway = home.transit_gateway("hub")
        self.table = self.gateway.table("all")
        self.left: Attachment = self.gateway.attach_vpc(self.near, [self.a], table=self.table, propagate=[self.table])
        self.right: Attachment = self.gateway.attach_vpc(self.far, [self.b], table=self.table, propagate=[self.table])
        self.a.route("10.0.0.0/8", self.gateway)
        self.b.route("10.1.0.0/16", self.gateway)
        self.client = self.a.interface("10.1.1.10")
        self.server = self.b.interface("10.2.1.20")

    def third(self, *, inspecting: bool = False) -> Attachment:
        """Another VPC on the gateway, whose table knows its own addresses only."""
        vpc = self.net.vpc("third", "10.3.0.0/16")
        subnet = vpc.subnet("c", "10.3.1.0/24")
        vpc.route_table("third", subnet)
        if inspecting:
            subnet.interface("10.3.1.9", source_dest_check=False)
        return self.gateway.attach_vpc(vpc, [subnet], table=self.table, propagate=[self.table])

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.server, tcp=443)

    @property
    def verdict(self) -> str:
        return self.ask().verdict
