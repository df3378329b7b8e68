"""What collection and probes need, held against the table of operations and the Service Authorization Reference."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint
import pytest

from mwaanet.permissions.grants import PROBE, Grant, Kind, collect_grants, grants_of
from mwaanet.snapshot import OPERATIONS, Operation

RESOURCE_TYPES = {
    Kind.ANY: None,
    Kind.BUCKET: "bucket",
    Kind.OBJECT: "object",
    Kind.KEY: "key",
    Kind.DECRYPTING_KEY: "key",
    Kind.ENVIRONMENT: "environment",
    Kind.AIRFLOW_ROLE: "rbac-role",
    Kind.LOG_GROUP: "log-group",
}
"""What the reference calls each kind."""

every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda row: f"{row.service}-{row.name}")
every_grant = pytest.mark.parametrize("grant", [*collect_grants(), *PROBE], ids=str)


@cache
def reference() -> dict[str, Any]:
    """The Service Authorization Reference as cfn-lint carries it: actions in lower case, with their resource types."""
    path = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@every_operation
def test_the_action_of_every_operation_exists(operation: Operation) -> None:
    service, action = operation.action.split(":")
    assert action.lower() in reference()[service]["Actions"]


@every_grant
def test_a_policy_may_name_the_resource_of_every_grant_that_is_narrowed(grant: Grant) -> None:
    service, action = grant.action.split(":")
    types = reference()[service]["Actions"][action.lower()].get("Resources", [])
    expected = RESOURCE_TYPES[grant.kind]
    assert expected is None or expected in types


@pytest.mark.parametrize("grant", collect_grants(), ids=str)
def test_collection_only_reads(grant: Grant) -> None:
    assert re.fullmatch(r"[a-z0-9-]+:(Describe|Get|List|Search)\w+|kms:Decrypt", grant.action)


@pytest.mark.parametrize("operation", [row for row in OPERATIONS.values() if row.collected], ids=lambda row: row.action)
def test_collection_is_granted_every_call_that_it_makes_but_the_one_that_anybody_may_make(operation: Operation) -> None:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permissions are required."""
    granted = operation.action in {grant.action for grant in collect_grants()}
    assert granted == (operation.action != "sts:GetCallerIdentity")


def test_what_collection_is_granted_is_what_operations_need() -> None:
    assert set(collect_grants()) == {grant for row in OPERATIONS.values() if row.collected for grant in grants_of(row)}


def test_reading_an_object_takes_its_version_and_its_key_and_to_list_the_bucket_where_it_is_missing() -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions": 403, not 404, without it."""
    assert grants_of(OPERATIONS["s3", "get-object"]) == (
        Grant("s3:GetObject", Kind.OBJECT),
        Grant("s3:GetObjectVersion", Kind.OBJECT),
        Grant("s3:ListBucket", Kind.BUCKET),
        Grant("kms:Decrypt", Kind.DECRYPTING_KEY),
    )


def test_buckets_objects_keys_and_environments_can_be_named() -> None:
    kinds = {name: next(grant.kind for grant in grants_of(row)) for name, row in OPERATIONS.items() if grants_of(row)}
    assert kinds["s3", "list-objects-v2"] is Kind.BUCKET
    assert kinds["s3", "get-bucket-policy"] is Kind.BUCKET
    assert kinds["s3", "head-object"] is Kind.OBJECT
    assert kinds["s3", "list-buckets"] is Kind.ANY
    assert kinds["s3control", "get-public-access-block"] is Kind.ANY
    assert kinds["kms", "get-key-policy"] is Kind.KEY
    assert kinds["kms", "list-keys"] is Kind.ANY
    assert kinds["mwaa", "get-environment"] is Kind.ENVIRONMENT
    assert kinds["mwaa", "list-environments"] is Kind.ANY
    assert kinds["iam", "get-role"] is Kind.ANY
