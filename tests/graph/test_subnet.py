"""Subnets and the VPC's router (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html)."""

from __future__ import annotations

import pytest

from asking import ask
from builder import Topology, Vpc, mwaa_estate, rule, topology
from builder.interface import Interface
from builder.subnet import Subnet
from mwaanet.graph.codes import Code
from mwaanet.snapshot.operations import CallRef

OWNER, PARTICIPANT = "444455556666", "111122223333"


def one_client() -> tuple[Topology, Vpc, Subnet, Interface]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    vpc.default_group.allow_in(rule("all"))
    a = vpc.subnet("a", "10.1.1.0/24")
    return net, vpc, a, a.interface("10.1.1.10")


class TestDelivery:
    def test_within_a_subnet_packets_are_delivered_directly(self) -> None:
        """No route table is asked, whatever its routes say."""
        net, vpc, a, client = one_client()
        server = a.interface("10.1.1.20")
        answer = ask(net, client, server, tcp=443)
        group = vpc.default_group.id
        assert answer.hops == [client.id, group, group, server.id]
        assert answer.back == [server.id, group, group, client.id]

    def test_between_subnets_the_route_table_and_both_acls_are_passed(self) -> None:
        net, vpc, _, client = one_client()
        server = vpc.subnet("b", "10.1.2.0/24").interface("10.1.2.20")
        group, table, acl = vpc.default_group.id, vpc.main_table.id, vpc.default_acl.id
        assert ask(net, client, server, tcp=443).hops == [client.id, group, table, acl, acl, group, server.id]

    def test_an_address_that_no_interface_holds_is_unreachable(self) -> None:
        net, _, a, client = one_client()
        answer = ask(net, client, "10.1.1.99", tcp=443)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_INTERFACE}, (a.id,))

    def test_an_address_of_no_subnet_is_unreachable(self) -> None:
        net, vpc, _, client = one_client()
        answer = ask(net, client, "10.1.77.1", tcp=443)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_SUBNET}, (vpc.id,))

    def test_a_range_of_which_only_a_part_is_held_passes_in_part(self) -> None:
        net, _, a, client = one_client()
        a.interface("10.1.1.20")
        answer = ask(net, client, "10.1.1.20/31", tcp=443)
        assert (answer.verdict, answer.passed) == (
            "partial",
            "tcp 10.1.1.10 -> 10.1.1.20:443 (source ports 32768-60999)",
        )


class TestSharedVpc:
    """A participant sees its own interfaces only (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html)."""

    def participant(self) -> tuple[Topology, Interface, Subnet]:
        net = topology(PARTICIPANT)
        owner = net.account(OWNER).region()
        vpc = owner.vpc("shared", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24").share(net.store)
        group = vpc.security_group("mine", ingress=[rule("all")])
        client = subnet.interface("10.1.1.10", groups=[group], store=net.store)
        net.store.ec2("describe-security-groups", group.record)
        return net, client, subnet

    def test_an_address_that_no_interface_is_seen_to_hold_is_unknown(self) -> None:
        net, client, _ = self.participant()
        net.drop_call(OWNER, "us-east-1", "ec2", "describe-network-interfaces")
        answer = ask(net, client, "10.1.1.99", tcp=443)
        assert answer.verdict == "unknown"
        assert answer.calls == {CallRef(OWNER, "us-east-1", "ec2", "describe-network-interfaces")}

    def test_an_interface_that_is_seen_is_not(self) -> None:
        net, client, subnet = self.participant()
        server = subnet.interface("10.1.1.20", groups=[], store=net.store)
        server.record["Groups"] = client.record["Groups"]
        net.drop_call(OWNER, "us-east-1", "ec2", "describe-network-interfaces")
        assert ask(net, client, server, tcp=443).verdict == "yes"

    def test_with_the_owners_view_nobody_holds_it(self) -> None:
        net, client, _ = self.participant()
        assert ask(net, client, "10.1.1.99", tcp=443).verdict == "no"


class TestVirtualInterfaces:
    """Workers come and go: each subnet has one interface that holds every usable address that nobody else holds."""

    def test_a_worker_holds_what_is_usable_and_free(self) -> None:
        estate = mwaa_estate()
        answer = ask(estate, f"mwaa.worker@{estate.workers[0].id}", "10.24.9.77", tcp=443)
        assert answer.verdict == "yes"
        held = [interface.address for interface in estate.workers[0].interfaces]
        source = answer.trace.asked.src
        assert source.size == 256 - 5 - len(held)
        for reserved in ("10.24.8.0", "10.24.8.1", "10.24.8.2", "10.24.8.3", "10.24.8.255", *held):
            assert reserved not in source

    def test_its_groups_are_the_environments(self) -> None:
        estate = mwaa_estate()
        stranger = estate.workers[0].interface("10.24.8.200")
        answer = ask(estate, stranger, "10.24.9.77", tcp=8080)
        assert (answer.verdict, answer.culprits) == ("no", (estate.environment_group.id,))

    def test_an_address_that_aws_reserves_is_held_by_nobody(self) -> None:
        estate = mwaa_estate()
        assert ask(estate, f"mwaa.worker@{estate.workers[0].id}", "10.24.9.255", tcp=443).verdict == "no"


class TestPlace:
    """A location in the network is a VPC and an address, never the address alone: VPCs overlap."""

    def overlapping(self) -> tuple[Topology, Interface, Interface, Interface]:
        """A client peered with one of two VPCs, in each of which an interface holds 10.2.1.20."""
        net = topology()
        near = net.vpc("near", "10.1.0.0/16")
        a = near.subnet("a", "10.1.1.0/24")
        servers = []
        for name in ("peered", "apart"):
            vpc = net.vpc(name, "10.2.0.0/16")
            vpc.default_group.allow_in(rule("all"))
            subnet = vpc.subnet("b", "10.2.1.0/24")
            servers.append(subnet.interface("10.2.1.20"))
            if name == "peered":
                peering = near.peer(vpc)
                a.route("10.2.0.0/16", peering)
                subnet.route("10.1.0.0/16", peering)
        return net, a.interface("10.1.1.10"), servers[0], servers[1]

    def test_the_address_leads_to_the_vpc_that_the_routes_lead_to(self) -> None:
        net, client, peered, _ = self.overlapping()
        answer = ask(net, client, "10.2.1.20", tcp=443)
        assert (answer.verdict, answer.hops[-1]) == ("yes", peered.id)

    def test_the_other_holder_of_the_address_is_not_reached(self) -> None:
        net, client, peered, apart = self.overlapping()
        assert ask(net, client, peered, tcp=443).verdict == "yes"
        answer = ask(net, client, apart, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.WRONG_DESTINATION})

    def test_inside_a_vpc_its_own_holder_is_meant(self) -> None:
        net, _, _, apart = self.overlapping()
        neighbour = apart.subnet.interface("10.2.1.30")
        assert ask(net, neighbour, "10.2.1.20", tcp=443).hops[-1] == apart.id

    @pytest.mark.parametrize("source", ["peered", "apart"])
    def test_the_same_address_on_both_sides_is_the_senders_neighbour(self, source: str) -> None:
        """A packet to the sender's own VPC's range stays there, though a peered VPC has the same range."""
        net = topology()
        vpcs = {name: net.vpc(name, "10.2.0.0/16") for name in ("peered", "apart")}
        holders = {}
        for name, vpc in vpcs.items():
            vpc.default_group.allow_in(rule("all"))
            holders[name] = vpc.subnet("b", "10.2.1.0/24").interface("10.2.1.20")
        client = vpcs[source].subnet("c", "10.2.2.0/24").interface("10.2.2.10")
        assert ask(net, client, "10.2.1.20", tcp=443).hops[-1] == holders[source].id
