"""An HTTP server that answers what it has answered before after a set latency, with next to no work of its own.

What it is asked for the first time is passed on to another server, whose answer is recorded.
"""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple

_ACCOUNT = re.compile(rb"Credential=\w{4}(\d{12})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TARGET = re.compile(rb"\r\nx-amz-target: *(\S+)", re.IGNORECASE)


class _Asked(NamedTuple):
    """A request, as far as its answer depends on it."""

    line: bytes
    account: bytes
    target: bytes
    body: bytes


class Recorded:
    """The server; it runs in the event loop that calls `start`."""

    def __init__(self, port: int, latency: float) -> None:
        self._behind = port
        self._latency = latency
        self._answers: dict[_Asked, bytes] = {}

    async def start(self) -> int:
        """Begin to serve; the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 24)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                due = loop.time() + self._latency
                request = head + await reader.readexactly(_length(head))
                asked = _asked(head, request[len(head) :])
                if asked not in self._answers:
                    self._answers[asked] = await self._passed_on(request)
                await asyncio.sleep(due - loop.time())
                writer.write(self._answers[asked])
        except (asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _passed_on(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._behind, limit=1 << 24)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = b"" if request.startswith(b"HEAD ") else await reader.readexactly(_length(head))
        writer.close()
        return head + body


def _length(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


def _asked(head: bytes, body: bytes) -> _Asked:
    account, target = _ACCOUNT.search(head), _TARGET.search(head)
    return _Asked(head.partition(b"\r\n")[0], account[1] if account else b"", target[1] if target else b"", body)
