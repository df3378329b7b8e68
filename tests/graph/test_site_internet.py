"""A site's own way to the internet: taken by what is addressed publicly and not routed towards AWS."""

from __future__ import annotations

import pytest

from asking import Answer, ask, site_file
from builder import Topology, rule, topology
from mwaanet.graph.codes import Code

HOST = "172.20.5.40"
PUBLIC = "198.51.100.9"


def asked(firewall: str, *, routes: list[str] | None = None, target: str = PUBLIC) -> Answer:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    gateway = vpc.vpn_gateway()
    net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
    vpc.main_table.propagate(gateway, "172.20.0.0/16")
    return ask(net, HOST, target, tcp=443, site=site_file(firewall, routes=routes))


class TestInternet:
    def test_direct_internet_access_is_not_governed_by_the_firewall(self) -> None:
        answer = asked("default: deny, internet: direct")
        assert answer.verdict == "yes"
        assert answer.hops == ["dc.internet", "internet"]
        assert answer.back == ["dc"]

    @pytest.mark.parametrize(
        ("rule_text", "verdict"),
        [
            ("{action: allow, direction: outbound, protocol: tcp, ports: [443]}", "yes"),
            ("{action: allow, direction: outbound, protocol: tcp, ports: [80]}", "no"),
            ("{action: allow, direction: inbound}", "no"),
        ],
    )
    def test_by_the_firewall_its_rules_decide(self, rule_text: str, verdict: str) -> None:
        answer = asked(f"default: deny, internet: firewall, rules: [{rule_text}]")
        assert answer.verdict == verdict
        assert answer.culprits == (() if verdict == "yes" else ("dc.firewall", "dc"))

    def test_without_internet_access_nothing_public_is_reached(self) -> None:
        answer = asked("default: allow, internet: none")
        assert answer.verdict == "no"
        assert answer.codes == {Code.SITE_NO_INTERNET}

    @pytest.mark.parametrize("firewall", ["default: allow", ""])
    def test_undeclared_it_is_unknown_and_the_line_is_named(self, firewall: str) -> None:
        answer = asked(firewall)
        assert answer.verdict == "unknown"
        assert "on_premises dc: firewall: internet" in answer.doubts

    def test_private_addresses_go_towards_aws(self) -> None:
        assert asked("default: allow, internet: direct", target="10.9.0.1").verdict == "no"

    def test_public_addresses_that_the_site_routes_towards_aws_do_not_take_it(self) -> None:
        answer = asked("default: allow, internet: direct", routes=["0.0.0.0/0"])
        assert answer.verdict == "no"
        assert "internet" not in {name for way in answer.ways for name in way}


class TestServerOfAws:
    """A public server in a VPC, asked over the internet."""

    def answer(self, source: str) -> Answer:
        net: Topology = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.main_table.route("0.0.0.0/0", vpc.internet_gateway())
        group = vpc.security_group("web").allow_in(rule("tcp", 443, source))
        vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.20", groups=[group]).elastic_ip("203.0.113.80")
        return ask(net, HOST, "203.0.113.80", tcp=443, site=site_file("default: allow, internet: direct"))

    def test_is_unknown_as_the_sites_public_addresses_are_not_declared(self) -> None:
        answer = self.answer("203.0.113.5/32")
        assert answer.verdict == "unknown"
        assert "which public addresses dc.internet sends from" in answer.doubts

    def test_is_not_reached_where_no_public_address_may(self) -> None:
        assert self.answer("10.0.0.0/8").verdict == "no"
