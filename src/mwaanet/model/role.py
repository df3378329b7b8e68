"""IAM roles and the policies that they carry."""

from typing import Any

from mwaanet.model.record import Record, Shape


class PermissionsBoundary(Shape, frozen=True, kw_only=True):
    """AttachedPermissionsBoundary (https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPermissionsBoundary.html)."""

    permissions_boundary_arn: str = ""


class Role(Record, frozen=True, kw_only=True):
    """Role (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html)."""

    role_name: str
    arn: str
    path: str = "/"
    permissions_boundary: PermissionsBoundary | None = None
    assume_role_policy_document: str | dict[str, Any] | None = None


class GetRole(Shape, frozen=True, kw_only=True):
    """GetRole (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html)."""

    role: Role


class PolicyNames(Shape, frozen=True, kw_only=True):
    """ListRolePolicies (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html)."""

    policy_names: tuple[str, ...] = ()


class RolePolicy(Shape, frozen=True, kw_only=True):
    """GetRolePolicy (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html)."""

    policy_document: str | dict[str, Any] = ""


class AttachedPolicy(Shape, frozen=True, kw_only=True):
    """AttachedPolicy (https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachedPolicy.html)."""

    policy_arn: str = ""


class AttachedPolicies(Shape, frozen=True, kw_only=True):
    """ListAttachedRolePolicies (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html)."""

    attached_policies: tuple[AttachedPolicy, ...] = ()


class ManagedPolicy(Shape, frozen=True, kw_only=True):
    """Policy (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html)."""

    arn: str = ""
    default_version_id: str = ""


class GetPolicy(Shape, frozen=True, kw_only=True):
    """GetPolicy (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html)."""

    policy: ManagedPolicy


class PolicyVersion(Shape, frozen=True, kw_only=True):
    """PolicyVersion (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html)."""

    document: str | dict[str, Any] = ""


class GetPolicyVersion(Shape, frozen=True, kw_only=True):
    """GetPolicyVersion (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html)."""

    policy_version: PolicyVersion
