"""Route 53 Profiles: DNS resources that VPCs have by an association with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.dns_firewall import DnsFirewall
from builder.endpoint import InterfaceEndpoint
from builder.hosted_zone import HostedZone
from builder.identity import CREATED, Record
from builder.resolver import ResolverRule

if TYPE_CHECKING:
    from builder.store import Store
    from builder.vpc import Vpc

SERVICE = "route53profiles"
Resource = HostedZone | ResolverRule | InterfaceEndpoint | DnsFirewall | str
"""What a Profile may hold; any other as an ARN."""


class Profile:
    """A Profile of one account and its resources."""

    def __init__(self, store: Store, name: str, *resources: Resource) -> None:
        self.store = store
        self.name = name
        self.id = store.id("rp", name)
        self.resources: list[Record] = []
        self._answer(store)
        for resource in resources:
            self.add(resource)

    def _answer(self, store: Store) -> None:
        answer = {"ProfileResourceAssociations": self.resources}
        store.call(SERVICE, "list-profile-resource-associations", {"ProfileId": self.id}, answer)

    def add(self, resource: Resource, *, status: str = "COMPLETE") -> Profile:
        """Put a resource into it."""
        arn = _arn(resource)
        kind = arn.split(":", 5)[5].partition("/")[0]
        names = {"hostedzone": "PRIVATE_ZONE", "resolver-rule": "RESOLVER_RULE", "vpc-endpoint": "VPC_ENDPOINT"}
        self.resources.append(
            {
                "CreationTime": CREATED,
                "Id": self.store.id("rpr", self.id, arn),
                "ModificationTime": CREATED,
                "Name": self.name,
                "OwnerId": self.store.account,
                "ProfileId": self.id,
                "ResourceArn": arn,
                "ResourceType": names.get(kind, "FIREWALL_RULE_GROUP"),
                "Status": status,
            }
        )
        return self

    def associate(self, *vpcs: Vpc, status: str = "COMPLETE") -> Profile:
        """Let VPCs, of other accounts too, have its resources."""
        for vpc in vpcs:
            vpc.store.add(
                SERVICE,
                "list-profile-associations",
                {
                    "CreationTime": CREATED,
                    "Id": vpc.store.id("rpassoc", self.id, vpc.id),
                    "ModificationTime": CREATED,
                    "Name": self.name,
                    "OwnerId": vpc.store.account,
                    "ProfileId": self.id,
                    "ResourceId": vpc.id,
                    "Status": status,
                },
            )
            if vpc.store is not self.store:
                self._answer(vpc.store)
        return self


def _arn(resource: Resource) -> str:
    if isinstance(resource, str):
        return resource
    if isinstance(resource, HostedZone):
        return f"arn:aws:route53:::hostedzone/{resource.id}"
    if isinstance(resource, ResolverRule):
        return str(resource.record["Arn"])
    if isinstance(resource, DnsFirewall):
        return resource.store.arn("route53resolver", f"firewall-rule-group/{resource.id}")
    return resource.vpc.store.arn("ec2", f"vpc-endpoint/{resource.id}")
