"""Certificates made by the test, and a real TLS server that shows them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from probe import servers

DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Identity:
    """A key with its certificate, and the certificates that are sent after it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    intermediates: list[x509.Certificate] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        """Key and chain in one PEM file."""
        parts = [
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            *(c.public_bytes(serialization.Encoding.PEM) for c in (self.certificate, *self.intermediates)),
        ]
        path.write_bytes(b"".join(parts))
        return path

    def write_certificate(self, path: Path) -> Path:
        """The certificate alone, as an authority that may be trusted."""
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def issue(
    *names: str,
    by: Identity | None = None,
    subject: str = "server",
    organisation: str = "Example",
    authority: bool = False,
    since: timedelta = -DAY,
    until: timedelta = 90 * DAY,
) -> Identity:
    """A certificate for names, by an authority or by itself, valid from and to these times from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, subject),
        ]
    )
    issuer, signer = (by.certificate.subject, by.key) if by else (own, key)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + since)
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if authority:
        use = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(use, critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    return Identity(key=key, certificate=builder.sign(signer, hashes.SHA256()))


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


@contextmanager
def tls_server(
    identity: Identity, folder: Path, prepare: Callable[[ssl.SSLContext], None] = lambda context: None
) -> Iterator[int]:
    """A server that shakes hands and waits until the client goes; yields its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.write(folder / "server.pem"))
    prepare(context)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with servers.tcp_server(serve) as port:
        yield port
