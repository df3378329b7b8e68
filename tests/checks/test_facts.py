"""The facts of an environment: what is derived, what is unknown, and how texts are filled with them."""

from __future__ import annotations

from typing import Any

import pytest

from builder import Estate, allow, deny, mwaa_estate, policy
from builder.bucket import write_account_block
from builder.estate import HOME, REGION
from checks.cases import context
from checks.examples import with_startup_script
from mwaanet.checks.facts import FACTS, Facts
from mwaanet.checks.subject import Value
from mwaanet.model.unknown import Unknown


def facts(estate: Estate) -> Facts:
    found = context(estate).facts
    assert found
    return found


def fact(estate: Estate, name: str) -> Value | Unknown:
    found = facts(estate).fact(name)
    return found if isinstance(found, Unknown) else found.value


def needs(found: object) -> list[str]:
    assert isinstance(found, Unknown), found
    return [need.operation for need in found.needs]


def drop(estate: Estate, service: str, operation: str, region: str = REGION, **parameters: object) -> Estate:
    estate.net.drop_call(HOME, region, service, operation, **parameters)
    return estate


def test_every_fact_is_known_of_a_healthy_estate() -> None:
    known = facts(mwaa_estate())
    assert known.unknowns(FACTS) == ()
    assert all(kind.meaning for kind in FACTS.values())
    assert all(isinstance(known.value(name), tuple) is kind.many for name, kind in FACTS.items())


class TestTexts:
    def test_facts_are_filled_in(self) -> None:
        known = facts(mwaa_estate())
        assert known.fill("{name} in {region}, {nothing}") == "ingest-prod in us-east-1, {nothing}"
        assert known.fill("{subnet_ids}") == ",".join(known.subnet_ids)

    def test_lists_stand_for_one_text_each(self) -> None:
        known = facts(mwaa_estate())
        assert known.fill_each("a/{versioned_files}/{region}") == (
            "a/requirements.txt/us-east-1",
            "a/plugins.zip/us-east-1",
        )
        assert known.fill_each("{bucket_arn}/{startup}") == ()
        assert known.fill_each("{nothing}/{region}") == ("{nothing}/us-east-1",)

    def test_what_is_not_known_stays(self) -> None:
        known = facts(drop(mwaa_estate(), "s3", "get-bucket-encryption"))
        assert known.fill("{bucket_keys}") == "{bucket_keys}"
        assert known.value("bucket_keys") == ""
        assert known.document(["bucket_keys", "name", "other"]) == {"name": "ingest-prod"}


class TestRouting:
    @pytest.mark.parametrize(("routing", "expected"), [("private", "private"), ("nat", "public")])
    def test_by_the_default_route(self, routing: str, expected: str) -> None:
        assert fact(mwaa_estate(routing=routing), "routing") == expected

    def test_by_way_of_a_transit_gateway(self) -> None:
        estate = mwaa_estate()
        estate.workers[1].route("0.0.0.0/0", estate.tgw)
        assert fact(estate, "routing") == "public"

    def test_by_way_of_a_site(self) -> None:
        estate = mwaa_estate()
        estate.workers[1].route("0.0.0.0/0", estate.vpc.vpn_gateway())
        assert fact(estate, "routing") == "public"

    def test_is_unknown_without_route_tables(self) -> None:
        estate = drop(mwaa_estate(), "ec2", "describe-route-tables")
        assert needs(fact(estate, "routing")) == ["describe-route-tables"]
        assert facts(estate).routing == "unknown"

    def test_is_unknown_without_subnets(self) -> None:
        assert needs(fact(drop(mwaa_estate(), "ec2", "describe-subnets"), "routing")) == ["describe-subnets"]


class TestZones:
    def test_of_the_subnets(self) -> None:
        assert fact(mwaa_estate(), "zones") == ("use1-az1", "use1-az2")
        assert fact(mwaa_estate(), "unsupported_subnets") == ()

    @pytest.mark.parametrize("name", ["zones", "unsupported_subnets", "vpc"])
    def test_are_unknown_without_subnets(self, name: str) -> None:
        assert needs(fact(drop(mwaa_estate(), "ec2", "describe-subnets"), name)) == ["describe-subnets"]

    def test_by_name_alone_do_not_tell_their_id(self) -> None:
        estate = drop(mwaa_estate(), "ec2", "describe-availability-zones")
        for subnet in estate.workers:
            del subnet.record["AvailabilityZoneId"]
        assert fact(estate, "zones") == ("us-east-1a", "us-east-1b")
        assert needs(fact(estate, "unsupported_subnets")) == ["describe-availability-zones"]


@pytest.mark.parametrize(("version", "major"), [("2.10.3", 2), ("3.0.6", 3), ("v3", 3)])
def test_airflows_major_version(version: str, major: int) -> None:
    assert fact(mwaa_estate(airflow=version), "airflow_major") == major


def test_a_version_that_cannot_be_read_is_unknown() -> None:
    assert isinstance(fact(mwaa_estate(airflow="latest"), "airflow_major"), Unknown)


class TestKeys:
    def with_key(self, text: str) -> Estate:
        estate = mwaa_estate()
        estate.environment.record["KmsKey"] = text
        return estate

    @pytest.mark.parametrize("form", ["{arn}", "{id}", "key/{id}", "alias/ingest-prod", "arn:alias"])
    def test_every_way_to_name_a_key(self, form: str) -> None:
        estate = mwaa_estate()
        arn_of_alias = f"arn:aws:kms:{REGION}:{HOME}:alias/ingest-prod"
        text = form.replace("arn:alias", arn_of_alias).format(arn=estate.key.arn, id=estate.key.key_id)
        assert fact(self.with_key(text), "key") == estate.key.arn

    @pytest.mark.parametrize("text", ["", "alias/aws/airflow", f"arn:aws:kms:{REGION}:{HOME}:alias/aws/airflow"])
    def test_aws_owns_or_manages_it(self, text: str) -> None:
        assert fact(self.with_key(text), "key") == ""

    def test_the_key_itself_says_that_aws_manages_it(self) -> None:
        estate = mwaa_estate()
        estate.key.record["KeyManager"] = "AWS"
        assert fact(estate, "key") == ""
        assert fact(estate, "bucket_keys") == ()

    def test_an_alias_that_is_not_listed_is_unknown(self) -> None:
        assert isinstance(fact(self.with_key("alias/gone"), "key"), Unknown)
        estate = drop(self.with_key("alias/ingest-prod"), "kms", "list-aliases")
        assert needs(fact(estate, "key")) == ["list-aliases"]


class TestBucket:
    def encryption(self, estate: Estate) -> Any:
        call = estate.net.document(HOME, REGION, "s3", "get-bucket-encryption")["Calls"][0]
        return call["Response"]["ServerSideEncryptionConfiguration"]["Rules"][0]

    def test_keys_of_the_bucket_and_its_files(self) -> None:
        estate = mwaa_estate()
        other = estate.net.key("other")
        for call in estate.net.document(HOME, REGION, "s3", "head-object")["Calls"]:
            if call["Parameters"]["Key"] == "plugins.zip":
                call["Response"]["SSEKMSKeyId"] = other.arn
        assert fact(estate, "bucket_keys") == (estate.key.arn, other.arn)

    def test_no_key_without_kms(self) -> None:
        estate = mwaa_estate()
        self.encryption(estate)["ApplyServerSideEncryptionByDefault"] = {"SSEAlgorithm": "AES256"}
        for call in estate.net.document(HOME, REGION, "s3", "head-object")["Calls"]:
            call["Response"].pop("SSEKMSKeyId", None)
        assert fact(estate, "bucket_keys") == ()

    def test_the_service_s_own_key_is_none(self) -> None:
        estate = mwaa_estate()
        self.encryption(estate)["ApplyServerSideEncryptionByDefault"] = {"SSEAlgorithm": "aws:kms"}
        for call in estate.net.document(HOME, REGION, "s3", "head-object")["Calls"]:
            call["Response"].pop("SSEKMSKeyId", None)
        assert fact(estate, "bucket_keys") == ()

    def test_an_alias_that_was_not_read_leaves_the_keys_unknown(self) -> None:
        estate = drop(mwaa_estate(), "kms", "list-aliases")
        self.encryption(estate)["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] = "alias/ingest-prod"
        assert needs(fact(estate, "bucket_keys")) == ["list-aliases"]

    def test_no_encryption_setting_is_no_key(self) -> None:
        estate = drop(mwaa_estate(), "s3", "head-object")
        code = "ServerSideEncryptionConfigurationNotFoundError"
        estate.net.store.fail_call("s3", "get-bucket-encryption", {"Bucket": estate.bucket.id}, code)
        assert fact(estate, "bucket_keys") == ()

    def test_keys_are_unknown_where_encryption_is(self) -> None:
        estate = mwaa_estate()
        estate.net.refuse_call(HOME, REGION, "s3", "get-bucket-encryption", Bucket=estate.bucket.id)
        assert needs(fact(estate, "bucket_keys")) == ["get-bucket-encryption"]

    @pytest.mark.parametrize(
        ("bucket", "account", "open_flags"), [(True, False, 0), (False, True, 0), (False, False, 4)]
    )
    def test_public_access_is_blocked_by_the_bucket_or_its_account(
        self, bucket: bool, account: bool, open_flags: int
    ) -> None:
        estate = mwaa_estate()
        estate.bucket.public_access_block(bucket)
        write_account_block(estate.net.store, account)
        found = fact(estate, "bucket_unblocked")
        assert isinstance(found, tuple)
        assert len(found) == open_flags

    def test_public_access_blocked_half_by_each(self) -> None:
        estate = mwaa_estate()
        own = estate.net.document(HOME, REGION, "s3", "get-public-access-block")["Calls"][0]["Response"]
        all_of_account = estate.net.document(HOME, REGION, "s3control", "get-public-access-block")["Calls"][0][
            "Response"
        ]
        own["PublicAccessBlockConfiguration"] |= {"BlockPublicAcls": False, "IgnorePublicAcls": False}
        all_of_account["PublicAccessBlockConfiguration"] |= {"BlockPublicPolicy": False, "IgnorePublicAcls": False}
        assert fact(estate, "bucket_unblocked") == ("IgnorePublicAcls",)

    def test_a_bucket_without_a_block_of_its_own(self) -> None:
        estate = mwaa_estate()
        code = "NoSuchPublicAccessBlockConfiguration"
        estate.net.store.fail_call("s3", "get-public-access-block", {"Bucket": estate.bucket.id}, code)
        assert fact(estate, "bucket_unblocked") == ()
        estate.net.store.fail_call("s3control", "get-public-access-block", {"AccountId": HOME}, code)
        found = fact(estate, "bucket_unblocked")
        assert isinstance(found, tuple)
        assert len(found) == 4

    def test_public_access_is_unknown_where_the_call_that_would_tell_is(self) -> None:
        estate = mwaa_estate()
        estate.bucket.public_access_block(False)
        assert needs(fact(drop(estate, "s3control", "get-public-access-block"), "bucket_unblocked"))
        estate = mwaa_estate()
        write_account_block(estate.net.store, False)
        assert needs(fact(drop(estate, "s3", "get-public-access-block"), "bucket_unblocked"))

    @pytest.mark.parametrize("key", ["aws:SourceVpce", "aws:sourcevpc", "aws:VpcSourceIp"])
    def test_a_policy_that_demands_an_endpoint(self, key: str) -> None:
        estate = mwaa_estate()
        assert fact(estate, "bucket_demands_endpoint") is False
        condition = {"StringNotEquals": {key: "x"}}
        estate.bucket.policy(policy(deny("s3:*", f"{estate.bucket.arn}/*", Principal="*", Condition=condition)))
        assert fact(estate, "bucket_demands_endpoint") is True

    def test_no_policy_demands_nothing(self) -> None:
        estate = mwaa_estate()
        estate.bucket.policy(None)
        assert fact(estate, "bucket_demands_endpoint") is False

    def test_a_policy_that_cannot_be_read_is_unknown(self) -> None:
        estate = mwaa_estate()
        estate.bucket.policy("{}")
        assert isinstance(fact(estate, "bucket_demands_endpoint"), Unknown)
        assert needs(fact(drop(mwaa_estate(), "s3", "get-bucket-policy"), "bucket_demands_endpoint"))

    def test_files_with_a_configured_version(self) -> None:
        estate = mwaa_estate()
        with_startup_script(estate)
        del estate.environment.record["PluginsS3ObjectVersion"]
        assert fact(estate, "versioned_files") == ("requirements.txt", "startup.sh")


class TestUsedServices:
    def test_of_the_secrets_backend(self) -> None:
        estate = mwaa_estate()
        estate.role.inline("secrets", policy(allow("sqs:*", "*")))
        assert fact(estate, "used_services") == ("secretsmanager",)
        options = {"secrets.backend": "airflow.providers.amazon.aws.secrets.x.SystemsManagerParameterStoreBackend"}
        estate.environment.record["AirflowConfigurationOptions"] = options
        assert fact(estate, "used_services") == ("ssm",)

    def test_of_the_mail_backend(self) -> None:
        estate = mwaa_estate()
        estate.role.inline("secrets", policy(allow("sqs:*", "*")))
        options = {"email.email_backend": "airflow.providers.amazon.aws.utils.emailer.send_email"}
        estate.environment.record["AirflowConfigurationOptions"] = options
        assert fact(estate, "used_services") == ("email",)

    def test_of_the_role_s_policies(self) -> None:
        estate = mwaa_estate()
        actions = [
            "Athena:StartQueryExecution",
            "glue:*",
            "ecr:GetAuthorizationToken",
            "kinesis:PutRecord",
            "iam:PassRole",
        ]
        estate.role.inline("dags", policy(allow(actions, "*"), deny("batch:*", "*"), allow("*", "*")))
        assert fact(estate, "used_services") == ("athena", "ecr.api", "glue", "kinesis-streams", "secretsmanager")

    @pytest.mark.parametrize(
        ("action", "service"),
        [("airflow:CreateCliToken", "airflow.env"), ("airflow:GetEnvironment", "airflow.api")],
    )
    def test_of_amazon_mwaa_s_own_api(self, action: str, service: str) -> None:
        estate = mwaa_estate()
        estate.role.inline("secrets", policy(allow(action, "*")))
        assert fact(estate, "used_services") == tuple(sorted((service, "secretsmanager")))

    def test_are_unknown_where_a_policy_of_the_role_is(self) -> None:
        estate = drop(mwaa_estate(), "iam", "get-role-policy", region="global")
        assert needs(fact(estate, "used_services")) == ["get-role-policy"]

    def test_are_unknown_without_a_role(self) -> None:
        estate = mwaa_estate()
        del estate.environment.record["ExecutionRoleArn"]
        assert isinstance(fact(estate, "used_services"), Unknown)
        assert isinstance(fact(estate, "role"), Unknown)


def test_a_queue_that_is_not_named_is_one_of_mwaa_s() -> None:
    estate = mwaa_estate()
    del estate.environment.record["CeleryExecutorQueue"]
    assert fact(estate, "queue_arn") == f"arn:aws:sqs:{REGION}:*:airflow-celery-*"
