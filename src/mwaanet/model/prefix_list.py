"""Prefix lists: customer-managed, AWS-managed, and those of the gateway endpoint services."""

from mwaanet.model.record import Cidr, Record, Shape, Tag

AWS_OWNER = "AWS"


class ManagedPrefixList(Record, frozen=True, kw_only=True):
    """ManagedPrefixList (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ManagedPrefixList.html)."""

    prefix_list_id: str
    prefix_list_name: str = ""
    owner_id: str = ""
    address_family: str = ""
    state: str = ""
    tags: tuple[Tag, ...] = ()


class PrefixListEntry(Shape, frozen=True, kw_only=True):
    """PrefixListEntry (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PrefixListEntry.html)."""

    cidr: Cidr


class Entries(Shape, frozen=True, kw_only=True):
    """GetManagedPrefixListEntries (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetManagedPrefixListEntries.html)."""

    entries: tuple[PrefixListEntry, ...] = ()


class PrefixList(Record, frozen=True, kw_only=True):
    """PrefixList (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PrefixList.html)."""

    prefix_list_id: str
    prefix_list_name: str = ""
    cidrs: tuple[Cidr, ...] = ()
