"""Reading the certificates that a server sent, and whether they are for a name and by Amazon."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from warnings import catch_warnings

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from mwaanet.probe.address import is_address
from mwaanet.probe.tls_observation import Certificate

MOST_CERTIFICATES: Final = 10
"""The most certificates of one chain that are read."""
MOST_NAMES: Final = 100
"""The most names of one certificate that are kept."""

_AWS_NAME: Final = re.compile(r"\.(amazonaws\.com|on\.aws|api\.aws)$")
_CUSTOMERS_SERVER: Final = re.compile(r"\.(elb|compute|compute-1)\.|\.vpce-svc-")
"""Names of AWS's behind which customers' own servers stand, with certificates of their own."""
_AMAZON: Final = re.compile(r"\b(Amazon|Starfield)\b")
"""The issuers' organisations: https://www.amazontrust.com/repository/."""


def certificate_of(der: bytes) -> Certificate:
    """What a certificate says; one that cannot be read says so."""
    try:
        with catch_warnings(action="ignore"):  # about what later versions will not read any more
            return _read(x509.load_der_x509_certificate(der))
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        return Certificate(error=f"a certificate that cannot be read: {error}")


def _read(parsed: x509.Certificate) -> Certificate:
    return Certificate(
        subject=parsed.subject.rfc4514_string(),
        issuer=parsed.issuer.rfc4514_string(),
        names=_names(parsed)[:MOST_NAMES],
        not_before=parsed.not_valid_before_utc.isoformat(),
        not_after=parsed.not_valid_after_utc.isoformat(),
        sha256=parsed.fingerprint(SHA256()).hex(),
    )


def chain_of(ders: list[bytes]) -> tuple[Certificate, ...]:
    """The certificates in the order in which the server sent them."""
    return tuple(certificate_of(der) for der in ders[:MOST_CERTIFICATES])


def is_for(certificate: Certificate, name: str) -> bool:
    """Whether a certificate is for a name or address (https://www.rfc-editor.org/rfc/rfc6125#section-6.4)."""
    wanted = name.lower().rstrip(".")
    label, _, rest = wanted.partition(".")
    wildcard = f"*.{rest}" if label and rest and not is_address(wanted) else ""
    return any(own.lower() in (wanted, wildcard) for own in certificate.names)


def is_intercepted(chain: tuple[Certificate, ...], name: str) -> bool:
    """Whether a certificate for AWS's own name comes from somebody else than Amazon.

    One for other names is no interception but another server; China's Regions are left out, as AWS does not document
    who issues there.
    """
    asked = name.lower().rstrip(".")
    if not _AWS_NAME.search(asked) or _CUSTOMERS_SERVER.search(asked):
        return False
    if not chain or chain[0].error or not is_for(chain[0], name):
        return False
    return not any(_AMAZON.search(certificate.issuer) for certificate in chain)


def days_left(chain: tuple[Certificate, ...]) -> float | None:
    """Days until the server's own certificate expires; None where it cannot be read.

    What else it sends may have expired long ago: a client builds a chain of its own.
    """
    if not chain or not chain[0].not_after:
        return None
    return (datetime.fromisoformat(chain[0].not_after) - datetime.now(UTC)).total_seconds() / 86400


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = (str(address) for address in found.get_values_for_type(x509.IPAddress))
    return (*found.get_values_for_type(x509.DNSName), *addresses)
