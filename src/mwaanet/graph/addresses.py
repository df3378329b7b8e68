"""Who holds which address: the part of the network that turns addresses into interfaces and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from mwaanet.graph.interface import Interface
from mwaanet.graph.prefix_table import Prefix, PrefixTable
from mwaanet.graph.record_lookup import RecordLookup
from mwaanet.model.load_balancer import LoadBalancer
from mwaanet.model.network_interface import NetworkInterface
from mwaanet.model.unknown import Unknown
from mwaanet.model.virtual_interface import VirtualInterface
from mwaanet.net import AddressSet


def _first(covering: Sequence[Prefix[str]]) -> str:
    return covering[-1].payload


class Addresses(RecordLookup):
    """Interfaces by id and by address. All tables are built when first asked for, and kept."""

    def __init__(self) -> None:
        self._interfaces: dict[str, Interface] = {}
        self._by_subnet: dict[str, PrefixTable[str]] = {}
        self._by_vpc: dict[str, PrefixTable[str]] = {}
        self._public: dict[str, tuple[PrefixTable[str], PrefixTable[str]]] = {}

    @cached_property
    def virtual_interfaces(self) -> dict[str, VirtualInterface]:
        """Virtual interfaces by id."""
        return {virtual.id: virtual for virtual in self.inventory.virtual_interfaces}

    @cached_property
    def _virtual_by_subnet(self) -> dict[str, list[VirtualInterface]]:
        result: dict[str, list[VirtualInterface]] = {}
        for virtual in self.virtual_interfaces.values():
            result.setdefault(virtual.subnet_id, []).append(virtual)
        return result

    def knows_interface(self, interface_id: str) -> bool:
        """Whether an interface of this id is in the snapshot."""
        return interface_id in self.inventory.network_interfaces or interface_id in self.virtual_interfaces

    def interface(self, interface_id: str) -> Interface:
        """The interface of this id; KeyError where there is none."""
        found = self._interfaces.get(interface_id)
        if found is None:
            record = self.inventory.network_interfaces.get(interface_id)
            if record is not None:
                found = self._of_record(record)
            else:
                found = self._of_virtual(self.virtual_interfaces[interface_id])
            self._interfaces[interface_id] = found
        return found

    def _of_record(self, record: NetworkInterface) -> Interface:
        public = tuple(
            (address.private_ip_address, address.association.public_ip)
            for address in record.private_ip_addresses
            if address.association and address.association.public_ip
        )
        return Interface(
            id=record.network_interface_id,
            vpc=record.vpc_id,
            subnet=record.subnet_id,
            groups=tuple(group.group_id for group in record.groups),
            addresses=self.inventory.interface_addresses(record),
            public=public,
            checked=record.source_dest_check,
            kind=record.interface_type,
            origin=record.origin,
        )

    def _of_virtual(self, virtual: VirtualInterface) -> Interface:
        return Interface(
            id=virtual.id,
            vpc=self.vpc_of(virtual.subnet_id),
            subnet=virtual.subnet_id,
            groups=virtual.groups,
            addresses=self._free_addresses(virtual.subnet_id),
            kind="virtual",
            origin=virtual.origin,
        )

    def _free_addresses(self, subnet_id: str) -> AddressSet:
        """Every usable address of the subnet that no interface holds.

        AWS reserves the first four addresses of each CIDR and the last
        (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
        """
        free = self.inventory.usable_addresses(subnet_id)
        for record in self.inventory.interfaces_in(subnet_id):
            free = free - self.inventory.interface_addresses(record)
        return free

    def interfaces_by_address(self, subnet_id: str) -> PrefixTable[str]:
        """The ids of the interfaces of a subnet by the addresses they hold."""
        table = self._by_subnet.get(subnet_id)
        if table is None:
            records = self.inventory.interfaces_in(subnet_id)
            held = [(self.inventory.interface_addresses(record), record.network_interface_id) for record in records]
            virtual = self._virtual_by_subnet.get(subnet_id, ())[:1]
            held.extend((self.interface(one.id).addresses, one.id) for one in virtual)
            table = PrefixTable.build(held, _first)
            self._by_subnet[subnet_id] = table
        return table

    def subnets_by_address(self, vpc_id: str) -> PrefixTable[str]:
        """The ids of a VPC's subnets by their CIDRs."""
        table = self._by_vpc.get(vpc_id)
        if table is None:
            subnets = self.inventory.subnets_of(vpc_id)
            entries = ((self.inventory.subnet_cidrs(subnet.subnet_id), subnet.subnet_id) for subnet in subnets)
            table = PrefixTable.build(entries, _first)
            self._by_vpc[vpc_id] = table
        return table

    def interface_holding(self, vpc_id: str, addresses: AddressSet) -> str:
        """The id of the interface of the VPC that holds the (first of the) addresses; KeyError where none does."""
        for subnet, part in self.subnets_by_address(vpc_id).split(addresses)[0]:
            for interface, _ in self.interfaces_by_address(subnet).split(part)[0]:
                return interface
        raise KeyError(f"{addresses} in {vpc_id}")

    def target_addresses(self, target: str, vpc_id: str) -> AddressSet | Unknown:
        """The private address of a load balancer's target: an IP target's own, an instance's primary one."""
        if target.startswith("i-"):
            interfaces = self.inventory.instance_interfaces(target)
            if not interfaces:
                place = self.place_of_vpc(vpc_id)
                unread = self.inventory.unknown("ec2", "describe-network-interfaces", *place)
                needs = unread.needs if unread else ()
                return Unknown(reason=f"the interface of target {target} is not in the snapshot", needs=needs)
            return AddressSet.parse(interfaces[0].private_ip_address)
        try:
            return AddressSet.parse(target)
        except ValueError:
            return Unknown(reason=f"targets of the kind of {target} are not modelled", needs=())

    def balancer_interface(self, balancer: LoadBalancer, subnet_id: str) -> Interface | None:
        """The network interface of a load balancer in one of its subnets.

        AWS names it in the description, `ELB net/<name>/<id>`
        (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html).
        """
        name = balancer.load_balancer_arn.partition(":loadbalancer/")[2]
        for record in self.inventory.interfaces_in(subnet_id):
            if record.description == f"ELB {name}":
                return self.interface(record.network_interface_id)
        return None

    def public_holders(self, addresses: AddressSet) -> list[tuple[AddressSet, str]]:
        """Which of the addresses are public addresses of interfaces, and of which."""
        return [
            (held, interface)
            for held, _, interface in self.inventory.public_holders_among(addresses)
            if interface and self.knows_interface(interface)
        ]

    def publicly_held(self, addresses: AddressSet) -> AddressSet:
        """Which of the addresses can be reached publicly at some VPC's interface or NAT gateway."""
        found = AddressSet.NONE
        for held, _, _ in self.inventory.public_holders_among(addresses):
            found = found | held
        return found

    def public_by_private(self, vpc_id: str) -> PrefixTable[str]:
        """Public IPv4 addresses of a VPC's interfaces by the private ones that an internet gateway translates."""
        return self._public_tables(vpc_id)[0]

    def private_by_public(self, vpc_id: str) -> PrefixTable[str]:
        """The inverse of `public_by_private`."""
        return self._public_tables(vpc_id)[1]

    def _public_tables(self, vpc_id: str) -> tuple[PrefixTable[str], PrefixTable[str]]:
        tables = self._public.get(vpc_id)
        if tables is None:
            pairs = sorted(self._public_pairs(vpc_id))
            tables = (
                PrefixTable.build(((AddressSet.parse(private), public) for private, public in pairs), _first),
                PrefixTable.build(((AddressSet.parse(public), private) for private, public in pairs), _first),
            )
            self._public[vpc_id] = tables
        return tables

    def _public_pairs(self, vpc_id: str) -> set[tuple[str, str]]:
        pairs: set[tuple[str, str]] = set()
        for subnet in self.inventory.subnets_of(vpc_id):
            for record in self.inventory.interfaces_in(subnet.subnet_id):
                pairs.update(self.interface(record.network_interface_id).public)
        for gateway in self.inventory.nat_gateways_of(vpc_id):
            pairs.update(
                (address.private_ip, address.public_ip)
                for address in gateway.nat_gateway_addresses
                if address.private_ip and address.public_ip
            )
        return pairs

    def group_addresses_seen_from(self, group_id: str, vpc_id: str, *also: str) -> AddressSet | Unknown:
        """The private addresses of a group's interfaces that a rule of an interface in `vpc_id` means.

        Those in the same VPC and in VPCs of the same Region with an active peering to it
        (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html); `also` are VPCs that count as
        peered too.
        """
        meant = AddressSet.NONE
        vpcs = {vpc_id, *self.inventory.peered_vpcs(vpc_id), *also}
        for record in self.inventory.interfaces_with_group(group_id):
            if record.vpc_id in vpcs:
                meant = meant | self.interface(record.network_interface_id).addresses
        for virtual in self.virtual_interfaces.values():
            if group_id in virtual.groups and self.vpc_of(virtual.subnet_id) in vpcs:
                meant = meant | self.interface(virtual.id).addresses
        if not meant and group_id not in self.inventory.security_groups:
            return self.unseen_group(group_id) or meant
        return meant
