"""The rules of security groups and network ACLs, written as one says them.

rule("tcp", 443, "10.0.0.0/8", other_group)      the protocol, the ports, then who
self_ref()                                       everything from the group itself
inbound(100, "allow", "tcp", (1024, 65535), "0.0.0.0/0")
"""

from __future__ import annotations

from dataclasses import dataclass

from builder.identity import Identified, Record, Ref, id_of

Ports = int | tuple[int, int] | None

_NUMBERS = {"all": "-1", "-1": "-1", "tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
SELF = "the group itself"


@dataclass(frozen=True)
class GroupPeer:
    """A group named with all that AWS prints beside it: its account, and the peering it is reached through."""

    group: Ref
    account: str
    peering: Ref | None = None
    peering_status: str | None = None
    vpc: Ref | None = None


Peer = Ref | GroupPeer


@dataclass(frozen=True)
class Rule:
    """One permission of a security group, ingress or egress."""

    protocol: str
    ports: tuple[int, int] | None
    peers: tuple[Peer, ...]
    description: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry of a network ACL."""

    egress: bool
    number: int
    action: str
    protocol: str
    ports: tuple[int, int] | None
    cidr: str

    def record(self) -> Record:
        record: Record = {
            "Egress": self.egress,
            "Protocol": _NUMBERS.get(self.protocol, self.protocol),
            "RuleAction": self.action,
            "RuleNumber": self.number,
            ("Ipv6CidrBlock" if ":" in self.cidr else "CidrBlock"): self.cidr,
        }
        if self.ports is not None and self.protocol.startswith("icmp"):
            record["IcmpTypeCode"] = {"Type": self.ports[0], "Code": self.ports[1]}
        elif self.ports is not None:
            record["PortRange"] = {"From": self.ports[0], "To": self.ports[1]}
        return record


def _span(ports: Ports) -> tuple[int, int] | None:
    return (ports, ports) if isinstance(ports, int) else ports


def rule(protocol: str, ports: Ports = None, *peers: Peer, description: str = "") -> Rule:
    """Allow a protocol (`tcp`, `udp`, `icmp`, `icmpv6`, `all` or a number) on ports with peers (default: anyone).

    A peer is a CIDR, a prefix list (handle or `pl-…`), a group (handle or `sg-…`) or a `GroupPeer`.
    For ICMP the ports are (type, code).
    """
    return Rule(protocol, _span(ports), peers or ("0.0.0.0/0",), description)


def self_ref(protocol: str = "all", ports: Ports = None) -> Rule:
    """Allow the group that holds the rule."""
    return Rule(protocol, _span(ports), (SELF,))


def inbound(number: int, action: str, protocol: str, ports: Ports, cidr: str) -> Entry:
    """An inbound entry of a network ACL; for ICMP the ports are (type, code)."""
    return Entry(False, number, action, protocol, _span(ports), cidr)


def outbound(number: int, action: str, protocol: str, ports: Ports, cidr: str) -> Entry:
    """An outbound entry of a network ACL."""
    return Entry(True, number, action, protocol, _span(ports), cidr)


def permissions(rules: list[Rule], group: str, account: str) -> list[Record]:
    """`IpPermissions` as AWS prints them: rules of one protocol and port range are one permission."""
    merged: dict[tuple[str, tuple[int, int] | None], Record] = {}
    for one in rules:
        protocol = "-1" if one.protocol == "all" else one.protocol
        if (protocol, one.ports) not in merged:
            merged[protocol, one.ports] = _permission(protocol, one.ports)
        for peer in one.peers:
            _add_peer(merged[protocol, one.ports], peer, group, account, one.description)
    return list(merged.values())


def _permission(protocol: str, ports: tuple[int, int] | None) -> Record:
    record: Record = {"IpProtocol": protocol}
    if protocol != "-1":
        first, last = ports or ((-1, -1) if protocol.startswith("icmp") else (0, 65535))
        if protocol in ("tcp", "udp", "icmp", "icmpv6", "6", "17", "1", "58"):
            record |= {"FromPort": first, "ToPort": last}
    return record | {"UserIdGroupPairs": [], "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}


def _add_peer(permission: Record, peer: Peer, group: str, account: str, description: str) -> None:
    note = {"Description": description} if description else {}
    if isinstance(peer, GroupPeer) or peer == SELF or id_of(peer).startswith("sg-"):
        permission["UserIdGroupPairs"].append(note | _pair(peer, group, account))
    elif id_of(peer).startswith("pl-"):
        permission["PrefixListIds"].append(note | {"PrefixListId": id_of(peer)})
    elif ":" in id_of(peer):
        permission["Ipv6Ranges"].append(note | {"CidrIpv6": id_of(peer)})
    else:
        permission["IpRanges"].append(note | {"CidrIp": id_of(peer)})


def _pair(peer: Peer, group: str, account: str) -> Record:
    if not isinstance(peer, GroupPeer):
        owner = account if isinstance(peer, str) else owner_of(peer, account)
        return {"UserId": owner, "GroupId": group if peer == SELF else id_of(peer)}
    pair: Record = {"UserId": peer.account, "GroupId": id_of(peer.group)}
    if peer.peering is not None:
        pair |= {"VpcPeeringConnectionId": id_of(peer.peering)}
    if peer.peering_status is not None:
        pair |= {"PeeringStatus": peer.peering_status}
    if peer.vpc is not None:
        pair |= {"VpcId": id_of(peer.vpc)}
    return pair


def owner_of(thing: Identified, default: str) -> str:
    """The account that owns what a handle stands for."""
    record = getattr(thing, "record", {})
    return str(record.get("OwnerId", default))
