"""The names that EC2 gives to addresses: `ip-10-0-0-5.ec2.internal`, `ec2-203-0-113-5.compute-1.amazonaws.com`.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html: the VPC's resolver knows them, and answers a public name
of its own VPC with the private address, and so one of a peered VPC that allows DNS resolution from the other side
(https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html). With DNS hostnames on, autodefined rules keep
them from forwarding rules for less specific domains
(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-autodefined-rules.html).

Not modelled: names made of an instance's id.
"""

from __future__ import annotations

import re
from typing import Final

from mwaanet.model.inventory import Inventory
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Resolution, Step, answered, unsettled
from mwaanet.net import AddressSet

_NUMBERS: Final = r"(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})"
_PRIVATE: Final = re.compile(rf"ip-{_NUMBERS}\.(ec2|[a-z0-9-]+\.compute)\.internal")
_INSTANCE: Final = re.compile(r"i-[0-9a-f]+\.(ec2|[a-z0-9-]+\.compute)\.internal")
_PUBLIC: Final = re.compile(rf"ec2-{_NUMBERS}\.(compute-1|[a-z0-9-]+\.compute)\.amazonaws\.com(\.cn)?")


def zone_of(name: str) -> str:
    """The domain whose autodefined rule keeps a name in the VPC; empty for names that are not EC2's."""
    if _PRIVATE.fullmatch(name) or _INSTANCE.fullmatch(name) or _PUBLIC.fullmatch(name):
        return name.partition(".")[2]
    return ""


def ask_vpc(inventory: Inventory, name: str, vpc_id: str) -> Resolution | None:
    """What a VPC's resolver answers for a name of EC2's; None for other names."""
    private = _PRIVATE.fullmatch(name)
    if private:
        return _address(name, private, f"{name} names its address")
    if _INSTANCE.fullmatch(name):
        text = f"{name} is a name by instance id; whether the VPC answers it is not in the snapshot"
        return unsettled(name, Step(component=vpc_id, text=text))
    public = ask_public(name)
    if public is None:
        return None
    for _, holder, interface_id in inventory.public_holders_among(public.addresses):
        record = inventory.network_interfaces.get(interface_id)
        near = holder == vpc_id or _resolved_across(inventory, vpc_id, holder)
        if isinstance(near, Unknown):
            text = f"whether {vpc_id} resolves {name} to a private address of {holder} is not known"
            return unsettled(name, Step(component=vpc_id, text=text), near)
        if not near or record is None:
            continue
        for address in record.private_ip_addresses:
            if address.association and address.association.public_ip in public.addresses:
                text = f"{name} is {interface_id} of {'this VPC' if holder == vpc_id else holder}"
                step = Step(component=interface_id, text=text, origin=record.origin)
                return answered(name, AddressSet.parse(address.private_ip_address), step)
    return public


def _resolved_across(inventory: Inventory, vpc_id: str, holder: str) -> bool | Unknown:
    """Whether a peering gives a VPC private addresses for the public names of another; both need DNS hostnames."""
    ends = [
        end
        for peering in inventory.peerings_of(vpc_id)
        if same_state(peering.status.code, "active")
        for end in (peering.requester_vpc_info, peering.accepter_vpc_info)
    ]
    if not any(end.vpc_id == holder and end.peering_options.allow_dns_resolution_from_remote_vpc for end in ends):
        return inventory.unseen_in(vpc_id, "describe-vpc-peering-connections") or False
    hostnames = [inventory.vpc_attribute(vpc, "enableDnsHostnames") for vpc in (vpc_id, holder)]
    unknown = next((one for one in hostnames if isinstance(one, Unknown)), None)
    return False if False in hostnames else unknown or True


def ask_public(name: str) -> Resolution | None:
    """What public DNS answers for a public name of EC2's; None for other names."""
    public = _PUBLIC.fullmatch(name)
    return _address(name, public, f"{name} names its public address", public=True) if public else None


def _address(name: str, match: re.Match[str], text: str, *, public: bool = False) -> Resolution | None:
    try:
        address = AddressSet.parse(".".join(str(int(part)) for part in match.groups()[:4]))
    except ValueError:
        return None
    answer = answered(name, address, Step(component="", text=text))
    return answer.made_public() if public else answer
