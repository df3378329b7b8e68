"""What a DNS server answered for a name, and what each outcome means.

Response codes and truncation: https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1; TCP is part of the protocol, no
option: https://www.rfc-editor.org/rfc/rfc7766.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mwaanet.probe.observation import Fact, Observation, Port, Reach, Verdict
from mwaanet.status import Status


class DnsOutcome(StrEnum):
    """What a client learns of a name from one server."""

    ANSWERED = "answered"
    NXDOMAIN = "nxdomain"
    NO_DATA = "no-data"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    ERROR_CODE = "error-code"
    REFERRAL = "referral"
    TRUNCATED = "truncated"
    TIMED_OUT = "timed-out"
    PORT_CLOSED = "port-closed"
    UNREACHABLE = "unreachable"
    CUT = "cut"
    FORBIDDEN = "forbidden"
    BROKEN = "broken"
    NO_SERVER = "no-server"
    FAILED = "failed"


VERDICTS = {
    DnsOutcome.ANSWERED: Verdict(Status.PASS, "The server answers the name with addresses."),
    DnsOutcome.NXDOMAIN: Verdict(
        Status.FAIL,
        "The server says that the name does not exist. Where it exists elsewhere, this server is not sent there: a "
        "private zone lacks the record, is not associated with the VPC asked, or the zone is not forwarded.",
    ),
    DnsOutcome.NO_DATA: Verdict(
        Status.FAIL,
        "The server knows the name but gives no address for it: it holds other records only, its CNAMEs lead nowhere, "
        "or the server drops private addresses from public answers (rebinding protection).",
    ),
    DnsOutcome.SERVFAIL: Verdict(
        Status.FAIL,
        "The server is reached and could not find out: what it asks in turn (a forwarder's target, a Route 53 Resolver "
        "endpoint, the zone's own servers) does not answer it, or the answer's signatures are wrong.",
    ),
    DnsOutcome.REFUSED: Verdict(
        Status.FAIL,
        "The server is reached and refuses: its access list leaves this client out, or it does not serve this zone.",
    ),
    DnsOutcome.ERROR_CODE: Verdict(
        Status.FAIL, "The server is reached and answers with an error; the response code says which."
    ),
    DnsOutcome.REFERRAL: Verdict(
        Status.FAIL,
        "The server does not look names up for its clients: it only says which other servers to ask. A resolver or a "
        "forwarder has to be asked instead.",
    ),
    DnsOutcome.TRUNCATED: Verdict(
        Status.FAIL,
        "The answer does not fit one UDP packet, and TCP, by which it has to be fetched then, does not work: allow TCP "
        "53 as well as UDP 53.",
    ),
    DnsOutcome.TIMED_OUT: Verdict(
        Status.FAIL,
        "No answer came back: a security group, network ACL or firewall drops the DNS packets or their answers, a "
        "route is missing in one of the two directions, or there is no server.",
    ),
    DnsOutcome.PORT_CLOSED: Verdict(
        Status.FAIL, "The host is there, but nothing listens on its DNS port, or a firewall rejects (not drops) it."
    ),
    DnsOutcome.UNREACHABLE: Verdict(
        Status.FAIL, "This host or a router on the way says that no way leads to the server: a route is missing."
    ),
    DnsOutcome.CUT: Verdict(
        Status.FAIL, "The connection was made and cut before an answer: the server, or something before it, hangs up."
    ),
    DnsOutcome.FORBIDDEN: Verdict(
        Status.FAIL,
        "This host itself forbids it: a local firewall, a prohibiting route or a sandbox; or, for an IPv6 address, a "
        "firewall on the way rejects it.",
    ),
    DnsOutcome.BROKEN: Verdict(
        Status.FAIL,
        "What came back is no answer to the question: garbage, another question's answer, or names that lead in a "
        "circle. Something on the way alters DNS, somebody forges answers, or the server is broken.",
    ),
    DnsOutcome.NO_SERVER: Verdict(
        Status.UNKNOWN, "This host's settings name no DNS server (/etc/resolv.conf): say whom to ask with --server."
    ),
    DnsOutcome.FAILED: Verdict(
        Status.UNKNOWN, "This host could not ask; the error says why. It says nothing about the network."
    ),
}
"""How each outcome stands and what it means."""


_SERVER = ("what the server holds and forwards, which the model does not know",)

LAYERS = {
    DnsOutcome.NXDOMAIN: _SERVER,
    DnsOutcome.NO_DATA: ("a server that drops private addresses from public answers", *_SERVER),
    DnsOutcome.SERVFAIL: ("what the server asks in turn does not answer it", *_SERVER),
    DnsOutcome.REFUSED: ("the server's own access list",),
    DnsOutcome.ERROR_CODE: _SERVER,
    DnsOutcome.REFERRAL: _SERVER,
    DnsOutcome.TRUNCATED: ("a firewall that lets DNS pass by UDP only",),
    DnsOutcome.TIMED_OUT: ("the DNS server is down", "its own firewall drops", "the snapshot is older than a change"),
    DnsOutcome.PORT_CLOSED: ("the DNS server is down",),
    DnsOutcome.UNREACHABLE: ("this host's own routes", "the DNS server is down"),
    DnsOutcome.CUT: ("the DNS server or a proxy before it",),
    DnsOutcome.FORBIDDEN: ("this host's own firewall, routes or sandbox",),
    DnsOutcome.BROKEN: ("something on the way that alters DNS",),
}
"""What is left to look at where the model says that the name is answered."""

SILENT = frozenset(
    {
        DnsOutcome.TIMED_OUT,
        DnsOutcome.PORT_CLOSED,
        DnsOutcome.UNREACHABLE,
        DnsOutcome.CUT,
        DnsOutcome.FORBIDDEN,
    }
)
"""No DNS message came back."""


class Scope(StrEnum):
    """Where the addresses of an answer lie."""

    NONE = "none"
    PRIVATE = "private"
    PUBLIC = "public"
    MIXED = "mixed"


SCOPES = {
    Scope.NONE: "",
    Scope.PRIVATE: "All are private: the name leads into a VPC or an on-premises network.",
    Scope.PUBLIC: "All are public: the name leads to the internet, not to an interface endpoint.",
    Scope.MIXED: "Some are private, some public: which way a client takes is left to chance.",
}
"""What the addresses' place means."""


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """A CNAME record."""

    name: str
    target: str
    ttl: int


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address record."""

    address: str
    ttl: int


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One question to the server and what came back."""

    type: str
    """The type of record asked for: A or AAAA."""
    transport: str
    """`udp` or `tcp`."""
    outcome: DnsOutcome
    rcode: str = ""
    seconds: float | None = None
    attempts: int = 1
    truncated: bool = False
    foreign: int = 0
    """How many packets came back that do not belong to the question."""
    error: str = ""

    def __str__(self) -> str:
        parts = [f"{self.type} by {self.transport.upper()}: {self.rcode or self.outcome}"]
        if self.seconds is not None:
            parts.append(f"{self.seconds * 1000:.0f} ms")
        if self.truncated:
            parts.append("truncated")
        if self.foreign:
            parts.append(f"{self.foreign} packets that answer another question")
        return ", ".join([*parts, self.error] if self.error else parts)


class DnsObservation(Observation, frozen=True, kw_only=True, tag="dns"):
    """What one server answered for one name."""

    outcome: DnsOutcome
    name: str
    server: str = ""
    """The address of the server that was asked."""
    port: Port = 53
    chain: tuple[Alias, ...] = ()
    addresses: tuple[Address, ...] = ()
    omitted: int = 0
    """How many more addresses the answer held."""
    scope: Scope = Scope.NONE
    authoritative: bool = False
    exchanges: tuple[Exchange, ...] = ()
    error: str = ""

    def facts(self) -> Iterable[Fact]:
        yield Fact("server", f"{self.server} port {self.port}" if self.server else "")
        yield Fact("from", self.source_address)
        for alias in self.chain:
            yield Fact("alias", f"{alias.name} -> {alias.target} (TTL {alias.ttl})")
        for address in self.addresses:
            yield Fact("address", f"{address.address} (TTL {address.ttl})")
        yield Fact("address", f"and {self.omitted} more" if self.omitted else "")
        for exchange in self.exchanges:
            yield Fact("asked", str(exchange))
        yield Fact("error", self.error)

    def reach(self) -> Reach | None:
        unsaid = self.outcome in (DnsOutcome.NO_SERVER, DnsOutcome.FAILED)
        return Reach(
            self.name.rstrip("."),
            made=None if unsaid else self.outcome is DnsOutcome.ANSWERED,
            addresses=tuple(address.address for address in self.addresses),
            server=self.server,
            answered=self.outcome not in SILENT,
        )

    def layers(self) -> tuple[str, ...]:
        return LAYERS.get(self.outcome, ())
