"""What public DNS answers as far as AWS's naming and the snapshot tell."""

from __future__ import annotations

import pytest

from builder import Topology, mwaa_estate
from mwaanet.names import Resolution
from names.cases import ACCOUNT, REGION, answer, ask, ask_site, dns, needs, network, reasons

S3 = "s3.us-east-1.amazonaws.com"


def ask_public(net: Topology, name: str) -> Resolution:
    """What a site that asks public DNS learns."""
    return ask_site(net.site(dns("servers: [172.20.1.10], public: all")), name)


@pytest.mark.parametrize(
    "name",
    [
        S3,
        f"bucket.{S3}",
        f"my.bucket.{S3}",
        "bucket.s3.dualstack.us-east-1.amazonaws.com",
        "bucket.s3-us-east-1.amazonaws.com",
        "s3.amazonaws.com",
    ],
)
def test_s3_answers_with_addresses_of_its_prefix_list(name: str) -> None:
    net, vpc, _ = network()
    found = ask(net, vpc, name)
    assert (found.public, found.undetermined) == (True, False)
    assert str(found.addresses) == "3.5.0.0/19, 16.182.0.0/16, 44.192.134.240/28, 52.216.0.0/15, 54.231.0.0/16"


def test_dynamodb_answers_with_addresses_of_its_prefix_list() -> None:
    net, vpc, _ = network()
    assert "52.94.0.1" in ask(net, vpc, "dynamodb.us-east-1.amazonaws.com").addresses


def test_s3_is_unknown_without_its_prefix_list() -> None:
    net, vpc, _ = network()
    found = ask(net, vpc, "bucket.s3.eu-west-1.amazonaws.com")
    assert (answer(found), found.public) == ("unknown", True)
    assert needs(found) == {"describe-managed-prefix-lists"}


def test_s3_is_unknown_without_the_entries() -> None:
    net, vpc, _ = network()
    net.refuse(ACCOUNT, REGION, "ec2", "get-managed-prefix-list-entries")
    net.refuse(ACCOUNT, REGION, "ec2", "describe-prefix-lists")
    found = ask(net, vpc, S3)
    assert (answer(found), needs(found)) == ("unknown", {"get-managed-prefix-list-entries"})


@pytest.mark.parametrize(
    "name",
    [
        "sqs.eu-west-1.amazonaws.com",
        "env.airflow.us-east-1.amazonaws.com",
        "sts.amazonaws.com",
        "iam.us-gov.amazonaws.com",
        "us-east-1.queue.amazonaws.com",
        "logs.cn-north-1.amazonaws.com.cn",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com",
        "eks-auth.us-east-1.api.aws",
        "bucket.s3.amazonaws.com",
    ],
)
def test_services_have_some_public_addresses(name: str) -> None:
    net, vpc, _ = network()
    assert answer(ask(net, vpc, name)) == "public"


def test_dual_stack_names_have_ipv6_too() -> None:
    net, vpc, _ = network()
    assert "2600:1f00::1" in ask(net, vpc, "eks-auth.us-east-1.api.aws").addresses
    assert "2600:1f00::1" not in ask(net, vpc, "kms.us-east-1.amazonaws.com").addresses


@pytest.mark.parametrize(
    "name",
    [
        "db.abc123.us-east-1.rds.amazonaws.com",
        "b-1.cluster.kafka.us-east-1.amazonaws.com",
        "clustercfg.my-cluster.abc123.memorydb.us-east-1.amazonaws.com",
        "vpc-logs-abc123.aos.us-east-1.on.aws",
        "abc123-def456.timestream-influxdb.us-east-1.on.aws",
        "s-0123456789abcdef0.server.transfer.us-east-1.amazonaws.com",
        "web-0abc.7d67968.vpc-lattice-svcs.us-east-1.on.aws",
        "fs-1.efs.us-east-1.amazonaws.com",
        "internal-web-1.us-east-1.elb.amazonaws.com",
        "net-1.elb.us-east-1.amazonaws.com",
        "0a-vpce.c9.us-east-1.airflow.amazonaws.com",
        "0a-vpce.c9.airflow.us-east-1.on.aws",
    ],
)
def test_names_of_resources_that_may_be_private_are_unknown(name: str) -> None:
    """Such as https://docs.aws.amazon.com/memorydb/latest/devguide/endpoints.html, whose clusters lie in a VPC."""
    net, vpc, _ = network()
    found = ask(net, vpc, name)
    assert (answer(found), found.public) == ("unknown", name.endswith("rds.amazonaws.com"))


def test_any_other_public_name_is_unknown_but_public() -> None:
    net, vpc, _ = network()
    found = ask(net, vpc, "packages.elsewhere.org")
    assert (answer(found), found.public) == ("unknown", True)
    assert "packages.elsewhere.org" in reasons(found)


def test_a_public_zone_in_the_snapshot_answers() -> None:
    net, vpc, _ = network()
    zone = net.zone("corp.com", private=False).add("www", "A", "198.51.100.7")
    found = ask(net, vpc, "www.corp.com")
    assert (answer(found), found.decided_by) == ("198.51.100.7", zone.id)
    assert answer(ask(net, vpc, "nothing.corp.com")) == "nxdomain"


def test_two_public_zones_of_one_name_are_unknown() -> None:
    net, vpc, _ = network()
    net.zone("corp.com", private=False)
    net.account("444455556666").region().zone("corp.com", private=False)
    assert answer(ask(net, vpc, "www.corp.com")) == "unknown"


def test_an_internal_load_balancer_gives_its_private_addresses_to_everybody() -> None:
    net, vpc, subnet = network()
    second = vpc.subnet("b", "10.1.11.0/24", "az2")
    nlb = vpc.network_load_balancer("web", [subnet, second], addresses=["10.1.10.20", "10.1.11.20"])
    name = nlb.record["DNSName"]
    assert answer(ask_public(net, name)) == "10.1.10.20, 10.1.11.20"
    assert answer(ask_public(net, f"us-east-1b.{name}")) == "10.1.11.20"
    assert answer(ask_public(net, f"us-east-1f.{name}")) == "nxdomain"


def test_an_internet_facing_load_balancer_gives_its_public_addresses() -> None:
    net, vpc, subnet = network()
    nlb = vpc.network_load_balancer("web", [subnet], internal=False)
    nlb.interfaces[0].public_ip("203.0.113.20")
    found = ask(net, vpc, nlb.record["DNSName"])
    assert (answer(found), found.public) == ("203.0.113.20", True)


def test_a_load_balancer_whose_interfaces_were_not_read_is_unknown() -> None:
    net, vpc, subnet = network()
    nlb = vpc.network_load_balancer("web", [subnet])
    found = ask(net.refuse(ACCOUNT, REGION, "ec2", "describe-network-interfaces"), vpc, nlb.record["DNSName"])
    assert (answer(found), needs(found)) == ("unknown", {"describe-network-interfaces"})


def test_a_public_name_of_ec2_is_private_inside_its_vpc() -> None:
    net, vpc, subnet = network()
    subnet.interface("10.1.10.7").public_ip("203.0.113.7")
    name = "ec2-203-0-113-7.compute-1.amazonaws.com"
    assert answer(ask(net, vpc, name)) == "10.1.10.7"
    assert answer(ask(net, net.vpc("other", "10.2.0.0/16"), name)) == "203.0.113.7"
    assert answer(ask_public(net, name)) == "203.0.113.7"


@pytest.mark.parametrize(
    ("options", "state", "expected"),
    [
        ({"accepter_dns": True}, "active", "10.2.10.7"),
        ({"accepter_dns": True}, "pending-acceptance", "203.0.113.7"),
        ({"requester_dns": True}, "active", "203.0.113.7"),
        ({}, "active", "203.0.113.7"),
    ],
)
def test_a_public_name_of_ec2_in_a_peered_vpc(options: dict[str, bool], state: str, expected: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html: where the instance's VPC allows it, its
    public name gives its private address to the peer; both VPCs need DNS hostnames.
    """
    net, vpc, _ = network()
    other = net.vpc("other", "10.2.0.0/16")
    other.subnet("b", "10.2.10.0/24").interface("10.2.10.7").public_ip("203.0.113.7")
    vpc.peer(other, state=state, **options)
    name = "ec2-203-0-113-7.compute-1.amazonaws.com"
    assert answer(ask(net, vpc, name)) == expected
    other.attribute("enableDnsHostnames", False)
    assert answer(ask(net, vpc, name)) == "203.0.113.7"
    found = ask(net.refuse(ACCOUNT, REGION, "ec2", "describe-vpc-peering-connections"), vpc, name)
    assert (answer(found), needs(found)) == ("unknown", {"describe-vpc-peering-connections"})


def test_private_names_of_ec2_are_not_public() -> None:
    net, vpc, _ = network()
    assert answer(ask_public(net, "ip-10-1-2-3.ec2.internal")) == "nxdomain"
    assert answer(ask(net, vpc, "ip-10-1-2-3.us-west-2.compute.internal")) == "10.1.2.3"
    assert answer(ask(net, vpc, "ip-10-1-2-999.ec2.internal")) == "nxdomain"
    assert answer(ask(net, vpc, "i-0123456789abcdef0.ec2.internal")) == "unknown"


class TestWebServer:
    def test_a_private_one_is_a_cname_to_its_endpoint_in_public_dns(self) -> None:
        estate = mwaa_estate()
        endpoint = estate.environment.web_endpoint
        assert endpoint is not None
        found = ask_public(estate.net, estate.environment.host)
        assert found.chain == (endpoint.dns_name,)
        assert (found.endpoint, found.decided_by) == (endpoint.id, endpoint.id)
        assert not found.public
        everywhere = ask(estate.net, estate.shared_vpc, estate.environment.host)
        assert everywhere.addresses == found.addresses

    @pytest.mark.parametrize("state", ["partial", "deleting"])
    def test_one_that_serves_comes_before_others(self, state: str) -> None:
        estate = mwaa_estate()
        endpoint = estate.environment.web_endpoint
        assert endpoint is not None
        entries = [{"DnsName": endpoint.dns_name.replace("vpce-", "vpce-0", 1), "HostedZoneId": "Z7HUB22UULQXV"}]
        other = {"VpcEndpointId": "vpce-00000000000000000", "State": state, "DnsEntries": entries}
        endpoint.vpc.store.ec2("describe-vpc-endpoints", endpoint.record | other)
        assert ask_public(estate.net, estate.environment.host).chain == (endpoint.dns_name,)

    def test_a_url_is_read_as_its_host(self) -> None:
        estate = mwaa_estate()
        host = estate.environment.host
        estate.environment.record["WebserverUrl"] = f"https://{host}/home"
        assert ask(estate.net, estate.shared_vpc, host).endpoint

    def test_a_public_one_is_public(self) -> None:
        estate = mwaa_estate(access="PUBLIC_ONLY")
        assert answer(ask_public(estate.net, estate.environment.host)) == "public"

    def test_both_have_their_names(self) -> None:
        estate = mwaa_estate(access="PUBLIC_AND_PRIVATE", airflow="3.2.1")
        private = estate.environment.host
        assert answer(ask_public(estate.net, private.replace("-vpce.", "."))) == "public"
        assert ask_public(estate.net, private).endpoint

    def test_a_filter_drops_the_private_one(self) -> None:
        estate = mwaa_estate()
        estate.net.site(dns("servers: [172.20.1.10], public: filtered"))
        found = ask_site(estate.net, estate.environment.host)
        assert (answer(found), found.decided_by) == ("no-data", "dc.dns")

    def test_one_without_its_endpoint_is_unknown(self) -> None:
        estate = mwaa_estate()
        estate.net.refuse(ACCOUNT, REGION, "ec2", "describe-vpc-endpoints")
        found = ask_public(estate.net, estate.environment.host)
        assert (answer(found), needs(found)) == ("unknown", {"describe-vpc-endpoints"})


def test_the_estates_names_resolve() -> None:
    estate = mwaa_estate()
    packages = ask(estate.net, estate.vpc, "packages.build.example")
    assert packages.endpoint == estate.packages_endpoint.id
    assert ask_site(estate.net, estate.environment.host).queries[0].components == ("dc",)
    assert answer(ask(estate.net, estate.vpc, "packages.corp.example")) == "172.20.5.40"
