"""What the network knows of its records, and says of those that are not there."""

from __future__ import annotations

from functools import cached_property

from mwaanet.graph.prefix_table import PrefixTable
from mwaanet.model.endpoint_service import AllowedPrincipals, ServiceConfiguration
from mwaanet.model.inventory import Inventory
from mwaanet.model.prefix_list import AWS_OWNER
from mwaanet.model.route_table import Route, RouteTable
from mwaanet.model.security_group import SecurityGroup
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import PUBLIC


class RecordLookup:
    """Look-ups that tell absence from ignorance."""

    inventory: Inventory

    @cached_property
    def _vpcs_by_address(self) -> PrefixTable[tuple[tuple[int, str], ...]]:
        """Number in the inventory and id of the VPCs that hold each address: several may have the same block."""
        blocks = ((self.inventory.vpc_cidrs(vpc), (number, vpc)) for number, vpc in enumerate(self.inventory.vpcs))
        return PrefixTable.build(blocks, lambda covering: tuple(prefix.payload for prefix in covering))

    def vpcs_meeting(self, addresses: AddressSet) -> list[str]:
        """The VPCs that hold some of the addresses, in the order of the inventory."""
        parts, _ = self._vpcs_by_address.split(addresses)
        return [vpc for _, vpc in sorted({holder for holders, _ in parts for holder in holders})]

    def vpcs_holding(self, addresses: AddressSet) -> list[str]:
        """The VPCs that hold all of the addresses."""
        return [vpc for vpc in self.vpcs_meeting(addresses) if addresses.issubset(self.inventory.vpc_cidrs(vpc))]

    def vpc_of(self, subnet_id: str) -> str:
        """The VPC of a subnet; empty where the subnet is not in the snapshot."""
        subnet = self.inventory.subnets.get(subnet_id)
        return subnet.vpc_id if subnet else ""

    def zone_of(self, subnet_id: str) -> str:
        """AZ ID of a subnet; empty where it is not known."""
        subnet = self.inventory.subnets.get(subnet_id)
        return self.inventory.zone_id(subnet) if subnet else ""

    def place_of_vpc(self, vpc_id: str) -> tuple[str, str]:
        """Account and Region of a VPC; the snapshot's home where the VPC is not in it."""
        vpc = self.inventory.vpcs.get(vpc_id)
        return self.inventory.place(vpc) if vpc else self.inventory.home

    def missing(self, operation: str, what: str, vpc_id: str) -> Unknown | str:
        """Why `what` is not in the inventory: a sentence where its owner's list was read, else unknown."""
        return self.inventory.unseen_in(vpc_id, operation) or f"{what} does not exist"

    def missing_service(self, endpoint: VpcEndpoint) -> Unknown:
        """An endpoint service that no account in the snapshot owns, as far as their lists were read."""
        operation = "describe-vpc-endpoint-service-configurations"
        unread = self.inventory.unseen_anywhere(operation)
        if unread:
            reason = f"no account whose list was read owns {endpoint.service_name}: {unread.reason}"
            return Unknown(reason=reason, needs=unread.needs)
        reason = f"the account that owns {endpoint.service_name} is not in the snapshot"
        return Unknown(reason=reason, needs=(self.inventory.owner_call(operation),))

    def allows_account(self, service: ServiceConfiguration, account: str) -> bool | Unknown:
        """Whether an endpoint service lets in an account, or a role or user of it; its own it always does.

        https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-remove-permissions
        """
        place = self.inventory.place(service)
        if account == place[0]:
            return True
        operation = "describe-vpc-endpoint-service-permissions"
        found = self.inventory.call("ec2", operation, *place, AllowedPrincipals, ServiceId=service.service_id)
        if isinstance(found, Unknown):
            return found
        principals = [allowed.principal for allowed in found.allowed_principals] if found else []
        return any(principal in ("*", account) or f"::{account}:" in principal for principal in principals)

    def missing_load_balancer(self, arn: str, service: ServiceConfiguration) -> Unknown | str:
        """A load balancer that a service lists and the snapshot lacks."""
        account, region = self.inventory.place(service)
        unknown = self.inventory.unknown("elbv2", "describe-load-balancers", account, region)
        return unknown or f"{arn} does not exist"

    def unseen_interfaces(self, subnet_id: str) -> Unknown | None:
        """Why interfaces of the subnet may be missing: only its owner sees them all."""
        subnet = self.inventory.subnets.get(subnet_id)
        if subnet is None:
            return None
        return self.inventory.unknown("ec2", "describe-network-interfaces", *self.inventory.owner_place(subnet))

    def unseen_subnets(self, vpc_id: str) -> Unknown | None:
        """Why subnets of the VPC may be missing: only its owner sees them all."""
        return self.inventory.unseen_in(vpc_id, "describe-subnets")

    def unseen_group(self, group_id: str) -> Unknown | None:
        """Why a security group is not in the inventory; None where it truly does not exist.

        In a shared VPC it may be the owner's or a participant's, and each lists only its own.
        """
        unknown = self.inventory.unseen_group_of(group_id)
        return Unknown(reason=f"{group_id}: {unknown.reason}", needs=unknown.needs) if unknown else None

    def prefix_list(self, list_id: str, holder: SecurityGroup | RouteTable) -> AddressSet | Unknown:
        """The addresses of a prefix list as the account of `holder` sees it."""
        return self.inventory.prefix_list_entries(list_id, *self.inventory.place(holder))

    def prefix_list_cidrs(self, list_id: str, holder: RouteTable) -> tuple[str, ...] | Unknown:
        """The entries of a prefix list as the account of `holder` sees it."""
        return self.inventory.prefix_list_cidrs(list_id, *self.inventory.place(holder))

    def prefix_list_bound(self, list_id: str, route: Route) -> AddressSet:
        """What a prefix list that could not be read may hold: an AWS service's list holds public addresses only."""
        record = self.inventory.prefix_lists.get(list_id)
        of_aws = (record is not None and record.owner_id == AWS_OWNER) or (route.gateway_id or "").startswith("vpce-")
        return PUBLIC if of_aws else AddressSet.ANY
