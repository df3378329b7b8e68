"""The policies that a role or user carries, gathered from the snapshot; what was refused is unknown."""

from __future__ import annotations

import re
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
from mwaanet.model.user import GetUser, Groups

_SESSION = re.compile(r"arn:(?P<partition>[\w-]+):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/.+")
Document = str | Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Policies:
    """A principal with its own policies and boundary; only roles and users have any."""

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
        """Everything that a role or user (by its ARN) carries; AccessError where the name is no principal's.

        A session of a role, `arn:aws:sts::<account>:assumed-role/<role>/<name>`, carries what its role does.
        """
        principal = _principal(inventory, name)
        if principal.kind not in (PrincipalKind.ROLE, PrincipalKind.USER):
            return cls(principal=principal)
        return _Gatherer(inventory, principal).gather()


def session_of(name: str) -> Principal | None:
    """A session of a role, by its ARN, which does not tell the role's path; None for any other name."""
    match = _SESSION.fullmatch(name)
    if match is None:
        return None
    role = f"arn:{match['partition']}:iam::{match['account']}:role/{match['role']}"
    return Principal.parse(role, session_arn=name)


def _principal(inventory: Inventory, name: str) -> Principal:
    """The principal of an ARN; of a session the role, whose path only the snapshot tells."""
    session = session_of(name)
    if session is None:
        return Principal.parse(name)
    found = inventory.call("iam", "get-role", session.account, "global", GetRole, RoleName=session.name)
    return Principal.parse(found.role.arn, session_arn=name) if isinstance(found, GetRole) else session


class _Gatherer:
    """Reads a role's or user's policies call by call; a user has those of its groups too."""

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
        is_role = self.principal.kind is PrincipalKind.ROLE
        noun = "role" if is_role else "user"
        identity = [*self.inline(noun, self.name), *self.attached(noun, self.name)]
        if not is_role:
            identity.extend(self.of_groups())
        identity_origins = tuple(self.origins)
        boundary_arn, boundary = self.boundary(is_role=is_role)
        return Policies(
            principal=self.principal,
            identity=tuple(identity),
            boundary=boundary,
            boundary_arn=boundary_arn,
            origins=tuple(self.origins),
            identity_origins=identity_origins,
        )

    def inline(self, noun: str, holder: str) -> list[Policy | Unknown]:
        """The inline policies of a role, user or group."""
        parameter = {f"{noun.capitalize()}Name": holder}
        names = self.call(f"list-{noun}-policies", PolicyNames, **parameter)
        if names is None:
            return []
        if not isinstance(names, PolicyNames):
            return [_missing(names, f"the inline policies of {holder}")]
        found: list[Policy | Unknown] = []
        for name in names.policy_names:
            policy = self.call(f"get-{noun}-policy", RolePolicy, **parameter, PolicyName=name)
            document = policy.policy_document if isinstance(policy, RolePolicy) else None
            found.append(parsed(document, name, holder) or _missing(policy, f"policy {name} of {holder}"))
        return found

    def attached(self, noun: str, holder: str) -> list[Policy | Unknown]:
        """The managed policies of a role, user or group."""
        parameter = {f"{noun.capitalize()}Name": holder}
        listed = self.call(f"list-attached-{noun}-policies", AttachedPolicies, **parameter)
        if listed is None:
            return []
        if not isinstance(listed, AttachedPolicies):
            return [_missing(listed, f"the attached policies of {holder}")]
        return [self.managed(policy.policy_arn) for policy in listed.attached_policies]

    def of_groups(self) -> list[Policy | Unknown]:
        """The policies of a user's groups."""
        groups = self.call("list-groups-for-user", Groups, UserName=self.name)
        if groups is None:
            return []
        if not isinstance(groups, Groups):
            return [_missing(groups, f"the groups of {self.name}")]
        names = [group.group_name for group in groups.groups]
        return [p for name in names for p in (*self.inline("group", name), *self.attached("group", name))]

    def managed(self, arn: str) -> Policy | Unknown:
        policy = self.call("get-policy", GetPolicy, PolicyArn=arn)
        if not isinstance(policy, GetPolicy):
            return _missing(policy, f"policy {arn}")
        version = self.call(
            "get-policy-version", GetPolicyVersion, PolicyArn=arn, VersionId=policy.policy.default_version_id
        )
        document = version.policy_version.document if isinstance(version, GetPolicyVersion) else None
        return parsed(document, arn.rpartition("/")[2], arn) or _missing(version, f"policy {arn}")

    def boundary(self, *, is_role: bool) -> tuple[str, Policy | Unknown | None]:
        if is_role:
            found = self.call("get-role", GetRole, RoleName=self.name)
            boundary = found.role.permissions_boundary if isinstance(found, GetRole) else None
        else:
            found = self.call("get-user", GetUser, UserName=self.name)
            boundary = found.user.permissions_boundary if isinstance(found, GetUser) else None
        if found is None:
            return "", None
        if not isinstance(found, GetRole | GetUser):
            return "", _missing(found, f"{'role' if is_role else 'user'} {self.name}")
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
