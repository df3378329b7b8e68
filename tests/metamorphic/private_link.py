"""A service of another account behind PrivateLink, over a peering, with a fault or several.

A client asks an endpoint in a peered VPC; the service behind it has a load balancer and a server of its own. Each
method is a fault and gives the resource that has to be mended; without faults the way is open.
"""

from __future__ import annotations

from asking import Answer, ask
from builder import inbound, outbound, rule, topology
from metamorphic.faults import World
from metamorphic.inspected_way import ANYWHERE, opened

CONSUMER, PROVIDER = "111122223333", "444455556666"
CLIENTS, SHARED, SERVICE = "10.1.0.0/16", "10.2.0.0/16", "10.9.0.0/16"


class PrivateLink(World):
    EXCLUSIVE = (
        ("route_missing", "route_to_what_is_gone", "longer_route_to_the_wrong_peer"),
        ("route_back_missing", "route_back_to_the_wrong_peer"),
        ("endpoint_not_accepted", "endpoint_rejected"),
    )

    def __init__(self) -> None:
        self.net = topology(CONSUMER, "us-east-1")
        self.provider = self.net.account(PROVIDER).region("us-east-1")
        self.near, self.shared = self.net.vpc("near", CLIENTS), self.net.vpc("shared", SHARED)
        self.vpc = self.provider.vpc("service", SERVICE)
        self._service()
        self._endpoint()

    def _service(self) -> None:
        balancers, servers = self.vpc.subnet("nlb", "10.9.1.0/24"), self.vpc.subnet("servers", "10.9.2.0/24")
        self.balanced = self.vpc.security_group("nlb", ingress=[rule("tcp", 443, "10.1.1.10/32")])
        self.served = self.vpc.security_group("server", ingress=[rule("tcp", 8081, "10.9.1.0/24")])
        self.balancer_acl = self.vpc.network_acl("nlb", *opened(), subnets=[balancers])
        self.server_acl = self.vpc.network_acl("servers", *opened(), subnets=[servers])
        self.server = servers.interface("10.9.2.20", groups=[self.served])
        self.targets = self.vpc.target_group("packages", 8081).target("10.9.2.20")
        self.balancer = self.vpc.network_load_balancer("packages", [balancers], groups=[self.balanced])
        self.balancer.listener(443, self.targets)
        self.service = self.provider.endpoint_service("packages", [self.balancer], allowed=[CONSUMER])

    def _endpoint(self) -> None:
        self.peering = self.near.peer(self.shared)
        self.a, self.b = self.near.subnet("a", "10.1.1.0/24"), self.shared.subnet("b", "10.2.1.0/24")
        self.there = self.near.route_table("there", self.a).route(SHARED, self.peering)
        self.back = self.shared.route_table("back", self.b).route(CLIENTS, self.peering)
        self.acl = self.shared.network_acl("shared", *opened(), subnets=[self.b])
        self.guarding = self.shared.security_group("endpoint", ingress=[rule("tcp", 443, CLIENTS)])
        self.endpoint = self.shared.endpoint(self.service, [self.b], groups=[self.guarding], addresses=["10.2.1.50"])
        self.client_group = self.near.security_group("clients")
        self.client = self.a.interface("10.1.1.10", groups=[self.client_group])

    def ask(self) -> Answer:
        return ask(self.net, self.client, self.endpoint, tcp=443)

    def clients_group(self) -> str:
        self.client_group.allow_out(rule("tcp", 443, "10.9.0.0/16"))
        return self.client_group.id

    def peering_not_accepted(self) -> str:
        self.peering.record["Status"]["Code"] = "pending-acceptance"
        return self.peering.id

    def route_missing(self) -> str:
        self.there.remove(SHARED)
        return self.there.id

    def route_to_what_is_gone(self) -> str:
        self.there.blackhole(SHARED, "tgw-0000000000000dead")
        return self.there.id

    def longer_route_to_the_wrong_peer(self) -> str:
        self.there.route("10.2.1.0/24", self.near.peer(self.net.vpc("other", "10.7.0.0/16")))
        return self.there.id

    def route_back_missing(self) -> str:
        self.back.remove(CLIENTS)
        return self.back.id

    def route_back_to_the_wrong_peer(self) -> str:
        self.back.route(CLIENTS, self.shared.peer(self.net.vpc("other", "10.8.0.0/16")))
        return self.back.id

    def acl_inbound(self) -> str:
        self.acl.add(inbound(90, "deny", "all", None, "10.1.1.0/24"))
        return self.acl.id

    def acl_of_replies(self) -> str:
        self.acl.add(outbound(90, "deny", "tcp", (32768, 65535), CLIENTS))
        return self.acl.id

    def endpoints_group(self) -> str:
        self.guarding.record["IpPermissions"].clear()
        return self.guarding.id

    def endpoint_not_accepted(self) -> str:
        self.endpoint.state("pendingAcceptance")
        return self.endpoint.id

    def endpoint_rejected(self) -> str:
        self.endpoint.state("rejected")
        return self.endpoint.id

    def listener_elsewhere(self) -> str:
        self.balancer.listeners[0]["Port"] = 8443
        return self.balancer.arn

    def balancers_group_in(self) -> str:
        self.balanced.record["IpPermissions"].clear()
        return self.balanced.id

    def balancers_group_out(self) -> str:
        self.balanced.allow_out(rule("tcp", 8081, "10.9.9.0/24"))
        return self.balanced.id

    def balancers_acl(self) -> str:
        self.balancer_acl.add(inbound(90, "deny", "tcp", (1024, 65535), "10.9.2.0/24"))
        return self.balancer_acl.id

    def target_unhealthy(self) -> str:
        self.targets.target("10.9.2.20", health="unhealthy")
        return self.targets.arn

    def servers_group(self) -> str:
        self.served.record["IpPermissions"].clear()
        return self.served.id

    def servers_acl(self) -> str:
        self.server_acl.add(inbound(90, "deny", "tcp", 8081, ANYWHERE))
        return self.server_acl.id
