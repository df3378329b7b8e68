"""The manifest of a snapshot: when and of what it was made, and which calls were refused."""

from __future__ import annotations

import msgspec


class ManifestError(msgspec.Struct, frozen=True, kw_only=True):
    """A refused call that takes no argument."""

    account: str
    region: str
    service: str
    operation: str
    code: str
    message: str = ""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """The account and Region from which the snapshot was made."""

    account: str
    region: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """manifest.json; a foreign folder has none and gets one from what is in it."""

    format: int
    created: str = ""
    tool: str = ""
    accounts: dict[str, list[str]] = {}
    home: Home | None = None
    errors: tuple[ManifestError, ...] = ()
