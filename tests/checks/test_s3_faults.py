"""What stops an environment from its bucket, and what only looks as if it did: network, names, the bucket itself.

Gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html; interface endpoints:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
"""

from __future__ import annotations

from typing import Any

import pytest

from builder import Estate, inbound, outbound, rule, self_ref
from builder.bucket import write_account_block
from checks.examples import document, with_s3_interface_endpoint, without_gateway_endpoint
from checks.faults import Fault, Faults, name_of

fault = Faults()
VPC = "10.24.0.0/16"


def egress(estate: Estate, *rules: Any) -> str:
    estate.environment_group._egress = [self_ref(), *rules]
    estate.environment_group._write()
    return estate.environment_group.id


def deleted_endpoint(estate: Estate) -> tuple[str, ...]:
    """The endpoint is gone, its routes are left."""
    estate.net.store.lists["ec2", "describe-vpc-endpoints"].remove(estate.s3_endpoint.record)
    for subnet in estate.workers:
        for route in subnet.table.record["Routes"]:
            if route.get("GatewayId") == estate.s3_endpoint.id:
                route["State"] = "blackhole"
    return tuple(subnet.table.id for subnet in estate.workers)


@fault(s3="fail")
def the_endpoint_is_not_in_one_table(estate: Estate) -> str:
    estate.s3_endpoint.disassociate(estate.workers[0].table)
    return estate.workers[0].table.id


@fault(s3="fail")
def the_endpoint_serves_another_vpc(estate: Estate) -> str:
    without_gateway_endpoint(estate)
    other = estate.net.vpc("other", "10.99.0.0/16")
    other.gateway_endpoint("s3", other.subnet("inside", "10.99.1.0/24"))
    return estate.vpc.id


@fault(s3="fail")
def the_endpoint_was_deleted_and_its_routes_are_left(estate: Estate) -> tuple[str, ...]:
    return deleted_endpoint(estate)


@fault(s3="fail", routing="nat")
def a_route_to_a_deleted_endpoint_is_longer_than_the_one_to_nat(estate: Estate) -> tuple[str, ...]:
    return deleted_endpoint(estate)


@fault(routing="nat")
def nat_serves_without_an_endpoint(estate: Estate) -> None:
    without_gateway_endpoint(estate)


@fault(s3="fail")
def a_part_of_s3_is_routed_elsewhere(estate: Estate) -> tuple[str, ...]:
    for subnet in estate.workers:
        subnet.table.blackhole("52.216.0.0/15", "eni-0dead000000000000")
    return tuple(subnet.table.id for subnet in estate.workers)


@fault(s3="fail")
def a_subnet_fell_back_to_the_main_table(estate: Estate) -> str:
    estate.workers[0].disassociate()
    return estate.vpc.main_table.id


@fault(s3="fail")
def the_endpoint_lists_a_table_that_lacks_its_route(estate: Estate) -> str:
    estate.workers[0].table.remove(estate.s3_endpoint.prefix_list.id)
    return estate.workers[0].table.id


@fault(s3="fail", service="fail")
def the_acl_denies_a_few_of_the_client_s_ports(estate: Estate) -> str:
    estate.worker_acl.add(inbound(50, "deny", "tcp", (40000, 40100), "0.0.0.0/0"))
    return estate.worker_acl.id


@fault(s3="fail")
def the_acl_denies_a_part_of_s3(estate: Estate) -> str:
    estate.worker_acl.add(outbound(50, "deny", "tcp", 443, "52.216.0.0/15"))
    return estate.worker_acl.id


@fault()
def a_denial_behind_what_allows_changes_nothing(estate: Estate) -> None:
    estate.worker_acl.add(outbound(200, "deny", "tcp", 443, "52.216.0.0/15"))


@fault(s3="fail")
def the_group_lets_out_to_the_vpc_only(estate: Estate) -> str:
    return egress(estate, rule("tcp", 443, VPC))


@fault()
def the_group_lets_out_to_s3_s_prefix_list(estate: Estate) -> None:
    egress(estate, rule("tcp", 443, estate.endpoint_group, estate.s3_endpoint.prefix_list))


@fault(s3="fail")
def the_acl_lets_out_to_the_vpc_only(estate: Estate) -> str:
    estate.worker_acl.add(outbound(100, "allow", "tcp", 443, VPC))
    return estate.worker_acl.id


@fault(s3="fail")
def the_acl_takes_replies_from_the_vpc_only(estate: Estate) -> str:
    estate.worker_acl.add(inbound(100, "allow", "tcp", (1024, 65535), VPC))
    return estate.worker_acl.id


@fault(s3="fail")
def route_and_acl_at_once(estate: Estate) -> tuple[str, ...]:
    estate.s3_endpoint.disassociate(*(subnet.table for subnet in estate.workers))
    estate.worker_acl.add(outbound(100, "allow", "tcp", 443, VPC))
    return (*(subnet.table.id for subnet in estate.workers), estate.worker_acl.id)


@fault(s3="fail")
def route_and_group_at_once(estate: Estate) -> tuple[str, ...]:
    estate.s3_endpoint.disassociate(estate.workers[0].table)
    return estate.workers[0].table.id, egress(estate, rule("tcp", 443, VPC))


@fault()
def an_interface_endpoint_with_private_dns_serves_too(estate: Estate) -> None:
    without_gateway_endpoint(estate)
    with_s3_interface_endpoint(estate)


@fault(s3="fail")
def its_private_dns_is_for_inbound_endpoints_only(estate: Estate) -> str:
    without_gateway_endpoint(estate)
    return with_s3_interface_endpoint(estate, dns_options={"PrivateDnsOnlyForInboundResolverEndpoint": True})


@fault()
def beside_a_gateway_endpoint_that_is_as_aws_advises(estate: Estate) -> None:
    with_s3_interface_endpoint(estate, dns_options={"PrivateDnsOnlyForInboundResolverEndpoint": True})


@fault(s3="fail")
def an_interface_endpoint_takes_the_name_from_the_gateway_endpoint(estate: Estate) -> str:
    closed = estate.vpc.security_group("closed", ingress=[rule("tcp", 443, "192.0.2.0/24")])
    with_s3_interface_endpoint(estate, groups=[closed])
    return closed.id


@fault(s3="fail")
def a_private_zone_for_s3_without_a_wildcard(estate: Estate) -> str:
    endpoint = estate.vpc.endpoint("s3", estate.endpoint_subnets, groups=[estate.endpoint_group], private_dns=False)
    return estate.net.zone("s3.us-east-1.amazonaws.com", estate.vpc).alias("@", endpoint).id


@fault()
def a_private_zone_for_s3_with_apex_and_wildcard(estate: Estate) -> None:
    endpoint = estate.vpc.endpoint("s3", estate.endpoint_subnets, groups=[estate.endpoint_group], private_dns=False)
    estate.net.zone("s3.us-east-1.amazonaws.com", estate.vpc).alias("@", endpoint).alias("*", endpoint)


@fault(s3="fail")
def a_private_zone_for_everything_of_amazon_s(estate: Estate) -> str:
    """Endpoints' private DNS is more specific, so only S3's gateway endpoint loses its name to the zone."""
    return estate.net.zone("amazonaws.com", estate.vpc).add("www", "A", "10.24.32.9").id


@fault(s3="fail", service="fail")
def dns_support_is_off(estate: Estate) -> str:
    estate.vpc.attribute("enableDnsSupport", False)
    return estate.vpc.id


@fault(service="fail")
def dns_hostnames_are_off(estate: Estate) -> str:
    """S3's name is public, and its gateway endpoint needs no private DNS."""
    estate.vpc.attribute("enableDnsHostnames", False)
    return estate.vpc.id


@fault(s3="fail", service="fail")
def dns_servers_on_site_that_the_acl_shuts_out(estate: Estate) -> tuple[str, ...]:
    options = estate.net.dhcp_options("corporate", "172.20.1.10", "172.20.1.11")
    estate.vpc.use_dhcp(options)
    return options.id, estate.worker_acl.id


@fault(s3="fail")
def the_bucket_lies_in_another_region(estate: Estate) -> str:
    document(estate, "s3", "get-bucket-location")["Calls"][0]["Response"]["LocationConstraint"] = "eu-west-1"
    return estate.bucket.id


@fault(s3="fail")
def the_bucket_never_kept_versions(estate: Estate) -> str:
    estate.bucket.versioning(None)
    return estate.bucket.id


@fault(s3="fail")
def nothing_blocks_public_access(estate: Estate) -> str:
    estate.bucket.public_access_block(False)
    write_account_block(estate.net.store, False)
    return estate.bucket.id


@fault()
def the_account_blocks_public_access(estate: Estate) -> None:
    estate.bucket.public_access_block(False)


@pytest.mark.parametrize("case", fault, ids=name_of)
def test_fault(case: Fault) -> None:
    case.check()
