"""Foreign layouts: any JSON whose top-level key is a known one, and Batfish's wrappers of per-resource calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.snapshot.document import Document, Kind
from mwaanet.snapshot.operations import OPERATIONS, CallRef, Operation, by_key, by_name

UNPLACED = CallRef("", "", "", "")
_ACCOUNT = re.compile(r"^\d{12}$")
_REGION = re.compile(r"^[a-z]{2}(-[a-z]+)+-\d$")

_WRAPPED: Mapping[str, tuple[str, str, str, str]] = {
    "LoadBalancerAttributes": ("elbv2", "describe-load-balancer-attributes", "LoadBalancerArn", "Attributes"),
    "LoadBalancerListeners": ("elbv2", "describe-listeners", "LoadBalancerArn", "Listeners"),
    "LoadBalancerTargetHealth": (
        "elbv2",
        "describe-target-health",
        "TargetGroupArn",
        "TargetHealthDescriptions",
    ),
    "TransitGatewayPropagations": (
        "ec2",
        "get-transit-gateway-route-table-propagations",
        "TransitGatewayRouteTableId",
        "TransitGatewayRouteTablePropagations",
    ),
    "TransitGatewayStaticRoutes": ("ec2", "search-transit-gateway-routes", "TransitGatewayRouteTableId", "Routes"),
    "DirectConnectGatewayAssociations": (
        "directconnect",
        "describe-direct-connect-gateway-associations",
        "DirectConnectGatewayId",
        "",
    ),
}
"""Batfish's wrapper: service, operation, the parameter that names the resource, the list in each item."""


def foreign_document(file: str, load: Callable[[], bytes]) -> list[Document]:
    """The documents in one file of a foreign layout; none where no key of it is known."""
    try:
        top = msgspec.json.decode(load(), type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return []
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SnapshotError(file, "", f"is not JSON: {error}") from error
    account, region = _place(file)
    documents = []
    for key, raw in top.items():
        if key in _WRAPPED:
            documents.append(_unwrapped(file, key, raw, account, region))
            continue
        operation = _operation(file, key, raw)
        if operation is not None:
            ref = CallRef(account, "global" if operation.is_global else region, operation.service, operation.name)
            if key == "Calls":
                documents.append(Document(ref, file, Kind.CALLS, load))
            elif key in ("DirectConnectGateways", "VirtualInterfaces"):
                content = _lowered(file, operation.key, raw)
                documents.append(Document(ref, file, Kind.RESPONSE, partial(_held, content)))
            else:
                documents.append(Document(ref, file, Kind.RESPONSE, load))
    return documents


def _operation(file: str, key: str, raw: msgspec.Raw) -> Operation | None:
    stem = PurePosixPath(file).stem
    if key == "Calls":
        return by_name([stem])
    if key == "PrefixLists" and b'"Cidrs"' in bytes(raw):
        return OPERATIONS["ec2", "describe-prefix-lists"]
    return by_key().get(key)


def _place(file: str) -> tuple[str, str]:
    """Account and Region as the path names them; empty where it does not."""
    parts = PurePosixPath(file).parts[:-1]
    account = next((part for part in parts if _ACCOUNT.match(part)), "")
    region = next((part for part in parts if _REGION.match(part)), "")
    if not region:
        stem = PurePosixPath(file).stem
        region = next((word for word in re.findall(r"[a-z]{2}(?:-[a-z]+)+-\d", stem)), "")
    return account, region


def _held(content: bytes) -> bytes:
    return content


def _unwrapped(file: str, key: str, raw: msgspec.Raw, account: str, region: str) -> Document:
    """Batfish's list of per-resource answers as calls."""
    service, name, parameter, listed = _WRAPPED[key]
    items = _items(file, key, raw)
    calls = []
    for item in items:
        if listed:
            response = {field: value for field, value in item.items() if field != parameter}
        else:
            response = {"directConnectGatewayAssociations": [_lower(item)]}
        resource = item.get(parameter, "")
        asked = parameter if listed else "directConnectGatewayId"
        calls.append({"Parameters": {asked: resource}, "Response": response})
    if not listed:
        calls = _joined(calls)
    content = msgspec.json.encode({"Calls": calls})
    ref = CallRef(account, region, service, name)
    return Document(
        ref, file, Kind.CALLS, partial(_held, content), static_only=key == "TransitGatewayStaticRoutes", at=f"/{key}"
    )


def _joined(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One call per gateway, with all of its associations."""
    found: dict[str, dict[str, Any]] = {}
    for call in calls:
        gateway = call["Parameters"]["directConnectGatewayId"]
        if gateway in found:
            key = "directConnectGatewayAssociations"
            found[gateway]["Response"][key].extend(call["Response"][key])
        else:
            found[gateway] = call
    return list(found.values())


def _items(file: str, key: str, raw: msgspec.Raw) -> list[dict[str, Any]]:
    try:
        return msgspec.json.decode(raw, type=list[dict[str, Any]])
    except msgspec.ValidationError as error:
        raise SnapshotError(file, f"/{key}", f"expected a list of objects: {error}") from error


def _lowered(file: str, key: str, raw: msgspec.Raw) -> bytes:
    """Batfish capitalises Direct Connect's camelCase keys; turn them back."""
    return msgspec.json.encode({key: [_lower(item) for item in _items(file, key, raw)]})


def _lower(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lower(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_lower(item) for item in value]
    return value
