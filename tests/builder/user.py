"""IAM users with their policies and groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, digest
from builder.role import Document, managed_policy

if TYPE_CHECKING:
    from builder.store import Store


class User:
    """A user: its inline and managed policies, those of its groups, and its boundary."""

    def __init__(
        self,
        store: Store,
        name: str,
        *,
        inline: Mapping[str, Document] | None = None,
        groups: Mapping[str, Document] | None = None,
    ) -> None:
        self.store = store
        self.name = name
        self.arn = self.id = f"arn:aws:iam::{store.account}:user/{name}"
        self.record: Record = {
            "Path": "/",
            "UserName": name,
            "UserId": "AIDA" + digest("user", self.arn)[:17].upper(),
            "Arn": self.arn,
            "CreateDate": CREATED,
        }
        self.attached: list[Record] = []
        asked = {"UserName": name}
        store.call("iam", "get-user", asked, {"User": self.record})
        store.call("iam", "list-user-policies", asked, {"PolicyNames": list(inline or {})})
        store.call("iam", "list-attached-user-policies", asked, {"AttachedPolicies": self.attached})
        for title, document in (inline or {}).items():
            answer = {"UserName": name, "PolicyName": title, "PolicyDocument": document}
            store.call("iam", "get-user-policy", {"UserName": name, "PolicyName": title}, answer)
        store.call(
            "iam", "list-groups-for-user", asked, {"Groups": [self._group(*one) for one in (groups or {}).items()]}
        )

    def attach(self, name: str, document: Document) -> User:
        """Attach a managed policy."""
        self.attached.append(managed_policy(self.store, name, document))
        return self

    def bound(self, name: str, document: Document) -> User:
        """Set a permissions boundary."""
        arn = managed_policy(self.store, name, document)["PolicyArn"]
        self.record["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
        return self

    def _group(self, name: str, document: Document) -> Record:
        """A group with one inline policy of its own name."""
        asked = {"GroupName": name}
        self.store.call("iam", "list-group-policies", asked, {"PolicyNames": [name]})
        answer = {"GroupName": name, "PolicyName": name, "PolicyDocument": document}
        self.store.call("iam", "get-group-policy", {"GroupName": name, "PolicyName": name}, answer)
        self.store.call("iam", "list-attached-group-policies", asked, {"AttachedPolicies": []})
        return {
            "Path": "/",
            "GroupName": name,
            "GroupId": "AGPA" + digest("group", self.arn, name)[:17].upper(),
            "Arn": f"arn:aws:iam::{self.store.account}:group/{name}",
            "CreateDate": CREATED,
        }
