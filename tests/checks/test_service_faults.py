"""What stops an environment from the services it needs, its database and web server, and what only looks as if it did.

Endpoints: https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html; the environment's group:
https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html; centralised endpoints:
https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from builder import Estate, allow, deny, inbound, mwaa_estate, outbound, policy, rule, self_ref
from builder.endpoint import InterfaceEndpoint
from builder.environment import execution_policy
from builder.estate import HOME, NAME, REQUIRED
from builder.hosted_zone import HostedZone
from builder.rules import Rule
from builder.security_group import SecurityGroup
from checks.cases import diagnosis, paths, status
from checks.examples import only_from_site, remove_endpoint
from checks.faults import Fault, Faults, name_of, named
from mwaanet.checks.result import Status

fault = Faults()
VPC = "10.24.0.0/16"
HUB = "10.60.0.0/16"


def closed_group(estate: Estate) -> SecurityGroup:
    """A group that the environment's is not let in by."""
    return estate.vpc.security_group("closed", ingress=[rule("tcp", 443, "172.20.7.0/24")])


def ingress(estate: Estate, *rules: Rule) -> str:
    estate.environment_group._ingress = list(rules)
    estate.environment_group._write()
    return estate.environment_group.id


def one_zone(estate: Estate, service: str) -> str:
    remove_endpoint(estate, service)
    first = estate.endpoint_subnets[:1]
    return estate.vpc.endpoint(service, first, groups=[estate.endpoint_group], name="one-zone").id


def missing(estate: Estate, service: str) -> str:
    remove_endpoint(estate, service)
    return f"com.amazonaws.us-east-1.{service}"


def without_private_dns(estate: Estate, service: str) -> str:
    return estate.endpoints[service].private_dns(False).id


def behind_a_closed_group(estate: Estate, service: str) -> str:
    group = closed_group(estate)
    estate.endpoints[service].regroup(group)
    return group.id


def in_state(state: str) -> Callable[[Estate, str], str]:
    return lambda estate, service: estate.endpoints[service].state(state).id


@pytest.mark.parametrize("service", REQUIRED)
@pytest.mark.parametrize(
    ("breaks", "expected"),
    [
        (missing, "fail"),
        (one_zone, "warn"),
        (without_private_dns, "fail"),
        (behind_a_closed_group, "fail"),
        (in_state("pendingAcceptance"), "fail"),
        (in_state("rejected"), "fail"),
        (in_state("failed"), "fail"),
    ],
    ids=["missing", "one-zone", "no-private-dns", "closed-group", "pending", "rejected", "failed"],
)
def test_each_endpoint_that_is_required(service: str, breaks: Callable[[Estate, str], str], expected: str) -> None:
    estate = mwaa_estate()
    culprit = breaks(estate, service)
    diagnosed = diagnosis(estate)
    assert (paths(diagnosed)["s3"], paths(diagnosed)["service"]) == ("pass", expected)
    assert status(diagnosed, f"{service.upper()}-REACH").value == expected
    assert culprit in named(diagnosed)


@pytest.mark.parametrize(
    ("service", "check"), [("sqs", "SQS-USE"), ("logs", "LOGS-WRITE"), ("monitoring", "METRICS-WRITE")]
)
def test_the_policy_of_each_endpoint(service: str, check: str) -> None:
    estate = mwaa_estate()
    estate.endpoints[service].policy(policy(deny("*", "*", Principal="*")))
    diagnosed = diagnosis(estate)
    assert status(diagnosed, check) is Status.FAIL
    assert estate.endpoints[service].id in named(diagnosed)


@fault(service="fail", endpoint_management="CUSTOMER")
def the_customer_made_no_database_endpoint(estate: Estate) -> str:
    endpoint = estate.environment.database_endpoint
    assert endpoint
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
    return endpoint.service_name


@fault(service="fail", endpoint_management="CUSTOMER")
def the_customer_made_no_web_server_endpoint(estate: Estate) -> str:
    endpoint = estate.environment.web_endpoint
    assert endpoint
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
    return endpoint.service_name


@fault(service="fail", endpoint_management="CUSTOMER")
def a_database_endpoint_that_waits_behind_a_closed_group(estate: Estate) -> tuple[str, ...]:
    endpoint = estate.environment.database_endpoint
    assert endpoint
    group = closed_group(estate)
    return endpoint.state("pendingAcceptance").regroup(group).id, group.id


@fault(service="fail")
def the_group_no_longer_admits_itself(estate: Estate) -> str:
    return only_from_site(estate)


@fault(service="fail")
def the_group_admits_itself_to_the_database_only(estate: Estate) -> str:
    return ingress(estate, self_ref("tcp", 5432))


@fault(service="fail")
def the_group_admits_itself_to_the_web_server_only(estate: Estate) -> str:
    return ingress(estate, self_ref("tcp", 443))


@fault()
def the_group_admits_itself_to_both_and_nothing_else(estate: Estate) -> None:
    ingress(estate, self_ref("tcp", 443), self_ref("tcp", 5432))


@fault(service="fail", airflow="3.0.6")
def workers_of_airflow_3_need_the_web_server(estate: Estate) -> str:
    return ingress(estate, self_ref("tcp", 5432))


@fault(service="fail", airflow="3.0.6", access="PUBLIC_ONLY")
def workers_of_airflow_3_without_a_way_to_a_public_web_server(estate: Estate) -> str:
    return estate.workers[0].table.id


@fault(service="fail")
def the_sqs_endpoint_s_policy_allows_another_queue(estate: Estate) -> str:
    mine = f"arn:aws:sqs:us-east-1:{HOME}:mine"
    return estate.endpoints["sqs"].policy(policy(allow("sqs:*", mine, Principal="*"))).id


@fault(service="fail")
def the_sqs_endpoint_s_policy_allows_the_account_s_own_queues(estate: Estate) -> str:
    """The Celery queue is in an account of Amazon MWAA's."""
    own = {"StringEquals": {"aws:ResourceAccount": HOME}}
    return estate.endpoints["sqs"].policy(policy(allow("*", "*", Principal="*", Condition=own))).id


@fault()
def the_sqs_endpoint_s_policy_allows_the_account_s_own_principals(estate: Estate) -> None:
    own = {"StringEquals": {"aws:PrincipalAccount": HOME}}
    estate.endpoints["sqs"].policy(policy(allow("*", "*", Principal="*", Condition=own)))


def role_without(estate: Estate, action: str) -> str:
    """The guide's policy without the statement of an action."""
    given = execution_policy(NAME, estate.net.store, estate.bucket.arn, estate.key)
    given["Statement"] = [statement for statement in given["Statement"] if action not in statement["Action"]]
    estate.role.attach(f"mwaa-{NAME}-execution", given)
    return estate.role.name


@fault(service="fail")
def the_role_may_not_write_logs(estate: Estate) -> str:
    return role_without(estate, "logs:CreateLogStream")


@fault(service="fail")
def the_role_may_not_publish_metrics(estate: Estate) -> str:
    return role_without(estate, "cloudwatch:PutMetricData")


@fault(service="fail")
def the_role_may_not_use_the_queue(estate: Estate) -> str:
    return role_without(estate, "sqs:SendMessage")


@fault(service="fail")
def the_role_is_for_another_environment_s_logs(estate: Estate) -> str:
    estate.role.attach(
        f"mwaa-{NAME}-execution", execution_policy("other", estate.net.store, estate.bucket.arn, estate.key)
    )
    return estate.role.name


@fault(s3="fail", service="fail")
def the_role_is_for_another_key(estate: Estate) -> str:
    other = execution_policy(NAME, estate.net.store, estate.bucket.arn, estate.net.key("other"))
    estate.role.attach(f"mwaa-{NAME}-execution", other)
    return estate.role.name


@fault(service="fail")
def a_subnet_lies_in_the_zone_that_mwaa_cannot_use(estate: Estate) -> str:
    estate.workers[1].record |= {"AvailabilityZone": "us-east-1c", "AvailabilityZoneId": "use1-az3"}
    return estate.workers[1].id


@fault(s3="fail", service="fail")
def an_endpoint_s_name_and_the_role_at_once(estate: Estate) -> tuple[str, ...]:
    estate.role.inline("freeze", policy(deny("s3:GetObject", "*")))
    return estate.endpoints["kms"].private_dns(False).id, estate.role.name


@fault(service="fail")
def an_endpoint_s_name_and_its_group_at_once(estate: Estate) -> tuple[str, ...]:
    group = closed_group(estate)
    return estate.endpoints["sqs"].private_dns(False).regroup(group).id, group.id


@fault(service="fail")
def an_endpoint_that_waits_behind_a_closed_group(estate: Estate) -> tuple[str, ...]:
    group = closed_group(estate)
    return estate.endpoints["sqs"].state("pendingAcceptance").regroup(group).id, group.id


@fault(service="fail")
def dns_hostnames_off_and_a_closed_group_at_once(estate: Estate) -> tuple[str, ...]:
    estate.vpc.attribute("enableDnsHostnames", False)
    return estate.vpc.id, behind_a_closed_group(estate, "sqs")


@fault(service="fail")
def a_group_and_an_acl_at_once(estate: Estate) -> tuple[str, ...]:
    entries = (inbound(100, "allow", "tcp", 443, "172.20.0.0/16"), outbound(100, "allow", "all", None, "0.0.0.0/0"))
    acl = estate.vpc.network_acl("wrong", *entries, subnets=estate.endpoint_subnets)
    return behind_a_closed_group(estate, "sqs"), acl.id


@fault(service="fail")
def a_missing_endpoint_and_the_environment_s_egress_at_once(estate: Estate) -> tuple[str, ...]:
    remove_endpoint(estate, "sqs")
    group = estate.environment_group
    group._egress = [self_ref(), rule("tcp", 443, estate.s3_endpoint.prefix_list)]
    group._write()
    return estate.vpc.id, group.id


class Hub(NamedTuple):
    """An endpoint for SQS in another VPC, with a private zone that leads to it."""

    endpoint: InterfaceEndpoint
    zone: HostedZone
    group: SecurityGroup


def endpoint_in_a_hub(estate: Estate) -> Hub:
    """Over the transit gateway, both ways, and the zone associated with the environment's VPC."""
    remove_endpoint(estate, "sqs")
    hub = estate.net.vpc("hub", HUB)
    subnets = [hub.subnet(f"endpoints-{az}", f"10.60.{az}.0/24", f"use1-az{az}") for az in (1, 2)]
    transit = [hub.subnet(f"transit-{az}", f"10.60.63.{16 * az}/28", f"use1-az{az}") for az in (1, 2)]
    group = hub.security_group("endpoints", ingress=[rule("tcp", 443, VPC)])
    endpoint = hub.endpoint("sqs", subnets, groups=[group], private_dns=False)
    estate.tgw.attach_vpc(hub, transit, table=estate.vpc_table, propagate=[estate.vpc_table])
    estate.vpc_table.route(VPC, estate.attachment)
    for subnet in estate.workers:
        subnet.route(HUB, estate.tgw)
    for subnet in subnets:
        subnet.route(VPC, estate.tgw)
    zone = estate.net.zone("sqs.us-east-1.amazonaws.com", hub, estate.vpc).alias("@", endpoint)
    return Hub(endpoint, zone, group)


@fault()
def an_endpoint_in_a_hub_serves(estate: Estate) -> None:
    endpoint_in_a_hub(estate)


@fault(service="fail")
def an_endpoint_in_a_hub_without_a_route_to_it(estate: Estate) -> tuple[str, ...]:
    endpoint_in_a_hub(estate)
    for subnet in estate.workers:
        subnet.table.remove(HUB)
    return tuple(subnet.table.id for subnet in estate.workers)


@fault(service="fail")
def an_endpoint_in_a_hub_whose_group_admits_the_hub_only(estate: Estate) -> str:
    group = endpoint_in_a_hub(estate).group
    group._ingress = [rule("tcp", 443, HUB)]
    group._write()
    return group.id


@fault(service="fail")
def an_endpoint_in_a_hub_whose_zone_is_not_associated(estate: Estate) -> tuple[str, ...]:
    zone = endpoint_in_a_hub(estate).zone.disassociate(estate.vpc)
    return estate.vpc.id, zone.id


@fault(service="fail")
def a_private_zone_takes_sqs_s_name_to_nobody(estate: Estate) -> str:
    return estate.net.zone("sqs.us-east-1.amazonaws.com", estate.vpc).add("@", "A", "10.24.32.60").id


@fault(service="fail")
def an_endpoint_for_another_region_s_service(estate: Estate) -> str:
    remove_endpoint(estate, "logs")
    far = {"groups": [estate.endpoint_group], "name": "far", "private_dns": False}
    estate.vpc.endpoint("com.amazonaws.us-west-2.logs", estate.endpoint_subnets, **far)
    return "com.amazonaws.us-east-1.logs"


@fault()
def endpoints_for_clients_of_the_mwaa_api_are_not_the_environment_s_need(estate: Estate) -> None:
    for service in ("airflow.api", "airflow.env", "sts"):
        remove_endpoint(estate, service)


@fault()
def a_second_endpoint_without_private_dns_changes_nothing(estate: Estate) -> None:
    closed = {"groups": [estate.vpc.default_group], "name": "second", "private_dns": False}
    estate.vpc.endpoint("sqs", estate.endpoint_subnets, **closed)


@fault()
def a_closed_group_beside_an_open_one_changes_nothing(estate: Estate) -> None:
    estate.endpoints["sqs"].regroup(estate.endpoint_group, estate.vpc.security_group("empty"))


@fault()
def a_closed_second_group_of_the_environment_changes_nothing(estate: Estate) -> None:
    group = estate.vpc.security_group("closed", egress=[rule("tcp", 22, "10.0.0.0/8")])
    estate.environment.record["NetworkConfiguration"]["SecurityGroupIds"].append(group.id)


@fault()
def a_group_and_an_acl_that_nobody_uses_change_nothing(estate: Estate) -> None:
    estate.vpc.security_group("unused", egress=[])
    entries = (inbound(1, "deny", "all", None, "0.0.0.0/0"), outbound(1, "deny", "all", None, "0.0.0.0/0"))
    estate.vpc.network_acl("unused", *entries)


@fault()
def a_default_route_into_nothing_changes_nothing(estate: Estate) -> None:
    for subnet in estate.workers:
        subnet.table.blackhole("0.0.0.0/0", "nat-0dead000000000000")


@fault()
def a_pending_endpoint_that_nobody_uses_changes_nothing(estate: Estate) -> None:
    groups = [estate.endpoint_group]
    estate.vpc.endpoint("athena", estate.endpoint_subnets, groups=groups, state="pendingAcceptance")


@fault()
def denials_of_what_nobody_sends_change_nothing(estate: Estate) -> None:
    estate.worker_acl.add(
        inbound(50, "deny", "tcp", 22, "0.0.0.0/0"), outbound(50, "deny", "tcp", (1, 442), "0.0.0.0/0")
    )


@pytest.mark.parametrize("case", fault, ids=name_of)
def test_fault(case: Fault) -> None:
    case.check()
