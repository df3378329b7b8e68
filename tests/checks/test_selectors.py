"""What the words of `from` and `to` mean."""

from __future__ import annotations

import pytest

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION
from checks.cases import context
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.selectors import WORDS, Absent, End, HostName, misspelt, select
from mwaanet.errors import UsageError
from mwaanet.graph.codes import Code
from mwaanet.paths.question import Endpoint


@pytest.fixture(scope="module")
def estate() -> Estate:
    return mwaa_estate()


@pytest.fixture(scope="module")
def where(estate: Estate) -> Context:
    return context(estate)


def ends(where: Context, text: str) -> tuple[End, ...]:
    return select(where.network, where.facts, text)


def end(where: Context, text: str) -> Endpoint:
    (found,) = ends(where, text)
    assert isinstance(found, Endpoint)
    return found


def host(where: Context, text: str) -> HostName:
    (found,) = ends(where, text)
    assert isinstance(found, HostName)
    return found


class TestEnvironment:
    @pytest.mark.parametrize("word", ["mwaa.worker", "mwaa.scheduler"])
    def test_workers_are_one_end_per_subnet(self, estate: Estate, where: Context, word: str) -> None:
        assert [found.name for found in ends(where, word)] == [f"mwaa.worker@{s.id}" for s in estate.workers]

    def test_workers_of_one_subnet(self, estate: Estate, where: Context) -> None:
        subnet = estate.workers[1]
        found = end(where, f"mwaa.worker@{subnet.id}")
        assert found.addresses
        assert not found.unknown

    def test_workers_of_a_subnet_that_is_not_the_environments(self, estate: Estate, where: Context) -> None:
        with pytest.raises(UsageError, match="is not a subnet of ingest-prod"):
            ends(where, f"mwaa.worker@{estate.endpoint_subnets[0].id}")

    def test_workers_of_a_subnet_that_was_not_read(self, estate: Estate) -> None:
        broken = mwaa_estate()
        broken.net.drop_call("111122223333", "us-east-1", "ec2", "describe-subnets")
        (first, _) = ends(context(broken), "mwaa.worker")
        assert isinstance(first, Endpoint)
        assert first.unknown
        assert first.unknown.needs[0].operation == "describe-subnets"

    def test_workers_of_an_environment_without_subnets(self) -> None:
        broken = mwaa_estate()
        broken.environment.record["NetworkConfiguration"] = {}
        found = end(context(broken), "mwaa.worker")
        assert found.unknown
        assert "names no subnets" in found.unknown.reason

    def test_database_and_web_server_are_their_endpoints(self, estate: Estate, where: Context) -> None:
        for word, endpoint in (
            ("mwaa.database", estate.environment.database_endpoint),
            ("mwaa.webserver", estate.environment.web_endpoint),
        ):
            assert endpoint
            found = end(where, word)
            assert found.accepts is not None
            assert found.accepts >= set(endpoint.record["NetworkInterfaceIds"])

    def test_an_endpoint_that_does_not_exist(self, estate: Estate) -> None:
        broken = mwaa_estate()
        endpoint = broken.environment.database_endpoint
        assert endpoint
        broken.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
        (found,) = ends(context(broken), "mwaa.database")
        assert isinstance(found, Absent)
        assert found.resources == (broken.vpc.id, endpoint.service_name)
        assert found.code == Fault.ENDPOINT_MISSING

    def test_an_endpoint_that_has_no_interface_yet(self) -> None:
        broken = mwaa_estate()
        endpoint = broken.environment.database_endpoint
        assert endpoint
        endpoint.record |= {"State": "pendingAcceptance", "NetworkInterfaceIds": []}
        (found,) = ends(context(broken), "mwaa.database")
        assert isinstance(found, Absent)
        assert found.resources[0] == endpoint.id
        assert found.code == Code.ENDPOINT_STATE

    def test_an_endpoint_whose_interfaces_were_not_read(self) -> None:
        broken = mwaa_estate()
        endpoint = broken.environment.database_endpoint
        assert endpoint
        endpoint.record["NetworkInterfaceIds"] = ["eni-0gone"]
        found = end(context(broken), "mwaa.database")
        assert found.unknown
        assert found.unknown.needs[0].operation == "describe-network-interfaces"

    def test_an_endpoint_service_that_is_not_named(self) -> None:
        broken = mwaa_estate()
        del broken.environment.record["DatabaseVpcEndpointService"]
        found = end(context(broken), "mwaa.database")
        assert found.unknown
        assert "names no endpoint service" in found.unknown.reason

    def test_web_server_by_name(self, estate: Estate, where: Context) -> None:
        assert host(where, "mwaa.webserver-name") == HostName(
            estate.environment.host, 443, (estate.environment.record["WebserverVpcEndpointService"],)
        )

    def test_web_server_url_with_its_scheme(self) -> None:
        other = mwaa_estate()
        other.environment.record["WebserverUrl"] = f"https://{other.environment.host}/"
        assert host(context(other), "mwaa.webserver-name").name == other.environment.host

    def test_web_server_that_is_not_there_yet(self) -> None:
        broken = mwaa_estate()
        broken.environment.record |= {"Status": "PENDING", "WebserverUrl": ""}
        (found,) = ends(context(broken), "mwaa.webserver-name")
        assert isinstance(found, Absent)
        assert found.resources == (broken.environment.arn,)
        assert "PENDING" in found.reason

    def test_bucket_is_its_regional_name(self, estate: Estate, where: Context) -> None:
        found = host(where, "bucket")
        assert found.name == f"{estate.bucket.id}.s3.us-east-1.amazonaws.com"
        assert found.service == "com.amazonaws.us-east-1.s3"

    @pytest.mark.parametrize("word", ["mwaa.worker", "bucket", "service:sqs"])
    def test_without_an_environment_these_words_mean_nothing(self, where: Context, word: str) -> None:
        with pytest.raises(UsageError, match="no environment"):
            select(where.network, None, word)


class TestServices:
    @pytest.mark.parametrize(
        ("word", "name", "endpoint"),
        [
            ("sqs", "sqs", "sqs"),
            ("monitoring", "monitoring", "monitoring"),
            ("cloudwatch", "monitoring", "monitoring"),
            ("ecr", "api.ecr", "ecr.api"),
            ("ecr.dkr", "dkr.ecr", "ecr.dkr"),
            ("airflow.env", "env.airflow", "airflow.env"),
            ("stepfunctions", "states", "states"),
            ("kinesis-streams", "kinesis", "kinesis-streams"),
            ("kinesis", "kinesis", "kinesis-streams"),
            ("sagemaker", "api.sagemaker", "sagemaker.api"),
        ],
    )
    def test_by_botocores_or_its_endpoints_name(self, where: Context, word: str, name: str, endpoint: str) -> None:
        found = host(where, f"service:{word}")
        assert found.name == f"{name}.us-east-1.amazonaws.com"
        assert found.service == f"com.amazonaws.us-east-1.{endpoint}"

    def test_a_service_that_does_not_exist(self, where: Context) -> None:
        with pytest.raises(UsageError, match=r"'sqss' is no AWS service that mwaanet knows \(did you mean sqs\?\)"):
            ends(where, "service:sqss")

    def test_a_new_service_that_the_snapshot_lists(self) -> None:
        other = mwaa_estate()
        details = other.net.store.whole["ec2", "describe-vpc-endpoint-services"]["ServiceDetails"]
        details.append({"ServiceName": "com.amazonaws.us-east-1.brandnew", "PrivateDnsNames": []})
        assert host(context(other), "service:brandnew").name == "brandnew.us-east-1.amazonaws.com"

    @pytest.mark.parametrize("last", ["Gateway", "Interface"])
    def test_s3_by_its_name_whichever_of_its_two_endpoint_types_is_listed_last(self, last: str) -> None:
        """Both types have one service name; only that of interface endpoints has private names.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
        """
        other = mwaa_estate()
        details = other.net.store.whole["ec2", "describe-vpc-endpoint-services"]["ServiceDetails"]
        details.sort(key=lambda detail: detail["ServiceType"][0]["ServiceType"] == last)
        assert host(context(other), "s3.us-east-1.amazonaws.com").service == "com.amazonaws.us-east-1.s3"


class TestPlaces:
    def test_ids_addresses_and_names(self, estate: Estate, where: Context) -> None:
        task = estate.environment.tasks[0]
        for text in (
            task.id,
            estate.workers[0].id,
            estate.endpoints["sqs"].id,
            estate.attachment.id,
            "10.24.8.0/24",
            "10.24.8.9",
            "internet",
            "dc",
            "dc.controller",
        ):
            assert end(where, text).addresses, text

    def test_host_names_and_urls(self, where: Context) -> None:
        assert host(where, "packages.build.example") == HostName("packages.build.example")
        assert host(where, "https://packages.build.example/x") == HostName(
            "packages.build.example", 443, scheme="https"
        )
        assert host(where, "http://packages.build.example") == HostName("packages.build.example", 80, scheme="http")
        assert host(where, "https://packages.build.example:8443") == HostName(
            "packages.build.example", 8443, scheme="https"
        )

    def test_what_is_there_but_is_no_end_of_packets(self, estate: Estate, where: Context) -> None:
        with pytest.raises(UsageError, match="neither sends packets nor receives any"):
            ends(where, next(iter(where.inventory.vpcs)))

    def test_a_network_with_host_bits(self, where: Context) -> None:
        with pytest.raises(UsageError, match=r"host bits: 10\.24\.8\.0/24 or an address"):
            ends(where, "10.24.8.5/24")

    def test_tags(self, estate: Estate, where: Context) -> None:
        names = {found.name for found in ends(where, "tag:Name=workers-a")}
        assert names == {estate.workers[0].id}
        with pytest.raises(UsageError, match="no interface, subnet or instance has the tag Name=nobody"):
            ends(where, "tag:Name=nobody")

    def test_a_misspelt_client_of_a_site_is_no_host(self, where: Context) -> None:
        client = next(f"{site.name}.{name}" for site in where.network.inventory.sites for name in site.clients)
        with pytest.raises(UsageError, match=rf"declares no client .* \(did you mean {client.partition('.')[2]}\?\)"):
            ends(where, client[:-1])
        assert isinstance(ends(where, client.partition(".")[0] + ".local")[0], HostName)

    def test_a_word_that_means_nothing_names_the_nearest(self, where: Context) -> None:
        with pytest.raises(UsageError, match="did you mean bucket"):
            ends(where, "buckett")
        with pytest.raises(UsageError, match="'???' is nothing in this snapshot".replace("?", r"\?")):
            ends(where, "???")


def test_misspelt_words_of_an_environment() -> None:
    assert all(misspelt(word) == "" for word in WORDS)
    assert misspelt("mwaa.worker@subnet-1") == ""
    assert "did you mean mwaa.database?" in misspelt("mwaa.databse")


@pytest.mark.parametrize("text", ["mwaa.wroker", "https://", "mwaa.database@subnet-1"])
def test_what_cannot_mean_anything_is_an_error(where: Context, text: str) -> None:
    with pytest.raises(UsageError):
        ends(where, text)


class TestClientVpn:
    def test_its_clients_by_its_id(self) -> None:
        net = mwaa_estate()
        vpn = net.net.client_vpn("office", "172.31.0.0/22", net.vpc).associate(net.workers[0])
        (end,) = ends(context(net), vpn.id)
        assert isinstance(end, Endpoint)
        assert (str(end.addresses), end.unknown) == ("172.31.0.0/22", None)

    def test_a_misspelt_id_names_the_nearest(self) -> None:
        net = mwaa_estate()
        vpn = net.net.client_vpn("office", "172.31.0.0/22", net.vpc)
        with pytest.raises(UsageError, match=vpn.id):
            ends(context(net), vpn.id[:-1])

    def test_where_the_list_was_refused_it_is_not_known(self) -> None:
        net = mwaa_estate()
        net.net.refuse(HOME, REGION, "ec2", "describe-client-vpn-endpoints")
        (end,) = ends(context(net), "cvpn-endpoint-0a1b2c3d4e5f60718")
        assert isinstance(end, Endpoint)
        assert end.unknown
        assert [need.operation for need in end.unknown.needs] == ["describe-client-vpn-endpoints"]
