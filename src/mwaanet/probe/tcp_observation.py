"""What became of a TCP connection, and what each outcome means.

Security groups and network ACLs drop what they do not allow, so the client's attempt times out
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstancesConnecting.html); a refusal therefore
comes from a host, or from a firewall that rejects.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from mwaanet.probe.observation import Fact, Observation, Verdict
from mwaanet.status import Status


class TcpOutcome(StrEnum):
    """How a connection ended."""

    CONNECTED = "connected"
    REFUSED = "refused"
    TIMED_OUT = "timed-out"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    FORBIDDEN = "forbidden"
    NO_SUCH_NAME = "no-such-name"
    RESOLVER_SILENT = "resolver-silent"
    FAILED = "failed"


VERDICTS = {
    TcpOutcome.CONNECTED: Verdict(
        Status.PASS, "The request and its reply pass: routes, filters and whatever listens there let them."
    ),
    TcpOutcome.REFUSED: Verdict(
        Status.FAIL,
        "A host answered and refused: packets get there and back. Nothing listens on this port, or a firewall rejects "
        "it. Security groups and network ACLs never refuse, they drop.",
    ),
    TcpOutcome.TIMED_OUT: Verdict(
        Status.FAIL,
        "Nothing came back: a security group, network ACL or firewall drops the packets, a route is missing in one of "
        "the two directions, or nobody holds the address.",
    ),
    TcpOutcome.UNREACHABLE: Verdict(
        Status.FAIL,
        "This host or a router on the way says that no way leads there: a route is missing, or in the own network "
        "nobody holds the address.",
    ),
    TcpOutcome.RESET: Verdict(
        Status.FAIL,
        "The connection was made and cut at once: something on the way (a proxy, load balancer or firewall) took it "
        "and cannot or will not pass it on, or the service itself turns this client away.",
    ),
    TcpOutcome.FORBIDDEN: Verdict(
        Status.FAIL, "This host itself forbids it: a local firewall, a prohibiting route or a sandbox."
    ),
    TcpOutcome.NO_SUCH_NAME: Verdict(
        Status.FAIL, "The resolver of this host gives no address for the name; no packet was sent to the service."
    ),
    TcpOutcome.RESOLVER_SILENT: Verdict(
        Status.FAIL,
        "The resolver of this host does not answer or cannot find out: the way to the DNS server (UDP and TCP 53) or "
        "what it forwards to is broken; no packet was sent to the service.",
    ),
    TcpOutcome.FAILED: Verdict(
        Status.UNKNOWN, "This host could not try; the error says why. It says nothing about the network."
    ),
}
"""How each outcome stands and what it means."""


class TcpObservation(Observation, frozen=True, kw_only=True, tag="tcp"):
    """A connection that was tried to one address of a host."""

    outcome: TcpOutcome
    host: str
    port: int
    address: str = ""
    """The address that was called; empty where the name has none."""
    error: str = ""
    """The system's own words."""

    def facts(self) -> Iterable[Fact]:
        yield Fact("address", self.address)
        yield Fact("from", self.source_address)
        yield Fact("error", self.error)
