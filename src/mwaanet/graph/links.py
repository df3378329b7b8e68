"""What the network knows of the ways to on-premises: links, sites and what is announced over them."""

from __future__ import annotations

from collections.abc import Iterator

from mwaanet.graph.site import EDGE
from mwaanet.graph.transit import Transit
from mwaanet.model.direct_connect import VirtualInterface
from mwaanet.model.site import OnPremises
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpn_connection import VpnConnection
from mwaanet.net import AddressSet


class Links(Transit):
    """Look-ups around VPN connections, Direct Connect gateways and sites."""

    def site(self, name: str) -> OnPremises | None:
        """The declared site of this name; None for the edge of AWS."""
        return next((site for site in self.inventory.sites if site.name == name), None)

    def sites_behind(self, link: str, dst: AddressSet) -> list[tuple[str, AddressSet]]:
        """Which declared site behind a link holds which of the addresses; the rest is the edge of AWS."""
        found: list[tuple[str, AddressSet]] = []
        for site in self.inventory.sites:
            if self.connects(site, link) and dst & site.cidrs:
                found.append((site.name, dst & site.cidrs))
                dst = dst - site.cidrs
        if dst:
            found.append((EDGE + link, dst))
        return found

    def connects(self, site: OnPremises, link: str) -> bool:
        """Whether the site lies behind the link: as declared, else by any link."""
        if not site.connects_through:
            return True
        names = {link, *(a.transit_gateway_attachment_id for a in self.inventory.attachments_of_resource(link))}
        gateway = self.inventory.direct_connect_gateways.get(link)
        if gateway is not None:
            names.add(gateway.direct_connect_gateway_name)
        return any(through in names or through.endswith(f"/{link}") for through in site.connects_through)

    def links(self) -> list[str]:
        """Every VPN connection and Direct Connect gateway of the snapshot, by id."""
        return [*self.inventory.vpn_connections, *self.inventory.direct_connect_gateways]

    def links_announcing(self, name: str, dst: AddressSet) -> list[str]:
        """The site's links over which AWS announces the destination; all of them where none does."""
        site = self.site(name)
        links = [link for link in self.links() if site is None or self.connects(site, link)]
        announcing = [link for link in links if self._announces(link, dst)]
        return announcing or links

    def _announces(self, link: str, dst: AddressSet) -> bool:
        connection = self.inventory.vpn_connections.get(link)
        if connection is None:
            announced = self.announced_by(link)
            return isinstance(announced, Unknown) or any(dst & prefixes for _, prefixes in announced)
        if connection.vpn_gateway_id:
            return bool(dst & self.inventory.vpc_cidrs(self.vpc_of_gateway(connection.vpn_gateway_id)))
        attachment = self.attachment_of_resource(link)
        if isinstance(attachment, Unknown):
            return True
        table = self.inventory.associated_table(attachment, connection.transit_gateway_id)
        if not isinstance(table, str):
            return True
        routes = self.inventory.transit_gateway_routes(table)
        if isinstance(routes, Unknown):
            return True
        return self.transit_routes(table, routes).split(dst)[1] != dst

    def announced_by(self, gateway: str) -> list[tuple[str, AddressSet]] | Unknown:
        """What a Direct Connect gateway announces to on-premises, by the component it would hand packets to.

        Allowed prefixes of a transit gateway's association, or of a virtual private gateway's those VPC CIDRs that
        an allowed prefix equals or contains
        (https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html).
        """
        if gateway in self.inventory.vpn_gateways:
            return [(gateway, self.inventory.vpc_cidrs(self.vpc_of_gateway(gateway)))]
        associations = self.inventory.direct_connect_associations(gateway)
        if isinstance(associations, Unknown):
            return associations
        announced: list[tuple[str, AddressSet]] = []
        for association in associations:
            if not same_state(association.association_state, "associated", "updating"):
                continue
            allowed = AddressSet.parse(
                *(prefix.cidr for prefix in association.allowed_prefixes_to_direct_connect_gateway if prefix.cidr)
            )
            if association.virtual_gateway_id:
                cidrs = self.inventory.vpc_cidrs(self.vpc_of_gateway(association.virtual_gateway_id))
                announced.append((association.virtual_gateway_id, cidrs & allowed if allowed else cidrs))
                continue
            for attachment in self.inventory.attachments_of_resource(gateway):
                if attachment.transit_gateway_id == association.associated_gateway.id:
                    announced.append((attachment.transit_gateway_attachment_id, allowed))
        return announced

    def virtual_interfaces_of(self, gateway: str) -> tuple[VirtualInterface, ...] | Unknown:
        """The virtual interfaces of a Direct Connect gateway, or attached to a virtual private gateway itself."""
        return self.inventory.virtual_interfaces_of(gateway)

    def vpc_of_gateway(self, gateway: str) -> str:
        """The VPC to which an internet gateway or virtual private gateway is attached; empty where none."""
        igw = self.inventory.internet_gateways.get(gateway)
        if igw is not None:
            return next((a.vpc_id for a in igw.attachments if a.vpc_id), "")
        vgw = self.inventory.vpn_gateways.get(gateway)
        if vgw is not None:
            return next((a.vpc_id for a in vgw.vpc_attachments if same_state(a.state, "attached")), "")
        return self.inventory.vpc_routing_to(gateway)

    def learned_prefixes(self) -> list[tuple[str, AddressSet]]:
        """What AWS knows to lie on-premises, by the link behind which it lies.

        Static routes and routes to VPN and Direct Connect attachments in transit gateway tables, static routes of
        virtual private gateways' connections, what these have propagated, and the tunnels' own addresses. A default
        route says nothing of what lies behind it.
        """
        found: dict[str, AddressSet] = {}
        for link, addresses in (*self._connections_prefixes(), *self._transit_prefixes(), *self._gateways_prefixes()):
            found[link] = found.get(link, AddressSet.NONE) | addresses
        everything = (AddressSet.ANY_V4, AddressSet.ANY_V6)
        return [(link, addresses) for link, addresses in found.items() if addresses and addresses not in everything]

    def _connections_prefixes(self) -> Iterator[tuple[str, AddressSet]]:
        for connection in self.inventory.vpn_connections.values():
            yield connection.vpn_connection_id, static_routes(connection) | tunnel_addresses(connection)
        for interface in self.inventory.virtual_interfaces_by_id.values():
            cidrs = (prefix.cidr for prefix in interface.route_filter_prefixes if prefix.cidr)
            if interface.direct_connect_gateway_id:
                yield interface.direct_connect_gateway_id, AddressSet.parse(*cidrs)

    def _transit_prefixes(self) -> Iterator[tuple[str, AddressSet]]:
        for table in self.inventory.transit_gateway_route_tables:
            routes = self.inventory.transit_gateway_routes(table)
            for route in () if isinstance(routes, Unknown) else routes.routes:
                for attachment in route.transit_gateway_attachments:
                    on_premises = attachment.resource_type in ("vpn", "direct-connect-gateway")
                    if on_premises and not route.destination_cidr_block.endswith("/0"):
                        yield attachment.resource_name, AddressSet.parse(route.destination_cidr_block)

    def _gateways_prefixes(self) -> Iterator[tuple[str, AddressSet]]:
        for gateway in self.inventory.vpn_gateways:
            learned = self.inventory.propagated_prefixes(gateway, default=False)
            links = [c.vpn_connection_id for c in self.inventory.vpn_connections_of(gateway)]
            for link in links or self._direct_connects_of(gateway):
                yield link, learned

    def links_of_gateway(self, gateway: str, dst: AddressSet) -> tuple[list[tuple[str, AddressSet]], AddressSet]:
        """Over which links of a virtual private gateway which destinations leave, and those that none has a route for.

        A static connection has its own routes; what is learned by BGP is seen in the route tables to which the
        gateway propagates, and in what the site file declares behind the link.
        """
        dynamic: list[str] = []
        found: list[tuple[str, AddressSet]] = []
        rest = dst
        for connection in self.inventory.vpn_connections_of(gateway):
            if (connection.options and connection.options.static_routes_only) or connection.routes:
                routed = rest & static_routes(connection)
                if routed:
                    found.append((connection.vpn_connection_id, routed))
                    rest = rest - routed
            else:
                dynamic.append(connection.vpn_connection_id)
        dynamic.extend(self._direct_connects_of(gateway))
        for link in self._preferred(dynamic):
            learned = self._learned(gateway, link)
            if rest & learned:
                found.append((link, rest & learned))
        learned_by_any = AddressSet.NONE
        for link in dynamic:
            learned_by_any = learned_by_any | self._learned(gateway, link)
        return found, rest - learned_by_any

    def _preferred(self, links: list[str]) -> list[str]:
        """Direct Connect before VPN, and only links that are up where any is."""
        direct = [link for link in links if not link.startswith("vpn-")]
        return direct or links

    def _direct_connects_of(self, gateway: str) -> list[str]:
        found = list(self.inventory.direct_connect_gateways_of(gateway))
        interfaces = self.inventory.virtual_interfaces_of(gateway)
        if not isinstance(interfaces, Unknown) and interfaces:
            found.append(gateway)
        return found

    def _learned(self, gateway: str, link: str) -> AddressSet:
        learned = self.inventory.propagated_prefixes(gateway)
        for site in self.inventory.sites:
            if site.connects_through and self.connects(site, link):
                learned = learned | site.cidrs
        return learned

    def unlearned(self, gateway: str) -> Unknown | None:
        """Why what the gateway learned by BGP is not known: no route table has it propagated."""
        connections = self.inventory.vpn_connections_of(gateway)
        dynamic = any(not c.routes and not c.options.static_routes_only for c in connections)
        dynamic = dynamic or bool(self._direct_connects_of(gateway))
        if not dynamic or self.inventory.propagates(gateway):
            return None
        return Unknown(reason=f"what {gateway} learned by BGP is not in the snapshot", needs=())


def tunnel_addresses(connection: VpnConnection) -> AddressSet:
    """The inside addresses of a VPN connection's tunnels, which both ends hold."""
    cidrs = [option.tunnel_inside_cidr for option in connection.options.tunnel_options if option.tunnel_inside_cidr]
    try:
        return AddressSet.parse(*cidrs, *connection.inside_addresses)
    except ValueError:
        return AddressSet.parse(*cidrs)


def static_routes(connection: VpnConnection) -> AddressSet:
    """The static routes of a VPN connection."""
    cidrs = [route.destination_cidr_block for route in connection.routes if same_state(route.state, "available")]
    return AddressSet.parse(*cidrs)
