"""Whatever once disagreed, as small as it gets, with what AWS does; and on which side the mistake was."""

from __future__ import annotations

import pytest

from dataplane.judge import disagreeing, settled
from dataplane.spec import (
    ANY,
    OUTSIDE,
    Attachment,
    Flow,
    Group,
    Host,
    Hub,
    HubRoute,
    HubTable,
    Nat,
    Peering,
    Route,
    Rule,
    Site,
    Subnet,
    Table,
    Topology,
    Vpc,
    VpnGateway,
)
from dataplane.traffic import Outcome
from dataplane.verdicts import verdicts

pytestmark = pytest.mark.usefixtures("kernel")

OPEN = (Rule(False, "all", None, ANY), Rule(True, "all", None, ANY))
V1, V2 = Vpc("v1", ("10.1.0.0/16",)), Vpc("v2", ("10.2.0.0/16",))
A1, A2 = Subnet("v1a", "v1", "10.1.1.0/24", "az1"), Subnet("v2a", "v2", "10.2.1.0/24", "az1")
G1, G2 = Group("g1", "v1", OPEN), Group("g2", "v2", OPEN)
H1, H2 = Host("h1", "v1a", "10.1.1.10", ("g1",)), Host("h2", "v2a", "10.2.1.10", ("g2",))
HOSTS = ("172.20.1.10", "172.20.2.10")


def outcomes(spec: Topology) -> list[Outcome]:
    """What becomes of each flow, on which both agree."""
    said = verdicts(spec)
    seen = settled(spec, said)
    assert not disagreeing(said, seen)
    return list(seen.values())


def test_replies_come_to_a_nat_gateway_by_a_route_to_its_own_subnet() -> None:
    """The engine dropped them as what the gateway did not translate.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    spec = Topology(
        vpcs=(V1,),
        subnets=(A1, Subnet("v1b", "v1", "10.1.2.0/24", "az2"), Subnet("v1c", "v1", "10.1.3.0/24", "az1")),
        nats=(Nat("nat", "v1c", "10.1.3.200"),),
        tables=(
            Table("out", "v1", (Route("10.1.2.0/24", "nat"),), ("v1a",)),
            Table("back", "v1", (Route("10.1.3.0/24", "nat"),), ("v1b",)),
        ),
        groups=(G1,),
        hosts=(H1, Host("server", "v1b", "10.1.2.11", ("g1",))),
        flows=(Flow("h1", H1.address, "server", "10.1.2.11", 40000, 443),),
    )
    assert outcomes(spec) == [Outcome.CONNECTED]


def test_a_virtual_private_gateway_sends_only_what_it_has_learned() -> None:
    """The engine took all that the site file declares as learned, though a table shows what was.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html
    """
    spec = Topology(
        vpcs=(V1,),
        subnets=(A1,),
        vpn_gateways=(VpnGateway("vgw", "v1"),),
        sites=(Site("dc", "vgw", "172.20.0.0/16", HOSTS, ("172.20.1.0/24",)),),
        tables=(Table("main", "v1", (Route("172.20.0.0/16", "vgw"),), main=True, learns=("vgw",)),),
        groups=(G1,),
        hosts=(H1,),
        flows=tuple(Flow("h1", H1.address, "dc", address, 40000, 443) for address in HOSTS),
    )
    assert outcomes(spec) == [Outcome.CONNECTED, Outcome.STOPPED]


def test_a_site_without_a_route_back_has_taken_the_request() -> None:
    """The compiler gave the site no route, so that the kernel took no request either."""
    spec = Topology(
        vpcs=(V1,),
        subnets=(A1,),
        hubs=(Hub("hub"),),
        attachments=(Attachment("t1", "hub", "v1", ("v1a",)),),
        sites=(Site("dc", "hub", "172.20.0.0/16", HOSTS, ("172.20.0.0/16",), routes=("10.9.0.0/16",)),),
        hub_tables=(HubTable("all", "hub", ("t1", "dc"), ("t1", "dc")),),
        tables=(Table("main", "v1", (Route("172.20.0.0/16", "hub"),), main=True),),
        groups=(G1,),
        hosts=(H1,),
        flows=(Flow("h1", H1.address, "dc", HOSTS[0], 40000, 443),),
    )
    assert outcomes(spec) == [Outcome.UNANSWERED]


def test_a_connection_to_whoever_else_holds_the_address_is_none() -> None:
    """The traffic asked nobody's name, and took the host of another VPC with the same range for the server."""
    v3 = Vpc("v3", V1.cidrs)
    spec = Topology(
        vpcs=(V1, V2, v3),
        subnets=(A1, A2, Subnet("v3a", "v3", A1.cidr, "az1")),
        peerings=(Peering("p", "v1", "v2"),),
        tables=(
            Table("main1", "v1", (Route(V2.cidrs[0], "p"),), main=True),
            Table("main2", "v2", (Route(V1.cidrs[0], "p"),), main=True),
        ),
        groups=(G1, G2, Group("g3", "v3", OPEN)),
        hosts=(H1, H2, Host("other", "v2a", "10.2.1.11", ("g2",)), Host("h3", "v3a", H1.address, ("g3",))),
        flows=(
            Flow("h2", H2.address, "h3", H1.address, 40000, 443),
            Flow("other", "10.2.1.11", "h1", H1.address, 40000, 443),
        ),
    )
    assert outcomes(spec) == [Outcome.STOPPED, Outcome.CONNECTED]


def test_a_transit_gateways_route_makes_no_site_of_the_internet() -> None:
    """The engine was asked about the address, which the route makes a site's, in place of the internet."""
    spec = Topology(
        vpcs=(Vpc("v1", V1.cidrs, internet=True),),
        subnets=(A1,),
        hubs=(Hub("hub"),),
        attachments=(Attachment("t1", "hub", "v1", ("v1a",)),),
        sites=(Site("dc", "hub", "172.20.0.0/16", HOSTS, ("172.20.0.0/16",)),),
        hub_tables=(HubTable("all", "hub", ("t1", "dc"), ("t1", "dc"), (HubRoute("8.8.8.0/24", "dc"),)),),
        tables=(Table("main", "v1", (Route(ANY, "internet"),), main=True),),
        groups=(G1,),
        hosts=(Host("h1", "v1a", H1.address, ("g1",), "198.51.100.1"),),
        flows=(Flow(OUTSIDE, "8.8.8.8", "h1", "198.51.100.1", 40000, 443),),
    )
    assert outcomes(spec) == [Outcome.CONNECTED]
