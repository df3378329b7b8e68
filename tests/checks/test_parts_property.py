"""The parts of a way say together what the whole does: they never all pass where packets are stopped or lost."""

from __future__ import annotations

from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asking import network_of
from builder import topology
from builder.identity import id_of
from checks.designs import HOME, REGION
from checks.wholes import STANDING
from mwaanet.checks.context import Context
from mwaanet.checks.parts import judge
from mwaanet.checks.result import Status
from mwaanet.checks.walked import walked
from mwaanet.net import TCP, Intervals
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.report.trace_text import trace_text
from paths.random_networks import Network as Random
from paths.random_networks import networks

ENDS = ("client", "server", "10.2.1.20", "10.1.2.30", "10.1.2.40", "172.20.1.1", "dc", "internet")
PARTS = ("name", "site", "endpoint", "service", "load-balancer", "network", "return")
UNREAD = (
    "describe-route-tables",
    "describe-security-groups",
    "describe-network-acls",
    "describe-vpn-connections",
    "describe-transit-gateway-attachments",
    "search-transit-gateway-routes",
    "describe-vpc-endpoints",
)


def stand(context: Context, source: str, destination: str) -> tuple[Status, set[Status]]:
    """How the whole stands, and how its parts do."""
    ends = (endpoint_of(context.network, source), endpoint_of(context.network, destination))
    walk = walked(context, *ends, TCP, Intervals.single(443))
    assert walk.trace
    return STANDING[walk.trace.reachable], {judge(context, walk, part).status for part in PARTS}


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(networks(), st.none() | st.sampled_from(UNREAD))
def test_parts_agree_with_the_whole(random: Random, unread: str | None) -> None:
    if unread:
        random.net.drop_call(HOME, REGION, "ec2", unread)
    context = Context(network_of(random.net, random.site), None)
    client, server, *_ = (id_of(end) for end in random.ends)
    names = {"client": client, "server": server}
    for one, other in permutations(ENDS, 2):
        source, destination = names.get(one, one), names.get(other, other)
        whole, parts = stand(context, source, destination)
        if whole is Status.PASS:
            assert Status.FAIL not in parts, (source, destination)
        else:
            assert parts & {Status.FAIL, Status.UNKNOWN}, (source, destination, whole)


def test_a_question_without_packets_says_why_there_are_none() -> None:
    """An interface without IPv6 cannot send to an IPv6 address
    (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html)."""
    net = topology()
    client = net.vpc("near", "10.1.0.0/16").subnet("a", "10.1.1.0/24", "az1").instance("client", "10.1.1.10")
    context = Context(network_of(net), None)
    ends = endpoint_of(context.network, client.id), endpoint_of(context.network, "2600:1f18:9:1::5")
    walk = walked(context, *ends, TCP, Intervals.single(443))
    assert walk.trace
    assert walk.trace.unsent == f"no address of {client.id} is of the same family as one of 2600:1f18:9:1::5"
    assert judge(context, walk, "network").status is Status.FAIL
    text = trace_text(walk.trace, (), width=200, colour=False, unicode=True, names={})
    assert "no address of" in text.partition("\n")[0]
