"""The policies that a request of a role meets, gathered from the snapshot; what was refused is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mwaanet.access import AccessError, KeyGrant, Policy, PolicySet, Principal
from mwaanet.checks.facts import Facts
from mwaanet.checks.way import Way
from mwaanet.graph.flight import Evidence
from mwaanet.model.bucket import BucketPolicy
from mwaanet.model.inventory import Inventory
from mwaanet.model.key import Grants, KeyPolicy
from mwaanet.model.record import Origin
from mwaanet.model.role import (
    AttachedPolicies,
    GetPolicy,
    GetPolicyVersion,
    GetRole,
    PolicyNames,
    RolePolicy,
)
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown

Document = str | Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Policies:
    """A role with its own policies and boundary."""

    principal: Principal
    role_name: str
    identity: tuple[Policy | Unknown, ...]
    boundary: Policy | Unknown | None
    boundary_arn: str
    origins: tuple[Origin, ...]

    @classmethod
    def of(cls, inventory: Inventory, role_arn: str) -> Policies:
        """Everything that a role carries."""
        return _Gatherer(inventory, role_arn).gather()

    def evidence(self, facts: Facts, way: Way, resource: str) -> tuple[Evidence, ...]:
        """Where the policies that a request meets were read."""
        found = [Evidence(origin) for origin in self.origins]
        endpoint = facts.inventory.vpc_endpoints.get(way.endpoint)
        if endpoint:
            found.append(Evidence(endpoint.origin, "/PolicyDocument"))
        return tuple(found)


class _Gatherer:
    """Reads a role's policies call by call."""

    def __init__(self, inventory: Inventory, role_arn: str) -> None:
        self.inventory = inventory
        self.arn = role_arn
        self.account = role_arn.split(":")[4]
        self.name = role_arn.rpartition("/")[2]
        self.origins: list[Origin] = []

    def call(self, operation: str, kind: type[Any], **parameters: str) -> Any:
        found = self.inventory.call_with_origin("iam", operation, self.account, "global", kind, **parameters)
        if isinstance(found, tuple):
            self.origins.append(found[1])
            return found[0]
        return found

    def gather(self) -> Policies:
        identity = [*self.inline(), *self.attached()]
        boundary_arn, boundary = self.boundary()
        return Policies(
            principal=Principal.parse(self.arn),
            role_name=self.name,
            identity=tuple(identity),
            boundary=boundary,
            boundary_arn=boundary_arn,
            origins=tuple(self.origins),
        )

    def inline(self) -> list[Policy | Unknown]:
        names = self.call("list-role-policies", PolicyNames, RoleName=self.name)
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
        if not isinstance(role, GetRole):
            return "", _missing(role, f"role {self.name}")
        boundary = role.role.permissions_boundary
        arn = boundary.permissions_boundary_arn if boundary else ""
        return arn, self.managed(arn) if arn else None


def policy_set(facts: Facts, policies: Policies, way: Way, action: str, resource: str) -> PolicySet:
    """All policies that one request meets on one way."""
    is_key = action.startswith("kms:")
    endpoint = facts.inventory.vpc_endpoints.get(way.endpoint) if not is_key else None
    return PolicySet(
        identity=policies.identity,
        resource=_resource_policy(facts, resource),
        boundary=policies.boundary,
        endpoint=parsed(endpoint.policy_document, endpoint.vpc_endpoint_id, endpoint.vpc_endpoint_id)
        if endpoint
        else None,
        endpoint_is_gateway=endpoint is not None and same_state(endpoint.vpc_endpoint_type, "Gateway"),
        key_grants=_grants(facts, resource) if is_key else (),
    )


def _resource_policy(facts: Facts, resource: str) -> Policy | Unknown | None:
    """The bucket's or key's policy; other resources of an environment have none that matters."""
    inventory = facts.inventory
    if ":s3:::" in resource:
        bucket = resource.rpartition(":::")[2].partition("/")[0]
        regions = dict.fromkeys([facts.region, *inventory.regions_of("s3", "get-bucket-policy", facts.account)])
        answer = first_answer(inventory, "s3", "get-bucket-policy", facts.account, regions, BucketPolicy, Bucket=bucket)
        if isinstance(answer, BucketPolicy):
            return parsed(answer.policy, "the bucket policy", f"arn:{facts.partition}:s3:::{bucket}")
        return answer if isinstance(answer, Unknown) else None
    if ":kms:" in resource:
        account, region = resource.split(":")[4], resource.split(":")[3]
        answer = _key_policy(inventory, account, region, resource)
        if isinstance(answer, KeyPolicy):
            return parsed(answer.policy, "the key policy", resource)
        return answer or Unknown(reason=f"the key policy of {resource} is not in the snapshot")
    return None


def _key_policy(inventory: Inventory, account: str, region: str, arn: str) -> KeyPolicy | Unknown | None:
    """A key's policy, asked for by id or by ARN."""
    first: KeyPolicy | Unknown | None = None
    for key in (arn.rpartition("/")[2], arn):
        for parameters in ({"KeyId": key}, {"KeyId": key, "PolicyName": "default"}):
            found = inventory.call("kms", "get-key-policy", account, region, KeyPolicy, **parameters)
            if isinstance(found, KeyPolicy):
                return found
            first = first or found
    return first


def _grants(facts: Facts, key: str) -> tuple[KeyGrant, ...] | Unknown:
    account, region = key.split(":")[4], key.split(":")[3]
    unknown: Unknown | None = None
    for name in (key.rpartition("/")[2], key):
        found = facts.inventory.call("kms", "list-grants", account, region, Grants, KeyId=name)
        if isinstance(found, Grants):
            return tuple(
                KeyGrant(
                    grant_id=grant.grant_id,
                    key_id=key,
                    grantee_principal=grant.grantee_principal,
                    operations=grant.operations,
                    constrained=bool(grant.constraints),
                )
                for grant in found.grants
            )
        unknown = unknown or found
    return unknown or ()


def first_answer(
    inventory: Inventory,
    service: str,
    operation: str,
    account: str,
    regions: Mapping[str, None],
    kind: type[Any],
    **parameters: str,
) -> Any:
    """The answer to a call in the first Region that has one; else the first reason why there is none."""
    unknown: Unknown | None = None
    for region in regions:
        found = inventory.call(service, operation, account, region, kind, **parameters)
        if not isinstance(found, Unknown):
            return found
        unknown = unknown or found
    return unknown


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
