"""One example of every kind of change, in its less usual forms too."""

from __future__ import annotations

import json

from mwaanet.fixes.bucket import BucketVersioning, PublicAccessBlock
from mwaanet.fixes.change import Change
from mwaanet.fixes.client_vpn import ClientVpnAuthorization, ClientVpnRoute
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.fixes.endpoint_service import ConnectionAcceptance, PrincipalPermission
from mwaanet.fixes.endpoint_setting import EndpointPolicy, EndpointPrivateDns, EndpointRouteTable
from mwaanet.fixes.hosted_zone import AliasRecord, ZoneAssociation, ZoneAuthorization
from mwaanet.fixes.instruction import Instruction
from mwaanet.fixes.load_balancer import (
    ListenerCreation,
    TargetGroupAttribute,
    TargetRecovery,
    TargetRegistration,
)
from mwaanet.fixes.network_acl_entry import NetworkAclEntry
from mwaanet.fixes.policy import BucketPolicy, KeyEnabled, KeyPolicy, RolePolicy
from mwaanet.fixes.route import Route, RouteDeletion
from mwaanet.fixes.security_group_rule import SecurityGroupRule
from mwaanet.fixes.transit_gateway import (
    AttachmentAcceptance,
    AttachmentSubnet,
    TransitGatewayAssociation,
    TransitGatewayRoute,
)
from mwaanet.fixes.vpc_attribute import VpcAttribute
from mwaanet.mending.names import Ends
from mwaanet.mending.stop import Place

HERE = Place(account="111122223333", region="us-east-1")
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/packages/50dc6c495c0c9188"
GROUP = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/packages/73e2d6bc24d8a067"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::111122223333:role/workers"
STATEMENT = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::data/*"]}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
BY_ROLE = json.dumps({**STATEMENT, "Principal": {"AWS": ROLE}})
FOR_KEY = json.dumps(
    {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": ["kms:Decrypt"], "Resource": "*"},
)
ZONE: Ends = {
    "zone": "Z0123456789ABCDEFGHIJ",
    "zone_name": "build.example",
    "vpc": "vpc-0123456789abcdef0",
    "vpc_region": "us-east-1",
}

CHANGES: tuple[Change, ...] = (
    SecurityGroupRule(
        **HERE, group="sg-0123456789abcdef0", protocol="tcp", low=443, high=443, outbound=False, cidr="10.1.0.0/24"
    ),
    SecurityGroupRule(
        **HERE, group="sg-0123456789abcdef0", protocol="tcp", low=443, high=443, outbound=True, cidr="2001:db8::/64"
    ),
    SecurityGroupRule(
        **HERE,
        group="sg-0123456789abcdef0",
        protocol="tcp",
        low=443,
        high=443,
        outbound=False,
        peer_group="sg-0fedcba9876543210",
    ),
    SecurityGroupRule(
        **HERE,
        group="sg-0123456789abcdef0",
        protocol="tcp",
        low=443,
        high=443,
        outbound=True,
        prefix_list="pl-0123456789abcdef0",
    ),
    SecurityGroupRule(**HERE, group="sg-0123456789abcdef0", outbound=True, protocol="-1", cidr="10.9.0.0/16"),
    NetworkAclEntry(
        **HERE,
        acl="acl-0123456789abcdef0",
        outbound=True,
        number=90,
        protocol=6,
        cidr="10.1.0.0/24",
        low=1024,
        high=65535,
    ),
    NetworkAclEntry(**HERE, acl="acl-0123456789abcdef0", outbound=False, number=91, protocol=1, cidr="10.1.0.0/24"),
    NetworkAclEntry(**HERE, acl="acl-0123456789abcdef0", outbound=False, number=92, protocol=-1, cidr="2001:db8::/64"),
    Route(**HERE, table="rtb-0123456789abcdef0", destination="10.9.0.0/16", target="tgw-0123456789abcdef0"),
    Route(**HERE, table="rtb-0123456789abcdef0", destination="pl-0123456789abcdef0", target="nat-0123456789abcdef0"),
    Route(
        **HERE,
        table="rtb-0123456789abcdef0",
        destination="2001:db8::/64",
        target="pcx-0123456789abcdef0",
        replaces=True,
    ),
    RouteDeletion(**HERE, table="rtb-0123456789abcdef0", destination="10.9.1.0/24"),
    EndpointRouteTable(**HERE, endpoint="vpce-0123456789abcdef0", table="rtb-0123456789abcdef0", prefix_list="pl-1"),
    EndpointPrivateDns(**HERE, endpoint="vpce-0123456789abcdef0", names=("sqs.us-east-1.amazonaws.com",)),
    EndpointPolicy(**HERE, endpoint="vpce-0123456789abcdef0", base=DOCUMENT, added=(BY_ROLE,)),
    EndpointCreation(
        **HERE,
        vpc="vpc-0123456789abcdef0",
        service="com.amazonaws.us-east-1.sqs",
        subnets=("subnet-0123456789abcdef0", "subnet-0fedcba9876543210"),
        groups=("sg-0123456789abcdef0",),
    ),
    EndpointCreation(
        **HERE,
        vpc="vpc-0123456789abcdef0",
        service="com.amazonaws.us-east-1.s3",
        tables=("rtb-0123456789abcdef0",),
        prefix_list="pl-0123456789abcdef0",
    ),
    ConnectionAcceptance(**HERE, service="vpce-svc-0123456789abcdef0", endpoint="vpce-0123456789abcdef0"),
    PrincipalPermission(**HERE, service="vpce-svc-0123456789abcdef0", principal="arn:aws:iam::444455556666:root"),
    TransitGatewayRoute(
        **HERE, table="tgw-rtb-0123456789abcdef0", cidr="10.9.0.0/16", attachment="tgw-attach-0123456789abcdef0"
    ),
    TransitGatewayRoute(
        **HERE,
        table="tgw-rtb-0123456789abcdef0",
        cidr="10.8.0.0/16",
        attachment="tgw-attach-0123456789abcdef0",
        replaces=True,
    ),
    TransitGatewayAssociation(**HERE, table="tgw-rtb-0123456789abcdef0", attachment="tgw-attach-0123456789abcdef0"),
    AttachmentAcceptance(**HERE, attachment="tgw-attach-0123456789abcdef0"),
    AttachmentSubnet(**HERE, attachment="tgw-attach-0123456789abcdef0", subnet="subnet-0123456789abcdef0"),
    TargetRegistration(**HERE, group=GROUP, address="10.50.1.20", port=8081, zone="all", instead_of=("10.50.1.9", 81)),
    TargetRegistration(**HERE, group=GROUP, address="10.1.1.20", port=8081),
    TargetRecovery(**HERE, group=GROUP, address="10.1.1.20"),
    ListenerCreation(**HERE, balancer=BALANCER, port=8081, group=GROUP),
    TargetGroupAttribute(**HERE, group=GROUP, key="proxy_protocol_v2.enabled", value="false"),
    AliasRecord(
        **HERE,
        zone="Z0123456789ABCDEFGHIJ",
        name="packages.build.example",
        target="vpce-0123456789abcdef0-a1b2c3d4.vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com",
        target_zone="Z7HUB22UULQXV",
    ),
    ZoneAuthorization(**HERE, **ZONE),
    ZoneAssociation(**HERE, **ZONE),
    ZoneAssociation(**HERE, **ZONE, foreign=True),
    VpcAttribute(**HERE, vpc="vpc-0123456789abcdef0", attribute="enableDnsSupport"),
    VpcAttribute(**HERE, vpc="vpc-0123456789abcdef0", attribute="enableDnsHostnames"),
    RolePolicy(**HERE, noun="role", holder="workers", name="mwaa-s3-read", document=DOCUMENT),
    RolePolicy(**HERE, noun="user", holder="caller", name="mwaa-api-token", document=DOCUMENT),
    BucketPolicy(**HERE, bucket="data", base="", added=(BY_ROLE,)),
    KeyPolicy(**HERE, key=KEY, base=DOCUMENT, added=(FOR_KEY,)),
    KeyEnabled(**HERE, key=KEY, pending=True),
    BucketVersioning(**HERE, bucket="data"),
    PublicAccessBlock(**HERE, bucket="data"),
    ClientVpnAuthorization(**HERE, endpoint="cvpn-endpoint-0123456789abcdef0", cidr="10.1.0.0/16"),
    ClientVpnRoute(
        **HERE,
        endpoint="cvpn-endpoint-0123456789abcdef0",
        cidr="10.2.0.0/16",
        subnet="subnet-0123456789abcdef0",
    ),
    Instruction(**HERE, whom="dc1.firewall", what="open dc1.firewall outbound for tcp 443"),
)
