"""What the resolvers of a site answer, as far as the site file declares it: records, forwards, and public names.

Not modelled: answers that depend on who asks (views), time to live.
"""

from __future__ import annotations

from dataclasses import replace

from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Forward, OnPremises, SiteDns
from mwaanet.model.unknown import Unknown
from mwaanet.names import public_dns
from mwaanet.names.answer import Outcome, Query, Resolution, Step, answered, refused, unsettled
from mwaanet.names.domain import depth, normal, within
from mwaanet.names.inbound import views_behind
from mwaanet.names.view import Reply, SiteResolver, asking, sent_on
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import PUBLIC


def ask(inventory: Inventory, view: SiteResolver, name: str) -> Reply:
    """The site's own record, else the most specific forward, else public DNS as the site lets it through."""
    site = next((site for site in inventory.sites if site.name == view.site_name), None)
    component = f"{view.site_name}.dns"
    if site is None or site.dns is None:
        what = f"on_premises {view.site_name}" if site is None else f"on_premises {site.name}: dns"
        return _undeclared(name, component, f"mwaanet.yaml does not declare {what}")
    record = next((found for owner, found in site.dns.records.items() if normal(owner) == name), None)
    if record is not None and record.cname:
        step = Step(component=component, text=f"{component} has {name}: a CNAME of {record.cname}")
        return sent_on(step, (view, normal(record.cname)))
    if record is not None:
        addresses = AddressSet.parse(*record.addresses)
        step = Step(component=component, text=f"{component} has {name}: {addresses}")
        return answered(name, addresses, step) if addresses else refused(name, Outcome.NO_DATA, step)
    matching = [forward for forward in site.dns.forwards if within(name, normal(forward.zone))]
    if matching:
        most = max(matching, key=lambda forward: depth(normal(forward.zone)))
        return _forward(inventory, site, site.dns, most, name)
    return _public(inventory, view, site.dns.public, component, name)


def servers(inventory: Inventory, site_name: str) -> AddressSet | None:
    """The addresses of the site's resolvers; None where they are not declared."""
    site = next((site for site in inventory.sites if site.name == site_name), None)
    return AddressSet.parse(*site.dns.servers) if site and site.dns and site.dns.servers else None


def _undeclared(name: str, component: str, reason: str) -> Resolution:
    return unsettled(name, Step(component=component, text=reason), Unknown(reason=reason))


def _forward(inventory: Inventory, site: OnPremises, dns: SiteDns, forward: Forward, name: str) -> Reply:
    component = f"{site.name}.dns"
    listed = ", ".join(forward.to)
    step = Step(component=component, text=f"{component} forwards {forward.zone} to {listed}")
    if not forward.to:
        return refused(name, Outcome.NO_DATA, step)
    query = Query(
        sources=AddressSet.parse(*dns.servers) or site.cidrs,
        components=(site.name,),
        servers=AddressSet.parse(*forward.to),
        text=f"DNS from {component} to {listed}",
    )
    return asking(step, views_behind(inventory, forward.to), (query,))


def _public(inventory: Inventory, view: SiteResolver, public: str | None, component: str, name: str) -> Reply:
    """The site's way to public DNS: all, none, or filtered against answers that rebind a name to the inside."""
    if public is None:
        reason = f"mwaanet.yaml does not say what {component} answers for public names (on_premises dns: public)"
        return _undeclared(name, component, reason)
    if public == "none":
        text = f"{component} has no record and no forward for {name} and answers no public names"
        return refused(name, Outcome.NXDOMAIN, Step(component=component, text=text))
    reply = public_dns.ask(inventory, name, view)
    if public == "filtered" and isinstance(reply, Resolution) and reply.outcome is Outcome.ADDRESSES:
        kept = reply.addresses & PUBLIC
        if not kept:
            text = f"{component} drops {reply.addresses}: private addresses in a public answer (rebinding protection)"
            dropped = refused(name, Outcome.NO_DATA, Step(component=component, text=text))
            return dropped.after(*reply.steps)
        reply = replace(reply, addresses=kept)
    if not reply.decided_by:
        reply = replace(reply, decided_by=component)
    return reply.after(Step(component=component, text=f"{component} asks public DNS for {name}"))
