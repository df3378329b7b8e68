"""AWS Network Firewall: rule groups, a policy, and a firewall with an endpoint in each subnet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from builder.endpoint import LoadBalancerEndpoint
from builder.identity import Record, tags, uuid_of

if TYPE_CHECKING:
    from builder.store import Store
    from builder.subnet import Subnet
    from builder.vpc import Vpc

FORWARD = "aws:forward_to_sfe"


class RuleGroup:
    """A rule group; `source` is its `RulesSource` as AWS prints it (see `five_tuples`, `domains`, `suricata`)."""

    def __init__(
        self, store: Store, name: str, source: Mapping[str, object], *, kind: str = "STATEFUL", strict: bool = False
    ) -> None:
        self.kind = kind
        self.id = self.arn = store.arn("network-firewall", f"{kind.lower()}-rulegroup/{name}")
        store.add("network-firewall", "list-rule-groups", {"Name": name, "Arn": self.arn})
        self.group: Record = {"RulesSource": dict(source)}
        if kind == "STATEFUL":
            order = "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER"
            self.group["StatefulRuleOptions"] = {"RuleOrder": order}
        self.record: Record = {
            "UpdateToken": uuid_of(self.arn, "update"),
            "RuleGroup": self.group,
            "RuleGroupResponse": {
                "RuleGroupArn": self.arn,
                "RuleGroupName": name,
                "RuleGroupId": uuid_of(self.arn),
                "Type": kind,
                "Capacity": 100,
                "RuleGroupStatus": "ACTIVE",
                "Tags": tags(name),
            },
        }
        store.call("network-firewall", "describe-rule-group", {"RuleGroupArn": self.arn}, self.record)


def five_tuples(*rules: tuple[str, str, str, str, str]) -> Record:
    """Stateful rules: (action, protocol, source, destination, destination port)."""
    return {
        "StatefulRules": [
            {
                "Action": action,
                "Header": {
                    "Protocol": protocol,
                    "Source": source,
                    "SourcePort": "ANY",
                    "Direction": "FORWARD",
                    "Destination": destination,
                    "DestinationPort": port,
                },
                "RuleOptions": [{"Keyword": "sid", "Settings": [str(number)]}],
            }
            for number, (action, protocol, source, destination, port) in enumerate(rules, start=1)
        ]
    }


def domains(kind: str, *targets: str) -> Record:
    """A domain list: `ALLOWLIST` or `DENYLIST` of names for TLS and HTTP."""
    listed = {"Targets": list(targets), "TargetTypes": ["TLS_SNI", "HTTP_HOST"], "GeneratedRulesType": kind}
    return {"RulesSourceList": listed}


def suricata(text: str) -> Record:
    """Rules as Suricata writes them."""
    return {"RulesString": text}


def stateless(*rules: tuple[str, int, str, str, tuple[int, int]]) -> Record:
    """Stateless rules: (action, protocol number, source, destination, destination ports), in order of priority."""
    return {
        "StatelessRulesAndCustomActions": {
            "StatelessRules": [
                {
                    "Priority": number,
                    "RuleDefinition": {
                        "Actions": [action],
                        "MatchAttributes": {
                            "Sources": [{"AddressDefinition": source}],
                            "Destinations": [{"AddressDefinition": destination}],
                            "DestinationPorts": [{"FromPort": ports[0], "ToPort": ports[1]}],
                            "Protocols": [protocol],
                        },
                    },
                }
                for number, (action, protocol, source, destination, ports) in enumerate(rules, start=1)
            ]
        }
    }


class FirewallPolicy:
    """A firewall policy; unmatched packets go to the stateful engine unless another default is given."""

    def __init__(
        self,
        store: Store,
        name: str,
        *groups: RuleGroup,
        stateless_default: str = FORWARD,
        stateful_default: Sequence[str] = (),
        strict: bool = False,
    ) -> None:
        self.id = self.arn = store.arn("network-firewall", f"firewall-policy/{name}")
        store.add("network-firewall", "list-firewall-policies", {"Name": name, "Arn": self.arn})
        self.policy: Record = {
            "StatelessDefaultActions": [stateless_default],
            "StatelessFragmentDefaultActions": [stateless_default],
            "StatelessRuleGroupReferences": [
                {"ResourceArn": group.arn, "Priority": number}
                for number, group in enumerate((g for g in groups if g.kind == "STATELESS"), start=1)
            ],
            "StatefulRuleGroupReferences": [
                {"ResourceArn": group.arn} | ({"Priority": number} if strict else {})
                for number, group in enumerate((g for g in groups if g.kind == "STATEFUL"), start=1)
            ],
            "StatefulEngineOptions": {"RuleOrder": "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER"},
        }
        if stateful_default:
            self.policy["StatefulDefaultActions"] = list(stateful_default)
        response = {
            "FirewallPolicyName": name,
            "FirewallPolicyArn": self.arn,
            "FirewallPolicyId": uuid_of(self.arn),
            "FirewallPolicyStatus": "ACTIVE",
            "Tags": tags(name),
        }
        self.record: Record = {
            "UpdateToken": uuid_of(self.arn, "update"),
            "FirewallPolicyResponse": response,
            "FirewallPolicy": self.policy,
        }
        store.call("network-firewall", "describe-firewall-policy", {"FirewallPolicyArn": self.arn}, self.record)


class Firewall:
    """A firewall; `endpoint_in(subnet)` is the target for the routes of that zone."""

    def __init__(self, vpc: Vpc, name: str, subnets: Sequence[Subnet], policy: FirewallPolicy) -> None:
        store = vpc.store
        self.id = self.arn = store.arn("network-firewall", f"firewall/{name}")
        store.add("network-firewall", "list-firewalls", {"FirewallName": name, "FirewallArn": self.arn})
        self.endpoints = {
            subnet.id: LoadBalancerEndpoint(vpc, f"{name} {subnet.name}", subnet, owner=self.arn) for subnet in subnets
        }
        states = {
            subnet.record["AvailabilityZone"]: {
                "Attachment": {
                    "SubnetId": subnet.id,
                    "EndpointId": self.endpoints[subnet.id].id,
                    "Status": "READY",
                },
                "Config": {policy.arn: {"SyncStatus": "IN_SYNC"}},
            }
            for subnet in subnets
        }
        self.record: Record = {
            "UpdateToken": uuid_of(self.arn, "update"),
            "Firewall": {
                "FirewallName": name,
                "FirewallArn": self.arn,
                "FirewallPolicyArn": policy.arn,
                "VpcId": vpc.id,
                "SubnetMappings": [{"SubnetId": subnet.id, "IPAddressType": "IPV4"} for subnet in subnets],
                "DeleteProtection": False,
                "SubnetChangeProtection": False,
                "FirewallPolicyChangeProtection": False,
                "FirewallId": uuid_of(self.arn),
                "Tags": tags(name),
            },
            "FirewallStatus": {
                "Status": "READY",
                "ConfigurationSyncStateSummary": "IN_SYNC",
                "SyncStates": states,
            },
        }
        store.call("network-firewall", "describe-firewall", {"FirewallArn": self.arn}, self.record)

    def endpoint_in(self, subnet: Subnet) -> LoadBalancerEndpoint:
        return self.endpoints[subnet.id]
