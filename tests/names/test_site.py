"""What the resolvers of a site answer."""

from __future__ import annotations

import pytest

from builder import Topology
from mwaanet.names import SitePlace, resolve, servers_of
from names.cases import ACCOUNT, REGION, SQS, answer, ask_site, dns, inventory, needs, network, reasons

ENV = "env.airflow.us-east-1.amazonaws.com"


def site(text: str) -> tuple[Topology, str]:
    """A site, and a VPC with an inbound endpoint 10.1.10.53 and an SQS endpoint; its `vpce-…` name."""
    net, vpc, subnet = network()
    vpc.resolver_endpoint("in", "INBOUND", {subnet: "10.1.10.53"}, [])
    endpoint = vpc.endpoint("sqs", [subnet], addresses=["10.1.10.9"])
    net.site(dns(f"servers: [172.20.1.10]{text and ', '}{text}"))
    return net, endpoint.dns_name


def test_its_own_record_comes_first() -> None:
    net, _ = site("records: {nexus.corp.example: [172.20.5.40]}, forwards: [{zone: corp.example, to: [10.1.10.53]}]")
    found = ask_site(net, "nexus.corp.example")
    assert (answer(found), found.decided_by, found.queries) == ("172.20.5.40", "dc.dns", ())


def test_its_cname_is_followed_from_the_site() -> None:
    net, _ = site("public: all, records: {queue.corp.example: {cname: sqs.us-east-1.amazonaws.com}}")
    found = ask_site(net, "queue.corp.example")
    assert (answer(found), found.chain) == ("public", (SQS,))


def test_a_forward_to_an_inbound_endpoint_resolves_in_its_vpc() -> None:
    net, _ = site("public: none, forwards: [{zone: us-east-1.amazonaws.com, to: [10.1.10.53]}]")
    found = ask_site(net, SQS)
    assert answer(found) == "10.1.10.9"
    (query,) = found.queries
    assert query.components == ("dc",)
    assert (str(query.sources), str(query.servers)) == ("172.20.1.10", "10.1.10.53")


def test_the_most_specific_forward_decides() -> None:
    forwards = "forwards: [{zone: amazonaws.com, to: [172.20.9.9]}, {zone: us-east-1.amazonaws.com, to: [10.1.10.53]}]"
    net, _ = site(forwards)
    assert answer(ask_site(net, SQS)) == "10.1.10.9"
    assert answer(ask_site(net, "sqs.eu-west-1.amazonaws.com")) == "unknown"


def test_a_forward_to_nobody_known_is_unknown() -> None:
    net, _ = site("forwards: [{zone: amazonaws.com, to: [10.1.0.2]}]")
    found = ask_site(net, SQS)
    assert answer(found) == "unknown"
    assert "10.1.0.2" in reasons(found)


def test_a_forward_to_an_endpoint_whose_addresses_were_not_read_is_unknown() -> None:
    net, _ = site("forwards: [{zone: us-east-1.amazonaws.com, to: [10.1.10.53]}]")
    net.refuse(ACCOUNT, REGION, "route53resolver", "list-resolver-endpoint-ip-addresses")
    found = ask_site(net, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"list-resolver-endpoint-ip-addresses"})


def test_private_names_do_not_resolve_without_a_forward() -> None:
    net, _ = site("public: all")
    assert answer(ask_site(net, SQS)) == "public"


@pytest.mark.parametrize(
    ("public", "expected"), [("all", "10.1.10.9"), ("filtered", "no-data"), ("none", "nxdomain"), ("", "unknown")]
)
def test_the_endpoints_public_name_resolves_as_the_site_lets_it(public: str, expected: str) -> None:
    net, name = site(f"public: {public}" if public else "")
    found = ask_site(net, name)
    assert (answer(found), found.decided_by == "dc.dns") == (expected, public != "all")
    said = {"filtered": "rebinding protection", "none": "answers no public names", "": "public", "all": ""}
    assert said[public] in found.steps[-1].text


def test_public_answers_pass_the_filter() -> None:
    net, _ = site("public: filtered")
    assert answer(ask_site(net, SQS)) == "public"


def test_what_nobody_said_of_public_names_is_named() -> None:
    net, _ = site("")
    assert "on_premises dns: public" in reasons(ask_site(net, ENV))


def test_a_site_without_dns_is_unknown() -> None:
    net, _ = site("")
    net.site("version: 1\non_premises:\n  - {name: dc, cidrs: [172.20.0.0/16]}\n")
    assert "on_premises dc: dns" in reasons(ask_site(net, ENV))


def test_a_site_that_is_not_declared_is_unknown() -> None:
    net, _ = site("")
    assert "on_premises elsewhere" in reasons(ask_site(net, ENV, "elsewhere"))


def test_an_address_needs_no_dns() -> None:
    net, _ = site("")
    assert answer(resolve(inventory(net), SitePlace(site_name="dc"), "172.20.5.40")) == "172.20.5.40"


def test_an_undelegated_name_does_not_exist_in_public() -> None:
    net, _ = site("public: all")
    assert answer(ask_site(net, "nexus.company.local")) == "nxdomain"


def test_at_which_addresses_its_clients_ask() -> None:
    net, _ = site("public: all")
    assert str(servers_of(inventory(net), SitePlace(site_name="dc"))) == "172.20.1.10"


def test_of_an_undeclared_site_they_are_not_known() -> None:
    net, _ = site("public: all")
    assert servers_of(inventory(net), SitePlace(site_name="other")) is None
