"""Explanations of what is decided inside a VPC: interfaces, security groups, subnets, network ACLs, route tables."""

from __future__ import annotations

from mwaanet.graph.codes import Code
from mwaanet.graph.explanation import Explanation

_GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"

VPC: tuple[Explanation, ...] = (
    Explanation(
        code=Code.INTERFACE_SENDS,
        title="Interface sends",
        meaning="The packets leave the network interface with one of its own addresses as source.",
        why="Every path inside a VPC starts at a network interface; its private address is what rules and routes see.",
        mend="Nothing to mend: it shows from which interface and addresses the path starts.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
        step="interface",
    ),
    Explanation(
        code=Code.INTERFACE_RECEIVES,
        title="Interface receives",
        meaning="The network interface that holds the destination address takes the packets.",
        why="The VPC's router delivers to the one interface that holds the destination.",
        mend="Nothing to mend: it shows which interface takes the packets, or which component stands behind it.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
        step="interface",
    ),
    Explanation(
        code=Code.SOURCE_DEST_CHECK,
        title="Source/destination check stops the packets",
        meaning="The interface would send from an address, or take packets for an address, that is not its own.",
        why="With the source/destination check on, an interface neither sends nor receives for others.",
        mend="If the host forwards on purpose (NAT instance, firewall), turn the check off: aws ec2 "
        "modify-network-interface-attribute --no-source-dest-check; else correct the route that leads to it.",
        source=f"{_GUIDE}/work-with-nat-instances.html#EIP_Disable_SrcDestCheck",
        aws_code="ENI_SOURCE_DEST_CHECK_RESTRICTION",
        step="interface",
    ),
    Explanation(
        code=Code.APPLIANCE,
        title="An appliance decides",
        meaning="The packets go to a host or a Gateway Load Balancer appliance that forwards for others; what it does "
        "with them cannot be read from AWS.",
        why="Routes and endpoints say that the appliance gets the packets, its own configuration decides which it lets "
        "through.",
        mend="Look into the appliance's rules and logs, in both directions, for the packets shown.",
        source=f"{_GUIDE}/gateway-route-tables.html",
        aws_code="UNSUPPORTED_COMPONENT",
        step="firewall",
    ),
    Explanation(
        code=Code.VPC_SERVICE,
        title="The VPC's own services answer",
        meaning="The destination is the VPC's resolver, the subnet's router, the time service or instance metadata.",
        why="These link-local and reserved addresses answer every interface of the VPC; security groups and network "
        "ACLs do not filter them.",
        mend="Nothing to mend: it shows that the packets need no route. Route 53 Resolver DNS Firewall may still "
        "filter what is asked by name.",
        source=f"{_GUIDE}/subnet-sizing.html",
        step="interface",
    ),
    Explanation(
        code=Code.SECURITY_GROUP_ALLOWS,
        title="Security group allows",
        meaning="A rule of one of the interface's security groups allows the packets.",
        why="The rules of all groups of an interface are united; one that matches is enough.",
        mend="Nothing to mend: it shows which rule lets the packets pass.",
        source=f"{_GUIDE}/vpc-security-groups.html",
        step="security-group",
    ),
    Explanation(
        code=Code.SECURITY_GROUP_TRACKED,
        title="Security group remembers the connection",
        meaning="The packets are replies to a connection that the interface's security groups have seen and allowed.",
        why="Security groups are stateful: replies pass whatever the rules of the other direction say.",
        mend="Nothing to mend: it shows that no rule is needed for the replies.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html",
        step="security-group",
    ),
    Explanation(
        code=Code.SECURITY_GROUP_EGRESS,
        title="Security group has no egress rule for the packets",
        meaning="No outbound rule of the sending interface's security groups matches the packets.",
        why="Security group rules only allow; what no rule allows is denied.",
        mend="Add an outbound rule for this protocol, port and destination to one of the interface's security groups.",
        source=f"{_GUIDE}/security-group-rules.html",
        aws_code="ENI_SG_RULES_MISMATCH",
        step="security-group",
    ),
    Explanation(
        code=Code.SECURITY_GROUP_INGRESS,
        title="Security group has no ingress rule for the packets",
        meaning="No inbound rule of the addressed interface's security groups matches the packets.",
        why="Security group rules only allow; a rule that names a group matches only senders with that group whose "
        "address was not translated on the way.",
        mend="Add an inbound rule for this protocol, port and source to one of the interface's security groups; name "
        "the source by CIDR where it comes through NAT, a load balancer, a VPN or Direct Connect.",
        source=f"{_GUIDE}/security-group-rules.html",
        aws_code="ENI_SG_RULES_MISMATCH",
        step="security-group",
    ),
    Explanation(
        code=Code.SECURITY_GROUP_UNKNOWN,
        title="Security group cannot be judged",
        meaning="A security group, a group that a rule names, or a prefix list of a rule is not in the snapshot, and "
        "no other rule decides.",
        why="Groups and prefix lists may belong to another account, or reading them was refused.",
        mend="Take the snapshot again with the calls listed under needs, in the account that owns the group or list.",
        source=f"{_GUIDE}/security-group-rules.html#security-group-referencing",
        aws_code="UNKNOWN_RESOURCE",
        step="security-group",
    ),
    Explanation(
        code=Code.NETWORK_ACL_ALLOWS,
        title="Network ACL allows",
        meaning="The first matching entry of the subnet's network ACL allows the packets.",
        why="Entries are tried in the order of their numbers, on every packet that crosses the subnet's boundary.",
        mend="Nothing to mend: it shows which entry decides. Replies are judged by the other direction on their own.",
        source=f"{_GUIDE}/vpc-network-acls.html",
        step="network-acl",
    ),
    Explanation(
        code=Code.NETWORK_ACL_DENIES,
        title="Network ACL denies",
        meaning="The first matching entry of the subnet's network ACL denies the packets, or none matches.",
        why="Network ACLs are stateless: replies need an entry too, for the client's ephemeral ports.",
        mend="Add an allow entry with a lower number than the denying one, for this direction, protocol and port; for "
        "replies open the ephemeral ports 1024-65535 towards the client.",
        source=f"{_GUIDE}/nacl-rules.html",
        aws_code="SUBNET_ACL_RESTRICTION",
        step="network-acl",
    ),
    Explanation(
        code=Code.NETWORK_ACL_UNKNOWN,
        title="Network ACL cannot be judged",
        meaning="The subnet's network ACL is not in the snapshot.",
        why="A shared subnet's network ACL is visible to the VPC's owner only, or the call was refused.",
        mend="Take the snapshot again with the calls listed under needs, in the account that owns the VPC.",
        source=f"{_GUIDE}/vpc-sharing.html",
        aws_code="UNKNOWN_RESOURCE",
        step="network-acl",
    ),
    Explanation(
        code=Code.NO_INTERFACE,
        title="Nobody holds the address",
        meaning="The destination lies in a subnet in which no network interface holds it.",
        why="The VPC's router delivers to interfaces only; packets to an unused address are lost without an answer.",
        mend="Correct the destination: a DNS record, a target or a setting names an address that is no longer in use.",
        source=f"{_GUIDE}/subnet-sizing.html",
        aws_code="NO_POSSIBLE_DESTINATION",
        step="subnet",
    ),
    Explanation(
        code=Code.NO_SUBNET,
        title="No subnet holds the address",
        meaning="The destination lies in the VPC's CIDR blocks but in none of its subnets.",
        why="The local route covers the whole VPC, and a packet to a part without a subnet is lost.",
        mend="Correct the destination, or create the subnet that should hold it. If on-premises uses the same range, "
        "the VPC's CIDR overlaps it: route to it under another range.",
        source=f"{_GUIDE}/configure-subnets.html",
        aws_code="NO_POSSIBLE_DESTINATION",
        step="subnet",
    ),
    Explanation(
        code=Code.ROUTE,
        title="Route decides",
        meaning="The most specific route of the route table sends the packets to its target.",
        why="The longest matching prefix wins; at equal length the local route, then static, then propagated routes.",
        mend="Nothing to mend: it shows by which route the packets leave.",
        source=f"{_GUIDE}/route-tables-priority.html",
        step="route",
    ),
    Explanation(
        code=Code.NO_ROUTE,
        title="No route to the destination",
        meaning="No route of the subnet's or gateway's route table matches the destination.",
        why="A packet that no route matches is dropped; a subnet without a table of its own uses the VPC's main table.",
        mend="Add a route for the destination to the table shown, or associate the subnet with a table that has one.",
        source=f"{_GUIDE}/subnet-route-tables.html",
        aws_code="NO_ROUTE_TO_DESTINATION",
        other_aws_codes=("CANNOT_ROUTE",),
        step="route",
    ),
    Explanation(
        code=Code.ROUTE_ASTRAY,
        title="Route leads astray",
        meaning="A route of the VPC's route table sends the packets to a gateway behind which their destination cannot "
        "lie (a peering with another VPC, or an internet gateway for private addresses), or the default route takes "
        "what another gateway leads to.",
        why="The longest prefix wins, whether or not its target leads to the destination.",
        mend="Replace the route's target (aws ec2 replace-route), or add a more specific route to the right one.",
        source=f"{_GUIDE}/route-tables-priority.html",
        aws_code="NO_ROUTE_TO_DESTINATION",
        other_aws_codes=("CANNOT_ROUTE", "MORE_SPECIFIC_ROUTE", "HIGHER_PRIORITY_ROUTE"),
        step="route",
    ),
    Explanation(
        code=Code.ROUTE_BLACKHOLE,
        title="Route is a blackhole",
        meaning="The most specific route leads to a target that was deleted or detached, so the packets are dropped.",
        why="A blackhole route still wins by its length: AWS does not fall through to a shorter one.",
        mend="Replace the route's target (aws ec2 replace-route), or delete the route so that another matches.",
        source=f"{_GUIDE}/WorkWithRouteTables.html",
        aws_code="BAD_STATE_ROUTE",
        step="route",
    ),
    Explanation(
        code=Code.ROUTE_TABLE_UNKNOWN,
        title="Route table cannot be judged",
        meaning="The route table of the subnet or gateway is not in the snapshot.",
        why="A shared subnet's route table is visible to the VPC's owner only, or the call was refused.",
        mend="Take the snapshot again with the calls listed under needs, in the account that owns the VPC.",
        source=f"{_GUIDE}/vpc-sharing.html",
        aws_code="UNKNOWN_RESOURCE",
        step="route",
    ),
    Explanation(
        code=Code.NO_TRANSIT,
        title="No transit through the VPC",
        meaning="The packets entered the VPC by a gateway or peering, and the route would send them out by another.",
        why="A VPC is not a transit network: what comes in by one gateway is not passed on to the next, nor to a "
        "gateway endpoint.",
        mend="Connect both ends to a transit gateway, or put something inside the VPC between them: an interface "
        "endpoint in place of a gateway endpoint, a NAT gateway, a proxy.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations",
        aws_code="GATEWAY_REJECTS_SPOOFED_TRAFFIC",
        step="route",
    ),
    Explanation(
        code=Code.ROUTING_LOOP,
        title="Routing loop",
        meaning="The packets come back to a route table that they have passed before, and go round until they expire.",
        why="Two route tables point at each other, often one of a transit gateway and one of an attachment's subnet.",
        mend="Follow the hops shown and correct the route that sends the packets back.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html",
        step="route",
    ),
    Explanation(
        code=Code.TARGET_UNKNOWN,
        title="Component cannot be judged",
        meaning="The packets enter a component that is not in the snapshot, or of a kind that is not modelled.",
        why="The component may belong to another account or Region, reading it may have been refused, or it is newer "
        "than this version of mwaanet.",
        mend="Take the snapshot again with the calls listed under needs; where none is listed, look at the component "
        "itself.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html",
        aws_code="UNKNOWN_RESOURCE",
        step="route",
    ),
    Explanation(
        code=Code.GONE,
        title="Component does not exist",
        meaning="Something refers to a component that its account and Region do not have any more.",
        why="A route, an attachment or a service outlived what it points to.",
        mend="Recreate the component, or point the reference shown in the hop before at one that exists.",
        source=f"{_GUIDE}/WorkWithRouteTables.html",
        aws_code="NO_POSSIBLE_DESTINATION",
        step="route",
    ),
    Explanation(
        code=Code.WRONG_DESTINATION,
        title="The packets reach somebody else",
        meaning="Routes and rules let the packets arrive, but not at the destination that was asked about, or the "
        "replies arrive elsewhere than at the client.",
        why="The same address exists twice (overlapping CIDR blocks), or a name leads to something else's address.",
        mend="Compare the hop shown with the wanted destination: correct the name's answer, or the route that prefers "
        "the overlapping network.",
        source=f"{_GUIDE}/route-tables-priority.html",
        step="route",
    ),
    Explanation(
        code=Code.REPLY_MISMATCH,
        title="Reply bypasses a translation",
        meaning="The replies reach the client, or a gateway, without passing the NAT gateway or load balancer that "
        "translated the request, so they come from an address that the client never called.",
        why="A client takes replies only from the address and port it has called.",
        mend="Route the replies back through the translator: usually the return route of the server's subnet is too "
        "specific, or client IP preservation is on where it should be off.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
        step="route",
    ),
)
