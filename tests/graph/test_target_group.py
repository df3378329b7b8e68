"""Target groups: what is not known of them, and kinds of targets.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
"""

from __future__ import annotations

import pytest

from asking import network_of
from graph.balanced import ACCOUNT, REGION, Balanced
from mwaanet.model.unknown import Unknown


def one(**options: object) -> Balanced:
    return Balanced(zones=["az1"], health=["healthy"], **options)  # type: ignore[arg-type]


class TestKinds:
    def test_an_application_load_balancer_as_target_is_unknown(self) -> None:
        balanced = one()
        balanced.targets.record["TargetType"] = "alb"
        arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/web/0123456789abcdef"
        balanced.targets.health[:] = [{"Target": {"Id": arn, "Port": 80}, "TargetHealth": {"State": "healthy"}}]
        answer = balanced.ask()
        assert answer.verdict == "unknown"
        assert arn in answer.doubts

    def test_an_instance_that_is_not_in_the_snapshot_is_unknown(self) -> None:
        balanced = one(kind="instance")
        balanced.targets.health[:] = []
        balanced.targets.target("i-0123456789abcdef0")
        answer = balanced.ask()
        assert answer.verdict == "unknown"
        assert "i-0123456789abcdef0" in answer.doubts

    def test_its_interface_names_the_call_that_would_tell(self) -> None:
        balanced = one(kind="instance")
        balanced.net.refuse(ACCOUNT, REGION, "ec2", "describe-network-interfaces")
        balanced.net.refuse(ACCOUNT, REGION, "ec2", "describe-instances")
        found = network_of(balanced.net).target_addresses(balanced.servers[0].id, balanced.vpc.id)
        assert isinstance(found, Unknown)
        assert [(call.account, call.operation) for call in found.needs] == [(ACCOUNT, "describe-network-interfaces")]

    def test_a_listener_that_forwards_to_nobody_known_is_unknown(self) -> None:
        balanced = one()
        balanced.nlb.listeners[0]["DefaultActions"] = []
        answer = balanced.ask()
        assert answer.verdict == "unknown"
        assert balanced.nlb.listeners[0]["ListenerArn"] in answer.doubts

    @pytest.mark.parametrize("protocol", ["TCP", "TLS"])
    def test_a_tls_listener_reaches_targets_by_tcp_or_tls(self, protocol: str) -> None:
        assert one(listener="TLS", protocol=protocol).ask().verdict == "yes"

    def test_of_two_groups_each_gets_its_share(self) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html."""
        balanced = one()
        empty = balanced.vpc.target_group("empty", 8081)
        balanced.nlb.listeners.clear()
        balanced.nlb.listener(443, balanced.targets, empty)
        answer = balanced.ask()
        assert (answer.verdict, answer.culprits) == ("partial", (empty.arn,))


class TestZonalShift:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/zonal-shift.html."""

    def test_targets_of_the_zone_get_nothing_while_others_take_it(self) -> None:
        balanced = Balanced(cross_zone=True)
        balanced.targets.shift("az1")
        answer = balanced.ask(0)
        assert (answer.verdict, answer.hops[-1]) == ("yes", balanced.servers[1].interface.id)

    def test_without_others_nobody_answers(self) -> None:
        balanced = one()
        balanced.targets.shift("az1")
        answer = balanced.ask()
        assert (answer.verdict, answer.culprits) == ("no", (balanced.targets.arn,))
        assert "zonal shift" in answer.why

    def test_what_is_left_to_dns_is_reached_by_its_address(self) -> None:
        balanced = Balanced()
        balanced.targets.shift("az1", "zonal_shift_delegated_to_dns")
        assert balanced.ask(0).verdict == "yes"


class TestUnread:
    """What decides among targets must have been read wherever it makes a difference."""

    def test_cross_zone_balancing_where_targets_of_another_zone_matter(self) -> None:
        balanced = Balanced(health=["unhealthy", "healthy"])
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
        for zone in (0, 1):
            answer = balanced.ask(zone)
            assert (answer.verdict, answer.needs) == ("unknown", {"describe-load-balancer-attributes"})

    def test_not_where_every_target_is_of_the_zone(self) -> None:
        balanced = one()
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
        assert balanced.ask().verdict == "yes"

    def test_not_where_the_group_decides_itself(self) -> None:
        balanced = Balanced()
        balanced.targets.attribute(load_balancing__cross_zone__enabled="false")
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
        assert balanced.ask().verdict == "yes"

    def test_where_no_target_is_healthy_nobody_answers_whatever_it_says(self) -> None:
        balanced = Balanced(health=["unhealthy", "unhealthy"])
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
        assert balanced.ask().verdict == "no"

    def test_thresholds_where_some_targets_are_unhealthy(self) -> None:
        balanced = one(protocol="TCP")
        balanced.subnets[0].vpc.subnets[1].interface("10.1.20.21", groups=[balanced.server_group])
        balanced.targets.target("10.1.20.21", health="unhealthy")
        assert balanced.ask().verdict == "yes"
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-target-group-attributes")
        answer = balanced.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-target-group-attributes"})
