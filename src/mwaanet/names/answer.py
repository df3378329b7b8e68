"""What a name resolves to, who decided it in which order, and the DNS packets that it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet


class Outcome(StrEnum):
    """What a client learns of a name."""

    ADDRESSES = "addresses"
    NXDOMAIN = "nxdomain"
    """The name does not exist, says who was asked."""
    NO_DATA = "no-data"
    """The name exists, or so it seems, but gives no address."""
    REFUSED = "refused"
    """Nobody answers at all: there is no DNS server to ask."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcPlace:
    """A client inside a VPC, perhaps in one subnet of it."""

    vpc_id: str
    subnet_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlace:
    """A client on a site of the site file, which asks the site's resolvers."""

    site_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVpnPlace:
    """A client of a Client VPN endpoint, which asks the servers that the endpoint names."""

    endpoint_id: str


Place = VpcPlace | SitePlace | ClientVpnPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision on the way to the answer."""

    component: str
    """Who decided: a zone, a rule, an endpoint, a VPC, a site's `dns`; empty for public DNS."""
    text: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """DNS packets, UDP and TCP, that somebody sends to one of several servers, without which there is no answer."""

    sources: AddressSet
    components: tuple[str, ...] = ()
    """Who sends: resolver endpoint ids or a site's name; empty when it is the asker itself."""
    servers: AddressSet
    port: int = 53
    spare: bool = False
    """Whether a server that is always reached may be asked in their place."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer for one name, as one place sees it."""

    name: str
    outcome: Outcome
    addresses: AddressSet = AddressSet.NONE
    """What may be answered: all members of it together, or where `undetermined` some of them."""
    public: bool = False
    """Whether the answer is public DNS's, of public addresses."""
    undetermined: bool = False
    """Whether only some of the addresses exist, and which is not known."""
    chain: tuple[str, ...] = ()
    """The names that CNAMEs and aliases led to, in order."""
    steps: tuple[Step, ...] = ()
    queries: tuple[Query, ...] = ()
    endpoint: str = ""
    """The VPC endpoint whose own addresses the answer is."""
    unknown: tuple[Unknown, ...] = ()
    assumptions: tuple[str, ...] = ()
    """What the answer takes for granted."""
    decided_by: str = ""
    """Id of the resource that decided: the culprit where the answer is wrong."""

    def after(self, *steps: Step) -> Resolution:
        """The same answer with decisions that came before it."""
        return replace(self, steps=(*steps, *self.steps))

    def assuming(self, *texts: str) -> Resolution:
        """The same answer, which takes something for granted."""
        return replace(self, assumptions=tuple(dict.fromkeys((*self.assumptions, *texts))))

    def made_public(self) -> Resolution:
        """The same answer, known to be of public addresses."""
        return replace(self, public=True)

    def of_family(self, family: AddressSet, by: Step | None = None) -> Resolution:
        """The same answer for who asks, or by a decision is answered, for addresses of one family only."""
        if self.outcome is not Outcome.ADDRESSES or self.addresses.issubset(family):
            return self
        found = self.addresses & family
        if found:
            return replace(self, addresses=found)
        text = f"{self.name} gives no address that is asked for: {self.addresses}"
        step = by or Step(component=self.decided_by, text=text)
        steps, by_whom = (*self.steps, step), step.component
        return replace(self, outcome=Outcome.NO_DATA, addresses=found, public=False, steps=steps, decided_by=by_whom)

    def unless(self, unknown: tuple[Unknown, ...]) -> Resolution:
        """The same answer, unknown where something that could change it is not known."""
        if not unknown:
            return self
        return replace(
            self,
            outcome=Outcome.UNKNOWN,
            addresses=AddressSet.NONE,
            public=False,
            undetermined=False,
            unknown=tuple(dict.fromkeys((*unknown, *self.unknown))),
        )


def answered(name: str, addresses: AddressSet, step: Step, endpoint: str = "") -> Resolution:
    """The name has these addresses, by the decision of the step's component."""
    return Resolution(
        name=name,
        outcome=Outcome.ADDRESSES,
        addresses=addresses,
        steps=(step,),
        endpoint=endpoint,
        decided_by=step.component,
    )


def refused(name: str, outcome: Outcome, step: Step) -> Resolution:
    """The name gives no address, by the decision of the step's component."""
    return Resolution(name=name, outcome=outcome, steps=(step,), decided_by=step.component)


def unsettled(name: str, step: Step, *unknown: Unknown) -> Resolution:
    """What the name gives is not known, because of the step's component."""
    reasons = unknown or (Unknown(reason=step.text, needs=()),)
    return Resolution(name=name, outcome=Outcome.UNKNOWN, steps=(step,), unknown=reasons, decided_by=step.component)
