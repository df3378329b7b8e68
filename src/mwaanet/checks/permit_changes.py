"""The changes after which refused requests would be allowed: of every layer that refuses, least privilege each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import NamedTuple

from mwaanet.access import Layer, Principal, PrincipalKind, Refusal
from mwaanet.checks.bucket_facts import bucket_call
from mwaanet.checks.facts import Facts
from mwaanet.checks.policies import bucket_of
from mwaanet.checks.way import Way
from mwaanet.fixes.change import Change
from mwaanet.fixes.endpoint_setting import EndpointPolicy
from mwaanet.fixes.instruction import Instruction
from mwaanet.fixes.policy import BucketPolicy, KeyPolicy, RolePolicy
from mwaanet.mending.policies import admitting, by_endpoint, by_key, by_resource, identity_document
from mwaanet.mending.stop import made_in
from mwaanet.model.arn import place_in
from mwaanet.model.bucket import BucketPolicy as BucketPolicyRecord
from mwaanet.model.key import KeyPolicy as KeyPolicyRecord
from mwaanet.model.role import PolicyNames
from mwaanet.model.vpc_endpoint import Policy

_WITH_POLICIES = (PrincipalKind.ROLE, PrincipalKind.USER)


class Refused(NamedTuple):
    """A refused request, and one of the layers that refuse it."""

    action: str
    resource: str
    refusal: Refusal


def changes_for(
    facts: Facts,
    check: str,
    principal: Principal | None,
    way: Way,
    refused: Sequence[Refused],
    context: Mapping[str, Sequence[str]],
) -> tuple[Change, ...]:
    """The changes of all layers that refuse some of the requests; what no policy of the snapshot mends is told.

    `principal` is None where who asks is not declared.
    """
    found: list[Change] = []
    sid = "".join(word.capitalize() for word in check.split("-"))
    for layer in dict.fromkeys(item.refusal.layer for item in refused):
        items = [item for item in refused if item.refusal.layer is layer]
        lacking = [(item.action, item.resource) for item in items if not item.refusal.explicit]
        if layer is Layer.RESOURCE:
            found.extend(_of_resources(facts, sid, principal, way, items, context))
        elif lacking and layer is Layer.ENDPOINT:
            found.extend(_of_endpoint(facts, sid, principal, way, lacking))
        elif lacking and layer is Layer.IDENTITY and principal and principal.kind in _WITH_POLICIES:
            found.append(_of_principal(facts, sid, check, principal, lacking))
        elif lacking:
            found.extend(_lacks(items))
        found.extend(_denials(items, layer))
    return tuple(dict.fromkeys(found))


def _denials(items: Sequence[Refused], layer: Layer) -> list[Change]:
    """Denials outside of a resource's own policy: they have to go, which is for their owner to decide."""
    denying = dict.fromkeys(str(item.refusal.statement) for item in items if item.refusal.statement)
    if layer is Layer.RESOURCE:
        return []
    return [Instruction(whom=text, what=f"narrow or remove {text}") for text in denying]


def _lacks(items: Sequence[Refused]) -> list[Change]:
    """What a layer does not allow, in the words of its first refusal."""
    reason = next(item.refusal.reason for item in items if not item.refusal.explicit)
    return [Instruction(whom=reason, what=reason)]


def _of_principal(
    facts: Facts, sid: str, check: str, principal: Principal, lacking: Sequence[tuple[str, str]]
) -> Change:
    """An inline policy of a name that is free: put under a name that is taken, it would replace what has the name.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    """
    noun = "role" if principal.kind is PrincipalKind.ROLE else "user"
    holder = {f"{noun.capitalize()}Name": principal.name}
    known = facts.inventory.call("iam", f"list-{noun}-policies", principal.account, "global", PolicyNames, **holder)
    taken = known.policy_names if isinstance(known, PolicyNames) else ()
    name = f"mwaa-{check.lower()}"
    return RolePolicy(
        account=principal.account,
        region="global",
        noun=noun,
        holder=principal.name,
        name=next(one for one in chain((name,), (f"{name}-{number}" for number in count(2))) if one not in taken),
        document=identity_document(lacking, sid),
    )


def _of_endpoint(
    facts: Facts, sid: str, principal: Principal | None, way: Way, lacking: Sequence[tuple[str, str]]
) -> list[Change]:
    endpoint = facts.inventory.vpc_endpoints.get(way.endpoint)
    if endpoint is None:
        return []
    added = by_endpoint(lacking, sid, principal.arn if principal else "")
    place = made_in(facts.inventory, endpoint)
    return [EndpointPolicy(**place, endpoint=way.endpoint, base=_text(endpoint.policy_document), added=added)]


def _of_resources(
    facts: Facts,
    sid: str,
    principal: Principal | None,
    way: Way,
    items: Sequence[Refused],
    context: Mapping[str, Sequence[str]],
) -> list[Change]:
    found: list[Change] = []
    for owner in dict.fromkeys(bucket_of(item.resource) or item.resource for item in items):
        own = [item for item in items if owner in (bucket_of(item.resource), item.resource)]
        if principal and ":kms:" in owner:
            found.extend(_of_key(facts, sid, principal, owner, own, context))
        elif principal and bucket_of(own[0].resource):
            found.extend(_of_bucket(facts, sid, principal, way, owner, own))
        elif ":iam:" in owner:
            found.extend(_of_trust(principal, owner, own))
        else:
            found.append(Instruction(whom=owner, what=own[0].refusal.reason))
    return found


def _of_trust(principal: Principal | None, role: str, items: Sequence[Refused]) -> list[Change]:
    whom = principal.name if principal else "whoever runs the client"
    actions = " and ".join(dict.fromkeys(item.action for item in items if not item.refusal.explicit))
    denying = dict.fromkeys(str(item.refusal.statement) for item in items if item.refusal.statement)
    told = [f"narrow or remove {text}" for text in denying]
    if actions:
        told.append(f"let the trust policy of {role.rpartition('/')[2]} allow {actions} to {whom}")
    return [Instruction(whom=role, what=text) for text in told]


def _of_bucket(
    facts: Facts, sid: str, principal: Principal, way: Way, bucket: str, items: Sequence[Refused]
) -> list[Change]:
    answer = bucket_call(facts, "get-bucket-policy", BucketPolicyRecord, bucket)
    record = answer[0] if isinstance(answer, tuple) else None
    base = _text(record.policy) if record else ""
    lacking = [(item.action, item.resource) for item in items if not item.refusal.explicit]
    denying = {item.refusal.statement for item in items if item.refusal.statement}
    exchanged = {index: text for one in denying for index, text in admitting(base, one.index, way.endpoint)}
    change = BucketPolicy(
        account=facts.account,
        region=facts.region,
        bucket=bucket,
        base=base,
        added=by_resource(lacking, sid, principal.arn),
        exchanged=tuple(sorted(exchanged.items())),
    )
    left = [one for one in denying if one.index not in exchanged]
    told = [Instruction(whom=bucket, what=f"narrow or remove {one}") for one in sorted(left, key=str)]
    return [*([change] if change.added or change.exchanged else []), *told]


def _of_key(
    facts: Facts,
    sid: str,
    principal: Principal,
    key: str,
    items: Sequence[Refused],
    context: Mapping[str, Sequence[str]],
) -> list[Change]:
    account, region = place_in(key, (facts.account, facts.region))
    actions = tuple(dict.fromkeys(item.action for item in items if not item.refusal.explicit))
    denying = dict.fromkeys(str(item.refusal.statement) for item in items if item.refusal.statement)
    told: list[Change] = [Instruction(whom=key, what=f"narrow or remove {text}") for text in denying]
    for parameters in ({"KeyId": key}, {"KeyId": key, "PolicyName": "default"}):
        found = facts.inventory.call("kms", "get-key-policy", account, region, KeyPolicyRecord, **parameters)
        if isinstance(found, KeyPolicyRecord) and actions:
            added = by_key(actions, sid, principal.arn, context)
            base = _text(found.policy)
            return [KeyPolicy(account=account, region=region, key=key, base=base, added=added), *told]
    return told


def _text(document: Policy) -> str:
    """A policy document as JSON, whatever form it was read in."""
    return document if isinstance(document, str) else json.dumps(document) if document else ""
