"""Exact sets of packets, by address, protocol, port and ICMP type: the algebra that everything else computes with.

A set is a tuple of pairwise disjoint boxes (see `boxes`). The same set can be cut into boxes in several ways;
equality, hash, samples and descriptions do not depend on how.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import prod
from operator import is_, or_
from typing import ClassVar, NamedTuple

import msgspec

from mwaanet.net.address import ALL_V4, ALL_V6, AddressSet, address_text, parse_address
from mwaanet.net.boxes import (
    FULL,
    PROTOCOLS,
    Box,
    Kind,
    disjoint,
    meet,
    merged,
    minus_all,
    narrowed,
    replies,
)
from mwaanet.net.describe import SHOWN, describe
from mwaanet.net.intervals import EMPTY, Intervals
from mwaanet.net.protocol import ANY_PORT


class Packet(NamedTuple):
    """One concrete packet. A field that its protocol does not have is ignored in tests and 0 in samples."""

    src: str
    """Source address."""
    dst: str
    """Destination address; in no set if it is of another family than `src`."""
    protocol: int
    """Protocol number, 0-255."""
    sport: int = 0
    """Source port, of TCP and UDP."""
    dport: int = 0
    """Destination port, of TCP and UDP."""
    icmp_type: int = 0
    """Type, of ICMP and ICMPv6."""
    icmp_code: int = 0
    """Code, of ICMP and ICMPv6."""


class PacketSet(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An immutable set of packets. Build one with `of`, or narrow another with `where`.

    The constructor trusts its argument: boxes must be pairwise disjoint and have no empty axis.

    >>> web = PacketSet.of(dst=AddressSet.parse("10.0.0.0/24"), protocol=6, dport=Intervals.single(443))
    >>> web.describe()
    'tcp any -> 10.0.0.0/24:443'
    """

    ANY: ClassVar[PacketSet]
    """Every packet of both families."""
    NONE: ClassVar[PacketSet]
    """No packet."""

    boxes: tuple[Box, ...]
    """The set cut into disjoint boxes, in no particular way or order."""

    @classmethod
    def of(
        cls,
        *,
        src: AddressSet | None = None,
        dst: AddressSet | None = None,
        protocol: int | None = None,
        sport: Intervals | None = None,
        dport: Intervals | None = None,
        icmp_type: Intervals | None = None,
        icmp_code: Intervals | None = None,
    ) -> PacketSet:
        """The packets that have all of the given properties: `where` applied to every packet."""
        return cls.ANY.where(
            src=src,
            dst=dst,
            protocol=protocol,
            sport=sport,
            dport=dport,
            icmp_type=icmp_type,
            icmp_code=icmp_code,
        )

    def where(
        self,
        *,
        src: AddressSet | None = None,
        dst: AddressSet | None = None,
        protocol: int | None = None,
        sport: Intervals | None = None,
        dport: Intervals | None = None,
        icmp_type: Intervals | None = None,
        icmp_code: Intervals | None = None,
    ) -> PacketSet:
        """The packets of this set that have all of the given properties; None leaves a property free.

        A port filter, even one of every port, drops each packet whose protocol has no ports; an ICMP filter
        drops each packet that is neither ICMP nor ICMPv6. ValueError if `protocol` is not 0-255.
        """
        if protocol is not None and not 0 <= protocol <= 255:
            raise ValueError(f"{protocol} is not a protocol number: expected 0-255")
        protocols = None if protocol is None else Intervals.single(protocol)
        by_port, by_icmp = not (sport is dport is None), not (icmp_type is icmp_code is None)
        axes_by_kind = (
            None if by_icmp else (sport, dport),
            None if by_port else (icmp_type, icmp_code),
            None if by_port or by_icmp else (None, None),
        )
        kept = []
        for box in self.boxes:
            ends = axes_by_kind[box.kind]
            if ends is None:
                continue
            sources = None if src is None else src.of_family(box.family)
            targets = None if dst is None else dst.of_family(box.family)
            cut = narrowed(box, protocols, sources, targets, *ends)
            if cut is not None:
                kept.append(cut)
        return self._or_self(kept)

    def __and__(self, other: PacketSet) -> PacketSet:
        """The packets in both."""
        if self is other:
            return self
        return self._or_self([both for mine in self.boxes for box in other.boxes if (both := meet(mine, box))])

    def __or__(self, other: PacketSet) -> PacketSet:
        """The packets in either."""
        if self is other or not other.boxes:
            return self
        if not self.boxes:
            return other
        mine = [box for box in self.boxes if not any(meet(box, wide) is box for wide in other.boxes)]
        theirs = minus_all(other.boxes, mine)
        if not mine:
            return other
        return PacketSet(merged(theirs, mine)) if theirs else self

    def __sub__(self, other: PacketSet) -> PacketSet:
        """The packets of this set that the other lacks."""
        if self is other:
            return NONE
        if not other.boxes:
            return self
        left = minus_all(self.boxes, other.boxes)
        if len(self.boxes) == len(other.boxes) == 1:
            # What one box leaves of another differs in two axes from piece to piece: there is nothing to merge.
            return self if left == [self.boxes[0]] else PacketSet(tuple(left))
        return self._or_self(left)

    def __bool__(self) -> bool:
        """Whether there is any packet."""
        return bool(self.boxes)

    def __contains__(self, packet: Packet) -> bool:
        """Whether the packet is a member; ValueError if an end of it is not an IP address."""
        (family, src), (other, dst) = parse_address(packet.src), parse_address(packet.dst)
        ends = ((packet.sport, packet.dport), (packet.icmp_type, packet.icmp_code), (0, 0))
        return family == other and any(
            box.family == family
            and packet.protocol in box.protocols
            and src in box.src
            and dst in box.dst
            and ends[box.kind][0] in box.a
            and ends[box.kind][1] in box.b
            for box in self.boxes
        )

    def __eq__(self, other: object) -> bool:
        """Whether both have the same packets, however they are cut into boxes."""
        if not isinstance(other, PacketSet):
            return NotImplemented
        return self.boxes == other.boxes or (self.size == other.size and self.issubset(other))

    __ne__ = object.__ne__
    """The contrary of `==`; that of other structs asks whether both are the same object."""

    def __hash__(self) -> int:
        """Agrees with equality: the least and the greatest packet do not depend on the cut."""
        if not self.boxes:
            return 0
        greatest = max((box[0], box[1], *[axis.spans[-1][1] for axis in box[2:]]) for box in self.boxes)
        return hash((self._least(), greatest))

    def __repr__(self) -> str:
        """The description, for a debugger; it does not hold every detail of a long set."""
        return f"<PacketSet {self.describe()}>"

    @property
    def size(self) -> int:
        """The number of packets, counting one for each pair of addresses where a protocol has no ports or types."""
        return sum(prod(axis.size for axis in box[2:]) for box in self.boxes)

    @property
    def src(self) -> AddressSet:
        """The source addresses that occur."""
        return _by_family((box.family, box.src) for box in self.boxes)

    @property
    def dst(self) -> AddressSet:
        """The destination addresses that occur."""
        return _by_family((box.family, box.dst) for box in self.boxes)

    @property
    def protocols(self) -> Intervals:
        """The protocol numbers that occur."""
        return _union(box.protocols for box in self.boxes)

    @property
    def sport(self) -> Intervals:
        """The source ports that occur in TCP and UDP packets."""
        return _union(box.a for box in self.boxes if box.kind is Kind.PORTS)

    @property
    def dport(self) -> Intervals:
        """The destination ports that occur in TCP and UDP packets."""
        return _union(box.b for box in self.boxes if box.kind is Kind.PORTS)

    def issubset(self, other: PacketSet) -> bool:
        """Whether the other set has every packet of this one."""
        return self is other or not minus_all(self.boxes, other.boxes)

    def isdisjoint(self, other: PacketSet) -> bool:
        """Whether the two sets have no packet in common."""
        return not any(meet(mine, box) for mine in self.boxes for box in other.boxes)

    def replace(
        self,
        *,
        src: AddressSet | None = None,
        dst: AddressSet | None = None,
        sport: Intervals | None = None,
        dport: Intervals | None = None,
    ) -> PacketSet:
        """The packets that a rewriting may turn these into: each given field takes every given value; None keeps it.

        A packet disappears if the new addresses have none of its family, or if it has ports and the new ones are
        the empty set. Packets without ports keep what they have. ValueError for ports outside 0-65535.
        """
        for ports in (sport, dport):
            if ports is not None and not ports.issubset(ANY_PORT):
                raise ValueError(f"ports {ports} are not within 0-65535")
        images = []
        for box in self.boxes:
            has_ports = box.kind is Kind.PORTS
            image = Box(
                box.family,
                box.kind,
                box.protocols,
                box.src if src is None else src.of_family(box.family),
                box.dst if dst is None else dst.of_family(box.family),
                sport if sport is not None and has_ports else box.a,
                dport if dport is not None and has_ports else box.b,
            )
            if all(image[3:]):
                images.append(image)
        return PacketSet(disjoint(images))

    def reversed(self) -> PacketSet:
        """The replies: ends swapped, and each ICMP type that has a counterpart (echo request and reply) turned into it.

        Reversing twice gives the same set.
        """
        return PacketSet(merged(turned for box in self.boxes for turned in replies(box)))

    def sample(self) -> Packet:
        """The least packet: by family, then TCP, UDP, ICMP and the rest, then addresses; ValueError when empty."""
        if not self.boxes:
            raise ValueError("an empty packet set has no sample")
        family, kind, protocol, src, dst, a, b = self._least()
        packet = Packet(address_text(family, src), address_text(family, dst), protocol)
        if kind == Kind.PORTS:
            return packet._replace(sport=a, dport=b)
        return packet._replace(icmp_type=a, icmp_code=b)

    def describe(self, most: int = SHOWN) -> str:
        """A short text, `tcp 10.1.10.0/24 -> 10.50.1.20:8081 (source ports 32768-60999)`.

        Parts are joined by "; ", at most `most` shown and the rest counted; so are addresses and ports within
        a part. Equal sets have equal texts. The empty set is "none", the full one "any".
        """
        return describe(self.boxes, most)

    def _least(self) -> tuple[int, ...]:
        """The fields of the least packet of a set that is not empty, in the order of those of a box."""
        return min((box[0], box[1], *[axis.spans[0][0] for axis in box[2:]]) for box in self.boxes)

    def _or_self(self, boxes: list[Box]) -> PacketSet:
        """The set of these disjoint boxes; this very object if they are its own."""
        if not boxes:
            return NONE
        if len(boxes) == len(self.boxes) and all(map(is_, boxes, self.boxes)):
            return self
        if len(boxes) == 1:
            return PacketSet(tuple(boxes))
        own = set(map(id, self.boxes))
        return PacketSet(merged((box for box in boxes if id(box) not in own), [box for box in boxes if id(box) in own]))


NONE = PacketSet(())

PacketSet.NONE = NONE
PacketSet.ANY = PacketSet(
    tuple(
        Box(family, kind, PROTOCOLS[kind], addresses, addresses, FULL[kind], FULL[kind])
        for family, addresses in ((4, ALL_V4), (6, ALL_V6))
        for kind in Kind
    )
)


def _union(axes: Iterable[Intervals]) -> Intervals:
    return reduce(or_, axes, EMPTY)


def _by_family(axes: Iterable[tuple[int, Intervals]]) -> AddressSet:
    found = {4: EMPTY, 6: EMPTY}
    for family, addresses in axes:
        found[family] |= addresses
    return AddressSet(found[4], found[6])
