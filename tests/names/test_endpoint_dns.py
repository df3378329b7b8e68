"""The names of VPC endpoints."""

from __future__ import annotations

import pytest

from builder import topology
from mwaanet.names import Outcome
from names.cases import ACCOUNT, KMS, OTHER, REGION, SQS, answer, ask, ask_site, dns, needs, network

BUCKET = "my.bucket.s3.us-east-1.amazonaws.com"


def test_does_a_service_resolve_to_its_endpoint() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint(
        "sqs", [subnet, vpc.subnet("b", "10.1.11.0/24", "az2")], addresses=["10.1.10.9", "10.1.11.9"]
    )
    found = ask(net, vpc, SQS)
    assert answer(found) == "10.1.10.9, 10.1.11.9"
    assert found.endpoint == found.decided_by == endpoint.id
    assert not found.public


def test_the_legacy_name_resolves_to_it_too() -> None:
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"])
    assert answer(ask(net, vpc, "us-east-1.queue.amazonaws.com")) == "10.1.10.9"


def test_names_that_only_the_service_lists_count_too() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("ecr.dkr", [subnet], addresses=["10.1.10.9"])
    endpoint.record["DnsEntries"] = endpoint.record["DnsEntries"][:1]
    assert answer(ask(net, vpc, "111122223333.dkr.ecr.us-east-1.amazonaws.com")) == "10.1.10.9"


def test_without_an_endpoint_a_service_is_public() -> None:
    net, vpc, _ = network()
    found = ask(net, vpc, SQS)
    assert (answer(found), found.public, found.decided_by) == ("public", True, vpc.id)
    assert "10.0.0.1" not in found.addresses
    assert "52.94.1.1" in found.addresses


def test_private_dns_off_leaves_it_public() -> None:
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet], private_dns=False)
    assert answer(ask(net, vpc, SQS)) == "public"


def test_private_dns_is_for_the_endpoints_own_vpc_only() -> None:
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet])
    assert answer(ask(net, net.vpc("other", "10.2.0.0/16"), SQS)) == "public"


@pytest.mark.parametrize("state", ["pendingAcceptance", "rejected", "failed", "expired", "pending"])
def test_an_endpoint_that_is_not_available_answers_nothing_and_is_to_blame(state: str) -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("sqs", [subnet]).state(state)
    found = ask(net, vpc, SQS)
    assert (answer(found), found.decided_by) == ("public", endpoint.id)
    assert any(state in step.text for step in found.steps)


@pytest.mark.parametrize("name", [SQS, f"queue.{SQS}"])
def test_whether_an_endpoint_answers_in_a_state_that_no_guide_explains_is_not_known(name: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html lists `Partial`."""
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("sqs", [subnet]).state("partial")
    found = ask(net, vpc, name)
    assert (answer(found), found.decided_by) == ("unknown", endpoint.id)
    assert found.unknown[0].reason == f"whether {endpoint.id} answers {name} is not known: its state is partial"


@pytest.mark.parametrize("attribute", ["enableDnsSupport", "enableDnsHostnames"])
def test_both_dns_attributes_must_be_on(attribute: str) -> None:
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet])
    vpc.attribute(attribute, False)
    found = ask(net, vpc, SQS)
    assert answer(found) == ("refused" if attribute == "enableDnsSupport" else "public")
    assert found.decided_by == vpc.id


def test_a_name_below_an_endpoints_name_does_not_exist() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("sqs", [subnet])
    found = ask(net, vpc, f"queue.{SQS}")
    assert (answer(found), found.decided_by) == ("nxdomain", endpoint.id)


@pytest.mark.parametrize("name", [f"queue.{SQS}", "api.corp.example"])
def test_a_name_below_an_endpoints_name_is_open_where_the_services_names_are_not_listed(name: str) -> None:
    """The zones of some services hold wildcards (`*.dkr.ecr`); a customer's service has one name.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html,
    https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
    """
    net, vpc, subnet = network()
    vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"])
    vpc.endpoint("com.amazonaws.vpce.us-east-1.vpce-svc-0a1b", [subnet]).private_dns(True, ["corp.example"])
    net.refuse(ACCOUNT, REGION, "ec2", "describe-vpc-endpoint-services")
    assert answer(ask(net, vpc, SQS)) == "10.1.10.9"
    found = ask(net, vpc, name)
    if name.endswith("corp.example"):
        assert answer(found) == "nxdomain"
    else:
        assert (answer(found), needs(found)) == ("unknown", {"describe-vpc-endpoint-services"})


def test_s3_names_resolve_to_an_interface_endpoint_with_private_dns() -> None:
    net, vpc, subnet = network()
    vpc.endpoint("s3", [subnet], addresses=["10.1.10.9"])
    assert answer(ask(net, vpc, BUCKET)) == "10.1.10.9"
    assert answer(ask(net, vpc, "s3.us-east-1.amazonaws.com")) == "10.1.10.9"


@pytest.mark.parametrize("last", ["Gateway", "Interface"])
def test_s3_names_that_only_the_service_lists_count_whichever_endpoint_type_is_listed_last(last: str) -> None:
    """S3's gateway and interface endpoints have one service name; the gateway's entry has no private names.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
    """
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("s3", [subnet], addresses=["10.1.10.9"])
    endpoint.record["DnsEntries"] = endpoint.record["DnsEntries"][:1]
    details = net.store.whole["ec2", "describe-vpc-endpoint-services"]["ServiceDetails"]
    details.sort(key=lambda detail: detail["ServiceType"][0]["ServiceType"] == last)
    assert answer(ask(net, vpc, BUCKET)) == "10.1.10.9"


def test_s3_private_dns_for_inbound_endpoints_only_leaves_the_vpc_with_public_addresses() -> None:
    net, vpc, subnet = network()
    options = {"PrivateDnsOnlyForInboundResolverEndpoint": True}
    endpoint = vpc.endpoint("s3", [subnet], addresses=["10.1.10.9"], dns_options=options)
    vpc.resolver_endpoint("in", "INBOUND", {subnet: "10.1.10.53"}, [])
    net.site(dns("servers: [172.20.1.10], forwards: [{zone: amazonaws.com, to: [10.1.10.53]}]"))
    inside = ask(net, vpc, BUCKET)
    assert inside.public
    assert not inside.undetermined
    assert inside.decided_by == endpoint.id
    assert answer(ask_site(net, BUCKET)) == "10.1.10.9"


def test_the_endpoints_own_name_gives_its_addresses_everywhere() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint(
        "kms", [subnet, vpc.subnet("b", "10.1.11.0/24", "az2")], addresses=["10.1.10.9", "10.1.11.9"]
    )
    found = ask(net, net.vpc("other", "10.2.0.0/16"), endpoint.dns_name)
    assert (answer(found), found.endpoint) == ("10.1.10.9, 10.1.11.9", endpoint.id)


def test_a_zonal_name_gives_that_zones_address() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint(
        "kms", [subnet, vpc.subnet("b", "10.1.11.0/24", "az2")], addresses=["10.1.10.9", "10.1.11.9"]
    )
    head, _, rest = endpoint.dns_name.partition(".")
    assert answer(ask(net, vpc, f"{head}-us-east-1b.{rest}")) == "10.1.11.9"


def test_s3s_own_names_answer_for_buckets() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("s3", [subnet], addresses=["10.1.10.9"], private_dns=False)
    assert answer(ask(net, vpc, f"bucket.{endpoint.dns_name}")) == "10.1.10.9"


def test_an_endpoint_that_is_not_in_the_snapshot_is_unknown() -> None:
    net, vpc, _ = network()
    found = ask(net, vpc, "vpce-0123456789abcdef0-a1b2c3d4.sqs.us-east-1.vpce.amazonaws.com")
    assert (answer(found), found.decided_by) == ("unknown", "vpce-0123456789abcdef0")
    assert needs(found) == {"describe-vpc-endpoints"}


def test_an_endpoint_whose_private_names_nobody_lists_may_have_any() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("sqs", [subnet])
    endpoint.record["DnsEntries"] = endpoint.record["DnsEntries"][:1]
    found = ask(net.refuse(ACCOUNT, REGION, "ec2", "describe-vpc-endpoint-services"), vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"describe-vpc-endpoint-services"})


def test_a_wildcard_does_not_answer_for_its_parent() -> None:
    net, vpc, subnet = network()
    endpoint = vpc.endpoint("com.amazonaws.vpce.us-east-1.vpce-svc-0a1b", [subnet], private_dns=True)
    endpoint.private_dns(True, ["*.corp.example"])
    assert answer(ask(net, vpc, "corp.example")) == "no-data"
    assert ask(net, vpc, "a.corp.example").endpoint == endpoint.id


def test_an_endpoint_without_interfaces_answers_nothing() -> None:
    net, vpc, _ = network()
    assert answer(ask(net, vpc, vpc.endpoint("kms", []).dns_name)) == "no-data"


def test_interfaces_that_are_not_in_the_snapshot_make_it_unknown() -> None:
    net, vpc, subnet = network()
    vpc.endpoint("kms", [subnet])
    found = ask(net.refuse(ACCOUNT, REGION, "ec2", "describe-network-interfaces"), vpc, KMS)
    assert found.outcome is Outcome.UNKNOWN
    assert needs(found) == {"describe-network-interfaces"}


def test_a_customers_service_answers_its_private_name() -> None:
    net = topology()
    provider = net.account(OTHER).region()
    theirs = provider.vpc("theirs", "10.9.0.0/16")
    nlb = theirs.network_load_balancer("packages", [theirs.subnet("a", "10.9.1.0/24")])
    service = provider.endpoint_service("packages", [nlb], allowed=[ACCOUNT], private_name="packages.corp.example")
    vpc = net.vpc("apps", "10.1.0.0/16")
    vpc.endpoint(service, [vpc.subnet("a", "10.1.10.0/24")], private_dns=True, addresses=["10.1.10.9"])
    assert answer(ask(net, vpc, "packages.corp.example")) == "10.1.10.9"


def test_ipv6_is_answered_where_the_endpoint_says_so() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18::/56")
    subnet = vpc.subnet("a", "10.1.10.0/24", ipv6="2600:1f18::/64")
    endpoint = vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"], dns_options={"DnsRecordIpType": "dualstack"})
    endpoint.interfaces[0]["Ipv6Addresses"] = [{"Ipv6Address": "2600:1f18::9"}]
    assert answer(ask(net, vpc, SQS)) == "10.1.10.9, 2600:1f18::9"
    endpoint.record["DnsOptions"]["DnsRecordIpType"] = "ipv4"
    assert answer(ask(net, vpc, SQS)) == "10.1.10.9"
