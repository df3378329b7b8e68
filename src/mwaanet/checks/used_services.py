"""The AWS services that an environment's DAGs use, as far as its configuration and its execution role tell.

Read from `AirflowConfigurationOptions` (https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-env-variables.html)
and from the actions that the role's policies allow. What every environment needs is not repeated here.

Not modelled: what DAGs use through connections that hold credentials of their own, and the global services (IAM).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mwaanet.access import Effect, Policy
from mwaanet.checks.principal_policies import Policies
from mwaanet.checks.subject import Fact, Subject, of_origins
from mwaanet.model.unknown import Unknown

_BY_OPTION: Final[tuple[tuple[str, str, str], ...]] = (
    ("secrets.backend", "SecretsManagerBackend", "secretsmanager"),
    ("secrets.backend", "SystemsManagerParameterStoreBackend", "ssm"),
    ("secrets.workers_backend", "SecretsManagerBackend", "secretsmanager"),
    ("email.email_backend", "amazon.aws.utils.emailer", "email"),
)
"""Configuration option, what its value has in it, and the service that it means."""

_BY_PREFIX: Final[Mapping[str, str]] = {
    "athena": "athena",
    "batch": "batch",
    "bedrock": "bedrock-runtime",
    "cloudformation": "cloudformation",
    "codeartifact": "codeartifact.api",
    "comprehend": "comprehend",
    "databrew": "databrew",
    "datasync": "datasync",
    "dms": "dms",
    "dynamodb": "dynamodb",
    "ec2": "ec2",
    "ecr": "ecr.api",
    "ecs": "ecs",
    "eks": "eks",
    "elasticmapreduce": "elasticmapreduce",
    "emr-containers": "emr-containers",
    "emr-serverless": "emr-serverless",
    "events": "events",
    "firehose": "kinesis-firehose",
    "glue": "glue",
    "kinesis": "kinesis-streams",
    "lakeformation": "lakeformation",
    "lambda": "lambda",
    "quicksight": "quicksight",
    "rds": "rds",
    "rds-data": "rds-data",
    "redshift": "redshift",
    "redshift-data": "redshift-data",
    "redshift-serverless": "redshift-serverless",
    "sagemaker": "sagemaker.api",
    "secretsmanager": "secretsmanager",
    "ses": "email",
    "sns": "sns",
    "ssm": "ssm",
    "states": "states",
    "sts": "sts",
    "transfer": "transfer",
}
"""The prefix of IAM actions, and the service whose endpoint takes the calls."""

_TOKENS: Final = frozenset({"airflow:createclitoken", "airflow:createweblogintoken", "airflow:invokerestapi"})
_OWN_METRICS: Final = "airflow:publishmetrics"


def used_services(subject: Subject) -> Fact | Unknown:
    """The services by the name of their endpoint service; unknown where a policy of the role is."""
    options = subject.environment.airflow_configuration_options
    found = {service for key, part, service in _BY_OPTION if part in options.get(key, "")}
    role = execution_role(subject)
    if isinstance(role, Unknown):
        return role
    policies = Policies.of(subject.inventory, role)
    for policy in policies.identity:
        if isinstance(policy, Unknown):
            return policy
        found.update(_services(policy))
    return Fact(tuple(sorted(found)), of_origins(policies.identity_origins))


def execution_role(subject: Subject) -> str | Unknown:
    """The ARN of the execution role; unknown where the environment names none."""
    role = subject.environment.execution_role_arn
    return role or Unknown(reason=f"get-environment names no execution role for {subject.environment.name}")


def _services(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        for action in (statement.actions or ()) if statement.effect is Effect.ALLOW else ():
            prefix = action.partition(":")[0].lower()
            if prefix == "airflow" and action.lower() != _OWN_METRICS:
                yield "airflow.env" if action.lower() in _TOKENS else "airflow.api"
            elif prefix in _BY_PREFIX:
                yield _BY_PREFIX[prefix]
