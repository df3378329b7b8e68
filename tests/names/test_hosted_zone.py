"""Private hosted zones: who resolves by them, and what they answer."""

from __future__ import annotations

from typing import Any

import pytest

from builder import topology
from mwaanet.names import Outcome
from names.cases import ACCOUNT, OTHER, answer, ask, needs, network


def record(zone: Any, name: str, **fields: object) -> None:
    """A record set beside those that the builder writes (routing policies, aliases)."""
    zone.records.append({"Name": f"{name}.{zone.name}", "Type": "A", **fields})


def test_does_an_associated_zone_answer() -> None:
    net, vpc, _ = network()
    zone = net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1", "10.9.0.5")
    found = ask(net, vpc, "NEXUS.corp.example.")
    assert answer(found) == "10.9.0.1, 10.9.0.5"
    assert found.decided_by == zone.id
    assert found.steps[-1].origin is not None
    assert found.steps[-1].origin.pointer == "/Calls/0/Response/ResourceRecordSets/2"


def test_a_zone_of_another_vpc_does_not() -> None:
    net, vpc, _ = network()
    net.zone("corp.com", net.vpc("other", "10.2.0.0/16")).add("nexus", "A", "10.9.0.1")
    found = ask(net, vpc, "nexus.corp.com")
    assert answer(found) == "unknown"
    assert found.public
    assert needs(found) == set()


def test_a_zone_of_another_account_does_where_it_is_associated() -> None:
    net, vpc, _ = network()
    net.account(OTHER).region().zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "nexus.corp.example")) == "10.9.0.1"


def test_a_zone_without_the_name_answers_that_it_does_not_exist_whatever_public_dns_says() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    net.zone("corp.example", private=False).add("www", "A", "198.51.100.7")
    found = ask(net, vpc, "www.corp.example")
    assert answer(found) == "nxdomain"


def test_a_name_with_other_records_gives_no_address() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("mail", "MX", "10 mx.corp.example").add("a.b", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "mail.corp.example")) == "no-data"
    assert answer(ask(net, vpc, "b.corp.example")) == "no-data"
    assert answer(ask(net, vpc, "corp.example")) == "no-data"


def test_the_most_specific_zone_decides() -> None:
    net, vpc, _ = network()
    net.zone("example", vpc).add("nexus.corp", "A", "10.9.0.1")
    net.zone("corp.example", vpc).add("other", "A", "10.9.0.2")
    assert answer(ask(net, vpc, "nexus.corp.example")) == "nxdomain"


def test_a_wildcard_answers_for_names_that_do_not_exist() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("*", "A", "10.9.0.9").add("nexus", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "any.corp.example")) == "10.9.0.9"
    assert answer(ask(net, vpc, "nexus.corp.example")) == "10.9.0.1"


def test_a_cname_is_followed_from_the_same_vpc() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("pypi", "CNAME", "nexus.build.example.")
    net.zone("build.example", vpc).add("nexus", "A", "10.9.0.1").add("nexus", "AAAA", "fd00::1")
    found = ask(net, vpc, "pypi.corp.example")
    assert answer(found) == "10.9.0.1, fd00::1"
    assert found.chain == ("nexus.build.example",)


def test_a_cname_to_nothing_is_the_fault_of_who_says_so() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("pypi", "CNAME", "nexus.build.example")
    target = net.zone("build.example", vpc)
    found = ask(net, vpc, "pypi.corp.example")
    assert (answer(found), found.decided_by) == ("nxdomain", target.id)


def test_cnames_in_a_circle_give_nothing() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("a", "CNAME", "b.corp.example").add("b", "CNAME", "a.corp.example")
    found = ask(net, vpc, "a.corp.example")
    assert answer(found) == "no-data"
    assert "loop" in found.steps[-1].text


def test_an_alias_gives_the_endpoints_addresses() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("kms", [subnet], addresses=["10.1.10.50"])
    zone = net.zone("corp.example", vpc).alias("keys", endpoint)
    found = ask(net, vpc, "keys.corp.example")
    assert answer(found) == "10.1.10.50"
    assert (found.endpoint, found.decided_by) == (endpoint.id, zone.id)
    assert found.chain == (endpoint.dns_name,)


def test_an_alias_is_followed_inside_aws_even_where_a_rule_forwards_everything() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("kms", [subnet], addresses=["10.1.10.50"])
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {subnet: "10.1.10.53"}, [])
    net.resolver_rule("all", ".", "172.20.1.10", endpoint=outbound).associate(vpc)
    net.zone("corp.example", vpc).alias("keys", endpoint)
    assert answer(ask(net, vpc, "keys.corp.example")) == "10.1.10.50"


def test_an_alias_to_a_record_of_the_zone_stands_for_that_record() -> None:
    net, vpc, _ = network()
    zone = net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    record(zone, "pypi", AliasTarget={"HostedZoneId": zone.id, "DNSName": "nexus.corp.example."})
    assert answer(ask(net, vpc, "pypi.corp.example")) == "10.9.0.1"


def test_of_records_that_a_routing_policy_chooses_from_any_may_be_answered() -> None:
    net, vpc, subnet = network()
    zone = net.zone("corp.example", vpc)
    endpoint = vpc.endpoint("kms", [subnet], addresses=["10.1.10.50"])
    record(zone, "w", SetIdentifier="one", Weight=1, TTL=60, ResourceRecords=[{"Value": "10.9.0.1"}])
    record(zone, "w", SetIdentifier="two", Weight=200, TTL=60, ResourceRecords=[{"Value": "10.9.0.5"}])
    target = {"HostedZoneId": "Z7HUB22UULQXV", "DNSName": endpoint.dns_name}
    record(zone, "w", SetIdentifier="three", Weight=1, AliasTarget=target)
    assert answer(ask(net, vpc, "w.corp.example")) == "10.1.10.50, 10.9.0.1, 10.9.0.5"


CHECKED = {"HealthCheckId": "11112222-3333-4444-5555-666677778888"}


@pytest.mark.parametrize("name", ["weight", "failover"])
@pytest.mark.parametrize(
    ("first", "expected"), [({}, "10.9.0.1"), (CHECKED, "10.9.0.1, 10.9.0.5")], ids=["always healthy", "checked"]
)
def test_a_record_in_reserve_is_answered_only_where_a_health_check_may_take_the_others_out(
    name: str, first: dict[str, str], expected: str
) -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html: a weight of 0 stops the
    traffic, unless all records of a greater weight are unhealthy. A record without a health check is always healthy
    (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html).
    """
    net, vpc, _ = network()
    zone = net.zone("corp.example", vpc)
    one, two = (
        ({"Weight": 1}, {"Weight": 0}) if name == "weight" else ({"Failover": "PRIMARY"}, {"Failover": "SECONDARY"})
    )
    record(zone, "r", SetIdentifier="one", TTL=60, ResourceRecords=[{"Value": "10.9.0.1"}], **one, **first)
    record(zone, "r", SetIdentifier="two", TTL=60, ResourceRecords=[{"Value": "10.9.0.5"}], **two)
    assert answer(ask(net, vpc, "r.corp.example")) == expected


def test_records_that_all_have_no_weight_are_all_answered() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html: with a weight of 0 for all
    records of a group each is answered with equal probability.
    """
    net, vpc, _ = network()
    zone = net.zone("corp.example", vpc)
    for address in ("10.9.0.1", "10.9.0.5"):
        record(zone, "w", SetIdentifier=address, Weight=0, TTL=60, ResourceRecords=[{"Value": address}])
    assert answer(ask(net, vpc, "w.corp.example")) == "10.9.0.1, 10.9.0.5"


def test_a_delegated_subdomain_is_not_known() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("sub", "NS", "ns.elsewhere.example")
    assert answer(ask(net, vpc, "a.sub.corp.example")) == "unknown"


def test_records_that_could_not_be_listed_make_their_zone_unknown_and_no_other() -> None:
    net, vpc, _ = network()
    zone = net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    net.zone("build.example", vpc).add("nexus", "A", "10.9.0.2")
    net.refuse_call(ACCOUNT, "global", "route53", "list-resource-record-sets", HostedZoneId=zone.path)
    found = ask(net, vpc, "nexus.corp.example")
    assert found.outcome is Outcome.UNKNOWN
    assert needs(found) == {"list-resource-record-sets"}
    assert found.decided_by == zone.id
    assert answer(ask(net, vpc, "nexus.build.example")) == "10.9.0.2"


def test_without_dns_hostnames_private_zones_do_not_count() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", dns_hostnames=False)
    net.zone("corp.com", vpc).add("nexus", "A", "10.9.0.1")
    net.zone("corp.com", private=False).add("nexus", "A", "198.51.100.7")
    found = ask(net, vpc, "nexus.corp.com")
    assert answer(found) == "198.51.100.7"
    assert any("enableDnsHostnames off" in step.text for step in found.steps)


def test_without_dns_hostnames_the_vpc_is_to_blame() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", dns_hostnames=False)
    net.zone("corp.local", vpc).add("nexus", "A", "10.9.0.1")
    found = ask(net, vpc, "nexus.corp.local")
    assert (answer(found), found.decided_by) == ("nxdomain", vpc.id)
