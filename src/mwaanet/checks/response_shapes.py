"""What the response of a call may hold, as botocore's models of AWS's services describe it.

botocore's models are read as the data that they are, without botocore: nothing is imported that could call AWS. Of a
service's model only the shapes that are asked about are decoded.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import msgspec

_DECODED = frozenset({"AssumeRolePolicyDocument", "Document", "PolicyDocument"})
"""Policies, which a snapshot may hold as objects: what is in them is not AWS's to name."""
_ALSO_ANSWERED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("EC2", "AttachmentStatus"): ("available",),
    ("EC2", "NetworkInterfaceType"): ("nat_gateway",),
    ("EC2", "State"): (
        *("pendingAcceptance", "pending", "available", "deleting", "deleted", "rejected", "failed", "expired"),
        "partial",
    ),
}
"""Values of enumerations that AWS answers and its models leave out, or spell otherwise: of internet gateways
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html), of the interfaces of NAT
gateways, and of VPC endpoints (examples of https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-vpc-endpoints.html)."""


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """An object with fixed names, and what lies under each."""

    members: Mapping[str, Lazy]


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    """A list, and what each of its items is."""

    item: Lazy


@dataclass(frozen=True, slots=True, eq=False)
class MapOf:
    """An object with names of one's own, and what lies under each."""

    value: Lazy


class Form(NamedTuple):
    """How a text is written: as a regular expression, and in words."""

    pattern: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A text, a number or a truth value; `values` are all that it can have, `form` what a text is like."""

    kind: str
    values: tuple[str, ...] = ()
    form: Form | None = None


Shape = Structure | ListOf | MapOf | Plain
Lazy = Callable[[], Shape | None]
"""None is what cannot be said."""


class _Ref(msgspec.Struct):
    shape: str


class _Described(msgspec.Struct):
    type: str
    members: dict[str, _Ref] = {}
    member: _Ref | None = None
    value: _Ref | None = None
    enum: tuple[str, ...] = ()


class _Operation(msgspec.Struct):
    output: _Ref | None = None


class _Metadata(msgspec.Struct, rename="camel"):
    service_id: str = ""


class _Service(msgspec.Struct):
    metadata: _Metadata
    operations: dict[str, _Operation]
    shapes: dict[str, msgspec.Raw]


_KINDS = {"string": "text", "character": "text", "blob": "text", "timestamp": "text", "boolean": "truth value"}


def response_shape(service: str, operation: str) -> Shape | None:
    """The shape of a call's response (`ec2`, `describe-vpcs`); None where botocore does not have the call."""
    model = _model(service)
    found = model.get(operation.replace("-", "")) if model else None
    return found() if found else None


def source() -> str:
    """Whose models they are."""
    return f"botocore {version('botocore')}"


def data_files(pattern: str) -> list[Path]:
    """Files of botocore's data, by a pattern."""
    spec = find_spec("botocore")
    folders = spec.submodule_search_locations if spec else None
    return [file for folder in folders or () for file in Path(folder, "data").glob(pattern)]


@cache
def _model(service: str) -> Mapping[str, Lazy]:
    """The responses of a service, by the operation's name in small letters."""
    files = data_files(f"{service}/*/service-2.json.gz")
    if not files:
        return {}
    described = msgspec.json.decode(gzip.decompress(max(files).read_bytes()), type=_Service)
    operations = described.operations.items()
    return {
        name.lower(): partial(_shape, described, operation.output.shape)
        for name, operation in operations
        if operation.output
    }


def _shape(service: _Service, name: str) -> Shape | None:
    found = msgspec.json.decode(service.shapes[name], type=_Described)
    if found.type == "structure":
        return Structure({key: _lazy(service, key, ref) for key, ref in found.members.items()})
    if found.type == "list" and found.member:
        return ListOf(partial(_shape, service, found.member.shape))
    if found.type == "map" and found.value:
        return MapOf(partial(_shape, service, found.value.shape))
    further = _ALSO_ANSWERED.get((service.metadata.service_id, name), ()) if found.enum else ()
    return Plain(_KINDS.get(found.type, "number"), (*found.enum, *further))


def _lazy(service: _Service, key: str, ref: _Ref) -> Lazy:
    return (lambda: None) if key in _DECODED else partial(_shape, service, ref.shape)
