"""Names of https://docs.aws.amazon.com/mwaa/latest/userguide/security-privatelink.html."""

from __future__ import annotations

import pytest

from mwaanet.probe.api_hosts import is_aws_host, management_endpoint, public_endpoint, region_of_host


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("env.airflow.us-east-1.amazonaws.com", "us-east-1"),
        ("env.airflow.ap-southeast-2.api.aws", "ap-southeast-2"),
        ("env.airflow.us-gov-west-1.amazonaws.com:443", "us-gov-west-1"),
        ("env.airflow.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("vpce-0ab1-cd.env.airflow.eu-west-1.vpce.amazonaws.com", "eu-west-1"),
    ],
)
def test_a_name_of_aws_tells_its_region(host: str, region: str) -> None:
    assert (region_of_host(host), is_aws_host(host)) == (region, True)


@pytest.mark.parametrize("host", ["", "localhost:8443", "mwaa.company.internal", "sqs.us-east-1.amazonaws.com"])
def test_other_names_tell_nothing(host: str) -> None:
    assert (region_of_host(host), is_aws_host(host)) == ("", False)


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("us-east-1", "https://env.airflow.us-east-1.amazonaws.com"),
        ("cn-north-1", "https://env.airflow.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_public_endpoints(region: str, endpoint: str) -> None:
    assert public_endpoint(region) == endpoint


@pytest.mark.parametrize(
    ("endpoint", "found"),
    [
        ("https://env.airflow.eu-west-1.amazonaws.com", "https://api.airflow.eu-west-1.amazonaws.com"),
        ("https://vpce-0ab1-cd.env.airflow.eu-west-1.vpce.amazonaws.com", ""),
        ("https://mwaa.company.internal", ""),
        ("https://env.company.internal", ""),
    ],
)
def test_the_management_endpoint_is_known_beside_the_public_name_only(endpoint: str, found: str) -> None:
    assert management_endpoint(endpoint) == found
