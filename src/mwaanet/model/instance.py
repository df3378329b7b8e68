"""Instances, as far as they hold interfaces and choose client ports."""

from mwaanet.model.network_interface import NetworkInterface
from mwaanet.model.record import Record, Tag


class Instance(Record, frozen=True, kw_only=True):
    """Instance (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html)."""

    instance_id: str
    subnet_id: str = ""
    vpc_id: str = ""
    platform: str = ""
    platform_details: str = ""
    network_interfaces: tuple[NetworkInterface, ...] = ()
    tags: tuple[Tag, ...] = ()


class Reservation(Record, frozen=True, kw_only=True):
    """Reservation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Reservation.html)."""

    owner_id: str = ""
    instances: tuple[Instance, ...] = ()
