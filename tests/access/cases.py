"""A few words in which the cases of this folder are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mwaanet.access import Policy, PolicySet, Principal, Request
from mwaanet.model.unknown import Unknown

ACCOUNT, OTHER = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/mwaa"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/mwaa/AmazonMWAA-airflow"
LINKED = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
USER = f"arn:aws:iam::{ACCOUNT}:user/carlos"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OBJECT = "arn:aws:s3:::dags/dags/etl.py"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/0001"
REFUSED = Unknown(reason="iam:GetRolePolicy was refused", needs=())


class Case(NamedTuple):
    """One request with its expected answer."""

    name: str
    request: Request
    policies: PolicySet
    allowed: bool | None
    keys: tuple[str, ...] = ()


def statement(effect: str, action: str, resource: str | None, **elements: object) -> dict[str, object]:
    """One statement; `principal="*"`, `condition={...}`, `not_action=...` name further elements."""
    content: dict[str, object] = {"Effect": effect, "Action": action, "Resource": resource}
    content |= {"".join(part.title() for part in name.split("_")): value for name, value in elements.items()}
    for name in ("Action", "Resource"):
        if content[name] is None or f"Not{name}" in content:
            del content[name]
    return content


def allow(action: str = "*", resource: str | None = "*", **elements: object) -> dict[str, object]:
    return statement("Allow", action, resource, **elements)


def deny(action: str = "*", resource: str | None = "*", **elements: object) -> dict[str, object]:
    return statement("Deny", action, resource, **elements)


def aws(*names: str) -> dict[str, object]:
    """A `Principal` element."""
    return {"AWS": list(names)}


def policy(*statements: Mapping[str, object], name: str = "policy", version: str = "2012-10-17") -> Policy:
    return Policy.parse({"Version": version, "Statement": list(statements)}, name, f"{name}-id")


def request(
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    *,
    principal: str = ROLE,
    session: str | None = SESSION,
    owner: str | None = ACCOUNT,
    **context: tuple[str, ...],
) -> Request:
    """A request by a role's session to a resource of its own account; `aws_SourceVpce=(...)` gives a context key."""
    who = Principal.parse(principal, session_arn=session if ":role/" in principal else None)
    return Request(
        principal=who,
        action=action,
        resource=resource,
        resource_account=owner,
        region="us-east-1",
        context={key.replace("_", ":"): values for key, values in context.items()},
    )


def kms(**options: object) -> Request:
    return request("kms:Decrypt", KEY, **options)  # type: ignore[arg-type]


def identity(*policies: Policy | Unknown, **others: object) -> PolicySet:
    return PolicySet(identity=policies, **others)  # type: ignore[arg-type]


ALLOW_ALL = policy(allow(), name="all")
NOTHING = policy(name="nothing")
EVERYBODY = policy(allow(principal="*"), name="everybody")
