"""What became of a TLS handshake, and what each outcome means."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mwaanet.probe.observation import Fact, Observation, Port, Reach, Verdict
from mwaanet.probe.tcp_observation import LAYERS as TCP_LAYERS
from mwaanet.probe.tcp_observation import NOT_TRIED, TcpOutcome
from mwaanet.status import Status


class TlsOutcome(StrEnum):
    """How a handshake ended."""

    TRUSTED = "trusted"
    INTERCEPTED = "intercepted"
    WRONG_NAME = "wrong-name"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    SELF_SIGNED = "self-signed"
    UNKNOWN_ISSUER = "unknown-issuer"
    UNTRUSTED = "untrusted"
    HANDSHAKE_FAILED = "handshake-failed"
    NOT_TLS = "not-tls"
    CUT = "cut"
    STALLED = "stalled"
    NOT_CONNECTED = "not-connected"


VERDICTS = {
    TlsOutcome.TRUSTED: Verdict(
        Status.PASS, "The server proves that it holds the name, by a certificate trusted here."
    ),
    TlsOutcome.INTERCEPTED: Verdict(
        Status.FAIL,
        "The certificate is for AWS's name but not issued by Amazon: a proxy or firewall on the way opens the "
        "connection to read it. Exempt this name from its TLS inspection.",
    ),
    TlsOutcome.WRONG_NAME: Verdict(
        Status.FAIL,
        "The certificate is for other names: the name is an alias (call the server by one of the certificate's names), "
        "or leads to another server.",
    ),
    TlsOutcome.EXPIRED: Verdict(
        Status.FAIL, "The certificate, or one of its chain, has expired, or this host's clock is wrong."
    ),
    TlsOutcome.NOT_YET_VALID: Verdict(
        Status.FAIL, "The certificate, or one of its chain, is not valid yet, or this host's clock is wrong."
    ),
    TlsOutcome.SELF_SIGNED: Verdict(
        Status.FAIL,
        "The certificate is signed by itself, so that nobody vouches for it: the client must be told to trust it, or "
        "the server given one by a known authority.",
    ),
    TlsOutcome.UNKNOWN_ISSUER: Verdict(
        Status.FAIL,
        "The authority that issued the certificate is not trusted here (a company's own?), or the server leaves out an "
        "intermediate certificate. Trust the authority (--ca-file shows whether that helps), or send the whole chain.",
    ),
    TlsOutcome.UNTRUSTED: Verdict(Status.FAIL, "The certificate is rejected for another reason; the error says which."),
    TlsOutcome.HANDSHAKE_FAILED: Verdict(
        Status.FAIL,
        "Both sides speak TLS and do not agree: on the version, on a cipher, or the server does not know the name.",
    ),
    TlsOutcome.NOT_TLS: Verdict(
        Status.FAIL, "What listens there does not speak TLS: it is a plain-text port, or a proxy answers in its place."
    ),
    TlsOutcome.CUT: Verdict(
        Status.FAIL,
        "The connection was made and cut during the handshake: a firewall or proxy rejects the name asked for, or a "
        "load balancer has no server behind it.",
    ),
    TlsOutcome.STALLED: Verdict(
        Status.FAIL,
        "The connection was made, then the handshake got no answer: large packets get lost (an MTU too large for a VPN "
        "or Direct Connect on the way, with ICMP filtered), an inspecting device holds them, or the server hangs.",
    ),
    TlsOutcome.NOT_CONNECTED: Verdict(Status.FAIL, "There was no connection over which to speak TLS."),
}
"""How each outcome stands and what it means; where there is no connection, its own outcome says more."""

_CERTIFICATE = ("the server's certificate", "another server than meant has the address")

LAYERS = {
    TlsOutcome.INTERCEPTED: ("a proxy or firewall that inspects TLS",),
    TlsOutcome.WRONG_NAME: _CERTIFICATE,
    TlsOutcome.EXPIRED: _CERTIFICATE,
    TlsOutcome.NOT_YET_VALID: _CERTIFICATE,
    TlsOutcome.SELF_SIGNED: _CERTIFICATE,
    TlsOutcome.UNKNOWN_ISSUER: ("what this host trusts", "a proxy or firewall that inspects TLS"),
    TlsOutcome.UNTRUSTED: _CERTIFICATE,
    TlsOutcome.HANDSHAKE_FAILED: ("the server's TLS settings", "a proxy in its place"),
    TlsOutcome.NOT_TLS: ("a proxy in the server's place", "another service on the port"),
    TlsOutcome.CUT: (
        "a proxy or firewall that reads the name asked for",
        "a load balancer with no server behind it",
    ),
    TlsOutcome.STALLED: (
        "the MTU of a VPN or Direct Connect on the way",
        "a device that inspects TLS",
        "the service hangs",
    ),
}
"""What is left to look at where the model says that the connection is made."""

TRUSTED_HERE = "This host trusts that issuer; workers and other clients need not."
"""What makes an interception that the host itself accepts a warning."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate that the server sent."""

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    not_before: str = ""
    not_after: str = ""
    sha256: str = ""
    error: str = ""
    """Why it cannot be read."""

    def __str__(self) -> str:
        if self.error:
            return self.error
        return f"{self.subject}, issued by {self.issuer}, until {self.not_after}"


class TlsObservation(Observation, frozen=True, kw_only=True, tag="tls"):
    """A handshake that was tried with one address of a host; `seconds` is the handshake's own time."""

    outcome: TlsOutcome
    host: str
    port: Port
    address: str = ""
    server_name: str = ""
    connection: TcpOutcome | None = None
    """How the connection before the handshake ended."""
    connect_seconds: float | None = None
    version: str = ""
    cipher: str = ""
    chain: tuple[Certificate, ...] = ()
    """The certificates as the server sent them, its own first."""
    error: str = ""

    def facts(self) -> Iterable[Fact]:
        yield Fact("address", self.address)
        yield Fact("from", self.source_address)
        if self.connection is not None:
            took = "" if self.connect_seconds is None else f" in {self.connect_seconds * 1000:.0f} ms"
            yield Fact("connection", self.connection + took)
        yield Fact("name", self.server_name)
        yield Fact("protocol", " ".join(filter(None, (self.version, self.cipher))))
        if self.chain:
            yield Fact("names", ", ".join(self.chain[0].names))
        for certificate in self.chain:
            yield Fact("chain", str(certificate))
        yield Fact("error", self.error)

    def reach(self) -> Reach | None:
        if self.connection in NOT_TRIED:
            return Reach(self.host, made=False)
        failed = self.connection is None or self.connection is TcpOutcome.FAILED
        return Reach(
            self.host,
            made=None if failed else self.status is not Status.FAIL,
            port=self.port,
            addresses=(self.address,),
            answered=self.connection in (TcpOutcome.CONNECTED, TcpOutcome.REFUSED, TcpOutcome.RESET),
        )

    def layers(self) -> tuple[str, ...]:
        if self.outcome is TlsOutcome.NOT_CONNECTED and self.connection is not None:
            return TCP_LAYERS.get(self.connection, ())
        return LAYERS.get(self.outcome, ())
