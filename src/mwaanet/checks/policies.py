"""The policies that one request meets on its way, and where each was read.

Not modelled: policies of resources other than buckets, keys and roles (queues, secrets, …), which are not collected:
what they could decide is unknown.
"""

from __future__ import annotations

from typing import NamedTuple

from mwaanet.access import KeyGrant, Policy, PolicySet, Principal, is_aws_owned_key, is_celery_queue
from mwaanet.checks.assume import trust_policy
from mwaanet.checks.bucket_facts import bucket_call
from mwaanet.checks.facts import Facts
from mwaanet.checks.principal_policies import Policies, parsed
from mwaanet.checks.subject import of_documents
from mwaanet.checks.way import Way
from mwaanet.graph.flight import Evidence
from mwaanet.model.arn import Arn, place_in
from mwaanet.model.bucket import BucketPolicy
from mwaanet.model.key import Grants, KeyPolicy
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import CallRef

_WITH_POLICIES = frozenset(
    {
        "acm-pca",
        "backup",
        "codeartifact",
        "dynamodb",
        "ecr",
        "elasticfilesystem",
        "es",
        "events",
        "execute-api",
        "glue",
        "kafka",
        "kinesis",
        "lambda",
        "s3",
        "s3-object-lambda",
        "s3-outposts",
        "s3express",
        "s3tables",
        "secretsmanager",
        "sns",
        "sqs",
        "vpc-lattice",
    }
)
"""Services whose resources may have policies of their own; of S3 those of access points, beside those of buckets.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""


class Met(NamedTuple):
    """All policies that one request meets, and where they were read."""

    policies: PolicySet
    evidence: tuple[Evidence, ...]


def policies_met(facts: Facts, policies: Policies, way: Way, action: str, resource: str) -> Met:
    """All policies that one request meets on one way; a service's calls to KMS pass no endpoint of the customer's.

    Where the way is not known, neither is the policy of an endpoint on it.
    """
    is_key = action.startswith("kms:")
    endpoint = facts.inventory.vpc_endpoints.get(way.endpoint) if not is_key else None
    own, where = _trust(facts, resource) if action.startswith("sts:") else _resource_policy(facts, resource)
    evidence = [*(Evidence(origin) for origin in policies.origins), *where]
    if endpoint:
        evidence.append(Evidence(endpoint.origin, "/PolicyDocument"))
    name = endpoint.vpc_endpoint_id if endpoint else ""
    found = PolicySet(
        identity=policies.identity,
        resource=own,
        boundary=policies.boundary,
        endpoint=parsed(endpoint.policy_document, name, name) if endpoint else None if is_key else way.unknown,
        endpoint_is_gateway=endpoint is not None and same_state(endpoint.vpc_endpoint_type, "Gateway"),
        key_grants=_grants(facts, resource) if is_key else (),
    )
    return Met(found, tuple(evidence))


def bucket_of(resource: str) -> str:
    """The bucket that an ARN names; empty for ARNs of other things."""
    return resource.rpartition(":::")[2].partition("/")[0] if ":s3:::" in resource else ""


def _trust(facts: Facts, role: str) -> tuple[Policy | Unknown, tuple[Evidence, ...]]:
    """The trust policy of a role."""
    policy, origin = trust_policy(facts.inventory, Principal.parse(role))
    return policy, (Evidence(origin, "/Role/AssumeRolePolicyDocument"),) if origin else ()


def _resource_policy(facts: Facts, resource: str) -> tuple[Policy | Unknown | None, tuple[Evidence, ...]]:
    """The bucket's or key's policy; unknown for what may have one that is not collected, none for anything else."""
    bucket = bucket_of(resource)
    if bucket:
        answer = bucket_call(facts, "get-bucket-policy", BucketPolicy, bucket)
        if isinstance(answer, Unknown):
            return answer, ()
        text = answer[0].policy if answer[0] else None
        return parsed(text, "the bucket policy", f"arn:{facts.partition}:s3:::{bucket}"), answer[1]
    if ":kms:" in resource and not is_aws_owned_key(resource):
        return _key_policy(facts, resource)
    arn = Arn.parse(resource)
    if arn is not None and arn.service in _WITH_POLICIES and not is_celery_queue(resource):
        return Unknown(reason=f"the policy of {resource} itself is not collected"), ()
    return None, ()


def _key_policy(facts: Facts, arn: str) -> tuple[Policy | Unknown | None, tuple[Evidence, ...]]:
    """A key's policy: asked for by id or by ARN, with or without the name that is always `default`."""
    account, region = place_in(arn, (facts.account, facts.region))
    first: Unknown | None = None
    for parameters in ({"KeyId": arn}, {"KeyId": arn, "PolicyName": "default"}):
        found = facts.inventory.call_with_origin("kms", "get-key-policy", account, region, KeyPolicy, **parameters)
        if isinstance(found, tuple):
            return parsed(found[0].policy, "the key policy", arn), (Evidence(found[1]),)
        first = first or found
    return first or Unknown(reason=f"the key policy of {arn} is not in the snapshot"), ()


def _grants(facts: Facts, arn: str) -> tuple[KeyGrant, ...] | Unknown:
    account, region = place_in(arn, (facts.account, facts.region))
    found = facts.inventory.call("kms", "list-grants", account, region, Grants, KeyId=arn)
    if not isinstance(found, Grants):
        return found or ()
    return tuple(
        KeyGrant(
            grant_id=grant.grant_id,
            key_id=arn,
            grantee_principal=grant.grantee_principal,
            operations=grant.operations,
            constrained=bool(grant.constraints),
        )
        for grant in found.grants
    )


def grants_evidence(facts: Facts, arn: str) -> tuple[Evidence, ...]:
    """Where the grants on a key are listed: what an answer rests on where the key's policy alone does not allow."""
    ref = CallRef(*place_in(arn, (facts.account, facts.region)), "kms", "list-grants")
    return of_documents(facts.inventory, ref)
