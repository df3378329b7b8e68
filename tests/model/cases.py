"""Tiny snapshots: answers by operation, written as one would write them by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mwaanet.model.inventory import Inventory
from mwaanet.snapshot import Snapshot

HOME, OTHER, EAST = "111122223333", "444455556666", "us-east-1"


def file_of(name: str, account: str = HOME, region: str = EAST) -> str:
    """The path of an answer: `ec2__describe_vpcs` of an account and Region."""
    return f"accounts/{account}/{region}/{name.replace('__', '/').replace('_', '-')}.json"


def load(**answers: Any) -> Inventory:
    """The inventory of answers of the home account, by operation; `global__…` for those without a Region."""
    content = {}
    for name, answer in answers.items():
        short = name.removeprefix("global__")
        content[file_of(short, region=EAST if name == short else "global")] = answer
    return load_files(content)


def load_files(files: Mapping[str, Any]) -> Inventory:
    """The inventory of files: path to content."""
    manifest = {
        "format": 1,
        "accounts": {HOME: [EAST], OTHER: [EAST]},
        "home": {"account": HOME, "region": EAST},
    }
    encoded = {
        file: json.dumps(content).encode() for file, content in ({"manifest.json": manifest} | dict(files)).items()
    }
    return Inventory.load(Snapshot.from_files(encoded))


def foreign(**files: Any) -> Inventory:
    """The inventory of a folder of describe output: file name to content."""
    encoded = {f"{name}.json": json.dumps(content).encode() for name, content in files.items()}
    return Inventory.load(Snapshot.from_files(encoded))


def call(response: Any, **parameters: Any) -> dict[str, Any]:
    """One answered call."""
    return {"Parameters": parameters, "Response": response}


def calls(*made: dict[str, Any]) -> dict[str, Any]:
    """A file of calls."""
    return {"Calls": list(made)}


def vpc(vpc_id: str = "vpc-1", cidr: str = "10.0.0.0/16", **more: Any) -> dict[str, Any]:
    return {"VpcId": vpc_id, "CidrBlock": cidr, "OwnerId": HOME} | more


def subnet(
    subnet_id: str = "subnet-1", cidr: str = "10.0.0.0/24", vpc_id: str = "vpc-1", **more: Any
) -> dict[str, Any]:
    return {
        "SubnetId": subnet_id,
        "VpcId": vpc_id,
        "CidrBlock": cidr,
        "AvailabilityZone": "us-east-1a",
        "OwnerId": HOME,
    } | more


def interface(number: int = 1, address: str = "10.0.0.10", **more: Any) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": f"eni-{number}",
        "SubnetId": "subnet-1",
        "VpcId": "vpc-1",
        "OwnerId": HOME,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True}],
        "Groups": [{"GroupId": "sg-1"}],
    } | more
