"""The DNS names of Network Load Balancers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
"""

from __future__ import annotations

import pytest

from builder import Topology, Vpc
from builder.load_balancer import NetworkLoadBalancer, TargetGroup
from mwaanet.names import Resolution, VpcPlace, resolve
from names.cases import ACCOUNT, OTHER, REGION, answer, ask, ask_site, dns, inventory, needs, network

FAILOVER = "target_group_health__dns_failover__minimum_healthy_targets__"


class Balanced:
    """A load balancer in two zones, 10.1.11.5 and 10.1.12.5, with a target in each (`health`)."""

    def __init__(self, *health: str, cross_zone: bool = False, internal: bool = True, ipv6: bool = False) -> None:
        self.net: Topology
        self.vpc: Vpc
        self.net, self.vpc, _ = network()
        zones = ["az1", "az2"]
        subnets = [self.vpc.subnet(f"nlb-{zone}", f"10.1.1{n}.0/24", zone) for n, zone in enumerate(zones, 1)]
        self.targets = self.group("web", *health or ("healthy", "healthy"))
        self.nlb: NetworkLoadBalancer = self.vpc.network_load_balancer(
            "web",
            subnets,
            addresses=["10.1.11.5", "10.1.12.5"],
            ipv6=["2600:1f18:1:1::5", "2600:1f18:1:2::5"] if ipv6 else [],
            internal=internal,
            cross_zone=cross_zone,
        )
        self.nlb.listener(443, self.targets)

    def group(self, name: str, *health: str) -> TargetGroup:
        """A target group with a target in each zone, the states in their order."""
        targets = self.vpc.target_group(name, 8081)
        for number, state in enumerate(health, start=1):
            targets.target(f"10.1.10.{20 + number}", health=state, zone=f"az{number}")
        return targets

    def ask(self, zone: str = "") -> Resolution:
        name = self.nlb.record["DNSName"]
        return ask(self.net, self.vpc, f"{zone}.{name}" if zone else name)


def test_an_internal_one_gives_its_private_addresses() -> None:
    found = Balanced().ask()
    assert (answer(found), found.public) == ("10.1.11.5, 10.1.12.5", False)


def test_the_name_of_a_zone_gives_the_zones() -> None:
    balanced = Balanced()
    name = balanced.nlb.record["AvailabilityZones"][1]["ZoneName"]
    assert answer(balanced.ask(name)) == "10.1.12.5"
    assert answer(balanced.ask("us-east-1f")) == "nxdomain"


def test_an_internet_facing_one_gives_its_public_addresses() -> None:
    balanced = Balanced(internal=False)
    for number, interface in enumerate(balanced.nlb.interfaces):
        interface.elastic_ip(f"198.51.100.{number}")
    found = balanced.ask()
    assert (answer(found), found.public) == ("198.51.100.0/31", True)


def test_a_dual_stack_one_gives_addresses_of_both_families() -> None:
    assert answer(Balanced(ipv6=True).ask()) == "10.1.11.5, 10.1.12.5, 2600:1f18:1:1::5, 2600:1f18:1:2::5"


@pytest.mark.parametrize("kind", ["A", "AAAA"])
def test_an_alias_gives_those_of_its_own_family(kind: str) -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html."""
    balanced = Balanced(ipv6=True)
    balanced.net.zone("corp.example", balanced.vpc).alias("nexus", balanced.nlb, kind)
    expected = {"A": "10.1.11.5, 10.1.12.5", "AAAA": "2600:1f18:1:1::5, 2600:1f18:1:2::5"}
    assert answer(ask(balanced.net, balanced.vpc, "nexus.corp.example")) == expected[kind]


def test_an_alias_of_a_family_that_it_lacks_gives_nothing() -> None:
    balanced = Balanced()
    balanced.net.zone("corp.example", balanced.vpc).alias("nexus", balanced.nlb, "AAAA")
    assert answer(ask(balanced.net, balanced.vpc, "nexus.corp.example")) == "no-data"


def test_one_of_another_account_that_is_not_in_the_snapshot_is_unknown() -> None:
    net, vpc, _ = network()
    far = net.account(OTHER).region(REGION).vpc("far", "10.9.0.0/16")
    nlb = far.network_load_balancer("web", [far.subnet("a", "10.9.1.0/24")])
    net.refuse(OTHER, REGION, "elbv2", "describe-load-balancers")
    found = ask(net, vpc, nlb.record["DNSName"])
    assert (answer(found), needs(found)) == ("unknown", {"describe-load-balancers"})


def test_interfaces_that_may_not_be_read_make_the_answer_unknown() -> None:
    balanced = Balanced()
    balanced.net.refuse(ACCOUNT, REGION, "ec2", "describe-network-interfaces")
    found = balanced.ask()
    assert (answer(found), needs(found)) == ("unknown", {"describe-network-interfaces"})


class TestFailover:
    """Zones with too few healthy targets lose their address in DNS.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health.html,
    https://repost.aws/knowledge-center/elb-dns-cross-zone-balance-configuration
    """

    @pytest.mark.parametrize(
        ("health", "cross_zone", "expected"),
        [
            (("healthy", "healthy"), False, "10.1.11.5, 10.1.12.5"),
            (("unhealthy", "healthy"), False, "10.1.12.5"),
            (("healthy", "draining"), False, "10.1.11.5"),
            (("healthy",), False, "10.1.11.5"),
            (("unhealthy", "healthy"), True, "10.1.11.5, 10.1.12.5"),
            (("unhealthy", "unhealthy"), False, "10.1.11.5, 10.1.12.5"),
            (("unhealthy", "unhealthy"), True, "10.1.11.5, 10.1.12.5"),
        ],
    )
    def test_a_zone_without_a_healthy_target_is_left_out_while_another_has_one(
        self, health: tuple[str, ...], cross_zone: bool, expected: str
    ) -> None:
        assert answer(Balanced(*health, cross_zone=cross_zone).ask()) == expected

    def test_every_target_group_must_have_one(self) -> None:
        balanced = Balanced()
        balanced.nlb.listener(80, balanced.group("other", "healthy", "unhealthy"))
        assert answer(balanced.ask()) == "10.1.11.5"

    def test_the_name_of_the_zone_still_gives_its_address(self) -> None:
        balanced = Balanced("unhealthy", "healthy")
        name = balanced.nlb.record["AvailabilityZones"][0]["ZoneName"]
        assert answer(balanced.ask(name)) == "10.1.11.5"

    @pytest.mark.parametrize(
        ("attributes", "expected"),
        [
            ({FAILOVER + "count": "2"}, "10.1.12.5"),
            ({FAILOVER + "count": "1"}, "10.1.11.5, 10.1.12.5"),
            ({FAILOVER + "percentage": "60"}, "10.1.12.5"),
            ({FAILOVER + "percentage": "50"}, "10.1.11.5, 10.1.12.5"),
        ],
    )
    def test_thresholds_are_by_number_and_by_percentage(self, attributes: dict[str, str], expected: str) -> None:
        """One of the two targets in the first zone is unhealthy, both in the second are healthy."""
        balanced = Balanced()
        balanced.targets.target("10.1.10.31", health="unhealthy", zone="az1").target("10.1.10.32", zone="az2")
        balanced.targets.attribute(**attributes)
        assert answer(balanced.ask()) == expected

    @pytest.mark.parametrize("state", ["zonal_shift_active", "zonal_shift_delegated_to_dns"])
    def test_a_zonal_shift_leaves_a_zone_out(self, state: str) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/zonal-shift.html."""
        balanced = Balanced(cross_zone=state == "zonal_shift_active")
        balanced.targets.shift("az1", state)
        assert answer(balanced.ask()) == "10.1.12.5"

    @pytest.mark.parametrize("operation", ["describe-target-health", "describe-target-group-attributes"])
    def test_where_health_is_not_known_every_zone_may_be_given(self, operation: str) -> None:
        balanced = Balanced("unhealthy", "healthy")
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", operation)
        assert answer(balanced.ask()) == "10.1.11.5, 10.1.12.5"


class TestAffinity:
    """Which zone's address a client is given that asks Route 53 Resolver.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html#zonal-dns-affinity
    """

    BOTH = "10.1.11.5, 10.1.12.5"

    def asked(self, balanced: Balanced, policy: str = "availability_zone_affinity", zone: str = "az2") -> Resolution:
        """What a client in a zone learns; without a zone one of which only the VPC is known."""
        balanced.nlb.attribute(dns_record__client_routing_policy=policy)
        subnet = balanced.vpc.subnet("client", "10.1.40.0/24", zone).id if zone else ""
        place = VpcPlace(vpc_id=balanced.vpc.id, subnet_id=subnet)
        return resolve(inventory(balanced.net), place, balanced.nlb.record["DNSName"])

    @pytest.mark.parametrize(
        ("health", "zone", "expected"),
        [
            (("healthy", "healthy"), "az1", "10.1.11.5"),
            (("healthy", "healthy"), "az2", "10.1.12.5"),
            (("healthy", "unhealthy"), "az2", "10.1.11.5"),
            (("unhealthy", "unhealthy"), "az2", "10.1.12.5"),
            (("healthy", "healthy"), "az3", BOTH),
        ],
        ids=["first", "second", "own zone unhealthy", "all fail open", "no zone of the load balancer"],
    )
    def test_the_clients_own_zone_answers_while_it_is_healthy(
        self, health: tuple[str, ...], zone: str, expected: str
    ) -> None:
        found = self.asked(Balanced(*health), zone=zone)
        assert (str(found.addresses), found.undetermined) == (expected, False)

    @pytest.mark.parametrize("policy", ["any_availability_zone", "partial_availability_zone_affinity"])
    def test_with_partial_affinity_as_without_any_zone_is_given(self, policy: str) -> None:
        found = self.asked(Balanced(), policy)
        assert (str(found.addresses), found.undetermined) == (self.BOTH, False)

    def test_a_client_whose_zone_is_not_known_is_given_one_or_the_other(self) -> None:
        balanced = Balanced()
        found = self.asked(balanced, zone="")
        assert (str(found.addresses), found.undetermined) == (self.BOTH, True)
        balanced.net.zone("corp.example", balanced.vpc).alias("web", balanced.nlb)
        assert ask(balanced.net, balanced.vpc, "web.corp.example").undetermined

    def test_where_the_policy_was_not_read_it_may_be_either(self) -> None:
        balanced = Balanced()
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
        found = self.asked(balanced)
        assert (str(found.addresses), found.undetermined) == (self.BOTH, True)

    def internet_facing(self) -> Balanced:
        balanced = Balanced(internal=False)
        for number, interface in enumerate(balanced.nlb.interfaces):
            interface.elastic_ip(f"198.51.100.{number}")
        return balanced

    @pytest.mark.parametrize(
        ("policy", "expected"),
        [("availability_zone_affinity", "unknown"), ("any_availability_zone", "198.51.100.0/31")],
    )
    def test_whether_an_internet_facing_one_has_affinity_is_not_known(self, policy: str, expected: str) -> None:
        assert answer(self.asked(self.internet_facing(), policy)) == expected

    def test_where_the_policy_of_an_internet_facing_one_was_not_read_what_it_gives_is_not_known(self) -> None:
        balanced = self.internet_facing()
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
        found = self.asked(balanced)
        assert (answer(found), needs(found)) == ("unknown", {"describe-load-balancer-attributes"})

    def test_the_resolvers_of_a_site_are_not_route_53s(self) -> None:
        balanced = Balanced()
        self.asked(balanced)
        balanced.net.site(dns("servers: [172.20.1.10], public: all"))
        found = ask_site(balanced.net, balanced.nlb.record["DNSName"])
        assert (str(found.addresses), found.undetermined) == (self.BOTH, False)
