"""Does a response look as AWS would have sent it? Its names and types are held against botocore's service models.

Enumerations are not checked (AWS adds to them), nor what may be missing (AWS leaves out what is not set).
Two things differ from the models on purpose, as the snapshot format says: times are ISO 8601 text, and IAM's
policy documents may be objects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

_SESSION = botocore.session.get_session()
_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
}
_OBJECT_OR_TEXT = frozenset({"AssumeRolePolicyDocument", "Document", "PolicyDocument"})
_MAY_BE_NULL = frozenset({"LocationConstraint"})


@cache
def operations(service: str) -> Mapping[str, OperationModel]:
    """The operations of a service by the AWS CLI's name: `describe-vpcs`."""
    model = _SESSION.get_service_model(service)
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def response_problems(service: str, operation: str, response: object) -> list[str]:
    """What is wrong with a response, each with its place in it; empty when nothing is."""
    shape = operations(service)[operation].output_shape
    return list(_problems(shape, response, "")) if shape is not None else []


def parameter_problems(service: str, operation: str, parameters: Mapping[str, object]) -> list[str]:
    """What is wrong with the parameters of a call, required ones that are missing included."""
    shape = operations(service)[operation].input_shape
    if shape is None:
        return [f"{name}: not a parameter" for name in parameters]
    missing = [f"/{name}: missing" for name in shape.required_members if name not in parameters]
    return missing + list(_problems(shape, parameters, ""))


def file_problems(path: str, content: bytes) -> list[str]:
    """What is wrong with one file of a snapshot, from its path and its text."""
    service, operation = path.removesuffix(".json").split("/")[-2:]
    if operation not in operations(service):
        return [f"{path}: no such operation"]
    document = json.loads(content)
    return [f"{path}: {problem}" for problem in _document_problems(service, operation, document)]


def snapshot_problems(files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with all files of a snapshot (the manifest and the site file are not AWS's)."""
    paths = (path for path in files if path.startswith("accounts/"))
    return [problem for path in paths for problem in file_problems(path, files[path])]


def _document_problems(service: str, operation: str, document: dict[str, Any]) -> Iterator[str]:
    if set(document) != {"Calls"}:
        yield from response_problems(service, operation, document)
        return
    for number, call in enumerate(document["Calls"]):
        if set(call) == {"Parameters", "Error"}:
            if set(call["Error"]) != {"Code", "Message"}:
                yield f"/Calls/{number}/Error: expected Code and Message"
        elif set(call) != {"Parameters", "Response"}:
            yield f"/Calls/{number}: expected Parameters and Response or Error"
        else:
            found = response_problems(service, operation, call["Response"])
            yield from (f"/Calls/{number}/Response{problem}" for problem in found)
        asked = parameter_problems(service, operation, call["Parameters"])
        yield from (f"/Calls/{number}/Parameters{problem}" for problem in asked)


def _problems(shape: Shape, value: object, place: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        yield from _structure_problems(shape, value, place)
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield f"{place}: expected a list"
            return
        for number, item in enumerate(value):
            yield from _problems(shape.member, item, f"{place}/{number}")
    elif isinstance(shape, MapShape):
        if not isinstance(value, dict):
            yield f"{place}: expected an object"
            return
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{place}/{key}")
    elif not _is_scalar(shape, value):
        yield f"{place}: expected {shape.type_name}, found {value!r}"


def _structure_problems(shape: StructureShape, value: object, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place}: expected an object"
        return
    for key, item in value.items():
        if key not in shape.members:
            yield f"{place}/{key}: unknown to {shape.name}"
        elif not _is_excepted(key, item):
            yield from _problems(shape.members[key], item, f"{place}/{key}")


def _is_excepted(key: str, item: object) -> bool:
    return (item is None and key in _MAY_BE_NULL) or (isinstance(item, dict) and key in _OBJECT_OR_TEXT)


def _is_scalar(shape: Shape, value: object) -> bool:
    if shape.type_name == "timestamp":
        return isinstance(value, str) and _is_time(value)
    if isinstance(value, bool) and shape.type_name != "boolean":
        return False
    return isinstance(value, _SCALARS[shape.type_name])


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
