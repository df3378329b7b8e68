"""On-premises sites: the far side of a VPN or Direct Connect, as far as the site file declares it.

Firewall rules are tried in order, the first match decides, and replies to allowed connections pass. What the site
file leaves out is a doubt that names the line which would settle it. A link with no declared site behind it ends at
the edge of AWS: what lies beyond is not judged. Packets to the internet may pass on from there, those to a VPC do not.

Not modelled: what lies inside a site: a declared address answers once firewall and routes let packets to it. Which link
a site prefers where AWS announces a destination over several: each may be used. Whether a site sends what comes from
AWS on to the internet is not known, whether it sends it back into AWS is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Arrive, Drop, Flight, Hop, Kind, Lose, Mend, Outcome, Pass, Position, Role
from mwaanet.graph.internet_gateway import INTERNET_ACCESS
from mwaanet.graph.outcomes import absent
from mwaanet.model.site import OnPremises
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, PacketSet
from mwaanet.net.public_addresses import PUBLIC

if TYPE_CHECKING:
    from mwaanet.graph.network import Network

EDGE = "edge:"
"""Prefix of the component that stands for whatever lies behind a link without a declared site."""
FIREWALL, ROUTES = ".firewall", ".routes"
"""Behind a site's name: its parts."""


def enter(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From AWS into the site, through its firewall."""
    name = position.component
    site = network.site(name)
    if site is None:
        by = f"the edge of AWS: nothing is declared behind {name.removeprefix(EDGE)}"
        decided = _hop(name, flight, Action.DELIVER, by, Code.EDGE)
        return (Arrive(flight=flight, hop=decided, answer=Position(name, Role.SEND)),)
    return tuple(_firewall(site, flight, Position(name, Role.RECEIVE), "inbound"))


def sent_on(network: Network, name: str, dst: AddressSet) -> Unknown | None:
    """Why what lies behind a link without a declared site may pass packets on to the internet; None where not.

    Public addresses that a VPC has for its own do not lead there.
    """
    if not name.startswith(EDGE) or not dst & PUBLIC or network.vpcs_holding(dst):
        return None
    link = name.removeprefix(EDGE)
    sites = [site for site in network.inventory.sites if network.connects(site, link)]
    if sites and all(site.firewall is not None and site.firewall.internet == "none" for site in sites):
        return None
    reason = f"whether what lies behind {link} sends packets from AWS on to the internet is not known"
    return Unknown(reason=f"{reason} (mwaanet.yaml: on_premises: firewall: internet: none says that it does not)")


def receive(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """Behind the firewall: the host takes the packets."""
    name = position.component
    decided = _hop(name, flight, Action.DELIVER, f"inside {name}", Code.SITE)
    return (Arrive(flight=flight, hop=decided, answer=Position(name, Role.SEND)),)


def send(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """From the site towards AWS or the internet, through its firewall; its own hosts are reached inside it."""
    name = position.component
    site = network.site(name)
    if site is None:
        link = name.removeprefix(EDGE)
        decided = _hop(name, flight, Action.FORWARD, f"enters AWS by {link}", Code.EDGE)
        return (Pass(flight=flight, to=Position(link, Role.ENTER), hop=decided),)
    outcomes: list[Outcome] = []
    here = flight.narrowed(flight.packets.where(dst=_at_home(network, site, flight.packets.dst & site.cidrs)))
    if here.packets:
        inside = _hop(name, here, Action.DELIVER, f"inside {site.name}", Code.SITE)
        outcomes.append(Arrive(flight=here, hop=inside, answer=Position(name, Role.SEND)))
    flight = flight.narrowed(flight.packets - here.packets)
    outside = _to_internet(network, site, flight)
    towards_aws = flight.narrowed(flight.packets - outside.packets)
    if towards_aws.packets:
        outcomes.extend(_firewall(site, towards_aws, Position(name, Role.LEAVE), "outbound"))
    if outside.packets:
        access = Position(name + INTERNET_ACCESS, Role.LEAVE)
        governed = site.firewall is not None and site.firewall.internet == "firewall"
        outcomes.extend(_firewall(site, outside, access, "outbound") if governed else [Pass(flight=outside, to=access)])
    return tuple(outcomes)


def _to_internet(network: Network, site: OnPremises, flight: Flight) -> Flight:
    """What goes to public addresses that are not routed towards AWS: neither declared so nor announced by AWS."""
    return flight.narrowed(flight.packets.where(dst=_unrouted(network, site, flight.packets.dst & PUBLIC)))


def _at_home(network: Network, site: OnPremises, dst: AddressSet) -> AddressSet:
    """What of a site's range lies there: a range may be a summary that holds VPCs too."""
    for vpc in network.vpcs_meeting(dst):
        dst = dst - network.inventory.vpc_cidrs(vpc)
    return _unrouted(network, site, dst)


def _unrouted(network: Network, site: OnPremises, dst: AddressSet) -> AddressSet:
    """What of these addresses the site does not send towards AWS."""
    return dst - (network.announced_to(site, dst) if site.routes is None else site.routes)


def leave(network: Network, position: Position, flight: Flight) -> tuple[Outcome, ...]:
    """The site's routes towards AWS, then every link over which AWS announces the destination."""
    name = position.component
    site = network.site(name)
    if site is None:
        return (absent(name, Kind.SITE, flight, Unknown(reason=f"mwaanet.yaml does not declare on_premises {name}")),)
    outcomes: list[Outcome] = []
    routed = flight.packets if site.routes is None else flight.packets.where(dst=site.routes)
    unrouted = flight.packets - routed
    if routed:
        outcomes.extend(_over_links(network, name, flight.narrowed(routed)))
    if unrouted:
        by = f"{name} does not route {unrouted.dst} towards AWS"
        decided = _hop(name + ROUTES, flight.narrowed(unrouted), Action.DROP, by, Code.SITE_NO_ROUTE)
        mends = tuple(
            Mend(
                resources=(name + ROUTES, name),
                cost=1,
                action=f"route {unrouted.dst} towards AWS at {name}",
                to=Position(link, Role.ENTER),
                flight=flight.narrowed(unrouted),
            )
            for link, _ in network.links_announcing(name, unrouted.dst)
        )
        outcomes.append(Drop(flight=flight.narrowed(unrouted), hop=decided, mends=mends))
    return tuple(outcomes)


def _over_links(network: Network, name: str, flight: Flight) -> Iterator[Outcome]:
    links = network.links_announcing(name, flight.packets.dst)
    for link, dst in links:
        part = flight.narrowed(flight.packets.where(dst=dst))
        by = f"sends by {link}" + (" (or another link)" if len(links) > 1 else "")
        decided = _hop(name, part, Action.FORWARD, by, Code.SITE)
        yield Pass(flight=part, to=Position(link, Role.ENTER), hop=decided)
    if not links:
        yield _without_link(network, name, flight)


def _without_link(network: Network, name: str, flight: Flight) -> Drop | Lose:
    """No link is known: the site is cut off only where none can lie in what was not read."""
    site = network.site(name)
    unknown = network.unseen_link(site) if site else None
    by = f"no VPN or Direct Connect leads from {name} to AWS"
    if unknown:
        decided = _hop(name, flight, Action.UNKNOWN, f"which link leads from {name} to AWS", Code.SITE_NO_LINK)
        return Lose(flight=flight, hop=decided, unknown=unknown)
    return Drop(flight=flight, hop=_hop(name, flight, Action.DROP, by, Code.SITE_NO_LINK))


def _firewall(site: OnPremises, flight: Flight, to: Position, direction: str) -> Iterator[Outcome]:
    name = site.name + FIREWALL
    if name in flight.mended or (flight.reply and site.name in flight.tracked):
        yield Pass(flight=flight, to=to)
        return
    if site.firewall is None:
        reason = f"mwaanet.yaml does not declare on_premises {site.name}: firewall"
        decided = _hop(name, flight, Action.UNKNOWN, reason, Code.SITE_FIREWALL_UNKNOWN)
        yield Pass(flight=flight.doubting(Unknown(reason=reason, needs=())), to=to, hop=decided)
        return
    rest = flight.packets
    allowed = PacketSet.NONE
    texts: list[str] = []
    for rule in site.firewall.rules:
        if rule.direction != direction:
            continue
        matched = rest.where(src=rule.source, dst=rule.destination, protocol=rule.protocol, dport=rule.ports)
        if not matched:
            continue
        rest = rest - matched
        text = f"mwaanet.yaml line {rule.line}: {rule.action} {direction} {rule.source} to {rule.destination}"
        if rule.action == "allow":
            allowed = allowed | matched
            texts.append(text)
        else:
            yield _refused(name, flight.narrowed(matched), text, to, direction)
    if rest and site.firewall.default == "allow":
        allowed, rest = allowed | rest, PacketSet.NONE
        texts.append("default: allow")
    if rest:
        yield _refused(name, flight.narrowed(rest), f"no {direction} rule matches; default: deny", to, direction)
    if allowed:
        onward = flight.narrowed(allowed)
        yield Pass(flight=onward, to=to, hop=_hop(name, onward, Action.ALLOW, texts[0], Code.SITE_FIREWALL_ALLOWS))


def _refused(name: str, flight: Flight, by: str, to: Position, direction: str) -> Drop:
    decided = _hop(name, flight, Action.DENY, by, Code.SITE_FIREWALL)
    opened = replace(flight, mended=flight.mended | {name})
    mend = Mend(
        resources=(name, name.removesuffix(FIREWALL)),
        cost=1,
        action=f"open {name} {direction} for {flight.packets.describe()}",
        to=to,
        flight=opened,
    )
    return Drop(flight=flight, hop=decided, mends=(mend,))


def _hop(name: str, flight: Flight, action: Action, by: str, code: Code) -> Hop:
    return Hop(component=name, kind=Kind.SITE, action=action, by=by, code=code, packets=flight.packets)
