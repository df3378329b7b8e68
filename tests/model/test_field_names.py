"""Every field of every record must be AWS's: its name is looked up in botocore's service models."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from inspect import get_annotations
from typing import Any

import msgspec
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from botocore_shapes import operations
from mwaanet.model.record import Shape as Part
from mwaanet.model.responses import CALLS, LISTS, WHOLES
from mwaanet.snapshot.manifest import Manifest
from mwaanet.snapshot.operations import OPERATIONS

NOT_OF_AWS = {"<origin>"}
NOT_EMBEDDED = {
    *("InstanceId of NetworkInterfaceAttachment", "TagSet of NetworkInterface", "DenyAllIgwTraffic of NetworkInterface")
}
"""An instance carries its interfaces in nearly the shape in which they are described by themselves."""

ADDED_BY_THE_CLI = {"/NextToken of ObjectListing"}
"""What the AWS CLI writes where `--max-items` stopped it, in place of AWS's own token."""


def structs(hint: Any) -> list[type[msgspec.Struct]]:
    """The structs that a field's type speaks of."""
    parts = typing.get_args(hint) or (hint,)
    found = [part for part in parts if isinstance(part, type) and issubclass(part, msgspec.Struct)]
    return found + [inner for part in parts if typing.get_args(part) for inner in structs(part)]


def unknown_names(kind: type[msgspec.Struct], shape: Shape, place: str) -> Iterator[str]:
    """The fields of a struct, and of the structs in it, that AWS's shape does not have."""
    if isinstance(shape, ListShape):
        shape = shape.member
    if isinstance(shape, MapShape):
        shape = shape.value
    if not isinstance(shape, StructureShape):
        yield f"{place}: AWS has {shape.type_name} here"
        return
    hints = typing.get_type_hints(kind)
    for field in msgspec.structs.fields(kind):
        if field.encode_name in NOT_OF_AWS:
            continue
        if field.encode_name not in shape.members:
            yield f"{place}/{field.encode_name} of {kind.__name__}"
            continue
        for inner in structs(hints[field.name]):
            yield from unknown_names(inner, shape.members[field.encode_name], f"{place}/{field.encode_name}")


@pytest.mark.parametrize(("service", "operation"), [*LISTS, *WHOLES, *CALLS])
def test_fields_are_those_of_aws(service: str, operation: str) -> None:
    output = operations(service)[operation].output_shape
    assert output is not None
    if (service, operation) in LISTS:
        key = OPERATIONS[service, operation].key
        found = unknown_names(LISTS[service, operation], output.members[key], key)
        allowed = NOT_EMBEDDED if operation == "describe-instances" else set()
        assert {name.rpartition("/")[2] for name in found} == allowed
    else:
        kind = WHOLES.get((service, operation)) or CALLS[service, operation]
        assert set(unknown_names(kind, output, "")) <= ADDED_BY_THE_CLI


@pytest.mark.parametrize("row", OPERATIONS.values(), ids=lambda row: f"{row.service} {row.operation}")
def test_operations_are_those_of_aws(row: Any) -> None:
    model = operations(row.service)[row.operation]
    assert model.output_shape is not None
    assert row.key == "" or row.key in model.output_shape.members
    assert set(row.parameters) <= set(model.input_shape.members if model.input_shape else ())


def test_records_are_small() -> None:
    """A record without a cycle need not be tracked by the garbage collector; there are very many of them."""
    kinds = {*LISTS.values(), *CALLS.values()}
    assert not [kind.__name__ for kind in kinds if kind.__struct_config__.gc]
    assert issubclass(LISTS["ec2", "describe-vpcs"], Part)


def test_types_of_fields_are_not_texts() -> None:
    """A text would be compiled in every process, once for every decoder that the record is a part of."""
    found = {cls for kind in (Manifest, *LISTS.values(), *WHOLES.values(), *CALLS.values()) for cls in within(kind)}
    texts = [cls.__name__ for cls in found if any(isinstance(hint, str) for hint in get_annotations(cls).values())]
    assert len(found) > 100
    assert not texts


def within(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """A struct, what it is made from and the structs in it."""
    yield from (cls for cls in kind.__mro__ if issubclass(cls, msgspec.Struct))
    for hint in typing.get_type_hints(kind).values():
        for inner in structs(hint):
            yield from within(inner)
