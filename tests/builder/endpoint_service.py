"""Endpoint services: AWS's own (named by what they serve) and those of other accounts (PrivateLink)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, aws_id, digest, tags

if TYPE_CHECKING:
    from builder.endpoint import InterfaceEndpoint
    from builder.load_balancer import NetworkLoadBalancer
    from builder.store import Store

_GATEWAY = ("dynamodb", "s3")
_INTERFACE = (
    "airflow.api",
    "airflow.env",
    "athena",
    "codeartifact.api",
    "codeartifact.repositories",
    "ecr.api",
    "ecr.dkr",
    "glue",
    "kms",
    "logs",
    "monitoring",
    "s3",
    "secretsmanager",
    "sqs",
    "sts",
)


_SHOWN = (
    "ServiceName",
    "ServiceId",
    "ServiceType",
    "AvailabilityZoneIds",
    "BaseEndpointDnsNames",
    "AcceptanceRequired",
    "ManagesVpcEndpoints",
    "SupportedIpAddressTypes",
)


def service_name(service: str, region: str) -> str:
    """`com.amazonaws.us-east-1.sqs` for `sqs`; a full name stays."""
    return service if service.startswith("com.amazonaws.") else f"com.amazonaws.{region}.{service}"


_HOSTS = {"codeartifact.api": "codeartifact", "codeartifact.repositories": "d.codeartifact"}


def _host(service: str, region: str) -> str:
    """What an AWS service is called in its Regional host name, less the Region: `env.airflow`."""
    short = service.removeprefix(f"com.amazonaws.{region}.")
    if short in _HOSTS:
        return _HOSTS[short]
    return ".".join(reversed(service.removeprefix(f"com.amazonaws.{region}.").split(".")))


def base_name(service: str, region: str) -> str:
    """Where an endpoint's own names lie: `sqs.us-east-1.vpce.amazonaws.com`."""
    customer = service.removeprefix(f"com.amazonaws.vpce.{region}.")
    return f"{customer if customer != service else _host(service, region)}.{region}.vpce.amazonaws.com"


def private_names(service: str, region: str) -> list[str]:
    """The names that an AWS service's endpoint answers in private DNS."""
    if ".vpce-svc-" in service:
        return []
    host = _host(service, region)
    if host == "d.codeartifact":
        return [f"*.{host}.{region}.amazonaws.com"]
    names = [f"{host}.{region}.amazonaws.com"]
    if host == "sqs":
        names.append(f"{region}.queue.amazonaws.com")
    if host in ("s3", "dkr.ecr"):
        names.append(f"*.{host}.{region}.amazonaws.com")
    if host == "s3":
        names += [f"*.s3-accesspoint.{region}.amazonaws.com", f"*.s3-control.{region}.amazonaws.com"]
    return names


def aws_services(store: Store) -> list[Record]:
    """The `ServiceDetails` of AWS's services, as `describe-vpc-endpoint-services` lists them for everyone."""
    return [_aws_service(store, name, "Gateway") for name in _GATEWAY] + [
        _aws_service(store, name, "Interface") for name in _INTERFACE
    ]


def _zones(store: Store, count: int = 0) -> list[str]:
    return [store.zone_id(f"az{n + 1}") for n in range(count or store.world.zones(store.region))]


def _aws_service(store: Store, name: str, kind: str) -> Record:
    full = service_name(name, store.region)
    zones = _zones(store)
    record: Record = {
        "ServiceName": full,
        "ServiceId": aws_id("vpce-svc", store.region, name, kind),
        "ServiceType": [{"ServiceType": kind}],
        "ServiceRegion": store.region,
        "AvailabilityZones": sorted(store.zone_name(zone) for zone in zones),
        "AvailabilityZoneIds": zones,
        "Owner": "amazon",
        "BaseEndpointDnsNames": [f"{name}.{store.region}.amazonaws.com"],
        "VpcEndpointPolicySupported": True,
        "AcceptanceRequired": False,
        "ManagesVpcEndpoints": False,
        "Tags": [],
    }
    if kind == "Interface":
        names = private_names(full, store.region)
        record |= {
            "BaseEndpointDnsNames": [base_name(full, store.region)],
            "PrivateDnsName": names[0],
            "PrivateDnsNames": [{"PrivateDnsName": item} for item in names],
            "PrivateDnsNameVerificationState": "verified",
            "SupportedIpAddressTypes": ["ipv4"],
        }
    return record


class EndpointService:
    """A service behind Network Load Balancers, with the principals it lets in and the endpoints connected to it."""

    def __init__(
        self,
        store: Store,
        label: str,
        load_balancers: Sequence[NetworkLoadBalancer],
        *,
        allowed: Sequence[str] = (),
        acceptance: bool = True,
        private_name: str = "",
    ) -> None:
        self.store = store
        self.label = label
        self.id = store.id("vpce-svc", label)
        self.name = f"com.amazonaws.vpce.{store.region}.{self.id}"
        self.private_names = [private_name] if private_name else []
        self.load_balancers = list(load_balancers)
        self.connections: dict[str, Record] = {}
        self.record: Record = store.ec2("describe-vpc-endpoint-service-configurations", self._record(acceptance))
        self.permissions: list[Record] = []
        store.call(
            "ec2",
            "describe-vpc-endpoint-service-permissions",
            {"ServiceId": self.id},
            {"AllowedPrincipals": self.permissions},
        )
        self.allow(*allowed)
        store.world.late.append(self._show_to_allowed)

    def _show_to_allowed(self) -> None:
        """Its owner, and the accounts that it lets in, find the service among those they may use."""
        principals = " ".join(permission["Principal"] for permission in self.permissions)
        for store in list(self.store.world.stores.values()):
            may_see = store.account in (self.store.account, *principals.split(":")) or principals == "*"
            if store.region == self.store.region and may_see:
                listing = store.whole["ec2", "describe-vpc-endpoint-services"]
                if self.name not in listing["ServiceNames"]:
                    listing["ServiceNames"].append(self.name)
                    listing["ServiceDetails"].append(self._detail(store))

    def _detail(self, store: Store) -> Record:
        detail = {key: self.record[key] for key in _SHOWN}
        if self.private_names:
            names = [{"PrivateDnsName": name} for name in self.private_names]
            detail |= {"PrivateDnsName": self.private_names[0], "PrivateDnsNames": names}
        return detail | {
            "ServiceRegion": self.store.region,
            "AvailabilityZones": [store.zone_name(zone) for zone in self.record["AvailabilityZoneIds"]],
            "Owner": self.store.account,
            "VpcEndpointPolicySupported": False,
            "Tags": [],
        }

    def _record(self, acceptance: bool) -> Record:
        zones = sorted({subnet.zone for balancer in self.load_balancers for subnet in balancer.subnets})
        record: Record = {
            "ServiceType": [{"ServiceType": "Interface"}],
            "ServiceId": self.id,
            "ServiceName": self.name,
            "ServiceState": "Available",
            "AvailabilityZones": [self.store.zone_name(zone) for zone in zones],
            "AvailabilityZoneIds": zones,
            "AcceptanceRequired": acceptance,
            "ManagesVpcEndpoints": False,
            "NetworkLoadBalancerArns": [balancer.arn for balancer in self.load_balancers],
            "SupportedIpAddressTypes": ["ipv4"],
            "BaseEndpointDnsNames": [base_name(self.name, self.store.region)],
            "SupportedRegions": [{"Region": self.store.region, "ServiceState": "Available"}],
            "RemoteAccessEnabled": False,
            "Tags": tags(self.label),
        }
        if self.private_names:
            verified = {"State": "verified", "Type": "TXT", "Name": "_0" + digest(self.id)[:6], "Value": "vpce:owned"}
            record |= {"PrivateDnsName": self.private_names[0], "PrivateDnsNameConfiguration": verified}
        return record

    def allow(self, *principals: str) -> EndpointService:
        """Let accounts (`444455556666`), principals' ARNs or everyone (`*`) connect."""
        for principal in principals:
            arn = f"arn:aws:iam::{principal}:root" if principal.isdigit() else principal
            self.permissions.append(
                {
                    "PrincipalType": "All" if arn == "*" else "Account" if arn.endswith(":root") else "Role",
                    "Principal": arn,
                    "ServicePermissionId": self.store.id("vpce-svc-perm", self.id, arn),
                    "ServiceId": self.id,
                    "Tags": [],
                }
            )
        return self

    def connect(self, endpoint: InterfaceEndpoint) -> None:
        """Show an endpoint among the service's connections."""
        self.connections[endpoint.id] = self.store.ec2(
            "describe-vpc-endpoint-connections",
            {
                "ServiceId": self.id,
                "VpcEndpointId": endpoint.id,
                "VpcEndpointOwner": endpoint.vpc.store.account,
                "VpcEndpointState": endpoint.record["State"],
                "VpcEndpointConnectionId": self.store.id("vpce-con", endpoint.id),
                "VpcEndpointRegion": endpoint.vpc.store.region,
                "CreationTimestamp": CREATED,
                "DnsEntries": endpoint.record["DnsEntries"],
                "NetworkLoadBalancerArns": self.record["NetworkLoadBalancerArns"],
                "IpAddressType": "ipv4",
                "Tags": [],
            },
        )
