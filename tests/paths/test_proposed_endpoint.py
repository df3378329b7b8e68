"""The way through a gateway endpoint that a VPC lacks is told whole: there, back, and all else that must change on it.

https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html: traffic to the service goes to the endpoint
by a route of each subnet route table that is associated with it, the groups of the instances must let it out, and
network ACLs must let requests out and replies in.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from asking import Answer, ask
from builder import inbound, outbound, rule, topology
from mwaanet.graph.codes import Code

S3, DYNAMODB = "com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.dynamodb"
ADDRESS = {"s3": "52.216.1.1", "dynamodb": "52.94.1.1"}
ANYWHERE = "0.0.0.0/0"


class Worker:
    """A worker in a VPC without an endpoint; each method is one more fault, and gives the resource that is to blame."""

    def __init__(self) -> None:
        self.net = topology()
        self.vpc = self.net.vpc("apps", "10.1.0.0/16")
        self.subnet = self.vpc.subnet("a", "10.1.1.0/24")
        self.table = self.vpc.route_table("own", self.subnet)
        everything = [one(100, "allow", "all", None, ANYWHERE) for one in (inbound, outbound)]
        self.acl = self.vpc.network_acl("own", *everything, subnets=[self.subnet])
        self.group = self.vpc.security_group("workers")
        self.client = self.subnet.interface("10.1.1.10", groups=[self.group])

    def group_lets_nothing_out(self) -> str:
        self.group.allow_out(rule("tcp", 80))
        return self.group.id

    def acl_lets_no_request_out(self) -> str:
        self.acl.add(outbound(50, "deny", "tcp", 443, ANYWHERE))
        return self.acl.id

    def acl_lets_no_reply_in(self) -> str:
        self.acl.add(inbound(50, "deny", "tcp", (1024, 65535), ANYWHERE))
        return self.acl.id

    def ask(self, service: str = "s3") -> Answer:
        return ask(self.net, self.client, ADDRESS[service], tcp=443)


FAULTS: tuple[Callable[[Worker], str], ...] = (
    Worker.group_lets_nothing_out,
    Worker.acl_lets_no_request_out,
    Worker.acl_lets_no_reply_in,
)
SETS = [faults for size in range(4) for faults in combinations(FAULTS, size)]


class TestWay:
    """Whole, as through an endpoint that exists."""

    @pytest.mark.parametrize("service", ["s3", "dynamodb"])
    def test_the_requests_arrive_at_the_service_and_the_replies_at_the_client(self, service: str) -> None:
        worker = Worker()
        (path,) = worker.ask(service).blocked
        name = f"com.amazonaws.us-east-1.{service}"
        assert path.complete
        assert path.resources == (worker.vpc.id, name, worker.table.id)
        assert path.actions == (
            f"create a gateway endpoint for {name} in {worker.vpc.id}, associated with {worker.table.id}",
        )
        there = [worker.client.id, worker.group.id, worker.table.id, worker.acl.id, name]
        back = [worker.acl.id, worker.group.id, worker.client.id]
        assert [hop.component for hop in path.hops] == there + back
        assert path.turn == len(there)

    @pytest.mark.parametrize("faults", SETS, ids=lambda faults: "+".join(fault.__name__ for fault in faults) or "none")
    def test_it_names_what_else_must_change(self, faults: tuple[Callable[[Worker], str], ...]) -> None:
        """The same as where the endpoint exists, and only lacks the route."""
        worker = Worker()
        named = {fault(worker) for fault in faults}
        (lacking,) = worker.ask().blocked
        endpoint = worker.vpc.gateway_endpoint("s3")
        (existing,) = worker.ask().blocked
        assert set(lacking.resources) == named | {worker.vpc.id, S3, worker.table.id}
        assert set(existing.resources) == named | {endpoint.id, worker.table.id}
        assert lacking.complete
        assert existing.complete
        assert [drop.code for drop in lacking.drops] == [drop.code for drop in existing.drops]

    def test_a_reply_is_delivered_past_the_routes_of_its_subnet(self) -> None:
        """The endpoint answers within the VPC, wherever the subnet's default route leads."""
        worker = Worker()
        worker.subnet.route(ANYWHERE, worker.vpc.internet_gateway())
        (path,) = worker.ask().blocked
        assert path.complete
        assert path.resources == (worker.vpc.id, S3, worker.table.id)

    def test_a_route_that_an_endpoint_left_behind_is_led_to_the_new_one(self) -> None:
        worker = Worker()
        endpoint = worker.vpc.gateway_endpoint("s3", worker.subnet)
        worker.net.store.lists["ec2", "describe-vpc-endpoints"].remove(endpoint.record)
        for route in worker.table.record["Routes"]:
            if route.get("GatewayId") == endpoint.id:
                route["State"] = "blackhole"
        answer = worker.ask()
        (path,) = answer.blocked
        assert answer.codes == {Code.ROUTE_BLACKHOLE}
        assert path.complete
        assert path.resources == (worker.vpc.id, S3, worker.table.id)

    def test_it_is_made_once_for_all_route_tables_that_need_it(self) -> None:
        worker = Worker()
        second = worker.vpc.subnet("b", "10.1.2.0/24", "az2")
        table = worker.vpc.route_table("other", second)
        second.interface("10.1.2.10")
        paths = ask(worker.net, "10.1.0.0/16", ADDRESS["s3"], tcp=443).blocked
        assert [path.packets.src.first() for path in paths] == ["10.1.1.10", "10.1.2.10"]
        assert {path.resources for path in paths} == {(worker.vpc.id, S3, worker.table.id, table.id)}
        tables = f"{worker.table.id} and {table.id}"
        made = f"create a gateway endpoint for {S3} in {worker.vpc.id}, associated with {tables}"
        assert {path.actions for path in paths} == {(made,)}
        assert {path.changes_of(0) for path in paths} == {path.resources for path in paths}

    def test_it_comes_before_a_way_of_which_it_is_not_known_where_it_leads(self) -> None:
        """Nothing tells that what lies behind the VPN would send packets on to the service."""
        worker = Worker()
        hub = worker.net.transit_gateway("hub")
        table = hub.table("all")
        hub.attach_vpc(worker.vpc, [worker.subnet], table=table, propagate=[table])
        customer = worker.net.customer_gateway("dc", "203.0.113.7")
        worker.net.vpn("dc", customer, hub, bgp=["172.20.0.0/16"], table=table, propagate=[table])
        (path,) = worker.ask().blocked
        assert path.complete
        assert path.resources == (worker.vpc.id, S3, worker.table.id)


class TestUnknown:
    """What was not read is not proposed as if it were missing."""

    def test_endpoints_that_were_not_read_may_be_there(self) -> None:
        worker = Worker()
        acl = worker.acl_lets_no_reply_in()
        worker.net.refuse("111122223333", "us-east-1", "ec2", "describe-vpc-endpoints")
        (path,) = worker.ask().blocked
        assert path.resources == (worker.table.id, S3, acl)
        assert not any(action.startswith("create") for action in path.actions)
        assert any("describe-vpc-endpoints" in action for action in path.actions)
