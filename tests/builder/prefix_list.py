"""Prefix lists: the customer's own, and AWS's for S3 and DynamoDB."""

from __future__ import annotations

from typing import NamedTuple

from builder.identity import Record, digest, tags
from builder.sharing import share
from builder.store import Store

_RANGES = {
    ("us-east-1", "s3"): ("3.5.0.0/19", "16.182.0.0/16", "44.192.134.240/28", "52.216.0.0/15", "54.231.0.0/16"),
    ("us-west-2", "s3"): ("3.5.76.0/22", "35.80.36.208/28", "52.92.128.0/17", "52.218.128.0/17"),
    ("us-east-1", "dynamodb"): ("3.218.182.0/24", "52.94.0.0/22", "52.119.224.0/20"),
    ("us-west-2", "dynamodb"): ("35.71.102.0/24", "52.94.12.0/24", "52.119.252.0/22"),
}
_ELSEWHERE = {"s3": ("52.218.0.0/17", "52.92.0.0/17"), "dynamodb": ("52.94.5.0/24", "52.119.240.0/21")}
_IDS = {("us-east-1", "s3"): "pl-63a5400a", ("us-east-1", "dynamodb"): "pl-02cd2c6b"}


class AwsPrefixList(NamedTuple):
    """One of AWS's lists in a Region."""

    id: str
    name: str
    cidrs: tuple[str, ...]


def aws_prefix_list(region: str, service: str) -> AwsPrefixList:
    """The list of a Region's S3 or DynamoDB addresses (a sample of the real ranges)."""
    identifier = _IDS.get((region, service), "pl-" + digest("pl", region, service)[:8])
    return AwsPrefixList(
        identifier, f"com.amazonaws.{region}.{service}", _RANGES.get((region, service), _ELSEWHERE[service])
    )


def write_aws_prefix_lists(store: Store) -> None:
    """What each account sees of AWS's lists, in all three calls that show them."""
    for service in ("s3", "dynamodb"):
        known = aws_prefix_list(store.region, service)
        store.ec2(
            "describe-prefix-lists",
            {"PrefixListId": known.id, "PrefixListName": known.name, "Cidrs": list(known.cidrs)},
        )
        store.ec2("describe-managed-prefix-lists", _listed(store, known.id, known.name, "AWS", len(known.cidrs)))
        _entries(store, known.id, [{"Cidr": cidr} for cidr in known.cidrs])


def _listed(store: Store, identifier: str, name: str, owner: str, size: int) -> Record:
    arn = f"arn:aws:ec2:{store.region}:{owner.lower()}:prefix-list/{identifier}"
    record: Record = {
        "PrefixListId": identifier,
        "PrefixListName": name,
        "PrefixListArn": arn,
        "AddressFamily": "IPv4",
        "State": "create-complete",
        "OwnerId": owner,
        "Tags": [],
    }
    return record if owner == "AWS" else record | {"MaxEntries": max(size, 1), "Version": 1}


def _entries(store: Store, identifier: str, entries: list[Record]) -> None:
    store.call("ec2", "get-managed-prefix-list-entries", {"PrefixListId": identifier}, {"Entries": entries})


class PrefixList:
    """A customer-managed prefix list."""

    def __init__(self, store: Store, name: str, cidrs: tuple[str, ...]) -> None:
        self.store = store
        self.name = name
        self.id = store.id("pl", name)
        self.cidrs = cidrs
        self.record: Record = store.ec2(
            "describe-managed-prefix-lists", _listed(store, self.id, name, store.account, len(cidrs))
        )
        self.record["Tags"] = tags(name)
        if any(":" in cidr for cidr in cidrs):
            self.record["AddressFamily"] = "IPv6"
        _entries(store, self.id, [{"Cidr": cidr, "Description": name} for cidr in cidrs])

    def share(self, *stores: Store) -> PrefixList:
        """Share the list through RAM: the others see it and its entries."""
        share(self.store, f"prefix list {self.name}", *stores)
        for store in stores:
            store.ec2("describe-managed-prefix-lists", self.record)
            _entries(store, self.id, [{"Cidr": cidr, "Description": self.name} for cidr in self.cidrs])
        return self
