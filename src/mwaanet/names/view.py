"""Who is asked for a name, and a reply that sends the question on."""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Query, Resolution, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcResolver:
    """The Route 53 Resolver of a VPC, asked from inside or through an inbound endpoint."""

    vpc_id: str
    inbound: str = ""
    """Id of the inbound endpoint by which the question comes; empty for the VPC's own clients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResolver:
    """The resolvers of a site of the site file."""

    site_name: str


@dataclass(frozen=True, slots=True)
class PublicDns:
    """The name servers of the public internet."""


View = VpcResolver | SiteResolver | PublicDns


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A reply that leaves the answer to other names or other servers."""

    targets: tuple[tuple[View, str], ...]
    step: Step
    queries: tuple[Query, ...] = ()
    direct: Resolution | None = None
    """What the reply answers itself beside its targets (records of several kinds under one name)."""
    alternatives: bool = False
    """Whether the targets are servers of which any one may be asked, not records that are answered together."""
    unknown: tuple[Unknown, ...] = ()


Reply = Resolution | Follow
