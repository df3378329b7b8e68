"""Explanations of what is decided at a VPC's gateways: internet, NAT, endpoints, load balancers, firewalls."""

from __future__ import annotations

from mwaanet.graph.codes import Code
from mwaanet.graph.explanation import Explanation

_GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"
_PRIVATELINK = "https://docs.aws.amazon.com/vpc/latest/privatelink"
_BALANCER = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network"
_FIREWALL = "https://docs.aws.amazon.com/network-firewall/latest/developerguide"

GATEWAY: tuple[Explanation, ...] = (
    Explanation(
        code=Code.BAD_STATE,
        title="Component is not working",
        meaning="The gateway, peering, attachment or service exists but is not in a state in which it carries packets, "
        "or is not attached to this VPC.",
        why="Only an available (attached, active) component forwards; a route to any other drops what it attracts.",
        mend="Bring the component to the state that the hop asks for (attach it, accept it), or replace it and the "
        "routes to it.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
        aws_code="BAD_STATE",
        step="gateway",
    ),
    Explanation(
        code=Code.GATEWAY_FORWARDS,
        title="Gateway forwards",
        meaning="The internet gateway or egress-only internet gateway passes the packets unchanged.",
        why="IPv6 addresses are public, so they need no translation.",
        mend="Nothing to mend: it shows that the packets go to or come from the internet by this gateway.",
        source=f"{_GUIDE}/VPC_Internet_Gateway.html",
        step="gateway",
    ),
    Explanation(
        code=Code.BLOCK_PUBLIC_ACCESS,
        title="VPC Block Public Access stops the packets",
        meaning="VPC Block Public Access is on for the VPC or subnet and forbids this internet traffic.",
        why="Where it is on it overrides internet gateway routes, security groups and network ACLs.",
        mend="If the traffic is wanted, ask the account's owner for an exclusion of the VPC or subnet (aws ec2 "
        "create-vpc-block-public-access-exclusion); else use VPC endpoints.",
        source=f"{_GUIDE}/security-vpc-bpa.html",
        aws_code="VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        step="gateway",
    ),
    Explanation(
        code=Code.IGW_TRANSLATES,
        title="Internet gateway translates",
        meaning="The internet gateway exchanges the private address for the public one that belongs to it, or back.",
        why="An internet gateway does one-to-one NAT for interfaces with a public IPv4 address.",
        mend="Nothing to mend: it shows which public address the outside sees.",
        source=f"{_GUIDE}/VPC_Internet_Gateway.html",
        step="gateway",
    ),
    Explanation(
        code=Code.IGW_NO_PUBLIC_ADDRESS,
        title="Sender has no public address",
        meaning="The route leads to an internet gateway, but the sender has no public IPv4 address, or no public IPv6 "
        "address of the VPC.",
        why="An internet gateway passes only what it can translate to a public or Elastic IP address, and the public "
        "IPv6 addresses of its own VPC.",
        mend="Route the subnet to a NAT gateway in a public subnet, or use VPC endpoints for AWS services; give the "
        "interface an Elastic IP address only where it may be public.",
        source=f"{_GUIDE}/VPC_Internet_Gateway.html",
        aws_code="IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
        step="gateway",
    ),
    Explanation(
        code=Code.IGW_PRIVATE_DESTINATION,
        title="Private destination sent to the internet",
        meaning="The route to an internet gateway matches packets for a private address.",
        why="Private addresses do not exist on the internet; usually a default route catches what has no route of its "
        "own.",
        mend="Add a more specific route for the private network, to its transit gateway, virtual private gateway or "
        "peering connection.",
        source=f"{_GUIDE}/VPC_Internet_Gateway.html",
        aws_code="IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
        step="gateway",
    ),
    Explanation(
        code=Code.EIGW_NOT_IPV6,
        title="Egress-only internet gateway takes public IPv6 only",
        meaning="The packets are IPv4, or not between public IPv6 addresses.",
        why="Egress-only internet gateways carry outbound IPv6 and its replies, nothing else.",
        mend="Route IPv4 to a NAT gateway; keep the egress-only gateway for ::/0.",
        source=f"{_GUIDE}/egress-only-internet-gateway.html",
        step="gateway",
    ),
    Explanation(
        code=Code.EIGW_UNSOLICITED,
        title="Egress-only internet gateway takes replies only",
        meaning="The packets come from the internet and answer nothing that went out by this gateway.",
        why="An egress-only internet gateway is stateful and lets no connection in.",
        mend="For connections from outside route the subnet to an internet gateway; else nothing is wrong.",
        source=f"{_GUIDE}/egress-only-internet-gateway.html",
        step="gateway",
    ),
    Explanation(
        code=Code.NAT_TRANSLATES,
        title="NAT gateway translates",
        meaning="The NAT gateway puts its own address and a port of its choice in place of the sender's, or back.",
        why="Behind it the sender's address and security groups are no longer visible.",
        mend="Nothing to mend: it shows which address the far end sees and must allow.",
        source=f"{_GUIDE}/vpc-nat-gateway.html",
        step="gateway",
    ),
    Explanation(
        code=Code.NAT_PROTOCOL,
        title="NAT gateway does not carry this protocol",
        meaning="The packets are not IPv4 TCP, UDP or ICMP.",
        why="NAT gateways translate these three protocols only.",
        mend="Use TCP or UDP, a NAT instance for other protocols, or an egress-only internet gateway for IPv6.",
        source=f"{_GUIDE}/nat-gateway-basics.html",
        aws_code="PROTOCOL_RESTRICTION",
        step="gateway",
    ),
    Explanation(
        code=Code.NAT_UNSOLICITED,
        title="NAT gateway takes replies only",
        meaning="The packets are addressed to the NAT gateway and answer nothing that it sent.",
        why="A NAT gateway forwards no connection that starts outside.",
        mend="Address the server itself, by its private address or through a load balancer.",
        source=f"{_GUIDE}/vpc-nat-gateway.html",
        step="gateway",
    ),
    Explanation(
        code=Code.ENDPOINT,
        title="Endpoint carries",
        meaning="The VPC endpoint takes the packets and hands them to its service.",
        why="A gateway endpoint serves by route inside its VPC, an interface endpoint wherever its interfaces can be "
        "reached.",
        mend="Nothing to mend: it shows that the packets stay on the private path. The endpoint's policy is judged "
        "with the request.",
        source=f"{_PRIVATELINK}/concepts.html",
        step="endpoint",
    ),
    Explanation(
        code=Code.ENDPOINT_STATE,
        title="Endpoint is not available",
        meaning="The VPC endpoint exists but its state is not available.",
        why="An endpoint that is pending, rejected, failed or expired carries nothing.",
        mend="pendingAcceptance: have the service's owner accept it. rejected: AWS describes acceptance only of what "
        "is pendingAcceptance, so where it refuses to accept this one, delete and create it again, and accept the new "
        "one. failed, expired: delete and create it again.",
        source=f"{_PRIVATELINK}/accept-reject-endpoint-requests.html",
        aws_code="BAD_STATE",
        step="endpoint",
    ),
    Explanation(
        code=Code.SERVICE,
        title="Service has the packets",
        meaning="The packets have reached the endpoint service, or the AWS service behind the endpoint.",
        why="What AWS runs behind an available endpoint is taken as working; another's service goes on to its load "
        "balancer.",
        mend="Nothing to mend on the network: if calls still fail, look at policies and TLS names.",
        source=f"{_PRIVATELINK}/privatelink-access-aws-services.html",
        step="service",
    ),
    Explanation(
        code=Code.SERVICE_NOT_ACCEPTED,
        title="Endpoint service has not accepted the endpoint",
        meaning="The service's owner has not accepted the connection of this endpoint, or has rejected it.",
        why="A service that requires acceptance carries nothing before its owner accepts.",
        mend="In the account of the service: aws ec2 accept-vpc-endpoint-connections with the endpoint's id, and allow "
        "the consumer's principal.",
        source=f"{_PRIVATELINK}/configure-endpoint-service.html",
        aws_code="BAD_STATE",
        step="endpoint-service",
    ),
    Explanation(
        code=Code.SERVICE_NOT_ALLOWED,
        title="Endpoint service does not allow the consumer",
        meaning="None of the principals that the endpoint service allows is the account of the endpoint, or a role or "
        "user in it.",
        why="Only allowed principals may connect to an endpoint service; connections that were accepted before a "
        "principal was taken away may live on, new ones are refused.",
        mend="In the account of the service: aws ec2 modify-vpc-endpoint-service-permissions "
        "--add-allowed-principals with the consumer's account or role.",
        source=f"{_PRIVATELINK}/configure-endpoint-service.html#add-remove-permissions",
        aws_code=None,
        step="endpoint-service",
    ),
    Explanation(
        code=Code.SERVICE_NO_BALANCER,
        title="Endpoint service has no load balancer",
        meaning="The endpoint service lists no Network Load Balancer that could take the packets.",
        why="PrivateLink hands connections to the load balancers of the service and to nothing else.",
        mend="Add a Network Load Balancer to the service: aws ec2 modify-vpc-endpoint-service-configuration "
        "--add-network-load-balancer-arns.",
        source=f"{_PRIVATELINK}/create-endpoint-service.html",
        aws_code="NO_POSSIBLE_DESTINATION",
        step="endpoint-service",
    ),
    Explanation(
        code=Code.SERVICE_ADDRESS_TYPE,
        title="Service does not support the address family",
        meaning="The endpoint takes IPv4 or IPv6 packets of a kind that the endpoint service does not support.",
        why="A service supports IPv4, IPv6 or both, and IPv6 only behind dual-stack load balancers.",
        mend="Have the service's owner add the address type (aws ec2 modify-vpc-endpoint-service-configuration "
        "--add-supported-ip-address-types), or ask the endpoint by addresses of the other family.",
        source=f"{_PRIVATELINK}/create-endpoint-service.html",
        step="endpoint-service",
    ),
    Explanation(
        code=Code.SERVICE_ZONE,
        title="Service is not in the endpoint's zone",
        meaning="The load balancer of the service has no address in the Availability Zone of the endpoint's interface.",
        why="PrivateLink connects within a zone, by AZ ID: zone names differ between accounts.",
        mend="Enable the load balancer in that zone, or put the endpoint into a subnet of a zone (AZ ID) that the "
        "service has.",
        source=f"{_PRIVATELINK}/create-endpoint-service.html",
        aws_code="VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
        step="endpoint-service",
    ),
    Explanation(
        code=Code.BALANCED,
        title="Load balancer hands over",
        meaning="The load balancer sends the packets to a target from its own address, or the replies back.",
        why="A target sees the balancer's private address unless client IP preservation is on; replies must return to "
        "the balancer.",
        mend="Nothing to mend where the packets go on: it shows listener and target. A drop here is a reply to nothing "
        "that the balancer sent: route replies back to the interface that the request came from.",
        source=f"{_BALANCER}/load-balancer-target-groups.html",
        step="load-balancer",
    ),
    Explanation(
        code=Code.NO_LISTENER,
        title="Load balancer has no listener",
        meaning="No listener of the load balancer has this protocol and port.",
        why="A Network Load Balancer takes only what one of its listeners is configured for.",
        mend="Add a listener for the port that clients use (aws elbv2 create-listener), or use the port of the "
        "listener that exists.",
        source=f"{_BALANCER}/load-balancer-listeners.html",
        aws_code="ELBV2_LISTENERS_MISMATCH",
        step="load-balancer",
    ),
    Explanation(
        code=Code.CLIENT_ADDRESS_KEPT,
        title="Client IP preservation cuts off the target",
        meaning="The target sees the client's own address, and its replies do not come back through the load balancer.",
        why="With a preserved address packets must go straight to a target in the load balancer's VPC or a peered one "
        "of the Region, and a target cannot be its own client.",
        mend="Turn client IP preservation off for the target group (aws elbv2 modify-target-group-attributes "
        "--attributes Key=preserve_client_ip.enabled,Value=false); UDP groups always preserve.",
        source=f"{_BALANCER}/edit-target-group-attributes.html#client-ip-preservation",
        aws_code="ELBV2_SOURCE_ADDRESS_PRESERVATION",
        step="target",
    ),
    Explanation(
        code=Code.TARGET_NONE,
        title="Target group is empty",
        meaning="The listener's target group has no registered target that the load balancer may use from this zone.",
        why="Without cross-zone load balancing each zone's address reaches the targets of its own zone only.",
        mend="Register a target in this zone (aws elbv2 register-targets), or turn on cross-zone load balancing.",
        source=f"{_BALANCER}/target-group-register-targets.html",
        aws_code="ELBV2_LISTENER_HAS_NO_TG",
        step="target",
    ),
    Explanation(
        code=Code.TARGET_UNHEALTHY,
        title="Target is not healthy",
        meaning="AWS's own health check says that the target does not answer, and no healthy one stands in for it.",
        why="With no healthy target a Network Load Balancer fails open and sends to all of them, but nobody answers.",
        mend="Start the service on the target, open the target's firewall for the load balancer's addresses, or "
        "correct the health check's port and path.",
        source=f"{_BALANCER}/target-group-health-checks.html",
        step="target",
    ),
    Explanation(
        code=Code.FIREWALL_ALLOWS,
        title="Network Firewall allows",
        meaning="The firewall's policy passes the packets, or they are replies to a connection that it has seen.",
        why="Stateless rules are tried first, then the stateful engine, which remembers the connections it has passed.",
        mend="Nothing to mend: it shows which rule group or default action decides.",
        source=f"{_FIREWALL}/firewall-policy-processing.html",
        step="firewall",
    ),
    Explanation(
        code=Code.FIREWALL_STATELESS,
        title="Network Firewall's stateless rules pass",
        meaning="A stateless rule or the policy's stateless default action passes the packets; the stateful engine "
        "does not see them.",
        why="Stateless rules see each packet by itself and remember nothing, so replies need a rule of their own.",
        mend="Nothing to mend: it shows which stateless rule or default action decides.",
        source=f"{_FIREWALL}/stateless-rule-groups-standard.html",
        step="firewall",
    ),
    Explanation(
        code=Code.FIREWALL_DENIES,
        title="Network Firewall drops",
        meaning="A rule or default action of the firewall's policy drops or rejects the packets.",
        why="Stateless rules are tried first; what they forward meets the stateful rules and, in strict order, the "
        "policy's default action.",
        mend="Add a pass rule for these addresses, protocol and port to the rule group shown, ahead of the rule that "
        "drops; for a default action add it to any stateful rule group of the policy.",
        source=f"{_FIREWALL}/suricata-rule-evaluation-order.html",
        aws_code="FIREWALL_RULES_RESTRICTION",
        step="firewall",
    ),
    Explanation(
        code=Code.FIREWALL_UNKNOWN,
        title="Network Firewall cannot be judged",
        meaning="A rule group decides by what addresses and ports do not show (domain names, packet contents, TCP "
        "flags), or the firewall's policy or rule group is not in the snapshot.",
        why="Domain lists and Suricata keywords look into the connection; only its first data tell what they decide.",
        mend="Read the rule group named in the reason and check that it passes the wanted name; the firewall's alert "
        "and flow logs show what it did.",
        source=f"{_FIREWALL}/stateful-rule-groups-domain-names.html",
        step="firewall",
    ),
    Explanation(
        code=Code.FIREWALL_ASYMMETRIC,
        title="Network Firewall sees one direction only",
        meaning="The replies go through a firewall endpoint that has not seen the request.",
        why="The stateful engine drops packets of a connection whose start it has not seen; each zone's endpoint "
        "keeps its own state.",
        mend="Route both directions through the same endpoint: one route per zone in each table, and appliance mode on "
        "the transit gateway attachment of the firewall's VPC.",
        source=f"{_FIREWALL}/asymmetric-routing.html",
        step="firewall",
    ),
)
