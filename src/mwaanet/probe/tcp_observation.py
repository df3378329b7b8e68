"""What became of a TCP connection, and what each outcome means.

Security groups and network ACLs drop what they do not allow, so the client's attempt times out
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstancesConnecting.html); a refusal therefore
comes from a host, or from a firewall that rejects.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from mwaanet.probe.observation import Fact, Observation, Port, Reach, Verdict
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
        Status.FAIL,
        "This host itself forbids it: a local firewall, a prohibiting route or a sandbox; or, for an IPv6 address, a "
        "firewall on the way rejects it.",
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


LAYERS = {
    TcpOutcome.REFUSED: ("the service is down, or listens on another port", "the server's own firewall rejects"),
    TcpOutcome.TIMED_OUT: (
        "the server's own firewall drops",
        "the server is down, or has given up the address",
        "a firewall on the way that the site file does not declare",
        "the snapshot is older than a change",
    ),
    TcpOutcome.UNREACHABLE: (
        "this host's own routes",
        "the server is down, or has given up the address",
        "a router on the way that the site file does not declare",
    ),
    TcpOutcome.RESET: (
        "a proxy or load balancer on the way, with no server behind it",
        "the service turns this client away",
    ),
    TcpOutcome.FORBIDDEN: ("this host's own firewall, routes or sandbox",),
    TcpOutcome.NO_SUCH_NAME: (
        "this host asks another resolver than the model takes (`mwaanet probe dns` tells)",
        "what that resolver holds and forwards",
    ),
    TcpOutcome.RESOLVER_SILENT: (
        "this host asks another resolver than the model takes (`mwaanet probe dns` tells)",
        "the resolver is down, or its own firewall drops",
    ),
}
"""What is left to look at where the model says that the connection is made."""

NOT_TRIED = frozenset({TcpOutcome.NO_SUCH_NAME, TcpOutcome.RESOLVER_SILENT})
"""No packet was sent to the host, for its name gave no address."""


class TcpObservation(Observation, frozen=True, kw_only=True, tag="tcp"):
    """A connection that was tried to one address of a host."""

    outcome: TcpOutcome
    host: str
    port: Port
    address: str = ""
    """The address that was called; empty where the name has none."""
    error: str = ""
    """The system's own words."""

    def facts(self) -> Iterable[Fact]:
        yield Fact("address", self.address)
        yield Fact("from", self.source_address)
        yield Fact("error", self.error)

    def reach(self) -> Reach | None:
        if self.outcome in NOT_TRIED:
            return Reach(self.host, made=False)
        return Reach(
            self.host,
            made=None if self.outcome is TcpOutcome.FAILED else self.outcome is TcpOutcome.CONNECTED,
            port=self.port,
            addresses=(self.address,),
            answered=self.outcome in (TcpOutcome.REFUSED, TcpOutcome.RESET),
        )

    def layers(self) -> tuple[str, ...]:
        return LAYERS.get(self.outcome, ())
