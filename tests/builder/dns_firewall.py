"""Route 53 Resolver DNS Firewall: rule groups that allow or block names, associated with VPCs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, uuid_of

if TYPE_CHECKING:
    from builder.store import Store
    from builder.vpc import Vpc

SERVICE = "route53resolver"


class DnsFirewall:
    """A rule group of (action, domains) in order of priority: `("BLOCK", ["*.example.net"])`."""

    def __init__(self, store: Store, name: str, rules: Sequence[tuple[str, Sequence[str]]]) -> None:
        self.store = store
        self.name = name
        self.id = store.id("rslvr-frg", name)
        self.rules = [self._rule(number, action, domains) for number, (action, domains) in enumerate(rules, start=1)]
        store.call(SERVICE, "list-firewall-rules", {"FirewallRuleGroupId": self.id}, {"FirewallRules": self.rules})

    def _rule(self, number: int, action: str, domains: Sequence[str]) -> Record:
        listed = self.store.id("rslvr-fdl", self.name, str(number))
        names = {"Domains": [domain.rstrip(".") + "." for domain in domains]}
        self.store.call(SERVICE, "list-firewall-domains", {"FirewallDomainListId": listed}, names)
        rule: Record = {
            "FirewallRuleGroupId": self.id,
            "FirewallDomainListId": listed,
            "Name": f"{self.name} {number}",
            "Priority": number * 100,
            "Action": action,
            "CreatorRequestId": uuid_of(self.id, str(number)),
            "CreationTime": CREATED,
            "ModificationTime": CREATED,
            "FirewallDomainRedirectionAction": "INSPECT_REDIRECTION_DOMAIN",
        }
        return rule | ({"BlockResponse": "NXDOMAIN"} if action == "BLOCK" else {})

    def associate(self, *vpcs: Vpc) -> DnsFirewall:
        """Let the rules govern what VPCs may resolve."""
        for vpc in vpcs:
            identifier = vpc.store.id("rslvr-frgassoc", self.id, vpc.id)
            vpc.store.add(
                SERVICE,
                "list-firewall-rule-group-associations",
                {
                    "Id": identifier,
                    "Arn": vpc.store.arn("route53resolver", f"firewall-rule-group-association/{identifier}"),
                    "FirewallRuleGroupId": self.id,
                    "VpcId": vpc.id,
                    "Name": self.name,
                    "Priority": 101,
                    "MutationProtection": "DISABLED",
                    "Status": "COMPLETE",
                    "CreatorRequestId": uuid_of(identifier),
                    "CreationTime": CREATED,
                    "ModificationTime": CREATED,
                },
            )
        return self
