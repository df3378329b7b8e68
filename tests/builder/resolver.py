"""Route 53 Resolver: endpoints, rules and their associations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, uuid_of
from builder.security_group import SecurityGroup
from builder.sharing import share

if TYPE_CHECKING:
    from builder.store import Store
    from builder.subnet import Subnet
    from builder.vpc import Vpc

SERVICE = "route53resolver"


def write_internet_rule(store: Store) -> None:
    """The rule that AWS makes in every account: what no other rule matches is resolved recursively."""
    identifier = "rslvr-autodefined-rr-internet-resolver"
    store.add(
        SERVICE,
        "list-resolver-rules",
        {
            "Id": identifier,
            "Arn": f"arn:aws:route53resolver:{store.region}::autodefined-rule/{identifier}",
            "CreatorRequestId": "",
            "DomainName": ".",
            "Name": "Internet Resolver",
            "OwnerId": "Route 53 Resolver",
            "RuleType": "RECURSIVE",
            "ShareStatus": "NOT_SHARED",
            "Status": "COMPLETE",
        },
    )


class ResolverEndpoint:
    """An inbound or outbound endpoint: an interface with security groups in each subnet."""

    def __init__(
        self, vpc: Vpc, name: str, direction: str, addresses: Mapping[Subnet, str], groups: Sequence[SecurityGroup]
    ) -> None:
        store = vpc.store
        self.addresses = list(addresses.values())
        self.id = store.id("rslvr-in" if direction == "INBOUND" else "rslvr-out", name)
        self.record: Record = store.add(SERVICE, "list-resolver-endpoints", self._record(vpc, name, direction, groups))
        held = [self._address(subnet, address, groups) for subnet, address in addresses.items()]
        store.call(
            SERVICE,
            "list-resolver-endpoint-ip-addresses",
            {"ResolverEndpointId": self.id},
            {"IpAddresses": held},
        )

    def _record(self, vpc: Vpc, name: str, direction: str, groups: Sequence[SecurityGroup]) -> Record:
        return {
            "Id": self.id,
            "CreatorRequestId": uuid_of(self.id),
            "Arn": vpc.store.arn("route53resolver", f"resolver-endpoint/{self.id}"),
            "Name": name,
            "SecurityGroupIds": [group.id for group in groups],
            "Direction": direction,
            "IpAddressCount": len(self.addresses),
            "HostVPCId": vpc.id,
            "Status": "OPERATIONAL",
            "StatusMessage": "This Resolver Endpoint is operational.",
            "CreationTime": CREATED,
            "ModificationTime": CREATED,
            "ResolverEndpointType": "IPV4",
            "Protocols": ["Do53"],
        }

    def _address(self, subnet: Subnet, address: str, groups: Sequence[SecurityGroup]) -> Record:
        identifier = subnet.vpc.store.id("rni", self.id, address)
        interface = subnet.interface(
            address,
            groups=groups,
            description=f"Route 53 Resolver: {self.id}:{identifier}",
            requester="route53resolver",
        )
        return {
            "IpId": identifier,
            "SubnetId": interface.subnet.id,
            "Ip": address,
            "Status": "ATTACHED",
            "StatusMessage": "This IP address is operational.",
            "CreationTime": CREATED,
            "ModificationTime": CREATED,
        }


class ResolverRule:
    """A rule for a domain: `FORWARD` to targets through an outbound endpoint, or `SYSTEM` (an exception)."""

    def __init__(
        self,
        store: Store,
        name: str,
        domain: str,
        *,
        targets: Sequence[str] = (),
        endpoint: ResolverEndpoint | None = None,
        kind: str = "FORWARD",
    ) -> None:
        self.store = store
        self.name = name
        self.id = store.id("rslvr-rr", name)
        self.record: Record = store.add(
            SERVICE,
            "list-resolver-rules",
            {
                "Id": self.id,
                "Arn": store.arn("route53resolver", f"resolver-rule/{self.id}"),
                "CreatorRequestId": uuid_of(self.id),
                "DomainName": domain.rstrip(".") + ".",
                "Name": name,
                "OwnerId": store.account,
                "RuleType": kind,
                "ShareStatus": "NOT_SHARED",
                "Status": "COMPLETE",
                "CreationTime": CREATED,
                "ModificationTime": CREATED,
            },
        )
        if endpoint is not None:
            self.record["ResolverEndpointId"] = endpoint.id
        if targets:
            self.record["TargetIps"] = [{"Ip": target, "Port": 53, "Protocol": "Do53"} for target in targets]

    def associate(self, *vpcs: Vpc) -> ResolverRule:
        """Let VPCs use the rule; one of another account sees it as shared with it."""
        for vpc in vpcs:
            if vpc.store is not self.store:
                self.share(vpc.store)
            vpc.store.add(
                SERVICE,
                "list-resolver-rule-associations",
                {
                    "Id": vpc.store.id("rslvr-rrassoc", self.id, vpc.id),
                    "ResolverRuleId": self.id,
                    "Name": self.name,
                    "VPCId": vpc.id,
                    "Status": "COMPLETE",
                },
            )
        return self

    def share(self, *stores: Store) -> ResolverRule:
        """Share the rule through RAM."""
        share(self.store, f"resolver rule {self.name}", *stores)
        for store in stores:
            rules = store.lists[SERVICE, "list-resolver-rules"]
            if all(known["Id"] != self.id for known in rules):
                rules.append(self.record | {"ShareStatus": "SHARED_WITH_ME"})
        self.record["ShareStatus"] = "SHARED_BY_ME"
        return self
