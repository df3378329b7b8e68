"""One packet at a time: a second, naive engine to hold the first against; it reads the snapshot's JSON alone.

A connection is walked hop by hop, there and back, with `ipaddress` and plain dictionaries. Where AWS picks (a zone, a
prefix list, a NAT gateway's port) every pick is tried, so what becomes of a connection is a set of outcomes.
`UnmodelledError` is raised where a packet meets what this engine does not know.

The rules are those of https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html,
https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html (what leaves a subnet),
https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html,
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html and
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from paths.packet_records import (
    Came,
    Json,
    Packet,
    Records,
    UnmodelledError,
    destination_of,
    ends_of,
    is_active,
    length,
    subnet_blocks,
    target_of,
    within,
)

INTERNET = "internet"


@dataclass(frozen=True)
class End:
    """Where a packet ended: an interface, a link to a site, the internet; or nowhere, and why."""

    place: str
    packet: Packet
    why: str = ""


class Engine(Records):
    """The snapshot as a network through which packets are sent."""

    def connect(self, start: str, packet: Packet, destination: str) -> set[bool]:
        """What may become of a connection that a place starts: answered, or not."""
        outcomes: set[bool] = set()
        for end in self.send(start, packet):
            if end.place == destination:
                outcomes |= {self.is_at(start, packet, back) for back in self.send(end.place, end.packet.answer())}
            else:
                outcomes.add(False)
        return outcomes

    def is_at(self, start: str, asked: Packet, back: End) -> bool:
        links = start in self.vpns and back.place in self.vpns
        same = (back.packet.dst, back.packet.dport, back.packet.src) == (asked.src, asked.sport, asked.dst)
        return same and (back.place == start or links)

    def send(self, place: str, packet: Packet) -> Iterator[End]:
        """Everything that may become of a packet that a place sends."""
        if place == INTERNET:
            yield from self.from_internet(packet)
        elif place in self.vpns:
            yield from self.from_site(place, packet)
        else:
            record = self.interfaces[place]
            sender = replace(packet, sender=place)
            if not packet.reply and not self.group_allows(place, sender, Came(), egress=True):
                yield End("", packet, f"egress of {place}")
            else:
                yield from self.leave(record["SubnetId"], sender)

    def leave(self, subnet: str, packet: Packet, *, from_hub: tuple[str, ...] = ()) -> Iterator[End]:
        """By the subnet's route table; a neighbour needs none, and from a transit gateway none leads to a gateway."""
        if not from_hub and any(within(packet.dst, block) for block in subnet_blocks(self.subnets[subnet])):
            yield from self.inside(subnet, self.subnets[subnet]["VpcId"], packet, Came(from_hub))
            return
        routes = self.routes(subnet, packet.dst)
        if not routes:
            yield End("", packet, f"no route in {subnet}")
        for route in routes:
            target = target_of(route)
            if route["State"] == "blackhole":
                yield End("", packet, f"blackhole in {subnet}")
            elif target == "local":
                yield from self.inside(subnet, self.subnets[subnet]["VpcId"], packet, Came(from_hub))
            elif target in self.nats:
                yield from self.through_nat(subnet, target, packet)
            elif target.startswith(("pcx-", "tgw-", "igw-")):
                yield from [End("", packet, "transit")] if from_hub else self.out(subnet, target, packet)
            else:
                raise UnmodelledError(target)

    def inside(self, subnet: str, vpc: str, packet: Packet, came: Came) -> Iterator[End]:
        holder = self.holders.get((vpc, packet.dst), "")
        if not holder:
            self.known(vpc, packet.dst)
            yield End("", packet, f"nobody in {vpc} holds {packet.dst}")
            return
        closed = self.crosses(subnet, self.interfaces[holder]["SubnetId"], packet)
        yield from [End("", packet, closed)] if closed else self.arrive(holder, packet, came)

    def known(self, vpc: str, address: str) -> None:
        if any(":" not in block and ip_address(address) == ip_network(block)[2] for block in self.vpcs[vpc]):
            raise UnmodelledError("the VPC's resolver")

    def arrive(self, interface: str, packet: Packet, came: Came) -> Iterator[End]:
        record = self.interfaces[interface]
        if record["InterfaceType"] == "nat_gateway":
            yield from self.back_through_nat(record, packet)
        elif record["InterfaceType"] != "interface":
            raise UnmodelledError(record["InterfaceType"])
        elif packet.reply or self.group_allows(interface, packet, came, egress=False):
            yield End(interface, packet)
        else:
            yield End("", packet, f"ingress of {interface}")

    def out(self, subnet: str, target: str, packet: Packet) -> Iterator[End]:
        """Out of the subnet, into a gateway or a peering."""
        vpc = self.subnets[subnet]["VpcId"]
        if not self.acl_allows(subnet, packet, egress=True):
            yield End("", packet, f"ACL out of {subnet}")
        elif target.startswith("pcx-"):
            yield from self.over_peering(self.peerings.get(target), vpc, packet)
        elif target.startswith("tgw-"):
            yield from self.into_hub(subnet, vpc, target, packet)
        else:
            yield from self.to_internet(target, vpc, packet)

    def over_peering(self, peering: Json | None, vpc: str, packet: Packet) -> Iterator[End]:
        other = next(iter(ends_of(peering) - {vpc}), "") if peering and is_active(peering) else ""
        if not any(within(packet.dst, block) for block in self.vpcs.get(other, [])):
            yield End("", packet, "peering")
        else:
            yield from self.enter(other, packet, Came())

    def enter(self, vpc: str, packet: Packet, came: Came) -> Iterator[End]:
        """From outside straight to the holder's subnet."""
        holder = self.holders.get((vpc, packet.dst), "")
        if not holder:
            self.known(vpc, packet.dst)
            yield End("", packet, f"nobody in {vpc} holds {packet.dst}")
        elif not self.acl_allows(self.interfaces[holder]["SubnetId"], packet, egress=False):
            yield End("", packet, "ACL into the holder's subnet")
        else:
            yield from self.arrive(holder, packet, came)

    def into_hub(self, subnet: str, vpc: str, hub: str, packet: Packet) -> Iterator[End]:
        """By the attachment's subnet in the sender's zone, whose ACL sees the packet come in."""
        zone = self.subnets[subnet]["AvailabilityZoneId"]
        for name, record in self.attached.items():
            if (record["VpcId"], record["TransitGatewayId"]) != (vpc, hub) or record["State"] != "available":
                continue
            for entrance in record["SubnetIds"]:
                if self.subnets[entrance]["AvailabilityZoneId"] == zone:
                    seen = self.acl_allows(entrance, packet, egress=False)
                    yield from self.across(name, zone, packet) if seen else [End("", packet, "ACL of the attachment")]
                    return
        yield End("", packet, f"no way into {hub} from {zone}")

    def across(self, attachment: str, zone: str, packet: Packet) -> Iterator[End]:
        """By the table of the attachment to the next one; a VPC's in the same zone where there is one."""
        routes = self.hub_routes.get(self.hub_tables.get(attachment, ""), [])
        covering = [route for route in routes if within(packet.dst, destination_of(route))]
        if not covering:
            yield End("", packet, f"no route for {attachment}")
            return
        best = max(covering, key=_hub_rank)
        onward = {one["TransitGatewayAttachmentId"] for one in best.get("TransitGatewayAttachments", [])}
        if best["State"] == "blackhole" or not onward:
            yield End("", packet, "blackhole of the transit gateway")
            return
        if len(onward) > 1:
            raise UnmodelledError("equal routes")
        name = onward.pop()
        record = self.attachments[name]
        if record["State"] != "available":
            yield End("", packet, f"{name} is {record['State']}")
            return
        if record["ResourceType"] == "vpn":
            link = record["ResourceId"]
            yield End(link, packet) if self.is_up(link) else End("", packet, f"{link} is down")
            return
        if name not in self.attached:
            raise UnmodelledError(record["ResourceType"])
        exits = self.attached[name]["SubnetIds"]
        near = [one for one in exits if self.subnets[one]["AvailabilityZoneId"] == zone]
        appliance = self.attached[name]["Options"].get("ApplianceModeSupport") == "enable"
        for exit_ in exits if appliance or not near else near:
            yield from self.leave(exit_, packet, from_hub=(attachment, name))

    def is_up(self, link: str) -> bool:
        record = self.vpns[link]
        return record["State"] == "available" and any(one["Status"] == "UP" for one in record["VgwTelemetry"])

    def from_site(self, link: str, packet: Packet) -> Iterator[End]:
        attachment = next((name for name, one in self.attachments.items() if one["ResourceId"] == link), "")
        if not attachment:
            raise UnmodelledError(link)
        up = self.is_up(link) and self.attachments[attachment]["State"] == "available"
        yield from self.across(attachment, "", packet) if up else [End("", packet, f"{link} is down")]

    def through_nat(self, subnet: str, name: str, packet: Packet) -> Iterator[End]:
        """To the gateway in its subnet; from there on with its address and any of its ports."""
        gateway = self.nats[name]
        closed = self.crosses(subnet, gateway["SubnetId"], packet)
        if closed or packet.reply or gateway["State"] != "available" or ":" in packet.src:
            yield End("", packet, closed or f"{name} does not take it")
            return
        own = gateway["NatGatewayAddresses"][0]["PrivateIp"]
        if any(name == passed for passed, _, _ in packet.hidden):
            raise UnmodelledError("a loop")
        for port in self.cuts(1024, 65535):
            hidden = (*packet.hidden, (name, packet.src, packet.sport))
            onward = replace(packet, src=own, sport=port, sender="", hidden=hidden)
            yield from self.leave(gateway["SubnetId"], onward)

    def back_through_nat(self, record: Json, packet: Packet) -> Iterator[End]:
        owner = next((n for n, one in self.nats.items() if _own_interface(one) == record["NetworkInterfaceId"]), "")
        if not packet.reply or not packet.hidden or packet.hidden[-1][0] != owner:
            yield End("", packet, "nothing that the NAT gateway knows")
            return
        _, address, port = packet.hidden[-1]
        returned = replace(packet, dst=address, dport=port, hidden=packet.hidden[:-1])
        yield from self.leave(record["SubnetId"], returned)

    def to_internet(self, gateway: str, vpc: str, packet: Packet) -> Iterator[End]:
        attached = [one["VpcId"] for one in self.internet_gateways.get(gateway, {}).get("Attachments", [])]
        interface = self.interfaces[self.holders[vpc, packet.src]]
        public = packet.src if ":" in packet.src else interface.get("Association", {}).get("PublicIp", "")
        if packet.dst in self.public or any(packet.dst == address for _, address in self.holders):
            raise UnmodelledError("an address of the snapshot by the internet")
        if vpc not in attached or not public or not ip_address(packet.dst).is_global:
            yield End("", packet, f"{gateway} does not take it")
        else:
            yield End(INTERNET, replace(packet, src=public, sender=""))

    def from_internet(self, packet: Packet) -> Iterator[End]:
        """To the holder of the public IPv4 address, or of the IPv6 address itself."""
        six = (name for (_, address), name in self.holders.items() if ":" in address and address == packet.dst)
        interface = self.interfaces.get(self.public.get(packet.dst, "") or next(six, ""))
        attached = {one["VpcId"] for gateway in self.internet_gateways.values() for one in gateway["Attachments"]}
        if interface is None or interface["VpcId"] not in attached:
            yield End("", packet, "nobody has the public address")
        else:
            inside = packet.dst if ":" in packet.dst else interface["PrivateIpAddress"]
            yield from self.enter(interface["VpcId"], replace(packet, dst=inside), Came())


def _hub_rank(route: Json) -> tuple[int, bool, bool]:
    kinds = {one["ResourceType"] for one in route.get("TransitGatewayAttachments", [])}
    return length(destination_of(route)), route["Type"] == "static", "vpc" in kinds


def _own_interface(gateway: Json) -> str:
    return str(gateway["NatGatewayAddresses"][0]["NetworkInterfaceId"])
