"""AWS CLI commands for the mends of a blocked path."""

from __future__ import annotations

from collections.abc import Callable

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Hop
from mwaanet.model.inventory import Inventory
from mwaanet.net import AddressSet, protocol_name
from mwaanet.paths.blocked import BlockedPath


def commands(inventory: Inventory, path: BlockedPath) -> tuple[str, ...]:
    """The commands for the changes that have a plain one, in the order of the path."""
    found = []
    for drop in path.drops:
        make = _MAKERS.get(drop.code)
        if make:
            command = make(inventory, path, drop)
            if command:
                found.append(command)
    return tuple(dict.fromkeys(found))


def _protocol_and_port(drop: Hop) -> tuple[str, str]:
    protocols = drop.packets.protocols
    protocol = protocol_name(protocols.min) if protocols.size == 1 else "-1"
    ports = drop.packets.dport
    if not ports:
        return protocol, ""
    return protocol, str(ports.min) if ports.size == 1 else f"{ports.min}-{ports.max}"


def _block(addresses: AddressSet) -> str:
    """The first address or block of a set, as a CIDR."""
    text = addresses.texts()[0]
    if "-" in text:
        text = text.partition("-")[0]
    if "/" in text:
        return text
    return f"{text}/128" if ":" in text else f"{text}/32"


def _group(direction: str) -> Callable[[Inventory, BlockedPath, Hop], str]:
    def command(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
        protocol, port = _protocol_and_port(drop)
        peer = drop.packets.dst if direction == "egress" else drop.packets.src
        listed = _service_list(inventory, peer)
        if listed:
            low, _, high = (port or "0-65535").partition("-")
            return (
                f"aws ec2 authorize-security-group-{direction} --group-id {drop.component} --ip-permissions "
                f"'IpProtocol={protocol},FromPort={low},ToPort={high or low},"
                f"PrefixListIds=[{{PrefixListId={listed}}}]'"
            )
        ports = f" --port {port}" if port else ""
        return (
            f"aws ec2 authorize-security-group-{direction} --group-id {drop.component} "
            f"--protocol {protocol}{ports} --cidr {_block(peer)}"
        )

    return command


def _service_list(inventory: Inventory, addresses: AddressSet) -> str:
    """The prefix list of the AWS service whose addresses these are; empty where they are nobody's."""
    for name, record in inventory.service_prefix_lists.items():
        if addresses and addresses.issubset(AddressSet.parse(*record.cidrs)):
            return name
    return ""


def _acl(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
    record = inventory.network_acls[drop.component]
    outbound = "outbound" in drop.by or (drop.by == "no entry matches" and bool(drop.packets))
    protocol, port = _protocol_and_port(drop)
    low, _, high = port.partition("-")
    ports = f" --port-range From={low},To={high or low}" if port else ""
    peer = drop.packets.dst if outbound else drop.packets.src
    taken = {entry.rule_number for entry in record.entries if entry.egress == outbound}
    number = next(number for number in range(1, 32767) if number not in taken)
    return (
        f"aws ec2 create-network-acl-entry --network-acl-id {drop.component} "
        f"--{'egress' if outbound else 'ingress'} --rule-number {number} --protocol {protocol}{ports} "
        f"--cidr-block {_block(peer)} --rule-action allow"
    )


_TARGETS = {
    "igw": "gateway-id",
    "nat": "nat-gateway-id",
    "pcx": "vpc-peering-connection-id",
    "tgw": "transit-gateway-id",
    "vgw": "gateway-id",
}


def _replacement(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
    """The command for a route that leads nowhere: there is one already, so a second cannot be created."""
    index = path.drops.index(drop)
    mend = path.undone[index] if index < len(path.undone) else None
    option = _TARGETS.get(mend.target.partition("-")[0]) if mend and mend.block else None
    if mend is None or option is None:
        return _route(inventory, path, drop)
    family = "ipv6-cidr-block" if ":" in mend.block else "cidr-block"
    return (
        f"aws ec2 replace-route --route-table-id {drop.component} --destination-{family} {mend.block} "
        f"--{option} {mend.target}"
    )


def _route(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
    index = path.resources.index(drop.component) if drop.component in path.resources else -1
    following = path.resources[index + 1] if 0 <= index < len(path.resources) - 1 else ""
    if following.startswith("vpce-"):
        return f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {following} --add-route-table-ids {drop.component}"
    return ""


def _endpoint_state(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
    endpoint = inventory.vpc_endpoints.get(drop.component)
    service = inventory.endpoint_services.get(endpoint.service_name) if endpoint else None
    if service is None:
        return ""
    return (
        f"aws ec2 accept-vpc-endpoint-connections --service-id {service.service_id} --vpc-endpoint-ids {drop.component}"
    )


def _authorize(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
    return (
        f"aws ec2 authorize-client-vpn-ingress --client-vpn-endpoint-id {drop.component} "
        f"--target-network-cidr {_block(drop.packets.dst)} --authorize-all-groups"
    )


def _client_vpn_route(inventory: Inventory, path: BlockedPath, drop: Hop) -> str:
    return (
        f"aws ec2 create-client-vpn-route --client-vpn-endpoint-id {drop.component} "
        f"--destination-cidr-block {_block(drop.packets.dst)} --target-vpc-subnet-id {drop.also[0]}"
    )


_MAKERS: dict[Code, Callable[[Inventory, BlockedPath, Hop], str]] = {
    Code.SECURITY_GROUP_EGRESS: _group("egress"),
    Code.SECURITY_GROUP_INGRESS: _group("ingress"),
    Code.NETWORK_ACL_DENIES: _acl,
    Code.CLIENT_VPN_NOT_AUTHORIZED: _authorize,
    Code.CLIENT_VPN_NO_ROUTE: _client_vpn_route,
    Code.NO_ROUTE: _route,
    Code.ROUTE_BLACKHOLE: _replacement,
    Code.ENDPOINT_STATE: _endpoint_state,
}
