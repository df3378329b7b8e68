"""Where an end asks for names, and the path questions that its DNS packets are."""

from __future__ import annotations

from mwaanet.graph.network import Network
from mwaanet.names import ClientVpnPlace, Place, Query, SitePlace, VpcPlace
from mwaanet.net import TCP, UDP, Intervals
from mwaanet.paths.endpoints import address_endpoint
from mwaanet.paths.question import Endpoint, Question


def place_of(network: Network, source: Endpoint) -> Place | None:
    """Where a source asks for names: its VPC and subnet, site or Client VPN endpoint; None where that is not known.

    Of a source in several subnets only the VPC is told.
    """
    subnets = {
        network.interface(start.position.component).subnet
        for start in source.starts
        if network.knows_interface(start.position.component)
    }
    for start in source.starts:
        component = start.position.component
        if network.knows_interface(component):
            interface = network.interface(component)
            return VpcPlace(vpc_id=interface.vpc, subnet_id=interface.subnet if len(subnets) == 1 else "")
        if network.site(component):
            return SitePlace(site_name=component)
        if component in network.inventory.client_vpn_endpoints:
            return ClientVpnPlace(endpoint_id=component)
    return None


def query_questions(network: Network, source: Endpoint, query: Query) -> dict[str, Question]:
    """Whether the DNS packets of a query arrive and are answered, over UDP and over TCP."""
    asker = source if not query.components else address_endpoint(network, query.text, query.sources)
    server = address_endpoint(network, str(query.servers), query.servers)
    ports = Intervals.single(query.port)
    return {
        word: Question(source=asker, destination=server, protocol=protocol, ports=ports)
        for protocol, word in ((UDP, "UDP"), (TCP, "TCP"))
    }
