"""Endpoint services, PrivateLink (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from asking import Answer, ask
from builder import rule, topology
from builder.interface import Interface
from builder.load_balancer import NetworkLoadBalancer, TargetGroup
from builder.security_group import SecurityGroup
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet

CONSUMER, PROVIDER, REGION = "111122223333", "444455556666", "us-east-1"


class PrivateLink:
    """A client, 10.1.1.10, an endpoint in each consumer zone, and a service with a target in each provider zone.

    The zones' names differ between the two accounts; their ids do not.
    """

    def __init__(
        self,
        *,
        zones: Sequence[str] = ("use1-az1", "use1-az2"),
        provider_zones: Sequence[str] = ("use1-az1", "use1-az2"),
        allowed: Sequence[str] = (CONSUMER,),
        groups: bool = False,
        enforce: str = "on",
        provider: str = PROVIDER,
        home: str = REGION,
    ) -> None:
        self.net = topology(CONSUMER, home)
        self.provider = self.net.account(provider).region(REGION)
        self.consumer_vpc, self.vpc = self.net.vpc("apps", "10.1.0.0/16"), self.provider.vpc("service", "10.9.0.0/16")
        self.subnets = [
            self.vpc.subnet(f"nlb-{zone}", f"10.9.{n}.0/24", zone) for n, zone in enumerate(provider_zones, start=1)
        ]
        self.server_group = self.vpc.security_group("server", ingress=[rule("tcp", 8081, "10.9.0.0/16")])
        self.targets: TargetGroup = self.vpc.target_group("packages", 8081)
        for subnet in self.subnets:
            server = subnet.interface(groups=[self.server_group])
            self.targets.target(server.address)
        self.nlb_groups: list[SecurityGroup] = (
            [self.vpc.security_group("nlb", ingress=[rule("tcp", 443, "10.1.1.10/32")])] if groups else []
        )
        self.nlb = self.vpc.network_load_balancer(
            "packages", self.subnets, groups=self.nlb_groups, enforce_private_link=enforce
        )
        self.nlb.listener(443, self.targets)
        self.service = self.provider.endpoint_service("packages", [self.nlb], allowed=allowed)
        self.client: Interface = self.consumer_vpc.subnet("clients", "10.1.1.0/24", zones[0]).interface("10.1.1.10")
        inside = [
            self.consumer_vpc.subnet(f"endpoint-{zone}", f"10.1.{10 + n}.0/24", zone) for n, zone in enumerate(zones)
        ]
        self.endpoint = self.consumer_vpc.endpoint(self.service, inside)

    def ask(self, *, tcp: int = 443) -> Answer:
        return ask(self.net, self.client, self.endpoint, tcp=tcp)


class TestWay:
    def test_from_the_endpoint_through_the_service_to_the_load_balancer_and_its_target(self) -> None:
        link = PrivateLink(zones=["use1-az1"], provider_zones=["use1-az1"])
        answer = link.ask()
        assert answer.verdict == "yes"
        interface = link.endpoint.record["NetworkInterfaceIds"][0]
        place = answer.hops.index(interface)
        assert answer.hops[place : place + 3] == [interface, link.service.id, link.nlb.arn]
        assert answer.back[-1] == link.client.id
        assert link.nlb.arn in answer.back

    def test_the_target_sees_the_load_balancers_private_address(self) -> None:
        link = PrivateLink(zones=["use1-az1"], provider_zones=["use1-az1"])
        seen = link.ask().trace.forward[0].hops[-1].packets
        assert seen.src == AddressSet.parse(link.nlb.interfaces[0].address)
        assert seen.dport.spans == ((8081, 8081),)

    def test_even_where_client_addresses_are_preserved(self) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html."""
        link = PrivateLink(zones=["use1-az1"], provider_zones=["use1-az1"])
        link.targets.attribute(preserve_client_ip__enabled="true")
        answer = link.ask()
        assert answer.verdict == "yes"
        assert answer.trace.forward[0].hops[-1].packets.src == AddressSet.parse(link.nlb.interfaces[0].address)

    def test_the_targets_group_must_allow_the_load_balancer_not_the_client(self) -> None:
        link = PrivateLink()
        link.server_group.record["IpPermissions"][0]["IpRanges"] = [{"CidrIp": "10.1.1.10/32"}]
        answer = link.ask()
        assert (answer.verdict, answer.culprits) == ("no", (link.server_group.id,))

    def test_a_rule_for_the_clients_group_does_not_match_behind_it(self) -> None:
        link = PrivateLink()
        pair = {"GroupId": link.consumer_vpc.default_group.id, "UserId": CONSUMER}
        link.server_group.record["IpPermissions"][0] |= {"IpRanges": [], "UserIdGroupPairs": [pair]}
        assert link.ask().culprits == (link.server_group.id,)

    def test_the_endpoints_own_groups_guard_it(self) -> None:
        link = PrivateLink()
        answer = link.ask(tcp=80)
        assert (answer.verdict, answer.codes) == ("no", {Code.SECURITY_GROUP_INGRESS})
        assert answer.culprits[0] == link.endpoint.groups[0].id


class TestAcceptance:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#accept-reject-connection-requests."""

    @pytest.mark.parametrize("state", ["pendingAcceptance", "rejected"])
    def test_the_owner_must_have_accepted(self, state: str) -> None:
        link = PrivateLink()
        link.endpoint.state(state)
        assert link.ask().culprits == (link.endpoint.id, link.service.id)

    def test_the_owners_view_counts_too(self) -> None:
        link = PrivateLink()
        link.service.connections[link.endpoint.id]["VpcEndpointState"] = "rejected"
        answer = link.ask()
        assert (answer.verdict, answer.codes, answer.culprits) == (
            "no",
            {Code.SERVICE_NOT_ACCEPTED},
            (link.service.id, link.endpoint.id),
        )

    def test_the_service_must_be_available(self) -> None:
        link = PrivateLink()
        link.service.record["ServiceState"] = "Failed"
        assert link.ask().culprits == (link.service.id,)

    def test_a_refused_list_of_services_is_what_hides_the_owner(self) -> None:
        link, operation = PrivateLink(), "describe-vpc-endpoint-service-configurations"
        link.net.refuse(PROVIDER, REGION, "ec2", operation)
        answer = link.ask()
        assert answer.verdict == "unknown"
        asked = {(call.account, call.operation) for gap in answer.trace.unknowns for call in gap.needs}
        assert asked == {(PROVIDER, operation)}

    def test_a_service_whose_owner_is_not_in_the_snapshot_is_unknown(self) -> None:
        link = PrivateLink()
        link.service.record["ServiceName"] = "com.amazonaws.vpce.us-east-1.vpce-svc-0fffffffffffffff0"
        answer = link.ask()
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-vpc-endpoint-service-configurations"})
        assert {call.account for gap in answer.trace.unknowns for call in gap.needs} == {""}

    def test_a_service_without_a_load_balancer_answers_nobody(self) -> None:
        link = PrivateLink()
        link.service.record["NetworkLoadBalancerArns"] = []
        answer = link.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.SERVICE_NO_BALANCER})


class TestAllowedPrincipals:
    """Who may make an endpoint; once accepted it goes on, whatever becomes of the permission.

    https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions
    """

    def waiting(self, allowed: Sequence[str], provider: str = PROVIDER) -> PrivateLink:
        """A service whose acceptance the endpoint waits for."""
        link = PrivateLink(allowed=allowed, provider=provider)
        link.endpoint.state("pendingAcceptance")
        return link

    @pytest.mark.parametrize(
        "principal",
        [
            "*",
            f"arn:aws:iam::{CONSUMER}:root",
            f"arn:aws:iam::{CONSUMER}:role/network-admin",
            f"arn:aws:iam::{CONSUMER}:user/alice",
            f"arn:aws-us-gov:iam::{CONSUMER}:root",
        ],
    )
    def test_the_consumers_account_or_somebody_in_it_must_be_allowed(self, principal: str) -> None:
        assert met(self.waiting([principal]).ask()) == {Code.ENDPOINT_STATE}

    def test_an_account_may_be_written_as_its_number(self) -> None:
        link = self.waiting([])
        link.service.permissions.append({"PrincipalType": "Account", "Principal": CONSUMER})
        assert met(link.ask()) == {Code.ENDPOINT_STATE}

    @pytest.mark.parametrize("allowed", [[], ["999999999999"], [f"arn:aws:iam::999999999999:role/{CONSUMER}"]])
    def test_without_it_the_service_refuses_a_new_endpoint(self, allowed: list[str]) -> None:
        link = self.waiting(allowed)
        answer = link.ask()
        assert answer.verdict == "no"
        assert Code.SERVICE_NOT_ALLOWED in met(answer)
        assert answer.culprits == (link.endpoint.id, link.service.id)

    @pytest.mark.parametrize("allowed", [[], ["999999999999"]])
    def test_an_endpoint_that_was_accepted_goes_on_without_it(self, allowed: list[str]) -> None:
        assert PrivateLink(allowed=allowed).ask().verdict == "yes"

    def test_the_owner_needs_no_permission_for_its_own_service(self) -> None:
        assert met(self.waiting([], CONSUMER).ask()) == {Code.ENDPOINT_STATE}

    def test_a_list_that_may_not_be_read_matters_to_no_accepted_endpoint(self) -> None:
        link = PrivateLink()
        link.net.refuse(PROVIDER, REGION, "ec2", "describe-vpc-endpoint-service-permissions")
        assert link.ask().verdict == "yes"


def met(answer: Answer) -> set[Code]:
    """What would have to be mended, on every blocked path."""
    return {drop.code for path in answer.blocked for drop in path.drops}


class TestZones:
    def test_zones_are_matched_by_id_not_by_name(self) -> None:
        """What the consumer calls us-east-1a the provider calls otherwise."""
        link = PrivateLink(zones=["use1-az1"], provider_zones=["use1-az1"])
        consumer, provider = (vpc.subnets[-1].record["AvailabilityZone"] for vpc in (link.consumer_vpc, link.vpc))
        assert consumer != provider
        assert link.ask().verdict == "yes"

    def test_an_endpoint_in_a_zone_that_the_load_balancer_lacks_does_not_serve(self) -> None:
        link = PrivateLink(zones=["use1-az3"], provider_zones=["use1-az1"])
        answer = link.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.SERVICE_ZONE})

    def test_a_zone_of_the_load_balancer_that_the_snapshot_lacks_may_serve(self) -> None:
        link = PrivateLink(zones=["use1-az1"], provider_zones=["use1-az1"])
        link.net.drop_call(PROVIDER, REGION, "ec2", "describe-subnets")
        answer = link.ask()
        assert answer.verdict == "unknown"
        assert ("describe-subnets", PROVIDER) in {
            (call.operation, call.account) for unknown in answer.trace.unknowns for call in unknown.needs
        }

    def test_of_two_endpoint_zones_the_one_in_common_serves(self) -> None:
        link = PrivateLink(zones=["use1-az1", "use1-az3"], provider_zones=["use1-az1"])
        answer = link.ask()
        assert answer.verdict == "partial"
        assert str(answer.trace.tally.passed.dst) == link.endpoint.interfaces[0]["PrivateIpAddress"]

    def test_of_two_load_balancers_the_one_in_the_endpoints_zone_serves(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html#considerations-endpoint-services."""
        link = PrivateLink(zones=["use1-az1"], provider_zones=["use1-az1"])
        elsewhere = link.vpc.subnet("nlb-elsewhere", "10.9.9.0/24", "use1-az2")
        other = link.vpc.network_load_balancer("other", [elsewhere])
        link.service.record["NetworkLoadBalancerArns"].append(other.arn)
        assert link.ask().verdict == "yes"

    def test_each_zone_goes_to_its_own_load_balancer_address(self) -> None:
        link = PrivateLink()
        for interface, balancer in zip(link.endpoint.interfaces, link.nlb.interfaces, strict=True):
            answer = ask(link.net, link.client, interface["PrivateIpAddress"], tcp=443)
            assert answer.trace.forward[0].hops[-1].packets.src == AddressSet.parse(balancer.address)

    @pytest.mark.parametrize(("cross_zone", "verdict"), [("false", "partial"), ("true", "yes")])
    def test_a_zone_without_targets_is_served_by_cross_zone_balancing_only(self, cross_zone: str, verdict: str) -> None:
        link = PrivateLink()
        del link.targets.health[1]
        link.nlb.attribute(load_balancing__cross_zone__enabled=cross_zone)
        assert link.ask().verdict == verdict


class TestAcrossRegions:
    """An endpoint in us-west-2 for a service in us-east-1: AWS picks the zone.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html#endpoint-service-cross-region
    """

    def across(self) -> PrivateLink:
        return PrivateLink(home="us-west-2", zones=["usw2-az1"])

    def test_its_zones_need_not_be_the_services(self) -> None:
        answer = self.across().ask()
        assert answer.verdict == "yes"
        assert len(answer.ways) == 2

    def test_every_zone_that_may_be_picked_must_serve(self) -> None:
        link = self.across()
        del link.targets.health[1]
        assert link.ask().verdict == "partial"


class TestSeveralLoadBalancers:
    """AWS picks one in the zone of the endpoint's interface.

    https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html#considerations-endpoint-services
    """

    def with_second(self, zones: slice) -> tuple[PrivateLink, NetworkLoadBalancer]:
        """A second load balancer of the service, in some of its zones, that listens to nothing yet."""
        link = PrivateLink()
        second = link.vpc.network_load_balancer("second", link.subnets[zones])
        link.service.record["NetworkLoadBalancerArns"].append(second.arn)
        return link, second

    def test_each_of_those_in_the_zone_must_serve(self) -> None:
        link, second = self.with_second(slice(2))
        answer = link.ask()
        assert (answer.verdict, answer.codes) == ("partial", {Code.NO_LISTENER})
        assert second.arn in answer.culprits
        second.listener(443, link.targets)
        assert link.ask().verdict == "yes"

    def test_one_that_is_not_in_the_zone_is_not_picked(self) -> None:
        link, second = self.with_second(slice(1))
        second.listener(443, link.targets)
        assert link.ask().verdict == "yes"

    def test_where_none_is_in_the_zone_the_endpoint_does_not_serve(self) -> None:
        link = PrivateLink(zones=["use1-az3"])
        second = link.vpc.network_load_balancer("second", link.subnets[:1]).listener(443, link.targets)
        link.service.record["NetworkLoadBalancerArns"].append(second.arn)
        answer = link.ask()
        assert (answer.verdict, answer.codes) == ("no", {Code.SERVICE_ZONE})


class TestLoadBalancersGroups:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html."""

    def test_inbound_rules_see_the_clients_private_address_where_they_are_enforced(self) -> None:
        link = PrivateLink(groups=True)
        assert link.ask().verdict == "yes"
        other = link.client.subnet.interface("10.1.1.11")
        answer = ask(link.net, other, link.endpoint, tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (link.nlb_groups[0].id,))

    def test_they_do_not_see_the_clients_group(self) -> None:
        link = PrivateLink(groups=True)
        pair = {"GroupId": link.consumer_vpc.default_group.id, "UserId": CONSUMER}
        link.nlb_groups[0].record["IpPermissions"][0] |= {"IpRanges": [], "UserIdGroupPairs": [pair]}
        answer = link.ask()
        assert (answer.verdict, answer.culprits) == ("no", (link.nlb_groups[0].id,))

    def test_they_are_where_nothing_is_said(self) -> None:
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html."""
        link = PrivateLink(groups=True)
        del link.nlb.record["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"]
        assert link.ask().verdict == "yes"
        other = link.client.subnet.interface("10.1.1.11")
        assert ask(link.net, other, link.endpoint, tcp=443).culprits == (link.nlb_groups[0].id,)

    def test_they_see_nothing_where_they_are_not(self) -> None:
        link = PrivateLink(groups=True, enforce="off")
        other = link.client.subnet.interface("10.1.1.11")
        assert ask(link.net, other, link.endpoint, tcp=443).verdict == "yes"

    @pytest.mark.parametrize("enforce", ["on", "off"])
    def test_outbound_rules_apply_in_any_case(self, enforce: str) -> None:
        link = PrivateLink(groups=True, enforce=enforce)
        group = link.nlb_groups[0]
        group.allow_out(rule("tcp", 9999, "10.9.0.0/16"))
        answer = link.ask()
        assert (answer.verdict, answer.culprits) == ("no", (group.id,))

    def test_a_rule_for_the_load_balancers_group_matches_what_it_sends(self) -> None:
        link = PrivateLink(groups=True)
        pair = {"GroupId": link.nlb_groups[0].id, "UserId": PROVIDER}
        link.server_group.record["IpPermissions"][0] |= {"IpRanges": [], "UserIdGroupPairs": [pair]}
        assert link.ask().verdict == "yes"
