"""Sets of IP addresses, as far as `IpAddress` needs them: one lies wholly inside another, wholly outside, or neither.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_Span = tuple[int, int]


class AddressRanges(NamedTuple):
    """IPv4 and IPv6 addresses as sorted, disjoint spans."""

    v4: tuple[_Span, ...]
    v6: tuple[_Span, ...]

    @staticmethod
    def parse(texts: Iterable[str]) -> AddressRanges | None:
        """The union of addresses, CIDRs and `first-last` ranges; None where one of them is no such thing."""
        return _parse(tuple(texts))

    @staticmethod
    def union(parts: Iterable[AddressRanges]) -> AddressRanges:
        """All addresses of all parts."""
        every = tuple(parts)
        v4, v6 = ([span for part in every for span in part[family]] for family in (0, 1))
        return AddressRanges(_merged(v4), _merged(v6))

    def within(self, other: AddressRanges) -> bool | None:
        """True where every address is in `other`, False where none is, None where some are."""
        inside = _covered(self.v4, other.v4) + _covered(self.v6, other.v6)
        if inside == 0:
            return False
        return True if inside == self.size else None

    @property
    def size(self) -> int:
        """How many addresses there are."""
        return sum(last - first + 1 for spans in self for first, last in spans)

    @property
    def single(self) -> str | None:
        """The one address as text, where there is but one."""
        if self.size != 1:
            return None
        if self.v4:
            return str(ipaddress.IPv4Address(self.v4[0][0]))
        return str(ipaddress.IPv6Address(self.v6[0][0]))


def _covered(spans: tuple[_Span, ...], by: tuple[_Span, ...]) -> int:
    """How many addresses of `spans` are in `by`; both are sorted and disjoint."""
    count = index = 0
    for first, last in spans:
        while index < len(by) and by[index][1] < first:
            index += 1
        here = index
        while here < len(by) and by[here][0] <= last:
            count += min(last, by[here][1]) - max(first, by[here][0]) + 1
            here += 1
    return count


@lru_cache(maxsize=2048)
def _parse(texts: tuple[str, ...]) -> AddressRanges | None:
    spans: dict[int, list[_Span]] = {4: [], 6: []}
    try:
        for text in texts:
            version, span = _span(text.strip())
            spans[version].append(span)
    except ValueError:
        return None
    return AddressRanges(_merged(spans[4]), _merged(spans[6]))


def _span(text: str) -> tuple[int, _Span]:
    if "-" in text:
        first, last = (ipaddress.ip_address(end.strip()) for end in text.split("-", 1))
        if first.version != last.version or int(first) > int(last):
            raise ValueError(text)
        return first.version, (int(first), int(last))
    network = ipaddress.ip_network(text, strict=False)
    return network.version, (int(network.network_address), int(network.broadcast_address))


def _merged(spans: list[_Span]) -> tuple[_Span, ...]:
    merged: list[_Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)
