"""S3 buckets, as the account that owns (or asks about) them sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from builder.endpoint import Policy, as_text
from builder.identity import CREATED, Record, Ref, digest, id_of

if TYPE_CHECKING:
    from builder.store import Store

_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


class Bucket:
    """A bucket; `objects` maps keys to their text, or to None for what is not text (plugins.zip)."""

    def __init__(
        self,
        store: Store,
        name: str,
        *,
        region: str | None = None,
        policy: Policy | None = None,
        versioning: str | None = "Enabled",
        key: Ref | None = None,
        objects: Mapping[str, str | None] | None = None,
        public_access_block: bool = True,
    ) -> None:
        self.id = name
        self.arn = f"arn:aws:s3:::{name}"
        self.home = store.home
        self.key = key
        self.contents: list[Record] = []
        store.global_store.add("s3", "list-buckets", {"Name": name, "CreationDate": CREATED})
        where = region or store.region
        self._say("get-bucket-location", {"LocationConstraint": None if where == "us-east-1" else where})
        self._say("get-bucket-versioning", {"Status": versioning} if versioning else {})
        ownership = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
        self._say("get-bucket-ownership-controls", ownership)
        self._say("get-bucket-encryption", {"ServerSideEncryptionConfiguration": {"Rules": [self._encryption()]}})
        self.policy(policy)
        self.public_access_block(public_access_block)
        listing = {"IsTruncated": False, "Name": name, "Prefix": "", "MaxKeys": 1000}
        self.listing: Record = self._say("list-objects-v2", listing | {"KeyCount": 0, "Contents": self.contents})
        for item, text in (objects or {}).items():
            self.put(item, text)

    def _say(self, operation: str, response: Record, **more: object) -> Record:
        return self.home.call("s3", operation, {"Bucket": self.id, **more}, response)

    def _encryption(self) -> Record:
        if self.key is None:
            return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
        by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": id_of(self.key)}
        return {"ApplyServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}

    def policy(self, document: Policy | None) -> Bucket:
        """The bucket policy; None is a bucket that has none."""
        if document is None:
            self.home.fail_call("s3", "get-bucket-policy", {"Bucket": self.id}, "NoSuchBucketPolicy")
        else:
            calls = self.home.calls["s3", "get-bucket-policy"]
            calls[:] = [call for call in calls if call["Parameters"]["Bucket"] != self.id]
            self._say("get-bucket-policy", {"Policy": as_text(document)})
        return self

    def versioning(self, status: str | None) -> Bucket:
        """`Enabled`, `Suspended`, or None where it never was."""
        self._say("get-bucket-versioning", {"Status": status} if status else {})
        return self

    def public_access_block(self, blocked: bool) -> Bucket:
        flags = {name: blocked for name in _BLOCKED}
        self._say("get-public-access-block", {"PublicAccessBlockConfiguration": flags})
        return self

    def put(self, key: str, text: str | None = None) -> Bucket:
        """Store an object; text is kept where the tool reads it (requirements.txt and the like)."""
        size = len(text.encode()) if text is not None else 20480
        entry = {"Key": key, "LastModified": CREATED, "ETag": f'"{digest("etag", key, text or "")[:32]}"'}
        self.contents[:] = [known for known in self.contents if known["Key"] != key]
        self.contents.append(entry | {"Size": size, "StorageClass": "STANDARD"})
        self.listing["KeyCount"] = len(self.contents)
        head: Record = {
            "AcceptRanges": "bytes",
            "LastModified": CREATED,
            "ContentLength": size,
            "ETag": entry["ETag"],
            "VersionId": self.version(key),
            "ContentType": "binary/octet-stream",
            "ServerSideEncryption": "aws:kms" if self.key else "AES256",
            "Metadata": {},
        }
        if self.key is not None:
            head |= {"SSEKMSKeyId": id_of(self.key), "BucketKeyEnabled": True}
        self._say("head-object", head, Key=key)
        if text is not None:
            self._say("get-object", {"Body": text}, Key=key)
        return self

    def version(self, key: str) -> str:
        """The version id of an object."""
        return digest("version", self.id, key)[:32]


def write_account_block(store: Store, blocked: bool = True) -> None:
    """The account's own public access block (`s3control`)."""
    flags = {"PublicAccessBlockConfiguration": {name: blocked for name in _BLOCKED}}
    store.home.call("s3control", "get-public-access-block", {"AccountId": store.account}, flags)
