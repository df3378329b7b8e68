"""A DNS attribute of a VPC, switched on.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns-updating.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, label, logical_id
from mwaanet.fixes.edits import Edits, updated


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcAttribute(Change):
    """`attribute` is enableDnsSupport or enableDnsHostnames."""

    vpc: str
    attribute: str

    @property
    def _name(self) -> str:
        return self.attribute[:1].upper() + self.attribute[1:]

    @property
    def summary(self) -> str:
        return f"switch {self.attribute} of {self.vpc} on"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("ec2", "modify-vpc-attribute", {"VpcId": self.vpc, self._name: {"Value": True}}),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("ec2", "modify-vpc-attribute", {"VpcId": self.vpc, self._name: {"Value": False}}),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        name = {"EnableDnsSupport": "enable_dns_support"}.get(self._name, "enable_dns_hostnames")
        return (Declared(type="aws_vpc", name=label(self.vpc), properties={name: True}, existing=self.vpc),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        name = logical_id(self.vpc)
        return (Declared(type="AWS::EC2::VPC", name=name, properties={self._name: True}, existing=self.vpc),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("ec2", "describe-vpc-attribute", VpcId=self.vpc, Attribute=self.attribute)
        return updated(found, **{self._name: {"Value": True}})
