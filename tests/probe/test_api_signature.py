"""What can be told of a refused signature from the names alone, which a server on loopback does not have.

The messages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from mwaanet.probe.api_answer import judge
from mwaanet.probe.api_exchange import Answer
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiOutcome, ApiStep

MISMATCH = "The request signature we calculated does not match the signature you provided."
NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)


def judged(
    host: str, region: str = "us-east-1", message: str = MISMATCH, code: str = "SignatureDoesNotMatch"
) -> Judgement:
    asked = Asked(step=ApiStep.INVOKE, environment="my-env", region=region, url=f"https://{host}/restapi/my-env")
    headers = {"x-amzn-errortype": code, "x-amzn-requestid": "1"}
    body = json.dumps({"message": message}).encode()
    return judge(Answer(status=403, headers=headers, body=body, sent=NOW, received=NOW), asked)


def test_the_endpoints_name_tells_another_region() -> None:
    seen = judged("env.airflow.eu-west-1.amazonaws.com")
    assert seen.outcome is ApiOutcome.WRONG_REGION
    assert seen.cause == "It was signed for us-east-1; env.airflow.eu-west-1.amazonaws.com is in eu-west-1."
    assert "--region eu-west-1" in seen.mend


def test_an_interface_endpoint_of_the_region_leaves_the_keys() -> None:
    seen = judged("vpce-0ab1-cd.env.airflow.us-east-1.vpce.amazonaws.com")
    assert (seen.outcome, seen.cause) == (ApiOutcome.SIGNATURE, "")


def test_an_alias_is_the_first_suspect() -> None:
    seen = judged("mwaa.company.internal")
    assert seen.outcome is ApiOutcome.SIGNATURE
    assert "mwaa.company.internal is no name of AWS's" in seen.cause


@pytest.mark.parametrize("code", ["RequestExpired", "RequestTimeTooSkewed"])
def test_some_codes_mean_the_clock_whatever_they_say(code: str) -> None:
    assert judged("env.airflow.us-east-1.amazonaws.com", message="", code=code).outcome is ApiOutcome.CLOCK_WRONG


def test_the_canonical_request_is_left_out() -> None:
    """It holds the session token."""
    seen = judged("env.airflow.us-east-1.amazonaws.com", message="The request signature differs.\nhost: secret")
    assert seen.message == "The request signature differs."
