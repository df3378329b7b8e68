"""A whole topology, compiled."""

from __future__ import annotations

from dataplane.compiler.edge import add_internet, add_nat, add_peering, add_site, add_vpn_gateway
from dataplane.compiler.host import add_host
from dataplane.compiler.hub import add_hub, add_hub_peering
from dataplane.compiler.plan import Plan
from dataplane.compiler.vpc import add_vpc
from dataplane.spec import Topology


def compiled(spec: Topology, pick: int = 0) -> Plan:
    """The kernel's network; `pick` seeds what AWS picks."""
    plan = Plan()
    for vpc in spec.vpcs:
        add_vpc(plan, spec, vpc)
    for host in spec.hosts:
        add_host(plan, spec, host)
    for nat in spec.nats:
        if nat.available:
            add_nat(plan, nat)
    for peering in spec.peerings:
        add_peering(plan, peering)
    for gateway in spec.vpn_gateways:
        add_vpn_gateway(plan, spec, gateway)
    for site in spec.sites:
        add_site(plan, site)
    for hub in spec.hubs:
        add_hub(plan, spec, hub, pick)
    for between in spec.hub_peerings:
        add_hub_peering(plan, between)
    add_internet(plan, spec)
    return plan
