"""One DNS question to one server over UDP or TCP, and the message that answers it.

Asked as a plain client does (glibc): recursion desired, no EDNS, so that UDP answers are cut at 512 bytes. Packets that
are no answer to the question (another id, name or type) are counted and waited past until the time is up, as forged or
late ones must not hide the true answer (https://www.rfc-editor.org/rfc/rfc5452#section-9.1).
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Final, NamedTuple

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
from msgspec.structs import replace

from mwaanet.probe.dns_observation import DnsOutcome, Exchange
from mwaanet.probe.tcp import outcome_of, words
from mwaanet.probe.tcp_observation import TcpOutcome

MOST_PACKETS: Final = 64
"""The most packets that are looked at for one question."""
_LARGEST: Final = 65535
_NOT_A_MESSAGE = (dns.exception.DNSException, ValueError, struct.error, IndexError, RecursionError)

_OF_TCP = {
    TcpOutcome.REFUSED: DnsOutcome.PORT_CLOSED,
    TcpOutcome.TIMED_OUT: DnsOutcome.TIMED_OUT,
    TcpOutcome.UNREACHABLE: DnsOutcome.UNREACHABLE,
    TcpOutcome.RESET: DnsOutcome.CUT,
    TcpOutcome.FORBIDDEN: DnsOutcome.FORBIDDEN,
}


class Server(NamedTuple):
    """A DNS server by its address."""

    address: str
    port: int = 53


class Question(NamedTuple):
    """What is asked: a name, and A or AAAA."""

    name: dns.name.Name
    type: dns.rdatatype.RdataType


class Reply(NamedTuple):
    """What came back: the record of it, and the message where it was one."""

    exchange: Exchange
    message: dns.message.Message | None = None


class _NoAnswer(Exception):  # noqa: N818 - it never leaves this module
    """What came back answers nothing; `foreign` counts the packets."""

    def __init__(self, problem: str, foreign: int = 0) -> None:
        super().__init__(problem)
        self.foreign = foreign


def ask(server: Server, question: Question, transport: str, *, timeout: float, retries: int) -> Reply:
    """Ask over `udp` or `tcp`, again where nothing came back."""
    reply = _ask_once(server, question, transport, timeout)
    attempts = 1
    while reply.exchange.outcome is DnsOutcome.TIMED_OUT and attempts <= retries:
        attempts += 1
        reply = _ask_once(server, question, transport, timeout)
    return reply._replace(exchange=replace(reply.exchange, attempts=attempts))


def _ask_once(server: Server, question: Question, transport: str, timeout: float) -> Reply:
    exchange = Exchange(type=dns.rdatatype.to_text(question.type), transport=transport, outcome=DnsOutcome.FAILED)
    over = _over_udp if transport == "udp" else _over_tcp
    clock = time.monotonic()
    message = None
    try:
        message, foreign = over(server, dns.message.make_query(question.name, question.type), clock + timeout)
        exchange = replace(
            exchange,
            outcome=DnsOutcome.ANSWERED,
            rcode=dns.rcode.to_text(message.rcode()),
            truncated=bool(message.flags & dns.flags.TC),
            foreign=foreign,
        )
    except _NoAnswer as error:
        exchange = replace(exchange, outcome=DnsOutcome.BROKEN, error=str(error), foreign=error.foreign)
    except EOFError:
        exchange = replace(exchange, outcome=DnsOutcome.CUT, error="closed before the answer was complete")
    except OSError as error:
        exchange = replace(exchange, outcome=_OF_TCP.get(outcome_of(error), DnsOutcome.FAILED), error=words(error))
    return Reply(replace(exchange, seconds=round(time.monotonic() - clock, 6)), message)


def _over_udp(server: Server, query: dns.message.Message, deadline: float) -> tuple[dns.message.Message, int]:
    """The answer, and how many packets were none."""
    family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
    foreign, problem = 0, ""
    with socket.socket(family, socket.SOCK_DGRAM) as connection:
        connection.connect(server)  # packets from other addresses are not received; a closed port is reported
        connection.send(query.to_wire())
        while foreign < MOST_PACKETS:
            try:
                packet = _receive(connection, _LARGEST, deadline)
            except TimeoutError:
                break
            try:
                return _read(packet, query), foreign
            except _NoAnswer as error:
                foreign, problem = foreign + 1, str(error)
    if not foreign:
        raise TimeoutError("no answer")
    raise _NoAnswer(problem, foreign)


def _over_tcp(server: Server, query: dns.message.Message, deadline: float) -> tuple[dns.message.Message, int]:
    """The answer; over TCP there is only one."""
    wire = query.to_wire()
    with socket.create_connection(server, _left(deadline)) as connection:
        connection.sendall(struct.pack("!H", len(wire)) + wire)
        (length,) = struct.unpack("!H", _receive_all(connection, 2, deadline))
        return _read(_receive_all(connection, length, deadline), query), 0


def _read(packet: bytes, query: dns.message.Message) -> dns.message.Message:
    """The message, which answers the query; one that says itself that it is cut may end amid a record."""
    try:
        message = dns.message.from_wire(packet, raise_on_truncation=True)
    except dns.message.Truncated as error:
        message = error.kwargs["message"]
    except _NOT_A_MESSAGE as error:
        raise _NoAnswer(f"no DNS message: {error or type(error).__name__}") from error
    if message.id != query.id:
        raise _NoAnswer("an answer with another id than the question's")
    if not query.is_response(message):
        asked = ", ".join(str(question) for question in message.question) or "nothing"
        raise _NoAnswer(f"an answer to another question: {asked}"[:200])
    return message


def _receive_all(connection: socket.socket, size: int, deadline: float) -> bytes:
    received = b""
    while len(received) < size:
        part = _receive(connection, size - len(received), deadline)
        if not part:
            raise EOFError
        received += part
    return received


def _receive(connection: socket.socket, size: int, deadline: float) -> bytes:
    connection.settimeout(_left(deadline))
    return connection.recv(size)


def _left(deadline: float) -> float:
    """The seconds that are left; TimeoutError where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no answer")
    return left
