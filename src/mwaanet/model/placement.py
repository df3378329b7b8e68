"""Where things lie: CIDRs, subnets, interfaces, the tables and ACLs that apply to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from ipaddress import ip_network

from mwaanet.errors import SnapshotError
from mwaanet.model.collections import Collections
from mwaanet.model.environment import Environment
from mwaanet.model.grouping import grouped
from mwaanet.model.network_acl import NetworkAcl
from mwaanet.model.network_interface import NetworkInterface
from mwaanet.model.record import Origin
from mwaanet.model.route_table import RouteTable
from mwaanet.model.state import same_state
from mwaanet.model.subnet import Subnet
from mwaanet.model.unknown import Unknown
from mwaanet.model.virtual_interface import VirtualInterface
from mwaanet.model.vpc import Vpc
from mwaanet.net import EMPTY, AddressSet, Intervals
from mwaanet.net.address import address_text, parse_address
from mwaanet.net.public_addresses import PUBLIC
from mwaanet.snapshot import GLOBAL, CallRef


def parse_addresses(origin: Origin | None, field: str, *texts: str) -> AddressSet:
    """The addresses that texts of a record mean; SnapshotError naming the record where one means none."""
    try:
        return AddressSet.parse(*texts)
    except ValueError as error:
        file = origin.document.path or origin.document.file if origin else ""
        raise SnapshotError(file, f"{origin.pointer if origin else ''}/{field}", str(error)) from error


class Placement(Collections):
    """Questions about where things lie."""

    focus: Environment | None = None
    """The environment whose workers have the plain names; of several in one subnet it comes first."""

    def vpc_cidrs(self, vpc_id: str) -> AddressSet:
        """Every associated CIDR of a VPC, primary, secondary and IPv6; empty for a VPC not in the snapshot."""
        found = self._vpc_cidrs.get(vpc_id)
        if found is None:
            vpc = self.vpcs.get(vpc_id)
            found = self._vpc_cidrs[vpc_id] = self._cidrs_of(vpc) if vpc else AddressSet.NONE
        return found

    @cached_property
    def _vpc_cidrs(self) -> dict[str, AddressSet]:
        return {}

    @cached_property
    def _subnet_cidrs(self) -> dict[str, AddressSet]:
        return {}

    def public_ipv6(self, vpc_id: str) -> AddressSet:
        """A VPC's IPv6 addresses that AWS advertises on the internet; every public one where the VPC is not known.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcIpv6CidrBlockAssociation.html
        """
        found = self._public_ipv6.get(vpc_id)
        if found is None:
            vpc = self.vpcs.get(vpc_id)
            blocks = _ipv6_texts(vpc, only_public=True) if vpc else ["::/0"]
            found = self._public_ipv6[vpc_id] = AddressSet.parse(*blocks) & PUBLIC
        return found

    @cached_property
    def _public_ipv6(self) -> dict[str, AddressSet]:
        return {}

    def vpc_blocks(self, vpc_id: str) -> list[str]:
        """The associated CIDRs of a VPC as texts, none for a VPC not in the snapshot."""
        vpc = self.vpcs.get(vpc_id)
        return _vpc_texts(vpc) if vpc else []

    def _cidrs_of(self, vpc: Vpc) -> AddressSet:
        return AddressSet.parse(*_vpc_texts(vpc))

    def subnet_cidrs(self, subnet_id: str) -> AddressSet:
        """The CIDRs of a subnet; empty for a subnet not in the snapshot."""
        found = self._subnet_cidrs.get(subnet_id)
        if found is None:
            subnet = self.subnets.get(subnet_id)
            found = self._subnet_cidrs[subnet_id] = AddressSet.parse(*(_blocks(subnet) if subnet else []))
        return found

    def usable_addresses(self, subnet_id: str) -> AddressSet:
        """The addresses of a subnet but those that AWS reserves: the first four of each CIDR and the last.

        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
        """
        subnet = self.subnets.get(subnet_id)
        usable = AddressSet.NONE
        for block in _blocks(subnet) if subnet else []:
            network = ip_network(block)
            first, last = int(network.network_address), int(network.broadcast_address)
            if last - first > 4:
                span = Intervals.of((first + 4, last - 1))
                usable = usable | (AddressSet(span, EMPTY) if network.version == 4 else AddressSet(EMPTY, span))
        return usable

    def router_addresses(self, subnet_id: str) -> AddressSet:
        """The address of the VPC's router in a subnet: the second of its CIDR."""
        subnet = self.subnets.get(subnet_id)
        return _address_in(subnet.cidr_block, 1) if subnet and subnet.cidr_block else AddressSet.NONE

    def resolver_address(self, vpc_id: str) -> AddressSet:
        """The VPC's own DNS server: the third address of its primary CIDR.

        https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
        """
        vpc = self.vpcs.get(vpc_id)
        return _address_in(vpc.cidr_block, 2) if vpc else AddressSet.NONE

    @cached_property
    def _subnets_by_vpc(self) -> Mapping[str, list[Subnet]]:
        return grouped(self.subnets.values(), lambda subnet: (subnet.vpc_id,))

    def subnets_of(self, vpc_id: str) -> Sequence[Subnet]:
        """The subnets of a VPC."""
        return self._subnets_by_vpc.get(vpc_id, [])

    @cached_property
    def _interfaces_by_subnet(self) -> Mapping[str, list[NetworkInterface]]:
        return grouped(self.network_interfaces.values(), lambda record: (record.subnet_id,))

    def interfaces_in(self, subnet_id: str) -> Sequence[NetworkInterface]:
        """The network interfaces of a subnet."""
        return self._interfaces_by_subnet.get(subnet_id, [])

    @cached_property
    def _interfaces_by_vpc(self) -> Mapping[str, list[NetworkInterface]]:
        return grouped(self.network_interfaces.values(), lambda record: (record.vpc_id,))

    def interfaces_of(self, vpc_id: str) -> Sequence[NetworkInterface]:
        """The network interfaces of a VPC."""
        return self._interfaces_by_vpc.get(vpc_id, [])

    @cached_property
    def _interfaces_by_group(self) -> Mapping[str, list[NetworkInterface]]:
        return grouped(self.network_interfaces.values(), lambda record: (group.group_id for group in record.groups))

    def interfaces_with_group(self, group_id: str) -> Sequence[NetworkInterface]:
        """The network interfaces in a security group."""
        return self._interfaces_by_group.get(group_id, [])

    def interface_addresses(self, record: NetworkInterface) -> AddressSet:
        """Every address an interface holds: private, IPv6 and delegated prefixes."""
        texts = [address.private_ip_address for address in record.private_ip_addresses]
        if record.private_ip_address and not texts:
            texts.append(record.private_ip_address)
        texts.extend(address.ipv6_address for address in record.ipv6_addresses)
        texts.extend(prefix.ipv4_prefix for prefix in record.ipv4_prefixes)
        texts.extend(prefix.ipv6_prefix for prefix in record.ipv6_prefixes)
        return AddressSet.parse(*texts)

    @cached_property
    def _attached(self) -> Mapping[str, list[NetworkInterface]]:
        """The interfaces that say which instance they are attached to, by instance."""
        return grouped(
            (record for record in self.network_interfaces.values() if record.attachment),
            lambda record: (record.attachment.instance_id if record.attachment else "",),
        )

    @cached_property
    def _instance_of_interface(self) -> Mapping[str, str]:
        """The instance that lists an interface, whatever the interface says."""
        return {
            interface.network_interface_id: instance.instance_id
            for instance in self.instances.values()
            for interface in instance.network_interfaces
        }

    def instance_interfaces(self, instance_id: str) -> Sequence[NetworkInterface]:
        """The network interfaces of an instance, the primary one (device 0) first: those that say so, or it lists.

        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
        """
        attached = self._attached.get(instance_id, [])
        instance = self.instances.get(instance_id)
        held = {record.network_interface_id for record in attached}
        listed = (one.network_interface_id for one in instance.network_interfaces) if instance else ()
        found = [*attached, *(self.network_interfaces[name] for name in listed if name not in held)]
        return sorted(found, key=lambda record: record.attachment.device_index if record.attachment else 0)

    def runs_windows(self, interface_id: str) -> bool | None:
        """Whether the interface belongs to an instance that says it runs Windows; None for one that was not read."""
        record = self.network_interfaces.get(interface_id)
        attached = record.attachment.instance_id if record and record.attachment else ""
        holder = attached or self._instance_of_interface.get(interface_id, "")
        instance = self.instances.get(holder)
        if instance is None:
            return None if holder else False
        return "windows" in (instance.platform or instance.platform_details).lower()

    @cached_property
    def _explicit_tables(self) -> tuple[dict[str, RouteTable], dict[str, RouteTable], dict[str, RouteTable]]:
        subnets: dict[str, RouteTable] = {}
        mains: dict[str, RouteTable] = {}
        gateways: dict[str, RouteTable] = {}
        for table in self.route_tables.values():
            for association in table.associations:
                if not same_state(association.association_state.state, "associated", "associating"):
                    continue
                if association.subnet_id:
                    subnets[association.subnet_id] = table
                if association.gateway_id:
                    gateways[association.gateway_id] = table
                if association.main:
                    mains[table.vpc_id] = table
        return subnets, mains, gateways

    def route_table_of(self, subnet_id: str) -> RouteTable | Unknown:
        """The route table of a subnet: explicitly associated, else the VPC's main one.

        https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
        """
        explicit, mains, _ = self._explicit_tables
        table = explicit.get(subnet_id)
        if table is not None:
            return table
        subnet = self.subnets.get(subnet_id)
        if subnet is None:
            return self._unseen_subnet(subnet_id)
        unknown = self._owners_call("describe-route-tables", subnet)
        if unknown:
            return unknown
        return mains.get(subnet.vpc_id) or Unknown(
            reason=f"the main route table of {subnet.vpc_id} is not in the snapshot"
        )

    def gateway_route_table(self, gateway_id: str) -> RouteTable | None:
        """The route table associated with a gateway's edge; None where there is none."""
        return self._explicit_tables[2].get(gateway_id)

    @cached_property
    def _acls_by_subnet(self) -> Mapping[str, NetworkAcl]:
        return {a.subnet_id: acl for acl in self.network_acls.values() for a in acl.associations}

    @cached_property
    def _default_acls(self) -> Mapping[str, NetworkAcl]:
        return {acl.vpc_id: acl for acl in self.network_acls.values() if acl.is_default}

    def network_acl_of(self, subnet_id: str) -> NetworkAcl | Unknown:
        """The network ACL of a subnet: associated, else the VPC's default one."""
        acl = self._acls_by_subnet.get(subnet_id)
        if acl is not None:
            return acl
        subnet = self.subnets.get(subnet_id)
        if subnet is None:
            return self._unseen_subnet(subnet_id)
        unknown = self._owners_call("describe-network-acls", subnet)
        if unknown:
            return unknown
        return self._default_acls.get(subnet.vpc_id) or Unknown(
            reason=f"the network ACL of {subnet_id} is not in the snapshot"
        )

    def _unseen_subnet(self, subnet_id: str) -> Unknown:
        gap = self.unseen_anywhere("describe-subnets")
        return Unknown(reason=f"{subnet_id} is not in the snapshot", needs=gap.needs if gap else ())

    def _owners_call(self, operation: str, subnet: Subnet) -> Unknown | None:
        return self.unknown("ec2", operation, *self.owner_place(subnet))

    def unseen_in(self, vpc_id: str, operation: str) -> Unknown | None:
        """Why the snapshot may lack something of a VPC: only the list of the VPC's owner proves that it is not there.

        https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
        """
        holder = self.vpcs.get(vpc_id) or next(iter(self.subnets_of(vpc_id)), None)
        if holder is not None:
            return self.unknown("ec2", operation, *self.owner_place(holder))
        owner = CallRef(*self.home, "ec2", "describe-vpcs")
        return Unknown(reason=f"{vpc_id or 'the VPC'}, and so its owner, is not in the snapshot", needs=(owner,))

    def unseen_vpc(self, vpc_id: str) -> Unknown:
        """Why a VPC is not in the snapshot: some account's list was not read, or its owner's is missing."""
        gap = self.unseen_anywhere("describe-vpcs")
        owner = CallRef("", self.home[1], "ec2", "describe-vpcs")
        return Unknown(reason=f"{vpc_id} is not in the snapshot", needs=gap.needs if gap else (owner,))

    def unseen_group_of(self, group_id: str) -> Unknown | None:
        """Why a security group may be missing: an account that owns a VPC in which it is used, or any other, has it."""
        operation = "describe-security-groups"
        vpcs = dict.fromkeys(record.vpc_id for record in self.interfaces_with_group(group_id))
        gaps = (self.unseen_in(vpc, operation) for vpc in vpcs)
        return next((gap for gap in gaps if gap), None) or self.unseen_anywhere(operation)

    def unseen_anywhere(self, operation: str, service: str = "ec2") -> Unknown | None:
        """Why the snapshot may lack something of which nothing tells the owner: some account's list was not read."""
        accounts = self.snapshot.manifest.accounts
        places = [(account, region) for account, regions in accounts.items() for region in regions if region != GLOBAL]
        gaps = (self.unknown(service, operation, *place) for place in places or [self.home])
        return next((gap for gap in gaps if gap), None)

    def owner_place(self, record: Vpc | Subnet) -> tuple[str, str]:
        """The account that owns a VPC or subnet, and its Region."""
        return self.owner_of(record), self.place(record)[1]

    def owner_of(self, record: Vpc | Subnet) -> str:
        """The account that owns a VPC or subnet; where it was read, if the record does not say."""
        account = self.place(record)[0]
        return record.owner_id if record.owner_id and self.names_owners(account) else account

    def names_owners(self, account: str) -> bool:
        """Whether the records read from an account name their owners as the account is named.

        In a foreign folder an account may have a nickname, or owners that were made unrecognisable, each differently.
        """
        return self.snapshot.native or (account in self._own_names and self._owners_agree)

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """The accounts that own something that was read from them."""
        holders = (self.vpcs, self.subnets, self.security_groups, self.network_interfaces, self.vpc_endpoints)
        records = (record for holder in holders for record in holder.values())
        return frozenset(record.owner_id for record in records if record.owner_id == self.place(record)[0])

    @cached_property
    def _owners_agree(self) -> bool:
        """Whether every subnet has the owner of its VPC, as it must."""
        pairs = ((subnet, self.vpcs.get(subnet.vpc_id)) for subnet in self.subnets.values())
        return all(vpc is None or vpc.owner_id == subnet.owner_id for subnet, vpc in pairs)

    def zone_id(self, subnet: Subnet) -> str:
        """AZ ID of a subnet: its own, else as its account names the zones, else the zone's name."""
        return subnet.availability_zone_id or self.zone_id_of_name(subnet.availability_zone, *self.place(subnet))

    def zone_id_of_name(self, name: str, account: str, region: str) -> str:
        """AZ ID of a zone name in an account; the name itself where the zones were not described."""
        zone = self.availability_zones.get((account, name))
        return zone.zone_id if zone and zone.zone_id else name

    @cached_property
    def virtual_interfaces(self) -> tuple[VirtualInterface, ...]:
        """One virtual interface for each subnet of each environment: its workers and schedulers."""
        environments = sorted(self.environments, key=lambda environment: environment is not self.focus)
        found: dict[str, VirtualInterface] = {}
        for environment in environments:
            plain = environment is self.focus or (self.focus is None and len(environments) == 1)
            prefix = "mwaa.worker" if plain else f"{environment.name}.worker"
            for subnet_id in environment.network_configuration.subnet_ids:
                name = f"{prefix}@{subnet_id}"
                if subnet_id in self.subnets and name not in found:
                    found[name] = VirtualInterface(
                        id=name,
                        subnet_id=subnet_id,
                        groups=environment.network_configuration.security_group_ids,
                        origin=environment.origin,
                    )
        return tuple(found.values())


def _address_in(block: str, number: int) -> AddressSet:
    """One address of a block, counted from its first; none where the block ends before."""
    if number >= AddressSet.parse(block).size:
        return AddressSet.NONE
    family, first = parse_address(block.partition("/")[0])
    return AddressSet.parse(address_text(family, first + number))


def _vpc_texts(vpc: Vpc) -> list[str]:
    texts = [vpc.cidr_block]
    texts.extend(
        a.cidr_block
        for a in vpc.cidr_block_association_set
        if same_state(a.cidr_block_state.state, "associated") and a.cidr_block != vpc.cidr_block
    )
    return texts + _ipv6_texts(vpc)


def _ipv6_texts(vpc: Vpc, *, only_public: bool = False) -> list[str]:
    """The IPv6 blocks of a VPC, or those that are not private."""
    return [
        a.ipv6_cidr_block
        for a in vpc.ipv6_cidr_block_association_set
        if same_state(a.ipv6_cidr_block_state.state, "associated")
        and not (only_public and same_state(a.ipv6_address_attribute, "private"))
    ]


def _blocks(subnet: Subnet) -> list[str]:
    texts = [subnet.cidr_block] if subnet.cidr_block else []
    texts.extend(
        a.ipv6_cidr_block
        for a in subnet.ipv6_cidr_block_association_set
        if same_state(a.ipv6_cidr_block_state.state, "associated")
    )
    return texts
