"""Random questions about networks of services: to load balancers, endpoints, S3, the internet, and over IPv6."""

from __future__ import annotations

from random import Random

from dataplane.spec import OUTSIDE, Host
from solver.generate import LISTENER
from solver.question import ANYBODY, Addresses, Asked
from solver.questions import QUESTIONS, between, client_ports, ports, single, whole
from solver.spec import S3, Balancer, Endpoint, Topology

INTERNET = "2001:4860::/32"
Target = tuple[str, Addresses]


def service_questions(seed: int, spec: Topology, count: int = QUESTIONS) -> tuple[Asked, ...]:
    random = Random(f"service questions {seed}")
    return tuple(_ipv6(random, spec) if random.random() < 0.25 else _ipv4(random, spec) for _ in range(count))


def _ipv4(random: Random, spec: Topology) -> Asked:
    senders = _some(random, spec, [one for one in spec.hosts if random.random() < 0.3 or one.subnet.startswith("home")])
    sources = between(senders[0].address, senders[-1].address)
    services: list[Balancer | Endpoint] = [*spec.balancers * 3, *spec.endpoints]
    nodes = [node for one in services for node in spec.nodes(one)]
    kind = random.random()
    if kind < 0.6:
        one, other = random.choices(nodes, k=2)
        same = spec.vpc_of(one.subnet) == spec.vpc_of(other.subnet) and random.random() < 0.4
        target = (ANYBODY, between(one.address, other.address) if same else single(one.address))
    elif kind < 0.8:
        target = (ANYBODY, whole(random.choice((*S3[:2], "3.5.16.0/21"))))
    elif kind < 0.9 and spec.vpcs[0].internet:
        target = (OUTSIDE, whole("8.8.8.0/24"))
    else:
        target = (ANYBODY, whole(random.choice(spec.subnets).cidr))
    return _asked(random, senders, sources, target)


def _ipv6(random: Random, spec: Topology) -> Asked:
    dual = [one for one in spec.hosts if one.ipv6]
    if len(dual) < 2:
        return _ipv4(random, spec)
    if spec.vpcs[0].ipv6 and random.random() < 0.15:
        aim = random.choice([one for one in dual if one.subnet.startswith("home")] or dual)
        span = random.choice(((1, 65535), (LISTENER, LISTENER)))
        return Asked((OUTSIDE,), whole(INTERNET), ANYBODY, single(aim.ipv6), "tcp", (1024, 65535), span)
    senders = _some(random, spec, dual)
    sources = between(senders[0].ipv6, senders[-1].ipv6)
    others = [one for one in dual if one not in senders]
    kind = random.random()
    if kind < 0.3:
        return _asked(random, senders, sources, (OUTSIDE, whole(INTERNET)))
    if kind < 0.6 and others:
        aim = random.choice(others)
        return _asked(random, senders, sources, (aim.name, single(aim.ipv6)))
    return _asked(random, senders, sources, (ANYBODY, whole(random.choice(spec.subnets).ipv6)))


def _some(random: Random, spec: Topology, among: list[Host]) -> list[Host]:
    """Some hosts of one VPC, in the order of their addresses."""
    vpc = spec.vpc_of(random.choice(among or list(spec.hosts)).subnet)
    own = [one for one in among or spec.hosts if spec.vpc_of(one.subnet) == vpc]
    chosen = random.sample(own, min(len(own), random.choice((1, 1, 2, 3))))
    return [one for one in spec.hosts if one in chosen]


def _asked(random: Random, senders: list[Host], sources: Addresses, target: Target) -> Asked:
    names = tuple(one.name for one in senders)
    span = (LISTENER, LISTENER) if random.random() < 0.75 else ports(random)
    return Asked(names, sources, *target, "tcp", client_ports(random), span)
