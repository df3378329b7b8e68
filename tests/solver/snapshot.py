"""Load balancers and endpoints as calls of `tests/builder`, after those of the topology."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import builder
from builder import Topology as Built
from dataplane import snapshot
from dataplane.spec import Topology
from solver import spec as nouns
from solver.spec import Balancer, Endpoint


def built(spec: Topology) -> tuple[Built, dict[str, str]]:
    """The snapshot's builder, and the id of every interface by the name of its host."""
    names: dict[str, object] = vars(builder).copy()
    exec(calls(spec), names)
    return cast(Built, names["net"]), {host.name: names[host.name].interface.id for host in spec.hosts}  # type: ignore[attr-defined]


def calls(spec: Topology) -> str:
    more = _lines(spec) if isinstance(spec, nouns.Topology) else ()
    return snapshot.calls(spec) + "".join(f"{line}\n" for line in more)


def _lines(spec: nouns.Topology) -> Iterator[str]:
    for balancer in spec.balancers:
        yield from _balancer(spec, balancer)
    for endpoint in spec.endpoints:
        yield _endpoint(endpoint)
    for one in spec.gateway_endpoints:
        state = "available" if one.available else "deleting"
        yield f"{one.name} = {one.vpc}.gateway_endpoint('s3', {', '.join(one.tables)}, state={state!r})"


def _balancer(spec: nouns.Topology, one: Balancer) -> Iterator[str]:
    addresses = {host.name: host.address for host in spec.hosts}
    kept = str(one.preserves).lower()
    yield f"{one.name}_targets = {one.vpc}.target_group({one.name!r}, {one.target_port})"
    yield f"{one.name}_targets.attribute(preserve_client_ip__enabled={kept!r})"
    for target in one.targets:
        health = "healthy" if target.healthy else "unhealthy"
        yield f"{one.name}_targets.target({addresses[target.host]!r}, health={health!r})"
    options = [
        f"groups=[{', '.join(one.groups)}]",
        f"addresses={list(one.addresses)}",
        f"enforce_private_link={('on' if one.enforced else 'off')!r}",
        f"cross_zone={one.cross_zone}",
    ]
    where = f"{one.name!r}, [{', '.join(one.subnets)}]"
    yield f"{one.name} = {one.vpc}.network_load_balancer({where}, {', '.join(options)})"
    yield f"{one.name}.listener({one.port}, {one.name}_targets)"
    yield f"{one.name}_service = net.endpoint_service({one.name!r}, [{one.name}], allowed=['*'])"


def _endpoint(one: Endpoint) -> str:
    service = f"{one.balancer}_service" if one.balancer else "'sqs'"
    state = "available" if one.available else "pendingAcceptance"
    options = f"groups=[{', '.join(one.groups)}], addresses={list(one.addresses)}, state={state!r}"
    return f"{one.name} = {one.vpc}.endpoint({service}, [{', '.join(one.subnets)}], name={one.name!r}, {options})"
