"""A long way with a fault or several: over a transit gateway, through a firewall, to a server on a site.

A client asks a Network Load Balancer in another VPC, on the way there and back through a Network Firewall in a third;
the load balancer's target stands on a site behind a virtual private gateway. Each method is a fault and gives the
resource that has to be mended; without faults the way is open.
"""

from __future__ import annotations

from asking import Answer, ask, site_file
from builder import Topology, five_tuples, inbound, outbound, rule, stateless, topology
from builder.rules import Entry
from metamorphic.faults import World
from mwaanet.net import TCP

ANYWHERE, CLIENTS, SITE = "0.0.0.0/0", "10.1.0.0/16", "172.20.0.0/16"
SERVER = "172.20.5.40"


class InspectedWay(World):
    EXCLUSIVE = (
        ("route_missing", "route_to_what_is_gone", "route_to_the_wrong_peer", "table_of_another_subnet"),
        ("route_back_missing", "main_table_replaced"),
    )
    OTHER_MENDS = ("transit_route_missing",)

    def __init__(self) -> None:
        self.net: Topology = topology()
        net = self.net
        self.near, self.far = net.vpc("near", CLIENTS), net.vpc("far", "10.2.0.0/16")
        self.middle = net.vpc("middle", "10.3.0.0/16")
        self.hub = net.transit_gateway("hub")
        self.spokes, self.inspected = self.hub.table("spokes"), self.hub.table("inspected")
        self._firewall()
        self._clients()
        self._servers()
        self.routes, self.site_firewall = ["10.2.0.0/16"], "default: allow"

    def _firewall(self) -> None:
        entry, walls = self.middle.subnet("entry", "10.3.0.0/28"), self.middle.subnet("walls", "10.3.1.0/28")
        allowed = five_tuples(("PASS", "TCP", CLIENTS, "10.2.0.0/16", "443"))
        self.allowed = self.net.rule_group("allowed", allowed)
        nothing = stateless(("aws:drop", TCP, "192.0.2.0/24", ANYWHERE, (443, 443)))
        self.packets = self.net.rule_group("packets", nothing, kind="STATELESS")
        self.policy = self.net.firewall_policy("policy", self.allowed, self.packets)
        self.endpoint = self.middle.network_firewall("wall", [walls], self.policy).endpoint_in(walls)
        self.before = self.middle.route_table("before", entry).route("10.0.0.0/8", self.endpoint)
        self.behind = self.middle.route_table("behind", walls).route("10.0.0.0/8", self.hub)
        self.middle_attachment = self.hub.attach_vpc(self.middle, [entry], table=self.inspected, appliance=True)
        self.spokes.route(ANYWHERE, self.middle_attachment)

    def _clients(self) -> None:
        self.client_group = self.near.security_group("clients")
        self.a = self.near.subnet("a", "10.1.1.0/24")
        transit = self.near.subnet("transit", "10.1.9.0/28")
        self.client_acl = self.near.network_acl("near", *opened(), subnets=[self.a])
        self.client_table = self.near.route_table("clients", self.a).route("10.0.0.0/8", self.hub)
        self.near_attachment = self.hub.attach_vpc(self.near, [transit], table=self.spokes, propagate=[self.inspected])
        self.client = self.a.interface("10.1.1.10", groups=[self.client_group])

    def _servers(self) -> None:
        self.balanced = self.far.security_group("nlb", ingress=[rule("tcp", 443, CLIENTS)])
        b, c = self.far.subnet("b", "10.2.1.0/28"), self.far.subnet("c", "10.2.2.0/24")
        self.balancer_acl = self.far.network_acl("far", *opened(), subnets=[c])
        self.far_attachment = self.hub.attach_vpc(self.far, [b], table=self.spokes, propagate=[self.inspected])
        self.main = self.far.main_table.route(CLIENTS, self.hub)
        gateway = self.far.vpn_gateway()
        self.vpn = self.net.vpn("dc", self.net.customer_gateway("dc", "203.0.113.7"), gateway, static=[SITE])
        self.main.propagate(gateway, SITE)
        self.targets = self.far.target_group("web", 8081).target(SERVER)
        self.balancer = self.far.network_load_balancer("nlb", [c], groups=[self.balanced])
        self.balancer.listener(443, self.targets)

    def ask(self) -> Answer:
        site = site_file(self.site_firewall, routes=self.routes, links=[self.vpn.id])
        return ask(self.net, self.client, self.balancer.interfaces[0].address, tcp=443, site=site)

    def clients_group(self) -> str:
        self.client_group.allow_out(rule("tcp", 80))
        return self.client_group.id

    def acl_outbound(self) -> str:
        self.client_acl.add(outbound(90, "deny", "tcp", 443, ANYWHERE))
        return self.client_acl.id

    def acl_of_replies(self) -> str:
        self.client_acl.add(inbound(80, "deny", "tcp", (1024, 65535), ANYWHERE))
        return self.client_acl.id

    def route_missing(self) -> str:
        self.client_table.remove("10.0.0.0/8")
        return self.client_table.id

    def route_to_what_is_gone(self) -> str:
        self.client_table.blackhole("10.2.0.0/16", "pcx-0000000000000dead")
        return self.client_table.id

    def route_to_the_wrong_peer(self) -> str:
        self.client_table.route("10.2.0.0/16", self.near.peer(self.net.vpc("other", "10.7.0.0/16")))
        return self.client_table.id

    def table_of_another_subnet(self) -> str:
        return self.near.route_table("bare", self.a).id

    def main_table_replaced(self) -> str:
        self.main.record["Associations"] = []
        table = self.far.route_table("new", main=True)
        gateway = self.far.store.lists["ec2", "describe-vpn-gateways"][0]["VpnGatewayId"]
        return table.propagate(gateway, SITE).id

    def attachment_not_associated(self) -> str:
        self.spokes.disassociate(self.near_attachment)
        return self.near_attachment.id

    def attachment_of_the_firewall_not_associated(self) -> str:
        self.inspected.disassociate(self.middle_attachment)
        return self.middle_attachment.id

    def attachment_not_accepted(self) -> str:
        self.middle_attachment.state("pendingAcceptance")
        return self.middle_attachment.id

    def transit_route_missing(self) -> str:
        del self.spokes.statics[ANYWHERE]
        return self.spokes.id

    def transit_route_astray(self) -> str:
        self.inspected.route("10.2.2.0/24", self.near_attachment)
        return self.inspected.id

    def transit_route_back_dropped(self) -> str:
        self.inspected.blackhole(CLIENTS)
        return self.inspected.id

    def propagation_missing(self) -> str:
        self.inspected.stop_propagation(self.far_attachment)
        return self.inspected.id

    def route_before_the_firewall(self) -> str:
        self.before.remove("10.0.0.0/8")
        return self.before.id

    def route_behind_the_firewall(self) -> str:
        self.behind.remove("10.0.0.0/8")
        return self.behind.id

    def firewall_drops(self) -> str:
        self.allowed.group["RulesSource"] = five_tuples(("DROP", "TCP", CLIENTS, "ANY", "443"))
        return self.allowed.id

    def firewall_drops_by_default(self) -> str:
        self.packets.group["RulesSource"] = stateless(("aws:drop", TCP, CLIENTS, ANYWHERE, (443, 443)))
        return self.packets.id

    def firewall_endpoint_failed(self) -> str:
        self.endpoint.record["State"] = "failed"
        return self.endpoint.id

    def balancers_group(self) -> str:
        self.balanced.record["IpPermissions"].clear()
        return self.balanced.id

    def balancers_acl(self) -> str:
        self.balancer_acl.add(outbound(90, "deny", "tcp", 8081, ANYWHERE))
        return self.balancer_acl.id

    def listener_elsewhere(self) -> str:
        self.balancer.listeners[0]["Port"] = 8443
        return self.balancer.arn

    def target_unhealthy(self) -> str:
        self.targets.target(SERVER, health="unhealthy")
        return self.targets.arn

    def route_back_missing(self) -> str:
        self.main.remove(CLIENTS)
        return self.main.id

    def tunnels_down(self) -> str:
        self.vpn.tunnels("DOWN", "DOWN")
        return self.vpn.id

    def sites_firewall(self) -> str:
        self.site_firewall = "default: deny"
        return "dc.firewall"

    def sites_routes(self) -> str:
        self.routes = ["10.9.0.0/16"]
        return "dc.routes"


def opened() -> list[Entry]:
    return [one(100, "allow", "all", None, ANYWHERE) for one in (inbound, outbound)]
