"""IAM policy documents from grants: few statements, narrowed to what is named, within the size that IAM takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from mwaanet.permissions.grants import Grant, Kind

MOST_CHARACTERS: Final = 6144
"""How many characters a managed policy may have, white space not counted
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

_VIA_S3: Final = {"StringLike": {"kms:ViaService": "s3.*"}}
"""Decrypting is for S3 alone, which does it for whoever reads an object
(https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service)."""

Document = dict[str, Any]
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The resources that actions are narrowed to; of a kind of which none is named, all are meant."""

    partition: str = "aws"
    """Where the ARNs of buckets and environments lie: `aws`, `aws-us-gov`, `aws-cn`."""
    buckets: tuple[str, ...] = ()
    """Names of buckets."""
    keys: tuple[str, ...] = ()
    """ARNs of KMS keys."""
    environments: tuple[str, ...] = ()
    """Names of environments."""

    def resources(self, kind: Kind) -> tuple[str, ...]:
        """The ARNs of a kind of resource; `*` where the policy cannot say more."""
        head = f"arn:{self.partition}"
        found: dict[Kind, tuple[str, ...]] = {
            Kind.BUCKET: tuple(f"{head}:s3:::{name}" for name in self.buckets),
            Kind.OBJECT: tuple(f"{head}:s3:::{name}/*" for name in self.buckets),
            Kind.KEY: self.keys,
            Kind.DECRYPTING_KEY: self.keys,
            Kind.ENVIRONMENT: tuple(f"{head}:airflow:*:*:environment/{name}" for name in self.environments),
            Kind.AIRFLOW_ROLE: tuple(f"{head}:airflow:*:*:role/{name}/*" for name in self.environments),
            Kind.LOG_GROUP: tuple(f"{head}:logs:*:*:log-group:airflow-{name}-*" for name in self.environments),
        }
        return found.get(kind) or ("*",)


def documents(grants: Iterable[Grant], narrowing: Narrowing) -> tuple[Document, ...]:
    """The policies that allow the grants: one where it fits, else as many as it takes."""
    whole = _document(_statements(grants, narrowing))
    return (whole,) if characters(whole) <= MOST_CHARACTERS else tuple(_packed(whole["Statement"]))


def characters(document: Document) -> int:
    """The size of a policy as IAM counts it."""
    return len(json.dumps(document, separators=(",", ":")))


def _document(statements: Iterable[Statement]) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _statements(grants: Iterable[Grant], narrowing: Narrowing) -> Iterator[Statement]:
    """One statement for all actions that are allowed on the same resources under the same condition."""
    actions: dict[tuple[tuple[str, ...], bool], set[str]] = {}
    for grant in grants:
        place = (narrowing.resources(grant.kind), grant.kind is Kind.DECRYPTING_KEY)
        actions.setdefault(place, set()).add(grant.action)
    for (resources, via_s3), allowed in sorted(actions.items()):
        yield _statement(sorted(allowed), resources, via_s3=via_s3)


def _statement(actions: Iterable[str], resources: tuple[str, ...], *, via_s3: bool) -> Statement:
    listed = list(resources)
    statement: Statement = {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": listed if len(listed) > 1 else listed[0],
    }
    return statement | ({"Condition": _VIA_S3} if via_s3 else {})


def _packed(statements: Iterable[Statement]) -> Iterator[Document]:
    """The statements over several documents, each as full as it gets; an action and a resource at a time."""
    done: list[Statement] = []
    for statement in statements:
        for piece in _pieces(statement):
            tried = _joined(done, piece)
            if characters(_document(tried)) > MOST_CHARACTERS:
                yield _document(done)
                tried = [piece]
            done = tried
    yield _document(done)


def _pieces(statement: Statement) -> Iterator[Statement]:
    """What a statement may be cut into: by resources where there are many of them, else by actions."""
    resources = statement["Resource"]
    if isinstance(resources, list):
        yield from (statement | {"Resource": [resource]} for resource in resources)
    else:
        yield from (statement | {"Action": [action]} for action in statement["Action"])


def _joined(done: list[Statement], piece: Statement) -> list[Statement]:
    """The statements with one more piece, which joins the last where it differs in that list alone."""
    if done:
        last = done[-1]
        for key in ("Action", "Resource"):
            rest = last | {key: piece[key]}
            if rest == piece and isinstance(piece[key], list):
                return [*done[:-1], last | {key: [*last[key], *piece[key]]}]
    return [*done, piece]
