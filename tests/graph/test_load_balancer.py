"""Network Load Balancers and their target groups.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
"""

from __future__ import annotations

from typing import Any

import pytest

from asking import ask
from builder import inbound, outbound, rule, topology
from graph.balanced import ACCOUNT, REGION, Balanced, on_premises
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet

MINIMUM = "target_group_health__unhealthy_state_routing__minimum_healthy_targets__"


class TestListeners:
    def test_what_a_listener_takes_goes_to_a_target(self) -> None:
        balanced = Balanced()
        answer = balanced.ask()
        assert answer.verdict == "yes"
        assert balanced.nlb.arn in answer.hops
        assert answer.hops[-1] == balanced.servers[0].interface.id

    def test_what_none_takes_is_dropped(self) -> None:
        balanced = Balanced()
        answer = balanced.ask(tcp=80)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_LISTENER})
        assert balanced.nlb.arn in answer.culprits

    @pytest.mark.parametrize(
        ("listener", "tcp", "udp"),
        [("TCP", "yes", "no"), ("TLS", "yes", "no"), ("UDP", "no", "yes"), ("TCP_UDP", "yes", "yes")],
    )
    def test_a_listener_takes_its_protocol_only(self, listener: str, tcp: str, udp: str) -> None:
        balanced = Balanced(listener=listener)
        balanced.server_group.allow_in(rule("udp", 8081, "10.1.0.0/16"))
        assert balanced.ask(tcp=443).verdict == tcp
        assert balanced.ask(udp=443).verdict == udp

    def test_a_listener_of_an_unknown_protocol_makes_its_packets_unknown(self) -> None:
        balanced = Balanced(listener="QUIC")
        answer = balanced.ask(udp=443)
        assert answer.verdict == "unknown"
        assert "QUIC" in answer.doubts
        assert balanced.ask(udp=444).verdict == "no"

    def test_a_target_group_without_weight_gets_nothing(self) -> None:
        """https://aws.amazon.com/blogs/networking-and-content-delivery/network-load-balancers-now-support-weighted-target-groups:
        weights are from 0 to 999, and a target group gets its share of their sum.
        """
        balanced = Balanced()
        idle = balanced.vpc.target_group("old", 8081).target("10.1.20.9", health="unhealthy")
        action = balanced.nlb.listeners[0]["DefaultActions"][0]
        del action["TargetGroupArn"]
        used = action["ForwardConfig"]["TargetGroups"][0]
        action["ForwardConfig"]["TargetGroups"] = [used | {"Weight": 1}, {"TargetGroupArn": idle.arn, "Weight": 0}]
        assert balanced.ask().verdict == "yes"
        action["ForwardConfig"]["TargetGroups"] = [used | {"Weight": 0}]
        assert balanced.ask().verdict == "unknown"

    def test_an_application_load_balancer_is_unknown(self) -> None:
        balanced = Balanced()
        balanced.nlb.record["Type"] = "application"
        assert balanced.ask().verdict == "unknown"

    def test_listeners_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        balanced = Balanced()
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-listeners")
        answer = balanced.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-listeners"})

    @pytest.mark.parametrize(("state", "verdict"), [("active", "yes"), ("provisioning", "no"), ("failed", "no")])
    def test_the_load_balancer_must_be_active(self, state: str, verdict: str) -> None:
        balanced = Balanced(state=state)
        answer = balanced.ask()
        assert answer.verdict == verdict
        assert answer.culprits == (() if verdict == "yes" else (balanced.nlb.arn,))

    def test_each_target_keeps_its_own_port(self) -> None:
        balanced = Balanced(zones=["az1"], health=["healthy"])
        balanced.targets.health.clear()
        balanced.targets.target("10.1.20.20", 9000)
        assert balanced.ask().culprits == (balanced.server_group.id,)
        balanced.server_group.allow_in(rule("tcp", 9000, "10.1.0.0/16"))
        assert balanced.ask().verdict == "yes"


class TestHealth:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html."""

    def test_an_unhealthy_target_gets_nothing_while_another_is_healthy(self) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"], cross_zone=True)
        answer = balanced.ask()
        assert (answer.verdict, answer.hops[-1]) == ("yes", balanced.servers[1].interface.id)

    @pytest.mark.parametrize("state", ["unhealthy", "initial", "unused", "draining"])
    def test_with_none_healthy_nobody_answers(self, state: str) -> None:
        """The load balancer fails open, but its own health check says that nobody is there."""
        balanced = Balanced(health=[state, state])
        answer = balanced.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.TARGET_UNHEALTHY})
        assert answer.culprits == (balanced.targets.arn,)
        assert state in answer.why

    def test_a_target_that_is_not_checked_is_unknown(self) -> None:
        answer = Balanced(health=["unavailable", "unavailable"]).ask()
        assert answer.verdict == "unknown"
        assert "not health checked" in answer.doubts

    def test_an_empty_group_answers_nobody(self) -> None:
        balanced = Balanced()
        balanced.targets.health.clear()
        answer = balanced.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.TARGET_NONE})
        assert answer.culprits == (balanced.targets.arn,)

    def test_health_that_may_not_be_read_makes_the_answer_unknown(self) -> None:
        balanced = Balanced()
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-target-health")
        answer = balanced.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-target-health"})

    def test_without_cross_zone_balancing_health_is_counted_per_zone(self) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"])
        assert (balanced.ask(0).verdict, balanced.ask(1).verdict) == ("no", "yes")

    def test_with_cross_zone_balancing_it_is_counted_overall(self) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"], cross_zone=True)
        assert (balanced.ask(0).verdict, balanced.ask(1).verdict) == ("yes", "yes")

    @pytest.mark.parametrize(
        ("balancer", "group", "verdict"), [(False, "true", "yes"), (True, "false", "no"), (True, "", "yes")]
    )
    def test_the_target_group_may_override_the_load_balancer(self, balancer: bool, group: str, verdict: str) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"], cross_zone=balancer)
        if group:
            balanced.targets.attribute(load_balancing__cross_zone__enabled=group)
        assert balanced.ask(0).verdict == verdict


class TestAttributesThatWereNotRead:
    """What they decide is unknown, what they do not decide is not.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """

    GROUP, BALANCER = "describe-target-group-attributes", "describe-load-balancer-attributes"

    def without(self, balanced: Balanced, *operations: str) -> Balanced:
        for operation in operations:
            balanced.net.refuse(ACCOUNT, REGION, "elbv2", operation)
        return balanced

    def test_whether_a_zone_without_healthy_targets_reaches_those_of_another(self) -> None:
        answer = self.without(Balanced(health=["unhealthy", "healthy"]), self.BALANCER).ask()
        assert (answer.verdict, answer.needs) == ("unknown", {self.BALANCER})

    def test_the_groups_own_setting_needs_no_other(self) -> None:
        balanced = self.without(Balanced(health=["unhealthy", "healthy"]), self.BALANCER)
        balanced.targets.attribute(load_balancing__cross_zone__enabled="true")
        assert balanced.ask().verdict == "yes"

    def test_how_many_healthy_targets_are_enough(self) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"], cross_zone=True)
        answer = self.without(balanced, self.GROUP).ask()
        assert (answer.verdict, answer.needs) == ("unknown", {self.GROUP})

    def test_whose_address_the_target_sees(self) -> None:
        answer = self.without(Balanced(allow="10.1.1.10/32"), self.GROUP).ask()
        assert (answer.verdict, answer.needs) == ("unknown", {self.GROUP})

    def test_a_target_that_nobody_gets_to_stays_so(self) -> None:
        assert self.without(Balanced(allow="10.9.9.9/32"), self.GROUP, self.BALANCER).ask().verdict == "no"


class TestThresholds:
    """Too few healthy targets: it fails open to all (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html)."""

    @pytest.mark.parametrize(
        ("attributes", "verdict"),
        [
            ({}, "yes"),
            ({MINIMUM + "count": "1"}, "yes"),
            ({MINIMUM + "count": "2"}, "partial"),
            ({MINIMUM + "percentage": "50"}, "yes"),
            ({MINIMUM + "percentage": "51"}, "partial"),
            ({MINIMUM + "count": "off", MINIMUM + "percentage": "100"}, "partial"),
        ],
    )
    def test_below_the_threshold_unhealthy_targets_get_their_share(
        self, attributes: dict[str, str], verdict: str
    ) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"], cross_zone=True)
        balanced.targets.attribute(**attributes)
        answer = balanced.ask()
        assert answer.verdict == verdict
        assert answer.culprits == (() if verdict == "yes" else (balanced.targets.arn,))

    def test_the_threshold_holds_for_each_zone_by_itself_without_cross_zone_balancing(self) -> None:
        balanced = Balanced(health=["healthy", "healthy"])
        balanced.targets.target("10.1.20.21", health="unhealthy", zone="az1")
        balanced.targets.attribute(**{MINIMUM + "percentage": "60"})
        balanced.subnets[0].vpc.subnets[2].interface("10.1.20.21", groups=[balanced.server_group])
        assert (balanced.ask(0).verdict, balanced.ask(1).verdict) == ("partial", "yes")


class TestZones:
    def test_each_address_reaches_its_own_zones_targets_only(self) -> None:
        balanced = Balanced()
        for zone, server in enumerate(balanced.servers):
            assert balanced.ask(zone).hops[-1] == server.interface.id

    def test_with_cross_zone_balancing_it_reaches_all(self) -> None:
        balanced = Balanced(cross_zone=True)
        assert {way[-1] for way in balanced.ask().ways} == {server.interface.id for server in balanced.servers}

    def test_a_zone_without_targets_answers_nobody(self) -> None:
        balanced = Balanced()
        del balanced.targets.health[1]
        answer = balanced.ask(1)
        assert (answer.verdict, answer.codes) == ("no", {Code.TARGET_NONE})

    def test_targets_outside_the_vpc_serve_every_zone(self) -> None:
        """Their zone is `all`."""
        balanced, site = on_premises("172.20.5.40")
        assert balanced.targets.health[0]["Target"]["AvailabilityZone"] == "all"
        for zone in (0, 1):
            address = balanced.nlb.interfaces[zone].address
            answer = ask(balanced.net, balanced.client, address, tcp=443, site=site)
            assert (answer.verdict, answer.hops[-1]) == ("yes", "dc")


class TestTargetAddresses:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type."""

    @pytest.mark.parametrize(
        ("address", "verdict"), [("172.20.5.40", "yes"), ("100.64.1.1", "yes"), ("203.0.113.5", "no")]
    )
    def test_outside_the_vpc_they_must_be_private(self, address: str, verdict: str) -> None:
        balanced, site = on_premises(address)
        nlb = balanced.nlb.interfaces[0].address
        answer = ask(balanced.net, balanced.client, nlb, tcp=443, site=site)
        assert answer.verdict == verdict
        if verdict == "no":
            assert answer.culprits == (balanced.targets.arn,)

    def test_inside_the_vpc_they_may_be_public_ones(self) -> None:
        net = topology()
        vpc = net.vpc("odd", "10.1.0.0/16", "198.51.100.0/24")
        vpc.default_group.allow_in(rule("all"))
        subnet = vpc.subnet("nlb", "10.1.1.0/24")
        vpc.subnet("public-range", "198.51.100.0/25").interface("198.51.100.20")
        nlb = vpc.network_load_balancer("web", [subnet]).listener(
            443, vpc.target_group("web", 443).target("198.51.100.20")
        )
        assert ask(net, subnet.interface(), nlb.interfaces[0], tcp=443).verdict == "yes"

    def test_an_instance_is_reached_by_its_primary_interface(self) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type."""
        balanced = Balanced(zones=["az1"], health=["healthy"], kind="instance")
        server = balanced.servers[0]
        other = balanced.subnets[0].interface().attach(server.owner, server.id, device=1)
        interfaces = balanced.vpc.store.lists["ec2", "describe-network-interfaces"]
        interfaces.insert(0, interfaces.pop(interfaces.index(other.record)))
        assert balanced.ask().hops[-1] == server.interface.id


class TestClientAddresses:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation."""

    def seen(self, balanced: Balanced, **packets: Any) -> AddressSet:
        answer = balanced.ask(**packets)
        assert answer.verdict == "yes"
        source: AddressSet = answer.trace.forward[0].hops[-1].packets.src
        return source

    @pytest.mark.parametrize(
        ("kind", "protocol", "preserved"),
        [("ip", "TCP", False), ("ip", "TLS", False), ("ip", "UDP", True), ("instance", "TCP", True)],
    )
    def test_what_targets_see_by_default(self, kind: str, protocol: str, preserved: bool) -> None:
        balanced = Balanced(kind=kind, protocol=protocol, listener=protocol)
        del balanced.targets.attributes["preserve_client_ip.enabled"]
        balanced.targets.attribute()
        packets = {"udp": 443} if protocol == "UDP" else {"tcp": 443}
        own = AddressSet.parse(balanced.nlb.interfaces[0].address)
        assert self.seen(balanced, **packets) == (AddressSet.parse("10.1.1.10") if preserved else own)

    @pytest.mark.parametrize("preserved", ["true", "false"])
    def test_it_may_be_set(self, preserved: str) -> None:
        balanced = Balanced()
        balanced.targets.attribute(preserve_client_ip__enabled=preserved)
        client = preserved == "true"
        own = AddressSet.parse(balanced.nlb.interfaces[0].address)
        assert self.seen(balanced) == (AddressSet.parse("10.1.1.10") if client else own)

    def test_the_targets_group_must_allow_whom_it_sees(self) -> None:
        balanced = Balanced(allow="10.1.1.10/32")
        assert balanced.ask().culprits == (balanced.server_group.id,)
        balanced.targets.attribute(preserve_client_ip__enabled="true")
        assert balanced.ask().verdict == "yes"

    def test_replies_to_a_preserved_address_return_to_it_whatever_the_targets_routes_say(self) -> None:
        balanced = Balanced(zones=["az1"], health=["healthy"], kind="instance")
        balanced.vpc.route_table("servers", balanced.servers[0].interface.subnet).route("10.1.1.0/24", "eni-0123")
        answer = balanced.ask()
        assert answer.verdict == "yes"
        assert balanced.nlb.arn in answer.back

    def test_the_acls_between_target_and_load_balancer_see_them(self) -> None:
        balanced = Balanced(zones=["az1"], health=["healthy"], kind="instance")
        entries = [inbound(100, "allow", "all", None, "0.0.0.0/0"), outbound(100, "allow", "all", None, "10.1.10.0/24")]
        acl = balanced.vpc.network_acl("servers", *entries, subnets=[balanced.servers[0].interface.subnet])
        assert balanced.ask().culprits == (acl.id,)
        acl.add(outbound(110, "allow", "tcp", (1024, 65535), "10.1.1.0/24"))
        assert balanced.ask().verdict == "yes"

    def test_the_clients_group_does_not_come_through(self) -> None:
        """Neither where its address is replaced nor where it is preserved: the load balancer sends."""
        for kind in ("ip", "instance"):
            balanced = Balanced(allow="10.99.0.0/16", kind=kind)
            balanced.server_group.allow_in(rule("tcp", 8081, balanced.vpc.default_group))
            assert balanced.ask().culprits == (balanced.server_group.id,)

    @pytest.mark.parametrize("kind", ["ip", "instance"])
    def test_the_load_balancers_own_group_matches_what_it_sends(self, kind: str) -> None:
        balanced = Balanced(allow="10.99.0.0/16", groups=["10.1.0.0/16"], kind=kind)
        balanced.server_group.allow_in(rule("tcp", 8081, balanced.groups[0]))
        assert balanced.ask().verdict == "yes"


class TestItsOwnGroups:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html."""

    def test_inbound_rules_guard_the_listener(self) -> None:
        assert Balanced(groups=["10.1.1.0/24"]).ask().verdict == "yes"
        balanced = Balanced(groups=["10.99.0.0/16"])
        assert balanced.ask().culprits == (balanced.groups[0].id,)

    def test_outbound_rules_guard_the_targets(self) -> None:
        balanced = Balanced(groups=["10.1.1.0/24"])
        balanced.groups[0].allow_out(rule("tcp", 8081, "10.1.21.0/24"))
        assert balanced.ask(0).culprits == (balanced.groups[0].id,)
        assert balanced.ask(1).verdict == "yes"

    def test_a_load_balancer_without_groups_takes_everything_that_it_listens_for(self) -> None:
        assert Balanced().ask().verdict == "yes"


class TestWayOn:
    """From its own address the packet leaves by the load balancer's subnet, and the reply must come back there."""

    def test_the_load_balancers_subnet_needs_a_route_to_the_target(self) -> None:
        balanced, site = on_premises("172.20.5.40")
        own = balanced.vpc.route_table("nlb", *balanced.subnets)
        answer = ask(balanced.net, balanced.client, balanced.nlb.interfaces[0].address, tcp=443, site=site)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_ROUTE}, (own.id,))

    def test_the_load_balancers_acl_sees_its_packets_too(self) -> None:
        balanced = Balanced()
        closed = balanced.vpc.network_acl("nlb", subnets=[balanced.subnets[0]])
        assert balanced.ask(0).culprits == (closed.id,)
        assert balanced.ask(1).verdict == "yes"

    def test_a_reply_that_does_not_find_back_to_it_is_lost(self) -> None:
        """The site answers the load balancer's address, which it does not route towards AWS."""
        balanced, site = on_premises("172.20.5.40")
        address = balanced.nlb.interfaces[0].address
        assert ask(balanced.net, balanced.client, address, tcp=443, site=site).verdict == "yes"
        elsewhere = site.replace("firewall:", "routes: [10.1.1.0/24]\n    firewall:")
        answer = ask(balanced.net, balanced.client, address, tcp=443, site=elsewhere)
        assert (answer.verdict, answer.culprits) == ("no", ("dc.routes", "dc"))
