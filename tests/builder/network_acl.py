"""Network ACLs: every VPC has a default one that allows all; a custom one denies what no entry allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from builder.identity import Record, tags
from builder.rules import Entry, inbound, outbound

if TYPE_CHECKING:
    from builder.subnet import Subnet
    from builder.vpc import Vpc

_ALLOW_ALL = (outbound(100, "allow", "all", None, "0.0.0.0/0"), inbound(100, "allow", "all", None, "0.0.0.0/0"))
_ALLOW_ALL_V6 = (outbound(101, "allow", "all", None, "::/0"), inbound(101, "allow", "all", None, "::/0"))
_DENY_REST = (outbound(32767, "deny", "all", None, "0.0.0.0/0"), inbound(32767, "deny", "all", None, "0.0.0.0/0"))
_DENY_REST_V6 = (outbound(32768, "deny", "all", None, "::/0"), inbound(32768, "deny", "all", None, "::/0"))


class NetworkAcl:
    """An ACL of one VPC; the entries numbered 32767 (and 32768) are AWS's own."""

    def __init__(self, vpc: Vpc, name: str, entries: Sequence[Entry] = (), default: bool = False) -> None:
        store = vpc.store
        self.id = store.id("acl", vpc.name, name)
        self.vpc = vpc
        has_v6 = "Ipv6CidrBlockAssociationSet" in vpc.record
        given = (*_ALLOW_ALL, *(_ALLOW_ALL_V6 if has_v6 else ())) if default else tuple(entries)
        rest = (*_DENY_REST, *(_DENY_REST_V6 if has_v6 else ()))
        self.record: Record = store.ec2(
            "describe-network-acls",
            {
                "NetworkAclId": self.id,
                "VpcId": vpc.id,
                "OwnerId": store.account,
                "IsDefault": default,
                "Entries": _in_order((*given, *rest)),
                "Associations": [],
                "Tags": [] if default else tags(name),
            },
        )

    def add(self, *entries: Entry) -> NetworkAcl:
        """Add entries, or replace those of the same direction and number."""
        new = {(e.egress, e.number) for e in entries}
        kept = [r for r in self.record["Entries"] if (r["Egress"], r["RuleNumber"]) not in new]
        self.record["Entries"] = sorted([*kept, *(e.record() for e in entries)], key=_order)
        return self

    def remove(self, number: int, *, egress: bool) -> NetworkAcl:
        """Take an entry away."""
        entries = self.record["Entries"]
        entries[:] = [r for r in entries if (r["RuleNumber"], r["Egress"]) != (number, egress)]
        return self

    def associate(self, *subnets: Subnet) -> NetworkAcl:
        """Make this the subnets' ACL; each subnet has exactly one."""
        for subnet in subnets:
            for acl in subnet.vpc.network_acls:
                acl._forget(subnet.id)
            association = subnet.vpc.store.id("aclassoc", self.id, subnet.id)
            self.record["Associations"].append(
                {"NetworkAclAssociationId": association, "NetworkAclId": self.id, "SubnetId": subnet.id}
            )
            subnet.network_acl = self
        return self

    def _forget(self, subnet: str) -> None:
        associations = self.record["Associations"]
        associations[:] = [a for a in associations if a["SubnetId"] != subnet]


def _in_order(entries: Iterable[Entry]) -> list[Record]:
    return sorted((entry.record() for entry in entries), key=_order)


def _order(record: Record) -> tuple[bool, int]:
    return (not record["Egress"], record["RuleNumber"])
