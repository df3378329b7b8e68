"""What AWS owns and is taken as working: nobody outside AWS can read or change its policies.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html,
https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-owned-cmk,
https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
"""

from __future__ import annotations

import re

_SERVICE_LINKED_ROLE = re.compile(
    r"arn:[\w-]+:iam::\d{12}:role/aws-service-role/[\w.-]+/AWSServiceRoleFor\w+", re.ASCII
)
_CELERY_QUEUE = re.compile(r"arn:[\w-]+:sqs:[\w-]+:[^:]*:airflow-celery-.*", re.ASCII)
_AWS_OWNED_KEYS = frozenset({"", "AWS_OWNED_KEY", "AWS_OWNED_KMS_KEY"})


def is_service_linked_role(arn: str) -> bool:
    """Whether a role is linked to an AWS service, which defines what it may do and where."""
    return _SERVICE_LINKED_ROLE.fullmatch(arn) is not None


def is_aws_owned_key(key: str | None) -> bool:
    """Whether a resource's key is one that AWS owns: the resource then names no key."""
    return key is None or key in _AWS_OWNED_KEYS


def is_aws_managed_key(alias: str) -> bool:
    """Whether a key's alias (or its ARN) is `alias/aws/<service>`: in the account, but with a policy of AWS's."""
    return re.search(r"(^|:)alias/aws/", alias) is not None


def is_celery_queue(arn: str) -> bool:
    """Whether an SQS queue is the one between an environment's scheduler and workers, in MWAA's own account."""
    return _CELERY_QUEUE.fullmatch(arn) is not None
