"""What passes but has lost its spare: one link, tunnel, virtual interface or target of several.

https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html,
https://docs.aws.amazon.com/directconnect/latest/UserGuide/high_resiliency.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.graph.direct_connect import usable
from mwaanet.graph.flight import Evidence, Hop, Kind
from mwaanet.graph.vpn import tunnels_up
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.paths.trace import Trace


def link_lost(context: Context, trace: Trace) -> Cause | None:
    """Why a link that the packets use has no spare any more: a tunnel or a virtual interface of it is down."""
    for hop in _hops(trace):
        if hop.kind is Kind.SITE:
            cause = _whole_link(context, hop)
        elif hop.kind is Kind.VPN_CONNECTION:
            cause = _tunnel(context, hop)
        elif hop.kind is Kind.DIRECT_CONNECT_GATEWAY:
            cause = _virtual_interface(context, hop)
        else:
            continue
        if cause:
            return cause
    return None


def _hops(trace: Trace) -> Iterator[Hop]:
    for leg in (*trace.forward, *trace.back):
        yield from leg.hops


def _whole_link(context: Context, hop: Hop) -> Cause | None:
    """Why a site has lost one of the links that the site file declares for it, though another carries the packets."""
    network = context.network
    site = network.site(hop.component.partition(".")[0])
    if site is None or not site.connects_through:
        return None
    links = [link for link in network.links() if network.connects(site, link)]
    down = tuple(link for link in links if not network.is_up(link))
    if not down or len(down) == len(links):
        return None
    return Cause(
        message=f"{site.name} connects through {', '.join(links)}, of which {', '.join(down)} is down, so the next "
        "failure cuts the path",
        resources=(*down, site.name),
        code=Fault.LINK_DOWN,
        step="site",
        actions=(f"bring up {', '.join(down)}",),
    )


def _tunnel(context: Context, hop: Hop) -> Cause | None:
    connection = context.inventory.vpn_connections.get(hop.component)
    if connection is None:
        return None
    up, total = tunnels_up(connection)
    if not up or up == total:
        return None
    down = [tunnel for tunnel in connection.vgw_telemetry if not same_state(tunnel.status, "UP")]
    outside = ", ".join(tunnel.outside_ip_address for tunnel in down)
    attachments = [a.transit_gateway_attachment_id for a in context.inventory.attachments_of_resource(hop.component)]
    return Cause(
        message=f"{hop.component} has {up} of {total} tunnels up: {outside} is down, so the next failure cuts the path",
        resources=(hop.component, *attachments),
        code=Fault.VPN_ONE_TUNNEL,
        step="vpn",
        evidence=(Evidence(connection.origin),),
        actions=(f"bring up the tunnel {outside} of {hop.component} on the customer gateway device",),
    )


def _virtual_interface(context: Context, hop: Hop) -> Cause | None:
    interfaces = context.network.virtual_interfaces_of(hop.component)
    if isinstance(interfaces, Unknown):
        return None
    down = [interface for interface in interfaces if not usable(interface)]
    if not down or len(down) == len(interfaces):
        return None
    names = tuple(interface.virtual_interface_id for interface in down)
    return Cause(
        message=f"{hop.component} has {len(interfaces) - len(down)} of {len(interfaces)} virtual interfaces up: "
        f"{', '.join(names)} is down, so the next failure cuts the path",
        resources=(*names, hop.component),
        code=Fault.DX_REDUNDANCY,
        step="direct-connect",
        actions=(f"bring up BGP on {', '.join(names)}",),
    )


def target_lost(context: Context, trace: Trace) -> Cause | None:
    """Why a load balancer that the packets pass has no spare target any more: some of its targets are unhealthy."""
    for hop in _hops(trace):
        listeners = context.inventory.listeners(hop.component) if hop.kind is Kind.LOAD_BALANCER else ()
        if isinstance(listeners, Unknown):
            continue
        ports = trace.question.ports
        for listener in listeners:
            for group in listener.target_group_arns if ports is None or listener.port in ports else ():
                health = context.inventory.target_health(group)
                if isinstance(health, Unknown):
                    continue
                sick = [item.target.id for item in health if same_state(item.target_health.state, "unhealthy")]
                if sick and len(sick) < len(health):
                    return Cause(
                        message=f"{len(sick)} of {len(health)} targets of {group} are unhealthy: {', '.join(sick)}",
                        resources=(group, *sick),
                        code=Fault.TARGETS_LOST,
                        step="target",
                        actions=(f"bring {', '.join(sick)} back, or deregister it",),
                    )
    return None
