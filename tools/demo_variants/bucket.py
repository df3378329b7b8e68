"""Faults on the way to the environment's bucket, and the state in which there is none."""

from __future__ import annotations

import json

from tools.demo_variants.recipe import Culprits, endpoint_place, file_of, remove, replace, variant

from builder import Estate, allow, policy, rule, self_ref
from builder.estate import BUCKET, HOME
from builder.estate_site import bucket_policy
from builder.rules import Rule, permissions
from builder.store import GLOBAL
from mwaanet.demo import Change

STAGING = "fernleaf-ingest-staging-airflow"
GONE = "vpce-0f2a9d61c4b7e8305"


@variant()
def healthy(estate: Estate) -> tuple[list[Change], Culprits]:
    """Everything works.

    Nobody broke anything. A private environment with its endpoints, and a package server on site.
    """
    return [], []


def without_route(estate: Estate) -> list[Change]:
    """The second worker subnet's table loses its route to S3."""
    table = estate.workers[1].table.id
    prefixes = estate.s3_endpoint.prefix_list.id
    route = f"/RouteTables[RouteTableId={table}]/Routes[DestinationPrefixListId={prefixes}]"
    return [
        remove(file_of("ec2", "describe-route-tables"), route),
        remove(*endpoint_place(estate.s3_endpoint, f"/RouteTableIds[={table}]")),
    ]


def egress(estate: Estate, *rules: Rule) -> Change:
    """The environment's group gets other egress rules."""
    group = estate.environment_group.id
    pointer = f"/SecurityGroups[GroupId={group}]/IpPermissionsEgress"
    return replace(file_of("ec2", "describe-security-groups"), pointer, permissions(list(rules), group, HOME))


@variant(s3="fail")
def s3_route_missing(estate: Estate) -> tuple[list[Change], Culprits]:
    """One of the two worker subnets has no route to the S3 endpoint.

    The second zone was added later, with a route table of its own, and nobody added that table to the S3 gateway
    endpoint. Tasks fail or work depending on the zone they start in.
    """
    return without_route(estate), [[estate.workers[1].table.id, estate.s3_endpoint.id]]


@variant(s3="fail")
def s3_endpoint_policy(estate: Estate) -> tuple[list[Change], Culprits]:
    """The S3 endpoint's policy names another environment's bucket.

    The network module was copied from staging together with its endpoint policy. The policy lets nothing through
    but staging's bucket.
    """
    staging = [f"arn:aws:s3:::{STAGING}", f"arn:aws:s3:::{STAGING}/*"]
    document = policy({"Sid": "OnlyOurBucket", "Principal": "*", **allow("s3:*", staging)})
    place = endpoint_place(estate.s3_endpoint, "/PolicyDocument")
    return [replace(*place, json.dumps(document))], [estate.s3_endpoint.id]


@variant(s3="fail")
def s3_bucket_policy_vpce(estate: Estate) -> tuple[list[Change], Culprits]:
    """The bucket's policy demands an endpoint that no longer exists.

    Security locked the bucket to the VPC's S3 endpoint. Then the endpoint was replaced, and the policy still demands
    the old one.
    """
    document = bucket_policy(estate.bucket.arn)
    document["Statement"].append(
        {
            "Sid": "OnlyThroughOurEndpoint",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [estate.bucket.arn, f"{estate.bucket.arn}/*"],
            "Condition": {"StringNotEquals": {"aws:SourceVpce": GONE}},
        }
    )
    pointer = f"/Calls[Parameters.Bucket={BUCKET}]/Response/Policy"
    change = replace(file_of("s3", "get-bucket-policy"), pointer, json.dumps(document))
    return [change], [[BUCKET, estate.bucket.arn]]


@variant(s3="fail", service=["pass", "warn"], nexus=["pass", "warn"])
def s3_egress_and_route(estate: Estate) -> tuple[list[Change], Culprits]:
    """Two faults on one path: no egress to S3, and a subnet without its route.

    An audit asked for tighter egress, and the group now lets out only what stays in the VPC, which S3's public
    addresses do not. Whoever mends that finds the next fault: one table has no route to S3 either.
    """
    narrow = egress(estate, self_ref(), rule("tcp", 443, "10.24.0.0/16"))
    culprits: Culprits = [estate.environment_group.id, [estate.workers[1].table.id, estate.s3_endpoint.id]]
    return [narrow, *without_route(estate)], culprits


@variant(s3="fail")
def role_cannot_read_bucket(estate: Estate) -> tuple[list[Change], Culprits]:
    """The execution role may read another environment's bucket only.

    The role's policy was copied from staging. Every name in it was changed, except the bucket's.
    """
    execution = estate.role.attached[0]["PolicyArn"]
    reading = f"/Calls[Parameters.PolicyArn={execution}]/Response/PolicyVersion/Document/Statement/2/Resource"
    staging = [f"arn:aws:s3:::{STAGING}", f"arn:aws:s3:::{STAGING}/*"]
    change = replace(file_of("iam", "get-policy-version", region=GLOBAL), reading, staging)
    return [change], [[estate.role.arn, estate.role.name, execution]]


@variant(s3="fail", service=["fail", "pass", "warn"])
def key_policy(estate: Estate) -> tuple[list[Change], Culprits]:
    """The key's policy leaves the execution role out.

    The key policy was reduced to the administrators' role, without the statement that lets IAM policies decide.
    What the role's own policy allows on the key counts for nothing now.
    """
    administrators = {"AWS": f"arn:aws:iam::{HOME}:role/key-administrators"}
    document = policy({"Sid": "AdministratorsOnly", "Principal": administrators, **allow("kms:*", "*")})
    pointer = f"/Calls[Parameters.KeyId={estate.key.key_id}]/Response/Policy"
    change = replace(file_of("kms", "get-key-policy"), pointer, json.dumps(document))
    return [change], [[estate.key.arn, estate.key.key_id]]


@variant(s3=["pass", "warn"], service=["pass", "warn"], nexus=["pass", "warn"])
def tight_egress(estate: Estate) -> tuple[list[Change], Culprits]:
    """Tight egress that suffices: it looks broken and is not.

    The group lets out only to itself, to the endpoints' groups and to S3's prefix list, against the guide's advice.
    That is all that the environment needs.
    """
    peers = (estate.endpoint_group, estate.packages_group, estate.s3_endpoint.prefix_list.id)
    return [egress(estate, self_ref(), rule("tcp", 443, *peers))], []
