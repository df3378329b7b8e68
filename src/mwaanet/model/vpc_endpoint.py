"""VPC endpoints."""

from typing import Any

from mwaanet.model.network_interface import GroupIdentifier
from mwaanet.model.record import Record, Shape, Tag
from mwaanet.model.state import serves

IDLE = ("PendingAcceptance", "Pending", "Rejected", "Expired", "Failed", "Deleting", "Deleted")
"""States of an endpoint, and of its connection to a service, in which it takes no packets."""
Policy = str | dict[str, Any] | None
"""A policy document: text, or an object as the AWS CLI prints it."""


class DnsEntry(Shape, frozen=True, kw_only=True):
    """DnsEntry (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsEntry.html)."""

    dns_name: str = ""
    hosted_zone_id: str = ""


class DnsOptions(Shape, frozen=True, kw_only=True):
    """DnsOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DnsOptions.html)."""

    dns_record_ip_type: str = ""
    private_dns_only_for_inbound_resolver_endpoint: bool = False


class VpcEndpoint(Record, frozen=True, kw_only=True):
    """VpcEndpoint (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html)."""

    vpc_endpoint_id: str
    vpc_id: str
    service_name: str = ""
    vpc_endpoint_type: str = "Gateway"
    state: str = ""
    owner_id: str = ""
    policy_document: Policy = None
    route_table_ids: tuple[str, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    groups: tuple[GroupIdentifier, ...] = ()
    private_dns_enabled: bool = False
    network_interface_ids: tuple[str, ...] = ()
    dns_entries: tuple[DnsEntry, ...] = ()
    dns_options: DnsOptions = DnsOptions()
    ip_address_type: str = "ipv4"
    tags: tuple[Tag, ...] = ()

    @property
    def serves(self) -> bool | None:
        """Whether it takes packets; None for a state of which no guide says so, such as `Partial`.

        https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
        """
        return serves(self.state, *IDLE)
