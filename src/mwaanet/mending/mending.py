"""The changes for what stops packets along a blocked path: one table from a hop's code to the changes that mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest

from mwaanet.fixes.change import Change
from mwaanet.fixes.instruction import Instruction
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop, Mend
from mwaanet.graph.network import Network
from mwaanet.mending.filters import acl_entries, group_rules
from mwaanet.mending.routes import (
    associations,
    attachment_subnets,
    attachments,
    client_vpn_routes,
    client_vpn_rules,
    transit_routes,
    vpc_routes,
)
from mwaanet.mending.services import acceptance, listeners, permission
from mwaanet.mending.stop import Stop
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.trace import Trace

_MAKERS: Mapping[Code, Callable[[Stop], tuple[Change, ...]]] = {
    Code.SECURITY_GROUP_EGRESS: group_rules,
    Code.SECURITY_GROUP_INGRESS: group_rules,
    Code.NETWORK_ACL_DENIES: acl_entries,
    Code.NO_ROUTE: vpc_routes,
    Code.ROUTE_ASTRAY: vpc_routes,
    Code.ROUTE_BLACKHOLE: vpc_routes,
    Code.TGW_NO_ROUTE: transit_routes,
    Code.TGW_ASTRAY: transit_routes,
    Code.TGW_BLACKHOLE: transit_routes,
    Code.TGW_NO_ASSOCIATION: associations,
    Code.TGW_ZONE: attachment_subnets,
    Code.BAD_STATE: attachments,
    Code.CLIENT_VPN_NOT_AUTHORIZED: client_vpn_rules,
    Code.CLIENT_VPN_NO_ROUTE: client_vpn_routes,
    Code.ENDPOINT_STATE: acceptance,
    Code.SERVICE_NOT_ACCEPTED: acceptance,
    Code.SERVICE_NOT_ALLOWED: permission,
    Code.NO_LISTENER: listeners,
}


def changes_of(network: Network, trace: Trace, paths: Iterable[BlockedPath]) -> tuple[Change, ...]:
    """The changes along all blocked paths of a trace, each once."""
    found: dict[Change, None] = {}
    for path in paths:
        for drop, mend in zip_longest(path.drops, path.undone[: len(path.drops)]):
            found.update(dict.fromkeys(changes_for(network, trace, drop, mend)))
    return tuple(found)


def changes_for(network: Network, trace: Trace, drop: Hop, mend: Mend | None) -> tuple[Change, ...]:
    """The changes for one drop; where none is known, what to tell the owner of whatever stops the packets."""
    make = _MAKERS.get(drop.code)
    made = make(Stop(network=network, trace=trace, drop=drop, mend=mend)) if make else ()
    if made:
        return made
    return (Instruction(whom=drop.component, what=mend.action if mend else ""),)
