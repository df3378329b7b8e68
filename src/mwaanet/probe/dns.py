"""Asking DNS servers for a name, over UDP and TCP, and putting their answers together as a client would."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from mwaanet.errors import UsageError
from mwaanet.net.public_addresses import PUBLIC
from mwaanet.probe.address import host_and_port, is_address, source_towards
from mwaanet.probe.dns_answer import Answer, answer_of
from mwaanet.probe.dns_exchange import Question, Reply, Server, ask
from mwaanet.probe.dns_observation import SCOPES, SILENT, VERDICTS, Address, DnsObservation, DnsOutcome, Exchange, Scope
from mwaanet.probe.observation import Verdict, now
from mwaanet.status import Status

MOST_SERVERS: Final = 3
"""As many of the system's servers as its own resolver asks (MAXNS of glibc)."""
MOST_ADDRESSES: Final = 64
"""More addresses than these are only counted."""

_NO_ERROR: Final = "NOERROR"
A, AAAA = dns.rdatatype.A, dns.rdatatype.AAAA


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long each attempt may take, and how often to try again where nothing came back."""

    timeout: float
    retries: int


def name_of(text: str) -> dns.name.Name:
    """The name that a text means; UsageError where it means none."""
    if is_address(text):
        raise UsageError(f"{text!r} is an address: DNS is asked for a name")
    try:
        name = dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError) as error:
        raise UsageError(f"{text!r} is no DNS name: {error}") from error
    if name == dns.name.root:
        raise UsageError("expected a name to look up")
    return name


def server_of(text: str) -> Server:
    """The server of `1.2.3.4`, `1.2.3.4:port`, an IPv6 address or `[IPv6]:port`; UsageError says what was expected."""
    try:
        server = Server(text) if is_address(text) else Server(*host_and_port(text))
    except UsageError:
        server = None
    if server is None or not is_address(server.address):
        raise UsageError(f"{text!r}: expected IP, IP:PORT or [IPv6]:PORT of a DNS server")
    return server


def system_servers() -> tuple[Server, ...]:
    """The servers of this host's settings, in their order."""
    try:
        resolver = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError):
        return ()
    found = [server for server in resolver.nameservers if isinstance(server, str)]
    return tuple(Server(address, resolver.nameserver_ports.get(address, resolver.port)) for address in found)


def probe_dns(
    text: str, servers: Sequence[Server], patience: Patience, *, tcp_only: bool = False
) -> Iterator[DnsObservation]:
    """One observation for each server."""
    name = name_of(text)
    if not servers:
        status, meaning = VERDICTS[DnsOutcome.NO_SERVER]
        yield DnsObservation(
            target=text, name=str(name), outcome=DnsOutcome.NO_SERVER, status=status, meaning=meaning, time=now()
        )
    for server in servers[:MOST_SERVERS]:
        yield _Inquiry(name, server, patience).observe(text, tcp_only=tcp_only)


@dataclass(slots=True)
class _Inquiry:
    """Everything that is asked of one server for one name."""

    name: dns.name.Name
    server: Server
    patience: Patience
    exchanges: list[Exchange] = field(default_factory=list)

    def observe(self, target: str, *, tcp_only: bool) -> DnsObservation:
        began, clock = now(), time.monotonic()
        transport = "tcp" if tcp_only else "udp"
        first = self.answer(A, transport)
        answer = self.joined(first, transport)
        seconds = time.monotonic() - clock
        scope = scope_of(answer.addresses)
        doubt = " ".join(filter(None, (self.unanswered(first), self.difference(first))))
        verdict = judged(answer, scope, doubt)
        return DnsObservation(
            target=target,
            outcome=answer.outcome,
            status=verdict.status,
            meaning=verdict.meaning,
            time=began,
            seconds=round(seconds, 6),
            source_address=source_towards(*self.server),
            attempts=max(exchange.attempts for exchange in self.exchanges),
            name=str(self.name),
            server=self.server.address,
            port=self.server.port,
            chain=answer.chain,
            addresses=answer.addresses[:MOST_ADDRESSES],
            omitted=max(len(answer.addresses) - MOST_ADDRESSES, 0),
            scope=scope,
            authoritative=answer.authoritative,
            exchanges=tuple(self.exchanges),
            error=answer.error,
        )

    def joined(self, first: Answer, transport: str) -> Answer:
        """Both families together: the IPv4 answer decides, unless it has no address and the IPv6 one has."""
        if first.outcome not in (DnsOutcome.ANSWERED, DnsOutcome.NO_DATA):
            return first
        second = self.answer(AAAA, transport)
        if second.outcome is DnsOutcome.ANSWERED:
            return second._replace(chain=first.chain or second.chain, addresses=first.addresses + second.addresses)
        return first

    def unanswered(self, first: Answer) -> str:
        """What became of the question for IPv6 addresses where it has no answer and the other has; empty otherwise.

        https://www.rfc-editor.org/rfc/rfc4074#section-4
        """
        asked = next((exchange for exchange in self.exchanges if exchange.type == "AAAA"), None)
        if first.outcome is not DnsOutcome.ANSWERED or asked is None or asked.rcode == _NO_ERROR:
            return ""
        gave = asked.rcode or asked.outcome
        return f"For AAAA the same server gives: {gave}. Clients that ask for both wait, or take it for a failure."

    def answer(self, kind: dns.rdatatype.RdataType, transport: str) -> Answer:
        """One family, fetched by TCP where UDP cuts it."""
        reply = self.ask(kind, transport)
        if reply.message is None:
            return Answer(reply.exchange.outcome, error=reply.exchange.error)
        if reply.exchange.truncated:
            whole = self.ask(kind, "tcp")
            if whole.message is None:
                return Answer(DnsOutcome.TRUNCATED, error=f"by TCP: {whole.exchange.outcome}")
            reply = whole
        assert reply.message is not None
        return answer_of(reply.message, self.name, kind)

    def difference(self, by_udp: Answer) -> str:
        """How TCP's answer to the first question differs, in words; empty where it was asked by TCP anyway."""
        if any(exchange.transport == "tcp" for exchange in self.exchanges):
            return ""
        reply = self.ask(A, "tcp")
        if reply.message is None:
            return difference(by_udp, Answer(reply.exchange.outcome))
        return difference(by_udp, answer_of(reply.message, self.name, A))

    def ask(self, kind: dns.rdatatype.RdataType, transport: str) -> Reply:
        reply = ask(
            self.server,
            Question(self.name, kind),
            transport,
            timeout=self.patience.timeout,
            retries=self.patience.retries,
        )
        self.exchanges.append(reply.exchange)
        return reply


def scope_of(addresses: Sequence[Address]) -> Scope:
    """Whether addresses are private, public, or both."""
    public = {address.address in PUBLIC for address in addresses}
    if len(public) == 2:
        return Scope.MIXED
    return (Scope.PUBLIC if public.pop() else Scope.PRIVATE) if public else Scope.NONE


def judged(answer: Answer, scope: Scope, doubt: str) -> Verdict:
    """How the answer stands; what `doubt` says of other answers is a warning."""
    status, meaning = VERDICTS[answer.outcome]
    if doubt and status is Status.PASS:
        status = Status.WARN
    return Verdict(status, " ".join(filter(None, (meaning, SCOPES[scope], doubt))))


def difference(by_udp: Answer, by_tcp: Answer) -> str:
    """How the answers of the two transports differ; addresses may, as servers rotate them, but not their scope."""
    udp, tcp = by_udp.outcome, by_tcp.outcome
    if tcp in SILENT and udp not in SILENT:
        return f"By TCP: {tcp}. Answers that do not fit one UDP packet cannot be fetched: allow TCP 53 as well."
    if udp in SILENT and tcp not in SILENT:
        return f"By TCP the same server gives: {tcp}. Only UDP does not pass: allow UDP 53."
    if udp is not tcp and udp in SILENT:
        return f"TCP does not pass either: {tcp}."
    if udp is not tcp:
        return f"By TCP the answer is another: {tcp}. Something on the way answers in the server's place."
    if scope_of(by_udp.addresses) is not scope_of(by_tcp.addresses):
        return f"By TCP the addresses are {scope_of(by_tcp.addresses)}: something answers in the server's place."
    return ""
