"""What is asked about Client VPN: target networks, routes, authorization rules, and the interfaces in the VPC.

The endpoint's network interfaces are recognised as the console and the API show them, by their description, for no call
tells which they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import msgspec

from mwaanet.model.client_vpn_endpoint import (
    AuthorizationRule,
    AuthorizationRules,
    ClientVpnRoute,
    ClientVpnRoutes,
    ClientVpnTargetNetworks,
    TargetNetwork,
)
from mwaanet.model.gateways import Gateways
from mwaanet.model.network_interface import NetworkInterface
from mwaanet.model.record import Origin, Record
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot.operations import OPERATIONS, CallRef

A = TypeVar("A")
R = TypeVar("R", bound=Record)

TARGET_NETWORKS = "describe-client-vpn-target-networks"
ROUTES = "describe-client-vpn-routes"
AUTHORIZATION_RULES = "describe-client-vpn-authorization-rules"
_DESCRIPTION = "clientvpn"
_GONE = ("disassociated", "association-failed")


class ClientVpn(Gateways):
    """Questions about Client VPN endpoints."""

    def target_networks(self, endpoint_id: str) -> tuple[TargetNetwork, ...] | Unknown:
        """The subnets with which an endpoint is associated, whatever their state, without those that are gone."""
        found = self._of_client_vpn(
            endpoint_id, TARGET_NETWORKS, ClientVpnTargetNetworks, lambda answer: answer.client_vpn_target_networks
        )
        if isinstance(found, Unknown):
            return found
        return tuple(network for network in found if not same_state(network.status.code, *_GONE))

    def client_vpn_routes(self, endpoint_id: str) -> tuple[ClientVpnRoute, ...] | Unknown:
        """The routes of an endpoint, each by one of its target networks."""
        return self._of_client_vpn(endpoint_id, ROUTES, ClientVpnRoutes, lambda answer: answer.routes)

    def authorization_rules(self, endpoint_id: str) -> tuple[AuthorizationRule, ...] | Unknown:
        """What the clients of an endpoint may reach."""
        return self._of_client_vpn(
            endpoint_id, AUTHORIZATION_RULES, AuthorizationRules, lambda answer: answer.authorization_rules
        )

    def client_vpn_list(self, endpoint_id: str, operation: str) -> tuple[Origin, ...]:
        """Where the list that a call gives of an endpoint was read: what shows that it leaves something out."""
        given = self.given("ec2", operation, *self._place_of(endpoint_id), ClientVpnEndpointId=endpoint_id)
        entries = given if isinstance(given, list) else []
        return tuple(Origin(entry.document, entry.place).below(_key(operation)) for entry in entries)

    def _of_client_vpn(
        self, endpoint_id: str, operation: str, kind: type[A], records: Callable[[A], Iterable[R]]
    ) -> tuple[R, ...] | Unknown:
        place = self._place_of(endpoint_id)
        found = self.answers("ec2", operation, *place, kind, ClientVpnEndpointId=endpoint_id)
        if not isinstance(found, tuple):
            return found or ()
        return tuple(
            msgspec.structs.replace(one, origin=origin.below(_key(operation), number))
            for answer, origin in found
            for number, one in enumerate(records(answer))
        )

    def _place_of(self, endpoint_id: str) -> tuple[str, str]:
        record = self.client_vpn_endpoints.get(endpoint_id)
        return self.place(record) if record else self.home

    def client_vpn_vpc(self, endpoint_id: str) -> str:
        """The VPC that an endpoint enters; empty where nothing tells it."""
        record = self.client_vpn_endpoints.get(endpoint_id)
        if record is not None and record.vpc_id:
            return record.vpc_id
        networks = self.target_networks(endpoint_id)
        return "" if isinstance(networks, Unknown) else next((one.vpc_id for one in networks if one.vpc_id), "")

    def client_vpn_interfaces(self, network: TargetNetwork) -> Sequence[NetworkInterface]:
        """The interfaces by which the packets of an endpoint's clients enter a target network.

        Where two endpoints share the subnet, those with the groups of this association.
        """
        found = [
            record
            for record in self.interfaces_in(network.target_network_id)
            if _DESCRIPTION in record.description.lower().replace(" ", "")
        ]
        groups = set(network.security_groups)
        own = [record for record in found if {group.group_id for group in record.groups} == groups]
        return own or found

    def unseen_client_vpn_interfaces(self, endpoint_id: str, network: TargetNetwork) -> Unknown:
        """Why the interfaces of an endpoint in a target network are not known: the call that lists them tells none."""
        reason = f"the network interfaces of {endpoint_id} in {network.target_network_id} are not in the snapshot"
        needs = (CallRef(*self._place_of(endpoint_id), "ec2", "describe-network-interfaces"),)
        return Unknown(reason=reason, needs=needs)

    def client_vpn_endpoint_of_interface(self, interface_id: str) -> str:
        """The endpoint that an interface belongs to, or the first of those that share it; empty where to none."""
        return self._client_vpn_holders.get(interface_id, "")

    @cached_property
    def _client_vpn_holders(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for endpoint_id in self.client_vpn_endpoints:
            networks = self.target_networks(endpoint_id)
            for network in () if isinstance(networks, Unknown) else networks:
                for record in self.client_vpn_interfaces(network):
                    found.setdefault(record.network_interface_id, endpoint_id)
        return found


def _key(operation: str) -> str:
    """The JSON pointer of the list in the response."""
    return "/" + OPERATIONS["ec2", operation].key
