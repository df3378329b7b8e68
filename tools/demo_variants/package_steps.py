"""Faults and traps on every step from pip to the package server, in the order of the path."""

from __future__ import annotations

from tools.demo_variants.package_server import shared, unhealthy
from tools.demo_variants.recipe import (
    Culprits,
    Place,
    endpoint_place,
    file_of,
    interface_places,
    remove,
    replace,
    variant,
)

from builder import Estate
from builder.endpoint import InterfaceEndpoint
from builder.estate_site import PACKAGE_SERVER, SITE
from mwaanet.demo import Change

INDEX = "--index-url https://packages.build.example/repository/pypi/simple/"


def add(file: str, pointer: str, value: object) -> Change:
    """Put something at the end of a list, or under a new key."""
    return Change(file=file, op="add", pointer=pointer, value=value)


def requirements(estate: Estate, *lines: str) -> Change:
    """Another requirements.txt."""
    pointer = "/Calls[Parameters.Key=requirements.txt]/Response/Body"
    return replace(file_of("s3", "get-object"), pointer, "\n".join((*lines, "fernleaf-connectors==3.1.0", "")))


def requirements_object(estate: Estate) -> str:
    """requirements.txt as reports name it."""
    return f"{estate.bucket.id}/requirements.txt"


def zone_file(operation: str) -> str:
    """A file of Route 53."""
    return file_of("route53", operation, region="global")


def record(estate: Estate) -> Place:
    """Where the package server's record is."""
    call = f"/Calls[Parameters.HostedZoneId=/hostedzone~1{estate.zone.id}]"
    return zone_file("list-resource-record-sets"), f"{call}/Response/ResourceRecordSets[Name=packages.build.example.]"


def state(estate: Estate, at_consumer: str, at_owner: str) -> list[Change]:
    """The endpoint's state as both sides see it."""
    connection = f"/VpcEndpointConnections[VpcEndpointId={estate.packages_endpoint.id}]/VpcEndpointState"
    return [
        replace(*endpoint_place(estate.packages_endpoint, "/State"), at_consumer),
        replace(shared("ec2", "describe-vpc-endpoint-connections"), connection, at_owner),
    ]


def groups(endpoint: InterfaceEndpoint, *named: tuple[str, str]) -> list[Change]:
    """Other security groups on an endpoint and its interfaces."""
    value = [{"GroupId": group, "GroupName": name} for group, name in named]
    places = [endpoint_place(endpoint, "/Groups"), *(place for place in interface_places(endpoint, "/Groups"))]
    return [replace(*place, value) for place in places]


@variant(nexus="fail")
def nexus_no_index(estate: Estate) -> tuple[list[Change], Culprits]:
    """requirements.txt names no index, so pip asks PyPI.

    Someone tidied requirements.txt up and took the line with --index-url for a leftover. Without it pip asks PyPI, to
    which a private environment has no way.
    """
    return [requirements(estate)], [[requirements_object(estate), estate.bucket.id]]


@variant(nexus="fail")
def nexus_wrong_port(estate: Estate) -> tuple[list[Change], Culprits]:
    """requirements.txt asks the package server at its own port.

    The index was copied from a developer's laptop, where the package server is asked directly at 8081. Workers ask its
    load balancer, which listens at 443.
    """
    index = "--index-url https://packages.build.example:8081/repository/pypi/simple/"
    return [requirements(estate, index)], [[requirements_object(estate), estate.bucket.id]]


@variant()
def nexus_unused_lines(estate: Estate) -> tuple[list[Change], Culprits]:
    """Public servers that nobody asks: it looks broken and is not.

    requirements.txt still names PyPI and GitHub. But the last --index-url wins, and the marker of the URL holds for no
    Python that the environment has.
    """
    old = 'legacy-loader @ https://github.com/fernleaf/loader/archive/1.0.zip ; python_version < "3.9"'
    lines = ("# --index-url https://pypi.org/simple/", "--index-url https://pypi.org/simple/", INDEX, old)
    return [requirements(estate, *lines)], []


@variant(nexus="fail")
def nexus_zone_not_associated(estate: Estate) -> tuple[list[Change], Culprits]:
    """The private zone of the package server's name is not associated with the VPC.

    The zone was moved to a central module, which associates it with the VPCs on a list. The environment's VPC is not on
    that list.
    """
    vpcs = f"/Calls[Parameters.Id=/hostedzone~1{estate.zone.id}]/Response/VPCs"
    summaries = f"/Calls[Parameters.VPCId={estate.vpc.id}]/Response/HostedZoneSummaries"
    changes = [
        replace(zone_file("get-hosted-zone"), vpcs, []),
        replace(zone_file("list-hosted-zones-by-vpc"), summaries, []),
    ]
    return changes, [[estate.zone.id, estate.vpc.id]]


@variant(nexus="fail")
def nexus_wrong_endpoint(estate: Estate) -> tuple[list[Change], Culprits]:
    """The package server's name leads to the endpoint of another service.

    The record was written by hand, and the console's list shows endpoints by id only. It leads to the endpoint for SQS
    now, which listens at 443 too.
    """
    target = estate.endpoints["sqs"].record["DnsEntries"][0]
    file, pointer = record(estate)
    return [replace(file, f"{pointer}/AliasTarget/DNSName", f"{target['DnsName']}.")], [[estate.zone.id]]


@variant(nexus="fail")
def nexus_record_missing(estate: Estate) -> tuple[list[Change], Culprits]:
    """The private zone has no record of the package server.

    The record was deleted with the old package server, whose name it was. The zone still decides for every name in it,
    so workers hear that the name does not exist.
    """
    return [remove(*record(estate))], [[estate.zone.id, "packages.build.example"]]


@variant()
def nexus_less_specific_zone(estate: Estate) -> tuple[list[Change], Culprits]:
    """A second, wider private zone has no such record: it looks broken and is not.

    The VPC is associated with a zone for the whole domain too, which does not know the package server. The zone that
    fits the name more closely decides.
    """
    other = "Z0FEDCBA98765432101"
    config = {"Comment": "", "PrivateZone": True}
    zone = {"Id": f"/hostedzone/{other}", "Name": "example.", "CallerReference": "wide", "Config": config}
    soa = {"Value": "ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}
    sets = [{"Name": "example.", "Type": "SOA", "TTL": 900, "ResourceRecords": [soa]}]
    summary = {"HostedZoneId": other, "Name": "example.", "Owner": {"OwningAccount": "111122223333"}}
    answer = {"HostedZone": zone, "VPCs": [{"VPCRegion": "us-east-1", "VPCId": estate.vpc.id}]}
    by_vpc = f"/Calls[Parameters.VPCId={estate.vpc.id}]/Response/HostedZoneSummaries/-"
    asked: dict[str, object] = {"Parameters": {"Id": f"/hostedzone/{other}"}, "Response": answer}
    listed = {"Parameters": {"HostedZoneId": f"/hostedzone/{other}"}, "Response": {"ResourceRecordSets": sets}}
    changes = [
        add(zone_file("list-hosted-zones"), "/HostedZones/-", zone),
        add(zone_file("get-hosted-zone"), "/Calls/-", asked),
        add(zone_file("list-hosted-zones-by-vpc"), by_vpc, summary),
        add(zone_file("list-resource-record-sets"), "/Calls/-", listed),
    ]
    return changes, []


@variant(nexus="fail")
def nexus_endpoint_group(estate: Estate) -> tuple[list[Change], Culprits]:
    """The endpoint's security group lets the workers' old subnets in.

    The group named addresses instead of the environment's group, and the environment moved to new subnets. Nobody
    thought of the endpoint.
    """
    group = estate.packages_group.id
    old = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.24.4.0/23"}]}
    empty: dict[str, list[object]] = {"Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
    pointer = f"/SecurityGroups[GroupId={group}]/IpPermissions"
    return [replace(file_of("ec2", "describe-security-groups"), pointer, [old | empty])], [[group]]


@variant()
def nexus_second_group(estate: Estate) -> tuple[list[Change], Culprits]:
    """A second security group on the endpoint lets nobody in: it looks broken and is not.

    The endpoint got an empty group for an audit, besides its own. Rules of all groups count together, and one that
    allows is enough.
    """
    empty = (estate.vpc.default_group.id, "default")
    return groups(estate.packages_endpoint, (estate.packages_group.id, estate.packages_group.name), empty), []


@variant(nexus="fail")
def nexus_rejected(estate: Estate) -> tuple[list[Change], Culprits]:
    """The package server's team rejected the endpoint.

    The account's number on the ticket was another one, so the team rejected a request that nobody had announced. The
    endpoint stays, and carries nothing.
    """
    return state(estate, "rejected", "rejected"), [[estate.packages_endpoint.id, estate.service.id]]


@variant(nexus="fail")
def nexus_service_not_accepted(estate: Estate) -> tuple[list[Change], Culprits]:
    """The service's owner cut the connection.

    The package server's team rejected an endpoint that it took for an unused one. The consumer's snapshot is older than
    that.
    """
    return state(estate, "available", "rejected")[1:], [[estate.service.id, estate.packages_endpoint.id]]


@variant(nexus="fail")
def nexus_service_without_balancer(estate: Estate) -> tuple[list[Change], Culprits]:
    """The endpoint service has lost its load balancer.

    The load balancer was replaced, and the new one was never put into the endpoint service. The service is there and
    leads nowhere.
    """
    pointer = f"/ServiceConfigurations[ServiceId={estate.service.id}]/NetworkLoadBalancerArns"
    return [replace(shared("ec2", "describe-vpc-endpoint-service-configurations"), pointer, [])], [[estate.service.id]]


@variant()
def nexus_open_service(estate: Estate) -> tuple[list[Change], Culprits]:
    """The service's list names everyone instead of the account: it looks broken and is not.

    The list of principals was replaced by a star, so the account is not on it any more. A star lets it in too, and
    acceptance still guards the service.
    """
    call = f"/Calls[Parameters.ServiceId={estate.service.id}]/Response/AllowedPrincipals/0"
    file = shared("ec2", "describe-vpc-endpoint-service-permissions")
    return [replace(file, f"{call}/Principal", "*"), replace(file, f"{call}/PrincipalType", "All")], []


@variant()
def nexus_unused_group(estate: Estate) -> tuple[list[Change], Culprits]:
    """An unhealthy target in a group that no listener uses: it looks broken and is not.

    A group for the next package server was prepared, whose target does not run yet. No listener sends to that group, so
    it does not matter.
    """
    arn = estate.target_group.arn.replace("packages-8081", "packages-next")
    group = dict(estate.target_group.record) | {"TargetGroupArn": arn, "TargetGroupName": "packages-next"}
    target = {"Id": "172.20.5.41", "Port": 8081, "AvailabilityZone": "all"}
    sick = {"State": "unhealthy", "Reason": "Target.FailedHealthChecks", "Description": "Health checks failed"}
    health = {"Target": target, "HealthCheckPort": "8081", "TargetHealth": sick}
    answer = {"TargetHealthDescriptions": [health]}
    changes = [
        add(shared("elbv2", "describe-target-groups"), "/TargetGroups/-", group | {"LoadBalancerArns": []}),
        add(
            shared("elbv2", "describe-target-health"),
            "/Calls/-",
            {"Parameters": {"TargetGroupArn": arn}, "Response": answer},
        ),
    ]
    return changes, []


@variant(nexus="fail")
def nexus_wrong_target(estate: Estate) -> tuple[list[Change], Culprits]:
    """The target group still holds the address of the old package server.

    The package server moved to another machine, and DNS on site followed. The target group has addresses of its own,
    which nobody changed.
    """
    call = f"/Calls[Parameters.TargetGroupArn={estate.target_group.arn}]/Response"
    file = shared("elbv2", "describe-target-health")
    pointer = f"{call}/TargetHealthDescriptions[Target.Id={PACKAGE_SERVER}]/Target/Id"
    return [unhealthy(estate), replace(file, pointer, "172.20.5.39")], [[estate.target_group.arn, "172.20.5.39"]]


@variant(nexus="fail")
def nexus_balancer_route(estate: Estate) -> tuple[list[Change], Culprits]:
    """A subnet of the load balancer has no route to the site.

    The second zone's table was made again by a template that knows no transit gateway. The load balancer's address
    there reaches nothing outside its VPC.
    """
    table = estate.nlb_subnets[1].table.id
    pointer = f"/RouteTables[RouteTableId={table}]/Routes[DestinationCidrBlock={SITE}]"
    return [remove(shared("ec2", "describe-route-tables"), pointer)], [[table]]


@variant(nexus="warn", api="warn")
def spare_link_down(estate: Estate) -> tuple[list[Change], Culprits]:
    """The VPN is down, and Direct Connect alone carries everything.

    The VPN is the spare link, and both its tunnels have been down since its firewall was replaced. What goes to the
    site takes Direct Connect.
    """
    if estate.vpn is None:
        raise ValueError("the demo's estate has both links")
    pointer = f"/VpnConnections[VpnConnectionId={estate.vpn.id}]/VgwTelemetry"
    down = {"Status": "DOWN", "StatusMessage": "IPSEC IS DOWN", "AcceptedRouteCount": 0}
    telemetry = [tunnel | down for tunnel in estate.vpn.record["VgwTelemetry"]]
    return [replace(shared("ec2", "describe-vpn-connections"), pointer, telemetry)], [estate.vpn.id]


@variant(nexus="fail")
def nexus_balancer_acl(estate: Estate) -> tuple[list[Change], Culprits]:
    """The load balancer's network ACL lets no reply of the package server in.

    The entry for replies was narrowed to the ports that Linux clients use. A load balancer uses 1024 to 65535.
    """
    acl = estate.nlb_acl.id
    pointer = f"/NetworkAcls[NetworkAclId={acl}]/Entries[Egress=false][RuleNumber=110]/PortRange"
    change = replace(shared("ec2", "describe-network-acls"), pointer, {"From": 32768, "To": 60999})
    return [change, unhealthy(estate)], [[acl]]


@variant()
def nexus_narrow_replies(estate: Estate) -> tuple[list[Change], Culprits]:
    """The workers' network ACL lets replies to the workers' own ports in only: it looks broken and is not.

    The entry for replies names 32768 to 60999, against the guide's 1024 to 65535, beside one for the database. Workers
    are Linux and use no other ports.
    """
    file, acl = file_of("ec2", "describe-network-acls"), f"/NetworkAcls[NetworkAclId={estate.worker_acl.id}]/Entries"
    replies = f"{acl}[Egress=false][RuleNumber=100]/PortRange"
    database = {
        "CidrBlock": "0.0.0.0/0",
        "Egress": False,
        "PortRange": {"From": 5432, "To": 5432},
        "Protocol": "6",
        "RuleAction": "allow",
        "RuleNumber": 105,
    }
    return [replace(file, replies, {"From": 32768, "To": 60999}), add(file, f"{acl}/-", database)], []
