"""What was observed in the estate, beside what its model says."""

from __future__ import annotations

import pytest

from builder import Estate, mwaa_estate
from builder.estate import REGION
from builder.estate_site import CLIENT, PACKAGE_SERVER, RESOLVERS
from builder.rules import rule
from checks.cases import context
from mwaanet.checks.ask import sources
from mwaanet.graph.network import Network
from mwaanet.paths.trace import Reachable
from mwaanet.probe.api_observation import ApiOutcome
from mwaanet.probe.dns_observation import DnsOutcome
from mwaanet.probe.observation import Observation
from mwaanet.probe.reconcile import Agreement, Comparison, reconcile
from mwaanet.probe.tcp_observation import TcpOutcome
from mwaanet.probe.tls_observation import TlsOutcome
from mwaanet.status import Status
from probe.observed import api, dns, tcp, tls

SQS = f"sqs.{REGION}.amazonaws.com"
WORKER = "mwaa.worker"
WORKER_ADDRESS = "10.24.8.17"


@pytest.fixture(scope="module")
def estate() -> Estate:
    return mwaa_estate()


@pytest.fixture(scope="module")
def network(estate: Estate) -> Network:
    return context(estate).network


@pytest.fixture(scope="module")
def queue(estate: Estate) -> str:
    """An address of the endpoint for SQS."""
    return str(estate.endpoints["sqs"].interfaces[0]["PrivateIpAddress"])


def compared(network: Network, observation: Observation, place: str = "") -> Comparison:
    places = sources(network, place) if place else ()
    (comparison,) = reconcile(network, [observation], places)
    return comparison


class TestConnections:
    def test_both_say_yes(self, network: Network, queue: str) -> None:
        found = compared(network, tcp(TcpOutcome.CONNECTED, queue), WORKER)
        assert (found.agreement, found.status, found.model) == (Agreement.AGREE, Status.PASS, Reachable.YES)

    def test_both_say_no_and_the_model_says_where(self, network: Network) -> None:
        found = compared(network, tcp(TcpOutcome.TIMED_OUT, "10.24.63.200"), WORKER)
        assert (found.agreement, found.status, found.model) == (Agreement.AGREE, Status.FAIL, Reachable.NO)
        assert found.resources

    @pytest.mark.parametrize(
        ("outcome", "first"),
        [
            (TcpOutcome.TIMED_OUT, "own firewall drops"),
            (TcpOutcome.REFUSED, "the service is down"),
            (TcpOutcome.UNREACHABLE, "this host's own routes"),
            (TcpOutcome.RESET, "a proxy or load balancer"),
            (TcpOutcome.FORBIDDEN, "this host's own firewall"),
        ],
    )
    def test_the_model_says_yes_and_the_network_no(
        self, network: Network, queue: str, outcome: TcpOutcome, first: str
    ) -> None:
        found = compared(network, tcp(outcome, queue), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_YES_NETWORK_NO, Status.FAIL)
        assert first in found.left[0]

    @pytest.mark.parametrize(
        ("outcome", "first"),
        [
            (TlsOutcome.STALLED, "the MTU"),
            (TlsOutcome.INTERCEPTED, "a proxy or firewall that inspects TLS"),
            (TlsOutcome.EXPIRED, "the server's certificate"),
            (TlsOutcome.NOT_TLS, "a proxy"),
        ],
    )
    def test_connected_but_no_tls(self, network: Network, queue: str, outcome: TlsOutcome, first: str) -> None:
        found = compared(network, tls(outcome, queue), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_YES_NETWORK_NO, Status.FAIL)
        assert first in found.left[0]

    def test_the_model_says_no_and_the_network_yes(self, network: Network, queue: str) -> None:
        found = compared(network, tcp(TcpOutcome.CONNECTED, queue, port=22), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_NO_NETWORK_YES, Status.WARN)
        assert "snapshot is older" in found.left[0]
        assert found.resources

    def test_a_refusal_that_the_model_says_cannot_come_back(self, network: Network, queue: str) -> None:
        """A security group drops; whoever refuses stands behind it."""
        found = compared(network, tcp(TcpOutcome.REFUSED, queue, port=22), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_NO_NETWORK_YES, Status.FAIL)

    def test_a_refusal_by_a_sites_firewall_is_what_the_model_says(self, network: Network) -> None:
        found = compared(network, tcp(TcpOutcome.REFUSED, "10.24.32.20", port=22), "dc.controller")
        assert (found.agreement, found.status) == (Agreement.AGREE, Status.FAIL)

    @pytest.mark.parametrize(
        ("outcome", "status"), [(TcpOutcome.CONNECTED, Status.PASS), (TcpOutcome.TIMED_OUT, Status.FAIL)]
    )
    def test_the_model_does_not_know(self, estate: Estate, queue: str, outcome: TcpOutcome, status: Status) -> None:
        """What was seen counts then; what would tell is named."""
        files = {name: text for name, text in estate.files().items() if "describe-security-groups" not in name}
        found = compared(context(files).network, tcp(outcome, queue), WORKER)
        assert (found.agreement, found.status, found.model) == (Agreement.UNKNOWN, status, Reachable.UNKNOWN)
        assert "describe-security-groups" in {need.operation for need in found.needs}

    def test_the_probe_could_not_tell(self, network: Network, queue: str) -> None:
        found = compared(network, tcp(TcpOutcome.FAILED, queue), WORKER)
        assert (found.agreement, found.status) == (Agreement.UNKNOWN, Status.UNKNOWN)

    def test_a_change_to_the_model_changes_the_answer(self) -> None:
        broken = mwaa_estate()
        other = broken.vpc.security_group("other", ingress=[rule("tcp", 443, "192.0.2.0/24")])
        broken.endpoints["sqs"].regroup(other)
        address = str(broken.endpoints["sqs"].interfaces[0]["PrivateIpAddress"])
        found = compared(context(broken).network, tcp(TcpOutcome.CONNECTED, address), WORKER)
        assert found.agreement is Agreement.MODEL_NO_NETWORK_YES
        assert other.id in found.resources


class TestNames:
    def test_both_say_yes(self, network: Network, queue: str) -> None:
        found = compared(network, dns(DnsOutcome.ANSWERED, SQS, queue, server="10.24.0.2"), WORKER)
        assert (found.agreement, found.status) == (Agreement.AGREE, Status.PASS)

    def test_it_leads_elsewhere(self, network: Network, queue: str) -> None:
        found = compared(network, dns(DnsOutcome.ANSWERED, SQS, "3.5.0.1", server="10.24.0.2"), WORKER)
        assert (found.agreement, found.status) == (Agreement.ELSEWHERE, Status.WARN)
        assert queue in found.message

    def test_a_connection_to_an_address_that_the_name_should_not_have(self, network: Network, queue: str) -> None:
        found = compared(network, tcp(TcpOutcome.CONNECTED, "3.5.0.1", host=SQS), WORKER)
        assert (found.agreement, found.status) == (Agreement.ELSEWHERE, Status.WARN)
        found = compared(network, tcp(TcpOutcome.CONNECTED, queue, host=SQS), WORKER)
        assert (found.agreement, found.status) == (Agreement.AGREE, Status.PASS)

    @pytest.mark.parametrize("outcome", [DnsOutcome.NXDOMAIN, DnsOutcome.TIMED_OUT, DnsOutcome.SERVFAIL])
    def test_the_model_says_yes_and_the_network_no(self, network: Network, outcome: DnsOutcome) -> None:
        found = compared(network, dns(outcome, SQS, server="10.24.0.2"), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_YES_NETWORK_NO, Status.FAIL)
        assert found.left

    def test_both_say_that_the_name_does_not_exist(self, network: Network, estate: Estate) -> None:
        found = compared(network, dns(DnsOutcome.NXDOMAIN, "gone.build.example", server="10.24.0.2"), WORKER)
        assert (found.agreement, found.status, found.model) == (Agreement.AGREE, Status.FAIL, Reachable.NO)
        assert estate.zone.id in found.resources

    def test_a_name_that_the_model_does_not_have(self, network: Network) -> None:
        found = compared(network, dns(DnsOutcome.ANSWERED, "gone.build.example", "10.0.0.1"), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_NO_NETWORK_YES, Status.WARN)

    def test_a_name_that_did_not_resolve_when_a_connection_was_tried(self, network: Network) -> None:
        found = compared(network, tcp(TcpOutcome.NO_SUCH_NAME, "", host=SQS), WORKER)
        assert (found.agreement, found.status) == (Agreement.MODEL_YES_NETWORK_NO, Status.FAIL)
        assert "another resolver" in found.left[0]

    def test_another_server_than_the_places_is_not_compared(self, network: Network) -> None:
        found = compared(network, dns(DnsOutcome.ANSWERED, SQS, "3.5.0.1", server="8.8.8.8"), WORKER)
        assert (found.agreement, found.status) == (Agreement.UNKNOWN, Status.UNKNOWN)
        assert "8.8.8.8" in found.message

    @pytest.mark.parametrize("server", [RESOLVERS[1], "127.0.0.53"])
    def test_the_places_own_servers_and_a_stub_are_compared(self, network: Network, server: str) -> None:
        seen = dns(DnsOutcome.ANSWERED, "packages.corp.example", PACKAGE_SERVER, server=server)
        assert compared(network, seen, "dc.controller").agreement is Agreement.AGREE

    @pytest.mark.parametrize("text", ["", "garbage\x1b[2J", "fe80::1%eth0", "10.0.0.0/8-1"])
    def test_what_cannot_be_read_is_not_compared(self, network: Network, text: str, queue: str) -> None:
        seen = (
            dns(DnsOutcome.ANSWERED, SQS, text, server="10.24.0.2"),
            dns(DnsOutcome.ANSWERED, SQS, queue, server=text or "resolver"),
            tcp(TcpOutcome.CONNECTED, text, host="10.24.32.20"),
        )
        for observation in seen:
            found = compared(network, observation, WORKER)
            assert (found.agreement, found.status) == (Agreement.UNKNOWN, Status.UNKNOWN)


class TestCalls:
    ENV = f"env.airflow.{REGION}.amazonaws.com"

    def test_a_call_that_is_answered(self, network: Network) -> None:
        found = compared(network, api(ApiOutcome.OK, self.ENV, 200), "dc.controller")
        assert (found.agreement, found.status) == (Agreement.AGREE, Status.PASS)

    def test_a_call_that_is_denied_fails_above_the_network(self, network: Network) -> None:
        found = compared(network, api(ApiOutcome.ACCESS_DENIED, self.ENV, 403), "dc.controller")
        assert (found.agreement, found.status) == (Agreement.AGREE, Status.FAIL)
        assert "above" in found.message

    @pytest.mark.parametrize(
        "outcome",
        [ApiOutcome.NO_SUCH_NAME, ApiOutcome.TIMED_OUT, ApiOutcome.NO_ANSWER, ApiOutcome.UNTRUSTED_CERTIFICATE],
    )
    def test_the_model_says_yes_and_the_network_no(self, network: Network, outcome: ApiOutcome) -> None:
        found = compared(network, api(outcome, self.ENV), "dc.controller")
        assert (found.agreement, found.status) == (Agreement.MODEL_YES_NETWORK_NO, Status.FAIL)
        assert found.left

    def test_another_port_than_the_model_allows(self, network: Network) -> None:
        found = compared(network, api(ApiOutcome.OK, f"{self.ENV}:8443", 200), "dc.controller")
        assert found.agreement is Agreement.MODEL_NO_NETWORK_YES

    @pytest.mark.parametrize(("outcome", "status"), [(ApiOutcome.OK, 200), (ApiOutcome.NO_ANSWER, None)])
    def test_a_call_by_a_proxy_says_nothing_of_the_hosts_own_way(
        self, network: Network, outcome: ApiOutcome, status: int | None
    ) -> None:
        seen = api(outcome, f"{self.ENV}:8443", status, proxy="proxy.example:3128")
        found = compared(network, seen, "dc.controller")
        assert (found.agreement, found.status) == (Agreement.UNKNOWN, seen.status)

    @pytest.mark.parametrize(
        ("outcome", "host"),
        [
            (ApiOutcome.PROXY_REFUSED, ENV),
            (ApiOutcome.NO_CREDENTIALS, ENV),
            (ApiOutcome.OK, ""),
            (ApiOutcome.OK, "[garbage"),
        ],
    )
    def test_what_the_model_says_nothing_about(self, network: Network, outcome: ApiOutcome, host: str) -> None:
        seen = api(outcome, host)
        found = compared(network, seen, "dc.controller")
        assert (found.agreement, found.status) == (Agreement.UNKNOWN, seen.status)


class TestPlaces:
    def test_the_address_narrows_the_selector(self, network: Network, queue: str) -> None:
        found = compared(network, tcp(TcpOutcome.CONNECTED, queue, source=WORKER_ADDRESS), WORKER)
        assert (found.place, found.agreement) == (WORKER, Agreement.AGREE)

    @pytest.mark.parametrize("source", [WORKER_ADDRESS, CLIENT])
    def test_without_a_selector_the_address_tells(self, network: Network, queue: str, source: str) -> None:
        found = compared(network, tcp(TcpOutcome.CONNECTED, queue, source=source))
        assert (found.place, found.agreement) == (source, Agreement.AGREE)

    @pytest.mark.parametrize("source", ["", "127.0.0.1", "garbage", "fe80::1%eth0", "10.99.1.1"])
    def test_an_address_of_nobody_is_unknown(self, network: Network, queue: str, source: str) -> None:
        passed = compared(network, tcp(TcpOutcome.CONNECTED, queue, source=source))
        assert (passed.agreement, passed.status) == (Agreement.UNKNOWN, Status.UNKNOWN)
        failed = compared(network, tcp(TcpOutcome.TIMED_OUT, queue, source=source))
        assert (failed.agreement, failed.status) == (Agreement.UNKNOWN, Status.FAIL)
