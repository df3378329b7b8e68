"""Route 53 Profiles: what a VPC resolves by one, which comes first, and when that is not known.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html
"""

from __future__ import annotations

import pytest

from builder import Topology, Vpc
from builder.resolver import ResolverRule
from builder.subnet import Subnet
from mwaanet.names.route53_profile import NO_PROFILES
from names.cases import ACCOUNT, OTHER, REGION, SQS, answer, ask, ask_site, dns, needs, network, reasons

NEXUS = "nexus.corp.example"
FORWARDED = "172.20.5.40"


def forward(net: Topology, vpc: Vpc, subnet: Subnet, domain: str) -> ResolverRule:
    """A rule, associated with no VPC, to a site that answers NEXUS."""
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {subnet: "10.1.10.53"}, [])
    net.site(dns(f"servers: [172.20.1.10], public: none, records: {{{NEXUS}: [{FORWARDED}]}}"))
    return net.resolver_rule("site", domain, "172.20.1.10", endpoint=outbound)


def test_a_profiles_zone_answers_the_vpcs_that_have_the_profile() -> None:
    net, vpc, _ = network()
    profile = net.profile("shared", net.zone("corp.example").add("nexus", "A", "10.9.0.1"))
    assert answer(ask(net, vpc, NEXUS)) == "nxdomain"
    profile.associate(vpc)
    found = ask(net, vpc, NEXUS)
    assert answer(found) == "10.9.0.1"
    assert any(profile.id in step.text for step in found.steps)
    assert answer(ask(net, vpc, "other.corp.example")) == "nxdomain"
    assert answer(ask(net, net.vpc("without", "10.2.0.0/16"), NEXUS)) == "nxdomain"


def test_a_profile_of_another_account_counts() -> None:
    """Profiles are shared through RAM (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/sharing-profiles.html)."""
    net, vpc, _ = network()
    hub = net.account(OTHER).region()
    hub.profile("shared", hub.zone("corp.example").add("nexus", "A", "10.9.0.1")).associate(vpc)
    assert answer(ask(net, vpc, NEXUS)) == "10.9.0.1"


def test_a_vpc_may_be_named_by_its_arn() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileAssociation.html"""
    net, vpc, _ = network()
    net.profile("shared", net.zone("corp.example").add("nexus", "A", "10.9.0.1")).associate(vpc)
    association = vpc.store.lists["route53profiles", "list-profile-associations"][0]
    association["ResourceId"] = vpc.store.arn("ec2", f"vpc/{vpc.id}")
    assert answer(ask(net, vpc, NEXUS)) == "10.9.0.1"


def test_without_dns_hostnames_a_profiles_zone_does_not_count() -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html"""
    net, vpc, _ = network()
    net.profile("shared", net.zone("corp.example").add("nexus", "A", "10.9.0.1")).associate(vpc)
    vpc.attribute("enableDnsHostnames", False)
    assert answer(ask(net, vpc, NEXUS)) == "nxdomain"


def test_a_profiles_rule_forwards() -> None:
    net, vpc, subnet = network()
    rule = forward(net, vpc, subnet, "corp.example")
    net.profile("shared", rule).associate(vpc)
    found = ask(net, vpc, NEXUS)
    assert answer(found) == FORWARDED
    assert any(rule.id in step.text for step in found.steps)


def test_a_profiles_endpoint_answers_its_service_in_the_vpc() -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profile-associate-vpc-endpoints.html"""
    net, vpc, _ = network()
    hub = net.vpc("hub", "10.2.0.0/16")
    endpoint = hub.endpoint("sqs", [hub.subnet("a", "10.2.1.0/24")], addresses=["10.2.1.9"])
    profile = net.profile("shared", endpoint)
    assert answer(ask(net, vpc, SQS)) == "public"
    profile.associate(vpc)
    found = ask(net, vpc, SQS)
    assert (answer(found), found.endpoint) == ("10.2.1.9", endpoint.id)


PRIORITY = """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles.html#profiles-priority"""


class TestOfTheSameNameTheVpcsOwnComesFirst:
    __doc__ = PRIORITY

    def test_zones(self) -> None:
        net, vpc, _ = network()
        net.profile("shared", net.zone("corp.example").add("nexus", "A", "10.9.0.1")).associate(vpc)
        own = net.zone("corp.example", vpc).add("nexus", "A", "10.1.10.7")
        found = ask(net, vpc, NEXUS)
        assert (answer(found), found.decided_by) == ("10.1.10.7", own.id)

    def test_rules(self) -> None:
        net, vpc, subnet = network()
        net.profile("shared", forward(net, vpc, subnet, "corp.example")).associate(vpc)
        net.resolver_rule("own", "corp.example", kind="SYSTEM").associate(vpc)
        assert answer(ask(net, vpc, NEXUS)) == "nxdomain"

    @pytest.mark.parametrize("kind", ["zone", "endpoint"])
    def test_endpoints(self, kind: str) -> None:
        net, vpc, subnet = network()
        hub = net.vpc("hub", "10.2.0.0/16")
        endpoint = hub.endpoint("sqs", [hub.subnet("a", "10.2.1.0/24")], addresses=["10.2.1.9"])
        zone = net.zone(SQS).add("@", "A", "10.9.0.1")
        net.profile("shared", endpoint if kind == "endpoint" else zone).associate(vpc)
        vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"])
        assert answer(ask(net, vpc, SQS)) == "10.1.10.9"

    def test_the_vpcs_own_zone_and_a_profiles_rule_leave_it_open(self) -> None:
        net, vpc, subnet = network()
        net.zone("corp.example", vpc).add("nexus", "A", "10.1.10.7")
        rule = forward(net, vpc, subnet, "corp.example")
        net.profile("shared", rule).associate(vpc)
        found = ask(net, vpc, NEXUS)
        assert answer(found) == "unknown"
        assert rule.id in reasons(found)
        rule.associate(vpc)
        assert answer(ask(net, vpc, NEXUS)) == FORWARDED


class TestTheMoreSpecificDecides:
    __doc__ = PRIORITY

    def test_a_profiles_zone_below_the_vpcs(self) -> None:
        net, vpc, _ = network()
        net.zone("example", vpc)
        net.profile("shared", net.zone("corp.example").add("nexus", "A", "10.9.0.1")).associate(vpc)
        assert answer(ask(net, vpc, NEXUS)) == "10.9.0.1"

    def test_a_profiles_rule_below_the_vpcs_zone(self) -> None:
        net, vpc, subnet = network()
        net.zone("example", vpc)
        net.profile("shared", forward(net, vpc, subnet, "corp.example")).associate(vpc)
        assert answer(ask(net, vpc, NEXUS)) == FORWARDED

    def test_the_vpcs_rule_below_a_profiles(self) -> None:
        net, vpc, subnet = network()
        net.profile("shared", forward(net, vpc, subnet, ".")).associate(vpc)
        net.resolver_rule("own", "corp.example", kind="SYSTEM").associate(vpc)
        assert answer(ask(net, vpc, NEXUS)) == "nxdomain"


@pytest.mark.parametrize(
    ("status", "expected"), [("UPDATING", "unknown"), ("FAILED", "unknown"), ("DELETED", "public")]
)
def test_a_profile_counts_once_it_is_complete(status: str, expected: str) -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileAssociation.html: Status."""
    net, vpc, _ = network()
    profile = net.profile("shared", net.zone(SQS).add("@", "A", "10.9.0.1")).associate(vpc, status=status)
    found = ask(net, vpc, SQS)
    assert answer(found) == expected
    assert (profile.id in reasons(found)) == (expected == "unknown")


@pytest.mark.parametrize(("status", "expected"), [("CREATING", "unknown"), ("DELETED", "public")])
def test_a_resource_of_a_profile_counts_once_it_is_complete(status: str, expected: str) -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileResourceAssociation.html"""
    net, vpc, _ = network()
    profile = net.profile("shared").add(net.zone(SQS).add("@", "A", "10.9.0.1"), status=status).associate(vpc)
    found = ask(net, vpc, SQS)
    assert answer(found) == expected
    assert (profile.id in reasons(found)) == (expected == "unknown")


def test_two_profiles_of_a_vpc_leave_its_names_open() -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profiles-vpc-update-priority.html"""
    net, vpc, _ = network()
    pair = [net.profile(name).associate(vpc) for name in ("one", "two")]
    found = ask(net, vpc, SQS)
    assert answer(found) == "unknown"
    assert all(profile.id in reasons(found) for profile in pair)


@pytest.mark.parametrize("own", [False, True])
def test_a_profiles_dns_firewall_leaves_every_name_open(own: bool) -> None:
    """Also one that a rule group of the VPC itself blocks: the priorities of both decide which is tried first."""
    net, vpc, _ = network()
    net.zone(SQS, vpc).add("@", "A", "10.9.0.1")
    if own:
        net.dns_firewall("own", ("BLOCK", ["*"])).associate(vpc)
    firewall = net.dns_firewall("strict", ("ALLOW", ["*"]))
    profile = net.profile("shared", firewall).associate(vpc)
    found = ask(net, vpc, SQS)
    assert answer(found) == "unknown"
    assert {firewall.id, profile.id} <= set(reasons(found).split())


def test_a_profiles_query_logging_changes_nothing() -> None:
    net, vpc, _ = network()
    net.profile("shared", net.store.arn("route53resolver", "resolver-query-log-config/rqlc-1")).associate(vpc)
    assert answer(ask(net, vpc, SQS)) == "public"


ABSENT = {
    "zone": ("arn:aws:route53:::hostedzone/Z0ABSENT", "list-hosted-zones"),
    "rule": (f"arn:aws:route53resolver:{REGION}:{OTHER}:resolver-rule/rslvr-rr-absent", "list-resolver-rules"),
    "endpoint": (f"arn:aws:ec2:{REGION}:{OTHER}:vpc-endpoint/vpce-absent", "describe-vpc-endpoints"),
}


@pytest.mark.parametrize("kind", ABSENT)
def test_what_a_profile_has_in_an_account_that_was_not_read_leaves_names_open(kind: str) -> None:
    arn, operation = ABSENT[kind]
    net, vpc, _ = network()
    profile = net.profile("shared", arn).associate(vpc)
    profile.resources[0]["OwnerId"] = OTHER
    found = ask(net, vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {operation})
    assert profile.id in reasons(found)


def test_a_zone_that_is_not_known_cannot_come_before_the_vpcs_own_of_the_name_itself() -> None:
    net, vpc, _ = network()
    net.profile("shared", ABSENT["zone"][0]).associate(vpc)
    net.zone(NEXUS, vpc).add("@", "A", "10.1.10.7")
    assert answer(ask(net, vpc, NEXUS)) == "10.1.10.7"


def test_zones_of_the_vpc_that_are_not_known_come_before_a_profiles_of_the_name_itself() -> None:
    net, vpc, _ = network()
    net.profile("shared", net.zone(NEXUS).add("@", "A", "10.9.0.1")).associate(vpc)
    found = ask(net.refuse(ACCOUNT, "global", "route53", "list-hosted-zones-by-vpc"), vpc, NEXUS)
    assert (answer(found), needs(found)) == ("unknown", {"list-hosted-zones-by-vpc"})


def test_rules_of_the_vpc_that_are_not_known_come_before_a_profiles_of_the_name_itself() -> None:
    net, vpc, subnet = network()
    net.profile("shared", forward(net, vpc, subnet, NEXUS)).associate(vpc)
    assert answer(ask(net, vpc, NEXUS)) == FORWARDED
    found = ask(net.refuse(ACCOUNT, REGION, "route53resolver", "list-resolver-rule-associations"), vpc, NEXUS)
    assert (answer(found), needs(found)) == ("unknown", {"list-resolver-rule-associations"})


def test_an_endpoint_without_private_dns_leaves_its_service_open() -> None:
    net, vpc, _ = network()
    hub = net.vpc("hub", "10.2.0.0/16")
    endpoint = hub.endpoint("sqs", [hub.subnet("a", "10.2.1.0/24")], addresses=["10.2.1.9"], private_dns=False)
    net.profile("shared", endpoint).associate(vpc)
    found = ask(net, vpc, SQS)
    assert answer(found) == "unknown"
    assert endpoint.id in reasons(found)


@pytest.mark.parametrize("operation", ["list-profile-associations", "list-profile-resource-associations"])
def test_a_call_that_was_refused_leaves_every_name_open(operation: str) -> None:
    """As for the DNS Firewall: what a Profile brings may come before everything else."""
    net, vpc, _ = network()
    net.profile("shared").associate(vpc)
    net.zone(NEXUS, vpc).add("@", "A", "10.1.10.7")
    assert answer(ask(net, vpc, NEXUS)) == "10.1.10.7"
    found = ask(net.refuse(ACCOUNT, REGION, "route53profiles", operation), vpc, NEXUS)
    assert (answer(found), needs(found)) == ("unknown", {operation})


def test_where_nobody_was_asked_for_profiles_answers_of_the_vpcs_resolver_assume_that_there_are_none() -> None:
    net, vpc, subnet = network()
    net.zone("corp.example", vpc).add("web", "CNAME", "nexus.corp.example").add("nexus", "A", "10.1.10.7")
    net.site(dns("servers: [172.20.1.10], public: all, forwards: [{zone: corp.example, to: [10.1.10.53]}]"))
    vpc.resolver_endpoint("in", "INBOUND", {subnet: "10.1.10.53"}, [])
    assert ask(net, vpc, NEXUS).assumptions == ()
    net.drop_call(ACCOUNT, REGION, "route53profiles", "list-profile-associations")
    assert answer(ask(net, vpc, SQS)) == "public"
    for found in (ask(net, vpc, SQS), ask(net, vpc, "web.corp.example"), ask_site(net, NEXUS)):
        assert found.assumptions == (NO_PROFILES,)
    assert ask_site(net, SQS).assumptions == ()


def test_where_only_another_account_was_asked_names_are_open() -> None:
    net, vpc, _ = network()
    net.account(OTHER).region()
    net.drop_call(ACCOUNT, REGION, "route53profiles", "list-profile-associations")
    found = ask(net, vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"list-profile-associations"})
