"""Packets that one component stops together: what its mend opens has one blocked path, what it leaves another."""

from __future__ import annotations

from asking import ask
from builder import Topology, rule, topology
from builder.interface import Interface
from builder.peering import Peering
from builder.vpc import Vpc


def peered() -> tuple[Topology, Vpc, Peering, Interface]:
    """A VPC, the peering to another one, which leads back, and a server there that takes everything."""
    net = topology()
    vpc, far = net.vpc("apps", "10.1.0.0/16"), net.vpc("far", "10.2.0.0/16")
    peering = vpc.peer(far)
    far.default_group.allow_in(rule("all"))
    return net, vpc, peering, far.subnet("c", "10.2.1.0/24").route("10.1.0.0/16", peering).interface()


def test_what_the_mends_of_one_sender_leave_stopped_has_a_path_too() -> None:
    """Both subnets send through one closed group, and the second has no route besides."""
    net, vpc, peering, server = peered()
    closed = vpc.security_group("closed", egress=[])
    a = vpc.subnet("a", "10.1.1.0/24").route("10.2.0.0/16", peering)
    b = vpc.subnet("b", "10.1.2.0/24")
    lacking = vpc.route_table("lacking", b)
    for subnet in (a, b):
        subnet.interface(groups=[closed])
    answer = ask(net, "10.1.0.0/20", server, tcp=443)
    assert {path.resources for path in answer.blocked} == {(closed.id,), (closed.id, lacking.id)}


def test_what_the_mends_of_one_sender_open_for_another_has_no_path_of_its_own() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    closed = vpc.security_group("closed", egress=[])
    for address in ("10.1.1.10", "10.1.1.11"):
        a.interface(address, groups=[closed])
    server = b.interface(groups=[vpc.security_group("open", ingress=[rule("all")])])
    (path,) = ask(net, "10.1.1.10-10.1.1.11", server, tcp=443).blocked
    assert path.resources == (closed.id,)


def test_what_no_change_opens_is_told_beside_what_the_same_mends_open() -> None:
    """Nobody has the second address."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    closed = vpc.security_group("closed", egress=[])
    b.interface("10.1.2.20", groups=[vpc.security_group("open", ingress=[rule("all")])])
    answer = ask(net, a.interface(groups=[closed]), "10.1.2.20-10.1.2.21", tcp=443)
    assert [(path.complete, path.packets.dst.first()) for path in answer.blocked] == [
        (True, "10.1.2.20"),
        (False, "10.1.2.21"),
    ]


def test_what_is_stopped_elsewhere_comes_before_what_the_mends_leave_stopped() -> None:
    """Five subnets lack the route behind the closed group; the open sender's own fault is still told."""
    net, vpc, _, server = peered()
    closed = vpc.security_group("closed", egress=[])
    for number in range(5):
        subnet = vpc.subnet(f"closed{number}", f"10.1.{number}.0/24")
        vpc.route_table(f"lacking{number}", subnet)
        subnet.interface(groups=[closed])
    last = vpc.subnet("open", "10.1.9.0/24")
    table = vpc.route_table("open", last)
    last.interface(groups=[vpc.security_group("open")])
    answer = ask(net, "10.1.0.0/20", server, tcp=443)
    assert table.id in answer.culprits
