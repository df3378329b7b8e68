"""Sets of IP addresses, read from and written as CIDR blocks, ranges and single addresses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from socket import AF_INET, inet_ntop, inet_pton
from typing import ClassVar, Final

import msgspec

from mwaanet.net.intervals import EMPTY, Intervals, Span

BITS: Final = {4: 32, 6: 128}
"""The width of an address of each family."""

ALL_V4: Final = Intervals.of((0, 2**32 - 1))
"""Every IPv4 address, as integers."""

ALL_V6: Final = Intervals.of((0, 2**128 - 1))
"""Every IPv6 address, as integers."""


class AddressSet(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An immutable set of IP addresses, IPv4 and IPv6 side by side.

    >>> str(AddressSet.parse("10.0.0.0/8", "2001:db8::/32") - AddressSet.parse("10.128.0.0/9"))
    '10.0.0.0/9, 2001:db8::/32'
    """

    ANY: ClassVar[AddressSet]
    """Every address of both families."""
    ANY_V4: ClassVar[AddressSet]
    """Every IPv4 address."""
    ANY_V6: ClassVar[AddressSet]
    """Every IPv6 address."""
    NONE: ClassVar[AddressSet]
    """No address."""

    v4: Intervals
    """The IPv4 addresses, as 32-bit integers."""
    v6: Intervals
    """The IPv6 addresses, as 128-bit integers."""

    @classmethod
    def parse(cls, *texts: str) -> AddressSet:
        """The union of CIDR blocks, inclusive ranges ("10.0.0.5-10.0.0.9") and single addresses.

        No text gives the empty set. ValueError for a text that is none of these, for a block with bits set
        beyond its prefix, and for a range that is empty or mixes families.
        """
        return _parse_all(texts)

    def of_family(self, family: int) -> Intervals:
        """The addresses of family 4 or 6, as integers."""
        return self.v4 if family == 4 else self.v6

    def __and__(self, other: AddressSet) -> AddressSet:
        """The addresses in both."""
        return self if self is other else AddressSet(self.v4 & other.v4, self.v6 & other.v6)

    def __or__(self, other: AddressSet) -> AddressSet:
        """The addresses in either."""
        return self if self is other else AddressSet(self.v4 | other.v4, self.v6 | other.v6)

    def __sub__(self, other: AddressSet) -> AddressSet:
        """The addresses of this set that the other lacks."""
        return AddressSet(self.v4 - other.v4, self.v6 - other.v6)

    def __bool__(self) -> bool:
        """Whether there is any address."""
        return bool(self.v4.spans or self.v6.spans)

    def __contains__(self, address: str) -> bool:
        """Whether the address is a member; ValueError if the text is not one address."""
        family, number = parse_address(address)
        return number in self.of_family(family)

    def __eq__(self, other: object) -> bool:
        """Whether both have the same members."""
        if not isinstance(other, AddressSet):
            return NotImplemented
        return self.v4.spans == other.v4.spans and self.v6.spans == other.v6.spans

    __ne__ = object.__ne__
    """The contrary of `==`; that of other structs asks whether both are the same object."""

    def __hash__(self) -> int:
        """Agrees with equality."""
        return hash((self.v4.spans, self.v6.spans))

    @property
    def size(self) -> int:
        """The number of addresses."""
        return self.v4.size + self.v6.size

    def issubset(self, other: AddressSet) -> bool:
        """Whether the other set has every address of this one."""
        return self.v4.issubset(other.v4) and self.v6.issubset(other.v6)

    def first(self) -> str:
        """The lowest address as text, IPv4 before IPv6; ValueError when empty."""
        if self.v4:
            return address_text(4, self.v4.min)
        if self.v6:
            return address_text(6, self.v6.min)
        raise ValueError("an empty address set has no first address")

    def texts(self) -> tuple[str, ...]:
        """The shortest CIDR, range and address texts that `parse` reads back to this set, in ascending order."""
        return tuple(text for family in BITS for span in self.of_family(family).spans for text in _texts(family, span))

    def __str__(self) -> str:
        """The texts joined by ", "; "any" for every address, "none" for the empty set."""
        if self == AddressSet.ANY:
            return "any"
        return ", ".join(self.texts()) or "none"


AddressSet.ANY = AddressSet(ALL_V4, ALL_V6)
AddressSet.ANY_V4 = AddressSet(ALL_V4, EMPTY)
AddressSet.ANY_V6 = AddressSet(EMPTY, ALL_V6)
AddressSet.NONE = AddressSet(EMPTY, EMPTY)


@lru_cache(maxsize=2**16)
def parse_address(text: str) -> tuple[int, int]:
    """The family (4 or 6) and number of one address; ValueError if the text is not one."""
    try:
        return 4, int.from_bytes(inet_pton(AF_INET, text))
    except (OSError, ValueError):
        pass  # no dotted quad: an IPv6 address, or none
    try:
        address = ip_address(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address") from None
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise ValueError(f"{text!r} has a zone, which no address set can hold")
    return address.version, int(address)


def address_text(family: int, number: int) -> str:
    """The address as text, IPv6 compressed."""
    return inet_ntop(AF_INET, number.to_bytes(4)) if family == 4 else str(IPv6Address(number))


@lru_cache(maxsize=2**14)
def _parse_all(texts: tuple[str, ...]) -> AddressSet:
    spans: dict[int, list[Span]] = {4: [], 6: []}
    for text in texts:
        family, span = _parse_span(text)
        spans[family].append(span)
    return AddressSet(Intervals.of(*spans[4]), Intervals.of(*spans[6]))


def _parse_span(text: str) -> tuple[int, Span]:
    """The family of one text and the first and last address it covers."""
    if "/" in text:
        return _parse_block(text)
    if "-" not in text:
        family, number = parse_address(text)
        return family, (number, number)
    first, _, last = text.partition("-")
    (family, low), (other, high) = parse_address(first), parse_address(last)
    if family != other:
        raise ValueError(f"{text!r} mixes IPv4 and IPv6")
    if low > high:
        raise ValueError(f"{text!r} ends before it starts")
    return family, (low, high)


def _parse_block(text: str) -> tuple[int, Span]:
    address, _, prefix = text.partition("/")
    family, low = parse_address(address)
    if not (prefix.isascii() and prefix.isdecimal() and int(prefix) <= BITS[family]):
        raise ValueError(f"{text!r} is not a CIDR block: expected a prefix length 0-{BITS[family]} after the slash")
    size = 1 << (BITS[family] - int(prefix))
    if low % size:
        block = f"{address_text(family, low - low % size)}/{prefix}"
        raise ValueError(f"{text!r} is not a CIDR block: it has bits set beyond its prefix; the block is {block}")
    return family, (low, low + size - 1)


def _texts(family: int, span: Span) -> list[str]:
    """One run as CIDR blocks or as a range, whichever is shorter to read."""
    low, high = span
    if low == high:
        return [address_text(family, low)]
    blocks = list(_blocks(low, high, BITS[family]))
    texts = [address_text(family, start) + ("" if bits == BITS[family] else f"/{bits}") for start, bits in blocks]
    bounds = f"{address_text(family, low)}-{address_text(family, high)}"
    return [bounds] if len(bounds) < len(", ".join(texts)) else texts


def _blocks(low: int, high: int, width: int) -> Iterator[tuple[int, int]]:
    """The CIDR blocks, as (first address, prefix length), that make up an inclusive range."""
    while low <= high:
        fitting = (high - low + 1).bit_length() - 1
        aligned = (low & -low).bit_length() - 1 if low else width
        bits = min(fitting, aligned)
        yield low, width - bits
        low += 1 << bits
