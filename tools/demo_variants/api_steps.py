"""Faults and traps on every step of a call from the site to the web server, in the order of the call."""

from __future__ import annotations

import json

from tools.demo_variants.recipe import Culprits, endpoint_place, file_of, remove, replace, variant

from builder import Estate, allow, policy
from builder.estate import HOME, NAME, REGION, SHARED
from builder.estate_site import CLIENTS, SITE
from mwaanet.demo import Change

SITE_FILE = "mwaanet.yaml"


def unforwarded(estate: Estate, zone: str) -> Change:
    """A zone that the site's resolvers no longer forward."""
    return remove(SITE_FILE, f"        - {{zone: {zone}, to: [{', '.join(estate.resolver_inbound.addresses)}]}}\n")


def caller(estate: Estate, rest: str) -> tuple[str, str]:
    """Where the calling role is described."""
    return file_of("iam", "get-role", region="global"), f"/Calls[Parameters.RoleName={estate.caller.name}]{rest}"


def caller_policy(estate: Estate, document: object) -> Change:
    """Another inline policy of the calling role."""
    place = f"/Calls[Parameters.RoleName={estate.caller.name}]/Response/PolicyDocument"
    return replace(file_of("iam", "get-role-policy", region="global"), place, document)


@variant(api="fail")
def api_trust_policy(estate: Estate) -> tuple[list[Change], Culprits]:
    """The calling role trusts EC2 alone.

    The role was copied from an application on EC2. Its trust policy names that service, so nobody on site can assume
    it.
    """
    trust = policy({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    change = replace(*caller(estate, "/Response/Role/AssumeRolePolicyDocument"), trust)
    return [change], [[estate.caller.name, estate.caller.arn]]


@variant(api="fail")
def api_name_not_forwarded(estate: Estate) -> tuple[list[Change], Culprits]:
    """The site forwards the API's name, but not the web server's.

    The network team forwarded airflow.us-east-1.amazonaws.com and took it for the whole. The web server's own name ends
    on us-east-1.airflow.amazonaws.com, which the corporate resolver does not know.
    """
    return [unforwarded(estate, f"{REGION}.airflow.amazonaws.com")], ["dc.dns"]


@variant(api="fail")
def api_alias(estate: Estate) -> tuple[list[Change], Culprits]:
    """Clients call the web server by an alias.

    Somebody gave the web server a name that people can remember. Its certificate does not hold that name, so clients
    that check it hang up.
    """
    record = "      records:\n"
    alias = f"{record}        airflow.corp.example: {{cname: {estate.environment.host}}}\n"
    host = replace(SITE_FILE, "\napi:\n", "\napi:\n  host: airflow.corp.example\n")
    return [replace(SITE_FILE, record, alias), host], ["airflow.corp.example"]


@variant()
def api_public_name(estate: Estate) -> tuple[list[Change], Culprits]:
    """The web server's name is not forwarded: it looks broken and is not.

    The corporate resolver asks public DNS for what it does not forward. There the web server's name leads to the
    endpoint's own name, and that to its private addresses.
    """
    zone = f"{REGION}.airflow.amazonaws.com"
    return [unforwarded(estate, zone), replace(SITE_FILE, "public: none", "public: all")], []


@variant(api="fail")
def api_site_firewall(estate: Estate) -> tuple[list[Change], Culprits]:
    """The site's firewall lets out HTTP instead of HTTPS.

    The rule for the new network was copied from the proxy's. It opens port 80, and calls go to 443.
    """
    rule = "to: 10.24.0.0/16, protocol: tcp, ports: [{}]"
    return [replace(SITE_FILE, rule.format(443), rule.format(80))], [["dc.firewall", "dc"]]


@variant(api="fail")
def api_not_associated(estate: Estate) -> tuple[list[Change], Culprits]:
    """The edge's route table has lost its route to the environment's VPC.

    The environment's VPC was propagated to the table of the links. That was removed with an old attachment.
    """
    table = estate.edge_table.id
    calls = f"/Calls[Parameters.TransitGatewayRouteTableId={table}]/Response"
    gone = estate.attachment.id
    return [
        remove(
            file_of("ec2", "search-transit-gateway-routes", account=SHARED),
            f"{calls}/Routes[DestinationCidrBlock=10.24.0.0/16]",
        ),
        remove(
            file_of("ec2", "get-transit-gateway-route-table-propagations", account=SHARED),
            f"{calls}/TransitGatewayRouteTablePropagations[TransitGatewayAttachmentId={gone}]",
        ),
    ], [table]


@variant(api="fail")
def api_endpoint_group(estate: Estate) -> tuple[list[Change], Culprits]:
    """The environment's security group admits its own members only.

    The group follows the guide's minimum, a rule for itself. The web server's endpoint is in the same group, and nobody
    outside may ask it.
    """
    group = estate.environment_group.id
    pointer = f"/SecurityGroups[GroupId={group}]/IpPermissions[FromPort=443]"
    return [remove(file_of("ec2", "describe-security-groups"), pointer)], [group]


@variant(api="fail")
def api_no_return_route(estate: Estate) -> tuple[list[Change], Culprits]:
    """A worker subnet has no route back to the site.

    Requests come in by the transit gateway's own subnets, which need no such route. Replies leave by the subnet of the
    web server's endpoint, which does.
    """
    table = estate.workers[0].table.id
    pointer = f"/RouteTables[RouteTableId={table}]/Routes[DestinationCidrBlock={SITE}]"
    return [remove(file_of("ec2", "describe-route-tables"), pointer)], [table]


@variant(api="fail")
def api_permission_resource(estate: Estate) -> tuple[list[Change], Culprits]:
    """The caller's policy names the environment in place of an Airflow role.

    airflow:* on the environment's ARN looks generous. But tokens and calls of the REST API are permissions on
    role/<environment>/<Airflow role>.
    """
    document = policy(allow("airflow:*", f"arn:aws:airflow:{REGION}:{HOME}:environment/{NAME}"))
    return [caller_policy(estate, document)], [[estate.caller.name, estate.caller.arn]]


@variant(api="fail")
def api_endpoint_policy(estate: Estate) -> tuple[list[Change], Culprits]:
    """The policy of the airflow.env endpoint lets through no token.

    The endpoint's policy was written for a dashboard that only looks at environments. Applications that call Airflow
    came later.
    """
    document = policy({"Principal": "*", **allow("airflow:GetEnvironment", "*")})
    endpoint = estate.endpoints["airflow.env"]
    return [replace(*endpoint_place(endpoint, "/PolicyDocument"), json.dumps(document))], [endpoint.id]


@variant()
def api_narrow_group(estate: Estate) -> tuple[list[Change], Culprits]:
    """The security group admits one client alone: it looks broken and is not.

    Security narrowed the rule for the site. It admits the one host that calls.
    """
    group = estate.environment_group.id
    pointer = f"/SecurityGroups[GroupId={group}]/IpPermissions[FromPort=443]/IpRanges[CidrIp={CLIENTS}]/CidrIp"
    return [replace(file_of("ec2", "describe-security-groups"), pointer, "172.20.7.21/32")], []
