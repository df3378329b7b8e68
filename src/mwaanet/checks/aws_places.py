"""Partitions, Regions and accounts, as ARNs and the names of services' principals write them.

The Regions are those of botocore's `partitions.json`, read as data. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from mwaanet.checks.response_shapes import data_files, source
from mwaanet.marked_yaml import nearest
from mwaanet.model.arn import Arn

ACCOUNT = re.compile(r"\d{12}")
_OPEN = frozenset("*?{")
"""What stands for something else: any, or a fact."""
_PRINCIPAL = re.compile(r"(?P<service>[\w.-]+?)(\.(?P<region>[a-z]{2,4}(-[a-z]+)+-\d+))?\.amazonaws\.com(\.cn)?")


class _Partition(msgspec.Struct):
    id: str
    regions: dict[str, msgspec.Raw]


class _Partitions(msgspec.Struct):
    partitions: tuple[_Partition, ...]


def unheard_of_arn(text: str) -> Iterator[str]:
    """What is nowhere of the place that an ARN names, each in a sentence; nothing of what is no ARN."""
    arn = Arn.parse(text)
    if arn is None:
        return
    known = _partitions()
    if not set(arn.partition) & _OPEN and arn.partition not in known:
        yield f"{source()} knows no partition {arn.partition}{nearest(arn.partition, known)}"
    yield from unheard_region(arn.region)
    if arn.account.isdigit() and not ACCOUNT.fullmatch(arn.account):
        yield f"{arn.account} in {text} is no account: expected 12 digits"


def unheard_of_principal(name: str) -> Iterator[str]:
    """The same of a principal: an ARN, or a service's name with its Region."""
    yield from unheard_of_arn(name)
    found = _PRINCIPAL.fullmatch(name)
    if found and found["region"]:
        yield from unheard_region(found["region"])


def unheard_region(region: str) -> Iterator[str]:
    """What is wrong with a Region; an empty one is none."""
    if region and not set(region) & _OPEN and region not in regions():
        yield f"{source()} knows no Region {region}{nearest(region, regions())}"


@cache
def regions() -> tuple[str, ...]:
    """Every Region of every partition."""
    return tuple(region for found in _partitions().values() for region in found)


@cache
def _partitions() -> Mapping[str, tuple[str, ...]]:
    (file,) = data_files("partitions.json")
    found = msgspec.json.decode(file.read_bytes(), type=_Partitions)
    return {one.id: tuple(one.regions) for one in found.partitions}
