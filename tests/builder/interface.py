"""Network interfaces, Elastic IP addresses and instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, digest, tags
from builder.security_group import SecurityGroup

if TYPE_CHECKING:
    from builder.store import Store
    from builder.subnet import Subnet


_COPIED = (
    "NetworkInterfaceId",
    "SubnetId",
    "VpcId",
    "OwnerId",
    "PrivateIpAddress",
    "PrivateIpAddresses",
    "Groups",
    "SourceDestCheck",
    "MacAddress",
    "Status",
    "InterfaceType",
    "Ipv6Addresses",
    "Association",
)
_ASSOCIATION = ("IpOwnerId", "PublicDnsName", "PublicIp")


class Interface:
    """A network interface; `kind` is AWS's `InterfaceType`, `requester` who manages it for the customer."""

    def __init__(
        self,
        subnet: Subnet,
        address: str,
        groups: Sequence[SecurityGroup] = (),
        *,
        name: str = "",
        secondary: Sequence[str] = (),
        ipv6: Sequence[str] = (),
        source_dest_check: bool = True,
        kind: str = "interface",
        description: str = "",
        requester: str = "",
        store: Store | None = None,
    ) -> None:
        self.store = store or subnet.vpc.store
        self.subnet = subnet
        self.address = address
        self.id: str = self.store.id("eni", subnet.id, name or address)
        self.owner = self.store.account
        addresses = [_private(item, self.store.region, item == address) for item in (address, *secondary)]
        self.record: Record = self.store.ec2(
            "describe-network-interfaces",
            {
                "NetworkInterfaceId": self.id,
                "SubnetId": subnet.id,
                "VpcId": subnet.vpc.id,
                "OwnerId": self.owner,
                "AvailabilityZone": self.store.zone_name(subnet.zone),
                "AvailabilityZoneId": subnet.zone,
                "Description": description,
                "InterfaceType": kind,
                "Status": "in-use" if requester else "available",
                "PrivateIpAddress": address,
                "PrivateDnsName": addresses[0]["PrivateDnsName"],
                "PrivateIpAddresses": addresses,
                "Ipv6Addresses": [{"Ipv6Address": item, "IsPrimaryIpv6": False} for item in ipv6],
                "Groups": [group.reference for group in groups],
                "SourceDestCheck": source_dest_check,
                "RequesterManaged": bool(requester),
                "MacAddress": _mac(self.id),
                "TagSet": tags(name),
            },
        )
        if requester:
            self.record["RequesterId"] = requester
            self.attach("amazon-aws")

    def attach(self, owner: str, instance: str = "", device: int = 1) -> Interface:
        """Put the interface in use by an instance or by an AWS service."""
        attachment: Record = {
            "AttachmentId": ("eni-attach-0" if instance else "ela-attach-0") + digest("attach", self.id)[:16],
            "AttachTime": CREATED,
            "DeleteOnTermination": bool(instance),
            "DeviceIndex": device,
            "InstanceOwnerId": owner,
            "Status": "attached",
        }
        if instance:
            attachment |= {"InstanceId": instance, "NetworkCardIndex": 0}
        self.record |= {"Attachment": attachment, "Status": "in-use"}
        return self

    def elastic_ip(self, public: str) -> str:
        """Associate an Elastic IP address with the primary address; gives its allocation id."""
        store = self.store
        allocation = store.id("eipalloc", public)
        association = store.id("eipassoc", public)
        self._associate(public, store.account, {"AllocationId": allocation, "AssociationId": association})
        store.ec2(
            "describe-addresses",
            {
                "AllocationId": allocation,
                "AssociationId": association,
                "Domain": "vpc",
                "NetworkInterfaceId": self.id,
                "NetworkInterfaceOwnerId": self.owner,
                "PrivateIpAddress": self.address,
                "PublicIp": public,
                "PublicIpv4Pool": "amazon",
                "NetworkBorderGroup": store.region,
                "Tags": [],
            },
        )
        return allocation

    def public_ip(self, public: str) -> Interface:
        """A public address that AWS assigned by itself (`MapPublicIpOnLaunch`)."""
        self._associate(public, "amazon", {})
        return self

    def _associate(self, public: str, owner: str, extra: Record) -> None:
        name = f"ec2-{public.replace('.', '-')}.compute-1.amazonaws.com"
        association = extra | {"IpOwnerId": owner, "PublicDnsName": name, "PublicIp": public}
        self.record["Association"] = association
        self.record["PrivateIpAddresses"][0]["Association"] = association


class Instance:
    """An EC2 instance with one interface."""

    def __init__(self, interface: Interface, name: str, state: str = "running") -> None:
        store = interface.store
        self.id = store.id("i", name)
        self.interface = interface
        self.owner = store.account
        interface.attach(self.owner, self.id, device=0)
        eni = interface.record
        self.record: Record = {
            "InstanceId": self.id,
            "InstanceType": "t3.micro",
            "LaunchTime": CREATED,
            "State": {"Code": 16 if state == "running" else 80, "Name": state},
            "SubnetId": interface.subnet.id,
            "VpcId": interface.subnet.vpc.id,
            "PrivateIpAddress": interface.address,
            "PrivateDnsName": eni["PrivateDnsName"],
            "Placement": {"AvailabilityZone": eni["AvailabilityZone"], "Tenancy": "default"},
            "SecurityGroups": eni["Groups"],
            "SourceDestCheck": eni["SourceDestCheck"],
            "NetworkInterfaces": [_as_instances_show_it(eni)],
            "Tags": tags(name),
        }
        reservation = {
            "ReservationId": store.id("r", name),
            "OwnerId": self.owner,
            "Groups": [],
            "Instances": [self.record],
        }
        store.ec2("describe-instances", reservation)


def _as_instances_show_it(eni: Record) -> Record:
    """`describe-instances` repeats an interface, but of an Elastic IP only the address, its name and its owner."""

    def less(record: Record) -> Record:
        association = record.get("Association")
        shown = {key: association[key] for key in _ASSOCIATION} if association else None
        return record | ({"Association": shown} if shown else {})

    copied = {key: eni[key] for key in _COPIED if key in eni}
    return less(copied) | {"PrivateIpAddresses": [less(address) for address in eni["PrivateIpAddresses"]]}


def _private(address: str, region: str, primary: bool) -> Record:
    domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return {
        "Primary": primary,
        "PrivateIpAddress": address,
        "PrivateDnsName": f"ip-{address.replace('.', '-')}.{domain}",
    }


def _mac(identifier: str) -> str:
    digits = digest("mac", identifier)
    return ":".join(["02", *(digits[i : i + 2] for i in range(0, 10, 2))])
