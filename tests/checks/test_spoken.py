"""TLS or plain http, with a PROXY header or not: whether pip and the package server understand each other.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-group-routing-configuration
"""

from __future__ import annotations

import pytest

from checks.designs import HOME, NAME, REGION, Server, Workers, fault, standing
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Diagnosis, Status


class Balanced:
    """Nexus in the workers' own VPC behind a load balancer with one listener, asked by `url`."""

    def __init__(self, url: str, *, listener: str = "TCP", group: str = "TCP", check: str = "TCP") -> None:
        self.workers = Workers(f"{url}/simple/\n--trusted-host {NAME}")
        self.server = Server(self.workers.net, self.workers.vpc, cidr="10.1.9.0/24")
        self.balancer = self.server.balanced("10.1.11.0/24", "10.1.12.0/24", protocol=listener)
        self.server.targets.record |= {"Protocol": group, "HealthCheckProtocol": check}
        self.workers.zone().alias("nexus", self.balancer)

    def ask(self) -> Diagnosis:
        return self.workers.ask()

    @property
    def standing(self) -> Status:
        return standing(self.ask(), "NEXUS-BALANCER")


class TestListener:
    @pytest.mark.parametrize(
        ("scheme", "listener", "status"),
        [
            ("https", "TCP", Status.PASS),
            ("https", "TLS", Status.PASS),
            ("https", "TCP_UDP", Status.PASS),
            ("http", "TCP", Status.PASS),
            ("http", "TLS", Status.FAIL),
        ],
    )
    def test_a_tls_listener_takes_tls_only(self, scheme: str, listener: str, status: Status) -> None:
        """Nothing tells what the server behind a TCP listener speaks, so nothing is said of it."""
        assert Balanced(f"{scheme}://{NAME}:443", listener=listener).standing is status

    def test_the_finding_names_the_listener(self) -> None:
        balanced = Balanced(f"http://{NAME}:443", listener="TLS")
        found = fault(balanced.ask(), "NEXUS-BALANCER")
        assert found.code == Fault.TLS_EXPECTED
        assert found.resources[:2] == (balanced.balancer.arn, balanced.balancer.listeners[0]["ListenerArn"])

    def test_it_is_told_whatever_becomes_of_the_packets_behind(self) -> None:
        """Where they are stopped, and where what becomes of them is not known."""
        balanced = Balanced(f"http://{NAME}:443", listener="TLS")
        balanced.server.group.record["IpPermissions"] = []
        found = balanced.ask()
        assert (standing(found, "NEXUS-BALANCER"), standing(found, "NEXUS-NETWORK")) == (Status.FAIL, Status.FAIL)
        balanced = Balanced(f"http://{NAME}:443", listener="TLS")
        balanced.workers.net.refuse(HOME, REGION, "elbv2", "describe-target-group-attributes")
        assert fault(balanced.ask(), "NEXUS-BALANCER").code == Fault.TLS_EXPECTED

    def test_a_listener_for_another_port_does_not_matter(self) -> None:
        balanced = Balanced(f"http://{NAME}:80")
        balanced.balancer.listeners.clear()
        balanced.balancer.listener(80, balanced.server.targets)
        balanced.balancer.listener(443, balanced.server.targets, protocol="TLS")
        assert balanced.standing is Status.PASS

    def test_a_udp_listener_of_the_same_port_does_not_matter(self) -> None:
        balanced = Balanced(f"https://{NAME}")
        balanced.balancer.listener(443, balanced.server.targets, protocol="UDP")
        assert balanced.standing is Status.PASS


class TestTarget:
    """What a target speaks shows in health checks that succeed at its own port."""

    @pytest.mark.parametrize(
        ("scheme", "listener", "group", "check", "status"),
        [
            ("https", "TCP", "TCP", "HTTPS", Status.PASS),
            ("https", "TCP", "TCP", "HTTP", Status.WARN),
            ("http", "TCP", "TCP", "HTTP", Status.PASS),
            ("http", "TCP", "TCP", "HTTPS", Status.WARN),
            ("https", "TLS", "TCP", "HTTP", Status.PASS),
            ("https", "TLS", "TCP", "HTTPS", Status.WARN),
            ("https", "TLS", "TLS", "HTTPS", Status.PASS),
            ("https", "TLS", "TLS", "HTTP", Status.WARN),
        ],
    )
    def test_it_must_get_what_it_speaks(
        self, scheme: str, listener: str, group: str, check: str, status: Status
    ) -> None:
        balanced = Balanced(f"{scheme}://{NAME}:443", listener=listener, group=group, check=check)
        assert balanced.standing is status

    def test_the_finding_names_the_target_group(self) -> None:
        balanced = Balanced(f"https://{NAME}", check="HTTP")
        found = fault(balanced.ask(), "NEXUS-BALANCER")
        assert (found.code, found.resources[0]) == (Fault.TLS_MISMATCH, balanced.server.targets.arn)

    def test_checks_of_another_port_tell_nothing_of_this_one(self) -> None:
        balanced = Balanced(f"https://{NAME}", check="HTTP")
        standings = []
        for port in ("8090", "8081"):
            balanced.server.targets.record["HealthCheckPort"] = port
            standings.append(balanced.standing)
        assert standings == [Status.PASS, Status.WARN]


class TestProxyProtocol:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#proxy-protocol."""

    def test_a_server_that_is_not_known_to_read_the_header_is_a_warning(self) -> None:
        balanced = Balanced(f"https://{NAME}")
        assert balanced.standing is Status.PASS
        balanced.server.targets.attribute(proxy_protocol_v2__enabled="true")
        found = fault(balanced.ask(), "NEXUS-BALANCER")
        assert (found.status, found.code) == (Status.WARN, Fault.PROXY_PROTOCOL)
        assert found.resources == (balanced.server.targets.arn,)

    def test_http_checks_that_carry_it_and_succeed_show_that_it_is_read(self) -> None:
        balanced = Balanced(f"https://{NAME}", check="HTTPS")
        balanced.server.targets.attribute(proxy_protocol_v2__enabled="true")
        assert balanced.standing is Status.PASS
