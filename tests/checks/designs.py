"""The smallest environment whose workers install packages, to which a test adds the way to its package server."""

from __future__ import annotations

from typing import Any

from builder import Region, Topology, Vpc, rule, self_ref, topology
from builder.environment import execution_policy, execution_trust
from builder.hosted_zone import HostedZone
from builder.interface import Instance
from builder.load_balancer import NetworkLoadBalancer
from checks.nexus import diagnosed, faults
from mwaanet.checks.result import Diagnosis, Finding, Segment, Status

HOME, OTHER, REGION = "111122223333", "444455556666", "us-east-1"
ZONES = ("use1-az1", "use1-az2")
NAME = "nexus.corp.example"
SITE, SERVER = "172.20.0.0/16", "172.20.5.40"
SERVERS = "10.9.0.0/16"


class Workers:
    """Workers in two subnets of 10.1.0.0/16, one in each zone, whose requirements.txt names `index`."""

    def __init__(self, index: str = f"https://{NAME}:8443/repository/pypi/simple/") -> None:
        self.net: Topology = topology(HOME, REGION)
        self.vpc: Vpc = self.net.vpc("workers", "10.1.0.0/16")
        self.subnets = [
            self.vpc.subnet(f"workers-{n}", f"10.1.{n}.0/24", zone) for n, zone in enumerate(ZONES, start=1)
        ]
        self.group = self.vpc.security_group("workers", ingress=[self_ref()])
        text = f"--index-url {index}\nfernleaf-connectors==3.1.0\n"
        self.bucket = self.net.bucket("fernleaf-airflow", objects={"requirements.txt": text})
        rights = execution_policy("ingest", self.net.store, self.bucket.arn)
        role = self.net.role("mwaa", execution_trust(), managed={"mwaa": rights})
        self.environment = self.net.environment("ingest", self.subnets, [self.group], self.bucket, role)

    def route(self, cidr: str, target: Any) -> None:
        """Route a range from the workers' subnets."""
        for subnet in self.subnets:
            subnet.route(cidr, target)

    def zone(self, *addresses: str) -> HostedZone:
        """A private zone of the workers' VPC for the server's name, with these addresses."""
        zone = self.net.zone("corp.example", self.vpc)
        return zone.add("nexus", "A", *addresses) if addresses else zone

    def ask(self, site: str = "") -> Diagnosis:
        """The nexus path's diagnosis."""
        if site:
            self.net.site(site)
        return diagnosed(self.net.files())


class Server:
    """Nexus on an instance of its own in a VPC, 10.9.0.0/16 unless it is the workers', which takes TCP 8081."""

    def __init__(self, where: Region, vpc: Vpc | None = None, *, cidr: str = "10.9.9.0/24", allow: str = "") -> None:
        self.vpc = vpc or where.vpc("nexus", SERVERS)
        self.subnet = self.vpc.subnet("nexus", cidr, ZONES[0])
        self.group = self.vpc.security_group("nexus", ingress=[rule("tcp", 8081, allow or "10.0.0.0/8")])
        self.instance: Instance = self.subnet.instance("nexus", groups=[self.group])
        self.address = self.instance.interface.address

    def balanced(self, *cidrs: str, port: int = 443, protocol: str = "TCP", **options: Any) -> NetworkLoadBalancer:
        """A load balancer in front of it, in a subnet per zone."""
        subnets = [self.vpc.subnet(f"nlb-{n}", cidr, ZONES[n]) for n, cidr in enumerate(cidrs)]
        self.targets = self.vpc.target_group("nexus", 8081).target(self.address)
        balancer = self.vpc.network_load_balancer("nexus", subnets, cross_zone=True, **options)
        return balancer.listener(port, self.targets, protocol=protocol)


class PrivateLink:
    """Workers with an endpoint for a service of another account: a load balancer in front of Nexus in its VPC."""

    def __init__(self, **endpoint: Any) -> None:
        self.workers = Workers(f"https://{NAME}/repository/pypi/simple/")
        self.provider = self.workers.net.account(OTHER).region(REGION)
        self.server = Server(self.provider)
        self.balancer = self.server.balanced(
            "10.9.1.0/24", "10.9.2.0/24", ipv6=["2600:1f18:9:1::5", "2600:1f18:9:2::5"]
        )
        self.service = self.provider.endpoint_service("nexus", [self.balancer], allowed=[HOME])
        vpc = self.workers.vpc
        subnets = [vpc.subnet(f"endpoint-{n}", f"10.1.2{n}.0/24", zone) for n, zone in enumerate(ZONES)]
        self.endpoint = vpc.endpoint(self.service, subnets, **endpoint)
        self.zone = self.workers.net.zone("corp.example", vpc).alias("nexus", self.endpoint)

    def ask(self) -> Diagnosis:
        """The nexus path's diagnosis."""
        return self.workers.ask()


def segments(found: Diagnosis, check: str) -> list[Segment]:
    """The segments of one check."""
    return [segment for path in found.paths for segment in path.segments if segment.check == check]


def standing(found: Diagnosis, check: str) -> Status:
    """How a check stands for all subnets together; skip where it has nothing to say."""
    return Status.worst(segment.status for segment in segments(found, check))


def fault(found: Diagnosis, check: str) -> Finding:
    """The finding of a check that is no pass."""
    return faults(found)[check]
