"""Which addresses are public: those that the internet routes.

https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/ipv6-address-space
"""

from __future__ import annotations

from typing import Final

from mwaanet.net.address import AddressSet

RESERVED: Final = AddressSet.parse(
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
)
"""IPv4 addresses for private and special use; those of documentation count as public, as examples use them so."""

PUBLIC_V4: Final = AddressSet.ANY_V4 - RESERVED
PUBLIC: Final = PUBLIC_V4 | AddressSet.parse("2000::/3")
"""All public addresses: where an AWS service has some of them, and which is not known."""
