"""Account and Region of files whose path does not name them: from what is in them, else from their neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from mwaanet.snapshot.document import Document
from mwaanet.snapshot.operations import GLOBAL, CallRef

UNKNOWN_ACCOUNT = "unknown"
"""Stands for the account of a folder in which nothing names one."""
UNKNOWN_REGION = "unknown"
"""Stands for the Region of a folder in which nothing names one."""

_SCANNED = 1 << 20
"""How many bytes of a file are searched."""

_REGION_TEXT = (
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-(?:gov|iso[a-z]?|de))?"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d"
)
_REGION = re.compile(rf"(?<![a-z0-9]){_REGION_TEXT}(?![0-9])")
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_OWNER = re.compile(rb'"(?:OwnerId|Account|VpcOwnerId|TransitGatewayOwnerId|ownerAccount)"\s*:\s*"(\d{12})"')
_ANY_OWNER = re.compile(rb'"OwnerId"\s*:\s*"(\d+)"')
_ARN_ACCOUNT = re.compile(rb'"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):')
_ARN_REGION = re.compile(rf'"arn:aws[a-z-]*:[a-z0-9-]+:({_REGION_TEXT}):'.encode())
_ZONE = re.compile(rf'"(?:AvailabilityZone|ZoneName|Region|RegionName|VPCRegion)"\s*:\s*"({_REGION_TEXT})'.encode())
_SERVICE = re.compile(rf'"com\.amazonaws\.(?:vpce\.)?({_REGION_TEXT})\.'.encode())
_ACCOUNT_DATA = "account-data"
_OWN = frozenset({"describe-security-groups", "describe-internet-gateways"})
"""Lists in which an account does not see what others share with it."""


def place_in_path(file: str) -> tuple[str, str]:
    """Account and Region as the path names them; empty where it does not."""
    path = PurePosixPath(file)
    parts = [*path.parts[:-1], path.stem]
    account = next((found[0] for part in parts if (found := _ACCOUNT.search(part))), "")
    region = next((found[0] for part in parts if (found := _REGION.search(part))), "")
    return account, region


def fill_places(documents: Iterable[Document], texts: dict[str, bytes]) -> list[Document]:
    """The documents with account and Region filled in, from the texts of their files and of those beside them."""
    waiting = list(documents)
    votes = {document.file: _Votes(document, texts.get(document.file, b"")) for document in waiting}
    by_folder: dict[str, list[_Votes]] = {}
    for vote in votes.values():
        by_folder.setdefault(vote.folder, []).append(vote)
    everywhere = list(votes.values())
    filled = []
    for document in waiting:
        vote, beside = votes[document.file], by_folder[votes[document.file].folder]
        account = vote.account or _first_account(beside) or _named_account(document.file) or _first_account(everywhere)
        region = document.ref.region
        if region != GLOBAL:
            region = vote.region or _most(v.region for v in beside) or _most(v.region for v in everywhere)
        ref = document.ref._replace(account=account or UNKNOWN_ACCOUNT, region=region or UNKNOWN_REGION)
        filled.append(replace(document, ref=ref))
    return filled


class _Votes:
    """What one file tells of its account and Region."""

    def __init__(self, document: Document, content: bytes) -> None:
        content = content[:_SCANNED]
        self.folder = str(PurePosixPath(document.file).parent)
        self.account, self.region = place_in_path(document.file)
        self.owners = _texts(_OWNER, content)
        self.other_owners = _texts(_ANY_OWNER, content) or _texts(_ARN_ACCOUNT, content)
        self.account = self.account or self._sole_owner(document.ref)
        self.region = self.region or self._own_region(document.ref, content)

    def _sole_owner(self, ref: CallRef) -> str:
        """The account of a list that holds only what one account owns, and shows to its owner only."""
        if ref.operation == "get-caller-identity":
            return _most(self.owners)
        return self.owners[0] if ref.operation in _OWN and len(set(self.owners)) == 1 else ""

    def _own_region(self, ref: CallRef, content: bytes) -> str:
        if ref.operation == "describe-vpc-peering-connections":
            return ""
        return _most(_texts(_ZONE, content)) or _most(_texts(_ARN_REGION, content)) or _most(_texts(_SERVICE, content))


def _first_account(votes: list[_Votes]) -> str:
    return (
        _most(vote.account for vote in votes)
        or _most(owner for vote in votes for owner in vote.owners)
        or _most(owner for vote in votes for owner in vote.other_owners)
    )


def _named_account(file: str) -> str:
    """CloudMapper's name of an account, where no id is found: `account-data/<name>/…`."""
    parts = PurePosixPath(file).parts
    at = parts.index(_ACCOUNT_DATA) + 1 if _ACCOUNT_DATA in parts else len(parts)
    return parts[at] if at < len(parts) - 1 else ""


def _texts(pattern: re.Pattern[bytes], content: bytes) -> list[str]:
    return [found.decode() for found in pattern.findall(content)]


def _most(texts: Iterable[str]) -> str:
    """The most frequent text that is not empty, the smallest of several; empty where there is none."""
    counted = Counter(text for text in texts if text)
    return min(counted, key=lambda text: (-counted[text], text)) if counted else ""
