"""Hosted zones and their records."""

import msgspec

from mwaanet.model.record import Record, Shape


class HostedZoneConfig(Shape, frozen=True, kw_only=True):
    """HostedZoneConfig (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZoneConfig.html)."""

    private_zone: bool = False


class HostedZone(Record, frozen=True, kw_only=True):
    """HostedZone (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html)."""

    id: str
    name: str
    config: HostedZoneConfig = HostedZoneConfig()


class ZoneVpc(Shape, frozen=True, kw_only=True):
    """VPC (https://docs.aws.amazon.com/Route53/latest/APIReference/API_VPC.html)."""

    vpc_id: str = msgspec.field(default="", name="VPCId")
    vpc_region: str = msgspec.field(default="", name="VPCRegion")


class HostedZoneDetails(Shape, frozen=True, kw_only=True):
    """GetHostedZone (https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html)."""

    hosted_zone: HostedZone
    vpcs: tuple[ZoneVpc, ...] = msgspec.field(default=(), name="VPCs")


class HostedZoneSummary(Shape, frozen=True, kw_only=True):
    """HostedZoneSummary (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZoneSummary.html)."""

    hosted_zone_id: str
    name: str = ""


class HostedZoneSummaries(Shape, frozen=True, kw_only=True):
    """ListHostedZonesByVPC (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html)."""

    hosted_zone_summaries: tuple[HostedZoneSummary, ...] = ()


class ResourceRecord(Shape, frozen=True, kw_only=True):
    """ResourceRecord (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecord.html)."""

    value: str


class AliasTarget(Shape, frozen=True, kw_only=True):
    """AliasTarget (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html)."""

    dns_name: str = msgspec.field(default="", name="DNSName")
    hosted_zone_id: str = ""
    evaluate_target_health: bool = False


class ResourceRecordSet(Shape, frozen=True, kw_only=True):
    """ResourceRecordSet (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html)."""

    name: str
    type: str
    resource_records: tuple[ResourceRecord, ...] = ()
    alias_target: AliasTarget | None = None
    weight: int | None = None
    failover: str = ""
    health_check_id: str = ""


class ResourceRecordSets(Shape, frozen=True, kw_only=True):
    """ListResourceRecordSets (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html)."""

    resource_record_sets: tuple[ResourceRecordSet, ...] = ()
