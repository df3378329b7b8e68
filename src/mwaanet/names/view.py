"""Who is asked for a name, and a reply that sends the question on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Query, Resolution, Step
from mwaanet.net import AddressSet


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcResolver:
    """The Route 53 Resolver of a VPC, asked from inside or through an inbound endpoint."""

    vpc_id: str
    inbound: str = ""
    """Id of the inbound endpoint by which the question comes; empty for the VPC's own clients."""
    zone: str = ""
    """The zone (AZ ID) from which it is asked; empty where that is not known."""
    trusted: bool = False
    """Whether a DNS Firewall rule trusts what the name that was asked for leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResolver:
    """The resolvers of a site of the site file."""

    site_name: str


@dataclass(frozen=True, slots=True)
class PublicDns:
    """The name servers of the public internet."""


View = VpcResolver | SiteResolver | PublicDns
Servers = tuple[tuple[str, View | Unknown], ...]
"""Addresses of DNS servers (empty for a VPC's own, always reached), and who answers there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A reply that leaves the answer to other names or other servers."""

    targets: tuple[tuple[View, str], ...]
    families: tuple[AddressSet, ...] = ()
    """Of each target, in the same order, the addresses that count: an alias record has one family. Empty: all."""
    steps: tuple[Step, ...]
    queries: tuple[Query, ...] = ()
    direct: Resolution | None = None
    """What the reply answers itself beside its targets (records of several kinds under one name)."""
    servers: Servers = ()
    """The servers of which any one may be asked, in place of targets, which are answered together."""
    unknown: tuple[Unknown, ...] = ()
    decided_by: str = ""
    """Id of the resource that sent the question on."""
    assumptions: tuple[str, ...] = ()
    """What it takes for granted."""
    only: tuple[AddressSet, Step] | None = None
    """The one family of addresses that may be answered, and the decision that says so."""

    def after(self, *steps: Step) -> Follow:
        """The same reply with decisions that came before it."""
        return replace(self, steps=(*steps, *self.steps))

    def assuming(self, *texts: str) -> Follow:
        """The same reply, which takes something for granted."""
        return replace(self, assumptions=tuple(dict.fromkeys((*self.assumptions, *texts))))

    def unless(self, unknown: tuple[Unknown, ...]) -> Follow:
        """The same reply with doubts that make its answer unknown."""
        return replace(self, unknown=tuple(dict.fromkeys((*unknown, *self.unknown))))

    def of_family(self, family: AddressSet, by: Step) -> Follow:
        """The same reply, of whose answer a decision leaves one family of addresses only."""
        return replace(self, only=(family, by))


Reply = Resolution | Follow


def sent_on(
    step: Step,
    *targets: tuple[View, str],
    families: tuple[AddressSet, ...] = (),
    direct: Resolution | None = None,
) -> Follow:
    """The step's component leads to other names."""
    return Follow(targets=targets, families=families, steps=(step,), direct=direct, decided_by=step.component)


def asking(step: Step, servers: Servers, queries: tuple[Query, ...] = (), unknown: tuple[Unknown, ...] = ()) -> Follow:
    """The step's component has one of several servers asked for the same name."""
    return Follow(
        targets=(), steps=(step,), queries=queries, servers=servers, unknown=unknown, decided_by=step.component
    )
