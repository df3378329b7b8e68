"""DNS Firewall: which names it blocks, and when that is not known."""

from __future__ import annotations

import pytest

from names.cases import ACCOUNT, REGION, SQS, answer, ask, ask_site, dns, needs, network, reasons

NEXUS = "nexus.corp.example"


def test_a_blocked_name_gives_what_the_rule_says() -> None:
    net, vpc, _ = network()
    net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
    firewall = net.dns_firewall("strict", ("BLOCK", ["*.corp.example"])).associate(vpc)
    found = ask(net, vpc, NEXUS)
    assert (answer(found), found.decided_by) == ("nxdomain", firewall.id)
    assert answer(ask(net, vpc, SQS)) == "public"
    firewall.rules[0]["BlockResponse"] = "NODATA"
    assert answer(ask(net, vpc, NEXUS)) == "no-data"


def test_an_override_answers_with_another_name() -> None:
    net, vpc, _ = network()
    firewall = net.dns_firewall("strict", ("BLOCK", ["*.corp.example"])).associate(vpc)
    firewall.rules[0] |= {"BlockResponse": "OVERRIDE", "BlockOverrideDomain": "ec2-203-0-113-7.compute-1.amazonaws.com"}
    assert answer(ask(net, vpc, NEXUS)) == "203.0.113.7"


def test_the_first_rule_that_has_the_name_decides() -> None:
    net, vpc, _ = network()
    net.dns_firewall("allow", ("ALLOW", ["*.amazonaws.com"]), ("ALERT", ["corp.example"]), ("BLOCK", ["*"])).associate(
        vpc
    )
    assert answer(ask(net, vpc, SQS)) == "public"
    assert answer(ask(net, vpc, "corp.example")) == "nxdomain"
    assert answer(ask(net, vpc, NEXUS)) == "nxdomain"
    assert "allow 3" in ask(net, vpc, NEXUS).steps[-1].text


def test_it_does_not_matter_to_other_vpcs() -> None:
    net, vpc, _ = network()
    net.dns_firewall("strict", ("BLOCK", ["*"])).associate(net.vpc("other", "10.2.0.0/16"))
    assert answer(ask(net, vpc, SQS)) == "public"


def test_questions_through_an_inbound_endpoint_are_filtered_too() -> None:
    net, vpc, subnet = network()
    vpc.resolver_endpoint("in", "INBOUND", {subnet: "10.1.10.53"}, [])
    net.dns_firewall("strict", ("BLOCK", ["*.amazonaws.com"])).associate(vpc)
    net.site(dns("servers: [172.20.1.10], forwards: [{zone: amazonaws.com, to: [10.1.10.53]}]"))
    assert answer(ask_site(net, SQS)) == "nxdomain"


def test_rules_that_were_not_read_make_names_unknown_and_name_the_group() -> None:
    net, vpc, _ = network()
    firewall = net.dns_firewall("strict", ("ALLOW", ["*"])).associate(vpc)
    found = ask(net.refuse(ACCOUNT, REGION, "route53resolver", "list-firewall-rules"), vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"list-firewall-rules"})
    assert firewall.id in reasons(found)


def test_a_list_that_nobody_can_read_matters_only_where_it_could_change_the_answer() -> None:
    net, vpc, _ = network()
    rules = [("ALLOW", [SQS]), ("BLOCK", ["secret.example"]), ("BLOCK", [NEXUS])]
    firewall = net.dns_firewall("mixed", *rules).associate(vpc)
    hidden = firewall.rules[1]["FirewallDomainListId"]
    net.refuse_call(ACCOUNT, REGION, "route53resolver", "list-firewall-domains", FirewallDomainListId=hidden)
    assert answer(ask(net, vpc, SQS)) == "public"
    assert answer(ask(net, vpc, NEXUS)) == "nxdomain"
    assert answer(ask(net, vpc, "kms.us-east-1.amazonaws.com")) == "unknown"


def test_associations_that_were_not_read_make_every_name_unknown() -> None:
    net, vpc, _ = network()
    found = ask(net.refuse(ACCOUNT, REGION, "route53resolver", "list-firewall-rule-group-associations"), vpc, SQS)
    assert (answer(found), needs(found)) == ("unknown", {"list-firewall-rule-group-associations"})


def test_a_rule_that_judges_by_more_than_a_list_is_unknown() -> None:
    net, vpc, _ = network()
    firewall = net.dns_firewall("advanced", ("BLOCK", ["*"])).associate(vpc)
    firewall.rules[0] |= {"FirewallDomainListId": "", "DnsThreatProtection": "DGA"}
    assert answer(ask(net, vpc, SQS)) == "unknown"


def test_rules_for_other_types_do_not_count() -> None:
    net, vpc, _ = network()
    firewall = net.dns_firewall("types", ("BLOCK", ["*"])).associate(vpc)
    firewall.rules[0]["Qtype"] = "TXT"
    assert answer(ask(net, vpc, SQS)) == "public"


class TestQueryTypes:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-rule-settings.html: a rule
    inspects queries of its query type; `TYPE28` is `AAAA`.
    """

    @pytest.mark.parametrize("kind", ["AAAA", "TYPE28"])
    def test_to_block_ipv6_addresses_leaves_those_of_ipv4(self, kind: str) -> None:
        net, vpc, _ = network()
        net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1").add("nexus", "AAAA", "fd00::9")
        net.dns_firewall("types", ("BLOCK", ["*"])).associate(vpc).rules[0]["Qtype"] = kind
        assert answer(ask(net, vpc, NEXUS)) == "10.9.0.1"
        assert answer(ask(net, vpc, SQS)) == "public"

    @pytest.mark.parametrize("kind", ["A", "TYPE1"])
    def test_to_block_ipv4_addresses_leaves_nothing_of_a_name_that_has_no_others(self, kind: str) -> None:
        net, vpc, _ = network()
        net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
        firewall = net.dns_firewall("types", ("BLOCK", ["*"])).associate(vpc)
        firewall.rules[0]["Qtype"] = kind
        found = ask(net, vpc, NEXUS)
        assert (answer(found), found.decided_by) == ("no-data", firewall.id)

    def test_to_allow_ipv6_addresses_does_not_allow_those_of_ipv4(self) -> None:
        net, vpc, _ = network()
        net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1").add("nexus", "AAAA", "fd00::9")
        firewall = net.dns_firewall("types", ("ALLOW", ["*.corp.example"]), ("BLOCK", ["*"])).associate(vpc)
        firewall.rules[0]["Qtype"] = "AAAA"
        assert answer(ask(net, vpc, NEXUS)) == "fd00::9"

    def test_a_type_that_a_cname_leads_to_is_withheld_there(self) -> None:
        net, vpc, _ = network()
        zone = net.zone("corp.example", vpc).add("nexus", "CNAME", "repo.corp.example")
        zone.add("repo", "A", "10.9.0.1").add("repo", "AAAA", "fd00::9")
        net.dns_firewall("types", ("BLOCK", ["repo.corp.example"])).associate(vpc).rules[0]["Qtype"] = "AAAA"
        assert answer(ask(net, vpc, NEXUS)) == "10.9.0.1"

    def test_an_override_of_one_type_leaves_the_answer_unknown(self) -> None:
        net, vpc, _ = network()
        net.zone("corp.example", vpc).add("nexus", "A", "10.9.0.1")
        firewall = net.dns_firewall("types", ("BLOCK", ["*"])).associate(vpc)
        firewall.rules[0] |= {"Qtype": "A", "BlockResponse": "OVERRIDE", "BlockOverrideDomain": "sink.example.com"}
        assert answer(ask(net, vpc, NEXUS)) == "unknown"


class TestRedirections:
    """https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_FirewallRule.html:
    TRUST_REDIRECTION_DOMAIN inspects only the first domain in the redirection chain.
    """

    @pytest.mark.parametrize(
        ("action", "expected"), [("TRUST_REDIRECTION_DOMAIN", "10.9.0.1"), ("INSPECT_REDIRECTION_DOMAIN", "nxdomain")]
    )
    def test_a_name_that_an_allowed_one_leads_to(self, action: str, expected: str) -> None:
        net, vpc, _ = network()
        net.zone("corp.example", vpc).add("nexus", "CNAME", "repo.corp.example").add("repo", "A", "10.9.0.1")
        firewall = net.dns_firewall("garden", ("ALLOW", [NEXUS]), ("BLOCK", ["*"])).associate(vpc)
        firewall.rules[0]["FirewallDomainRedirectionAction"] = action
        assert answer(ask(net, vpc, NEXUS)) == expected
        assert answer(ask(net, vpc, "repo.corp.example")) == "nxdomain"
