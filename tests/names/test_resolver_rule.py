"""Resolver rules: who wins against zones and endpoints, and where questions go."""

from __future__ import annotations

from builder import Topology, Vpc
from builder.resolver import ResolverEndpoint
from names.cases import ACCOUNT, OTHER, REGION, SQS, answer, ask, ask_site, dns, needs, network, reasons

RECORDS = (
    "records: {nexus.corp.example: [172.20.5.40], a.b.corp.example: [172.20.5.41], "
    "sqs.us-east-1.amazonaws.com: [172.20.5.42]}"
)


def forwarding(domain: str) -> tuple[Topology, Vpc, ResolverEndpoint]:
    """A VPC that forwards a domain to the site's resolver, 172.20.1.10."""
    net, vpc, subnet = network()
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {subnet: "10.1.10.53"}, [])
    net.resolver_rule("site", domain, "172.20.1.10", endpoint=outbound).associate(vpc)
    net.site(dns(f"servers: [172.20.1.10], public: none, {RECORDS}"))
    return net, vpc, outbound


def test_does_a_forwarded_name_resolve_at_the_site() -> None:
    net, vpc, outbound = forwarding("corp.example")
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "172.20.5.40"
    (query,) = found.queries
    assert query.components == (outbound.id,)
    assert (str(query.sources), str(query.servers), query.port) == ("10.1.10.53", "172.20.1.10", 53)
    assert [step.component.partition("-")[0] for step in found.steps] == ["dopt", "rslvr", "dc.dns"]


def test_a_rule_decides_before_a_zone_of_the_same_name() -> None:
    net, vpc, _ = forwarding("corp.example")
    net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "nexus.corp.example")) == "172.20.5.40"


def test_a_more_specific_zone_decides_before_a_rule() -> None:
    net, vpc, _ = forwarding("corp.example")
    net.zone("b.corp.example", vpc).add("a", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "a.b.corp.example")) == "10.9.0.1"
    assert answer(ask(net, vpc, "nexus.corp.example")) == "172.20.5.40"


def test_an_endpoints_private_dns_decides_before_a_rule_for_everything() -> None:
    net, vpc, _ = forwarding(".")
    vpc.endpoint("sqs", vpc.subnets, addresses=["10.1.10.9"])
    assert answer(ask(net, vpc, SQS)) == "10.1.10.9"
    assert answer(ask(net, vpc, "kms.us-east-1.amazonaws.com")) == "nxdomain"


def test_a_rule_for_the_services_own_name_decides_before_its_endpoint() -> None:
    net, vpc, _ = forwarding(SQS)
    vpc.endpoint("sqs", vpc.subnets, addresses=["10.1.10.9"])
    assert answer(ask(net, vpc, SQS)) == "172.20.5.42"


def test_a_system_rule_takes_a_part_back() -> None:
    net, vpc, _ = forwarding(".")
    rule = net.resolver_rule("aws", "amazonaws.com", kind="SYSTEM").associate(vpc)
    found = ask(net, vpc, SQS)
    assert (answer(found), found.decided_by) == ("public", rule.id)
    assert answer(ask(net, vpc, "nexus.corp.example")) == "172.20.5.40"


def test_ec2s_names_stay_in_the_vpc() -> None:
    net, vpc, _ = forwarding(".")
    assert answer(ask(net, vpc, "ip-10-1-2-3.ec2.internal")) == "10.1.2.3"
    net, vpc, _ = forwarding("ec2.internal")
    assert answer(ask(net, vpc, "ip-10-1-2-3.ec2.internal")) == "nxdomain"


def test_without_dns_hostnames_rules_still_forward() -> None:
    net, vpc, _ = forwarding("example")
    vpc.attribute("enableDnsHostnames", False)
    net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "nexus.corp.example")) == "172.20.5.40"


def test_a_rule_that_is_not_associated_does_nothing() -> None:
    net, vpc, subnet = network()
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {subnet: "10.1.10.53"}, [])
    net.resolver_rule("site", "company.local", "172.20.1.10", endpoint=outbound)
    assert answer(ask(net, vpc, "nexus.company.local")) == "nxdomain"


def test_a_shared_rule_sends_from_its_owners_endpoint() -> None:
    net, vpc, _ = network()
    shared = net.account(OTHER).region()
    hub = shared.vpc("hub", "10.2.0.0/16")
    outbound = hub.resolver_endpoint("out", "OUTBOUND", {hub.subnet("a", "10.2.1.0/24"): "10.2.1.53"}, [])
    shared.resolver_rule("site", "corp.example", "172.20.1.10", endpoint=outbound).associate(vpc)
    net.site(dns(f"servers: [172.20.1.10], {RECORDS}"))
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "172.20.5.40"
    assert [query.components for query in found.queries] == [(outbound.id,)]


def test_a_rule_to_an_inbound_endpoint_resolves_in_that_endpoints_vpc() -> None:
    net, vpc, subnet = network()
    hub = net.vpc("hub", "10.2.0.0/16")
    inside = hub.subnet("a", "10.2.1.0/24")
    hub.resolver_endpoint("in", "INBOUND", {inside: "10.2.1.53"}, [])
    hub.endpoint("sqs", [inside], addresses=["10.2.1.9"])
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {subnet: "10.1.10.53"}, [])
    net.resolver_rule("hub", "amazonaws.com", "10.2.1.53", endpoint=outbound).associate(vpc)
    assert answer(ask(net, vpc, SQS)) == "10.2.1.9"


def test_forwarding_in_a_circle_gives_nothing() -> None:
    net, vpc, _ = forwarding("corp.example")
    vpc.resolver_endpoint("in", "INBOUND", {vpc.subnets[0]: "10.1.10.54"}, [])
    net.site(dns("servers: [172.20.1.10], forwards: [{zone: corp.example, to: [10.1.10.54]}]"))
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "no-data"
    assert len(found.queries) > 1


def test_an_outbound_endpoint_without_addresses_sends_nothing() -> None:
    net, vpc, outbound = forwarding("corp.example")
    outbound.record["Status"] = "DELETING"
    found = ask(net, vpc, "nexus.corp.example")
    assert (answer(found), found.decided_by) == ("no-data", outbound.id)


def test_an_outbound_endpoint_that_recovers_still_sends() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverEndpoint.html: during
    AUTO_RECOVERING the endpoint functions with limited capacity.
    """
    net, vpc, outbound = forwarding("corp.example")
    outbound.record["Status"] = "AUTO_RECOVERING"
    assert answer(ask(net, vpc, "nexus.corp.example")) == "172.20.5.40"


def test_dns_over_https_is_not_modelled() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_TargetAddress.html: a target may be
    asked by `DoH`, over TCP, where plain DNS takes UDP as well.
    """
    net, vpc, outbound = forwarding("corp.example")
    outbound.record["Protocols"] = ["DoH"]
    rule = next(rule for rule in net.store.lists["route53resolver", "list-resolver-rules"] if "TargetIps" in rule)
    rule["TargetIps"][0] |= {"Port": 443, "Protocol": "DoH"}
    found = ask(net, vpc, "nexus.corp.example")
    assert (answer(found), found.queries) == ("unknown", ())


def test_a_target_with_an_ipv6_address_beside_another_may_answer_otherwise() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_TargetAddress.html"""
    net, vpc, _ = forwarding("corp.example")
    rules = vpc.store.lists["route53resolver", "list-resolver-rules"]
    rule = next(one for one in rules if one["DomainName"] == "corp.example.")
    rule["TargetIps"].append({"Ipv6": "2001:db8::53", "Port": 53, "Protocol": "Do53"})
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "unknown"
    assert rule["Id"] in reasons(found)


def test_an_inbound_endpoint_for_https_alone_takes_no_plain_dns() -> None:
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet], addresses=["10.1.10.60"])
    inbound = vpc.resolver_endpoint("in", "INBOUND", {subnet: "10.1.10.53"}, [])
    net.site(dns("servers: [172.20.1.10], forwards: [{zone: amazonaws.com, to: [10.1.10.53]}]"))
    assert answer(ask_site(net, SQS)) == "10.1.10.60"
    inbound.record["Protocols"] = ["DoH", "Do53"]
    assert answer(ask_site(net, SQS)) == "10.1.10.60"
    inbound.record["Protocols"] = ["DoH"]
    assert answer(ask_site(net, SQS)) == "unknown"


def test_an_undeclared_target_is_unknown_and_named() -> None:
    net, vpc, _ = forwarding("corp.example")
    net.site(dns("servers: [172.20.9.9]"))
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "unknown"
    assert "172.20.1.10" in found.unknown[0].reason
    assert len(found.queries) == 1


def test_a_target_port_of_its_own_is_asked() -> None:
    net, vpc, _ = forwarding("corp.example")
    rules = net.document(ACCOUNT, REGION, "route53resolver", "list-resolver-rules")["ResolverRules"]
    rules[-1]["TargetIps"][0]["Port"] = 5353
    assert [query.port for query in ask(net, vpc, "nexus.corp.example").queries] == [5353]


def test_what_was_not_read_of_the_outbound_endpoint_makes_it_unknown() -> None:
    net, vpc, _ = forwarding("corp.example")
    net.refuse(ACCOUNT, REGION, "route53resolver", "list-resolver-endpoint-ip-addresses")
    found = ask(net, vpc, "nexus.corp.example")
    assert (answer(found), needs(found)) == ("unknown", {"list-resolver-endpoint-ip-addresses"})


def test_an_outbound_endpoint_of_an_account_that_is_not_in_the_snapshot_makes_it_unknown() -> None:
    net, vpc, outbound = forwarding("corp.example")
    endpoints = net.document(ACCOUNT, REGION, "route53resolver", "list-resolver-endpoints")["ResolverEndpoints"]
    endpoints.clear()
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "unknown"
    assert outbound.id in found.unknown[0].reason


def test_a_rule_that_is_still_being_associated_is_unknown() -> None:
    net, vpc, _ = forwarding("corp.example")
    operation = "list-resolver-rule-associations"
    associations = net.document(ACCOUNT, REGION, "route53resolver", operation)["ResolverRuleAssociations"]
    associations[-1]["Status"] = "CREATING"
    assert answer(ask(net, vpc, "nexus.corp.example")) == "unknown"
    associations[-1]["Status"] = "FAILED"
    assert answer(ask(net, vpc, "nexus.corp.example")) == "nxdomain"


def test_an_address_of_two_dns_servers_is_unknown() -> None:
    net, vpc, _ = forwarding("corp.example")
    for name in ("one", "two"):
        hub = net.vpc(name, "172.20.0.0/16")
        hub.resolver_endpoint(name, "INBOUND", {hub.subnet("a", "172.20.1.0/24"): "172.20.1.10"}, [])
    net.site("")
    found = ask(net, vpc, "nexus.corp.example")
    assert answer(found) == "unknown"
    assert "more than one" in found.unknown[0].reason


def test_a_delegation_rule_is_for_names_that_a_zone_delegates() -> None:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverRule.html: it has a
    delegation record in place of a domain, and forwards what NS records that name it delegate.
    """
    net, vpc, _ = network()
    rule = net.resolver_rule("delegated", "ns.corp.example", kind="DELEGATE").associate(vpc)
    rule.record["DelegationRecord"] = rule.record.pop("DomainName")
    net.zone("corp.example", vpc).add("build", "NS", "ns.corp.example.").add("wiki", "A", "10.9.0.1")
    assert answer(ask(net, vpc, "nexus.build.corp.example")) == "unknown"
    assert answer(ask(net, vpc, "wiki.corp.example")) == "10.9.0.1"
    assert answer(ask(net, vpc, SQS)) == "public"
