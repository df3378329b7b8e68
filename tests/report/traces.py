"""Hand-made traces, and the words in which they are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from msgspec.structs import replace

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import (
    Action,
    Arrive,
    Drop,
    Evidence,
    Flight,
    Hop,
    Kind,
    Lose,
    Position,
    Role,
    Translation,
)
from mwaanet.graph.location import Locations
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import AddressSet, Intervals, PacketSet
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.question import Endpoint, Question, Start
from mwaanet.paths.trace import Trace, tally
from mwaanet.paths.walk import Leg
from mwaanet.snapshot.operations import CallRef
from mwaanet.snapshot.reader import Snapshot

ACCOUNT, NETWORK_ACCOUNT = "111122223333", "222233334444"
REGION = "us-east-1"

WORKER_A, WORKER_B = "eni-0a7c21d9e4b3f6018", "eni-0b93d1f7a2c8e5407"
GROUP = "sg-02f076afeffe1a81d"
ACL = "acl-0d1f2c3b4a5968778"
TABLE_A, TABLE_B = "rtb-07d2f4b6c8a19e350", "rtb-01c1453376d2164e6"
S3 = "vpce-023f7d6cf3c2cedd0"
NEXUS = "vpce-0c5b8a7f1e2d3c4b5"
SERVICE = "vpce-svc-0f1e2d3c4b5a69788"
NAT = "nat-0aa11bb22cc33dd44"
INTERNET_GATEWAY = "igw-0f00ba4baadf00d11"
BALANCER = (
    f"arn:aws:elasticloadbalancing:{REGION}:{NETWORK_ACCOUNT}:loadbalancer/net/nexus-privatelink-nlb/50dc6c495c0c9188"
)
ATTACHMENT = "tgw-attach-0d2a9be5aa1df3ac1"
SITE = "dc1"

NAMES = {
    WORKER_A: "mwaa-worker-a",
    WORKER_B: "mwaa-worker-b",
    GROUP: "mwaa-sg",
    TABLE_A: "customer-mwaa-prod-private-a",
    TABLE_B: "customer-mwaa-prod-private-b",
    S3: "s3",
    NEXUS: "nexus",
    NAT: "egress",
    BALANCER: "nexus-privatelink-nlb",
}

LOCATIONS = Locations(Network(Inventory.load(Snapshot.from_files({"describe-vpcs.json": b'{"Vpcs": []}'}), None)))
"""Where things lie in a snapshot without anything."""

EC2 = f"accounts/{ACCOUNT}/{REGION}/ec2/"
CLIENT_PORTS = Intervals.of((32768, 60999))


@dataclass(frozen=True)
class _File:
    """Stands for a snapshot's document."""

    file: str


@dataclass(frozen=True)
class _Place:
    """Stands for a record's origin."""

    document: _File
    pointer: str


def read_in(file: str, pointer: str, rest: str = "") -> Evidence:
    return Evidence(cast(Origin, _Place(_File(file), pointer)), rest)


def packets(src: str, dst: str, port: int = 443, sport: Intervals = CLIENT_PORTS) -> PacketSet:
    return PacketSet.of(
        src=AddressSet.parse(src),
        dst=AddressSet.parse(*dst.split()),
        protocol=6,
        sport=sport,
        dport=Intervals.single(port),
    )


def hop(
    component: str,
    kind: Kind,
    action: Action,
    by: str,
    code: Code,
    of: PacketSet,
    evidence: tuple[Evidence, ...] = (),
) -> Hop:
    return Hop(component=component, kind=kind, action=action, by=by, code=code, packets=of, evidence=evidence)


def sends(interface: str, of: PacketSet) -> Hop:
    by = f"sends from {of.src}"
    return hop(interface, Kind.NETWORK_INTERFACE, Action.FORWARD, by, Code.INTERFACE_SENDS, of)


def receives(interface: str, of: PacketSet) -> Hop:
    by = f"holds {of.dst}"
    return hop(interface, Kind.NETWORK_INTERFACE, Action.DELIVER, by, Code.INTERFACE_RECEIVES, of)


def group_allows(of: PacketSet, group: str = GROUP) -> Hop:
    by = "egress rule: all traffic 0.0.0.0/0"
    where = (read_in(EC2 + "describe-security-groups.json", "/SecurityGroups/1", "/IpPermissionsEgress/0/IpRanges/0"),)
    return hop(group, Kind.SECURITY_GROUP, Action.ALLOW, by, Code.SECURITY_GROUP_ALLOWS, of, where)


def group_tracks(of: PacketSet) -> Hop:
    by = "reply to a connection that the group allowed"
    return hop(GROUP, Kind.SECURITY_GROUP, Action.ALLOW, by, Code.SECURITY_GROUP_TRACKED, of)


def acl_allows(of: PacketSet, direction: str = "outbound") -> Hop:
    where = (read_in(EC2 + "describe-network-acls.json", "/NetworkAcls/0", "/Entries/0"),)
    by = f"{direction} rule 100: allow all traffic 0.0.0.0/0"
    return hop(ACL, Kind.NETWORK_ACL, Action.ALLOW, by, Code.NETWORK_ACL_ALLOWS, of, where)


def leg(end: str, *hops: Hop, **flight: object) -> Leg:
    """A leg whose end is `arrive`, `drop` or `lose`, at its last hop and with that hop's packets."""
    last = hops[-1]
    moving = replace(Flight(packets=last.packets), **flight)
    position = Position(last.component, Role.RECEIVE)
    ends: dict[str, Arrive | Drop | Lose] = {
        "arrive": Arrive(flight=moving, hop=last, answer=position),
        "drop": Drop(flight=moving, hop=last),
        "lose": Lose(flight=moving, hop=last, unknown=Unknown(reason=last.by, needs=(TUNNELS,))),
    }
    return Leg(hops, ends[end])


def trace_of(question: Question, asked: PacketSet, forward: tuple[Leg, ...], back: tuple[Leg, ...] = ()) -> Trace:
    ended = [way for way in forward if not isinstance(way.end, Arrive)]
    return Trace(question=question, asked=asked, forward=forward, back=back, tally=tally(asked, ended, back))


def end(name: str, address: str = "", **more: object) -> Endpoint:
    addresses = AddressSet.parse(*address.split()) if address else AddressSet.NONE
    starts = (Start(position=Position(name, Role.SEND), addresses=addresses),)
    return Endpoint(name=name, addresses=addresses, starts=starts, **more)  # type: ignore[arg-type]


def asks(source: Endpoint, destination: Endpoint, port: int = 443) -> Question:
    return Question(source=source, destination=destination, protocol=6, ports=Intervals.single(port))


TUNNELS = CallRef(NETWORK_ACCOUNT, REGION, "ec2", "describe-vpn-connections")


def s3_stopped() -> Trace:
    """A worker whose route table has no route to S3."""
    asked = packets("10.1.11.8", "52.216.0.0/15 3.5.0.0/19")
    by = "no route to 3.5.0.0/19, 52.216.0.0/15"
    where = (read_in(EC2 + "describe-route-tables.json", "/RouteTables/3", "/Routes"),)
    stopped = hop(TABLE_B, Kind.ROUTE_TABLE, Action.DROP, by, Code.NO_ROUTE, asked, where)
    way = leg("drop", sends(WORKER_B, asked), group_allows(asked), acl_allows(asked), stopped)
    question = asks(end("mwaa.worker@subnet-0b7e5d3c1a9f86420", "10.1.11.8"), end("bucket", "52.216.0.0/15 3.5.0.0/19"))
    return trace_of(question, asked, (way,))


def s3_reached() -> Trace:
    """A worker that reaches S3 by its gateway endpoint, and is answered."""
    asked = packets("10.1.10.7", "52.216.0.0/15 3.5.0.0/19")
    replies = asked.reversed()
    route = hop(TABLE_A, Kind.ROUTE_TABLE, Action.FORWARD, f"route pl-63a5400a -> {S3}", Code.ROUTE, asked)
    service = f"com.amazonaws.{REGION}.s3"
    endpoint = hop(S3, Kind.VPC_ENDPOINT, Action.FORWARD, f"gateway endpoint for {service}", Code.ENDPOINT, asked)
    arrived = hop(service, Kind.SERVICE, Action.DELIVER, f"{service} behind {S3}", Code.SERVICE, asked)
    forward = leg("arrive", sends(WORKER_A, asked), group_allows(asked), acl_allows(asked), route, endpoint, arrived)
    answer = hop(service, Kind.SERVICE, Action.FORWARD, "answers", Code.SERVICE, replies)
    back = leg(
        "arrive",
        answer,
        acl_allows(replies, "inbound"),
        group_tracks(replies),
        receives(WORKER_A, replies),
        reply=True,
    )
    question = asks(end("mwaa.worker@subnet-0a6d4c2b0f9e87531", "10.1.10.7"), end("bucket", "52.216.0.0/15 3.5.0.0/19"))
    return trace_of(question, asked, (forward,), (back,))


def reply_stopped() -> Trace:
    """Through a NAT gateway to the internet; the network ACL refuses the replies."""
    asked = packets("10.1.10.7", "151.101.0.223")
    behind_nat = asked.replace(src=AddressSet.parse("10.1.0.9"), sport=Intervals.of((1024, 65535)))
    outside = behind_nat.replace(src=AddressSet.parse("54.86.13.7"))
    by_nat = hop(NAT, Kind.NAT_GATEWAY, Action.TRANSLATE, "source becomes 10.1.0.9", Code.NAT_TRANSLATES, behind_nat)
    becomes = "10.1.0.9 becomes 54.86.13.7"
    by_gateway = hop(INTERNET_GATEWAY, Kind.INTERNET_GATEWAY, Action.TRANSLATE, becomes, Code.IGW_TRANSLATES, outside)
    forward = leg(
        "arrive",
        sends(WORKER_A, asked),
        group_allows(asked),
        acl_allows(asked),
        hop(TABLE_A, Kind.ROUTE_TABLE, Action.FORWARD, f"route 0.0.0.0/0 -> {NAT}", Code.ROUTE, asked),
        by_nat,
        by_gateway,
        hop("internet", Kind.INTERNET, Action.DELIVER, "public destination", Code.INTERNET, outside),
        translations=(
            Translation(
                owner=NAT,
                domain=asked,
                src=AddressSet.parse("10.1.0.9"),
                sport=Intervals.of((1024, 65535)),
                returns_to=Position(NAT, Role.BACK),
            ),
            Translation(
                owner=INTERNET_GATEWAY,
                domain=behind_nat,
                src=AddressSet.parse("54.86.13.7"),
                returns_to=Position(INTERNET_GATEWAY, Role.BACK),
            ),
        ),
    )
    replies = asked.reversed()
    where = (read_in(EC2 + "describe-network-acls.json", "/NetworkAcls/0", "/Entries/3"),)
    denial = "inbound rule 90: deny tcp 1024-65535 0.0.0.0/0"
    refused = hop(ACL, Kind.NETWORK_ACL, Action.DENY, denial, Code.NETWORK_ACL_DENIES, replies, where)
    back_at_nat = hop(NAT, Kind.NAT_GATEWAY, Action.TRANSLATE, "back to 10.1.10.7", Code.NAT_TRANSLATES, replies)
    answer = hop("internet", Kind.INTERNET, Action.FORWARD, "answers", Code.INTERNET, outside.reversed())
    back = leg("drop", answer, back_at_nat, refused, reply=True)
    question = asks(end("mwaa.worker", "10.1.10.7"), end("pypi.org", "151.101.0.223"))
    return trace_of(question, asked, (forward,), (back,))


def nexus_unknown() -> Trace:
    """By PrivateLink to the load balancer, which calls the site over tunnels of which nothing is known."""
    asked = packets("10.1.10.7", "10.1.10.20", 8081)
    beyond = packets("10.2.10.20", "10.50.1.20", 8081, Intervals.of((1024, 65535)))
    endpoint = hop(NEXUS, Kind.VPC_ENDPOINT, Action.FORWARD, f"interface endpoint for {SERVICE}", Code.ENDPOINT, asked)
    balanced = hop(
        BALANCER,
        Kind.LOAD_BALANCER,
        Action.TRANSLATE,
        "TCP 8081 -> 10.50.1.20:8081 from 10.2.10.20",
        Code.BALANCED,
        beyond,
    )
    lost = hop(
        "vpn-044be0ae8cf45dd24",
        Kind.VPN_CONNECTION,
        Action.UNKNOWN,
        "vpn-044be0ae8cf45dd24 tells nothing of its tunnels",
        Code.TARGET_UNKNOWN,
        beyond,
    )
    translation = Translation(
        owner=BALANCER,
        domain=asked,
        src=AddressSet.parse("10.2.10.20"),
        sport=Intervals.of((1024, 65535)),
        dst=AddressSet.parse("10.50.1.20"),
        returns_to=Position(BALANCER, Role.BACK),
    )
    way = leg(
        "lose", sends(WORKER_A, asked), group_allows(asked), endpoint, balanced, lost, translations=(translation,)
    )
    question = asks(end("mwaa.worker", "10.1.10.7"), end(NEXUS, "10.1.10.20"), 8081)
    return trace_of(question, asked, (way,))


def few_ports() -> Trace:
    """A client of which nothing is known; its network ACL lets replies to the usual client ports in only."""
    asked = packets("10.50.2.15", "10.1.10.20", sport=Intervals.of((1024, 65535)))
    forward = leg("arrive", sends(f"{SITE}.orchestrator", asked), receives("eni-0c", asked))
    usual = asked.where(sport=CLIENT_PORTS).reversed()
    unusual = (asked - asked.where(sport=CLIENT_PORTS)).reversed()
    by = "outbound rule *: deny all traffic 0.0.0.0/0"
    refused = hop(ACL, Kind.NETWORK_ACL, Action.DENY, by, Code.NETWORK_ACL_DENIES, unusual)
    back = (
        leg("arrive", sends("eni-0c", usual), acl_allows(usual), receives(f"{SITE}.orchestrator", usual), reply=True),
        leg("drop", sends("eni-0c", unusual), refused, reply=True),
    )
    question = asks(end("dc1.orchestrator", "10.50.2.15"), end("mwaa.webserver", "10.1.10.20"))
    return trace_of(question, asked, (forward,), back)


def partly() -> Trace:
    """Two addresses of a name, of which one is routed."""
    good, bad = packets("10.1.10.7", "10.50.1.20"), packets("10.1.10.7", "10.51.1.20")
    route = hop(TABLE_A, Kind.ROUTE_TABLE, Action.FORWARD, f"route 10.50.0.0/16 -> {ATTACHMENT}", Code.ROUTE, good)
    arrived = hop(SITE, Kind.SITE, Action.DELIVER, "inside dc1", Code.SITE, good)
    stopped = hop(TABLE_A, Kind.ROUTE_TABLE, Action.DROP, "no route to 10.51.1.20", Code.NO_ROUTE, bad)
    forward = (
        leg("arrive", sends(WORKER_A, good), route, arrived),
        leg("drop", sends(WORKER_A, bad), stopped),
    )
    replies = good.reversed()
    answer = hop(SITE, Kind.SITE, Action.FORWARD, f"sends by {ATTACHMENT}", Code.SITE, replies)
    back = (leg("arrive", answer, receives(WORKER_A, replies), reply=True),)
    return trace_of(
        asks(end("mwaa.worker", "10.1.10.7"), end("nexus.customer.com", "10.50.1.20 10.51.1.20")),
        good | bad,
        forward,
        back,
    )


def blocked(trace: Trace, *resources: str, actions: tuple[str, ...] = (), complete: bool = True) -> BlockedPath:
    drops = tuple(way.end.hop for way in trace.drops)
    return BlockedPath(
        packets=trace.asked, resources=resources, actions=actions, drops=drops, hops=drops, complete=complete
    )
