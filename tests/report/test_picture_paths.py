"""Pictures of paths: what passes, where it stops, what is behind; there and back, place in place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from asking import ask
from builder import Estate, mwaa_estate, policy
from checks.cases import diagnosis
from graph.balanced import Balanced
from mwaanet.checks.result import Diagnosis, Status
from mwaanet.graph.location import Locations
from mwaanet.report.picture import Direction, Edge, Group, Node, Picture, State
from mwaanet.report.picture_paths import path_picture, trace_picture
from report import samples


def path_of(diagnosed: Diagnosis, name: str) -> Picture:
    return path_picture(diagnosed, next(path for path in diagnosed.paths if path.id == name))


@cache
def healthy() -> tuple[Estate, Diagnosis]:
    estate = mwaa_estate()
    return estate, diagnosis(estate)


@cache
def routeless() -> tuple[Estate, Picture]:
    """One of the two worker subnets has no route to S3."""
    estate = mwaa_estate()
    estate.s3_endpoint.disassociate(estate.workers[1].table)
    return estate, path_of(diagnosis(estate), "s3")


def nodes(picture: Picture, component: str) -> list[Node]:
    return [node for node in picture.nodes if node.component == component]


def node(picture: Picture, component: str) -> Node:
    (found,) = nodes(picture, component)
    return found


def around(picture: Picture, inner: Node) -> list[str]:
    """The names of the groups around a node, the widest first."""
    groups: dict[str, Group] = {group.id: group for group in picture.groups}
    found: list[str] = []
    at = inner.group
    while at:
        found.insert(0, groups[at].name)
        at = groups[at].parent
    return found


def way(picture: Picture, start: str, direction: Direction) -> list[str]:
    """The components met from a node on, as long as there is one edge only."""
    components = {node.id: node.component for node in picture.nodes}
    found = [components[start]]
    while True:
        ahead = [edge.target for edge in picture.edges if edge.source == start and edge.direction is direction]
        if len(ahead) != 1:
            return found
        start = ahead[0]
        found.append(components[start])


def states(edges: tuple[Edge, ...]) -> set[State]:
    return {edge.state for edge in edges}


class TestStopped:
    def test_the_hop_that_stops_is_marked_and_no_other(self) -> None:
        estate, picture = routeless()
        stopped = [node.component for node in picture.nodes if node.state is State.STOPPED]
        assert stopped == [estate.workers[1].table.id]
        assert picture.status is Status.FAIL

    def test_it_tells_the_rule_its_place_in_the_snapshot_and_the_fix(self) -> None:
        estate, picture = routeless()
        table = node(picture, estate.workers[1].table.id)
        decided = next(decision for decision in table.decisions if decision.state is State.STOPPED)
        assert decided.code == "NO_ROUTE"
        assert decided.by.startswith("no route to ")
        assert decided.packets.startswith("tcp ")
        assert [(place.file, place.pointer.endswith("/Routes")) for place in decided.evidence] == [
            ("accounts/111122223333/us-east-1/ec2/describe-route-tables.json", True)
        ]
        assert [finding.id for finding in table.findings] == ["S3-REACH"]
        assert [fix.cli[0].split()[:3] for fix in table.fixes] == [["aws", "ec2", "modify-vpc-endpoint"]]

    def test_what_lies_behind_is_drawn_as_not_reached(self) -> None:
        estate, picture = routeless()
        table = node(picture, estate.workers[1].table.id)
        behind = [edge for edge in picture.edges if edge.source == table.id]
        assert states(tuple(behind)) == {State.NOT_REACHED}
        assert way(picture, table.id, Direction.FORWARD)[-2:] == [estate.s3_endpoint.id, "com.amazonaws.us-east-1.s3"]

    def test_the_other_subnet_still_passes(self) -> None:
        estate, picture = routeless()
        worker = node(picture, f"mwaa.worker@{estate.workers[0].id}")
        assert worker.state is State.PASSES
        assert node(picture, "com.amazonaws.us-east-1.s3").state is State.PASSES

    def test_an_end_that_no_way_leads_to_is_drawn_all_the_same(self) -> None:
        picture = path_of(samples.broken(), "s3")
        assert node(picture, "bucket").state is State.NOT_REACHED


class TestPlaces:
    def test_places_nest_from_the_account_to_the_subnet(self) -> None:
        estate, picture = routeless()
        worker = node(picture, f"mwaa.worker@{estate.workers[1].id}")
        assert around(picture, worker) == [
            "111122223333",
            "us-east-1",
            estate.vpc.id,
            "use1-az2",
            estate.workers[1].id,
        ]

    def test_groups_come_behind_the_group_around_them(self) -> None:
        _, diagnosed = healthy()
        seen = {""}
        for group in path_of(diagnosed, "nexus").groups:
            assert group.parent in seen
            seen.add(group.id)

    def test_what_guards_two_subnets_is_shown_in_each(self) -> None:
        estate, picture = routeless()
        shown = nodes(picture, estate.environment_group.id)
        assert [around(picture, node)[-1] for node in shown] == [subnet.id for subnet in estate.workers]

    def test_an_interface_is_shown_as_the_endpoint_that_it_belongs_to(self) -> None:
        estate, diagnosed = healthy()
        picture = path_of(diagnosed, "service")
        shown = nodes(picture, estate.endpoints["sqs"].id)
        assert sorted(around(picture, node)[-1] for node in shown) == sorted(s.id for s in estate.endpoint_subnets)
        assert {node.kind for node in shown} == {"vpc-endpoint"}

    def test_a_load_balancer_is_shown_in_the_subnet_that_it_sends_from(self) -> None:
        balanced = Balanced(groups=["10.1.0.0/16"])
        answer = balanced.ask(0)
        picture = trace_picture(answer.trace, (), {}, Locations(answer.network))
        assert around(picture, node(picture, balanced.nlb.id))[-1] == balanced.subnets[0].id

    def test_a_group_that_guards_both_sides_of_a_load_balancer_is_passed_twice(self) -> None:
        balanced = Balanced(groups=["10.1.0.0/16"])
        answer = balanced.ask(0)
        assert answer.verdict == "yes"
        picture = trace_picture(answer.trace, (), {}, Locations(answer.network))
        first, second = nodes(picture, balanced.groups[0].id)
        forward = [(edge.source, edge.target) for edge in picture.edges if edge.direction is Direction.FORWARD]
        back = [(edge.source, edge.target) for edge in picture.edges if edge.direction is Direction.RETURN]
        balancer = node(picture, balanced.nlb.id).id
        assert (first.id, balancer) in forward
        assert (balancer, second.id) in forward
        assert any(source == second.id and target == balancer for source, target in back)


class TestDirections:
    def test_requests_and_replies_pass_the_same_nodes_in_opposite_directions(self) -> None:
        estate, diagnosed = healthy()
        picture = path_of(diagnosed, "s3")
        worker = f"mwaa.worker@{estate.workers[0].id}"
        there = way(picture, node(picture, worker).id, Direction.FORWARD)
        assert (there[0], there[-1]) == (worker, "com.amazonaws.us-east-1.s3")
        returns = {(edge.source, edge.target) for edge in picture.edges if edge.direction is Direction.RETURN}
        assert {target for _, target in returns} >= {node(picture, worker).id}
        assert {source for source, _ in returns} >= {"com.amazonaws.us-east-1.s3"}

    def test_an_edge_tells_what_passes_and_the_rule_that_let_it(self) -> None:
        estate, diagnosed = healthy()
        picture = path_of(diagnosed, "s3")
        edge = next(edge for edge in picture.edges if edge.target == estate.s3_endpoint.id)
        assert edge.packets[0].startswith("tcp {10.24.")
        assert [decision.by for decision in edge.decisions] == ["outbound rule 100: allow tcp 443 0.0.0.0/0"]


def bucket_policy_elsewhere(estate: Estate) -> str:
    """The bucket's policy refuses everybody."""
    refusal = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{estate.bucket.arn}/*"}
    estate.bucket.policy(policy(refusal, {**refusal, "Resource": estate.bucket.arn}))
    return estate.bucket.id


class TestFindingsWithoutPackets:
    def test_a_policy_stops_the_call_behind_the_service(self) -> None:
        estate = mwaa_estate()
        bucket = bucket_policy_elsewhere(estate)
        picture = path_of(diagnosis(estate), "s3")
        refused = node(picture, bucket)
        assert (refused.state, refused.kind) == (State.STOPPED, "configuration")
        assert {edge.source for edge in picture.edges if edge.target == refused.id} == {"com.amazonaws.us-east-1.s3"}

    def test_a_name_that_does_not_resolve_stops_the_sender(self) -> None:
        estate = mwaa_estate()
        estate.zone.remove("packages")
        picture = path_of(diagnosis(estate), "nexus")
        zone = node(picture, estate.zone.id)
        assert zone.state is State.STOPPED
        senders = {f"mwaa.worker@{subnet.id}" for subnet in estate.workers}
        assert {edge.source for edge in picture.edges if edge.target == zone.id} == senders

    def test_a_finding_with_nothing_to_draw_is_a_note(self) -> None:
        picture = path_of(samples.broken(), "api")
        assert picture.notes == (
            "API-TUNNELS: One of the two tunnels of vpn-044be0ae8cf45dd24 is down: redundancy is lost.",
        )


class TestUnknown:
    def test_what_is_not_known_is_marked_where_it_is_met(self) -> None:
        picture = path_of(samples.broken(), "nexus")
        assert node(picture, "vpn-044be0ae8cf45dd24").state is State.UNKNOWN
        assert picture.status is Status.UNKNOWN

    def test_a_refused_list_gives_a_picture_too(self) -> None:
        estate = mwaa_estate()
        estate.net.refuse("111122223333", "us-east-1", "ec2", "describe-vpc-endpoints")
        picture = path_of(diagnosis(estate), "s3")
        (end,) = [node for node in picture.nodes if node.kind == "destination"]
        assert (end.state, end.component) == (State.UNKNOWN, f"{estate.bucket.id}.s3.us-east-1.amazonaws.com")
        assert {edge.source for edge in picture.edges} == {f"mwaa.worker@{subnet.id}" for subnet in estate.workers}


@pytest.mark.parametrize("path", ["s3", "service", "nexus", "api"])
def test_every_edge_joins_nodes_and_every_node_lies_in_a_group(path: str) -> None:
    _, diagnosed = healthy()
    picture = path_of(diagnosed, path)
    ids = [node.id for node in picture.nodes]
    assert len(ids) == len(set(ids))
    assert {end for edge in picture.edges for end in (edge.source, edge.target)} <= set(ids)
    assert {node.group for node in picture.nodes} <= {"", *(group.id for group in picture.groups)}
    assert {node.state for node in picture.nodes} == {State.PASSES}


@pytest.mark.parametrize("make", [samples.healthy, samples.broken, samples.hostile])
def test_pictures_are_the_same_every_time(make: Callable[[], Diagnosis]) -> None:
    diagnosed = make()
    assert [path_picture(diagnosed, path) for path in diagnosed.paths] == [
        path_picture(diagnosed, path) for path in diagnosed.paths
    ]


def test_what_is_asked_of_one_trace_is_its_title() -> None:
    balanced = Balanced()
    answer = ask(balanced.net, balanced.client, balanced.servers[0], tcp=8081)
    picture = trace_picture(answer.trace, answer.blocked, {}, Locations(answer.network))
    assert picture.title == f"{balanced.client.id} to {balanced.servers[0].id}, tcp 8081"
    assert picture.status is Status.PASS
