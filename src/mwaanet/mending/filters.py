"""What opens security groups and network ACLs: for the stopped packets alone, and to a group where that is narrower."""

from __future__ import annotations

from mwaanet.fixes.change import Change
from mwaanet.fixes.network_acl_entry import NetworkAclEntry
from mwaanet.fixes.security_group_rule import SecurityGroupRule
from mwaanet.graph.codes import Code
from mwaanet.graph.network_acl import HIGHEST_NUMBER
from mwaanet.mending.stop import Stop, blocks, made_in
from mwaanet.model.unknown import Unknown
from mwaanet.net import TCP, UDP, AddressSet, protocol_name


def group_rules(stop: Stop) -> tuple[Change, ...]:
    """Rules for the peers of the stopped packets: a prefix list, a security group, or CIDRs."""
    outbound = stop.drop.code is Code.SECURITY_GROUP_EGRESS
    group = stop.inventory.security_groups.get(stop.drop.component)
    peers = stop.packets.dst if outbound else stop.packets.src
    listed = _service_list(stop, peers) if outbound else ""
    member = "" if listed else _peer_group(stop, peers, group.vpc_id if group else "", outbound=outbound)
    cidrs = () if listed or member else blocks(stop.network, peers)
    protocol = protocol_name(stop.protocol) if stop.protocol is not None else "-1"
    return tuple(
        SecurityGroupRule(
            **made_in(stop.inventory, group),
            group=stop.drop.component,
            outbound=outbound,
            protocol=protocol,
            low=low,
            high=high,
            cidr=cidr,
            peer_group=member,
            prefix_list=listed,
        )
        for low, high in _ports(stop)
        for cidr in (cidrs or ("",))
    )


def _ports(stop: Stop) -> tuple[tuple[int, int], ...]:
    """The port ranges; (-1, -1) for protocols without any."""
    if stop.protocol not in (TCP, UDP):
        return ((-1, -1),)
    return stop.ports.spans


def _service_list(stop: Stop, addresses: AddressSet) -> str:
    """The prefix list of the AWS service whose addresses these are; empty where they are nobody's."""
    for name, record in stop.inventory.service_prefix_lists.items():
        if addresses and addresses.issubset(AddressSet.parse(*record.cidrs)):
            return name
    return ""


def _peer_group(stop: Stop, peers: AddressSet, vpc: str, *, outbound: bool) -> str:
    """A security group that stands for the peers: of workers, or of an endpoint's interfaces, in the same VPC."""
    network, rest, shared = stop.network, peers, None
    for interface in map(network.interface, network.virtual_interfaces):
        if not outbound and interface.vpc == vpc and interface.addresses & peers:
            rest = rest - interface.addresses
            shared = _common(shared, interface.groups)
    for endpoint in stop.inventory.vpc_endpoints_of(vpc) if outbound else ():
        held = AddressSet.NONE
        for one in endpoint.network_interface_ids:
            held = held | (network.interface(one).addresses if network.knows_interface(one) else AddressSet.NONE)
        if held & peers:
            rest = rest - held
            shared = _common(shared, tuple(group.group_id for group in endpoint.groups))
    return shared[0] if shared and not rest else ""


def _common(found: tuple[str, ...] | None, groups: tuple[str, ...]) -> tuple[str, ...]:
    return groups if found is None else tuple(group for group in found if group in groups)


def acl_entries(stop: Stop) -> tuple[Change, ...]:
    """Entries before the one that denies, for what enters or leaves the ACL's subnets; none where no number is free."""
    acl = stop.inventory.network_acls[stop.drop.component]
    outbound = "outbound" in stop.drop.by
    packets = stop.packets
    inside = AddressSet.NONE
    for subnet in stop.inventory.subnets:
        found = stop.inventory.network_acl_of(subnet)
        if not isinstance(found, Unknown) and found.network_acl_id == acl.network_acl_id:
            inside = inside | stop.inventory.subnet_cidrs(subnet)
    own, far = (packets.src, packets.dst) if outbound else (packets.dst, packets.src)
    peers = far if own & inside else AddressSet.NONE
    taken = {entry.rule_number for entry in acl.entries if entry.egress == outbound}
    wanted = [(*ports, cidr) for ports in _ports(stop) for cidr in blocks(stop.network, peers)]
    numbers = [_free(taken, _denial(stop)) for _ in wanted]
    return tuple(
        NetworkAclEntry(
            **made_in(stop.inventory, acl),
            acl=acl.network_acl_id,
            outbound=outbound,
            number=number,
            protocol=-1 if stop.protocol is None else stop.protocol,
            cidr=cidr,
            low=low,
            high=high,
        )
        for number, (low, high, cidr) in zip(numbers, wanted, strict=True)
        if number and all(numbers)
    )


def _denial(stop: Stop) -> int:
    """The number of the entry that denies, before which the new one has to be."""
    _, found, rest = stop.drop.by.partition(" rule ")
    number = rest.partition(":")[0]
    return int(number) if found and number.isdigit() else HIGHEST_NUMBER + 1


def _free(taken: set[int], before: int) -> int:
    """A free number before another, which it takes: ten after the last one there, or nearer; 0 where none is free."""
    below = max((number for number in taken if number < before), default=0)
    step = 10 if before - below > 10 else 1
    number = below + step
    if number >= before:
        number = next((one for one in range(before - 1, 0, -1) if one not in taken), 0)
    taken.add(number)
    return number
