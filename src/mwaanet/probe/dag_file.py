"""Writing the DAG that probes from inside a worker: `worker_dag` with its configuration in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pprint import pformat
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from mwaanet.errors import UsageError

_PLACE: Final = "CONFIG: dict[str, Any] = {}\n"
_WIDTH: Final = 110


class Destination(NamedTuple):
    """What a worker must reach: a name or an address, a port, and whether TLS is spoken there."""

    host: str
    port: int
    tls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerProbe:
    """What the DAG is to try."""

    tool: str
    environment: str
    destinations: tuple[Destination, ...]
    indexes: tuple[str, ...] = ()
    package: str = "pip"
    timeout: float = 5.0
    retries: int = 1
    download_seconds: int = 60


def dag_text(probe: WorkerProbe) -> str:
    """The DAG as Python source."""
    source = files("mwaanet.probe").joinpath("worker_dag.py").read_text(encoding="utf-8")
    config: dict[str, Any] = {
        "tool": probe.tool,
        "environment": probe.environment,
        "destinations": [{"host": d.host, "port": d.port, "tls": d.tls} for d in unique(probe.destinations)],
        "indexes": list(dict.fromkeys(without_credentials(index) for index in probe.indexes)),
        "package": probe.package,
        "timeout": probe.timeout,
        "retries": probe.retries,
        "download_seconds": probe.download_seconds,
    }
    assert source.count(_PLACE) == 1
    return source.replace(_PLACE, f"CONFIG: dict[str, Any] = {pformat(config, width=_WIDTH, sort_dicts=False)}\n")


def unique(destinations: Iterable[Destination]) -> list[Destination]:
    """Each destination once; by TLS where that is wanted, too."""
    best: dict[tuple[str, int], Destination] = {}
    for destination in destinations:
        place = (destination.host, destination.port)
        best[place] = Destination(*place, destination.tls or (place in best and best[place].tls))
    return list(best.values())


def without_credentials(url: str) -> str:
    """The URL of an index without user and password; UsageError where it is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half an IPv6 address, a port that is none
        usable = False
    if not usable:
        shown = url.rpartition("@")[2]
        raise UsageError(f"{shown!r}: expected the URL of a package index, https://HOST/…/simple/")
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
