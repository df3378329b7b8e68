"""An endpoint that a VPC lacks: for whom it is made, so in which subnets and with which groups.

An interface endpoint has an interface in one subnet of each zone that is chosen
(https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.checks.context import Context
from mwaanet.checks.facts import leads_on
from mwaanet.checks.selectors import HostName
from mwaanet.fixes.change import Change
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.graph.interface import Interface
from mwaanet.graph.network import Network
from mwaanet.mending.names import switched_off, switched_on
from mwaanet.mending.stop import free_address, made_in
from mwaanet.model.route_table import Route, RouteTable
from mwaanet.model.unknown import Unknown
from mwaanet.net import protocol_name
from mwaanet.paths.question import Question, Start

_DEFAULT = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """What is to be made; without `groups` none lets the clients in, so one is to be made that lets in `clients`.

    Without `subnets` it is not known for whom it is made.
    """

    vpc: str
    host: HostName
    subnets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    clients: str = ""

    @property
    def is_gateway(self) -> bool:
        """Whether it is for S3 or DynamoDB, which have gateway endpoints, at no charge."""
        return self.host.service.rpartition(".")[2] in ("s3", "dynamodb")

    def actions(self, network: Network) -> tuple[str, ...]:
        """What to do, in words."""
        if self.is_gateway:
            return ()
        what = f"create an interface endpoint with private DNS for {self.host.service} in {self.vpc}"
        if self.subnets:
            group = " and ".join(self.groups) or f"a security group that lets {self.clients}"
            what = f"{what}: in {' and '.join(self.subnets)}, with {group}"
        return (*(change.summary for change in self._attributes(network)), what)

    def changes(self, network: Network) -> tuple[Change, ...]:
        """What makes it; nothing where a group is to be made first, or the subnets are not known."""
        inventory, service = network.inventory, self.host.service
        if not self.subnets:
            return ()
        place = made_in(inventory, inventory.vpcs.get(self.vpc))
        if self.is_gateway:
            tables = [network.route_table_at(subnet) for subnet in self.subnets]
            ids = tuple(dict.fromkeys(table.route_table_id for table in tables if isinstance(table, RouteTable)))
            listed = inventory.aws_prefix_list(service)
            return (EndpointCreation(**place, vpc=self.vpc, service=service, tables=ids, prefix_list=listed),)
        if not self.groups:
            return ()
        return (
            *self._attributes(network),
            EndpointCreation(
                **place,
                vpc=self.vpc,
                service=service,
                subnets=self.subnets,
                groups=self.groups,
                names=(self.host.name,),
                addresses=tuple(free_address(inventory, subnet) for subnet in self.subnets),
            ),
        )

    def _attributes(self, network: Network) -> tuple[Change, ...]:
        """The DNS attributes of the VPC on, without which private DNS does not exist."""
        return tuple(
            switched_on(network.inventory, self.vpc, name) for name in switched_off(network.inventory, self.vpc)
        )


def for_environment(context: Context, vpc: str, host: HostName) -> NewEndpoint | None:
    """The endpoint in the environment's subnets, if it is their VPC's, with its groups; None without an environment."""
    if context.facts is None:
        return None
    subnets = context.facts.subnet_ids
    if any(context.network.vpc_of(subnet) != vpc for subnet in subnets):
        return NewEndpoint(vpc=vpc, host=host)
    groups = context.facts.environment.network_configuration.security_group_ids
    return NewEndpoint(vpc=vpc, host=host, subnets=subnets, groups=groups)


def for_clients(context: Context, vpc: str, host: HostName, question: Question) -> NewEndpoint | None:
    """The endpoint for the clients of a question in a VPC; None where it is of another Region."""
    network = context.network
    starts = _clients(network, question)
    if _all_of_environment(context, question):
        return for_environment(context, vpc, host)
    if f".{network.place_of_vpc(vpc)[1]}." not in host.service:
        return None
    subnets = tuple(dict.fromkeys(network.interface(start.position.component).subnet for start in starts))
    of_zones = {network.zone_of(subnet): subnet for subnet in reversed(subnets)}
    chosen = tuple(subnet for subnet in subnets if subnet in of_zones.values())
    packets = "all traffic" if question.protocol is None else protocol_name(question.protocol)
    ports = "" if question.ports is None else f" {question.ports}"
    return NewEndpoint(
        vpc=vpc,
        host=host,
        subnets=chosen,
        groups=_admitting(network, vpc, question, starts),
        clients=f"{packets}{ports} in from {question.source.name}",
    )


def has_another_way(context: Context, question: Question) -> bool:
    """Whether the clients of a question have, or may have, a way to the internet."""
    network, facts = context.network, context.facts
    if facts is not None and _all_of_environment(context, question):
        return facts.routing != "private"
    clients = (network.interface(start.position.component) for start in _clients(network, question))
    return any(_leads_out(network, subnet) for subnet in {client.subnet for client in clients})


def _clients(network: Network, question: Question) -> list[Start]:
    """The senders that have an interface."""
    return [start for start in question.source.starts if network.knows_interface(start.position.component)]


def _all_of_environment(context: Context, question: Question) -> bool:
    clients = (context.network.interface(start.position.component) for start in _clients(context.network, question))
    return context.facts is not None and all(_is_of_environment(context, client) for client in clients)


def _is_of_environment(context: Context, client: Interface) -> bool:
    facts = context.facts
    groups = facts.environment.network_configuration.security_group_ids if facts else ()
    return facts is not None and client.subnet in facts.subnet_ids and not set(groups).isdisjoint(client.groups)


def _leads_out(network: Network, subnet: str) -> bool:
    """Whether a subnet leads, or may lead, to the internet."""
    table = network.route_table_at(subnet)
    return not isinstance(table, RouteTable) or any(map(_is_way_out, table.routes))


def _is_way_out(route: Route) -> bool:
    if route.nat_gateway_id or route.egress_only_internet_gateway_id or route.gateway_id.startswith("igw-"):
        return True
    is_default = route.destination_cidr_block in _DEFAULT or route.destination_ipv6_cidr_block in _DEFAULT
    return is_default and leads_on(route)


def _admitting(network: Network, vpc: str, question: Question, starts: list[Start]) -> tuple[str, ...]:
    """A group of the VPC that lets all the clients in, one of its endpoints' before others; none where none does."""
    used = [group.group_id for one in network.inventory.vpc_endpoints_of(vpc) for group in one.groups]
    of_vpc = [name for name, group in network.inventory.security_groups.items() if group.vpc_id == vpc]
    found = (group for group in dict.fromkeys((*used, *of_vpc)) if _admits(network, group, question, starts))
    return tuple(filter(None, (next(found, ""),)))


def _admits(network: Network, group: str, question: Question, starts: list[Start]) -> bool:
    rules = network.group_rules(group, outbound=False)
    if isinstance(rules, Unknown):
        return False
    for start in starts:
        rest = question.packets(start)
        own = network.interface(start.position.component).groups
        for rule in (*rules.rules, *(rule for peer, rule in rules.referencing if peer in own)):
            rest = rest - rule.match.of(rest, outbound=False)
        if rest:
            return False
    return True
