"""Account and Region of files whose path does not name them: from what is in them, else from their neighbours."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from mwaanet.snapshot.document import Document
from mwaanet.snapshot.operations import GLOBAL, CallRef, by_name

UNKNOWN_ACCOUNT = "unknown"
"""Stands for the account of a folder in which nothing names one."""
UNKNOWN_REGION = "unknown"
"""Stands for the Region of a folder in which nothing names one."""

_SCANNED = 1 << 20
"""How many bytes of a file are searched."""

REGION = (
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|eusc)(?:-(?:gov|iso[a-z]?|de))?"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d"
)
"""A regular expression for the names of Regions."""
_NAMED_REGION = re.compile(rf"(?<![a-z0-9]){REGION}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9a-f])(?<![0-9a-f]{4}-)\d{12}(?!\d)")
_OWNER = re.compile(rb'"(?:OwnerId|Account|VpcOwnerId|TransitGatewayOwnerId|ownerAccount)"\s*:\s*"(\d{12})"')
_ANY_OWNER = re.compile(rb'"OwnerId"\s*:\s*"(\d+)"')
_ARN_ACCOUNT = re.compile(rb'"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):')
_ARN_REGION = re.compile(rf'"arn:aws[a-z-]*:[a-z0-9-]+:({REGION}):'.encode())
_ZONE = re.compile(rf'"(?:AvailabilityZone|ZoneName|Region|RegionName|VPCRegion)"\s*:\s*"({REGION})'.encode())
_SERVICE = re.compile(rf'"(?:cn\.)?com\.amazonaws\.(?:vpce\.)?({REGION})\.'.encode())
_ACCOUNT_DATA = "account-data"
_OWN = frozenset({"describe-security-groups", "describe-internet-gateways"})
"""Lists in which an account does not see what others share with it."""
_SHOWN_TO_OTHERS = frozenset(
    {
        "describe-transit-gateways",
        "describe-transit-gateway-attachments",
        "describe-transit-gateway-vpc-attachments",
        "describe-transit-gateway-peering-attachments",
        "describe-managed-prefix-lists",
        "describe-vpc-endpoint-services",
        "describe-vpc-peering-connections",
        "list-resolver-rules",
        "describe-direct-connect-gateway-associations",
        "describe-direct-connect-gateway-attachments",
        "get-resource-shares",
    }
)
"""Lists in which an account mostly sees what others own, so that the owners do not tell whose list it is."""
_OF_TWO_REGIONS = frozenset({"describe-vpc-peering-connections", "describe-transit-gateway-peering-attachments"})
"""Lists of what leads from one Region to another, so that the Regions in them do not tell which was asked."""


def place_in_path(file: str) -> tuple[str, str]:
    """Account and Region as the path names them; empty where it does not.

    A file that CloudMapper names by the resource asked about does not say by its name who asked.
    """
    path = PurePosixPath(file)
    named_by_resource = by_name([path.parent.name]) is not None
    parts = [*path.parts[:-1], *([] if named_by_resource else [path.stem])]
    account = next((found[0] for part in parts if (found := _ACCOUNT.search(part))), "")
    region = next((found[0] for part in parts if (found := _NAMED_REGION.search(part))), "")
    return account, region


def fill_places(documents: Iterable[Document], texts: dict[str, bytes]) -> list[Document]:
    """The documents with account and Region filled in, from the texts of their files and of those around them."""
    waiting = list(documents)
    votes = {document.file: _Votes(document, texts.get(document.file, b"")) for document in waiting}
    folders: dict[str, list[_Votes]] = {}
    for vote in votes.values():
        for folder in vote.folders:
            folders.setdefault(folder, []).append(vote)
    told = {folder: _Told(inside) for folder, inside in folders.items()}
    filled = []
    for document in waiting:
        vote = votes[document.file]
        around = [told[folder] for folder in vote.folders]
        region = document.ref.region
        if region != GLOBAL:
            region = vote.region or next((_sole(one.regions) for one in around if one.regions), "")
        account = vote.account or _account(vote, around)
        ref = document.ref._replace(account=account or UNKNOWN_ACCOUNT, region=region or UNKNOWN_REGION)
        filled.append(replace(document, ref=ref))
    return filled


def _account(vote: _Votes, around: list[_Told]) -> str:
    """The account of a file that does not name one: of the nearest folder that tells, if that is one account's.

    Of a folder of several accounts a file says itself whose it is, by what it holds, or is nobody's: an empty list is
    not taken for the answer to an account that was never asked.
    """
    for folder, one in zip(vote.folders, around, strict=True):
        if len(one.accounts) > 1:
            owner = _sole(frozenset(vote.owners or vote.other_owners))
            return owner if owner in one.accounts and vote.own else ""
        found = _sole(one.accounts) or one.owner
        if found:
            return found
        if PurePosixPath(folder).parent.name == _ACCOUNT_DATA:
            return PurePosixPath(folder).name
    return around[-1].any_owner


class _Told:
    """What the files in and below a folder tell of accounts and Regions."""

    __slots__ = ("accounts", "any_owner", "owner", "regions")

    def __init__(self, votes: list[_Votes]) -> None:
        self.accounts = frozenset(vote.account for vote in votes if vote.account)
        self.regions = frozenset(vote.region for vote in votes if vote.region)
        own = [vote for vote in votes if vote.own]
        self.owner = _most(owner for vote in own for owner in vote.owners)
        self.owner = self.owner or _most(owner for vote in own for owner in vote.other_owners)
        self.any_owner = _most(owner for vote in votes for owner in (*vote.owners, *vote.other_owners))


class _Votes:
    """What one file tells of its account and Region."""

    __slots__ = ("account", "folders", "other_owners", "own", "owners", "region")

    def __init__(self, document: Document, content: bytes) -> None:
        content = content[:_SCANNED]
        self.folders = [sys.intern(str(folder)) for folder in PurePosixPath(document.file).parents]
        self.own = document.ref.operation not in _SHOWN_TO_OTHERS
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
        if ref.operation in _OF_TWO_REGIONS:
            return ""
        return _most(_texts(_ZONE, content)) or _most(_texts(_ARN_REGION, content)) or _most(_texts(_SERVICE, content))


def _texts(pattern: re.Pattern[bytes], content: bytes) -> list[str]:
    return [found.decode() for found in pattern.findall(content)]


def _sole(texts: frozenset[str]) -> str:
    """The only text; empty where there are several, or none."""
    return next(iter(texts)) if len(texts) == 1 else ""


def _most(texts: Iterable[str]) -> str:
    """The most frequent text that is not empty, the smallest of several; empty where there is none."""
    counted = Counter(text for text in texts if text)
    return min(counted, key=lambda text: (-counted[text], text)) if counted else ""
