"""`mwaa_estate()`: a complete, healthy architecture around one MWAA environment, to be broken by tests.

    account 111122223333          account 444455556666              the site "dc", 172.20.0.0/16
    VPC orchestration             VPC shared 10.40.0.0/20           package server 172.20.5.40:8081
    10.24.0.0/16                                                    resolvers 172.20.1.10, .11
      workers-a/b   MWAA, S3        nlb-a/b   the package server's   API client 172.20.7.21
                    gateway                   load balancer
      endpoints-a/b AWS services  ◄ PrivateLink ►
                    and packages
      transit-a/b   ◄──────────────── transit gateway ────────────► VPN and Direct Connect

What a test most often asks for are attributes: `estate.workers`, `estate.endpoints["sqs"]`, `estate.environment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.endpoint import GatewayEndpoint, InterfaceEndpoint
from builder.environment import Environment, execution_policy, execution_trust
from builder.estate_rules import endpoint_entries, nlb_entries, worker_entries
from builder.estate_site import (
    CLIENTS,
    PACKAGE_SERVER,
    REQUIREMENTS,
    RESOLVERS,
    SITE,
    Names,
    bucket_policy,
    key_policy,
    site_file,
)
from builder.network_acl import NetworkAcl
from builder.role import Role, allow, policy
from builder.rules import Rule, rule, self_ref
from builder.security_group import SecurityGroup
from builder.subnet import Subnet
from builder.topology import Region, Topology, topology
from builder.vpc import Vpc

HOME, SHARED, REGION = "111122223333", "444455556666", "us-east-1"
ZONES = ("use1-az1", "use1-az2")
NAME = "ingest-prod"
BUCKET = "fernleaf-ingest-prod-airflow"
REQUIRED = ("sqs", "logs", "monitoring", "kms")
USED = ("airflow.api", "airflow.env", "sts", "secretsmanager")
SECRETS = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """How an estate may vary."""

    routing: str = "private"
    """`private` (endpoints only) or `nat`."""
    airflow: str = "2.10.3"
    endpoint_management: str = "SERVICE"
    """`SERVICE` or `CUSTOMER`."""
    access: str = "PRIVATE_ONLY"
    """`PRIVATE_ONLY`, `PUBLIC_ONLY` or `PUBLIC_AND_PRIVATE`."""
    link: str = "both"
    """`vpn`, `dx` or `both`."""


class Estate:
    """The handle: every part of the architecture by name."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.net: Topology = topology(HOME, REGION)
        self.shared: Region = self.net.account(SHARED).region(REGION)
        self.vpc: Vpc = self.net.vpc("orchestration", "10.24.0.0/16")
        self.shared_vpc: Vpc = self.shared.vpc("shared", "10.40.0.0/20")
        self._subnets()
        self._groups()
        self._acls()
        self._transit()
        self._links()
        self._routes()
        self._endpoints()
        self._storage()
        self._environment()
        self._packages()
        self._names()
        self.net.site(self._site())

    def _pair(self, vpc: Vpc, name: str, first: str, second: str) -> list[Subnet]:
        cidrs = zip("ab", (first, second), ZONES, strict=True)
        return [vpc.subnet(f"{name}-{letter}", cidr, zone) for letter, cidr, zone in cidrs]

    def _subnets(self) -> None:
        self.workers = self._pair(self.vpc, "workers", "10.24.8.0/24", "10.24.9.0/24")
        self.endpoint_subnets = self._pair(self.vpc, "endpoints", "10.24.32.0/26", "10.24.32.64/26")
        self.transit_subnets = self._pair(self.vpc, "transit", "10.24.63.0/28", "10.24.63.16/28")
        self.nlb_subnets = self._pair(self.shared_vpc, "nlb", "10.40.4.0/26", "10.40.4.64/26")
        self.shared_transit_subnets = self._pair(self.shared_vpc, "transit", "10.40.15.0/28", "10.40.15.16/28")

    def _groups(self) -> None:
        group = self.vpc.security_group
        self.environment_group = group("mwaa-environment", ingress=[self_ref(), rule("tcp", 443, CLIENTS)])
        self.endpoint_group = group(
            "service-endpoints", ingress=[rule("tcp", 443, self.environment_group), rule("tcp", 443, CLIENTS)]
        )
        self.packages_group = group("packages-endpoint", ingress=[rule("tcp", 443, self.environment_group)])
        asked = [Rule(protocol, (53, 53), tuple(f"{one}/32" for one in RESOLVERS)) for protocol in ("udp", "tcp")]
        self.inbound_group = group("resolver-inbound", ingress=asked)
        self.outbound_group = group("resolver-outbound", egress=asked)
        self.nlb_group: SecurityGroup = self.shared_vpc.security_group(
            "packages-nlb",
            ingress=[rule("tcp", 443, "10.24.8.0/23")],
            egress=[rule("tcp", 8081, f"{PACKAGE_SERVER}/32")],
        )

    def _acls(self) -> None:
        customer = self.choices.endpoint_management == "CUSTOMER"
        self.worker_acl: NetworkAcl = self.vpc.network_acl("workers", *worker_entries(), subnets=self.workers)
        self.endpoint_acl: NetworkAcl = self.vpc.network_acl(
            "endpoints", *endpoint_entries(with_database=customer), subnets=self.endpoint_subnets
        )
        self.nlb_acl: NetworkAcl = self.shared_vpc.network_acl("nlb", *nlb_entries(), subnets=self.nlb_subnets)

    def _transit(self) -> None:
        self.tgw = self.shared.transit_gateway("hub", 64600)
        self.vpc_table = self.tgw.table("vpcs")
        self.edge_table = self.tgw.table("edge")
        self.attachment = self.tgw.attach_vpc(
            self.vpc, self.transit_subnets, table=self.vpc_table, propagate=[self.edge_table]
        )
        self.shared_attachment = self.tgw.attach_vpc(
            self.shared_vpc, self.shared_transit_subnets, table=self.vpc_table, propagate=[self.edge_table]
        )

    def _links(self) -> None:
        link: dict[str, Any] = {"table": self.edge_table, "propagate": [self.vpc_table]}
        self.vpn = self.vpn_attachment = self.dx_gateway = self.virtual_interface = self.dx_attachment = None
        if self.choices.link in ("vpn", "both"):
            router = self.shared.customer_gateway("dc", "203.0.113.77")
            self.vpn = self.shared.vpn("dc", router, self.tgw, bgp=[SITE], **link)
            self.vpn_attachment = self.vpn.attachment
        if self.choices.link in ("dx", "both"):
            self.dx_gateway = self.shared.direct_connect_gateway("dc", SITE)
            self.virtual_interface = self.dx_gateway.virtual_interface("dc-transit")
            self.dx_attachment = self.dx_gateway.associate(self.tgw, *self.cidrs, **link)

    @property
    def cidrs(self) -> tuple[str, ...]:
        """What the site may reach."""
        return (*self.vpc.cidrs, *self.shared_vpc.cidrs)

    def _routes(self) -> None:
        for subnet in (*self.workers, *self.endpoint_subnets, *self.nlb_subnets):
            subnet.route(SITE, self.tgw)
        if self.choices.routing == "nat":
            internet = self.vpc.internet_gateway()
            public = self._pair(self.vpc, "public", "10.24.0.0/26", "10.24.0.64/26")
            for number, (subnet, inside) in enumerate(zip(public, self.workers, strict=True), start=1):
                subnet.route("0.0.0.0/0", internet)
                gateway = subnet.nat_gateway(subnet.name, public=f"203.0.113.{10 + number}")
                inside.route("0.0.0.0/0", gateway)

    def _endpoints(self) -> None:
        self.s3_endpoint: GatewayEndpoint = self.vpc.gateway_endpoint("s3", *self.workers)
        services = (*REQUIRED, *USED) if self.choices.routing == "private" else USED
        self.endpoints: dict[str, InterfaceEndpoint] = {
            service: self.vpc.endpoint(service, self.endpoint_subnets, groups=[self.endpoint_group])
            for service in services
        }

    def _storage(self) -> None:
        self.key = self.net.key(NAME, policy=key_policy(HOME, REGION))
        self.bucket = self.net.bucket(
            BUCKET,
            key=self.key,
            objects={
                "dags/constraints-fernleaf.txt": "fernleaf-connectors==3.1.0\nsnowflake-connector-python==3.12.3\n",
                "dags/ingest.py": None,
                "plugins.zip": None,
                "requirements.txt": REQUIREMENTS,
            },
        )
        self.role: Role = self.net.role(
            f"mwaa-{NAME}",
            execution_trust(),
            path="/service-role/",
            managed={f"mwaa-{NAME}-execution": execution_policy(NAME, self.net.store, self.bucket.arn, self.key)},
            inline={"secrets": policy(allow("secretsmanager:GetSecretValue", self._secret("airflow/*")))},
        )
        self.bucket.policy(bucket_policy(self.bucket.arn))

    def _secret(self, name: str) -> str:
        return self.net.store.arn("secretsmanager", f"secret:{name}")

    def _environment(self) -> None:
        customer = self.choices.endpoint_management == "CUSTOMER"
        own = (
            self.vpc.security_group(
                "environment-endpoints",
                ingress=[
                    rule("tcp", 5432, self.environment_group),
                    rule("tcp", 443, self.environment_group, CLIENTS),
                ],
            )
            if customer
            else None
        )
        self.environment: Environment = self.net.environment(
            NAME,
            self.workers,
            [self.environment_group],
            self.bucket,
            self.role,
            key=self.key,
            version=self.choices.airflow,
            access=self.choices.access,
            management=self.choices.endpoint_management,
            endpoint_subnets=self.endpoint_subnets if own else None,
            endpoint_groups=[own] if own else None,
            options={"secrets.backend": SECRETS},
        )
        self.caller: Role = self.net.role(
            "airflow-caller",
            policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}, "Action": "sts:AssumeRole"}),
            inline={"call-airflow": self._caller_policy()},
        )

    def _caller_policy(self) -> dict[str, object]:
        arn = self.net.store.arn
        return policy(
            allow(["airflow:InvokeRestApi", "airflow:CreateWebLoginToken"], arn("airflow", f"role/{NAME}/User")),
            allow(["airflow:CreateCliToken", "airflow:GetEnvironment"], arn("airflow", f"environment/{NAME}")),
        )

    def _packages(self) -> None:
        self.target_group = self.shared_vpc.target_group("packages-8081", 8081).target(PACKAGE_SERVER)
        self.nlb = self.shared_vpc.network_load_balancer("packages", self.nlb_subnets, groups=[self.nlb_group])
        self.nlb.listener(443, self.target_group)
        self.service = self.shared.endpoint_service("packages", [self.nlb], allowed=[HOME])
        self.packages_endpoint: InterfaceEndpoint = self.vpc.endpoint(
            self.service, self.endpoint_subnets, groups=[self.packages_group]
        )

    def _names(self) -> None:
        self.zone = self.net.zone("build.example", self.vpc).alias("packages", self.packages_endpoint)
        first, second = self.endpoint_subnets
        self.resolver_inbound = self.vpc.resolver_endpoint(
            "from-site", "INBOUND", {first: "10.24.32.10", second: "10.24.32.74"}, [self.inbound_group]
        )
        self.resolver_outbound = self.vpc.resolver_endpoint(
            "to-site", "OUTBOUND", {first: "10.24.32.11", second: "10.24.32.75"}, [self.outbound_group]
        )
        self.resolver_rule = self.net.resolver_rule(
            "corporate", "corp.example", *RESOLVERS, endpoint=self.resolver_outbound
        ).associate(self.vpc)

    def _site(self) -> str:
        links = [one.id for one in (self.dx_gateway, self.vpn) if one is not None]
        return site_file(
            Names(
                environment=NAME,
                links=links,
                cidrs=self.cidrs,
                inbound=self.resolver_inbound.addresses,
                region=REGION,
                caller=self.caller.arn,
                public=self.choices.access != "PRIVATE_ONLY",
            )
        )

    def files(self) -> Mapping[str, bytes]:
        """The snapshot, site file included."""
        return self.net.files()


def mwaa_estate(
    *,
    routing: str = "private",
    airflow: str = "2.10.3",
    endpoint_management: str = "SERVICE",
    access: str = "PRIVATE_ONLY",
    link: str = "both",
) -> Estate:
    """A healthy architecture; see `Choices` for what may vary."""
    return Estate(
        Choices(
            routing=routing,
            airflow=airflow,
            endpoint_management=endpoint_management,
            access=access,
            link=link,
        )
    )
