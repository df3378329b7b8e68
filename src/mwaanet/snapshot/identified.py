"""Responses to calls made once per resource that say themselves which resource they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mwaanet.snapshot.operations import Operation

Response = dict[str, Any]
Identified = list[tuple[dict[str, Any], Response, str]]
"""Parameters, the response to them, and where in the file it lies."""


def identify(operation: Operation, response: Response) -> Identified:
    """The calls that a response without its parameters answers; none where it does not say."""
    finder = _FINDERS.get((operation.service, operation.operation))
    try:
        return finder(response) if finder else []
    except (KeyError, TypeError, AttributeError):
        return []


def _single(*way: str, parameter: str = "") -> Callable[[Response], Identified]:
    """One call, about the resource whose name is found by following the keys."""

    def find(response: Response) -> Identified:
        value: Any = response
        for key in way:
            value = value[key]
        return [({parameter or way[-1]: value}, response, "")] if isinstance(value, str) else []

    return find


def _grouped(listed: str, parameter: str) -> Callable[[Response], Identified]:
    """A call per resource that the items of a list name."""

    def find(response: Response) -> Identified:
        groups: dict[str, list[Any]] = {}
        for item in response[listed]:
            groups.setdefault(item[parameter], []).append(item)
        return [({parameter: name}, {listed: items}, f"/{listed}") for name, items in groups.items()]

    return find


def _vpc_attribute(response: Response) -> Identified:
    names = {"EnableDnsSupport": "enableDnsSupport", "EnableDnsHostnames": "enableDnsHostnames"}
    vpc = response["VpcId"]
    return [({"VpcId": vpc, "Attribute": names[key]}, response, "") for key in names if key in response]


def _inline_policy(holder: str) -> Callable[[Response], Identified]:
    def find(response: Response) -> Identified:
        return [({holder: response[holder], "PolicyName": response["PolicyName"]}, response, "")]

    return find


_FINDERS: Mapping[tuple[str, str], Callable[[Response], Identified]] = {
    ("ec2", "describe-vpc-attribute"): _vpc_attribute,
    ("ec2", "describe-client-vpn-authorization-rules"): _grouped("AuthorizationRules", "ClientVpnEndpointId"),
    ("ec2", "describe-client-vpn-routes"): _grouped("Routes", "ClientVpnEndpointId"),
    ("ec2", "describe-client-vpn-target-networks"): _grouped("ClientVpnTargetNetworks", "ClientVpnEndpointId"),
    ("ec2", "get-transit-gateway-prefix-list-references"): _grouped(
        "TransitGatewayPrefixListReferences", "TransitGatewayRouteTableId"
    ),
    ("elbv2", "describe-listeners"): _grouped("Listeners", "LoadBalancerArn"),
    ("directconnect", "describe-direct-connect-gateway-associations"): _grouped(
        "directConnectGatewayAssociations", "directConnectGatewayId"
    ),
    ("directconnect", "describe-direct-connect-gateway-attachments"): _grouped(
        "directConnectGatewayAttachments", "directConnectGatewayId"
    ),
    ("mwaa", "get-environment"): _single("Environment", "Name"),
    ("route53", "get-hosted-zone"): _single("HostedZone", "Id"),
    ("route53profiles", "list-profile-resource-associations"): _grouped("ProfileResourceAssociations", "ProfileId"),
    ("kms", "describe-key"): _single("KeyMetadata", "KeyId"),
    ("iam", "get-role"): _single("Role", "RoleName"),
    ("iam", "get-policy"): _single("Policy", "Arn", parameter="PolicyArn"),
    ("iam", "get-role-policy"): _inline_policy("RoleName"),
    ("s3", "list-objects-v2"): _single("Name", parameter="Bucket"),
    ("network-firewall", "describe-firewall"): _single("Firewall", "FirewallArn"),
    ("network-firewall", "describe-firewall-policy"): _single("FirewallPolicyResponse", "FirewallPolicyArn"),
    ("network-firewall", "describe-rule-group"): _single("RuleGroupResponse", "RuleGroupArn"),
}
