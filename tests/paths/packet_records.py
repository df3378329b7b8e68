"""What one packet meets in one place, by the records of a snapshot: network ACLs, security groups, route tables.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html,
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html,
https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

Json = dict[str, Any]

NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}


class UnmodelledError(Exception):
    """The packet meets something that this engine knows nothing about."""


@dataclass(frozen=True)
class Packet:
    """Addresses and ports, the interface that sent it where its address is still that interface's, and what NAT hid."""

    src: str
    dst: str
    protocol: int
    sport: int
    dport: int
    sender: str = ""
    reply: bool = False
    hidden: tuple[tuple[str, str, int], ...] = ()
    """Of each NAT gateway or internet gateway passed: its id, the source address and the port before it."""

    def answer(self) -> Packet:
        return replace(self, src=self.dst, dst=self.src, sport=self.dport, dport=self.sport, reply=True, sender="")


@dataclass(frozen=True)
class Came:
    """How a packet came to the interface: within the VPC, over a peering, or from one attachment to another."""

    attachments: tuple[str, ...] = ()


@cache
def within(address: str, cidr: str) -> bool:
    one, block = ip_address(address), ip_network(cidr, strict=False)
    return one.version == block.version and one in block


def length(cidr: str) -> int:
    return ip_network(cidr, strict=False).prefixlen


def destination_of(record: Json) -> str:
    return str(record.get("DestinationCidrBlock") or record.get("DestinationIpv6CidrBlock") or "")


@dataclass
class Snapshot:
    """The records of a snapshot by their ids."""

    files: Mapping[str, bytes]
    documents: dict[str, list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, content in self.files.items():
            name = path.rsplit("/", 1)[-1].removesuffix(".json")
            if "/ec2/" in path:
                for value in json.loads(content).values():
                    self.documents.setdefault(name, []).extend(value if isinstance(value, list) else [])

    def all(self, operation: str) -> list[Json]:
        return self.documents.get(operation, [])

    def by(self, operation: str, key: str) -> dict[str, Json]:
        return {record[key]: record for record in self.all(operation)}

    def calls(self, operation: str, key: str) -> dict[str, Json]:
        """The answers of a call by the resource that it was made for."""
        return {call["Parameters"][key]: call["Response"] for call in self.all(operation) if "Response" in call}


class Records:
    """The records of a snapshot, and what they say of one packet."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        snapshot = Snapshot(files)
        self.subnets = snapshot.by("describe-subnets", "SubnetId")
        self.interfaces = snapshot.by("describe-network-interfaces", "NetworkInterfaceId")
        self.groups = snapshot.by("describe-security-groups", "GroupId")
        self.nats = snapshot.by("describe-nat-gateways", "NatGatewayId")
        self.peerings = snapshot.by("describe-vpc-peering-connections", "VpcPeeringConnectionId")
        self.hubs = snapshot.by("describe-transit-gateways", "TransitGatewayId")
        self.attachments = snapshot.by("describe-transit-gateway-attachments", "TransitGatewayAttachmentId")
        self.attached = snapshot.by("describe-transit-gateway-vpc-attachments", "TransitGatewayAttachmentId")
        self.vpns = snapshot.by("describe-vpn-connections", "VpnConnectionId")
        self.internet_gateways = snapshot.by("describe-internet-gateways", "InternetGatewayId")
        self.vpcs = {record["VpcId"]: list(_blocks(record)) for record in snapshot.all("describe-vpcs")}
        self.lists = {
            name: [entry["Cidr"] for entry in answer["Entries"]]
            for name, answer in snapshot.calls("get-managed-prefix-list-entries", "PrefixListId").items()
        }
        self.acls = {a["SubnetId"]: acl for acl in snapshot.all("describe-network-acls") for a in acl["Associations"]}
        self.tables: dict[str, Json] = {}
        for table in snapshot.all("describe-route-tables"):
            for association in table["Associations"]:
                self.tables[association.get("SubnetId") or association.get("GatewayId") or table["VpcId"]] = table
        key = "TransitGatewayRouteTableId"
        self.hub_tables = {
            association["TransitGatewayAttachmentId"]: table
            for table, answer in snapshot.calls("get-transit-gateway-route-table-associations", key).items()
            for association in answer["Associations"]
            if association["State"] == "associated"
        }
        self.hub_routes = {
            table: answer["Routes"] for table, answer in snapshot.calls("search-transit-gateway-routes", key).items()
        }
        self.holders = {
            (interface["VpcId"], address): name
            for name, interface in self.interfaces.items()
            for address in addresses_of(interface)
        }
        self.public = {
            interface["Association"]["PublicIp"]: name
            for name, interface in self.interfaces.items()
            if interface.get("Association")
        }

    def acl_allows(self, subnet: str, packet: Packet, *, egress: bool) -> bool:
        entries = [entry for entry in self.acls[subnet]["Entries"] if entry["Egress"] is egress]
        peer = packet.dst if egress else packet.src
        for entry in sorted(entries, key=lambda entry: int(entry["RuleNumber"])):
            if not within(peer, entry.get("CidrBlock") or entry["Ipv6CidrBlock"]):
                continue
            ports = entry.get("PortRange") or {"From": 0, "To": 65535}
            if entry["Protocol"] == "-1" or (
                int(entry["Protocol"]) == packet.protocol and ports["From"] <= packet.dport <= ports["To"]
            ):
                return bool(entry["RuleAction"] == "allow")
        return False

    def crosses(self, one: str, other: str, packet: Packet) -> str:
        """Why a packet does not get from one subnet into another of the network; empty where it does."""
        if one == other or (self.acl_allows(one, packet, egress=True) and self.acl_allows(other, packet, egress=False)):
            return ""
        return f"ACL between {one} and {other}"

    def group_allows(self, interface: str, packet: Packet, came: Came, *, egress: bool) -> bool:
        record = self.interfaces[interface]
        field_name = "IpPermissionsEgress" if egress else "IpPermissions"
        rules = [rule for group in record["Groups"] for rule in self.groups[group["GroupId"]][field_name]]
        return any(
            _covers(rule, packet) and self.is_peer(rule, record["VpcId"], packet, came, egress=egress) for rule in rules
        )

    def is_peer(self, rule: Json, vpc: str, packet: Packet, came: Came, *, egress: bool) -> bool:
        peer = packet.dst if egress else packet.src
        cidrs = [one["CidrIp"] for one in rule["IpRanges"]] + [one["CidrIpv6"] for one in rule["Ipv6Ranges"]]
        for reference in rule["PrefixListIds"]:
            cidrs.extend(self.lists[reference["PrefixListId"]])
        if any(within(peer, cidr) for cidr in cidrs):
            return True
        return any(
            self.is_member(pair["GroupId"], vpc, peer, packet, came, egress=egress) for pair in rule["UserIdGroupPairs"]
        )

    def is_member(self, group: str, vpc: str, peer: str, packet: Packet, came: Came, *, egress: bool) -> bool:
        """Whether the peer is an interface of the group, and the rule's VPC one where the group may be named."""
        if group not in self.groups:
            return False
        home = self.groups[group]["VpcId"]
        member = self.holders.get((home, peer), "") if egress else packet.sender
        if not member or self.interfaces[member]["VpcId"] != home:
            return False
        if group not in {one["GroupId"] for one in self.interfaces[member]["Groups"]}:
            return False
        if home == vpc or any(ends_of(one) == {home, vpc} for one in self.peerings.values() if is_active(one)):
            return True
        return not egress and bool(came.attachments) and self.may_refer(came.attachments)

    def may_refer(self, attachments: tuple[str, ...]) -> bool:
        """Whether groups may be named across the transit gateway between these attachments."""
        records = [self.attached[one] for one in attachments if one in self.attached]
        hubs = [self.hubs[record["TransitGatewayId"]] for record in records]
        switches = [one["Options"].get("SecurityGroupReferencingSupport") for one in (*records, *hubs)]
        return len(records) == 2 and set(switches) == {"enable"}

    def routes(self, subnet: str, address: str) -> list[Json]:
        """The route that decides; several where AWS picks."""
        table = self.tables.get(subnet) or self.tables[self.subnets[subnet]["VpcId"]]
        inside = any(within(address, block) for block in self.vpcs[table["VpcId"]])
        found: list[tuple[int, int, Json]] = []
        for route in table["Routes"]:
            name, propagated = route.get("DestinationPrefixListId"), route["Origin"] == "EnableVgwRoutePropagation"
            if name and name not in self.lists:
                raise UnmodelledError(name)
            rank = 3 if route.get("GatewayId") == "local" else 1 if name else 0 if propagated else 2
            for cidr in self.lists[name] if name else [destination_of(route)]:
                if within(address, cidr) and not (propagated and inside):
                    found.append((length(cidr), rank, route))
        if not found:
            return []
        best = max(found, key=lambda one: one[:2])
        return [best[2]] if best[1] != 1 else _distinct(route for _, rank, route in found if rank == 1)

    def cuts(self, low: int, high: int) -> list[int]:
        """The first and last port of each range that the network ACLs treat alike."""
        edges = {low, high + 1}
        for acl in self.acls.values():
            for entry in acl["Entries"]:
                ports = entry.get("PortRange")
                edges |= {ports["From"], ports["To"] + 1} if ports else set()
        inside = sorted(edge for edge in edges if low <= edge <= high + 1)
        return sorted({port for edge in inside for port in (edge - 1, edge) if low <= port <= high})


def addresses_of(interface: Json) -> list[str]:
    return [one["PrivateIpAddress"] for one in interface["PrivateIpAddresses"]] + [
        one["Ipv6Address"] for one in interface.get("Ipv6Addresses", [])
    ]


def _blocks(vpc: Json) -> Iterator[str]:
    for one in vpc["CidrBlockAssociationSet"]:
        yield one["CidrBlock"]
    for one in vpc.get("Ipv6CidrBlockAssociationSet", []):
        yield one["Ipv6CidrBlock"]


def subnet_blocks(subnet: Json) -> list[str]:
    """The IPv4 CIDR of a subnet and its IPv6 ones."""
    return [subnet["CidrBlock"]] + [one["Ipv6CidrBlock"] for one in subnet.get("Ipv6CidrBlockAssociationSet", [])]


def _covers(rule: Json, packet: Packet) -> bool:
    name = rule["IpProtocol"]
    if name == "-1":
        return True
    same = int(NUMBERS.get(name, 0) or name) == packet.protocol
    return same and (packet.protocol not in (6, 17) or rule["FromPort"] <= packet.dport <= rule["ToPort"])


def ends_of(peering: Json) -> set[str]:
    return {peering["RequesterVpcInfo"]["VpcId"], peering["AccepterVpcInfo"]["VpcId"]}


def is_active(peering: Json) -> bool:
    return bool(peering["Status"]["Code"] == "active")


def target_of(route: Json) -> str:
    names = ("GatewayId", "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "NetworkInterfaceId")
    return next((str(route[name]) for name in names if route.get(name)), "another target")


def _distinct(routes: Iterator[Json]) -> list[Json]:
    return list({target_of(route): route for route in routes}.values())
