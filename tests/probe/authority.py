"""An authority of a test's own, and what its servers use."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

from probe.certificates import DAY, issue


class Authority:
    """An authority; `bundle` is the file by which clients trust it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.identity = issue(subject="authority", authority=True)
        self.bundle = self.identity.write_certificate(folder / "authority.pem")

    def context(self, *names: str, until: timedelta = 90 * DAY) -> ssl.SSLContext:
        """What a server uses whose certificate is for these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        identity = issue(*names, by=self.identity, since=-2 * DAY, until=until)
        context.load_cert_chain(identity.write(self.folder / f"{names[0]}.pem"))
        return context
