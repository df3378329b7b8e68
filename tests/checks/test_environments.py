"""What the checks of the paths s3 and service say of environments of every kind, and of their faults."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from builder import Estate, allow, deny, mwaa_estate, policy, rule, self_ref
from builder.estate import HOME, REGION
from builder.rules import inbound
from checks.cases import diagnosis, of, only, paths, status, statuses
from checks.examples import document, only_from_site, remove_endpoint, with_startup_script
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Diagnosis, Finding, Status
from mwaanet.graph.codes import Code

KINDS = [
    {"routing": routing, "airflow": airflow, "access": access, "endpoint_management": management}
    for routing, (airflow, access), management in product(
        ("private", "nat"),
        (
            ("2.10.3", "PRIVATE_ONLY"),
            ("2.10.3", "PUBLIC_ONLY"),
            ("3.0.6", "PRIVATE_ONLY"),
            ("3.2.1", "PUBLIC_AND_PRIVATE"),
        ),
        ("SERVICE", "CUSTOMER"),
    )
]


def failing(diagnosed: Diagnosis, check: str) -> Finding:
    return only([finding for finding in of(diagnosed, check) if finding.status is not Status.PASS])


def asked(diagnosed: Diagnosis) -> set[str]:
    return {finding.id for finding in diagnosed.findings}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind.values()))
def test_healthy_environments_of_every_kind_pass(kind: dict[str, str]) -> None:
    diagnosed = diagnosis(mwaa_estate(**kind))
    assert statuses(diagnosed) == {}
    assert set(paths(diagnosed).values()) == {"pass"}


class TestDatabaseAndWebServer:
    @pytest.mark.parametrize("management", ["SERVICE", "CUSTOMER"])
    @pytest.mark.parametrize(
        ("check", "which"), [("DATABASE-REACH", "database_endpoint"), ("WEBSERVER-REACH", "web_endpoint")]
    )
    def test_an_endpoint_that_does_not_exist(self, management: str, check: str, which: str) -> None:
        estate = mwaa_estate(endpoint_management=management)
        endpoint = getattr(estate.environment, which)
        estate.environment.record["Status"] = "PENDING"
        estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
        found = failing(diagnosis(estate), check)
        assert (found.status, found.code) == (Status.FAIL, Fault.ENDPOINT_MISSING)
        assert found.resources == (estate.vpc.id, endpoint.service_name)

    def test_an_endpoint_of_the_customer_s_that_waits(self) -> None:
        estate = mwaa_estate(endpoint_management="CUSTOMER")
        endpoint = estate.environment.database_endpoint
        assert endpoint
        endpoint.state("pendingAcceptance")
        found = failing(diagnosis(estate), "DATABASE-REACH")
        assert (found.status, found.code) == (Status.FAIL, Code.ENDPOINT_STATE)
        assert found.resources[0] == endpoint.id

    def test_the_group_of_the_customer_s_endpoint(self) -> None:
        estate = mwaa_estate(endpoint_management="CUSTOMER")
        endpoint = estate.environment.database_endpoint
        assert endpoint
        group = estate.vpc.security_group("closed", ingress=[rule("tcp", 443, estate.environment_group)])
        endpoint.regroup(group)
        diagnosed = diagnosis(estate)
        assert failing(diagnosed, "DATABASE-REACH").resources[0] == group.id
        assert status(diagnosed, "WEBSERVER-REACH") is Status.PASS

    def test_a_group_need_not_name_itself_where_packets_pass(self) -> None:
        estate = mwaa_estate()
        group = estate.environment_group
        group._ingress = [rule("tcp", 443, "10.24.8.0/23"), rule("tcp", 5432, "10.24.8.0/23")]
        group._write()
        assert status(diagnosis(estate), "DATABASE-REACH") is Status.PASS

    def test_endpoints_of_a_vpc_owner_who_was_not_asked_are_unknown(self) -> None:
        estate = mwaa_estate(endpoint_management="CUSTOMER")
        owner = "999988887777"
        for record in (estate.vpc.record, *(subnet.record for subnet in estate.vpc.subnets)):
            record["OwnerId"] = owner
        endpoint = estate.environment.database_endpoint
        assert endpoint
        estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
        found = failing(diagnosis(estate), "DATABASE-REACH")
        assert found.status is Status.UNKNOWN
        assert [(need.account, need.operation) for need in found.needs] == [(owner, "describe-vpc-endpoints")]

    def test_a_public_web_server_has_no_endpoint(self) -> None:
        assert "WEBSERVER-REACH" not in asked(diagnosis(mwaa_estate(access="PUBLIC_ONLY")))


class TestAirflow3:
    def test_workers_of_airflow_2_do_not_call_the_web_server(self) -> None:
        assert "WEBSERVER-NAME" not in asked(diagnosis(mwaa_estate()))

    def test_a_private_web_server_by_its_endpoint(self) -> None:
        estate = mwaa_estate(airflow="3.0.6")
        only_from_site(estate)
        found = failing(diagnosis(estate), "WEBSERVER-NAME")
        assert found.resources[0] == estate.environment_group.id

    def test_a_public_web_server_over_nat(self) -> None:
        assert status(diagnosis(mwaa_estate(airflow="3.0.6", access="PUBLIC_ONLY", routing="nat")), "WEBSERVER-NAME")

    def test_a_public_web_server_without_a_way_out(self) -> None:
        estate = mwaa_estate(airflow="3.0.6", access="PUBLIC_ONLY")
        found = of(diagnosis(estate), "WEBSERVER-NAME")
        assert {finding.status for finding in found} == {Status.FAIL}
        assert {finding.resources[0] for finding in found} == {subnet.table.id for subnet in estate.workers}

    def test_public_and_private_has_the_endpoint_for_workers(self) -> None:
        estate = mwaa_estate(airflow="3.2.1", access="PUBLIC_AND_PRIVATE")
        only_from_site(estate)
        diagnosed = diagnosis(estate)
        assert "WEBSERVER-NAME" not in asked(diagnosed)
        assert failing(diagnosed, "WEBSERVER-REACH").resources[0] == estate.environment_group.id

    def test_a_version_that_cannot_be_read_leaves_the_check_unknown(self) -> None:
        found = failing(diagnosis(mwaa_estate(airflow="latest")), "WEBSERVER-NAME")
        assert found.status is Status.UNKNOWN


class TestServices:
    def test_an_endpoint_in_one_zone_is_a_warning(self) -> None:
        estate = mwaa_estate()
        remove_endpoint(estate, "sqs")
        endpoint = estate.vpc.endpoint("sqs", estate.endpoint_subnets[:1], groups=[estate.endpoint_group], name="one")
        found = failing(diagnosis(estate), "SQS-REACH")
        assert (found.status, found.code, found.resources) == (Status.WARN, Fault.ENDPOINT_ONE_ZONE, (endpoint.id,))

    def test_an_endpoint_may_lie_anywhere_in_the_vpc(self) -> None:
        estate = mwaa_estate()
        remove_endpoint(estate, "sqs")
        group = estate.vpc.security_group("own", ingress=[rule("tcp", 443, "10.24.8.0/23")])
        estate.vpc.endpoint("sqs", estate.workers, groups=[group], name="own")
        assert status(diagnosis(estate), "SQS-REACH") is Status.PASS

    def test_one_subnet_without_its_route_to_nat(self) -> None:
        estate = mwaa_estate(routing="nat")
        estate.workers[1].table.remove("0.0.0.0/0")
        diagnosed = diagnosis(estate)
        for check in ("SQS-REACH", "LOGS-REACH", "MONITORING-REACH", "KMS-REACH"):
            found = failing(diagnosed, check)
            assert found.status is Status.FAIL
            assert found.resources[0] == estate.workers[1].table.id
            assert status(diagnosed, "S3-REACH") is Status.PASS

    def test_nat_in_a_subnet_that_is_not_public(self) -> None:
        estate = mwaa_estate(routing="nat")
        gateways = [subnet for subnet in estate.vpc.subnets if subnet.name.startswith("public")]
        for subnet in gateways:
            subnet.table.remove("0.0.0.0/0")
        found = of(diagnosis(estate), "SQS-REACH")
        assert {finding.status for finding in found} == {Status.FAIL}
        assert {finding.resources[0] for finding in found} <= {subnet.table.id for subnet in gateways}

    def test_two_faults_of_one_endpoint_are_named_at_once(self) -> None:
        estate = mwaa_estate()
        estate.endpoints["kms"].private_dns(False).regroup(estate.vpc.default_group)
        found = failing(diagnosis(estate), "KMS-REACH")
        assert found.code == Fault.ENDPOINT_PRIVATE_DNS
        assert found.resources == (estate.endpoints["kms"].id, estate.vpc.default_group.id)

    def test_a_missing_endpoint_comes_with_the_command_that_makes_it(self) -> None:
        estate = mwaa_estate()
        remove_endpoint(estate, "sqs")
        found = failing(diagnosis(estate), "SQS-REACH")
        assert found.fix
        (command,) = found.fix.cli
        assert f"--vpc-id {estate.vpc.id} --service-name com.amazonaws.us-east-1.sqs" in command
        assert "--private-dns-enabled" in command

    def test_replies_that_an_acl_stops(self) -> None:
        estate = mwaa_estate()
        entries = estate.worker_acl.record["Entries"]
        entries[:] = [entry for entry in entries if entry["Egress"] or entry["RuleNumber"] != 100]
        diagnosed = diagnosis(estate)
        for check in ("S3-REACH", "SQS-REACH", "DATABASE-REACH"):
            assert failing(diagnosed, check).resources[0] == estate.worker_acl.id

    def test_the_client_s_own_ports_are_enough(self) -> None:
        estate = mwaa_estate()
        entries = estate.worker_acl.record["Entries"]
        (replies,) = (entry for entry in entries if not entry["Egress"] and entry["RuleNumber"] == 100)
        replies |= inbound(100, "allow", "tcp", (5432, 60999), "0.0.0.0/0").record()
        assert statuses(diagnosis(estate)) == {}

    def test_used_services_never_fail_the_path(self) -> None:
        estate = mwaa_estate()
        estate.role.inline("dags", policy(allow(["athena:*", "glue:*"], "*")))
        remove_endpoint(estate, "secretsmanager")
        diagnosed = diagnosis(estate)
        found = of(diagnosed, "USED-REACH")
        assert {finding.status for finding in found} == {Status.WARN}
        assert {finding.resources for finding in found} == {
            (estate.vpc.id, f"com.amazonaws.us-east-1.{service}") for service in ("athena", "glue", "secretsmanager")
        }
        assert {path for path, found in paths(diagnosed).items() if found != "pass"} == {"service"}
        assert paths(diagnosed)["service"] == "warn"

    def test_tight_egress_is_never_worse_than_a_warning(self) -> None:
        estate = mwaa_estate()
        group = estate.environment_group
        endpoints = (estate.endpoint_group, estate.packages_group, estate.s3_endpoint.prefix_list)
        group._egress = [self_ref(), rule("tcp", 443, *endpoints)]
        group._write()
        found = diagnosis(estate)
        assert set(statuses(found).values()) <= {"warn"}
        assert paths(found)["s3"] == "pass"


class TestBucket:
    def test_no_endpoint_for_s3(self) -> None:
        estate = mwaa_estate()
        estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
        estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(estate.s3_endpoint.record)
        found = failing(diagnosis(estate), "S3-REACH")
        assert found.code == Fault.ENDPOINT_MISSING
        assert found.resources == (estate.vpc.id, "com.amazonaws.us-east-1.s3")
        assert found.fix
        tables = " ".join(subnet.table.id for subnet in estate.workers)
        assert f"--vpc-endpoint-type Gateway --route-table-ids {tables}" in found.fix.cli[0]

    def test_an_interface_endpoint_with_private_dns_serves_too(self) -> None:
        estate = mwaa_estate()
        estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
        estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(estate.s3_endpoint.record)
        endpoint = estate.vpc.endpoint(
            "s3", estate.endpoint_subnets, groups=[estate.endpoint_group], name="s3-interface"
        )
        diagnosed = diagnosis(estate)
        assert paths(diagnosed)["s3"] == "pass"
        for segment in only(of(diagnosed, "S3-READ")).segments:
            assert segment.destination.endswith(f"({endpoint.id})")
        endpoint.private_dns(False)
        assert failing(diagnosis(estate), "S3-REACH").resources[0] == endpoint.id

    def test_a_policy_that_demands_the_endpoint_is_met_by_it(self) -> None:
        estate = mwaa_estate()
        condition = {"StringNotEquals": {"aws:SourceVpce": estate.s3_endpoint.id}}
        everything = [estate.bucket.arn, f"{estate.bucket.arn}/*"]
        estate.bucket.policy(policy(deny("s3:*", everything, Principal="*", Condition=condition)))
        diagnosed = diagnosis(estate)
        assert paths(diagnosed)["s3"] == "pass"
        assert status(diagnosed, "S3-WEBSERVER-POLICY") is Status.SKIP
        assert "cannot be decided" in only(of(diagnosed, "S3-WEBSERVER-POLICY")).message

    def test_names_that_do_not_resolve_do_not_blame_the_bucket_s_policy(self) -> None:
        estate = mwaa_estate()
        condition = {"StringNotEquals": {"aws:SourceVpce": estate.s3_endpoint.id}}
        estate.bucket.policy(policy(deny("s3:*", f"{estate.bucket.arn}/*", Principal="*", Condition=condition)))
        estate.vpc.attribute("enableDnsSupport", False)
        diagnosed = diagnosis(estate)
        assert status(diagnosed, "S3-READ") is Status.PASS
        assert failing(diagnosed, "S3-REACH").resources[0] == estate.vpc.id

    def test_the_web_server_never_changes_the_path(self) -> None:
        for access in ("PRIVATE_ONLY", "PUBLIC_ONLY"):
            diagnosed = diagnosis(mwaa_estate(access=access))
            assert paths(diagnosed)["s3"] == "pass"
            assert ("S3-WEBSERVER" in asked(diagnosed)) is (access == "PRIVATE_ONLY")
            assert "S3-WEBSERVER-POLICY" not in asked(diagnosed)
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "s3", "get-bucket-policy")
        assert "S3-WEBSERVER-POLICY" not in asked(diagnosis(estate))

    def test_the_guide_is_quoted_on_what_the_web_server_installs(self) -> None:
        found = only(of(diagnosis(mwaa_estate()), "S3-WEBSERVER"))
        assert "you must package all of your dependencies in a Python wheel archive" in found.message
        assert "plugins.zip" in found.message


class TestVersions:
    def head(self, estate: Estate) -> Any:
        (call,) = (
            call
            for call in document(estate, "s3", "head-object")["Calls"]
            if call["Parameters"]["Key"] == "requirements.txt"
        )
        return call

    def test_asked_by_version(self) -> None:
        estate = mwaa_estate()
        self.head(estate)["Parameters"]["VersionId"] = estate.bucket.version("requirements.txt")
        assert status(diagnosis(estate), "S3-REQUIREMENTS") is Status.PASS

    def test_another_version_is_no_proof_of_absence(self) -> None:
        estate = mwaa_estate()
        self.head(estate)["Response"]["VersionId"] = "newer"
        found = failing(diagnosis(estate), "S3-REQUIREMENTS")
        assert found.status is Status.UNKNOWN
        assert [need.operation for need in found.needs] == ["head-object"]
        assert "asked without VersionId" in found.message

    def test_a_newer_version_beside_the_configured_one(self) -> None:
        estate = mwaa_estate()
        call = self.head(estate)
        parameters = call["Parameters"] | {"VersionId": estate.bucket.version("requirements.txt")}
        document(estate, "s3", "head-object")["Calls"].append(
            {"Parameters": parameters, "Response": dict(call["Response"])}
        )
        call["Response"]["VersionId"] = "newer"
        assert status(diagnosis(estate), "S3-REQUIREMENTS") is Status.PASS

    def test_the_configured_version_is_gone(self) -> None:
        estate = mwaa_estate()
        call = self.head(estate)
        call["Response"]["VersionId"] = "newer"
        version = estate.bucket.version("requirements.txt")
        parameters = call["Parameters"] | {"VersionId": version}
        estate.net.store.fail_call("s3", "head-object", parameters, "NoSuchVersion")
        found = failing(diagnosis(estate), "S3-REQUIREMENTS")
        assert (found.status, found.code) == (Status.FAIL, Fault.FACT_MISSING)
        assert found.resources == (estate.bucket.id, "requirements.txt")

    def test_no_version_is_configured(self) -> None:
        estate = mwaa_estate()
        del estate.environment.record["RequirementsS3ObjectVersion"]
        self.head(estate)["Response"]["VersionId"] = "whatever"
        assert status(diagnosis(estate), "S3-REQUIREMENTS") is Status.PASS

    def test_refused(self) -> None:
        estate = mwaa_estate()
        estate.net.refuse_call(HOME, REGION, "s3", "head-object", "403", Key="requirements.txt")
        assert failing(diagnosis(estate), "S3-REQUIREMENTS").status is Status.UNKNOWN

    def test_only_what_is_configured_is_asked_for(self) -> None:
        estate = mwaa_estate()
        assert "S3-STARTUP" not in asked(diagnosis(estate))
        with_startup_script(estate)
        assert "S3-STARTUP" in asked(diagnosis(estate))


class TestUnknown:
    @pytest.mark.parametrize(
        ("operation", "check"),
        [
            ("describe-subnets", "SUBNETS-TWO"),
            ("describe-subnets", "SUBNETS-ZONE"),
            ("describe-vpc-endpoints", "SQS-REACH"),
        ],
    )
    def test_a_call_that_is_not_there_is_named(self, operation: str, check: str) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "ec2", operation)
        found = of(diagnosis(estate), check)
        assert {finding.status for finding in found} == {Status.UNKNOWN}
        assert operation in {need.operation for finding in found for need in finding.needs}

    def test_a_bucket_whose_encryption_is_not_known(self) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "s3", "get-bucket-encryption")
        assert failing(diagnosis(estate), "S3-DECRYPT").status is Status.UNKNOWN

    def test_no_keys_and_no_logs_ask_nothing(self) -> None:
        estate = mwaa_estate()
        del estate.environment.record["KmsKey"]
        for logging in estate.environment.record["LoggingConfiguration"].values():
            logging["Enabled"] = False
        found = asked(diagnosis(estate))
        assert not {"KEY-USE", "KEY-LOGS", "KEY-ENABLED", "LOGS-WRITE"} & found
