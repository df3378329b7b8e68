"""Settings of the environment's bucket: versions and public access.

https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-s3-bucket.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.fixes.change import Change
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Block, Declared, label, logical_id
from mwaanet.fixes.edits import Edits, updated

_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_ARGUMENTS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketVersioning(Change):
    """Let a bucket keep versions."""

    bucket: str

    @property
    def summary(self) -> str:
        return f"let {self.bucket} keep versions"

    @property
    def commands(self) -> tuple[Command, ...]:
        parameters = {"Bucket": self.bucket, "VersioningConfiguration": {"Status": "Enabled"}}
        return (Command("s3api", "put-bucket-versioning", parameters),)

    @property
    def lasting(self) -> str:
        return "a bucket that keeps versions can suspend that, but never be without versions again"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"bucket": self.bucket, "versioning_configuration": Block({"status": "Enabled"})}
        return (Declared(type="aws_s3_bucket_versioning", name=label(self.bucket), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"VersioningConfiguration": {"Status": "Enabled"}}
        name = logical_id(self.bucket)
        return (Declared(type="AWS::S3::Bucket", name=name, properties=properties, existing=self.bucket),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("s3", "get-bucket-versioning", Bucket=self.bucket)
        return updated(found, Status="Enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAccessBlock(Change):
    """Block all public access to a bucket."""

    bucket: str

    @property
    def summary(self) -> str:
        return f"block all public access to {self.bucket}"

    @property
    def commands(self) -> tuple[Command, ...]:
        blocks = dict.fromkeys(_BLOCKS, True)
        parameters = {"Bucket": self.bucket, "PublicAccessBlockConfiguration": blocks}
        return (Command("s3api", "put-public-access-block", parameters),)

    @property
    def lasting(self) -> str:
        return "what the bucket let pass before is not kept here: note it first"

    @property
    def terraform(self) -> tuple[Declared, ...]:
        properties = {"bucket": self.bucket, **dict.fromkeys(_ARGUMENTS, True)}
        return (Declared(type="aws_s3_bucket_public_access_block", name=label(self.bucket), properties=properties),)

    @property
    def cloudformation(self) -> tuple[Declared, ...]:
        properties = {"PublicAccessBlockConfiguration": dict.fromkeys(_BLOCKS, True)}
        name = logical_id(self.bucket)
        return (Declared(type="AWS::S3::Bucket", name=name, properties=properties, existing=self.bucket),)

    def make(self, edits: Edits) -> bool:
        found = edits.responses("s3", "get-public-access-block", Bucket=self.bucket)
        return updated(found, PublicAccessBlockConfiguration=dict.fromkeys(_BLOCKS, True))
