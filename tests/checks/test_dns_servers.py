"""Several DNS servers: a resolver asks the next one where one does not answer, so that losing one is a warning.

https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html,
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html. A server counts as
reached where both UDP and TCP 53 are.
"""

from __future__ import annotations

import pytest

from builder import Estate, mwaa_estate, rule
from builder.estate_site import RESOLVERS
from builder.rules import inbound, outbound
from checks.cases import asked, diagnosis, of, only
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Status

CORPORATE = "resolve: {from: mwaa.worker, name: packages.corp.example, gives: private}"
FROM_SITE = "resolve: {from: dc.controller, name: sts.us-east-1.amazonaws.com, gives: anything}"
SQS = "reach: {from: mwaa.worker, to: 'service:sqs', port: 443}"
NOBODY = "10.24.32.60"
ALLOWED = "to: 172.20.1.0/24, protocol: {}, ports: [53]"


def narrowed(estate: Estate, protocol: str, block: str) -> None:
    """Let the site's firewall take DNS over a protocol for a block of its resolvers only."""
    text = estate.net.world.site
    rule_text = ALLOWED.format(protocol)
    assert rule_text in text
    estate.net.site(text.replace(rule_text, rule_text.replace("172.20.1.0/24", block)))


def own_servers(estate: Estate, *servers: str) -> None:
    """Custom DNS servers of the environment's VPC, with everything inside the VPC open."""
    estate.vpc.use_dhcp(estate.net.dhcp_options("own", *servers))
    estate.inbound_group.allow_in(rule("all", None, "10.24.0.0/16"))
    for acl in (estate.worker_acl, estate.endpoint_acl):
        acl.record["Entries"] = [entry(90, "allow", "all", None, "0.0.0.0/0").record() for entry in (inbound, outbound)]


class TestTargetsOfARule:
    def test_all_are_reached(self) -> None:
        assert only(asked(mwaa_estate(), CORPORATE)).status is Status.PASS

    @pytest.mark.parametrize("protocol", ["udp", "tcp"])
    def test_one_is_lost(self, protocol: str) -> None:
        estate = mwaa_estate()
        narrowed(estate, protocol, "172.20.1.10/32")
        found = only(asked(estate, CORPORATE))
        assert (found.status, found.code) == (Status.WARN, Fault.NAME_SERVER_LOST)
        assert found.resources[0] == "dc.firewall"
        assert "172.20.1.11" in found.resources
        assert "172.20.1.11" in found.message

    @pytest.mark.parametrize("protocol", ["udp", "tcp"])
    def test_all_are_lost(self, protocol: str) -> None:
        estate = mwaa_estate()
        narrowed(estate, protocol, "172.20.1.99/32")
        found = only(asked(estate, CORPORATE))
        assert (found.status, found.code) == (Status.FAIL, Fault.NAME_QUERY_BLOCKED)
        assert "dc.firewall" in found.resources

    def test_one_over_udp_and_the_other_over_tcp_is_all(self) -> None:
        estate = mwaa_estate()
        narrowed(estate, "udp", f"{RESOLVERS[0]}/32")
        narrowed(estate, "tcp", f"{RESOLVERS[1]}/32")
        assert only(asked(estate, CORPORATE)).status is Status.FAIL


def asking_from(estate: Estate, *pairs: tuple[str, str]) -> None:
    """Let the site's firewall pass DNS from some of its resolvers to some of the inbound addresses only."""
    text = estate.net.world.site
    for protocol in ("udp", "tcp"):
        line = "- {{action: allow, direction: outbound, from: {}, to: {}, protocol: {}, ports: [53]}}"
        old = line.format("172.20.1.0/24", "10.24.32.0/25", protocol)
        assert text
        assert old in text
        new = [line.format(f"{source}/32", f"{server}/32", protocol) for source, server in pairs]
        text = text.replace(old, "\n        ".join(new))
    estate.net.site(text)


class TestServersReachedFromPartOfTheResolvers:
    """Every resolver that asks must reach one of the servers; that it does not reach all costs redundancy only."""

    def test_each_resolver_reaches_another_one(self) -> None:
        estate = mwaa_estate()
        first, second = estate.resolver_inbound.addresses
        asking_from(estate, (RESOLVERS[0], first), (RESOLVERS[1], second))
        found = only(asked(estate, FROM_SITE))
        assert (found.status, found.code) == (Status.WARN, Fault.NAME_SERVER_LOST)
        assert f"{first} is not reached from {RESOLVERS[1]}" in found.message

    def test_one_resolver_reaches_none(self) -> None:
        estate = mwaa_estate()
        asking_from(estate, *((RESOLVERS[0], server) for server in estate.resolver_inbound.addresses))
        found = only(asked(estate, FROM_SITE))
        assert (found.status, found.code) == (Status.FAIL, Fault.NAME_QUERY_BLOCKED)
        assert found.resources[0] == "dc.firewall"


class TestForwardsToAnOutboundEndpoint:
    """It sends queries and takes none
    (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_ResolverEndpoint.html)."""

    def forwarding(self, *addresses: str) -> Estate:
        estate = mwaa_estate()
        estate.outbound_group.allow_in(rule("all"))
        text = estate.net.site_text.replace(
            f"to: [{', '.join(estate.resolver_inbound.addresses)}]", f"to: [{', '.join(addresses)}]"
        )
        estate.net.site(text)
        return estate

    def test_fail_whatever_lets_the_packets_through(self) -> None:
        estate = self.forwarding("10.24.32.11", "10.24.32.75")
        found = only(asked(estate, FROM_SITE))
        assert (found.status, found.code) == (Status.FAIL, Fault.NAME_QUERY_BLOCKED)
        assert found.resources[:2] == ("dc.dns", estate.resolver_outbound.id)
        assert "takes no queries" in found.message

    def test_beside_an_inbound_one_are_a_warning(self) -> None:
        found = only(asked(self.forwarding("10.24.32.10", "10.24.32.75"), FROM_SITE))
        assert (found.status, found.code) == (Status.WARN, Fault.NAME_SERVER_LOST)
        assert found.resources[0] == "dc.dns"


class TestForwardsOfASite:
    def test_one_inbound_address_is_nobody_s(self) -> None:
        estate = mwaa_estate()
        first, second = estate.resolver_inbound.addresses
        estate.net.site(estate.net.world.site.replace(f"to: [{first}, {second}]", f"to: [{first}, {NOBODY}]"))
        found = only(asked(estate, FROM_SITE))
        assert (found.status, found.code) == (Status.WARN, Fault.NAME_SERVER_LOST)
        assert NOBODY in found.resources

    def test_both_are(self) -> None:
        estate = mwaa_estate()
        first, second = estate.resolver_inbound.addresses
        estate.net.site(estate.net.world.site.replace(f"to: [{first}, {second}]", f"to: [{NOBODY}]"))
        assert only(asked(estate, FROM_SITE)).status is Status.FAIL


class TestServersOfAVpc:
    def test_one_is_nobody(self) -> None:
        estate = mwaa_estate()
        own_servers(estate, estate.resolver_inbound.addresses[0], NOBODY)
        found = only(asked(estate, SQS))
        assert (found.status, found.code) == (Status.WARN, Fault.NAME_SERVER_LOST)
        assert NOBODY in found.resources

    def test_amazon_s_answers_beside_one_that_is_lost(self) -> None:
        estate = mwaa_estate()
        own_servers(estate, "AmazonProvidedDNS", NOBODY)
        assert only(asked(estate, SQS)).status is Status.WARN

    def test_all_are_nobody(self) -> None:
        estate = mwaa_estate()
        own_servers(estate, "10.24.32.61", NOBODY)
        assert only(asked(estate, SQS)).status is Status.FAIL

    def test_a_lost_server_is_no_failure_of_the_path(self) -> None:
        estate = mwaa_estate()
        own_servers(estate, estate.resolver_inbound.addresses[0], NOBODY)
        (finding,) = of(diagnosis(estate), "SQS-REACH")
        assert finding.status is Status.WARN
