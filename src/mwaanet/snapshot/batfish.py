"""What Batfish names differently: answers of calls made once per resource, in keys of its own.

https://github.com/batfish/batfish, `projects/batfish/src/main/java/org/batfish/representation/aws`. Of transit gateway
routes it keeps the static ones only, so the calls made of them say so in their filters: the propagated routes follow
from the propagations and from what the attachments announce. Direct Connect's keys it capitalises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]

_WRAPPED: Mapping[str, tuple[tuple[str, str], str]] = {
    "LoadBalancerAttributes": (("elbv2", "describe-load-balancer-attributes"), "LoadBalancerArn"),
    "LoadBalancerListeners": (("elbv2", "describe-listeners"), "LoadBalancerArn"),
    "LoadBalancerTargetHealth": (("elbv2", "describe-target-health"), "TargetGroupArn"),
    "TransitGatewayPropagations": (
        ("ec2", "get-transit-gateway-route-table-propagations"),
        "TransitGatewayRouteTableId",
    ),
    "TransitGatewayStaticRoutes": (("ec2", "search-transit-gateway-routes"), "TransitGatewayRouteTableId"),
}
"""Its wrappers: the operation, and the parameter that each item holds beside the response."""

_CAPITALISED: Mapping[str, tuple[str, str]] = {
    "DirectConnectGateways": ("directconnect", "describe-direct-connect-gateways"),
    "VirtualInterfaces": ("directconnect", "describe-virtual-interfaces"),
}
_ASSOCIATIONS = "DirectConnectGatewayAssociations"
_STATIC = [{"Name": "type", "Values": ["static"]}]

KEYS: Mapping[str, tuple[str, str]] = {
    **{key: operation for key, (operation, _) in _WRAPPED.items()},
    **_CAPITALISED,
    _ASSOCIATIONS: ("directconnect", "describe-direct-connect-gateway-associations"),
}
"""The service and operation that each of its own keys answers."""


def adapted(key: str, items: list[Item]) -> dict[str, list[Item]]:
    """The document of the format for what lies under one of its keys."""
    if key in _CAPITALISED:
        return {_lower(key): [lowered(item) for item in items]}
    if key == _ASSOCIATIONS:
        return {"Calls": [_association(lowered(item)) for item in items]}
    parameter = _WRAPPED[key][1]
    return {"Calls": [_call(key, parameter, item) for item in items]}


def written(key: str, pointer: str) -> str:
    """A pointer into the document as one into Batfish's file."""
    if key in _CAPITALISED:
        return f"/{key}{pointer.removeprefix('/' + _lower(key))}"
    index, _, rest = pointer.removeprefix("/Calls/").partition("/")
    rest = rest.removeprefix("Response")
    if key == _ASSOCIATIONS:
        rest = rest.removeprefix("/directConnectGatewayAssociations/0")
    return f"/{key}/{index}{rest}"


def lowered(value: Any) -> Any:
    """The value with the first letter of every key in lower case."""
    if isinstance(value, dict):
        return {_lower(key): lowered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lowered(item) for item in value]
    return value


def _lower(key: str) -> str:
    return key[:1].lower() + key[1:]


def _call(key: str, parameter: str, item: Item) -> Item:
    parameters: Item = {parameter: item.get(parameter, "")}
    if key == "TransitGatewayStaticRoutes":
        parameters["Filters"] = _STATIC
    return {"Parameters": parameters, "Response": {name: value for name, value in item.items() if name != parameter}}


def _association(item: Item) -> Item:
    asked = {"directConnectGatewayId": item.get("directConnectGatewayId", "")}
    return {"Parameters": asked, "Response": {"directConnectGatewayAssociations": [item]}}
