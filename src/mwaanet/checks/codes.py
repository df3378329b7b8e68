"""Stable identifiers of what findings are about where no hop decides, with what `mwaanet explain` tells of each.

The codes of hops are `graph.codes.Code`; the two have no name in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mwaanet.checks.finding_code import Fault as Fault
from mwaanet.checks.finding_code import FindingCode as FindingCode

_VPC = "https://docs.aws.amazon.com/vpc/latest/"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_DNS = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"

_LINKS = (
    FindingCode(
        code=Fault.DX_REDUNDANCY,
        title="A virtual interface is down",
        meaning="The Direct Connect gateway has several virtual interfaces, and not all of them carry packets.",
        why="Packets go by those that are up; when the last one fails, the site is cut off.",
        mend="Bring up BGP on the virtual interface that is down: VLAN, addresses, ASN and MD5 key on both routers.",
        source="https://docs.aws.amazon.com/directconnect/latest/UserGuide/high_resiliency.html",
        step="direct-connect",
    ),
    FindingCode(
        code=Fault.LINK_DOWN,
        title="One of the site's links is down",
        meaning="The site file declares several links for the site, and not all of them carry packets.",
        why="Packets go by the links that are up; when the last one fails, the site is cut off.",
        mend="Bring up a tunnel of the VPN connection, or BGP on a virtual interface of the Direct Connect gateway.",
        source="https://docs.aws.amazon.com/directconnect/latest/UserGuide/high_resiliency.html",
        step="site",
    ),
    FindingCode(
        code=Fault.VPN_ONE_TUNNEL,
        title="One VPN tunnel of two is up",
        meaning="The Site-to-Site VPN connection carries the packets by one tunnel; the other is down.",
        why="AWS takes a tunnel down for maintenance now and then, and relies on the other one.",
        mend="Bring up the second tunnel on the customer gateway device; its status message says what fails.",
        source="https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html",
        step="vpn",
    ),
    FindingCode(
        code=Fault.TARGETS_LOST,
        title="Some of the load balancer's targets are unhealthy",
        meaning="Healthy targets take the packets, but not all that are registered are healthy.",
        why="A load balancer sends to healthy targets only, so each lost one is capacity and redundancy lost.",
        mend="Bring the unhealthy targets back, or deregister them.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
        step="target",
    ),
    FindingCode(
        code=Fault.TARGET_WRONG,
        title="The target is not the server that the site file declares",
        meaning="The load balancer sends to an address or port other than nexus.server of mwaanet.yaml.",
        why="A target group sends to the addresses and ports that are registered in it, whoever answers there.",
        mend="Register the declared address and port in the target group, or correct nexus.server in mwaanet.yaml.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html",
        step="target",
    ),
)

_BALANCER = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"

_SPOKEN = (
    FindingCode(
        code=Fault.PROXY_PROTOCOL,
        title="Targets get a PROXY protocol header",
        meaning="The target group has proxy protocol version 2 on, and nothing shows that the server expects it.",
        why="The load balancer puts a binary header before the data of every connection; a server that does not "
        "expect it takes it for a broken request.",
        mend="Turn proxy_protocol_v2.enabled off, unless a proxy in front of the server reads the header.",
        source=f"{_BALANCER}edit-target-group-attributes.html#proxy-protocol",
        step="target",
    ),
    FindingCode(
        code=Fault.TLS_EXPECTED,
        title="Plain http meets a TLS listener",
        meaning="The URL says http, but the load balancer's listener for its port takes TLS only.",
        why="A TLS listener begins every connection with a TLS handshake, which plain http does not speak.",
        mend="Write https in the URL, or make the listener one for TCP.",
        source=f"{_BALANCER}create-tls-listener.html",
        step="load-balancer",
    ),
    FindingCode(
        code=Fault.TLS_MISMATCH,
        title="The target speaks TLS and gets plain http, or the reverse",
        meaning="The target's health checks over HTTP or HTTPS succeed at the port that gets the other of the two.",
        why="A TCP listener hands on what the client sends; a TLS listener ends TLS, and begins it anew only where the "
        "target group's protocol is TLS.",
        mend="Use a TLS listener in front of a server that speaks plain http, a TCP listener in front of one that "
        "speaks TLS.",
        source=f"{_BALANCER}load-balancer-target-groups.html#target-group-routing-configuration",
        step="target",
    ),
)

_SERVICES = (
    FindingCode(
        code=Fault.SERVICE_PRINCIPAL,
        title="The endpoint service does not allow the account",
        meaning="No principal of the endpoint's account is on the service's list; the endpoint that exists goes on.",
        why="Who may connect is asked when an endpoint is made: removing a permission leaves connections alone, "
        "but the endpoint cannot be made again.",
        mend="Allow the account: aws ec2 modify-vpc-endpoint-service-permissions --add-allowed-principals.",
        source=f"{_VPC}privatelink/configure-endpoint-service.html#add-remove-permissions",
        step="endpoint-service",
    ),
)

_NAMES = (
    FindingCode(
        code=Fault.NAME_LEFT_TO_PUBLIC,
        title="A setting hides the private answer for the name",
        meaning="The VPC has a private zone or an endpoint for the name, but a setting keeps it from answering.",
        why="Private hosted zones need enableDnsHostnames; an endpoint answers privately only while it is available.",
        mend="Switch enableDnsHostnames on for the VPC, or mend the endpoint that should answer.",
        source=f"{_VPC}userguide/vpc-dns.html#vpc-dns-support",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_STALE,
        title="The name leads to an address that nobody holds",
        meaning="The record gives an address of the VPC that belongs to no interface, so not to the endpoint.",
        why="An endpoint that is made again gets new addresses; a record with addresses of its own does not follow.",
        mend="Let the record be an alias of the endpoint's regional name instead of a list of addresses.",
        source=f"{_DNS}routing-to-vpc-interface-endpoint.html",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_WRONG_ENDPOINT,
        title="The name leads to another service's endpoint",
        meaning="The record gives the addresses of an endpoint for an AWS service, not of the package server's one.",
        why="Every interface endpoint leads to one service, whatever name was used to find it.",
        mend="Point the record at the endpoint for the package server's endpoint service.",
        source=f"{_VPC}privatelink/manage-dns-names.html",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_ZONE_NOT_ASSOCIATED,
        title="The private zone is not associated with the VPC",
        meaning="A private hosted zone of the snapshot has the name, but the VPC does not resolve by it.",
        why="A private hosted zone answers only in the VPCs that it is associated with.",
        mend="Associate it: aws route53 associate-vpc-with-hosted-zone.",
        source=f"{_DNS}hosted-zone-private-associate-vpcs.html",
        step="name",
    ),
)

_FOUND = (
    *_LINKS,
    *_SPOKEN,
    *_SERVICES,
    *_NAMES,
    FindingCode(
        code=Fault.CLIENT_PORTS,
        title="Replies pass to a part of the client ports only",
        meaning="Nobody knows which system the client runs, and replies to some of the ports it may use are stopped.",
        why="Network ACLs keep no state: a reply goes to the client's ephemeral port, whose range depends on the "
        "system (Linux 32768-60999, Windows 49152-65535, NAT gateways 1024-65535).",
        mend="Let the replies to 1024-65535 through the network ACLs, or make sure that the client is a Linux system.",
        source=f"{_VPC}userguide/nacl-ephemeral-ports.html",
        step="network-acl",
    ),
    FindingCode(
        code=Fault.ENDPOINT_MISSING,
        title="There is no VPC endpoint for the service",
        meaning="The packets have no way to the service: no endpoint in the VPC, and no route to where it is public.",
        why="A private subnet reaches an AWS service, or another's PrivateLink service, by a VPC endpoint only.",
        mend="Create the endpoint in the VPC, with private DNS where the service has it; or route to a NAT gateway.",
        source=f"{_VPC}privatelink/create-interface-endpoint.html",
        step="endpoint",
    ),
    FindingCode(
        code=Fault.ENDPOINT_ONE_ZONE,
        title="The endpoint lies in one zone only",
        meaning="The service is reached, but by an interface in a single Availability Zone.",
        why="An interface endpoint has one network interface per chosen subnet. When its only zone fails, every subnet "
        "loses the service.",
        mend="Add a subnet of a second zone to the endpoint.",
        source=f"{_VPC}privatelink/privatelink-access-aws-services.html",
        step="endpoint",
    ),
    FindingCode(
        code=Fault.ENDPOINT_PRIVATE_DNS,
        title="The endpoint does not answer the service's own name",
        meaning="There is an endpoint for the service, but the service's Regional name still gives public addresses.",
        why="Without private DNS an endpoint has its own vpce- names only; clients that use the service's name go to "
        "its public addresses.",
        mend="Switch private DNS on for the endpoint (the VPC needs DNS support and DNS host names), or let a private "
        "hosted zone lead the name to the endpoint.",
        source=f"{_VPC}privatelink/manage-dns-names.html",
        step="name",
    ),
    FindingCode(
        code=Fault.FACT_DIFFERS,
        title="A setting is not as it must be",
        meaning="The response of the call was read, and what the check demands of it does not hold.",
        why="Some things decide without any packet: versioning, Regions, zones, states.",
        mend="Change the setting as the check's own fix says.",
        source="https://jmespath.org/specification.html",
        step="configuration",
    ),
    FindingCode(
        code=Fault.FACT_MISSING,
        title="What is asked about does not exist",
        meaning="AWS answered the call by saying that the resource, or the setting of it, is not there.",
        why="An error such as NoSuchKey or 404 from the account that would own the thing is a fact, not a gap.",
        mend="Create it, or point the configuration at what exists.",
        source="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        step="configuration",
    ),
    FindingCode(
        code=Fault.NAME_NO_DATA,
        title="The name exists but gives no address",
        meaning="Whoever answers the name has it, or a name below it, but no A or AAAA record of it.",
        why="A private hosted zone or an endpoint's private DNS decides for every name inside it; nothing falls "
        "through to public DNS.",
        mend="Add the record to the zone that decides, or remove the zone that hides the public name.",
        source=f"{_DNS}hosted-zone-private-considerations.html",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_NO_SERVER,
        title="Nobody answers names there",
        meaning="The client has no DNS server: the VPC's resolver is off, or its DHCP options name none.",
        why="With enableDnsSupport off the VPC's resolver answers nothing, neither public nor private names.",
        mend="Set enableDnsSupport (and enableDnsHostnames) of the VPC, or name reachable servers in its DHCP options.",
        source=f"{_VPC}userguide/vpc-dns.html#vpc-dns-support",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_NXDOMAIN,
        title="The name does not exist for this client",
        meaning="Whoever decides the name as the client sees it says that there is no such name.",
        why="The most specific private zone, endpoint or resolver rule decides; a private zone without the record is "
        "NXDOMAIN, whatever public DNS has.",
        mend="Add the record where the name is decided, or forward its domain to a resolver that knows it.",
        source=f"{_DNS}hosted-zone-private-considerations.html",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_QUERY_BLOCKED,
        title="The DNS query does not arrive",
        meaning="The packets that ask for the name, UDP or TCP, do not get to the DNS server or their answer not back.",
        why="Custom DNS servers and resolver endpoints are reached like anything else: by routes, security groups and "
        "network ACLs. Only the VPC's own resolver is always reachable.",
        mend="Let port 53, UDP and TCP, through on the way that the finding names, and the replies back.",
        source=f"{_DNS}resolver.html",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_SERVER_LOST,
        title="One of several DNS servers is not reached",
        meaning="The name resolves, for another server answers; but packets to this one do not get through.",
        why="A resolver asks the next server where one does not answer: names resolve until that one fails too.",
        mend="Let port 53, UDP and TCP, through to the server that the finding names, or name another one.",
        source=f"{_DNS}resolver-forwarding-outbound-queries.html",
        step="name",
    ),
    FindingCode(
        code=Fault.NAME_WRONG_KIND,
        title="The name leads to the wrong kind of addresses",
        meaning="The name resolves, but to public addresses where private ones are expected, or the other way round.",
        why="In a VPC endpoints' private DNS and private hosted zones decide whether a name gives private addresses.",
        mend="Switch the endpoint's private DNS on or off, or mend the zone that decides the name.",
        source=f"{_VPC}privatelink/manage-dns-names.html",
        step="name",
    ),
    FindingCode(
        code=Fault.POLICY_BOUNDARY,
        title="The role's permissions boundary does not allow the request",
        meaning="Whatever the role's policies allow, its boundary does not.",
        why="A permissions boundary is the most that identity policies can give.",
        mend="Allow the action in the boundary, or take the boundary off the role.",
        source=f"{_IAM}access_policies_boundaries.html",
        step="policy",
    ),
    FindingCode(
        code=Fault.POLICY_ENDPOINT,
        title="The VPC endpoint's policy does not allow the request",
        meaning="The request goes through a VPC endpoint whose policy denies it, or allows nothing that fits.",
        why="An endpoint policy narrows what may pass the endpoint, whoever asks.",
        mend="Allow the action on the resource in the endpoint's policy.",
        source=f"{_VPC}privatelink/vpc-endpoints-access.html",
        step="policy",
    ),
    FindingCode(
        code=Fault.POLICY_IDENTITY,
        title="The role's own policies do not allow the request",
        meaning="A policy of the role denies the request, or none of them allows it.",
        why="Without an Allow in an identity policy, or within one account in the resource's, a request is refused.",
        mend="Allow the action on the resource in a policy of the role; remove a Deny.",
        source=f"{_IAM}reference_policies_evaluation-logic.html",
        step="policy",
    ),
    FindingCode(
        code=Fault.POLICY_ORGANISATION,
        title="A policy of the organisation does not allow the request",
        meaning="A service or resource control policy denies the request, or a level of them does not allow it.",
        why="Organisation policies are the most that any policy of an account can give.",
        mend="Ask whoever administers the organisation to allow the action.",
        source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
        step="policy",
    ),
    FindingCode(
        code=Fault.POLICY_RESOURCE,
        title="The resource's own policy does not allow the request",
        meaning="The bucket's or key's policy denies the request, or does not allow what it alone can allow.",
        why="An explicit Deny in a resource's policy always wins; a KMS key must let the principal or its account in "
        "itself, else identity policies count for nothing.",
        mend="Change the resource's policy: remove or narrow the Deny, or allow the principal.",
        source=f"{_IAM}access_policies_identity-vs-resource.html",
        step="policy",
    ),
    FindingCode(
        code=Fault.POLICY_SESSION,
        title="The session's policy does not allow the request",
        meaning="The policy that was passed when the role was assumed does not allow the request.",
        why="A session policy narrows what the role may do in that session.",
        mend="Allow the action in the session policy, or assume the role without one.",
        source=f"{_IAM}access_policies.html#policies_session",
        step="policy",
    ),
    FindingCode(
        code=Fault.SOURCE_UNFIT,
        title="Nothing can be sent from there",
        meaning="What the check gives as the source is a name, or does not exist, so no packet starts there.",
        why="Packets start from network interfaces, sites and addresses.",
        mend="Create what is missing, or name an interface, a subnet, a site or an address as the source.",
        source=f"{_VPC}userguide/using-eni.html",
        step="endpoint",
    ),
)

_ASSERTED = (
    FindingCode(
        code=Fault.FACT_AGREES,
        title="What must not hold, holds",
        meaning="The expression is true of what was read, and the assertion expects that it is not.",
        why="`expect: does-not-hold` asks for the opposite of the expression.",
        mend="Change the setting, or the assertion.",
        source="https://jmespath.org/specification.html",
        step="configuration",
    ),
    FindingCode(
        code=Fault.NAME_RESOLVES,
        title="A name that must not resolve, does",
        meaning="The name gives addresses of the kind that the assertion forbids.",
        why="Private hosted zones, endpoints with private DNS and forwarding rules decide a name for each VPC.",
        mend="Take the record or the association away that answers the name there.",
        source=f"{_DNS}hosted-zones-private.html",
        step="name",
    ),
    FindingCode(
        code=Fault.PACKETS_PASS,
        title="Packets get through that must not",
        meaning="At least one packet of those that must be blocked arrives, by the way that is shown.",
        why="A packet arrives where no security group, network ACL, firewall or route on its way stops it.",
        mend="Narrow the rule or take away the route that lets it pass; what allows it is named, the last first.",
        source=f"{_VPC}userguide/infrastructure-security.html",
        step="security-group",
    ),
    FindingCode(
        code=Fault.POLICY_ALLOWS,
        title="What must be denied is allowed",
        meaning="The policies on the request's way allow an action that the assertion expects to be denied.",
        why="A request is allowed where a policy allows it and none denies it.",
        mend="Take the action or the resource out of the statement that allows it, or deny it explicitly.",
        source=f"{_IAM}reference_policies_evaluation-logic.html",
        step="policy",
    ),
    FindingCode(
        code=Fault.SELECTION_EMPTY,
        title="Nothing is selected",
        meaning="What the assertion asks about does not exist in the snapshot, so it would hold whatever is so.",
        why="A rule about nothing passes for ever, also when it was misspelt or its resource is gone.",
        mend="Correct the selector, or say `allow-empty: true` where there may be nothing.",
        source=f"{_VPC}userguide/what-is-amazon-vpc.html",
        step="configuration",
    ),
    FindingCode(
        code=Fault.WAY_NOT_TAKEN,
        title="Packets arrive by another way than asked",
        meaning="The packets arrive, but cross what they must not cross, or do not cross what they must.",
        why="Route tables decide by the longest prefix which gateway packets take.",
        mend="Change the route on the way shown so that it leads where it should.",
        source=f"{_VPC}userguide/VPC_Route_Tables.html",
        step="route",
    ),
)

FINDING_CODES: Mapping[str, FindingCode] = MappingProxyType(
    {found.code.value: found for found in sorted((*_FOUND, *_ASSERTED), key=lambda each: each.code)}
)
"""Every code of findings, in alphabetical order."""
