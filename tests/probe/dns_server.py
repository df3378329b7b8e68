"""A real DNS server on loopback, over UDP and TCP on one port, that says what the test wants."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from mwaanet.probe.dns_exchange import Server

Packets = list[bytes]
Answerer = Callable[[dns.message.Message, str], Packets]
"""What is sent back for a question that came by `udp` or `tcp`; nothing at all for an empty list."""


@contextmanager
def dns_server(answer: Answerer, *, tcp: bool = True) -> Iterator[Server]:
    """Serve until the test ends; without `tcp` nothing listens on the TCP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as listener:
        address = ("127.0.0.1", 0)
        if tcp:  # first, as most of the ports that other programs hold are of TCP
            listener.bind(address)
            listener.listen()
            address = listener.getsockname()
        udp.bind(address)
        address = udp.getsockname()
        threads = [threading.Thread(target=_serve_udp, args=(udp, answer), daemon=True)]
        if tcp:
            threads.append(threading.Thread(target=_serve_tcp, args=(listener, answer), daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield Server(*address)
        finally:
            for open_socket in (udp, listener):
                with contextlib.suppress(OSError):
                    open_socket.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(6)


def _serve_udp(udp: socket.socket, answer: Answerer) -> None:
    while True:
        try:
            packet, client = udp.recvfrom(65535)
        except OSError:
            return
        if not packet:  # shut down
            return
        for reply in answer(dns.message.from_wire(packet), "udp"):
            udp.sendto(reply, client)


def _serve_tcp(listener: socket.socket, answer: Answerer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError, struct.error):
            connection.settimeout(5)
            (length,) = struct.unpack("!H", connection.recv(2))
            for reply in answer(dns.message.from_wire(connection.recv(length)), "tcp"):
                connection.sendall(struct.pack("!H", len(reply)) + reply)
            connection.recv(1)  # until the client goes


def response(
    query: dns.message.Message,
    *records: str,
    authority: tuple[str, ...] = (),
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    recursive: bool = True,
) -> dns.message.Message:
    """An answer with records such as `a.example. 60 IN A 10.0.0.1`."""
    message = dns.message.make_response(query, recursion_available=recursive)
    message.set_rcode(rcode)
    for section, texts in ((message.answer, records), (message.authority, authority)):
        for text in texts:
            name, ttl, _, kind, data = text.split(maxsplit=4)
            section.append(dns.rrset.from_text(name, int(ttl), "IN", kind, data))
    return message


def zone(*records: str, **settings: object) -> Answerer:
    """Answers each question with those records that have its type, and all CNAMEs; NODATA where there are none."""

    def answer(query: dns.message.Message, transport: str) -> Packets:
        kind = query.question[0].rdtype.name
        own = [record for record in records if f" IN {kind} " in record]
        own = [record for record in records if record in own or " IN CNAME " in record]
        return [response(query, *own, **settings).to_wire(max_size=65535)]  # type: ignore[arg-type]

    return answer


def code(rcode: dns.rcode.Rcode) -> Answerer:
    """Answers nothing but a response code."""
    return lambda query, transport: [response(query, rcode=rcode).to_wire()]


def truncated(query: dns.message.Message) -> bytes:
    """An empty answer with the flag that says that there is more."""
    message = response(query)
    message.flags |= dns.flags.TC
    return message.to_wire()


def silent(query: dns.message.Message, transport: str) -> Packets:
    """Never answers."""
    return []
