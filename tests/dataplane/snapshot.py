"""A topology as calls of `tests/builder`: what is printed where something fails is the very text that is run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import builder
from builder import Topology as Built
from dataplane.spec import Acl, Attachment, Entry, Group, HubTable, Nat, Rule, Site, Table, Topology

GONE = "pcx-00000000000000000"
"""The target of a blackhole: something that was deleted."""


def built(spec: Topology) -> tuple[Built, dict[str, str]]:
    """The snapshot's builder, and the id of every interface by the name of its host."""
    names: dict[str, object] = vars(builder).copy()
    exec(calls(spec), names)
    return cast(Built, names["net"]), {host.name: names[host.name].interface.id for host in spec.hosts}  # type: ignore[attr-defined]


def calls(spec: Topology) -> str:
    """The Python text that builds the topology, from `net = topology()` on."""
    return "\n".join(("net = topology()", *_lines(spec))) + "\n"


def _lines(spec: Topology) -> Iterator[str]:
    yield from _vpcs(spec)
    for prefixes in spec.lists:
        yield f"{prefixes.name} = net.prefix_list({prefixes.name!r}, {_arguments(prefixes.cidrs)})"
    for peering in spec.peerings:
        state = "active" if peering.active else "pending-acceptance"
        yield f"{peering.name} = {peering.requester}.peer({peering.accepter}, state={state!r})"
    yield from _transit(spec)
    yield from map(_nat, spec.nats)
    for table in spec.tables:
        yield from _table(spec, table)
    for acl in spec.acls:
        yield from _acl(acl)
    yield from _groups(spec)
    yield from _hosts(spec)
    if spec.sites:
        yield f"net.site(f{_site_file(spec)!r})"


def _vpcs(spec: Topology) -> Iterator[str]:
    for one in spec.vpcs:
        yield f"{one.name} = net.vpc({one.name!r}, {_arguments(one.cidrs)}{_ipv6(one.ipv6)})"
        if one.egress_only:
            yield f"{one.name}_egress_only = {one.name}.egress_only_internet_gateway()"
        if one.internet:
            yield f"{one.name}_igw = {one.name}.internet_gateway('{one.name}')"
    for subnet in spec.subnets:
        options = f"{subnet.zone!r}{_ipv6(subnet.ipv6)}"
        yield f"{subnet.name} = {subnet.vpc}.subnet({subnet.name!r}, {subnet.cidr!r}, {options})"


def _hosts(spec: Topology) -> Iterator[str]:
    for host in spec.hosts:
        public = f", public={host.public!r}" if host.public else ""
        where = f"{host.subnet}.instance({host.name!r}, {host.address!r}"
        yield f"{host.name} = {where}, groups=[{', '.join(host.groups)}]{public})"
        if host.ipv6:
            yield f"{host.name}.interface.record['Ipv6Addresses'] += [{{'Ipv6Address': {host.ipv6!r}}}]"


def _ipv6(text: str) -> str:
    return f", ipv6={text!r}" if text else ""


def _arguments(values: tuple[str, ...]) -> str:
    return ", ".join(map(repr, values))


def _nat(nat: Nat) -> str:
    options = f", public={nat.public!r}" if nat.public else ""
    state = "" if nat.available else ", state='failed'"
    return f"{nat.name} = {nat.subnet}.nat_gateway({nat.name!r}, {nat.address!r}{options}{state})"


def _transit(spec: Topology) -> Iterator[str]:
    for gateway in spec.vpn_gateways:
        yield f"{gateway.name} = {gateway.vpc}.vpn_gateway({gateway.name!r})"
    for hub in spec.hubs:
        yield f"{hub.name} = net.transit_gateway({hub.name!r}, group_references={hub.group_references})"
    for attachment in spec.attachments:
        yield from _attachment(attachment)
    for site in spec.sites:
        yield from _connection(spec, site)
    for peering in spec.hub_peerings:
        yield f"{peering.name}, {peering.name}_far = {peering.hub}.peer({peering.other})"
        if not peering.available:
            yield f"{peering.name}.state('pendingAcceptance')"
    for table in spec.hub_tables:
        yield from _hub_table(spec, table)


def _attachment(one: Attachment) -> Iterator[str]:
    options = f"appliance={one.appliance}, group_references={one.group_references}"
    yield f"{one.name} = {one.hub}.attach_vpc({one.vpc}, [{', '.join(one.subnets)}], {options})"
    if not one.available:
        yield f"{one.name}.state('pendingAcceptance')"


def _connection(spec: Topology, site: Site) -> Iterator[str]:
    customer = f"net.customer_gateway({site.name!r}, '192.0.2.1')"
    kind = "static" if site.static else "bgp"
    tunnels = "('UP', 'DOWN')" if site.up else "('DOWN', 'DOWN')"
    options = f"{kind}={list(site.announces)}, tunnels={tunnels}"
    yield f"{site.name}_vpn = net.vpn({site.name!r}, {customer}, {site.gateway}, {options})"
    if any(hub.name == site.gateway for hub in spec.hubs):
        yield f"{site.name} = {site.name}_vpn.attachment"


def _hub_table(spec: Topology, table: HubTable) -> Iterator[str]:
    """Of a peering each transit gateway has its own side."""
    far = {one.name: f"{one.name}_far" for one in spec.hub_peerings if one.other == table.hub}
    yield f"{table.name} = {table.hub}.table({table.name!r})"
    if table.associated:
        yield f"{table.name}.associate({', '.join(far.get(one, one) for one in table.associated)})"
    if table.propagating:
        yield f"{table.name}.propagate({', '.join(table.propagating)})"
    for route in table.routes:
        if route.attachment:
            yield f"{table.name}.route({route.destination!r}, {far.get(route.attachment, route.attachment)})"
        else:
            yield f"{table.name}.blackhole({route.destination!r})"


def _table(spec: Topology, table: Table) -> Iterator[str]:
    lists = {one.name for one in spec.lists}
    if table.main:
        yield f"{table.name} = {table.vpc}.main_table"
    else:
        yield f"{table.name} = {table.vpc}.route_table({', '.join((repr(table.name), *table.subnets))})"
    for route in table.routes:
        destination = route.destination if route.destination in lists else repr(route.destination)
        gateways = {"internet": f"{table.vpc}_igw", "egress_only": f"{table.vpc}_egress_only"}
        target = gateways.get(route.target, route.target)
        if route.target:
            yield f"{table.name}.route({destination}, {target})"
        else:
            yield f"{table.name}.blackhole({destination}, {GONE!r})"
    for gateway in table.learns:
        learned = [one.announces for one in spec.sites if one.gateway == gateway and (one.up or one.static)]
        yield f"{table.name}.propagate({', '.join((gateway, *(repr(cidr) for cidrs in learned for cidr in cidrs)))})"


def _acl(acl: Acl) -> Iterator[str]:
    yield f"{acl.name} = {acl.vpc}.network_acl({acl.name!r}, subnets=[{', '.join(acl.subnets)}])"
    for entry in acl.entries:
        yield f"{acl.name}.add({_entry(entry)})"


def _entry(entry: Entry) -> str:
    direction = "outbound" if entry.egress else "inbound"
    action = "allow" if entry.allow else "deny"
    return f"{direction}({entry.number}, {action!r}, {entry.protocol!r}, {entry.ports}, {entry.cidr!r})"


def _groups(spec: Topology) -> Iterator[str]:
    """All of them before their rules, which may name any."""
    for group in spec.groups:
        yield f"{group.name} = {group.vpc}.security_group({group.name!r}, egress=[])"
    for group in spec.groups:
        yield from _rules(group)


def _rules(group: Group) -> Iterator[str]:
    for egress, method in ((False, "allow_in"), (True, "allow_out")):
        rules = [_rule(one) for one in group.rules if one.egress is egress]
        if rules:
            yield f"{group.name}.{method}({', '.join(rules)})"


def _rule(one: Rule) -> str:
    peer = repr(one.peer) if "/" in one.peer else one.peer
    return f"rule({one.protocol!r}, {one.ports}, {peer})"


def _site_file(spec: Topology) -> str:
    """The site file, in which a connection's id stands in braces until the text is run."""
    return "\n".join(("version: 1", "on_premises:", *(line for site in spec.sites for line in _site(site)), ""))


def _site(site: Site) -> Iterator[str]:
    yield f"  - name: {site.name}"
    yield f"    cidrs: [{site.cidr}]"
    yield f"    connects_through: [{{{site.name}_vpn.id}}]"
    if site.routes is not None:
        yield f"    routes: [{', '.join(site.routes)}]"
    yield "    firewall:"
    yield f"      default: {'allow' if site.firewall_allows else 'deny'}"
    if site.firewall:
        yield "      rules:"
    for one in site.firewall:
        fields = [
            f"action: {'allow' if one.allow else 'deny'}",
            f"direction: {'outbound' if one.outbound else 'inbound'}",
            f"from: {one.source}",
            f"to: {one.destination}",
            "protocol: tcp",
            *([f'ports: ["{one.ports[0]}-{one.ports[1]}"]'] if one.ports else []),
        ]
        yield f"        - {{{{{', '.join(fields)}}}}}"
