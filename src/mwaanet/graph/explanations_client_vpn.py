"""Explanations of what Client VPN endpoints decide."""

from __future__ import annotations

from mwaanet.graph.codes import Code
from mwaanet.graph.explanation import Explanation

_GUIDE = "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin"

CLIENT_VPN: tuple[Explanation, ...] = (
    Explanation(
        code=Code.CLIENT_VPN_AUTHORIZED,
        title="Client VPN authorizes every client",
        meaning="The authorization rule with the longest prefix around the destination lets all clients reach it.",
        why="Rules grant access to networks; the longest prefix decides, and 0.0.0.0/0 comes last.",
        mend="Nothing to mend: it shows which rule lets the clients through.",
        source=f"{_GUIDE}/cvpn-working-rules.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_NOT_AUTHORIZED,
        title="Client VPN does not authorize the destination",
        meaning="No authorization rule of the Client VPN endpoint covers the destination.",
        why="Access to a network must be granted by a rule; a route to it, even that of the VPC itself, grants none.",
        mend="Add a rule: aws ec2 authorize-client-vpn-ingress --target-network-cidr CIDR --authorize-all-groups.",
        source=f"{_GUIDE}/cvpn-working-rules.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_RULES_UNKNOWN,
        title="Whether Client VPN authorizes the client is not known",
        meaning="The rules with the longest prefix are for members of a group, are being changed, or were not read.",
        why="No AWS call tells which clients are members of a group of the directory or identity provider; and where a "
        "rule for a group has the longest prefix, a shorter rule for all does not help those outside of it.",
        mend="Look up the client's groups, or add a rule of the same prefix for all: aws ec2 "
        "authorize-client-vpn-ingress --authorize-all-groups.",
        source=f"{_GUIDE}/cvpn-working-rules.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_ROUTE,
        title="Client VPN route leads into the subnet",
        meaning="A route of the Client VPN endpoint leads by the associated subnet on which the client has landed, or "
        "to other clients; in a subnet the source becomes the address of the endpoint's network interface.",
        why="The endpoint translates addresses, so groups, network ACLs and routes of the VPC see its interface only.",
        mend="Nothing to mend: it shows the route, the subnet and the address that the VPC sees.",
        source=f"{_GUIDE}/what-is-best-practices.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_NO_ROUTE,
        title="Client VPN has no route by this subnet",
        meaning="The route table of the Client VPN endpoint has no route to the destination by an associated subnet.",
        why="Clients land on any of the associated subnets and have only its routes: each subnet needs the same ones. "
        "Only the route to the VPC itself comes with the association.",
        mend="Add the route for each associated subnet: aws ec2 create-client-vpn-route --target-vpc-subnet-id SUBNET.",
        source=f"{_GUIDE}/cvpn-working-routes.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_NO_TARGET_NETWORK,
        title="Client VPN endpoint is associated with no subnet",
        meaning="No target network of the Client VPN endpoint is associated, so no client can connect.",
        why="A client's session enters the VPC by a subnet; without one the endpoint stays in pending-associate.",
        mend="Associate a subnet: aws ec2 associate-client-vpn-target-network --subnet-id SUBNET.",
        source=f"{_GUIDE}/cvpn-working-target.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_OUTSIDE,
        title="Destination is outside of the split tunnel",
        meaning="The Client VPN endpoint has a split tunnel and no route to this public destination, so the client "
        "sends by its own network, of which nothing is known.",
        why="With a split tunnel only what a route of the endpoint leads to goes through it.",
        mend="Add a route to the destination, an interface endpoint in the VPC, or switch the split tunnel off.",
        source=f"{_GUIDE}/split-tunnel-vpn.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_REPLY,
        title="Client VPN returns the reply",
        meaning="The endpoint's network interface takes the reply and the endpoint sends it back to the client.",
        why="It remembers whose address it replaced.",
        mend="Nothing to mend: it shows that the reply has come back.",
        source=f"{_GUIDE}/what-is-best-practices.html",
        step="vpn",
    ),
    Explanation(
        code=Code.CLIENT_VPN_UNSOLICITED,
        title="Client VPN takes replies only",
        meaning="The packets are addressed to a Client VPN endpoint's network interface and answer no request.",
        why="The interface's address stands for many clients, so nobody is meant by what no client asked for.",
        mend="Let the client open the connection; from the VPC no client can be called.",
        source=f"{_GUIDE}/what-is-best-practices.html",
        step="vpn",
    ),
)
