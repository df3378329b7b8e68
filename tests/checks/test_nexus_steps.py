"""Every step on the way to the package server, broken one by one: the check that tells it, and the culprit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from builder import Estate, mwaa_estate, outbound, rule
from builder.estate_site import PACKAGE_SERVER, RESOLVERS, SITE
from checks.nexus import diagnosed, faults, path_of
from mwaanet.checks.result import Status


def forwarded_away(estate: Estate) -> str:
    rule = estate.net.resolver_rule("astray", "build.example", *RESOLVERS, endpoint=estate.resolver_outbound)
    rule.associate(estate.vpc)
    return rule.id


def zone_elsewhere(estate: Estate) -> str:
    estate.zone.disassociate(estate.vpc)
    return estate.zone.id


def record_missing(estate: Estate) -> str:
    estate.zone.remove("packages")
    return estate.zone.id


def other_endpoint(estate: Estate) -> str:
    estate.zone.alias("packages", estate.endpoints["sqs"])
    return estate.zone.id


def endpoint_in(state: str) -> Callable[[Estate], str]:
    def change(estate: Estate) -> str:
        estate.packages_endpoint.state(state)
        return estate.packages_endpoint.id

    change.__name__ = state
    return change


def endpoint_closed(estate: Estate) -> str:
    estate.packages_endpoint.regroup(estate.vpc.default_group)
    return estate.vpc.default_group.id


def service_without_balancer(estate: Estate) -> str:
    estate.service.record["NetworkLoadBalancerArns"] = []
    return estate.service.id


def service_deleting(estate: Estate) -> str:
    estate.service.record["ServiceState"] = "Deleting"
    return estate.service.id


def targets_in(state: str) -> Callable[[Estate], str]:
    def change(estate: Estate) -> str:
        estate.target_group.target(PACKAGE_SERVER, health=state)
        return estate.target_group.arn

    change.__name__ = state
    return change


def no_targets(estate: Estate) -> str:
    estate.target_group.health.clear()
    return estate.target_group.arn


def balancer_closed(estate: Estate) -> str:
    estate.nlb_group._egress = [rule("tcp", 8082, f"{PACKAGE_SERVER}/32")]
    estate.nlb_group._write()
    return estate.nlb_group.id


def no_subnet_route(estate: Estate) -> str:
    estate.nlb_subnets[1].table.remove(SITE)
    return estate.nlb_subnets[1].table.id


def no_association(estate: Estate) -> str:
    estate.vpc_table.disassociate(estate.shared_attachment)
    return estate.shared_attachment.id


def static_route_astray(estate: Estate) -> str:
    estate.vpc_table.route(SITE, estate.attachment)
    return estate.vpc_table.id


def tunnels_down(estate: Estate) -> str:
    assert estate.vpn
    assert estate.vpn_attachment
    estate.vpn.tunnels("DOWN", "DOWN")
    estate.vpc_table.route(SITE, estate.vpn_attachment)
    return estate.vpn.id


def site_firewall(estate: Estate) -> str:
    text = estate._site().replace("ports: [8081]", "ports: [8082]")
    estate.net.site(text)
    return "dc.firewall"


def site_routes(estate: Estate) -> str:
    text = estate._site().replace("routes: [10.24.0.0/16, 10.40.0.0/20]", "routes: [10.24.0.0/16]")
    estate.net.site(text)
    return "dc.routes"


def no_way_back(estate: Estate) -> str:
    estate.edge_table.withhold("10.40.0.0/20")
    return estate.edge_table.id


def not_announced(estate: Estate) -> str:
    assert estate.dx_gateway
    (association,) = estate.dx_gateway.associations
    association["allowedPrefixesToDirectConnectGateway"] = [{"cidr": "10.24.0.0/16"}]
    return estate.dx_gateway.id


def few_ephemeral_ports(estate: Estate) -> str:
    estate.endpoint_acl.remove(100, egress=True)
    estate.endpoint_acl.add(outbound(100, "allow", "tcp", (1024, 40000), "10.24.8.0/23"))
    return estate.endpoint_acl.id


BROKEN: list[tuple[str, str, Callable[[Estate], str]]] = [
    ("NEXUS-NAME", "both", forwarded_away),
    ("NEXUS-NAME", "both", zone_elsewhere),
    ("NEXUS-NAME", "both", record_missing),
    ("NEXUS-NAME", "both", other_endpoint),
    *(("NEXUS-ENDPOINT", "both", endpoint_in(state)) for state in ("pendingAcceptance", "rejected", "expired")),
    ("NEXUS-ENDPOINT", "both", endpoint_closed),
    ("NEXUS-SERVICE", "both", service_without_balancer),
    ("NEXUS-SERVICE", "both", service_deleting),
    *(("NEXUS-BALANCER", "both", targets_in(state)) for state in ("unhealthy", "draining", "initial", "unused")),
    ("NEXUS-BALANCER", "both", no_targets),
    ("NEXUS-BALANCER", "both", balancer_closed),
    ("NEXUS-NETWORK", "both", no_subnet_route),
    ("NEXUS-NETWORK", "both", no_association),
    ("NEXUS-NETWORK", "both", static_route_astray),
    ("NEXUS-NETWORK", "vpn", tunnels_down),
    ("NEXUS-NETWORK", "both", site_firewall),
    ("NEXUS-RETURN", "both", site_routes),
    ("NEXUS-RETURN", "both", no_way_back),
    ("NEXUS-RETURN", "dx", not_announced),
    ("NEXUS-RETURN", "both", few_ephemeral_ports),
]


@pytest.mark.parametrize(("check", "link", "breaks"), BROKEN, ids=[f"{c}-{b.__name__}" for c, _, b in BROKEN])
def test_the_step_and_its_culprit(check: str, link: str, breaks: Callable[[Estate], str]) -> None:
    estate = mwaa_estate(link=link)
    culprit = breaks(estate)
    told = faults(diagnosed(estate.files()))
    assert told[check].status is Status.FAIL
    for finding in told.values():
        assert culprit in finding.resources[:2], finding.id
    if breaks is not tunnels_down:  # the connection carries requests and replies
        assert set(told) == {check}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pendingAcceptance", "Have the owner of vpce-svc-"),
        ("rejected", "Have the owner of vpce-svc-"),
        ("expired", "Recreate"),
        ("failed", "Recreate"),
    ],
)
def test_who_must_act_for_an_endpoint(state: str, said: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html"""
    estate = mwaa_estate()
    estate.packages_endpoint.state(state)
    finding = faults(diagnosed(estate.files()))["NEXUS-ENDPOINT"]
    assert f"state is {state}" in finding.message
    assert finding.fix
    assert finding.fix.summary.startswith(said)


def one_zone(estate: Estate) -> str:
    """The endpoint in one zone takes what both subnets send."""
    estate.packages_endpoint.record["SubnetIds"].pop()
    gone = estate.packages_endpoint.record["NetworkInterfaceIds"].pop()
    held = estate.net.store.lists["ec2", "describe-network-interfaces"]
    held[:] = [record for record in held if record["NetworkInterfaceId"] != gone]
    return "warn"


def principal_removed(estate: Estate) -> str:
    """Removing a permission leaves accepted connections alone.

    https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions
    """
    estate.service.permissions.clear()
    return "warn"


def closed_second_group(estate: Estate) -> str:
    estate.packages_endpoint.regroup(estate.packages_group, estate.vpc.default_group)
    return "pass"


def less_specific_zone(estate: Estate) -> str:
    estate.net.zone("example", estate.vpc).add("packages.build", "A", "10.24.32.99")
    return "pass"


def unhealthy_target_of_an_unused_group(estate: Estate) -> str:
    estate.shared_vpc.target_group("old", 8081).target(PACKAGE_SERVER, health="unhealthy")
    return "pass"


def idle_route(estate: Estate) -> str:
    estate.vpc_table.blackhole("172.16.0.0/12")
    return "pass"


def narrow_replies(estate: Estate) -> str:
    """Workers are Linux, whose ports are 32768-60999."""
    estate.endpoint_acl.remove(100, egress=True)
    estate.endpoint_acl.add(outbound(100, "allow", "tcp", (32768, 60999), "10.24.8.0/23"))
    return "pass"


SOUND = [
    one_zone,
    principal_removed,
    closed_second_group,
    less_specific_zone,
    unhealthy_target_of_an_unused_group,
    idle_route,
    narrow_replies,
]


@pytest.mark.parametrize("changes", SOUND, ids=[change.__name__ for change in SOUND])
def test_what_looks_broken_and_is_not(changes: Callable[[Estate], str]) -> None:
    estate = mwaa_estate()
    expected = changes(estate)
    assert path_of(diagnosed(estate.files())).status == expected
