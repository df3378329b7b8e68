"""The verb `permit`: which policies a request meets, who is the culprit, and what leaves the answer unknown."""

from __future__ import annotations

import pytest

from builder import Estate, allow, deny, mwaa_estate, policy
from builder.estate import HOME, REGION, SHARED
from checks.cases import HEAD, asked, only
from checks.examples import closed_key, document
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Finding, Status
from mwaanet.errors import CheckFileError

READ = """
permit:
  principal: mwaa.execution-role
  actions: s3:GetObject
  resources: ["{bucket_arn}/{requirements}"]
  via: bucket
"""
DECRYPT = """
permit: {principal: mwaa.execution-role, actions: kms:Decrypt, resources: ["{key}"], via: bucket}
"""
SEND = """
permit: {principal: mwaa.execution-role, actions: sqs:SendMessage, resources: ["%s"], via: "service:sqs"}
"""
EVERYONE = {"Principal": "*"}


def found(estate: Estate, verb: str = READ) -> Finding:
    return only(asked(estate, verb))


def objects(estate: Estate) -> str:
    return f"{estate.bucket.arn}/*"


class TestWhoRefuses:
    def test_all_agree(self) -> None:
        estate = mwaa_estate()
        finding = found(estate)
        assert finding.status is Status.PASS
        for segment in finding.segments:
            assert segment.source == estate.role.name
            assert segment.destination.endswith(f"({estate.s3_endpoint.id})")

    def test_the_endpoint_s_policy(self) -> None:
        estate = mwaa_estate()
        estate.s3_endpoint.policy(policy(allow("s3:*", "arn:aws:s3:::other/*", **EVERYONE)))
        finding = found(estate)
        assert (finding.status, finding.code) == (Status.FAIL, Fault.POLICY_ENDPOINT)
        assert finding.resources == (estate.s3_endpoint.id,)

    def test_the_bucket_s_policy(self) -> None:
        estate = mwaa_estate()
        estate.bucket.policy(policy(deny("s3:GetObject", objects(estate), **EVERYONE)))
        finding = found(estate)
        assert finding.code == Fault.POLICY_RESOURCE
        assert finding.resources == (estate.bucket.id, estate.bucket.arn)

    def test_the_role_s_own_policies(self) -> None:
        estate = mwaa_estate()
        estate.role.attached.clear()
        finding = found(estate)
        assert finding.code == Fault.POLICY_IDENTITY
        assert finding.resources == (estate.role.name, estate.role.arn)

    def test_the_bucket_s_policy_may_stand_in_for_the_role_s(self) -> None:
        estate = mwaa_estate()
        estate.role.attached.clear()
        estate.bucket.policy(policy(allow("s3:GetObject", objects(estate), Principal={"AWS": estate.role.arn})))
        assert found(estate).status is Status.PASS

    def test_the_boundary(self) -> None:
        estate = mwaa_estate()
        estate.role.bound("limits", policy(allow("sqs:*", "*")))
        finding = found(estate)
        assert finding.code == Fault.POLICY_BOUNDARY
        assert finding.resources == (f"arn:aws:iam::{HOME}:policy/limits",)

    def test_several_at_once(self) -> None:
        estate = mwaa_estate()
        estate.role.inline("freeze", policy(deny("s3:*", "*")))
        estate.s3_endpoint.policy(policy(allow("s3:*", "arn:aws:s3:::other/*", **EVERYONE)))
        assert set(found(estate).resources) == {estate.role.name, estate.s3_endpoint.id}

    def test_two_policies_of_the_role_that_deny(self) -> None:
        estate = mwaa_estate()
        for name in ("freeze", "lockdown"):
            estate.role.attach(name, policy(deny("s3:*", "*")))
        assert {f"arn:aws:iam::{HOME}:policy/{name}" for name in ("freeze", "lockdown")} <= set(found(estate).resources)

    def test_a_bucket_s_policy_that_is_silent_is_not_blamed_for_a_role_that_is_denied_and_lacks_an_allow(self) -> None:
        estate = mwaa_estate()
        estate.role.attached.clear()
        estate.role.inline("freeze", policy(deny("s3:*", "*")))
        assert set(found(estate).resources) == {estate.role.name, estate.role.arn}

    def test_the_key_s_policy(self) -> None:
        estate = mwaa_estate()
        closed_key(estate)
        finding = found(estate, DECRYPT)
        assert finding.code == Fault.POLICY_RESOURCE
        assert finding.resources == (estate.key.arn, estate.key.key_id)

    def test_a_grant_stands_in_for_the_key_s_policy(self) -> None:
        estate = mwaa_estate()
        closed_key(estate)
        estate.key.grant(estate.role.arn, "Decrypt")
        finding = found(estate, DECRYPT)
        assert finding.status is Status.PASS
        assert any(evidence.file.endswith("list-grants.json") for evidence in finding.evidence)
        estate.net.drop_call(HOME, REGION, "kms", "list-grants")
        assert found(estate, DECRYPT).status is Status.UNKNOWN

    def test_a_service_principal_by_its_encryption_context(self) -> None:
        verb = """
permit:
  principal: logs.{region}.{dns_suffix}
  actions: kms:Encrypt
  resources: ["{key}"]
  context: {"kms:EncryptionContext:aws:logs:arn": "%s"}
"""
        inside = f"arn:aws:logs:{REGION}:{HOME}:log-group:x"
        assert found(mwaa_estate(), verb % inside).status is Status.PASS
        outside = f"arn:aws:logs:{REGION}:{SHARED}:log-group:x"
        assert found(mwaa_estate(), verb % outside).status is Status.FAIL


class TestTheWay:
    def test_over_nat_the_service_sees_the_public_address(self) -> None:
        estate = mwaa_estate(routing="nat")
        estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
        nat = [
            gateway["NatGatewayAddresses"][0]["PublicIp"]
            for gateway in document(estate, "ec2", "describe-nat-gateways")["NatGateways"]
        ]
        condition = {"NotIpAddress": {"aws:SourceIp": [f"{address}/32" for address in nat]}}
        estate.bucket.policy(policy(deny("s3:*", objects(estate), Condition=condition, **EVERYONE)))
        assert found(estate).status is Status.PASS
        condition["NotIpAddress"]["aws:SourceIp"] = ["198.51.100.0/24"]
        estate.bucket.policy(policy(deny("s3:*", objects(estate), Condition=condition, **EVERYONE)))
        assert found(estate).status is Status.FAIL

    def test_through_an_endpoint_it_sees_vpc_and_private_address(self) -> None:
        estate = mwaa_estate()
        condition = {
            "StringNotEquals": {"aws:SourceVpc": estate.vpc.id},
            "NotIpAddress": {"aws:VpcSourceIp": "10.24.8.0/23"},
        }
        estate.bucket.policy(policy(deny("s3:*", objects(estate), Condition=condition, **EVERYONE)))
        assert found(estate).status is Status.PASS

    def test_a_way_that_is_not_known(self) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "ec2", "describe-vpc-endpoints")
        finding = found(estate)
        assert finding.status is Status.UNKNOWN
        assert "how requests to" in finding.message
        assert [need.operation for need in finding.needs] == ["describe-vpc-endpoints"]

    def test_what_refuses_on_every_way_is_named_where_the_way_is_not_known(self) -> None:
        estate = mwaa_estate()
        estate.role.inline("freeze", policy(deny("s3:*", "*")))
        estate.net.drop_call(HOME, REGION, "ec2", "describe-vpc-endpoints")
        finding = found(estate)
        assert finding.status is Status.FAIL
        assert finding.resources[0] == estate.role.name

    def test_a_blocked_way_is_still_the_way(self) -> None:
        estate = mwaa_estate()
        estate.environment_group.allow_out()
        estate.environment_group.record["IpPermissionsEgress"] = []
        assert found(estate).status is Status.PASS

    def test_two_ways_are_two_answers(self) -> None:
        estate = mwaa_estate(routing="nat")
        estate.s3_endpoint.disassociate(estate.workers[1].table)
        finding = found(estate)
        assert [segment.destination.endswith(")") for segment in finding.segments] == [True, False]

    def test_without_a_way_the_network_is_not_known(self) -> None:
        verb = READ.replace("  via: bucket\n", "")
        estate = mwaa_estate()
        assert found(estate, verb).status is Status.PASS
        condition = {"StringNotEquals": {"aws:SourceVpce": estate.s3_endpoint.id}}
        estate.bucket.policy(policy(deny("s3:*", objects(estate), Condition=condition, **EVERYONE)))
        assert found(estate, verb).status is Status.UNKNOWN

    def test_what_kms_is_asked_on_behalf_of_does_not_depend_on_the_way(self) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "ec2", "describe-vpc-endpoints")
        assert found(estate, DECRYPT).status is Status.PASS


class TestUnknown:
    def test_a_condition_key_that_the_model_does_not_know(self) -> None:
        estate = mwaa_estate()
        condition = {"StringEquals": {"aws:PrincipalTag/team": "data"}}
        estate.bucket.policy(policy(deny("s3:GetObject", objects(estate), Condition=condition, **EVERYONE)))
        finding = found(estate)
        assert finding.status is Status.UNKNOWN
        assert "aws:PrincipalTag/team" in finding.message

    def test_a_condition_key_is_named_where_a_denial_is_asked_for(self) -> None:
        estate = mwaa_estate()
        condition = {"StringEquals": {"aws:PrincipalTag/team": "data"}}
        estate.bucket.policy(policy(deny("s3:GetObject", objects(estate), Condition=condition, **EVERYONE)))
        finding = only(asked(estate, READ, HEAD + "    expect: denied\n"))
        assert finding.status is Status.UNKNOWN
        assert "aws:PrincipalTag/team" in finding.message
        assert "stands for many" not in finding.message

    def test_a_condition_key_that_the_check_gives(self) -> None:
        estate = mwaa_estate()
        condition = {"StringEquals": {"aws:PrincipalTag/team": "data"}}
        estate.bucket.policy(policy(deny("s3:GetObject", objects(estate), Condition=condition, **EVERYONE)))
        given = READ + "  context: {'aws:PrincipalTag/team': %s}\n"
        assert found(estate, given % "web").status is Status.PASS
        assert found(estate, given % "data").status is Status.FAIL

    @pytest.mark.parametrize(
        ("service", "operation", "region"),
        [
            ("s3", "get-bucket-policy", REGION),
            ("iam", "list-role-policies", "global"),
            ("iam", "list-attached-role-policies", "global"),
            ("iam", "get-role-policy", "global"),
            ("iam", "get-policy", "global"),
            ("iam", "get-policy-version", "global"),
            ("iam", "get-role", "global"),
        ],
    )
    def test_a_policy_that_was_not_read(self, service: str, operation: str, region: str) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, region, service, operation)
        finding = found(estate)
        assert finding.status is Status.UNKNOWN
        assert operation in [need.operation for need in finding.needs]

    def test_a_key_s_policy_that_was_not_read(self) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "kms", "get-key-policy")
        assert found(estate, DECRYPT).status is Status.UNKNOWN

    def test_a_policy_that_is_none(self) -> None:
        estate = mwaa_estate()
        estate.s3_endpoint.policy('{"Statement": 5}')
        finding = found(estate)
        assert finding.status is Status.UNKNOWN
        assert "is not a policy that can be read" in finding.message

    def test_a_policy_or_role_that_does_not_exist(self) -> None:
        estate = mwaa_estate()
        store = estate.net.store.global_store
        store.fail_call("iam", "get-policy", {"PolicyArn": estate.role.attached[0]["PolicyArn"]}, "NoSuchEntity")
        assert found(estate).status is Status.UNKNOWN
        store.fail_call("iam", "get-role", {"RoleName": estate.role.name}, "NoSuchEntity")
        assert found(estate).status is Status.UNKNOWN

    def test_a_role_that_is_not_named(self) -> None:
        estate = mwaa_estate()
        del estate.environment.record["ExecutionRoleArn"]
        assert found(estate).status is Status.UNKNOWN


class TestResources:
    def test_a_bucket_without_a_policy(self) -> None:
        estate = mwaa_estate()
        estate.bucket.policy(None)
        finding = found(estate)
        assert finding.status is Status.PASS
        assert any(evidence.file.endswith("get-bucket-policy.json") for evidence in finding.evidence)

    def test_the_celery_queue_belongs_to_mwaa_and_is_asked_nothing(self) -> None:
        assert found(mwaa_estate(), SEND % "{queue_arn}").status is Status.PASS

    @pytest.mark.parametrize("told", [True, False])
    def test_the_celery_queue_is_not_one_of_the_environment_s_account(self, told: bool) -> None:
        """https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html allows queues of any account."""
        estate = mwaa_estate()
        if not told:
            del estate.environment.record["CeleryExecutorQueue"]
        assert found(estate, SEND % "{queue_arn}").status is Status.PASS
        estate.role.attached.clear()
        estate.role.inline("own", policy(allow("sqs:*", f"arn:aws:sqs:{REGION}:{HOME}:airflow-celery-*")))
        assert found(estate, SEND % "{queue_arn}").status is Status.FAIL

    def test_both_sides_must_allow_across_accounts(self) -> None:
        key = f"arn:aws:kms:{REGION}:{SHARED}:key/11111111-2222-3333-4444-555555555555"
        verb = f"permit: {{principal: mwaa.execution-role, actions: kms:Decrypt, resources: '{key}', via: bucket}}"
        estate = mwaa_estate()
        estate.role.inline("secrets", policy(allow("kms:Decrypt", key)))
        assert found(estate, verb).status is Status.UNKNOWN
        queue = f"arn:aws:sqs:{REGION}:{SHARED}:other"
        finding = found(mwaa_estate(), SEND % queue)
        assert finding.status is Status.FAIL
        assert finding.resources == (estate.role.name, estate.role.arn)

    @pytest.mark.parametrize("owner", [HOME, SHARED])
    @pytest.mark.parametrize("may", [True, False])
    @pytest.mark.parametrize(
        ("action", "resource"),
        [
            ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:%s:secret:fernleaf-a1b2c3"),
            ("s3:GetObject", f"arn:aws:s3:{REGION}:%s:accesspoint/dags/object/a.py"),
            ("execute-api:Invoke", f"arn:aws:execute-api:{REGION}:%s:a1b2c3/prod/GET/loads"),
        ],
    )
    def test_a_policy_of_the_resource_itself_that_nobody_reads_may_decide(
        self, action: str, resource: str, owner: str, may: bool
    ) -> None:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html: within one account
        a secret's policy may allow by itself, across accounts it must; and it may always deny. So may that of an access
        point (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html) and of an API
        (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html).
        """
        named = resource % owner
        verb = f"permit: {{principal: mwaa.execution-role, actions: '{action}', resources: '{named}'}}"
        estate = mwaa_estate()
        effect = allow if may else deny
        estate.role.inline("own", policy(effect(action, named)))
        assert found(estate, verb).status is (Status.UNKNOWN if may else Status.FAIL)

    @pytest.mark.parametrize(
        ("asked_for", "denied", "status"),
        [
            ("dags/*", "dags/secret*", Status.UNKNOWN),
            ("dags/*", "*/secret.py", Status.UNKNOWN),
            ("dags/*", "plugins/*", Status.PASS),
            ("dags/*", "dags/*", Status.FAIL),
            ("dags/secret.py", "dags/secret*", Status.FAIL),
            ("dags/public.py", "dags/secret*", Status.PASS),
        ],
    )
    def test_a_wildcard_is_everything_that_fits_it(self, asked_for: str, denied: str, status: Status) -> None:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html: an explicit deny
        overrides any allow, of the resources that it names.
        """
        estate = mwaa_estate()
        estate.role.inline("part", policy(deny("s3:GetObject", f"{estate.bucket.arn}/{denied}")))
        verb = "permit: {principal: mwaa.execution-role, actions: s3:GetObject, resources: '{bucket_arn}/%s'}"
        assert found(estate, verb % asked_for).status is status

    def test_a_key_of_aws_is_asked_nothing(self) -> None:
        estate = mwaa_estate()
        del estate.environment.record["KmsKey"]
        assert asked(estate, DECRYPT) == []

    def test_listing_looks_at_the_folder_of_dags(self) -> None:
        verb = (
            "permit: {principal: mwaa.execution-role, actions: s3:ListBucket, resources: '{bucket_arn}', via: bucket}"
        )
        estate = mwaa_estate()
        condition = {"StringNotLike": {"s3:prefix": "dags/*"}}
        estate.bucket.policy(policy(deny("s3:ListBucket", estate.bucket.arn, Condition=condition, **EVERYONE)))
        assert found(estate, verb).status is Status.PASS


class TestPrincipals:
    def test_another_role_by_its_arn(self) -> None:
        estate = mwaa_estate()
        verb = f"""
permit:
  principal: {estate.caller.arn}
  actions: airflow:CreateCliToken
  resources: ["arn:aws:airflow:{{region}}:{{account}}:environment/{{name}}"]
  via: service:airflow.env
"""
        assert found(estate, verb).status is Status.PASS
        assert found(estate, verb.replace("CreateCliToken", "DeleteEnvironment")).resources[0] == estate.caller.name

    def test_what_is_no_principal_names_the_file_and_line(self) -> None:
        verb = READ.replace("mwaa.execution-role", "arn:aws:s3:::bucket")
        with pytest.raises(CheckFileError, match=r"^ours.yaml: line 3: OURS: principal: expected the ARN of a role"):
            found(mwaa_estate(), verb)


class TestRolesThatAreNotThere:
    def test_a_role_that_does_not_exist_may_nothing(self) -> None:
        estate = mwaa_estate()
        store = estate.net.store.global_store
        for operation in ("list-role-policies", "list-attached-role-policies", "get-role"):
            store.fail_call("iam", operation, {"RoleName": estate.role.name}, "NoSuchEntity")
        finding = found(estate)
        assert finding.status is Status.FAIL
        assert finding.resources[0] == estate.role.name

    def test_requests_go_to_names(self) -> None:
        with pytest.raises(CheckFileError, match=r"OURS: via: requests go to a name, such as bucket or service:sqs"):
            found(mwaa_estate(), READ.replace("via: bucket", "via: internet"))
