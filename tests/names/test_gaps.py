"""Which call that was not read changes which answer: exactly those that could hold something that comes first."""

from __future__ import annotations

import pytest

from builder import Topology, Vpc
from names.cases import ACCOUNT, REGION, SQS, answer, ask, dns, needs, network

CALLS = {
    "endpoints": (REGION, "ec2", "describe-vpc-endpoints"),
    "zones": ("global", "route53", "list-hosted-zones-by-vpc"),
    "rules": (REGION, "route53resolver", "list-resolver-rule-associations"),
    "rule": (REGION, "route53resolver", "list-resolver-rules"),
    "attributes": (REGION, "ec2", "describe-vpc-attribute"),
    "services": (REGION, "ec2", "describe-vpc-endpoint-services"),
    "all zones": ("global", "route53", "list-hosted-zones"),
    "each zone": ("global", "route53", "get-hosted-zone"),
}


def estate() -> tuple[Topology, Vpc]:
    """Names decided by an endpoint, by zones at and above them, by rules at and above them, and by public DNS."""
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"])
    net.zone("exact.zone.com", vpc).add("@", "A", "10.9.0.1")
    net.zone("zone.com", vpc).add("below", "A", "10.9.0.2")
    net.zone("zone.local", vpc).add("below", "A", "10.9.0.3")
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {subnet: "10.1.10.53"}, [])
    for domain in ("exact.rule.com", "rule.com", "rule.local"):
        net.resolver_rule(domain, domain, "172.20.1.10", endpoint=outbound).associate(vpc)
    records = ", ".join(f"{name}: [172.20.5.40]" for name in ("exact.rule.com", "below.rule.com", "below.rule.local"))
    net.site(dns(f"servers: [172.20.1.10], public: none, records: {{{records}}}"))
    return net, vpc


MATTERS = {
    SQS: {"endpoints", "rules", "rule", "attributes"},
    "exact.zone.com": {"rules", "rule", "attributes"},
    "below.zone.com": {"endpoints", "zones", "rules", "rule", "attributes"},
    "below.zone.local": {"zones", "rules", "rule", "attributes"},
    "exact.rule.com": {"rules", "rule", "attributes"},
    "below.rule.com": {"endpoints", "zones", "rules", "rule", "attributes"},
    "below.rule.local": {"zones", "rules", "rule", "attributes"},
    "kms.us-east-1.amazonaws.com": {"endpoints", "zones", "rules", "rule", "attributes"},
}


@pytest.mark.parametrize("name", MATTERS)
@pytest.mark.parametrize("gap", CALLS)
def test_a_call_that_was_refused_matters_where_it_could_decide(name: str, gap: str) -> None:
    net, vpc = estate()
    before = ask(net, vpc, name)
    assert answer(before) != "unknown"
    region, service, operation = CALLS[gap]
    after = ask(net.refuse(ACCOUNT, region, service, operation), vpc, name)
    if gap in MATTERS[name]:
        assert answer(after) == "unknown"
        assert operation in needs(after)
    else:
        assert (answer(after), after.decided_by) == (answer(before), before.decided_by)


@pytest.mark.parametrize("name", MATTERS)
@pytest.mark.parametrize("attribute", ["enableDnsSupport", "enableDnsHostnames"])
def test_an_attribute_matters_where_it_decides(name: str, attribute: str) -> None:
    net, vpc = estate()
    net.refuse_call(ACCOUNT, REGION, "ec2", "describe-vpc-attribute", Attribute=attribute)
    private = name in (SQS, "exact.zone.com", "below.zone.com", "below.zone.local")
    unknown = private or attribute == "enableDnsSupport"
    assert (answer(ask(net, vpc, name)) == "unknown") is unknown


def test_a_call_that_nobody_made_is_as_good_as_refused() -> None:
    net, vpc = estate()
    found = ask(net.drop_call(ACCOUNT, REGION, "ec2", "describe-vpc-endpoints"), vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"describe-vpc-endpoints"})


def test_zones_that_name_the_vpc_count_even_where_the_vpcs_list_was_not_read() -> None:
    net, vpc = estate()
    net.drop_call(ACCOUNT, "global", "route53", "list-hosted-zones-by-vpc")
    assert answer(ask(net, vpc, "exact.zone.com")) == "10.9.0.1"


def test_private_zones_do_not_matter_without_dns_hostnames() -> None:
    net, vpc = estate()
    vpc.attribute("enableDnsHostnames", False)
    net.refuse(ACCOUNT, REGION, "ec2", "describe-vpc-endpoints")
    assert answer(ask(net, vpc, "kms.us-east-1.amazonaws.com")) == "public"
    assert answer(ask(net, vpc, "below.rule.com")) == "172.20.5.40"


def test_hidden_zones_of_endpoints_are_the_endpoints_where_those_are_known() -> None:
    net, vpc = estate()
    listed = net.document(ACCOUNT, "global", "route53", "list-hosted-zones-by-vpc")["Calls"][0]["Response"]
    owner = {"OwningService": "vpce.amazonaws.com"}
    for number, name in enumerate((SQS, "elasticfilesystem.us-east-1.amazonaws.com")):
        listed["HostedZoneSummaries"].append({"HostedZoneId": f"Z{number}", "Name": name + ".", "Owner": owner})
    assert answer(ask(net, vpc, SQS)) == "10.1.10.9"
    assert answer(ask(net, vpc, "elasticfilesystem.us-east-1.amazonaws.com")) == "unknown"
