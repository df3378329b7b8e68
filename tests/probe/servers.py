"""Real servers on loopback, each in a thread of its own, that end with the test."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Serve = Callable[[socket.socket], None]


@contextmanager
def tcp_server(serve: Serve, host: str = "127.0.0.1") -> Iterator[int]:
    """A server that gives each connection to `serve` and then closes it; yields its port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        stopped = threading.Event()

        def run() -> None:
            while not stopped.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(5)
                    try:
                        serve(connection)
                    except OSError:
                        continue

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopped.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(12)


@contextmanager
def full_server(host: str = "127.0.0.1") -> Iterator[int]:
    """A port whose queue of new connections is full: the kernel drops further requests without an answer."""
    with socket.socket() as listener:
        listener.bind((host, 0))
        listener.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for filler in fillers:
                filler.close()


def closed_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def wait_for_end(connection: socket.socket, said: int = 0) -> None:
    """Serve nothing until the client goes, who may say something first: `said` bytes at most."""
    if said:
        connection.recv(said)
    connection.recv(1)


def close_at_once(connection: socket.socket) -> None:
    """Close without a word."""


def reset_at_once(connection: socket.socket) -> None:
    """Close with a reset, as a zero linger time makes the kernel do."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
