"""Where facts come from: a snapshot's folder or archive, or a variant of the demo; and the site file."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from mwaanet import demo
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot
from mwaanet.snapshot.source import SITE_FILE

Opened = tuple[Snapshot, Site | None]


def open_snapshot(path: str | PathLike[str], site: str | PathLike[str] | None = None) -> Opened:
    """A snapshot with the given site file, else the one inside the snapshot."""
    return _with_site(Snapshot.open(Path(path)), site)


def open_demo(variant: str, site: str | PathLike[str] | None = None) -> Opened:
    """A variant of the demo, which has a site file."""
    return _with_site(Snapshot.from_files(demo.files(variant), f"demo {variant}"), site)


def _with_site(snapshot: Snapshot, site: str | PathLike[str] | None) -> Opened:
    if site is not None:
        return snapshot, Site.load(Path(site))
    if snapshot.site_text is not None:
        return snapshot, Site.parse(snapshot.site_text, f"{snapshot.name}/{SITE_FILE}")
    return snapshot, None
