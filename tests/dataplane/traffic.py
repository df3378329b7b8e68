"""Connections for real: all flows of a topology at once, each from its own address and port to its own."""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from dataplane.compiler.plan import Plan
from dataplane.kernel import Spaces
from dataplane.spec import Flow, Topology

ASKED = b"who is there?"
HALF_OPEN, ESTABLISHED = "03", "01"
"""States in /proc/net/tcp: a SYN has come and its answer is not acknowledged; the connection stands."""


class Outcome(StrEnum):
    """What became of a connection."""

    CONNECTED = "connected"
    """Data went both ways."""
    UNANSWERED = "unanswered"
    """The request came to the server, which answered in vain."""
    STOPPED = "stopped"
    """The request did not come to the server."""


class Server(NamedTuple):
    """A listening socket of an end; what it accepts answers with the end's name, for addresses may be held twice."""

    end: str


class Connections:
    """The sockets of one topology, driven by one loop; each lives in the namespace in which it was opened."""

    def __init__(self, spaces: Spaces, plan: Plan, own: dict[tuple[str, str], str]) -> None:
        self._spaces, self._homes, self._own = spaces, plan.homes, own
        self._selector = selectors.DefaultSelector()
        self._open: list[socket.socket] = []
        self.connected: set[Flow] = set()

    def listen(self, flows: Iterable[Flow]) -> None:
        for end, address, port in sorted({(f.destination, self.held(f), f.dport) for f in flows}):
            server = self._socket(end)
            server.bind((address, port))
            server.listen(64)
            self._selector.register(server, selectors.EVENT_READ, Server(end))

    def held(self, flow: Flow) -> str:
        """The address by which the server knows itself."""
        return self._own.get((flow.destination, flow.address), flow.address)

    def connect(self, flows: Iterable[Flow]) -> None:
        for flow in flows:
            client = self._socket(flow.source)
            client.bind((flow.source_address, flow.sport))
            if client.connect_ex((flow.address, flow.dport)) in (0, errno.EINPROGRESS):
                self._selector.register(client, selectors.EVENT_WRITE, flow)

    def drive(self, patience: float) -> None:
        """Until nothing has happened for a while, or everything has."""
        quiet = time.monotonic() + patience
        waiting = sum(isinstance(key.data, Flow) for key in self._selector.get_map().values())
        while len(self.connected) < waiting and time.monotonic() < quiet:
            for key, _ in self._selector.select(0.02):
                self._step(key)
                quiet = time.monotonic() + patience

    def _step(self, key: selectors.SelectorKey) -> None:
        ready = key.fileobj
        assert isinstance(ready, socket.socket)
        if isinstance(key.data, Server):
            self._serve(ready, key.data.end)
            return
        try:
            if key.events == selectors.EVENT_WRITE:
                ready.send(ASKED)
                self._selector.modify(ready, selectors.EVENT_READ, key.data)
                return
            heard = ready.recv(64)
        except OSError:
            heard = b""
        self._selector.unregister(ready)
        if not isinstance(key.data, Flow):
            ready.send(key.data.encode() if heard == ASKED else b"")
        elif heard == key.data.destination.encode():
            self.connected.add(key.data)

    def _serve(self, server: socket.socket, end: str) -> None:
        accepted, _ = server.accept()
        accepted.setblocking(False)
        self._open.append(accepted)
        self._selector.register(accepted, selectors.EVENT_READ, end)

    def requested(self, flows: Iterable[Flow]) -> set[tuple[str, str, int]]:
        """The end, address and port of each server to which a request has come."""
        found = set()
        for end in {flow.destination for flow in flows}:
            self._spaces.enter(self._homes[end])
            for line in Path("/proc/thread-self/net/tcp").read_text().splitlines()[1:]:
                _, local, _, state, *_ = line.split()
                if state in (HALF_OPEN, ESTABLISHED):
                    found.add((end, *_address(local)))
        return found

    def _socket(self, end: str) -> socket.socket:
        self._spaces.enter(self._homes[end])
        opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._open.append(opened)
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return opened

    def close(self) -> None:
        for one in self._open:
            one.close()
        self._selector.close()


def _address(text: str) -> tuple[str, int]:
    address, port = text.split(":")
    return socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16)


def outcomes(spec: Topology, plan: Plan, spaces: Spaces, patience: float) -> dict[Flow, Outcome]:
    """What becomes of every flow. Only one client calls a server at a port, so that a request tells its sender."""
    own = {(host.name, host.public): host.address for host in spec.hosts if host.public}
    connections = Connections(spaces, plan, own)
    try:
        connections.listen(spec.flows)
        connections.connect(spec.flows)
        connections.drive(patience)
        requested = connections.requested(spec.flows)
    finally:
        connections.close()
    return {
        flow: Outcome.CONNECTED
        if flow in connections.connected
        else Outcome.UNANSWERED
        if (flow.destination, connections.held(flow), flow.dport) in requested
        else Outcome.STOPPED
        for flow in spec.flows
    }
