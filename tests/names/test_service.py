"""Service names, held against the endpoint rules that botocore ships."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.endpoint_provider import EndpointProvider

from mwaanet.names import service_name

PLACES = [("us-east-1", "aws"), ("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
SERVICES = """
    apigateway apigatewayv2 application-signals athena autoscaling batch bedrock-runtime cloudformation cloudtrail
    cloudwatch codeartifact codebuild cognito-idp config databrew datazone dms dynamodb dynamodbstreams ec2 ecr ecs efs
    eks eks-auth elasticache elb elbv2 emr emr-containers emr-serverless events firehose glue kafka kinesis kms
    lakeformation lambda logs mwaa opensearch opensearchserverless rds rds-data redshift redshift-data s3 s3control
    sagemaker sagemaker-featurestore-runtime sagemaker-runtime secretsmanager servicediscovery ses sesv2 sns sqs ssm sso
    sso-admin sso-oidc stepfunctions sts textract timestream-query timestream-write transfer xray
"""
GLOBAL = ["budgets", "ce", "cloudfront", "iam", "organizations", "route53", "support"]

session = botocore.session.get_session()
loader = session.get_component("data_loader")


def of_botocore(service: str, region: str) -> str:
    rules = loader.load_service_model(service, "endpoint-rule-set-1")
    provider = EndpointProvider(rules, loader.load_data("partitions"))
    url = provider.resolve_endpoint(Region=region, UseDualStack=False, UseFIPS=False).url
    return str(url).removeprefix("https://")


@pytest.mark.parametrize("service", SERVICES.split())
def test_regional_names_are_botocores(service: str) -> None:
    for region, partition in PLACES:
        assert service_name(service, region, partition) == of_botocore(service, region)


@pytest.mark.parametrize("service", GLOBAL)
def test_global_names_are_botocores(service: str) -> None:
    assert service_name(service, "eu-west-1") == of_botocore(service, "eu-west-1")


@pytest.mark.parametrize("operation", ["CreateCliToken", "CreateWebLoginToken", "InvokeRestApi", "GetEnvironment"])
def test_endpoint_service_names_are_the_hosts_that_botocore_calls(operation: str) -> None:
    endpoint: Any = session.get_service_model("mwaa").operation_model(operation).endpoint
    prefix = endpoint["hostPrefix"]
    host = prefix + of_botocore("mwaa", "us-east-1")
    assert service_name(f"airflow.{prefix.rstrip('.')}", "us-east-1") == host


def test_endpoint_services_of_other_services() -> None:
    assert service_name("monitoring", "us-east-1") == "monitoring.us-east-1.amazonaws.com"
    assert service_name("ecr.dkr", "us-east-1") == "dkr.ecr.us-east-1.amazonaws.com"
    assert service_name("sqs", "cn-north-1", "aws-cn") == "sqs.cn-north-1.amazonaws.com.cn"
