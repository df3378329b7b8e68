"""A new entry of a network ACL, with a number that puts it before the entry that denies.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, appended
from mwaanet.net import ICMP, ICMPV6, protocol_name


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAclEntry(Change):
    """Let packets through; `protocol` is its number, -1 for all; ports are -1 where the protocol has none."""

    acl: str
    outbound: bool
    number: int
    protocol: int
    cidr: str
    low: int = -1
    high: int = -1

    @property
    def summary(self) -> str:
        way = f"out to {self.cidr}" if self.outbound else f"in from {self.cidr}"
        ports = "" if self.low < 0 else f" {self.low}" if self.low == self.high else f" {self.low}-{self.high}"
        what = "all traffic" if self.protocol < 0 else f"{protocol_name(self.protocol)}{ports}"
        return f"let {what} {way} in {self.acl} (entry {self.number})"

    def _parameters(self) -> dict[str, Any]:
        """The entry as EC2 takes it; ICMP has types in place of ports, and all of them are let through."""
        found: dict[str, Any] = {"RuleNumber": self.number, "Protocol": str(self.protocol), "RuleAction": "allow"}
        found["Egress"] = self.outbound
        found["Ipv6CidrBlock" if ":" in self.cidr else "CidrBlock"] = self.cidr
        if self.low >= 0:
            found["PortRange"] = {"From": self.low, "To": self.high}
        if self.protocol in (ICMP, ICMPV6):
            found["IcmpTypeCode"] = {"Type": -1, "Code": -1}
        return found

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", "create-network-acl-entry", {"NetworkAclId": self.acl, **self._parameters()}),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        entry = {"NetworkAclId": self.acl, "RuleNumber": self.number, "Egress": self.outbound}
        return (Command("ec2", "delete-network-acl-entry", entry),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties: dict[str, Any] = {
            "network_acl_id": self.acl,
            "rule_number": self.number,
            "egress": self.outbound,
            "protocol": str(self.protocol),
            "rule_action": "allow",
            "ipv6_cidr_block" if ":" in self.cidr else "cidr_block": self.cidr,
        }
        if self.low >= 0:
            properties |= {"from_port": self.low, "to_port": self.high}
        if self.protocol in (ICMP, ICMPV6):
            properties |= {"icmp_type": -1, "icmp_code": -1}
        return (Declared(type="aws_network_acl_rule", name=self._name(label), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"NetworkAclId": self.acl, **self._parameters(), "Protocol": self.protocol}
        if "IcmpTypeCode" in properties:
            properties["Icmp"] = properties.pop("IcmpTypeCode")
        return (Declared(type="AWS::EC2::NetworkAclEntry", name=self._name(logical_id), properties=properties),)

    def _name(self, made: Any) -> str:
        name: str = made("outbound" if self.outbound else "inbound", str(self.number), self.acl)
        return name

    def make(self, edits: Edits) -> bool:
        acls = edits.records("ec2", "describe-network-acls", NetworkAclId=self.acl)
        return appended(acls, "Entries", self._parameters())
