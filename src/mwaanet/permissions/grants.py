"""The IAM actions that collection and probes need, and the kind of resource that each may be narrowed to.

Those of collection follow from the table of operations; here stands only what an operation takes besides, and which
services let a policy name a resource.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from mwaanet.snapshot import OPERATIONS, Operation


class Kind(StrEnum):
    """What kind of resource an action is allowed on."""

    ANY = "any"
    """Whatever there is: lists, and what only the answers to lists name."""
    BUCKET = "bucket"
    OBJECT = "object"
    KEY = "key"
    DECRYPTING_KEY = "decrypting key"
    """A key, used by S3 on the caller's behalf."""
    ENVIRONMENT = "environment"
    AIRFLOW_ROLE = "Airflow role"
    """A role of an environment's Apache Airflow, as whom a caller is let in."""
    LOG_GROUP = "log group"


class Grant(NamedTuple):
    """An action, and what it is allowed on."""

    action: str
    kind: Kind = Kind.ANY


_KINDS: Final = {
    "Bucket": Kind.BUCKET,
    "Key": Kind.OBJECT,
    "KeyId": Kind.KEY,
    "Name": Kind.ENVIRONMENT,
}
"""The kind of resource that the last parameter of an operation names, where a policy can be narrowed to it."""

_NARROWED: Final = frozenset({"s3", "kms", "mwaa"})
_OBJECT: Final = (Grant("s3:GetObjectVersion", Kind.OBJECT), Grant("s3:ListBucket", Kind.BUCKET))
_BESIDES: Final = {
    ("s3", "head-object"): _OBJECT,
    ("s3", "get-object"): (*_OBJECT, Grant("kms:Decrypt", Kind.DECRYPTING_KEY)),
}
"""What an operation takes besides: S3 asks for `s3:GetObjectVersion` where a version is named, says that an object is
not there to those only who may list the bucket, and decrypts with the bucket's KMS key
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, …/API_GetObject.html)."""

_FREE: Final = frozenset({"sts:GetCallerIdentity"})
"""Needs no permission (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)."""

PROBE: Final = (
    Grant("airflow:GetEnvironment", Kind.ENVIRONMENT),
    Grant("airflow:CreateCliToken", Kind.ENVIRONMENT),
    Grant("airflow:CreateWebLoginToken", Kind.AIRFLOW_ROLE),
    Grant("airflow:InvokeRestApi", Kind.AIRFLOW_ROLE),
    Grant("logs:FilterLogEvents", Kind.LOG_GROUP),
)
"""What `mwaanet probe` needs: `probe api` calls Amazon MWAA and the web server, `probe dag` reads a task's log."""


def grants_of(operation: Operation) -> tuple[Grant, ...]:
    """What one operation needs; nothing where anybody may call it."""
    if operation.action in _FREE:
        return ()
    return (Grant(operation.action, _kind(operation)), *_BESIDES.get((operation.service, operation.operation), ()))


def collect_grants() -> tuple[Grant, ...]:
    """What collecting a snapshot needs."""
    return tuple(dict.fromkeys(_all()))


def _all() -> Iterator[Grant]:
    for operation in OPERATIONS.values():
        if operation.collected:
            yield from grants_of(operation)


def _kind(operation: Operation) -> Kind:
    if operation.service not in _NARROWED:
        return Kind.ANY
    named = [_KINDS[name] for name in operation.parameters if name in _KINDS]
    return named[-1] if named else Kind.ANY
