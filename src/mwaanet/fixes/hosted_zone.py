"""Changes of a private hosted zone: a record, the VPCs in which the zone counts.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Block, Declared, label, logical_id
from mwaanet.fixes.edits import Edits, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRecord(Change):
    """An alias of an endpoint's regional name, `target` in the hosted zone `target_zone` of AWS's."""

    zone: str
    name: str
    target: str
    target_zone: str

    @property
    def summary(self) -> str:
        return f"let {self.name} in {self.zone} be an alias of {self.target}"

    @property
    def _record(self) -> Json:
        alias = {"HostedZoneId": self.target_zone, "DNSName": self.target, "EvaluateTargetHealth": False}
        return {"Name": self.name, "Type": "A", "AliasTarget": alias}

    @property
    def commands(self) -> tuple[Command, ...]:
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": self._record}]}
        parameters = {"HostedZoneId": self.zone, "ChangeBatch": batch}
        return (Command("route53", "change-resource-record-sets", parameters),)

    @property
    def lasting(self) -> str:
        return "records of the name that it takes the place of are not kept here: note them first"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        alias = Block({"name": self.target, "zone_id": self.target_zone, "evaluate_target_health": False})
        properties = {"zone_id": self.zone, "name": self.name, "type": "A", "allow_overwrite": True, "alias": alias}
        return (Declared(type="aws_route53_record", name=label(self.name), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"HostedZoneId": self.zone, **self._record}
        return (Declared(type="AWS::Route53::RecordSet", name=logical_id(self.name), properties=properties),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("route53", "list-resource-record-sets", HostedZoneId=self.zone)
        for response in found:
            records = response.get("ResourceRecordSets", [])
            kept = [one for one in records if not self._is_replaced(one)]
            response["ResourceRecordSets"] = [*kept, {**self._record, "Name": f"{self.name}."}]
        return bool(found)

    def _is_replaced(self, record: Json) -> bool:
        same = str(record.get("Name", "")).rstrip(".") == self.name
        return same and record.get("Type") in ("A", "AAAA", "CNAME")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ZoneAndVpc(Change):
    """A private hosted zone and a VPC in which it is to count."""

    zone: str
    zone_name: str
    vpc: str
    vpc_region: str

    @property
    def _parameters(self) -> dict[str, Any]:
        return {"HostedZoneId": self.zone, "VPC": {"VPCRegion": self.vpc_region, "VPCId": self.vpc}}

    def _declared(self, kind: str) -> tuple[Declared, ...]:
        properties = {"zone_id": self.zone, "vpc_id": self.vpc, "vpc_region": self.vpc_region}
        return (Declared(type=kind, name=label(self.zone, self.vpc), properties=properties),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneAuthorization(_ZoneAndVpc):
    """Let another account associate its VPC with a zone of this account."""

    @property
    def summary(self) -> str:
        return f"have the owner of {self.zone} ({self.zone_name}) authorize {self.vpc}"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("route53", "create-vpc-association-authorization", self._parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("route53", "delete-vpc-association-authorization", self._parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        return self._declared("aws_route53_vpc_association_authorization")

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        note = f"CloudFormation has no resource that authorizes {self.vpc} of another account: use the command"
        return (Declared(note=note),)

    def make(self, edits: Edits) -> bool:
        return bool(edits.responses("route53", "get-hosted-zone", Id=self.zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneAssociation(_ZoneAndVpc):
    """Let a private hosted zone count in a VPC; `foreign` where it is another account's."""

    foreign: bool = False

    @property
    def summary(self) -> str:
        return f"associate {self.zone} ({self.zone_name}) with {self.vpc}"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("route53", "associate-vpc-with-hosted-zone", self._parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        return (Command("route53", "disassociate-vpc-from-hosted-zone", self._parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        return self._declared("aws_route53_zone_association")

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        if self.foreign:
            return (Declared(note="CloudFormation associates VPCs of the zone's own account only: use the command"),)
        return (
            Declared(
                type="AWS::Route53::HostedZone",
                name=logical_id(self.zone_name),
                properties={"VPCs": [self._parameters["VPC"]]},
                existing=self.zone,
                note="VPCs is the whole list: keep those that it has already",
            ),
        )

    def make(self, edits: Edits) -> bool:
        found = edits.responses("route53", "get-hosted-zone", Id=self.zone)
        for response in found:
            response.setdefault("VPCs", []).append(self._parameters["VPC"])
        for response in edits.responses("route53", "list-hosted-zones-by-vpc", VPCId=self.vpc):
            zone = {"HostedZoneId": self.zone, "Name": f"{self.zone_name}."}
            response.setdefault("HostedZoneSummaries", []).append(zone)
        return bool(found)
