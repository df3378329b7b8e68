"""KMS keys: policy and grants."""

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
