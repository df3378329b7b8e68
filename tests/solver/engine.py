"""What the engine under test says of a question, asked as a user asks; and its sets of packets as terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

from z3 import And

from dataplane.spec import OUTSIDE
from mwaanet.graph.internet_gateway import INTERNET
from mwaanet.graph.network import Network
from mwaanet.net import TCP, UDP, AddressSet, Intervals, PacketSet, protocol_number
from mwaanet.paths.endpoints import endpoint_of, interfaces_endpoint
from mwaanet.paths.question import Endpoint, Question, Start
from mwaanet.paths.trace import Trace, trace
from solver.encoding.terms import FALSE, Packet, Term, any_of, between
from solver.question import ANYBODY, Addresses, Asked

Interfaces = Mapping[str, str]
"""The id of each host's interface."""


def answer(network: Network, interfaces: Interfaces, asked: Asked) -> Trace:
    question = Question(
        source=_source(network, interfaces, asked),
        destination=_destination(network, interfaces, asked),
        protocol=protocol_number(asked.protocol),
        ports=Intervals.of(asked.ports),
    )
    return trace(network, question)


def _source(network: Network, interfaces: Interfaces, asked: Asked) -> Endpoint:
    """The senders, with some of their addresses and these client ports."""
    hosts = [interfaces[name] for name in asked.senders if name in interfaces]
    if hosts:
        end = interfaces_endpoint(network, "hosts", hosts)
    else:
        (name,) = asked.senders
        end = endpoint_of(network, INTERNET if name == OUTSIDE else name)
    only, ports = _set(asked.sources), Intervals.of(asked.client_ports)
    return replace(end, starts=tuple(_narrowed(start, only, ports) for start in end.starts), undetermined=False)


def _narrowed(start: Start, only: AddressSet, ports: Intervals) -> Start:
    return replace(start, addresses=start.addresses & only, ports=ports, ports_known=True)


def _destination(network: Network, interfaces: Interfaces, asked: Asked) -> Endpoint:
    if asked.destination == ANYBODY:
        return endpoint_of(network, _text(asked.destinations))
    names = {**interfaces, OUTSIDE: INTERNET}
    end = endpoint_of(network, names.get(asked.destination, asked.destination))
    return replace(end, addresses=_all(end) & _set(asked.destinations), undetermined=False)


def _all(end: Endpoint) -> AddressSet:
    """All addresses of an end, of both families."""
    return reduce(lambda found, start: found | start.addresses, end.starts, end.addresses)


def _text(addresses: Addresses) -> str:
    return f"{addresses.first}-{addresses.last}"


def _set(addresses: Addresses) -> AddressSet:
    return AddressSet.parse(_text(addresses))


def member(packets: PacketSet, one: Packet) -> Term:
    """Whether a packet is in one of the engine's sets."""
    family, number = {32: 4, 128: 6}[one.src.size()], {"tcp": TCP, "udp": UDP}[one.protocol]
    boxes = [box for box in packets.boxes if box.family == family and number in box.protocols]
    axes = ((one.src, "src"), (one.dst, "dst"), (one.sport, "a"), (one.dport, "b"))
    return any_of(And(*(_in(term, getattr(box, axis)) for term, axis in axes)) for box in boxes) if boxes else FALSE


def _in(term: Term, intervals: Intervals) -> Term:
    return any_of(between(term, first, last) for first, last in intervals.spans)
