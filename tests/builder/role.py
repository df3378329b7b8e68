"""IAM roles with their policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from builder.identity import CREATED, Record, digest

if TYPE_CHECKING:
    from builder.store import Store

Document = Mapping[str, Any]


def policy(*statements: Mapping[str, object]) -> dict[str, Any]:
    """A policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def allow(actions: str | list[str], resources: str | list[str], **more: object) -> dict[str, Any]:
    """A statement that allows: `allow("s3:GetObject", "*", Condition={…})`."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: str | list[str], resources: str | list[str], **more: object) -> dict[str, Any]:
    """A statement that denies."""
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}


class Role:
    """A role: whom it trusts, its inline and managed policies, and its boundary."""

    def __init__(
        self,
        store: Store,
        name: str,
        trust: Document,
        *,
        inline: Mapping[str, Document] | None = None,
        managed: Mapping[str, Document] | None = None,
        boundary: tuple[str, Document] | None = None,
        path: str = "/",
    ) -> None:
        self.store = store
        self.name = name
        self.arn = self.id = f"arn:aws:iam::{store.account}:role{path}{name}"
        self.record: Record = store.add(
            "iam",
            "list-roles",
            {
                "Path": path,
                "RoleName": name,
                "RoleId": "AROA" + digest("role", self.arn)[:17].upper(),
                "Arn": self.arn,
                "CreateDate": CREATED,
                "AssumeRolePolicyDocument": trust,
                "MaxSessionDuration": 3600,
            },
        )
        self.names: list[str] = []
        self.attached: list[Record] = []
        self.detail: Record = dict(self.record)
        store.call("iam", "get-role", {"RoleName": name}, {"Role": self.detail})
        store.call("iam", "list-role-policies", {"RoleName": name}, {"PolicyNames": self.names})
        store.call("iam", "list-attached-role-policies", {"RoleName": name}, {"AttachedPolicies": self.attached})
        for title, document in (inline or {}).items():
            self.inline(title, document)
        for title, document in (managed or {}).items():
            self.attach(title, document)
        if boundary is not None:
            self.bound(*boundary)

    def inline(self, name: str, document: Document) -> Role:
        """Add an inline policy, or write it anew."""
        if name not in self.names:
            self.names.append(name)
        answer = {"RoleName": self.name, "PolicyName": name, "PolicyDocument": document}
        self.store.call("iam", "get-role-policy", {"RoleName": self.name, "PolicyName": name}, answer)
        return self

    def attach(self, name: str, document: Document, *, arn: str = "") -> Role:
        """Attach a managed policy (the customer's, unless its ARN is given)."""
        arn = arn or f"arn:aws:iam::{self.store.account}:policy/{name}"
        if all(known["PolicyArn"] != arn for known in self.attached):
            self.attached.append({"PolicyName": name, "PolicyArn": arn})
        _managed(self.store, name, arn, document)
        return self

    def bound(self, name: str, document: Document) -> Role:
        """Set a permissions boundary."""
        arn = f"arn:aws:iam::{self.store.account}:policy/{name}"
        self.detail["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
        _managed(self.store, name, arn, document)
        return self


def managed_policy(store: Store, name: str, document: Document) -> Record:
    """A managed policy of the customer's, as lists of attached policies name it."""
    arn = f"arn:aws:iam::{store.account}:policy/{name}"
    _managed(store, name, arn, document)
    return {"PolicyName": name, "PolicyArn": arn}


def _managed(store: Store, name: str, arn: str, document: Document) -> None:
    described: Record = {
        "PolicyName": name,
        "PolicyId": "ANPA" + digest("policy", arn)[:17].upper(),
        "Arn": arn,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 1,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": CREATED,
        "UpdateDate": CREATED,
        "Tags": [],
    }
    version = {"Document": document, "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": CREATED}
    store.call("iam", "get-policy", {"PolicyArn": arn}, {"Policy": described})
    store.call("iam", "get-policy-version", {"PolicyArn": arn, "VersionId": "v1"}, {"PolicyVersion": version})
