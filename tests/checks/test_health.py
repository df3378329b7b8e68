"""Targets on a site: whom the site must let in, and what explains that health checks fail.

A load balancer checks and reaches its targets from its own addresses
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html#considerations-endpoint-services).
"""

from __future__ import annotations

import pytest

from asking import site_file
from builder import rule
from checks.designs import SERVER, SITE, PrivateLink, fault, standing
from checks.nexus import faults
from mwaanet.checks.result import Diagnosis, Finding, Status
from mwaanet.graph.codes import Code

CLIENTS, BALANCER = "10.1.0.0/16", "10.9.0.0/16"


class OnSite:
    """Nexus on the site `dc` behind a VPN of the service's VPC; its load balancer checks it at `port`."""

    def __init__(self, *, health: str = "healthy", port: str = "traffic-port") -> None:
        self.link = PrivateLink()
        self.targets = self.link.server.targets
        self.targets.health.clear()
        self.targets.target(SERVER, health=health)
        self.targets.record["HealthCheckPort"] = port
        provider, vpc = self.link.provider, self.link.server.vpc
        gateway = vpc.vpn_gateway()
        self.vpn = provider.vpn("dc", provider.customer_gateway("dc", "203.0.113.7"), gateway, static=[SITE])
        vpc.main_table.propagate(gateway, SITE)
        self.table = vpc.main_table

    def ask(self, *rules: str, routes: list[str] | None = None) -> Diagnosis:
        """With a firewall that lets in what these rules say, or everything."""
        texts = ", ".join(f"{{action: allow, direction: inbound, {text}}}" for text in rules)
        firewall = f"default: deny, rules: [{texts}]" if rules else "default: allow"
        return self.link.workers.ask(site_file(firewall, links=[self.vpn.id], routes=routes))

    def unhealthy(self, *rules: str, routes: list[str] | None = None) -> Finding:
        return fault(self.ask(*rules, routes=routes), "NEXUS-BALANCER")


class TestWhoIsSeen:
    @pytest.mark.parametrize(("source", "status"), [(BALANCER, Status.PASS), (CLIENTS, Status.FAIL)])
    def test_the_sites_firewall_sees_the_load_balancer_not_the_workers(self, source: str, status: Status) -> None:
        found = OnSite().ask(f"from: {source}, protocol: tcp, ports: [8081]")
        assert standing(found, "NEXUS-NETWORK") is status

    @pytest.mark.parametrize(("routes", "status"), [([BALANCER], Status.PASS), ([CLIENTS], Status.FAIL)])
    def test_the_site_answers_the_load_balancer(self, routes: list[str], status: Status) -> None:
        assert standing(OnSite().ask(routes=routes), "NEXUS-RETURN") is status

    def test_with_everything_open_nothing_is_told(self) -> None:
        assert faults(OnSite().ask()) == {}


class TestUnhealthy:
    """A target that is unhealthy because its health check is stopped: who stops it is the culprit."""

    def test_the_sites_firewall(self) -> None:
        found = OnSite(health="unhealthy").unhealthy(f"from: {CLIENTS}")
        assert (found.code, found.resources[0]) == (Code.TARGET_UNHEALTHY, "dc.firewall")

    def test_a_route_that_is_missing(self) -> None:
        site = OnSite(health="unhealthy")
        del site.table.record["Routes"][1:]
        found = site.unhealthy()
        assert (found.code, found.resources[0]) == (Code.TARGET_UNHEALTHY, site.table.id)

    def test_the_load_balancers_own_outbound_rules(self) -> None:
        site = OnSite(health="unhealthy")
        group = site.link.server.vpc.security_group(
            "nlb", ingress=[rule("tcp", 443, CLIENTS)], egress=[rule("tcp", 9999, SITE)]
        )
        site.link.balancer.record["SecurityGroups"] = [group.id]
        for interface in site.link.balancer.interfaces:
            interface.record["Groups"] = [group.reference]
        assert site.unhealthy().resources[0] == group.id

    def test_a_firewall_that_is_closed_for_the_port_of_the_checks_only(self) -> None:
        """Packets would pass; the check, which asks another port, does not."""
        site = OnSite(health="unhealthy", port="8090")
        found = site.unhealthy(f"from: {BALANCER}, protocol: tcp, ports: [8081]")
        assert found.resources[0] == "dc.firewall"

    def test_the_server_itself_where_the_way_is_open(self) -> None:
        site = OnSite(health="unhealthy")
        found = site.unhealthy()
        assert found.resources[:2] == (site.targets.arn, SERVER)
