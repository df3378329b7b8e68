"""Buckets: policy, encryption, objects."""

from typing import Any

import msgspec

from mwaanet.model.record import Shape


class BucketPolicy(Shape, frozen=True, kw_only=True):
    """GetBucketPolicy (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html)."""

    policy: str | dict[str, Any] = ""


class ServerSideEncryptionByDefault(Shape, frozen=True, kw_only=True):
    """ServerSideEncryptionByDefault (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html)."""

    sse_algorithm: str = msgspec.field(default="", name="SSEAlgorithm")
    kms_master_key_id: str = msgspec.field(default="", name="KMSMasterKeyID")


class ServerSideEncryptionRule(Shape, frozen=True, kw_only=True):
    """ServerSideEncryptionRule (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html)."""

    apply_server_side_encryption_by_default: ServerSideEncryptionByDefault | None = None


class ServerSideEncryptionConfiguration(Shape, frozen=True, kw_only=True):
    """ServerSideEncryptionConfiguration (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html)."""

    rules: tuple[ServerSideEncryptionRule, ...] = ()


class BucketEncryption(Shape, frozen=True, kw_only=True):
    """GetBucketEncryption (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html)."""

    server_side_encryption_configuration: ServerSideEncryptionConfiguration = ServerSideEncryptionConfiguration()


class ObjectText(Shape, frozen=True, kw_only=True):
    """GetObject, its body as text (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)."""

    body: str = ""


class PublicAccessBlock(Shape, frozen=True, kw_only=True):
    """GetPublicAccessBlock (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html)."""

    public_access_block_configuration: dict[str, Any] | None = None
