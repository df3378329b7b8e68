"""The manifest of a snapshot: of what and when it was made, and which calls were refused."""

from collections.abc import Iterable

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.json_text import decode
from mwaanet.snapshot.operations import GLOBAL, CallRef

FORMAT = 1
"""The version of the format that this reader reads."""


class ManifestError(msgspec.Struct, frozen=True, kw_only=True):
    """A refused call, or one that failed midway."""

    account: str
    region: str
    service: str
    operation: str
    code: str
    message: str = ""

    @property
    def ref(self) -> CallRef:
        """The call."""
        return CallRef(self.account, self.region, self.service, self.operation)


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """The account and Region of the environment that the snapshot is about."""

    account: str
    region: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """manifest.json; a foreign folder has none and gets one from what is in it."""

    format: int
    created: str = ""
    tool: str = ""
    accounts: dict[str, tuple[str, ...]] = {}
    home: Home | None = None
    errors: tuple[ManifestError, ...] = ()


def read_manifest(content: bytes, path: str) -> Manifest:
    """The manifest in a file; SnapshotError where it is none that this version reads."""
    manifest = decode(content, path, Manifest)
    if manifest.format != FORMAT:
        raise SnapshotError(path, "/format", f"expected {FORMAT}, got {manifest.format}: made by a newer mwaanet?")
    return manifest


def made_manifest(refs: Iterable[CallRef]) -> Manifest:
    """The manifest of a folder that has none: the accounts and Regions that its files name."""
    accounts: dict[str, dict[str, int]] = {}
    for ref in refs:
        regions = accounts.setdefault(ref.account, {})
        if ref.region != GLOBAL:
            regions[ref.region] = regions.get(ref.region, 0) + 1
    most = [
        (not account.isdigit(), -count, account, region)
        for account, regions in accounts.items()
        for region, count in regions.items()
    ]
    home = Home(account=min(most)[2], region=min(most)[3]) if most else None
    return Manifest(
        format=FORMAT,
        accounts={account: tuple(sorted(regions)) for account, regions in sorted(accounts.items())},
        home=home,
    )
