"""What the network knows of the ways to on-premises: links, sites and what is announced over them.

Not modelled: the attributes by which BGP chooses (AS path, MED, local preference, communities): of several links of the
same kind that lead to a prefix each may be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from mwaanet.graph.behind import Behind, behind
from mwaanet.graph.direct_connect import usable
from mwaanet.graph.learned import learned_over
from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.graph.transit import Transit
from mwaanet.graph.vpn import tunnels_up
from mwaanet.model.direct_connect import VirtualInterface
from mwaanet.model.site import OnPremises
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpn_connection import VpnConnection
from mwaanet.net import AddressSet

_DIRECT_CONNECT, _STATIC, _BGP = range(3)
_ASSOCIATED = ("associated", "updating")
_LINK_LISTS = (("ec2", "describe-vpn-connections"), ("directconnect", "describe-direct-connect-gateways"))


class Links(Transit):
    """Look-ups around VPN connections, Direct Connect gateways and sites."""

    def __init__(self) -> None:
        super().__init__()
        self._gateway_routes: dict[str, PrefixTable[tuple[str, ...]]] = {}

    def site(self, name: str) -> OnPremises | None:
        """The declared site of this name; None for the edge of AWS."""
        return next((site for site in self.inventory.sites if site.name == name), None)

    def sites_behind(self, link: str, dst: AddressSet) -> list[Behind]:
        """Which declared site behind a link holds which of the addresses; the rest is AWS's edge."""
        return behind(self, link, dst)

    def inside_vpcs(self, addresses: AddressSet) -> bool:
        """Whether some VPC of the snapshot holds some of the addresses."""
        return bool(self.vpcs_meeting(addresses))

    def connects(self, site: OnPremises, link: str) -> bool:
        """Whether the site lies behind the link: as declared, else by any link."""
        if not site.connects_through:
            return True
        names = {link, *(a.transit_gateway_attachment_id for a in self.inventory.attachments_of_resource(link))}
        gateway = self.inventory.direct_connect_gateways.get(link)
        if gateway is not None:
            names.add(gateway.direct_connect_gateway_name)
        interface = self.inventory.virtual_interfaces_by_id.get(link)
        if interface is not None:
            names.add(interface.virtual_gateway_id)
        return any(through in names or through.endswith(f"/{link}") for through in site.connects_through)

    def links(self) -> list[str]:
        """Every VPN connection, Direct Connect gateway and virtual interface of a virtual private gateway, by id."""
        interfaces = self.inventory.virtual_interfaces_by_id.values()
        private = [one.virtual_interface_id for one in interfaces if one.virtual_gateway_id]
        return [
            *self.inventory.vpn_connections,
            *self._unread_connections,
            *self.inventory.direct_connect_gateways,
            *private,
        ]

    def unseen_link(self, site: OnPremises) -> Unknown | None:
        """Why a site's link may be missing: no account of the snapshot has the one it names, or lists were not read."""
        if site.connects_through:
            named = ", ".join(site.connects_through)
            needs = tuple(self.inventory.owner_call(operation, service) for service, operation in _LINK_LISTS)
            return Unknown(
                reason=f"{named} is in no account of the snapshot (mwaanet.yaml: connects_through)", needs=needs
            )
        owners = [self.inventory.owner_of_gateway(gateway) for gateway in self.inventory.transit_gateways]
        for service, operation in _LINK_LISTS:
            gaps = (self.inventory.unknown(service, operation, *owner) for owner in owners)
            unread = next((gap for gap in gaps if gap), None) or self.inventory.unseen_anywhere(operation, service)
            if unread:
                return unread
        return None

    @cached_property
    def _unread_connections(self) -> list[str]:
        """VPN connections that only their transit gateway attachments tell of."""
        return [
            attachment.resource_id
            for attachment in self.inventory.transit_gateway_attachments.values()
            if attachment.resource_type == "vpn"
            and attachment.resource_id not in self.inventory.vpn_connections
            and self.inventory.unknown("ec2", "describe-vpn-connections", *self.inventory.place(attachment))
        ]

    def is_up(self, link: str) -> bool:
        """Whether a link carries packets, as far as the snapshot tells."""
        connection = self.inventory.vpn_connections.get(link)
        if connection is not None:
            up, total = tunnels_up(connection)
            return same_state(connection.state, "available") and (up > 0 or total == 0)
        if link in self._unread_connections:
            return True
        interfaces = self.virtual_interfaces_of(link)
        if isinstance(interfaces, Unknown) or any(usable(interface) for interface in interfaces):
            return True
        return self.inventory.unseen_virtual_interface(link) is not None

    def links_announcing(self, name: str, dst: AddressSet) -> list[tuple[str, AddressSet]]:
        """The site's links, each with the destinations that AWS announces over it.

        A link that is down announces nothing, so the site uses the others; where no link that is up announces a
        destination, those are named that would, else all that are up, else all.
        """
        site = self.site(name)
        links = [link for link in self.links() if site is None or self.connects(site, link)]
        announced = {link: self._announced(link, dst) for link in links}
        found: list[tuple[str, AddressSet]] = []
        rest = dst
        alive = [link for link in links if self.is_up(link)]
        for among in (alive, links):
            parts = [(link, rest & announced[link]) for link in among if rest & announced[link]]
            for _, part in parts:
                rest = rest - part
            found.extend(parts)
        return found + [(link, rest) for link in alive or links if rest]

    def announced_to(self, site: OnPremises, dst: AddressSet) -> AddressSet:
        """Which of the destinations AWS announces to a site over any of its links."""
        return _union(self._announced(link, dst) for link in self.links() if self.connects(site, link)) if dst else dst

    def _announced(self, link: str, dst: AddressSet) -> AddressSet:
        """Which of the destinations AWS announces over a link; all of them where that is not known."""
        connection = self.inventory.vpn_connections.get(link)
        if connection is None:
            announced = self.announced_by(link)
            if isinstance(announced, Unknown) or any(self.unread_vpc_of(holder) for holder, _ in announced):
                return dst
            return dst & _union(prefixes for _, prefixes in announced)
        if connection.vpn_gateway_id:
            return self._announced_by_gateway(connection.vpn_gateway_id, link, dst)
        attachment = self.attachment_of_resource(link)
        if isinstance(attachment, Unknown):
            return dst
        table = self.inventory.associated_table(attachment, connection.transit_gateway_id)
        if not isinstance(table, str):
            return dst
        routes = self.inventory.transit_gateway_routes(table)
        if isinstance(routes, Unknown):
            return dst
        return dst - self.transit_routes(table, routes).split(dst)[1]

    def _announced_by_gateway(self, gateway: str, link: str, dst: AddressSet) -> AddressSet:
        """What a virtual private gateway announces: its VPC, and what it learned over its other links (CloudHub).

        https://docs.aws.amazon.com/vpn/latest/s2svpn/VPN_CloudHub.html
        """
        if self.unread_vpc_of(gateway):
            return dst
        others = (part for other, part in self.links_of_gateway(gateway, dst)[0] if other != link)
        return dst & (self.inventory.vpc_cidrs(self.vpc_of_gateway(gateway)) | _union(others))

    def announced_by(self, gateway: str) -> list[tuple[str, AddressSet]] | Unknown:
        """What a Direct Connect gateway announces to on-premises, by the component it would hand packets to.

        Allowed prefixes of a transit gateway's association, or of a virtual private gateway's those VPC CIDRs that
        an allowed prefix equals or contains
        (https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html). A virtual interface of a
        virtual private gateway has all that the gateway announces.
        """
        interface = self.inventory.virtual_interfaces_by_id.get(gateway)
        if interface is not None:
            holder = interface.virtual_gateway_id
            return [(holder, self._announced_by_gateway(holder, gateway, AddressSet.ANY))]
        associations = self.inventory.direct_connect_associations(gateway)
        if isinstance(associations, Unknown):
            return associations
        announced: list[tuple[str, AddressSet]] = []
        for association in associations:
            if not same_state(association.association_state, *_ASSOCIATED):
                continue
            allowed = [
                AddressSet.parse(prefix.cidr)
                for prefix in association.allowed_prefixes_to_direct_connect_gateway
                if prefix.cidr
            ]
            holder = association.virtual_gateway_id or association.associated_gateway.id
            if holder.startswith("vgw-"):
                blocks = [AddressSet.parse(block) for block in self.inventory.vpc_blocks(self.vpc_of_gateway(holder))]
                within = (b for b in blocks if not allowed or any(b.issubset(prefix) for prefix in allowed))
                announced.append((holder, _union(within)))
                continue
            attachments = [
                attachment.transit_gateway_attachment_id
                for attachment in self.inventory.attachments_of_resource(gateway)
                if attachment.transit_gateway_id == holder
            ]
            announced.extend((name, _union(allowed)) for name in attachments or [holder])
        return announced

    def virtual_interfaces_of(self, gateway: str) -> tuple[VirtualInterface, ...] | Unknown:
        """The virtual interfaces of a Direct Connect gateway; a virtual interface itself is its only one."""
        interface = self.inventory.virtual_interfaces_by_id.get(gateway)
        return (interface,) if interface is not None else self.inventory.virtual_interfaces_of(gateway)

    def vpc_of_gateway(self, gateway: str) -> str:
        """The VPC to which an internet gateway or virtual private gateway is attached; empty where none."""
        igw = self.inventory.internet_gateways.get(gateway)
        if igw is not None:
            return next((a.vpc_id for a in igw.attachments if a.vpc_id), "")
        vgw = self.inventory.vpn_gateways.get(gateway)
        if vgw is not None:
            return next((a.vpc_id for a in vgw.vpc_attachments if same_state(a.state, "attached")), "")
        return self.inventory.vpc_routing_to(gateway)

    def unread_vpc_of(self, gateway: str) -> Unknown | None:
        """Why the addresses of a virtual private gateway's VPC are not known; None where they are, or it has no VPC."""
        vpc = self.vpc_of_gateway(gateway) if gateway.startswith("vgw-") else ""
        return self.inventory.unseen_vpc(vpc) if vpc and vpc not in self.inventory.vpcs else None

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
            yield (
                connection.vpn_connection_id,
                AddressSet.parse(*connection.static_cidrs) | tunnel_addresses(connection),
            )
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

        The longest prefix decides; at equal length Direct Connect comes before static VPN routes and these before
        what a VPN learned by BGP (https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html). A static
        connection has its own routes; what is learned is seen in the route tables to which the gateway propagates, and
        over which link in the site file; without such tables, and over a link that is down, it is all that the site
        file declares.
        """
        table = self._gateway_routes.get(gateway)
        if table is None:
            table = self._gateway_routes[gateway] = PrefixTable.build(self._routes_of_gateway(gateway), self._choose)
        parts, unmatched = table.split(dst)
        return [(link, part) for links, part in parts for link in links], unmatched

    def _routes_of_gateway(self, gateway: str) -> Iterator[tuple[AddressSet, tuple[int, str]]]:
        static: set[str] = set()
        dynamic = self._direct_connects_of(gateway)
        for connection in self.inventory.vpn_connections_of(gateway):
            if not connection.is_static:
                dynamic.append(connection.vpn_connection_id)
            for cidr in connection.static_cidrs:
                static.add(cidr)
                yield AddressSet.parse(cidr), (_STATIC, connection.vpn_connection_id)
        for link in dynamic:
            rank = _BGP if link.startswith("vpn-") else _DIRECT_CONNECT
            for prefix in learned_over(self, gateway, link):
                if prefix not in static:
                    yield AddressSet.parse(prefix), (rank, link)
            shown = self.inventory.propagates(gateway) and self.is_up(link)
            learned = self.inventory.propagated_prefixes(gateway) if shown else AddressSet.ANY
            for site in self.inventory.sites:
                if site.connects_through and self.connects(site, link) and site.cidrs & learned:
                    yield site.cidrs & learned, (rank, link)

    def _choose(self, covering: Sequence[Prefix[tuple[int, str]]]) -> tuple[str, ...]:
        """Of the longest routes those over links that are up, if any is, and of these the preferred kind.

        What a link had taught by BGP is withdrawn while it is down, so it counts only where there is nothing else.
        """
        kept = [p for p in covering if p.payload[0] == _STATIC or self.is_up(p.payload[1])] or covering
        length = min(prefix.last - prefix.first for prefix in kept)
        longest = [prefix.payload for prefix in kept if prefix.last - prefix.first == length]
        usable_ones = [route for route in longest if self.is_up(route[1])] or longest
        best = min(usable_ones)[0]
        return tuple(sorted({link for rank, link in usable_ones if rank == best}))

    def links_at(self, gateway: str) -> list[str]:
        """All links of a virtual private gateway."""
        connections = [connection.vpn_connection_id for connection in self.inventory.vpn_connections_of(gateway)]
        return connections + self._direct_connects_of(gateway)

    def _direct_connects_of(self, gateway: str) -> list[str]:
        """The Direct Connect gateways associated with a virtual private gateway, and virtual interfaces of its own."""
        found = [
            name
            for name in self.inventory.direct_connect_gateways_of(gateway)
            if self.is_associated(name, gateway) is not False
        ]
        interfaces = self.inventory.virtual_interfaces_of(gateway)
        if not isinstance(interfaces, Unknown):
            found.extend(interface.virtual_interface_id for interface in interfaces)
        return found

    def is_associated(self, direct_connect_gateway: str, gateway: str) -> bool | Unknown:
        """Whether a Direct Connect gateway is associated with a transit gateway or virtual private gateway."""
        associations = self.inventory.direct_connect_associations(direct_connect_gateway)
        if isinstance(associations, Unknown):
            return associations
        return any(
            gateway in (association.associated_gateway.id, association.virtual_gateway_id)
            and same_state(association.association_state, *_ASSOCIATED)
            for association in associations
        )

    def unlearned(self, gateway: str, dst: AddressSet) -> Unknown | None:
        """Why it is not known by which link a gateway reaches addresses for which no link has a route.

        Its connections were not read; a table has learned the addresses, so there is a link that the snapshot lacks (a
        Direct Connect gateway is often another account's); or no table has what it learned propagated.
        """
        holder = self.inventory.vpn_gateways.get(gateway)
        place = self.inventory.place(holder) if holder else self.inventory.home
        unread = self.inventory.unknown("ec2", "describe-vpn-connections", *place)
        if unread:
            return unread
        if dst & self.inventory.propagated_prefixes(gateway):
            unseen = self._unseen_link(gateway, dst, place)
            if unseen:
                return unseen
        connections = self.inventory.vpn_connections_of(gateway)
        dynamic = [c.vpn_connection_id for c in connections if not c.is_static] + self._direct_connects_of(gateway)
        if not any(self.is_up(link) for link in dynamic) or self.inventory.propagates(gateway):
            return None
        return Unknown(reason=f"what {gateway} learned by BGP is not in the snapshot", needs=())

    def _unseen_link(self, gateway: str, dst: AddressSet, place: tuple[str, str]) -> Unknown | None:
        """Why a virtual private gateway may have a Direct Connect that the snapshot does not show."""
        for operation in ("describe-direct-connect-gateways", "describe-virtual-interfaces"):
            unread = self.inventory.unknown("directconnect", operation, *place)
            if unread:
                return unread
        associated = (self.is_associated(name, gateway) for name in self.inventory.direct_connect_gateways)
        unknown = next((found for found in associated if isinstance(found, Unknown)), None)
        if unknown or self.links_at(gateway) or self.inventory.direct_connect_gateways_of(gateway):
            return unknown
        return Unknown(reason=f"over which link {gateway} learned {dst} is not in the snapshot")


def _union(parts: Iterable[AddressSet]) -> AddressSet:
    found = AddressSet.NONE
    for part in parts:
        found = found | part
    return found


def tunnel_addresses(connection: VpnConnection) -> AddressSet:
    """The inside addresses of a VPN connection's tunnels, which both ends hold."""
    cidrs = [option.tunnel_inside_cidr for option in connection.options.tunnel_options if option.tunnel_inside_cidr]
    try:
        return AddressSet.parse(*cidrs, *connection.inside_addresses)
    except ValueError:
        return AddressSet.parse(*cidrs)
