"""What AWS owns."""

from __future__ import annotations

import pytest

from access.cases import KEY, LINKED, ROLE
from mwaanet.access import is_aws_managed_key, is_aws_owned_key, is_celery_queue, is_service_linked_role


@pytest.mark.parametrize(("arn", "linked"), [(LINKED, True), (ROLE, False), ("", False)])
def test_service_linked_role(arn: str, linked: bool) -> None:
    assert is_service_linked_role(arn) is linked


@pytest.mark.parametrize(("key", "owned"), [(None, True), ("", True), (KEY, False)])
def test_aws_owned_key(key: str | None, owned: bool) -> None:
    assert is_aws_owned_key(key) is owned


@pytest.mark.parametrize(
    ("alias", "managed"),
    [("alias/aws/s3", True), ("arn:aws:kms:us-east-1:1:alias/aws/s3", True), ("alias/my/aws/s3", False)],
)
def test_aws_managed_key(alias: str, managed: bool) -> None:
    assert is_aws_managed_key(alias) is managed


@pytest.mark.parametrize(
    ("arn", "celery"),
    [("arn:aws:sqs:us-east-1:*:airflow-celery-1", True), ("arn:aws:sqs:us-east-1:111122223333:orders", False)],
)
def test_celery_queue(arn: str, celery: bool) -> None:
    assert is_celery_queue(arn) is celery
