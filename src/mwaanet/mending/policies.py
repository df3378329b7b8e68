"""What lets refused requests through: a statement where one is missing, an endpoint where a denial names others.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (a gateway endpoint's policy names a role
by the condition aws:PrincipalArn)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
_VERSION = "2012-10-17"


def statements(requests: Iterable[tuple[str, str]], sid: str) -> list[Json]:
    """Statements that allow exactly these actions, each on its resources."""
    actions: dict[str, dict[str, None]] = {}
    for action, resource in requests:
        actions.setdefault(action, {})[resource] = None
    grouped: dict[tuple[str, ...], list[str]] = {}
    for action, resources in actions.items():
        grouped.setdefault(tuple(resources), []).append(action)
    return [
        {"Sid": f"{sid}{number or ''}", "Effect": "Allow", "Action": allowed, "Resource": list(resources)}
        for number, (resources, allowed) in enumerate(grouped.items())
    ]


def identity_document(requests: Iterable[tuple[str, str]], sid: str) -> str:
    """A policy of a principal's own."""
    return json.dumps({"Version": _VERSION, "Statement": statements(requests, sid)})


def by_endpoint(requests: Iterable[tuple[str, str]], sid: str, principal: str) -> tuple[str, ...]:
    """Statements of an endpoint's policy for one principal; for whoever asks where that is empty."""
    only = {"Condition": {"ArnEquals": {"aws:PrincipalArn": principal}}} if principal else {}
    return tuple(json.dumps({**one, "Principal": "*", **only}) for one in statements(requests, sid))


def by_resource(requests: Iterable[tuple[str, str]], sid: str, principal: str) -> tuple[str, ...]:
    """Statements of a resource's policy for one principal."""
    return tuple(json.dumps({**one, "Principal": {"AWS": principal}}) for one in statements(requests, sid))


def by_key(actions: Sequence[str], sid: str, principal: str, context: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A statement of a key's policy, for a principal or a service with the encryption context that it names."""
    is_service = not principal.startswith("arn:")
    one: Json = {"Sid": sid, "Effect": "Allow", "Principal": {"Service" if is_service else "AWS": principal}}
    one |= {"Action": list(actions), "Resource": "*"}
    if context:
        one["Condition"] = {"ArnEquals": {key: list(values) for key, values in context.items()}}
    return (json.dumps(one),)


def admitting(document: str, index: int, endpoint: str) -> tuple[tuple[int, str], ...]:
    """A Deny of requests that do not come by certain endpoints, with one more of these; nothing for any other."""
    found = json.loads(document).get("Statement", []) if document else []
    present = found if isinstance(found, list) else [found]
    statement = present[index] if index < len(present) else {}
    condition = statement.get("Condition", {})
    for operator in ("StringNotEquals", "StringNotLike", "StringNotEqualsIfExists", "StringNotEqualsIgnoreCase"):
        named = {key.lower(): key for key in condition.get(operator, {})}
        key = named.get("aws:sourcevpce")
        if key and endpoint:
            values = condition[operator][key]
            kept = values if isinstance(values, list) else [values]
            changed = {**condition, operator: {**condition[operator], key: [*kept, endpoint]}}
            return ((index, json.dumps({**statement, "Condition": changed})),)
    return ()
