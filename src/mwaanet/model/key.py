"""KMS keys: what they are, policy and grants."""

from typing import Any

from mwaanet.model.record import Shape


class KeyPolicy(Shape, frozen=True, kw_only=True):
    """GetKeyPolicy (https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html)."""

    policy: str | dict[str, Any] = ""


class Grant(Shape, frozen=True, kw_only=True):
    """GrantListEntry (https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html)."""

    grant_id: str = ""
    grantee_principal: str = ""
    constraints: dict[str, Any] | None = None
    operations: tuple[str, ...] = ()


class Grants(Shape, frozen=True, kw_only=True):
    """ListGrants (https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html)."""

    grants: tuple[Grant, ...] = ()


class KeyMetadata(Shape, frozen=True, kw_only=True):
    """KeyMetadata (https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html)."""

    key_manager: str = ""


class KeyDescription(Shape, frozen=True, kw_only=True):
    """DescribeKey (https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html)."""

    key_metadata: KeyMetadata | None = None


class Alias(Shape, frozen=True, kw_only=True):
    """AliasListEntry (https://docs.aws.amazon.com/kms/latest/APIReference/API_AliasListEntry.html)."""

    alias_name: str = ""
    target_key_id: str = ""


class Aliases(Shape, frozen=True, kw_only=True):
    """ListAliases (https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html)."""

    aliases: tuple[Alias, ...] = ()
