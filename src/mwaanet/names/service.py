"""The Regional DNS names of AWS's services, as botocore's endpoint data has them.

Not modelled: FIPS and dual-stack endpoints, services whose endpoint depends on the resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUFFIXES: Final[Mapping[str, str]] = {
    "aws": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
}
"""The DNS suffix of each partition that customers use."""

_PREFIXES: Final[Mapping[str, str]] = {
    "apigatewayv2": "apigateway",
    "cloudwatch": "monitoring",
    "dynamodbstreams": "streams.dynamodb",
    "ecr": "api.ecr",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "mwaa": "airflow",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "s3control": "s3-control",
    "sagemaker": "api.sagemaker",
    "sagemaker-featurestore-runtime": "featurestore-runtime.sagemaker",
    "sagemaker-runtime": "runtime.sagemaker",
    "ses": "email",
    "sesv2": "email",
    "sso": "portal.sso",
    "sso-admin": "sso",
    "sso-oidc": "oidc",
    "stepfunctions": "states",
    "timestream-query": "query.timestream",
    "timestream-write": "ingest.timestream",
}
"""What botocore calls a service, where its host name does not start with that."""

_DUAL_STACK_ONLY: Final = frozenset({"application-signals", "datazone", "eks-auth", "s3files", "s3vectors"})
"""Services whose one endpoint lies under `api.aws`."""

_GLOBAL: Final[Mapping[tuple[str, str], str]] = {
    ("aws", "budgets"): "budgets.amazonaws.com",
    ("aws", "ce"): "ce.us-east-1.amazonaws.com",
    ("aws", "cloudfront"): "cloudfront.amazonaws.com",
    ("aws", "iam"): "iam.amazonaws.com",
    ("aws", "organizations"): "organizations.us-east-1.amazonaws.com",
    ("aws", "route53"): "route53.amazonaws.com",
    ("aws", "support"): "support.us-east-1.amazonaws.com",
    ("aws-cn", "route53"): "route53.amazonaws.com.cn",
    ("aws-us-gov", "iam"): "iam.us-gov.amazonaws.com",
    ("aws-us-gov", "route53"): "route53.us-gov.amazonaws.com",
}
"""Services with one endpoint for all Regions of a partition."""

_DUAL_STACK: Final[Mapping[str, str]] = {"aws-cn": "api.amazonwebservices.com.cn"}


def service_name(service: str, region: str, partition: str = "aws") -> str:
    """The DNS name of a service in a Region; the service as botocore or as an endpoint service calls it.

    >>> service_name("cloudwatch", "us-east-1"), service_name("airflow.env", "eu-west-1")
    ('monitoring.us-east-1.amazonaws.com', 'env.airflow.eu-west-1.amazonaws.com')
    """
    if (partition, service) in _GLOBAL:
        return _GLOBAL[partition, service]
    if service in _DUAL_STACK_ONLY:
        return f"{service}.{region}.{_DUAL_STACK.get(partition, 'api.aws')}"
    prefix = _PREFIXES.get(service) or ".".join(reversed(service.split(".")))
    return f"{prefix}.{region}.{SUFFIXES.get(partition, 'amazonaws.com')}"
