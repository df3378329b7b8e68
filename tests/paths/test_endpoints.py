"""What a text means as an end: who sends from there, to which addresses, and where packets to it have arrived."""

from __future__ import annotations

import pytest

from asking import ask, network_of, site_file
from builder import Topology, mwaa_estate, rule, topology
from builder.transit_gateway import Attachment
from builder.vpn import VpnConnection
from mwaanet.errors import UsageError
from mwaanet.graph.flight import Position, Role
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.names import ClientVpnPlace, SitePlace, VpcPlace
from mwaanet.net import AddressSet, Intervals
from mwaanet.paths.endpoints import endpoint_of, is_endpoint_text
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint, Start

ACCOUNT, REGION = "111122223333", "us-east-1"


def test_a_subnet_as_a_source_is_its_hosts_and_not_the_interfaces_of_endpoints_and_gateways() -> None:
    """An endpoint network interface takes requests and starts none
    (https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html)."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    closed = vpc.security_group("closed", ingress=[rule("tcp", 443, "10.1.0.0/16")], egress=[])
    vpc.endpoint("sqs", [a], groups=[closed])
    net.transit_gateway("hub").attach_vpc(vpc, [a])
    host = a.interface("10.1.1.10")
    server = b.interface("10.1.2.20", groups=[vpc.security_group("open", ingress=[rule("all")])])
    answer = ask(net, a, server, tcp=443)
    assert answer.verdict == "yes"
    assert {leg.hops[0].component for leg in answer.trace.forward} == {host.id}


def test_a_subnet_as_a_destination_is_all_that_takes_packets() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    endpoint = vpc.endpoint("sqs", [a], groups=[vpc.security_group("open", ingress=[rule("all")])])
    answer = ask(net, b.interface("10.1.2.20"), a, tcp=443)
    assert answer.verdict == "yes"
    assert endpoint.interfaces[0]["NetworkInterfaceId"] in {hop.component for hop in answer.trace.forward[0].hops}


def test_from_a_subnet_without_hosts_nobody_sends() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    a, b = vpc.subnet("a", "10.1.1.0/24"), vpc.subnet("b", "10.1.2.0/24")
    vpc.endpoint("sqs", [a])
    answer = ask(net, a, b.interface("10.1.2.20"), tcp=443)
    assert (answer.verdict, answer.trace.unsent) == ("no", f"nobody sends from {a.id}")


class TestInterfaces:
    """Ends that are the interfaces of something."""

    def test_a_subnet_of_an_environment_is_its_workers_too(self) -> None:
        estate = mwaa_estate()
        network, (subnet, other) = network_of(estate), estate.workers[:2]
        senders = [start.position.component for start in endpoint_of(network, subnet.id).starts]
        assert f"mwaa.worker@{subnet.id}" in senders
        assert f"mwaa.worker@{other.id}" not in senders

    def test_an_instance_that_may_not_be_read_is_known_by_its_interfaces(self) -> None:
        net = topology(ACCOUNT, REGION)
        host = net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24").instance("host", "10.1.1.11")
        network = network_of(net.refuse(ACCOUNT, REGION, "ec2", "describe-instances"))
        assert is_endpoint_text(network, host.id)
        assert endpoint_of(network, host.id).accepts == frozenset({host.interface.id})

    def test_they_are_asked_for_over_ipv4_where_they_have_it(self) -> None:
        net = topology()
        subnet = net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24")
        both = subnet.interface("10.1.1.10", ipv6=["2001:db8::10"])
        single = subnet.interface("10.1.1.11", ipv6=["2001:db8::11"])
        del single.record["PrivateIpAddress"], single.record["PrivateIpAddresses"]
        network = network_of(net)
        assert str(endpoint_of(network, both.id).addresses) == "10.1.1.10"
        assert str(endpoint_of(network, single.id).addresses) == "2001:db8::11"

    def test_packets_have_arrived_at_them_or_at_the_service_behind_them(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        host, endpoint = subnet.interface(), vpc.endpoint("sqs", [subnet])
        balancer = vpc.network_load_balancer("web", [subnet]).interfaces[0]
        network = network_of(net)
        (behind,) = endpoint.record["NetworkInterfaceIds"]
        assert endpoint_of(network, host.id).accepts == frozenset({host.id})
        assert endpoint_of(network, endpoint.id).accepts == frozenset({behind, endpoint.record["ServiceName"]})
        assert endpoint_of(network, balancer.id).accepts is None

    def test_an_instance_without_any_is_unknown(self) -> None:
        net = topology()
        host = net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24").instance("host", "10.1.1.11")
        del host.interface.record["Attachment"]
        host.record["NetworkInterfaces"].clear()
        unknown = Unknown(reason=f"{host.id} has no network interface")
        assert endpoint_of(network_of(net), host.id) == Endpoint(name=host.id, unknown=unknown)

    def test_an_endpoint_whose_interface_is_missing_is_unknown(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        endpoint = vpc.endpoint("sqs", [vpc.subnet("a", "10.1.1.0/24")])
        endpoint.record["NetworkInterfaceIds"].append("eni-0gone")
        unknown = Unknown(reason="eni-0gone is not in the snapshot")
        assert endpoint_of(network_of(net), endpoint.id) == Endpoint(name=endpoint.id, unknown=unknown)


class TestTexts:
    """Whatever `is_endpoint_text` knows has an end, and nothing else."""

    SITE = (
        "version: 1\non_premises:\n  - name: dc\n    cidrs: [172.20.0.0/16]\n    clients: {orchestrator: 172.20.5.1}\n"
    )

    def network(self) -> tuple[Network, dict[str, str]]:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        subnet = vpc.subnet("a", "10.1.1.0/24")
        ids = {
            "interface": subnet.interface("10.1.1.10").id,
            "instance": subnet.instance("host", "10.1.1.11").id,
            "subnet": subnet.id,
            "endpoint": vpc.endpoint("sqs", [subnet]).id,
            "attachment": net.transit_gateway("hub").attach_vpc(vpc, [subnet]).id,
            "client VPN": net.client_vpn("staff", "10.200.0.0/22", vpc).associate(subnet).id,
        }
        return network_of(net, self.SITE), ids

    def test_ids_addresses_and_names_are_ends(self) -> None:
        network, ids = self.network()
        for text in (*ids.values(), "internet", "dc", "dc.orchestrator", "dc.dns", "10.1.1.10", "10.1.0.0/16", "::1"):
            assert is_endpoint_text(network, text), text
            assert endpoint_of(network, text).name == text

    @pytest.mark.parametrize("text", ["", "eni-0", "dc.nobody", "branch", "10.1.1.10/24", "cvpn-endpoint-0", "vpc-1"])
    def test_anything_else_is_a_wrong_question(self, text: str) -> None:
        network, _ = self.network()
        assert not is_endpoint_text(network, text)
        with pytest.raises(UsageError, match="is no id, address or CIDR of this snapshot"):
            endpoint_of(network, text)

    def test_where_each_asks_for_names(self) -> None:
        network, ids = self.network()
        inside = VpcPlace(vpc_id=next(iter(network.inventory.vpcs)), subnet_id=ids["subnet"])
        expected = {
            ids["interface"]: inside,
            ids["instance"]: inside,
            ids["client VPN"]: ClientVpnPlace(endpoint_id=ids["client VPN"]),
            "dc.orchestrator": SitePlace(site_name="dc"),
            "internet": None,
            ids["attachment"]: None,
        }
        assert {text: place_of(network, endpoint_of(network, text)) for text in expected} == expected

    def test_who_is_in_several_subnets_asks_in_the_vpc(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        for number in (1, 2):
            vpc.subnet(f"subnet-{number}", f"10.1.{number}.0/24").interface(f"10.1.{number}.10")
        network = network_of(net)
        assert place_of(network, endpoint_of(network, "10.1.0.0/16")) == VpcPlace(vpc_id=vpc.id, subnet_id="")


class TestStarts:
    """What a client of each is: where its packets start, from which addresses and ports."""

    def test_clients_of_a_client_vpn_have_any_system(self) -> None:
        network, ids = TestTexts().network()
        end, clients = endpoint_of(network, ids["client VPN"]), AddressSet.parse("10.200.0.0/22")
        position = Position(ids["client VPN"], Role.SEND)
        assert end.starts == (Start(position=position, addresses=clients, ports=Intervals.of((1024, 65535))),)
        assert (end.addresses, end.accepts) == (clients, frozenset({ids["client VPN"]}))

    def test_of_a_client_vpn_that_names_no_range_none_is_known(self) -> None:
        net = topology()
        vpn = net.client_vpn("staff", "10.200.0.0/22", net.vpc("apps", "10.1.0.0/16"))
        del vpn.record["ClientCidrBlock"]
        end = endpoint_of(network_of(net), vpn.id)
        assert end.unknown is not None
        assert (end.name, end.unknown.reason) == (vpn.id, f"{vpn.id} names no IPv4 range of its clients")

    def test_of_a_client_vpn_that_may_not_be_read_nothing_is_known(self) -> None:
        name = "cvpn-endpoint-0123456789abcdef0"
        net = topology(ACCOUNT, REGION).refuse(ACCOUNT, REGION, "ec2", "describe-client-vpn-endpoints")
        end = endpoint_of(network_of(net), name)
        assert (end.name, end.starts) == (name, ())
        assert end.unknown
        assert [need.operation for need in end.unknown.needs] == ["describe-client-vpn-endpoints"]

    def test_the_internet(self) -> None:
        end = endpoint_of(network_of(topology()), "internet")
        position = Position("internet", Role.SEND)
        assert end.starts == (Start(position=position, addresses=end.addresses, ports=Intervals.of((1024, 65535))),)
        assert end.accepts == frozenset({"internet"})

    def test_the_internet_is_not_where_a_vpc_has_its_ipv6_block(self) -> None:
        """A VPC's block is allocated to it alone (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html)."""
        net = topology()
        net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        addresses = endpoint_of(network_of(net), "internet").addresses
        assert not addresses & AddressSet.parse("2600:1f18:1::/56")
        assert AddressSet.parse("2600:1f18:2::/56").issubset(addresses)

    def test_an_instance_that_was_not_read_has_any_system(self) -> None:
        """https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html."""
        net = topology(ACCOUNT, REGION)
        host = net.vpc("apps", "10.1.0.0/16").subnet("a", "10.1.1.0/24").instance("host", "10.1.1.11")
        net.refuse(ACCOUNT, REGION, "ec2", "describe-instances")
        network = network_of(net)
        (interface,) = network.inventory.network_interfaces
        position, addresses = Position(interface, Role.SEND), AddressSet.parse("10.1.1.11")
        expected = Start(position=position, addresses=addresses, ports=Intervals.of((1024, 65535)))
        assert endpoint_of(network, interface).starts == (expected,)
        assert host.id not in network.inventory.instances

    def test_a_transit_gateway_attachment(self) -> None:
        network, ids = TestTexts().network()
        position = Position(ids["attachment"], Role.ENTER)
        assert endpoint_of(network, ids["attachment"]).starts == (
            Start(position=position, addresses=AddressSet.parse("10.1.0.0/16"), ports=Intervals.of((1024, 65535))),
        )


class TestInternet:
    def test_it_is_every_public_address_that_no_interface_of_the_snapshot_holds(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.subnet("a", "10.1.1.0/24").interface().elastic_ip("198.51.100.8")
        addresses = endpoint_of(network_of(net), "internet").addresses
        held_or_private = AddressSet.parse("198.51.100.8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
        assert not addresses & held_or_private
        assert AddressSet.parse("198.51.100.9", "8.8.8.8").issubset(addresses)


class TestAttachments:
    """What comes out of a transit gateway's attachment: of a VPC all of it, of a VPN what the site announces."""

    def built(self) -> tuple[Topology, Attachment, VpnConnection]:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16")
        vpc.default_group.allow_in(rule("all"))
        hub = net.transit_gateway("hub")
        table = hub.table("all")
        subnet = vpc.subnet("a", "10.1.1.0/24").route("172.20.0.0/16", hub)
        subnet.interface("10.1.1.10")
        attached = hub.attach_vpc(vpc, [subnet], table=table, propagate=[table])
        vpn = net.vpn(
            "dc", net.customer_gateway("dc", "203.0.113.7"), hub, bgp=["172.20.0.0/16"], table=table, propagate=[table]
        )
        return net, attached, vpn

    def test_their_addresses(self) -> None:
        """Behind a VPN are also the inside addresses of its tunnels."""
        net, apps, vpn = self.built()
        network = network_of(net)
        assert vpn.attachment is not None
        assert str(endpoint_of(network, apps.id).addresses) == "10.1.0.0/16"
        assert str(endpoint_of(network, vpn.attachment.id).addresses) == "169.254.61.0/29, 172.20.0.0/16"

    def test_packets_enter_the_transit_gateway_there(self) -> None:
        net, apps, vpn = self.built()
        assert vpn.attachment is not None
        answer = ask(net, vpn.attachment.id, "10.1.1.10", tcp=443)
        assert {leg.hops[0].component for leg in answer.trace.forward} == {vpn.attachment.id}
        assert {apps.id} <= {hop.component for leg in answer.trace.forward for hop in leg.hops}


class TestSites:
    @pytest.mark.parametrize(("text", "addresses"), [("dc", "172.20.0.0/16"), ("dc.orchestrator", "172.20.5.1")])
    def test_it_and_each_of_its_clients(self, text: str, addresses: str) -> None:
        network, _ = TestTexts().network()
        end = endpoint_of(network, text)
        start = Start(position=Position("dc", Role.SEND), addresses=AddressSet.parse(addresses))
        assert end == Endpoint(name=text, starts=(start,), addresses=start.addresses, accepts=frozenset({"dc"}))

    def test_its_dns_servers_are_an_end_of_their_own(self) -> None:
        site = site_file() + "    dns: {servers: [172.20.0.2, 172.20.0.3]}\n"
        end = endpoint_of(network_of(topology(), site), "dc.dns")
        assert str(end.addresses) == "172.20.0.2/31"
        assert [start.position.component for start in end.starts] == ["dc"]

    def test_of_a_site_without_them_nobody_knows_any(self) -> None:
        assert endpoint_of(network_of(topology(), site_file()), "dc.dns").addresses == AddressSet.NONE
