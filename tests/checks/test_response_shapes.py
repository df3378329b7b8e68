"""botocore's models as they are read here, beside botocore's own reading of them."""

from __future__ import annotations

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from botocore_shapes import operations
from mwaanet.checks import response_shapes
from mwaanet.checks.response_shapes import ListOf, MapOf, Plain, Structure, response_shape
from mwaanet.snapshot import OPERATIONS

MOST_DEEP = 3


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
        assert list(found.values) == list(getattr(expected, "enum", []))


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
