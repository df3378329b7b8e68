"""Environments in China and in AWS GovCloud, where ARNs, DNS names and endpoint services are called otherwise.

Amazon MWAA is in both Regions of China (https://docs.amazonaws.cn/en_us/mwaa/latest/userguide/networking.html);
botocore knows it in no Region of GovCloud, where an environment would be judged as anywhere. DNS names of China:
https://docs.amazonaws.cn/en_us/general/latest/gr/endpoints-arns.html. Its endpoint services begin with `cn.`, but for
some of the older ones: https://docs.amazonaws.cn/en_us/batch/latest/userguide/vpc-endpoint-create.html,
https://docs.amazonaws.cn/vpc/latest/privatelink/aws-services-cross-region-privatelink-support.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import pytest

from builder import Estate, mwaa_estate
from checks.cases import context, diagnosis, of, paths
from checks.examples import remove_endpoint
from mwaanet.checks.load import builtin_checks
from mwaanet.graph.flight import Kind
from mwaanet.runbook.setting_calls import fact_calls

Files = Mapping[str, bytes]
BEIJING, GOVCLOUD = "cn-north-1", "us-gov-west-1"
PREFIXED = "airflow.api|airflow.env|ecr.api|ecr.dkr|monitoring|sqs|sts"
LOCATION = "get-bucket-location.json"


def in_beijing(text: str) -> str:
    text = text.replace("us-east-1", BEIJING).replace("use1-az", "cnn1-az").replace("arn:aws:", "arn:aws-cn:")
    text = re.sub(rf"({BEIJING}(\.[a-z]+)?\.amazonaws\.com)\b", r"\1.cn", text)
    return re.sub(rf"\bcom\.amazonaws\.(?=vpce\.|{BEIJING}\.({PREFIXED})\b)", "cn.com.amazonaws.", text)


def in_govcloud(text: str) -> str:
    return text.replace("us-east-1", GOVCLOUD).replace("use1-az", "usgw1-az").replace("arn:aws:", "arn:aws-us-gov:")


def moved(subject: Estate, move: Callable[[str], str]) -> dict[str, bytes]:
    """The estate elsewhere; only us-east-1 is the Region of a bucket that names none."""
    files = {move(name): move(content.decode()).encode() for name, content in subject.files().items()}
    for name in files:
        if name.endswith(LOCATION):
            document = json.loads(files[name])
            for call in document["Calls"]:
                call["Response"]["LocationConstraint"] = move("us-east-1")
            files[name] = json.dumps(document).encode()
    return files


@pytest.mark.parametrize("move", [in_beijing, in_govcloud])
@pytest.mark.parametrize(
    "choices",
    [{}, {"routing": "nat", "airflow": "3.0.6"}, {"endpoint_management": "CUSTOMER", "access": "PUBLIC_AND_PRIVATE"}],
    ids=["private", "nat", "customer"],
)
def test_what_is_healthy_passes(move: Callable[[str], str], choices: dict[str, str]) -> None:
    found = diagnosis(moved(mwaa_estate(**choices), move))
    assert set(paths(found).values()) == {"pass"}, [f.message for f in found.findings if f.status != "pass"]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(
    ("service", "check", "name"),
    [
        ("sqs", "SQS-REACH", "cn.com.amazonaws.cn-north-1.sqs"),
        ("monitoring", "MONITORING-REACH", "cn.com.amazonaws.cn-north-1.monitoring"),
        ("kms", "KMS-REACH", "com.amazonaws.cn-north-1.kms"),
        ("logs", "LOGS-REACH", "com.amazonaws.cn-north-1.logs"),
    ],
)
def test_a_missing_endpoint_is_made_for_the_service_as_china_calls_it(
    service: str, check: str, name: str, listed: bool
) -> None:
    estate = mwaa_estate()
    remove_endpoint(estate, service)
    files = moved(estate, in_beijing)
    if not listed:
        files = {file: content for file, content in files.items() if "describe-vpc-endpoint-services" not in file}
    (finding,) = of(diagnosis(files), check)
    assert finding.status == "fail"
    assert finding.fix
    assert finding.fix.verified
    assert f"--service-name {name} " in finding.fix.cli[0]
    assert set(re.findall(r"[\w.-]*com\.amazonaws\.[\w.-]*\w", finding.fix.summary)) <= {name}


def test_no_fix_of_a_check_names_a_service_as_one_partition_calls_it() -> None:
    checks = builtin_checks()
    assert len(checks) > 50
    assert [check.id for check in checks if "com.amazonaws" in check.fix] == []


def test_a_missing_endpoint_is_made_for_the_service_that_the_region_offers() -> None:
    """What the snapshot lists decides, whatever is usual in China."""
    estate = mwaa_estate()
    remove_endpoint(estate, "kms")
    files = {
        name: content.replace(b"com.amazonaws.cn-north-1.kms", b"cn.com.amazonaws.cn-north-1.kms")
        for name, content in moved(estate, in_beijing).items()
    }
    (finding,) = of(diagnosis(files), "KMS-REACH")
    assert finding.fix
    assert "--service-name cn.com.amazonaws.cn-north-1.kms " in finding.fix.cli[0]


def test_a_permission_is_given_to_a_principal_of_the_partition() -> None:
    estate = mwaa_estate()
    estate.service.permissions.clear()
    (finding,) = of(diagnosis(moved(estate, in_beijing)), "NEXUS-SERVICE")
    assert finding.status == "warn"
    assert finding.fix
    assert "arn:aws-cn:iam::111122223333:root" in finding.fix.summary


def test_every_node_of_the_graph_is_of_a_kind_that_is_known() -> None:
    nodes = context(moved(mwaa_estate(), in_beijing)).network.graph.nodes
    assert [name for name in nodes if nodes[name]["component"].kind is Kind.UNMODELLED] == []


def test_endpoints_for_iam_roles_anywhere_are_looked_for_by_either_name() -> None:
    facts = context(moved(mwaa_estate(), in_beijing)).facts
    assert facts
    (call,) = fact_calls(facts, ["api_sessions_open"])
    names = {"com.amazonaws.cn-north-1.rolesanywhere", "cn.com.amazonaws.cn-north-1.rolesanywhere"}
    assert set(call.command.parameters["Filters"][0]["Values"]) == names
