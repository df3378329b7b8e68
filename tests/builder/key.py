"""KMS keys and CloudWatch Logs groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.endpoint import Policy, as_text
from builder.identity import CREATED, CREATED_MILLISECONDS, Record, Ref, id_of, uuid_of

if TYPE_CHECKING:
    from builder.store import Store


class Key:
    """A KMS key; its `id` is the ARN. Without a policy it has the one that lets the account's IAM policies decide."""

    def __init__(
        self,
        store: Store,
        name: str,
        *,
        policy: Policy | None = None,
        manager: str = "CUSTOMER",
        state: str = "Enabled",
    ) -> None:
        self.store = store
        self.key_id = uuid_of("key", store.account, store.region, name)
        self.arn = self.id = store.arn("kms", f"key/{self.key_id}")
        self.record: Record = {
            "AWSAccountId": store.account,
            "KeyId": self.key_id,
            "Arn": self.arn,
            "CreationDate": CREATED,
            "Enabled": state == "Enabled",
            "Description": name,
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": state,
            "Origin": "AWS_KMS",
            "KeyManager": manager,
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": False,
        }
        self.grants: list[Record] = []
        store.add("kms", "list-keys", {"KeyId": self.key_id, "KeyArn": self.arn})
        alias = f"alias/{name}"
        alias_arn = store.arn("kms", alias)
        dates = {"CreationDate": CREATED, "LastUpdatedDate": CREATED}
        entry = {"AliasName": alias, "AliasArn": alias_arn, "TargetKeyId": self.key_id}
        store.add("kms", "list-aliases", entry | dates)
        store.call("kms", "describe-key", {"KeyId": self.key_id}, {"KeyMetadata": self.record})
        store.call("kms", "list-grants", {"KeyId": self.key_id}, {"Grants": self.grants, "Truncated": False})
        self.policy(policy if policy is not None else delegation(store.account))

    def policy(self, document: Policy) -> Key:
        """The key policy."""
        answer = {"PolicyName": "default", "Policy": as_text(document)}
        self.store.call("kms", "get-key-policy", {"KeyId": self.key_id, "PolicyName": "default"}, answer)
        return self

    def grant(self, principal: Ref, *allowed: str) -> Key:
        """A grant to a principal."""
        grantee = id_of(principal)
        grant = {"KeyId": self.arn, "GrantId": uuid_of("grant", self.arn, grantee).replace("-", "") * 2}
        who = {"GranteePrincipal": grantee, "IssuingAccount": f"arn:aws:iam::{self.store.account}:root"}
        self.grants.append(grant | who | {"CreationDate": CREATED, "Operations": list(allowed)})
        return self


def delegation(account: str) -> dict[str, object]:
    """The default key policy: the account's own IAM policies decide."""
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Sid": "Account", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


class LogGroup:
    """A CloudWatch Logs group."""

    def __init__(self, store: Store, name: str, key: Ref | None = None) -> None:
        self.arn = self.id = store.arn("logs", f"log-group:{name}")
        self.record: Record = store.add(
            "logs",
            "describe-log-groups",
            {
                "logGroupName": name,
                "creationTime": CREATED_MILLISECONDS,
                "metricFilterCount": 0,
                "arn": f"{self.arn}:*",
                "logGroupArn": self.arn,
                "storedBytes": 4096,
                "logGroupClass": "STANDARD",
            },
        )
        if key is not None:
            self.record["kmsKeyId"] = id_of(key)
