"""What public DNS answers, as far as AWS's own naming and the snapshot tell.

Not modelled: names of other DNS services; that a public hosted zone may not be delegated to.
"""

from __future__ import annotations

from dataclasses import replace

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.names import ec2_names, endpoint_dns, hosted_zone, load_balancer_dns, public_service, web_server
from mwaanet.names.answer import Outcome, Step, refused, unsettled
from mwaanet.names.domain import undelegated
from mwaanet.names.view import Reply, View


def ask(inventory: Inventory, name: str, view: View) -> Reply:
    """The public answer for a name; a CNAME's target is asked where the name was asked."""
    reply: Reply | None = (
        endpoint_dns.ask(inventory, name)
        or web_server.ask(inventory, name, view)
        or load_balancer_dns.ask(inventory, name, view)
        or ec2_names.ask_public(name)
        or _hosted(inventory, name, view)
        or public_service.ask(inventory, name)
    )
    if reply is not None:
        return reply
    if undelegated(name):
        text = f"public DNS has no {name.rpartition('.')[2]} domain"
        return refused(name, Outcome.NXDOMAIN, Step(component="", text=text))
    reason = f"what public DNS answers for {name} is not in the snapshot"
    return replace(unsettled(name, Step(component="", text=reason), Unknown(reason=reason)), public=True)


def _hosted(inventory: Inventory, name: str, view: View) -> Reply | None:
    """The answer of the public hosted zone in the snapshot that has the name; None where none has."""
    zones = hosted_zone.public_zones_around(inventory, name)
    if not zones:
        return None
    if len(zones) > 1:
        listed = ", ".join(zone.id for zone in zones)
        text = f"{listed} are all public zones of {zones[0].name}; which of them is delegated to is not known"
        return unsettled(name, Step(component=zones[0].id, text=text))
    return hosted_zone.ask(inventory, zones[0], name, view)
