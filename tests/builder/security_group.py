"""Security groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.identity import Record, tags
from builder.rules import Rule, permissions, rule

if TYPE_CHECKING:
    from builder.vpc import Vpc

ALLOW_ALL_OUT = (rule("all"),)


class SecurityGroup:
    """A group of one VPC; without `egress` it lets everything out, as AWS makes it."""

    def __init__(self, vpc: Vpc, name: str, ingress: Sequence[Rule] = (), egress: Sequence[Rule] | None = None) -> None:
        store = vpc.store
        self.id = store.id("sg", vpc.name, name)
        self.name = name
        self.vpc = vpc
        self._ingress = list(ingress)
        self._egress = list(ALLOW_ALL_OUT if egress is None else egress)
        self.record: Record = store.ec2(
            "describe-security-groups",
            {
                "GroupId": self.id,
                "GroupName": name,
                "Description": "default VPC security group" if name == "default" else name,
                "OwnerId": store.account,
                "VpcId": vpc.id,
                "SecurityGroupArn": store.arn("ec2", f"security-group/{self.id}"),
                "Tags": [] if name == "default" else tags(name),
            },
        )
        self._write()

    def _write(self) -> None:
        account = self.vpc.store.account
        self.record["IpPermissions"] = permissions(self._ingress, self.id, account)
        self.record["IpPermissionsEgress"] = permissions(self._egress, self.id, account)

    def allow_in(self, *rules: Rule) -> SecurityGroup:
        """Add ingress rules (for groups that name each other)."""
        self._ingress += rules
        self._write()
        return self

    def allow_out(self, *rules: Rule) -> SecurityGroup:
        """Add egress rules; the first call takes the place of the default allow-all."""
        self._egress = [*(r for r in self._egress if r not in ALLOW_ALL_OUT), *rules]
        self._write()
        return self

    @property
    def reference(self) -> Record:
        """How an interface names the group."""
        return {"GroupId": self.id, "GroupName": self.name}
