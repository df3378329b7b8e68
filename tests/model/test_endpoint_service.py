"""What several accounts list of AWS's endpoint services."""

from __future__ import annotations

import json

from mwaanet.model.inventory import Inventory
from mwaanet.snapshot import Snapshot

SQS = "com.amazonaws.us-east-1.sqs"


def listed(*names: str) -> bytes:
    details = [{"ServiceName": SQS, "Owner": "amazon", "PrivateDnsNames": [{"PrivateDnsName": name}]} for name in names]
    return json.dumps({"ServiceDetails": details}).encode()


def inventory(*lists: bytes) -> Inventory:
    places = (
        f"accounts/{number:012}/us-east-1/ec2/describe-vpc-endpoint-services.json" for number in range(len(lists))
    )
    return Inventory.load(Snapshot.from_files(dict(zip(places, lists, strict=True))))


def test_what_each_account_lists_alike_is_there_once() -> None:
    (detail,) = inventory(*[listed("sqs.us-east-1.amazonaws.com")] * 3).service_details[SQS]
    assert detail.names == ("sqs.us-east-1.amazonaws.com",)


def test_what_differs_is_all_there() -> None:
    """Several entries may have one service name, as those of S3's endpoint types
    (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html)."""
    one, other = inventory(listed("a.example.com"), listed("a.example.com", "b.example.com")).service_details[SQS]
    assert (one.names, other.names) == (("a.example.com",), ("b.example.com",))
