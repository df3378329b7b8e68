"""What security group rules and network ACL entries have in common: a peer's addresses, a protocol, ports."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.graph.flight import Evidence
from mwaanet.net import AddressSet, Intervals, PacketSet


class Match(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which packets a rule speaks of; `None` is any. `peer` is the far end: destination outbound, source inbound."""

    peer: AddressSet
    protocol: int | None = None
    ports: Intervals | None = None
    icmp_type: Intervals | None = None
    icmp_code: Intervals | None = None

    def of(self, packets: PacketSet, *, outbound: bool) -> PacketSet:
        """The packets among the given ones that the rule speaks of."""
        return packets.where(
            src=None if outbound else self.peer,
            dst=self.peer if outbound else None,
            protocol=self.protocol,
            dport=self.ports,
            icmp_type=self.icmp_type,
            icmp_code=self.icmp_code,
        )


class Rule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule ready to be applied: what it matches, how AWS prints it, and where it was read."""

    match: Match
    text: str
    evidence: Evidence
    allow: bool = True
    owner: str = ""
    """The security group or network ACL that holds it."""


class Reading(NamedTuple):
    """Names the place in the snapshot where a value was read that is not possible, such as a port below 0."""

    evidence: Evidence

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, ValueError):
            raise SnapshotError(self.evidence.file, self.evidence.pointer, str(error)) from error


def port_range(low: int, high: int) -> Intervals:
    """The ports of a rule; ValueError where AWS could not have said so."""
    if not 0 <= low <= high <= 65535:
        raise ValueError(f"expected ports between 0 and 65535, the lower first, not {low} to {high}")
    return Intervals.of((low, high))
