"""Policies with what was missing: of a role or user, a bucket, a key; and a key that is usable again.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, Document, label, logical_id
from mwaanet.fixes.edits import Edits, updated
from mwaanet.fixes.whole_policy import WholePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePolicy(Change):
    """An inline policy of a role or user (`noun`), beside those that it has; `document` is JSON."""

    noun: str
    holder: str
    name: str
    document: str

    @property
    def summary(self) -> str:
        allowed = dict.fromkeys(
            action for statement in json.loads(self.document)["Statement"] for action in statement["Action"]
        )
        return f"allow {', '.join(allowed)} to {self.noun} {self.holder} by an inline policy {self.name}"

    @property
    def _title(self) -> str:
        return self.noun.capitalize()

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {f"{self._title}Name": self.holder, "PolicyName": self.name, "PolicyDocument": self.document}
        return (Command("iam", f"put-{self.noun}-policy", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        parameters = {f"{self._title}Name": self.holder, "PolicyName": self.name}
        return (Command("iam", f"delete-{self.noun}-policy", parameters),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        policy = Document(json.loads(self.document))
        properties = {"name": self.name, self.noun: self.holder, "policy": policy}
        return (Declared(type=f"aws_iam_{self.noun}_policy", name=label(self.name), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {
            f"{self._title}Name": self.holder,
            "PolicyName": self.name,
            "PolicyDocument": json.loads(self.document),
        }
        kind = f"AWS::IAM::{self._title}Policy"
        return (Declared(type=kind, name=logical_id(self.name), properties=properties),)

    def make(self, edits: Edits) -> bool:
        holder = {f"{self._title}Name": self.holder}
        names = edits.responses("iam", f"list-{self.noun}-policies", **holder)
        calls = edits.calls("iam", f"get-{self.noun}-policy", self.account)
        if not names or not calls:
            return False
        for response in names:
            response.setdefault("PolicyNames", []).append(self.name)
        answer = {**holder, "PolicyName": self.name, "PolicyDocument": json.loads(self.document)}
        calls[0].append({"Parameters": {**holder, "PolicyName": self.name}, "Response": answer})
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPolicy(WholePolicy):
    """The policy of a bucket with what was missing, or without what refused."""

    bucket: str

    @property
    def subject(self) -> str:
        return self.bucket

    @property
    def summary(self) -> str:
        return f"in the policy of bucket {self.bucket} {self.told}"

    @property
    def commands(self) -> tuple[Command, ...]:
        return (Command("s3api", "put-bucket-policy", {"Bucket": self.bucket, "Policy": self.document}),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if not self.base:
            return (Command("s3api", "delete-bucket-policy", {"Bucket": self.bucket}),)
        return (Command("s3api", "put-bucket-policy", {"Bucket": self.bucket, "Policy": self.base}),)

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"bucket": self.bucket, "policy": Document(self.content)}
        return (Declared(type="aws_s3_bucket_policy", name=label(self.bucket), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"Bucket": self.bucket, "PolicyDocument": self.content}
        name = logical_id(self.bucket, "Policy")
        return (Declared(type="AWS::S3::BucketPolicy", name=name, properties=properties),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("s3", "get-bucket-policy", Bucket=self.bucket)
        return updated(found, Policy=self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPolicy(WholePolicy):
    """The policy of a key with what was missing."""

    key: str

    @property
    def subject(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def summary(self) -> str:
        return f"in the policy of key {self.subject} {self.told}"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"KeyId": self.key, "PolicyName": "default", "Policy": self.document}
        return (Command("kms", "put-key-policy", parameters),)

    @property
    def undoing(self) -> tuple[Command, ...]:
        if not self.base:
            return ()
        return (Command("kms", "put-key-policy", {"KeyId": self.key, "PolicyName": "default", "Policy": self.base}),)

    @property
    def lasting(self) -> str:
        return "" if self.base else "the key's policy is not in the snapshot"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"key_id": self.key, "policy": Document(self.content)}
        return (Declared(type="aws_kms_key_policy", name=label(self.subject), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        name = logical_id("Key", self.subject)
        properties = {"KeyPolicy": self.content}
        return (Declared(type="AWS::KMS::Key", name=name, properties=properties, existing=self.key),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("kms", "get-key-policy", KeyId=self.key)
        return updated(found, Policy=self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEnabled(Change):
    """A key that can be used again: enabled, its deletion cancelled before where it waits for that."""

    key: str
    pending: bool = False

    @property
    def summary(self) -> str:
        return f"enable key {self.key.rpartition('/')[2]}"

    @property
    def commands(self) -> tuple[Command, ...]:
        cancelled = Command("kms", "cancel-key-deletion", {"KeyId": self.key})
        return (*((cancelled,) if self.pending else ()), Command("kms", "enable-key", {"KeyId": self.key}))

    @property
    def undoing(self) -> tuple[Command, ...]:
        return () if self.pending else (Command("kms", "disable-key", {"KeyId": self.key}),)

    @property
    def lasting(self) -> str:
        return "a deletion that is scheduled again waits anew" if self.pending else ""

    @property
    def terraform(self) -> tuple[Declared, ...]:
        name = label(self.key.rpartition("/")[2])
        return (Declared(type="aws_kms_key", name=name, properties={"is_enabled": True}, existing=self.key),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        name = logical_id("Key", self.key.rpartition("/")[2])
        return (Declared(type="AWS::KMS::Key", name=name, properties={"Enabled": True}, existing=self.key),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("kms", "describe-key", KeyId=self.key)
        for response in found:
            response["KeyMetadata"] = {**response.get("KeyMetadata", {}), "KeyState": "Enabled", "Enabled": True}
        return bool(found)
