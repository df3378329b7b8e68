"""Gateway and interface endpoints (https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html)."""

from __future__ import annotations

import pytest

from asking import ask, site_file
from builder import Topology, Vpc, rule, topology
from builder.endpoint import GatewayEndpoint, InterfaceEndpoint
from builder.interface import Interface
from builder.subnet import Subnet
from mwaanet.graph.codes import Code
from mwaanet.net import AddressSet

S3 = "52.216.1.1"
OTHER_REGIONS_S3 = "52.92.200.1"
DYNAMODB = "52.94.1.1"
ANYWHERE = "0.0.0.0/0"


class TestGatewayEndpoint:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html."""

    def worker(self, service: str = "s3") -> tuple[Topology, Vpc, Subnet, Interface, GatewayEndpoint]:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        return net, vpc, subnet, subnet.interface("10.1.1.10"), vpc.gateway_endpoint(service, subnet)

    @pytest.mark.parametrize(("service", "address"), [("s3", S3), ("dynamodb", DYNAMODB)])
    def test_it_serves_by_route(self, service: str, address: str) -> None:
        net, vpc, subnet, client, endpoint = self.worker(service)
        answer = ask(net, client, address, tcp=443)
        assert answer.verdict == "yes"
        group, acl = vpc.default_group.id, vpc.default_acl.id
        assert answer.hops == [
            client.id,
            group,
            subnet.table.id,
            acl,
            endpoint.id,
            f"com.amazonaws.us-east-1.{service}",
        ]
        assert answer.back == [acl, group, client.id]

    def test_the_sender_keeps_its_private_address(self) -> None:
        net, _, _, client, _ = self.worker()
        assert ask(net, client, S3, tcp=443).trace.forward[0].hops[-1].packets.src == AddressSet.parse("10.1.1.10")

    def test_a_subnet_whose_table_lacks_the_route_does_not_use_it(self) -> None:
        net, vpc, _, _, endpoint = self.worker()
        other = vpc.subnet("b", "10.1.2.0/24")
        answer = ask(net, other.interface(), S3, tcp=443)
        assert answer.verdict == "no"
        assert set(answer.culprits) == {other.table.id, endpoint.id}
        assert answer.blocked[0].complete

    def test_it_reaches_its_own_regions_service_only(self) -> None:
        net, _, subnet, client, _ = self.worker()
        answer = ask(net, client, OTHER_REGIONS_S3, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_ROUTE})
        assert answer.hops[-1] == subnet.table.id

    def test_its_route_is_longer_than_a_default_route(self) -> None:
        net, vpc, subnet, client, endpoint = self.worker()
        outer = vpc.subnet("outer", "10.1.9.0/24").route(ANYWHERE, vpc.internet_gateway())
        subnet.route(ANYWHERE, outer.nat_gateway("nat", public="198.51.100.9"))
        assert endpoint.id in ask(net, client, S3, tcp=443).hops
        assert endpoint.id not in ask(net, client, OTHER_REGIONS_S3, tcp=443).hops

    def test_it_must_be_available(self) -> None:
        net, _, _, client, endpoint = self.worker()
        endpoint.record["State"] = "failed"
        answer = ask(net, client, S3, tcp=443)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.ENDPOINT_STATE}, (endpoint.id,))

    def test_a_peered_vpc_cannot_use_it(self) -> None:
        net, vpc, _, _, _ = self.worker()
        other = net.vpc("other", "10.2.0.0/16")
        subnet = other.subnet("b", "10.2.1.0/24")
        subnet.route("52.216.0.0/15", other.peer(vpc))
        answer = ask(net, subnet.interface(), S3, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.PEERING_NO_TRANSIT})

    def test_what_comes_by_a_transit_gateway_cannot_use_it(self) -> None:
        net, vpc, subnet, _, _ = self.worker()
        other = net.vpc("other", "10.2.0.0/16")
        far = other.subnet("b", "10.2.1.0/24")
        gateway = net.transit_gateway("hub")
        table = gateway.table("all")
        here = gateway.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        gateway.attach_vpc(other, [far], table=table, propagate=[table])
        table.route("52.216.0.0/15", here)
        far.route("52.216.0.0/15", gateway)
        answer = ask(net, far.interface(), S3, tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.NO_TRANSIT})

    def test_nor_behind_a_firewall_that_sends_it_on(self) -> None:
        """No change of the endpoint helps, so the client's VPC needs its own.

        "Gateway endpoints do not allow access from on-premises networks, from peered VPCs in other AWS Regions, or
        through a transit gateway": https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html.
        """
        net, vpc, subnet, _, _ = self.worker()
        far = net.vpc("far", "10.2.0.0/16")
        clients, middle = far.subnet("clients", "10.2.1.0/24"), vpc.subnet("middle", "10.1.9.0/28")
        firewall = vpc.network_firewall("wall", [subnet], net.firewall_policy("all", stateless_default="aws:pass"))
        hub = net.transit_gateway("hub")
        table = hub.table("all")
        hub.attach_vpc(far, [clients], table=table)
        table.route(ANYWHERE, hub.attach_vpc(vpc, [middle], table=table))
        clients.route(ANYWHERE, hub)
        middle.route(ANYWHERE, firewall.endpoint_in(subnet))
        answer = ask(net, clients.interface(), S3, tcp=443)
        needed = (far.id, "com.amazonaws.us-east-1.s3", clients.table.id)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.NO_TRANSIT}, needed)

    def test_what_comes_by_a_vpn_cannot_use_it(self) -> None:
        net, vpc, _, _, _ = self.worker()
        gateway = vpc.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        site = site_file(links=[vpn.id], routes=["0.0.0.0/0"])
        assert ask(net, "dc", S3, tcp=443, site=site).verdict == "no"

    def test_what_comes_by_direct_connect_cannot_use_it(self) -> None:
        net, vpc, _, _, _ = self.worker()
        dx = net.direct_connect_gateway("dc", "172.20.0.0/16")
        dx.virtual_interface("private", kind="private")
        dx.associate(vpc.vpn_gateway(), "10.1.0.0/16")
        site = site_file(links=[dx.id], routes=["0.0.0.0/0"])
        assert ask(net, "dc", S3, tcp=443, site=site).verdict == "no"

    def test_endpoints_that_may_not_be_read_make_the_answer_unknown(self) -> None:
        net, _, _, client, _ = self.worker()
        net.refuse("111122223333", "us-east-1", "ec2", "describe-vpc-endpoints")
        answer = ask(net, client, S3, tcp=443)
        assert (answer.verdict, answer.needs) == ("unknown", {"describe-vpc-endpoints"})


class TestInterfaceEndpoint:
    """https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html."""

    def endpoint(self) -> tuple[Topology, Vpc, Subnet, InterfaceEndpoint]:
        """An endpoint for SQS at 10.1.2.50 that lets 10.0.0.0/8 and the site in."""
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("endpoints", "10.1.2.0/24")
        group = vpc.security_group("sqs", ingress=[rule("tcp", 443, "10.0.0.0/8", "172.20.0.0/16")], egress=[])
        return net, vpc, subnet, vpc.endpoint("sqs", [subnet], groups=[group], addresses=["10.1.2.50"])

    def test_it_is_reached_inside_its_vpc(self) -> None:
        net, vpc, _, endpoint = self.endpoint()
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        answer = ask(net, client, endpoint, tcp=443)
        assert answer.verdict == "yes"
        assert answer.hops[-2:] == [endpoint.record["NetworkInterfaceIds"][0], "com.amazonaws.us-east-1.sqs"]
        assert ask(net, client, "10.1.2.50", tcp=443).verdict == "yes"

    def test_its_groups_guard_it(self) -> None:
        net, vpc, _, endpoint = self.endpoint()
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        answer = ask(net, client, endpoint, tcp=80)
        assert (answer.verdict, answer.culprits) == ("no", (endpoint.groups[0].id,))

    @pytest.mark.parametrize("state", ["pendingAcceptance", "pending", "rejected", "failed", "expired"])
    def test_it_must_be_available(self, state: str) -> None:
        net, vpc, _, endpoint = self.endpoint()
        endpoint.state(state)
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        answer = ask(net, client, endpoint, tcp=443)
        assert (answer.verdict, answer.codes, answer.culprits) == ("no", {Code.ENDPOINT_STATE}, (endpoint.id,))

    def test_a_state_of_which_no_guide_says_what_it_means_is_unknown(self) -> None:
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html lists `Partial`, too."""
        net, vpc, _, endpoint = self.endpoint()
        endpoint.state("partial")
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        answer = ask(net, client, endpoint, tcp=443)
        assert (answer.verdict, endpoint.id in answer.doubts) == ("unknown", True)
        assert ask(net, client, endpoint, tcp=80).verdict == "no"

    def test_a_deleted_one_is_not_there(self) -> None:
        net, vpc, subnet, endpoint = self.endpoint()
        endpoint.state("deleted")
        held = net.store.lists["ec2", "describe-network-interfaces"]
        held[:] = [
            record for record in held if record["NetworkInterfaceId"] not in endpoint.record["NetworkInterfaceIds"]
        ]
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        answer = ask(net, client, "10.1.2.50", tcp=443)
        assert (answer.verdict, answer.culprits) == ("no", (subnet.id,))

    def test_it_is_reached_over_a_peering(self) -> None:
        net, vpc, subnet, endpoint = self.endpoint()
        other = net.vpc("other", "10.2.0.0/16")
        peering = other.peer(vpc)
        far = other.subnet("b", "10.2.1.0/24").route("10.1.0.0/16", peering)
        subnet.route("10.2.0.0/16", peering)
        assert ask(net, far.interface(), endpoint, tcp=443).verdict == "yes"

    def test_it_is_reached_over_a_transit_gateway(self) -> None:
        net, vpc, subnet, endpoint = self.endpoint()
        other = net.vpc("other", "10.2.0.0/16")
        far = other.subnet("b", "10.2.1.0/24")
        gateway = net.transit_gateway("hub")
        table = gateway.table("all")
        for one, attached in ((vpc, subnet), (other, far)):
            gateway.attach_vpc(one, [attached], table=table, propagate=[table])
        far.route("10.1.0.0/16", gateway)
        subnet.route("10.2.0.0/16", gateway)
        assert ask(net, far.interface(), endpoint, tcp=443).verdict == "yes"

    def test_it_is_reached_over_a_vpn(self) -> None:
        net, vpc, subnet, endpoint = self.endpoint()
        gateway = vpc.vpn_gateway()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), gateway, static=["172.20.0.0/16"])
        subnet.table.propagate(gateway, "172.20.0.0/16")
        assert ask(net, "dc", endpoint, tcp=443, site=site_file(links=[vpn.id])).verdict == "yes"

    def test_it_is_reached_over_direct_connect(self) -> None:
        net, vpc, subnet, endpoint = self.endpoint()
        gateway = vpc.vpn_gateway()
        dx = net.direct_connect_gateway("dc", "172.20.0.0/16")
        dx.virtual_interface("private", kind="private")
        dx.associate(gateway, "10.1.0.0/16")
        subnet.table.propagate(gateway, "172.20.0.0/16")
        assert ask(net, "dc", endpoint, tcp=443, site=site_file(links=[dx.id])).verdict == "yes"

    def test_an_endpoint_of_an_unknown_type_makes_its_packets_unknown(self) -> None:
        net, vpc, _, endpoint = self.endpoint()
        endpoint.record |= {"VpcEndpointType": "Resource", "ServiceName": ""}
        client = vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10")
        answer = ask(net, client, endpoint, tcp=443)
        assert answer.verdict == "unknown"
        assert endpoint.id in answer.doubts
        assert ask(net, client, endpoint, tcp=80).verdict == "no"
