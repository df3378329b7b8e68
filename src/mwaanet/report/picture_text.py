"""The words of a picture: how nodes and groups are titled, made harmless and wrapped to a width."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

from mwaanet.report.clean import clean
from mwaanet.report.label import brief
from mwaanet.report.picture import Group, Level, Node, State

KINDS = {
    "network-interface": "Network interface",
    "security-group": "Security group",
    "subnet": "Subnet",
    "network-acl": "Network ACL",
    "route-table": "Route table",
    "vpc": "VPC router",
    "vpc-resolver": "VPC resolver",
    "internet-gateway": "Internet gateway",
    "egress-only-internet-gateway": "Egress-only internet gateway",
    "nat-gateway": "NAT gateway",
    "vpc-endpoint": "VPC endpoint",
    "vpc-endpoint-service": "Endpoint service",
    "load-balancer": "Load balancer",
    "target-group": "Target group",
    "vpc-peering-connection": "Peering connection",
    "transit-gateway": "Transit gateway",
    "transit-gateway-attachment": "Transit gateway attachment",
    "transit-gateway-route-table": "Transit gateway route table",
    "vpn-gateway": "Virtual private gateway",
    "vpn-connection": "VPN connection",
    "client-vpn-endpoint": "Client VPN endpoint",
    "direct-connect-gateway": "Direct Connect gateway",
    "virtual-interface": "Virtual interface",
    "network-firewall": "Network Firewall",
    "resolver-endpoint": "Resolver endpoint",
    "on-premises-site": "On-premises",
    "internet": "Internet",
    "aws-service": "AWS service",
    "unmodelled": "Not modelled",
    "configuration": "Configuration",
    "destination": "Destination",
    "more": "",
}
"""AWS's names of the kinds of nodes."""

_NOUNS = {
    "vpce-svc-": "Endpoint service",
    "vpce-": "VPC endpoint",
    "vpc-": "VPC",
    "subnet-": "Subnet",
    "rtb-": "Route table",
    "acl-": "Network ACL",
    "sg-": "Security group",
    "tgw-rtb-": "Transit gateway route table",
    "tgw-attach-": "Transit gateway attachment",
    "tgw-": "Transit gateway",
    "vpn-": "VPN connection",
    "cvpn-endpoint-": "Client VPN endpoint",
    "igw-": "Internet gateway",
    "nat-": "NAT gateway",
    "pcx-": "Peering connection",
    "eni-": "Network interface",
    "arn:[^:]+:kms:": "Key",
    "arn:[^:]+:iam:": "Role or user",
    "arn:[^:]+:airflow:": "Environment",
    "Z": "Hosted zone",
}
"""Nouns of what no packet passes, by how its id begins."""

_SITE_PARTS = {
    "firewall": "On-premises firewall",
    "routes": "On-premises routes",
    "internet": "On-premises internet access",
}
"""What the parts of a site are called."""

SYMBOLS = {
    State.STOPPED: "✗",
    State.UNKNOWN: "?",
    State.WARN: "!",
    State.PASSES: "✓",
    State.NOT_REACHED: "–",
    State.UNJUDGED: "",
}
"""The sign of every state: no state is told by its colour alone."""


_NAMED_WITHIN = ("loadbalancer", "targetgroup")
"""Resources whose ARN ends with a number behind their name."""


def short_id(component: str) -> str:
    """An id as it is shown: of an ARN, the resource."""
    return clean(component.split(":", 5)[-1] if component.startswith("arn:") else component)


def name_of(node: Node) -> str:
    """What people call the node: its Name tag, else what its id says, else the id itself."""
    if node.label:
        return clean(node.label)
    component = short_id(node.component)
    if node.component.startswith("arn:"):
        parts = component.split("/")
        return parts[-2] if parts[0] in _NAMED_WITHIN and len(parts) > 2 else parts[-1]
    if node.kind == "aws-service":
        return component.rpartition(".")[2]
    return component.partition("@")[0] or component


def kind_of(node: Node) -> str:
    """The AWS noun of a node."""
    if node.kind == "configuration":
        nouns = (noun for start, noun in _NOUNS.items() if re.match(start, node.component))
        return next(nouns, "") or _SITE_PARTS.get(node.component.rpartition(".")[2], KINDS[node.kind])
    if node.kind == "on-premises-site":
        return _SITE_PARTS.get(node.component.rpartition(".")[2], KINDS[node.kind])
    return KINDS.get(node.kind, clean(node.kind))


def reason_of(node: Node) -> str:
    """Why a node stops packets, or what is not known or wrong there; empty where nothing is."""
    told = [decision.by for decision in node.decisions if decision.state is node.state]
    if node.state in (State.STOPPED, State.UNKNOWN) and told:
        return brief(clean(told[0]))
    if node.state in (State.STOPPED, State.UNKNOWN, State.WARN):
        return next((brief(_without_whom(clean(finding.message))) for finding in node.findings), "")
    return ""


_TOLD = (" cannot reach ", " is not known", " does not resolve")
"""What a message begins with that the picture shows anyway."""


def _without_whom(message: str) -> str:
    """A finding's message without whom it stops: the picture shows that."""
    head, _, rest = message.partition(": ")
    return rest if rest and any(told in head for told in _TOLD) else message


def lines_of(node: Node) -> list[str]:
    """A node in lines: its sign and name, AWS's noun, its id, and why it does not simply pass."""
    name, plain = name_of(node), short_id(node.component)
    sign = f"{SYMBOLS[node.state]} " if SYMBOLS[node.state] else ""
    return [f"{sign}{name}", kind_of(node), plain if plain != name else "", reason_of(node)]


def title_of(group: Group) -> tuple[str, ...]:
    """The lines at the top of a group: what it is and what it is called, and AWS's id where that is not the name."""
    name, label = clean(group.name), clean(group.label)
    detail = f" · {clean(group.detail)}" if group.detail else ""
    if group.level is Level.ACCOUNT:
        return (f"Account {name}",)
    if group.level in (Level.REGION, Level.ZONE):
        return (name,)
    if group.level is Level.SITE:
        return (name if name == "on-premises" else f"On-premises · {name}",)
    what = "VPC" if group.level is Level.VPC else "Subnet"
    return (f"{what} {label}{detail}", name) if label else (f"{what}{detail}", name)


def wrapped(text: str, width: int, most: int) -> list[str]:
    """The text in lines of at most `width` cells, at most `most` of them; the last says where more was cut."""
    lines: list[str] = []
    line = ""
    for word in text[: width * (most + 1)].split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        lines.extend([line] if line else [])
        *full, line = chop_cells(word, width) or [""]
        lines.extend(full)
    lines.extend([line] if line else [])
    if len(lines) > most or len(text) > width * (most + 1):
        lines = lines[:most]
        lines[-1] = f"{''.join(chop_cells(lines[-1], width - 1)[:1])}…"
    return lines
