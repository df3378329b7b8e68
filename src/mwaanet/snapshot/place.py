"""Account and Region of foreign files whose path does not name them: from the data of the folder they lie in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import PurePosixPath

from mwaanet.snapshot.document import Document

NOWHERE = "unknown"
_OWNER = re.compile(rb'"(?:OwnerId|ResourceOwnerId|TransitGatewayOwnerId|VpcOwnerId)"\s*:\s*"(\d{12})"')
_ARN = re.compile(rb'"arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]*):(\d{12}):')
_ZONE = re.compile(rb'"(?:AvailabilityZone|ZoneName|Region|RegionName)"\s*:\s*"([a-z]{2}(?:-[a-z]+)+-\d)')


def fill_places(documents: list[Document]) -> list[Document]:
    """The documents with account and Region filled in: one account and Region per folder, `unknown` where nothing tells.

    A folder of describe output is one account's and one Region's; what it says of other accounts (shared gateways,
    peerings) must not split it.
    """
    accounts: dict[str, Counter[str]] = defaultdict(Counter)
    regions: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        folder = str(PurePosixPath(document.file).parent)
        if document.ref.account and document.ref.region:
            continue
        content = document.read()
        arns = _ARN.findall(content)
        accounts[folder].update(match.decode() for match in _OWNER.findall(content))
        accounts[folder].update(account.decode() for _, account in arns)
        regions[folder].update(match.decode() for match in _ZONE.findall(content))
        regions[folder].update(region.decode() for region, _ in arns if region)
    return [_placed(document, accounts, regions) for document in documents]


def _placed(
    document: Document, accounts: dict[str, Counter[str]], regions: dict[str, Counter[str]]
) -> Document:
    folder = str(PurePosixPath(document.file).parent)
    account = document.ref.account or _usual(accounts, folder)
    region = document.ref.region or _usual(regions, folder)
    return replace(document, ref=document.ref._replace(account=account, region=region))


def _usual(counts: dict[str, Counter[str]], folder: str) -> str:
    """What a folder says most often; where it says nothing, what all folders together say."""
    own = counts[folder] or sum(counts.values(), Counter())
    return min(own, key=lambda name: (-own[name], name)) if own else NOWHERE
