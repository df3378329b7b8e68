"""The policies that a role carries, gathered from the snapshot; what was refused is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mwaanet.access import AccessError, Policy, Principal, PrincipalKind
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Origin
from mwaanet.model.role import (
    AttachedPolicies,
    GetPolicy,
    GetPolicyVersion,
    GetRole,
    PolicyNames,
    RolePolicy,
)
from mwaanet.model.unknown import Unknown

Document = str | Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Policies:
    """A principal with its own policies and boundary; only a role has any."""

    principal: Principal
    identity: tuple[Policy | Unknown, ...] = ()
    boundary: Policy | Unknown | None = None
    boundary_arn: str = ""
    origins: tuple[Origin, ...] = ()
    """Where all of them were read."""
    identity_origins: tuple[Origin, ...] = ()
    """Where all but the boundary were read."""

    @classmethod
    def of(cls, inventory: Inventory, name: str) -> Policies:
        """Everything that a role (by its ARN) carries; AccessError where the name is no principal's."""
        principal = Principal.parse(name)
        if principal.kind is not PrincipalKind.ROLE:
            return cls(principal=principal)
        return _Gatherer(inventory, principal).gather()


class _Gatherer:
    """Reads a role's policies call by call."""

    def __init__(self, inventory: Inventory, principal: Principal) -> None:
        self.inventory = inventory
        self.principal = principal
        self.name = principal.name
        self.origins: list[Origin] = []

    def call(self, operation: str, kind: type[Any], **parameters: str) -> Any:
        account = self.principal.account
        found = self.inventory.call_with_origin("iam", operation, account, "global", kind, **parameters)
        if isinstance(found, tuple):
            self.origins.append(found[1])
            return found[0]
        return found

    def gather(self) -> Policies:
        identity = [*self.inline(), *self.attached()]
        identity_origins = tuple(self.origins)
        boundary_arn, boundary = self.boundary()
        return Policies(
            principal=self.principal,
            identity=tuple(identity),
            boundary=boundary,
            boundary_arn=boundary_arn,
            origins=tuple(self.origins),
            identity_origins=identity_origins,
        )

    def inline(self) -> list[Policy | Unknown]:
        names = self.call("list-role-policies", PolicyNames, RoleName=self.name)
        if names is None:
            return []
        if not isinstance(names, PolicyNames):
            return [_missing(names, f"the inline policies of {self.name}")]
        found: list[Policy | Unknown] = []
        for name in names.policy_names:
            policy = self.call("get-role-policy", RolePolicy, RoleName=self.name, PolicyName=name)
            document = policy.policy_document if isinstance(policy, RolePolicy) else None
            found.append(parsed(document, name, self.name) or _missing(policy, f"policy {name} of {self.name}"))
        return found

    def attached(self) -> list[Policy | Unknown]:
        listed = self.call("list-attached-role-policies", AttachedPolicies, RoleName=self.name)
        if listed is None:
            return []
        if not isinstance(listed, AttachedPolicies):
            return [_missing(listed, f"the attached policies of {self.name}")]
        return [self.managed(policy.policy_arn) for policy in listed.attached_policies]

    def managed(self, arn: str) -> Policy | Unknown:
        policy = self.call("get-policy", GetPolicy, PolicyArn=arn)
        if not isinstance(policy, GetPolicy):
            return _missing(policy, f"policy {arn}")
        version = self.call(
            "get-policy-version", GetPolicyVersion, PolicyArn=arn, VersionId=policy.policy.default_version_id
        )
        document = version.policy_version.document if isinstance(version, GetPolicyVersion) else None
        return parsed(document, arn.rpartition("/")[2], arn) or _missing(version, f"policy {arn}")

    def boundary(self) -> tuple[str, Policy | Unknown | None]:
        role = self.call("get-role", GetRole, RoleName=self.name)
        if role is None:
            return "", None
        if not isinstance(role, GetRole):
            return "", _missing(role, f"role {self.name}")
        boundary = role.role.permissions_boundary
        arn = boundary.permissions_boundary_arn if boundary else ""
        return arn, self.managed(arn) if arn else None


def parsed(document: Document, name: str, resource_id: str) -> Policy | Unknown | None:
    """A policy document; unknown where it cannot be read as one, None where there is none."""
    if not document:
        return None
    try:
        return Policy.parse(document, name, resource_id)
    except AccessError as error:
        return Unknown(reason=f"{name} of {resource_id} is not a policy that can be read: {error.problem}")


def _missing(found: object, what: str) -> Unknown:
    return found if isinstance(found, Unknown) else Unknown(reason=f"{what} does not exist or was not read")
