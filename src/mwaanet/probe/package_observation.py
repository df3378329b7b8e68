"""What a worker's pip got from a package index, and which packages are installed.

https://pip.pypa.io/en/stable/cli/pip_download/
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

from mwaanet.probe.observation import Fact, Observation, Reach, Verdict
from mwaanet.status import Status


class PackageOutcome(StrEnum):
    """How a download ended."""

    DOWNLOADED = "downloaded"
    NOT_FOUND = "not-found"
    IGNORED = "ignored"
    UNAUTHORISED = "unauthorised"
    UNTRUSTED = "untrusted"
    NO_SUCH_NAME = "no-such-name"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    FAILED = "failed"


VERDICTS = {
    PackageOutcome.DOWNLOADED: Verdict(Status.PASS, "pip reaches the index and gets files from it."),
    PackageOutcome.NOT_FOUND: Verdict(
        Status.WARN,
        "The index is reached and has no wheel of this package for this Python; name another with --package.",
    ),
    PackageOutcome.IGNORED: Verdict(
        Status.FAIL,
        "pip does not ask the index: it is named by plain http and is no trusted host "
        "(https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host).",
    ),
    PackageOutcome.UNAUTHORISED: Verdict(
        Status.WARN,
        "The index is reached and wants credentials, which the probe does not hold: requirements.txt or pip's "
        "configuration must have them.",
    ),
    PackageOutcome.UNTRUSTED: Verdict(
        Status.FAIL,
        "pip reaches something and does not trust its certificate: the index's authority is not known on workers, or "
        "something in between inspects TLS.",
    ),
    PackageOutcome.NO_SUCH_NAME: Verdict(Status.FAIL, "Workers have no address for the index's name."),
    PackageOutcome.UNREACHABLE: Verdict(
        Status.FAIL, "pip gets no connection to the index, or it is cut, or no TLS is agreed on."
    ),
    PackageOutcome.TIMED_OUT: Verdict(
        Status.FAIL, "pip did not end in time: packets are dropped on the way, or the index does not answer."
    ),
    PackageOutcome.FAILED: Verdict(Status.UNKNOWN, "pip failed in a way that says nothing about the network."),
}
"""How each outcome stands and what it means."""


_REACHED = (
    PackageOutcome.DOWNLOADED,
    PackageOutcome.NOT_FOUND,
    PackageOutcome.UNAUTHORISED,
    PackageOutcome.UNTRUSTED,
)
_NOT_REACHED = (PackageOutcome.UNREACHABLE, PackageOutcome.TIMED_OUT)

LAYERS = {
    PackageOutcome.UNREACHABLE: ("the index is down, or its own firewall rejects", "pip's proxy settings on workers"),
    PackageOutcome.TIMED_OUT: ("the index's own firewall drops", "an MTU, with ICMP filtered", "the index is slow"),
    PackageOutcome.NO_SUCH_NAME: ("workers ask another resolver than the model takes",),
}
"""What is left where the model says that the index is reached."""


class PackageObservation(Observation, frozen=True, kw_only=True, tag="package"):
    """`pip download` of one package from one index."""

    outcome: PackageOutcome
    index: str
    package: str
    files: tuple[str, ...] = ()
    error: str = ""

    def facts(self) -> Iterable[Fact]:
        yield Fact("index", self.index)
        yield Fact("files", ", ".join(self.files))
        yield Fact("error", self.error)

    def reach(self) -> Reach | None:
        """The connection below the download; none where pip did not try, or says nothing of it."""
        try:
            parts = urlsplit(self.index)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return None
        if host and self.outcome is PackageOutcome.NO_SUCH_NAME:
            return Reach(host, made=False)
        if host and (self.outcome in _REACHED or self.outcome in _NOT_REACHED):
            made = self.outcome in _REACHED
            return Reach(host, made=made, port=port, answered=made)
        return None

    def layers(self) -> tuple[str, ...]:
        return LAYERS.get(self.outcome, ())


class InstalledOutcome(StrEnum):
    """Whether the packages could be listed."""

    LISTED = "listed"
    FAILED = "failed"


class InstalledObservation(Observation, frozen=True, kw_only=True, tag="installed"):
    """`pip list` of a worker."""

    outcome: InstalledOutcome
    python: str
    packages: tuple[str, ...] = ()
    error: str = ""

    def facts(self) -> Iterable[Fact]:
        yield Fact("Python", self.python)
        yield Fact("packages", str(len(self.packages)))
        yield Fact("error", self.error)
