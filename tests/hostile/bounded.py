"""What a hostile input may cost: five seconds of computing, and no file but in a temporary folder."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import gettempdir

SECONDS = 5


class TooSlowError(BaseException):
    """Raised amid what takes too long; no handler of errors takes it for one."""


class _Watch:
    """Sees every file that is opened to be written while it is on; an audit hook stays for good, so there is one."""

    def __init__(self) -> None:
        self.on = False
        self.written: list[str] = []
        sys.addaudithook(self._event)

    def _event(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.on or event != "open":
            return
        path, _, flags = arguments
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            name = os.path.realpath(os.fsdecode(path)) if isinstance(path, str | bytes) else str(path)
            if not name.startswith(os.path.realpath(gettempdir())):
                self.written.append(name)


_WATCH = _Watch()


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """TooSlowError amid what computes for longer; AssertionError where a file was written."""

    def stop(*_: object) -> None:
        raise TooSlowError(f"computed for more than {seconds} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    _WATCH.on, _WATCH.written = True, []
    try:
        yield
    finally:
        _WATCH.on = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert not _WATCH.written
