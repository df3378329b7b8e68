"""Changes of a Network Load Balancer: targets, listeners and attributes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-listener.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Block, Declared, label, logical_id
from mwaanet.fixes.edits import Edits, appended


def _short(arn: str) -> str:
    """The name in an ARN of a load balancer or target group."""
    parts = arn.rpartition(":")[2].split("/")
    return parts[-2] if len(parts) > 1 else arn


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRegistration(Change):
    """Register an address and port with a target group, and take a wrong one out. `zone` is `all` outside the VPC."""

    group: str
    address: str
    port: int
    zone: str = ""
    instead_of: tuple[str, int] | None = None

    @property
    def summary(self) -> str:
        instead = f", not {self.instead_of[0]}:{self.instead_of[1]}," if self.instead_of else ""
        return f"register {self.address}:{self.port}{instead} in target group {_short(self.group)}"

    @property
    def commands(self) -> tuple[Command, ...]:
        target: dict[str, Any] = {"Id": self.address, "Port": self.port}
        if self.zone:
            target["AvailabilityZone"] = self.zone
        found = [Command("elbv2", "register-targets", {"TargetGroupArn": self.group, "Targets": [target]})]
        if self.instead_of:
            old = {"Id": self.instead_of[0], "Port": self.instead_of[1]}
            found.append(Command("elbv2", "deregister-targets", {"TargetGroupArn": self.group, "Targets": [old]}))
        return tuple(found)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if self.instead_of:
            return ()
        (command,) = self.commands
        return (Command("elbv2", "deregister-targets", command.parameters),)

    @property
    def lasting(self) -> str:
        return "the zone of the target that is taken out is not kept here" if self.instead_of else ""

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties: dict[str, Any] = {
            "target_group_arn": self.group,
            "target_id": self.address,
            "port": self.port,
        }
        if self.zone:
            properties["availability_zone"] = self.zone
        note = f"remove the attachment of {self.instead_of[0]}:{self.instead_of[1]}" if self.instead_of else ""
        name = label(_short(self.group), self.address)
        return (Declared(type="aws_lb_target_group_attachment", name=name, properties=properties, note=note),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        target: dict[str, Any] = {"Id": self.address, "Port": self.port}
        if self.zone:
            target["AvailabilityZone"] = self.zone
        return (
            Declared(
                type="AWS::ElasticLoadBalancingV2::TargetGroup",
                name=logical_id(_short(self.group)),
                properties={"Targets": [target]},
                existing=self.group,
                note="Targets is the whole list: keep the others that are right",
            ),
        )

    def make(self, edits: Edits) -> bool:
        found = edits.responses("elbv2", "describe-target-health", TargetGroupArn=self.group)
        record = {
            "Target": {"Id": self.address, "Port": self.port, "AvailabilityZone": self.zone or "all"},
            "TargetHealth": {"State": "healthy"},
        }
        for response in found:
            targets = response.get("TargetHealthDescriptions", [])
            kept = [one for one in targets if not self.instead_of or one["Target"].get("Id") != self.instead_of[0]]
            response["TargetHealthDescriptions"] = [*kept, dict(record)]
        return bool(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRecovery(Change):
    """What nobody has to do: AWS's health checks find a target healthy once they reach it again."""

    group: str
    address: str

    @property
    def summary(self) -> str:
        return f"wait until the health checks find {self.address} healthy"

    def make(self, edits: Edits) -> bool:
        found = edits.responses("elbv2", "describe-target-health", TargetGroupArn=self.group)
        for response in found:
            for target in response.get("TargetHealthDescriptions", []):
                if target["Target"].get("Id") == self.address:
                    target["TargetHealth"] = {"State": "healthy"}
        return bool(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerCreation(Change):
    """A TCP listener that forwards to a target group."""

    balancer: str
    port: int
    group: str

    @property
    def summary(self) -> str:
        return f"add a listener for TCP {self.port} to {_short(self.balancer)}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"LoadBalancerArn": self.balancer, "Protocol": "TCP", "Port": self.port}
        actions = [{"Type": "forward", "TargetGroupArn": self.group}]
        return (Command("elbv2", "create-listener", {**parameters, "DefaultActions": actions}),)

    @property
    def lasting(self) -> str:
        return "the new listener is deleted by the ARN that AWS gives it"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"load_balancer_arn": self.balancer, "protocol": "TCP", "port": self.port}
        action = Block({"type": "forward", "target_group_arn": self.group})
        name = label(_short(self.balancer), str(self.port))
        return (Declared(type="aws_lb_listener", name=name, properties={**properties, "default_action": action}),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        (command,) = self.commands
        name = logical_id(_short(self.balancer), str(self.port))
        kind = "AWS::ElasticLoadBalancingV2::Listener"
        return (Declared(type=kind, name=name, properties=dict(command.parameters)),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("elbv2", "describe-listeners", LoadBalancerArn=self.balancer)
        listener = {
            "ListenerArn": f"{self.balancer.replace(':loadbalancer/', ':listener/')}/new",
            "LoadBalancerArn": self.balancer,
            "Port": self.port,
            "Protocol": "TCP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": self.group}],
        }
        return appended(found, "Listeners", listener)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroupAttribute(Change):
    """One attribute of a target group."""

    group: str
    key: str
    value: str

    @property
    def summary(self) -> str:
        return f"set {self.key} of {_short(self.group)} to {self.value}"

    @property
    def commands(self) -> tuple[Command, ...]:
        attributes = [{"Key": self.key, "Value": self.value}]
        parameters = {"TargetGroupArn": self.group, "Attributes": attributes}
        return (Command("elbv2", "modify-target-group-attributes", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if self._before is None:
            return ()
        parameters = {"TargetGroupArn": self.group, "Attributes": [{"Key": self.key, "Value": self._before}]}
        return (Command("elbv2", "modify-target-group-attributes", parameters),)

    @property
    def lasting(self) -> str:
        return "" if self._before else "what the attribute was before is not kept here: note it first"

    @property
    def _before(self) -> str | None:
        """The value that it had, where it has two."""
        return {"true": "false", "false": "true"}.get(self.value)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        name = self.key.removesuffix(".enabled").replace(".", "_")
        properties = {name: self.value == "true" if self.value in ("true", "false") else self.value}
        kind = "aws_lb_target_group"
        return (Declared(type=kind, name=label(_short(self.group)), properties=properties, existing=self.group),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"TargetGroupAttributes": [{"Key": self.key, "Value": self.value}]}
        kind = "AWS::ElasticLoadBalancingV2::TargetGroup"
        name = logical_id(_short(self.group))
        return (Declared(type=kind, name=name, properties=properties, existing=self.group),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("elbv2", "describe-target-group-attributes", TargetGroupArn=self.group)
        for response in found:
            others = [one for one in response.get("Attributes", []) if one.get("Key") != self.key]
            response["Attributes"] = [*others, {"Key": self.key, "Value": self.value}]
        return bool(found)
