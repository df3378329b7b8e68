"""Availability Zones: the IDs behind the names, which differ between accounts."""

from mwaanet.model.record import Record


class AvailabilityZone(Record, frozen=True, kw_only=True):
    """AvailabilityZone (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZone.html)."""

    zone_name: str
    zone_id: str = ""
    region_name: str = ""
