"""botocore's models as they are read here, beside botocore's own reading of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from botocore_shapes import operations
from mwaanet.checks import response_shapes
from mwaanet.checks.response_shapes import ListOf, MapOf, Plain, Structure, response_shape
from mwaanet.snapshot import OPERATIONS, Snapshot

MOST_DEEP = 3
DEMO = Path(__file__).parents[2] / "demo" / "snapshot"
KINDS = {"text": str, "number": int | float, "truth value": bool}


@pytest.mark.parametrize("service", sorted({service for service, _ in OPERATIONS}))
def test_every_call_of_the_table_has_the_shape_that_botocore_gives_it(service: str) -> None:
    for name in (operation for owner, operation in OPERATIONS if owner == service):
        same(response_shape(service, name), operations(service)[name].output_shape)


def same(found: response_shapes.Shape | None, expected: Shape | None, depth: int = 0) -> None:
    if depth > MOST_DEEP or found is None:
        return
    if isinstance(expected, StructureShape):
        assert isinstance(found, Structure)
        assert set(found.members) == set(expected.members)
        for name, member in expected.members.items():
            same(found.members[name](), member, depth + 1)
    elif isinstance(expected, ListShape):
        assert isinstance(found, ListOf)
        same(found.item(), expected.member, depth + 1)
    elif isinstance(expected, MapShape):
        assert isinstance(found, MapOf)
        same(found.value(), expected.value, depth + 1)
    else:
        assert isinstance(found, Plain)
        enumerated = list(getattr(expected, "enum", []))
        assert list(found.values)[: len(enumerated)] == enumerated


def test_what_aws_answered_is_what_a_response_may_hold() -> None:
    """Names and values of the demo's documents; a word that a response has must not count as one that nobody has."""
    snapshot = Snapshot.open(DEMO)
    for call, documents in snapshot.by_call.items():
        for document in documents:
            answer = json.loads(document.read())
            answers = (
                [one["Response"] for one in answer["Calls"] if "Response" in one] if "Calls" in answer else [answer]
            )
            for one in answers:
                holds(response_shape(call.service, call.operation), one, f"{call.service}/{call.operation}")


def holds(shape: response_shapes.Shape | None, value: object, where: str) -> None:
    if isinstance(shape, Structure) and isinstance(value, dict):
        assert set(value) <= set(shape.members), where
        for name, inner in value.items():
            holds(shape.members[name](), inner, f"{where}.{name}")
    elif isinstance(shape, ListOf) and isinstance(value, list):
        for item in value:
            holds(shape.item(), item, where)
    elif isinstance(shape, MapOf) and isinstance(value, dict):
        for inner in value.values():
            holds(shape.value(), inner, where)
    elif isinstance(shape, Plain) and value is not None:
        assert isinstance(value, KINDS[shape.kind]), where
        assert not shape.values or value in shape.values, where
    else:
        assert shape is None or value is None, where


def test_what_botocore_does_not_have_is_not_known() -> None:
    assert response_shape("ec2", "describe-nothing") is None
    assert response_shape("nothing", "describe-nothing") is None


def test_what_is_in_a_policy_is_not_named_by_aws() -> None:
    role = response_shape("iam", "get-role")
    assert isinstance(role, Structure)
    inner = role.members["Role"]()
    assert isinstance(inner, Structure)
    assert inner.members["AssumeRolePolicyDocument"]() is None
    assert inner.members["RoleName"]() is not None
