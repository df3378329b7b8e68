"""Questions as people ask them: `mwaanet trace --from A --to B`."""

from __future__ import annotations

from datetime import date

import pytest

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION
from checks.asserting import loaded
from checks.cases import context
from graph.balanced import ACCOUNT, Balanced
from model.cases import foreign, interface, subnet, vpc
from mwaanet.checks.ask import ask, ask_why, assumptions_of, name_answer
from mwaanet.checks.assertions import run_assertions
from mwaanet.checks.assumptions import NO_PUBLIC_ACCESS_BLOCK
from mwaanet.checks.context import Context
from mwaanet.errors import UsageError
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.names.route53_profile import NO_PROFILES
from mwaanet.net import Intervals
from mwaanet.paths.trace import Reachable
from mwaanet.snapshot.reader import Snapshot


@pytest.fixture(scope="module")
def estate() -> Estate:
    return mwaa_estate()


@pytest.fixture(scope="module")
def network(estate: Estate) -> Network:
    return context(estate).network


@pytest.mark.parametrize(
    ("source", "destination", "protocol", "port", "expected"),
    [
        ("mwaa.worker", "bucket", 6, 443, "yes"),
        ("mwaa.worker", "bucket", 6, 80, "no"),
        ("mwaa.worker", "mwaa.database", 6, 5432, "yes"),
        ("mwaa.worker", "https://packages.build.example/simple", 6, None, "yes"),
        ("mwaa.worker", "internet", 6, 443, "no"),
        ("dc.controller", "mwaa.webserver-name", 6, None, "yes"),
        ("dc.controller", "mwaa.worker", 6, 22, "no"),
        ("mwaa.worker", "gone.build.example", 6, 443, "no"),
    ],
)
def test_answers(
    network: Network, source: str, destination: str, protocol: int, port: int | None, expected: str
) -> None:
    assert ask(network, source, destination, protocol, port).reachable == expected


def test_what_must_change_for_a_name_that_does_not_resolve(estate: Estate, network: Network) -> None:
    found, paths = ask_why(network, "mwaa.worker", "gone.build.example", 6, 443)
    assert paths[0].resources == (estate.zone.id, "gone.build.example")
    assert (found.question.protocol, found.question.ports) == (6, Intervals.single(443))


def test_what_must_change_for_an_end_that_does_not_exist() -> None:
    estate = mwaa_estate()
    endpoint = estate.environment.database_endpoint
    assert endpoint
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
    found, paths = ask_why(context(estate).network, "mwaa.worker", "mwaa.database", 6, 5432)
    assert found.reachable is Reachable.NO
    assert paths[0].resources == (estate.vpc.id, endpoint.service_name)
    with pytest.raises(UsageError, match="no endpoint for"):
        ask(context(estate).network, "mwaa.database", "mwaa.worker", 6, 443)


def test_a_name_of_which_nothing_is_known() -> None:
    estate = mwaa_estate()
    estate.net.drop_call(HOME, REGION, "ec2", "describe-dhcp-options")
    found = ask(context(estate).network, "mwaa.worker", "bucket", 6, 443)
    assert found.reachable is Reachable.UNKNOWN
    assert [need.operation for unknown in found.unknowns for need in unknown.needs] == ["describe-dhcp-options"]


def test_a_name_is_no_source(network: Network) -> None:
    with pytest.raises(UsageError, match="packets start from"):
        ask(network, "packages.build.example", "internet", 6, 443)


def test_an_environment_is_chosen_by_name(network: Network) -> None:
    assert ask(network, "mwaa.worker", "bucket", 6, 443, environment="ingest-prod").reachable is Reachable.YES
    with pytest.raises(UsageError, match="did you mean ingest-prod"):
        ask(network, "mwaa.worker", "bucket", 6, 443, environment="ingest")


def test_without_an_environment_ids_still_mean_something(estate: Estate) -> None:
    other = mwaa_estate()
    other.net.store.calls["mwaa", "get-environment"].clear()
    found = ask(context_without(other), estate.workers[0].id, "10.24.32.10", 6, 53)
    assert found.reachable is Reachable.NO


def context_without(estate: Estate) -> Network:
    from mwaanet.model.inventory import Inventory
    from mwaanet.snapshot.reader import Snapshot

    return Network(Inventory.load(Snapshot.from_files(estate.files())))


def test_assumptions_on_places_that_nobody_declared() -> None:
    estate = mwaa_estate()
    network = context(estate).network
    assert assumptions_of(network, ask(network, "mwaa.worker", "172.20.5.40", 6, 443)) == ()
    undeclared = context_without(mwaa_estate())
    task = estate.environment.tasks[0].id
    found = assumptions_of(undeclared, ask(undeclared, task, "172.20.5.40", 6, 443))
    assert any("what lies behind" in text for text in found)
    text = estate.net.world.site
    start = text.index("    routes:")
    estate.net.site(text[:start] + text[text.index("    clients:") :])
    network = context(estate).network
    found = assumptions_of(network, ask(network, "dc.controller", "mwaa.webserver", 6, 443))
    assert any("dc routes everything that AWS advertises" in text for text in found)


class TestASnapshotFromBeforeTheBlockOfPublicAccess:
    """It assumes that there is none, wherever an answer is told that rests on that."""

    def network(self) -> Network:
        gateway = {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}
        route = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
        table = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [route], "Associations": [{"Main": True}]}
        public = {"PublicIp": "198.51.100.1"}
        held = {"PrivateIpAddress": "10.0.0.10", "Primary": True, "Association": public}
        server = interface(Association=public, PrivateIpAddresses=[held])
        return Network(
            foreign(
                vpcs={"Vpcs": [vpc()]},
                subnets={"Subnets": [subnet()]},
                gateways={"InternetGateways": [gateway]},
                tables={"RouteTables": [table]},
                interfaces={"NetworkInterfaces": [server]},
            )
        )

    @pytest.mark.parametrize(("source", "destination"), [("eni-1", "8.8.8.8"), ("8.8.8.8", "198.51.100.1")])
    def test_a_trace_by_address(self, source: str, destination: str) -> None:
        network = self.network()
        assert assumptions_of(network, ask(network, source, destination, 6, 443)) == (NO_PUBLIC_ACCESS_BLOCK,)

    @pytest.mark.parametrize("expect", ["reachable", "blocked"])
    @pytest.mark.parametrize(("destination", "assumed"), [("8.8.8.8", True), ("10.0.0.10", False)])
    def test_an_assertion(self, expect: str, destination: str, assumed: bool) -> None:
        text = f"""
version: 1
assertions:
  - id: out
    expect: {expect}
    reach: {{from: 10.0.0.10, to: {destination}, port: 443}}
"""
        (result,) = run_assertions(Context(self.network(), None), loaded(text).checks, date(2026, 1, 1))
        assert result.assumptions == ((NO_PUBLIC_ACCESS_BLOCK,) if assumed else ())


def test_a_name_asked_where_nobody_was_asked_for_route_53_profiles_assumes_that_there_are_none() -> None:
    estate = mwaa_estate()
    net = estate.net
    for account, regions in Snapshot.from_files(net.files()).manifest.accounts.items():
        for region in regions:
            net.drop_call(account, region, "route53profiles", "list-profile-associations")
    network = context(estate).network
    ends = ("mwaa.worker", "sqs.us-east-1.amazonaws.com")
    name = name_answer(network, *ends)
    assert assumptions_of(network, ask(network, *ends, 6, 443), name) == (NO_PROFILES,)
    assert name_answer(network, "mwaa.worker", "mwaa.database") is None


@pytest.mark.parametrize(
    ("policy", "zone", "expected"),
    [
        ("any_availability_zone", "az1", "partial"),
        ("partial_availability_zone_affinity", "az1", "partial"),
        ("availability_zone_affinity", "az1", "yes"),
        ("availability_zone_affinity", "az2", "no"),
        ("", "az1", "unknown"),
    ],
)
def test_a_load_balancer_that_takes_nothing_in_one_zone(policy: str, zone: str, expected: str) -> None:
    """By affinity a client is sent to its own zone; of a load balancer whose policy was not read nobody knows.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html#zonal-dns-affinity
    """
    balanced = Balanced()
    client = balanced.vpc.subnet("asking", "10.1.50.0/24", zone).interface("10.1.50.10")
    balanced.vpc.network_acl("closed", subnets=[balanced.subnets[1]])
    if policy:
        balanced.nlb.attribute(dns_record__client_routing_policy=policy)
    else:
        balanced.net.refuse(ACCOUNT, REGION, "elbv2", "describe-load-balancer-attributes")
    network = Network(Inventory.load(Snapshot.from_files(balanced.net.files())))
    found = ask(network, client.id, balanced.nlb.record["DNSName"], 6, 443)
    assert found.reachable.value == expected
