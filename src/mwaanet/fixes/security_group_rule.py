"""A new rule of a security group.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, appended


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroupRule(Change):
    """Let packets in or out; the peer is one of a CIDR, a security group and a prefix list.

    `protocol` is AWS's name or `-1`; ports are -1 where the protocol has none.
    """

    group: str
    outbound: bool
    protocol: str
    low: int = -1
    high: int = -1
    cidr: str = ""
    peer_group: str = ""
    prefix_list: str = ""

    @property
    def direction(self) -> str:
        """As AWS calls it."""
        return "egress" if self.outbound else "ingress"

    @property
    def peer(self) -> str:
        """Whom it lets through."""
        return self.cidr or self.peer_group or self.prefix_list

    @property
    def summary(self) -> str:
        ports = "" if self.low < 0 else f" {self.low}" if self.low == self.high else f" {self.low}-{self.high}"
        what = "all traffic" if self.protocol == "-1" else f"{self.protocol}{ports}"
        way = f"out to {self.peer}" if self.outbound else f"in from {self.peer}"
        return f"let {what} {way} in {self.group}"

    def _permission(self) -> dict[str, Any]:
        """The IpPermission (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)."""
        ports = {} if self.protocol == "-1" else {"FromPort": self.low, "ToPort": self.high}
        peers: dict[str, Any] = {"PrefixListIds": [{"PrefixListId": self.prefix_list}]}
        if self.cidr:
            six = ":" in self.cidr
            peers = {"Ipv6Ranges" if six else "IpRanges": [{"CidrIpv6" if six else "CidrIp": self.cidr}]}
        elif self.peer_group:
            peers = {"UserIdGroupPairs": [{"GroupId": self.peer_group}]}
        return {"IpProtocol": self.protocol, **ports, **peers}

    def _called(self, verb: str) -> tuple[Command, ...]:
        parameters = {"GroupId": self.group, "IpPermissions": [self._permission()]}
        return (Command("ec2", f"{verb}-security-group-{self.direction}", parameters),)

    @property
    def commands(self) -> tuple[Command, ...]:
        return self._called("authorize")

    @property
    def undoing(self) -> tuple[Command, ...]:
        return self._called("revoke")

    @property
    def terraform(self) -> tuple[Declared, ...]:
        ports = {} if self.protocol == "-1" else {"from_port": self.low, "to_port": self.high}
        peers = {"prefix_list_id": self.prefix_list}
        if self.cidr:
            peers = {"cidr_ipv6" if ":" in self.cidr else "cidr_ipv4": self.cidr}
        elif self.peer_group:
            peers = {"referenced_security_group_id": self.peer_group}
        properties = {"security_group_id": self.group, "ip_protocol": self.protocol, **ports, **peers}
        name = label(self.direction, self.protocol, str(self.low), self.peer)
        return (Declared(type=f"aws_vpc_security_group_{self.direction}_rule", name=name, properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        ports = {} if self.protocol == "-1" else {"FromPort": self.low, "ToPort": self.high}
        side = "Destination" if self.outbound else "Source"
        peers = {f"{side}PrefixListId": self.prefix_list}
        if self.cidr:
            peers = {"CidrIpv6" if ":" in self.cidr else "CidrIp": self.cidr}
        elif self.peer_group:
            peers = {f"{side}SecurityGroupId": self.peer_group}
        properties = {"GroupId": self.group, "IpProtocol": self.protocol, **ports, **peers}
        name = logical_id(self.direction, self.protocol, str(max(self.low, 0)), self.peer)
        kind = f"AWS::EC2::SecurityGroup{self.direction.capitalize()}"
        return (Declared(type=kind, name=name, properties=properties),)

    def make(self, edits: Edits) -> bool:
        key = "IpPermissionsEgress" if self.outbound else "IpPermissions"
        groups = edits.records("ec2", "describe-security-groups", GroupId=self.group)
        return appended(groups, key, self._permission())
