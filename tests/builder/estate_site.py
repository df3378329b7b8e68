"""What is not the network's: the site file of the estate, the policies and the texts of its bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builder.role import policy

SITE = "172.20.0.0/16"
CLIENTS = "172.20.7.0/24"
CLIENT = "172.20.7.21"
PACKAGE_SERVER = "172.20.5.40"
RESOLVER_NET = "172.20.1.0/24"
RESOLVERS = ("172.20.1.10", "172.20.1.11")
INDEX = "https://packages.build.example/repository/pypi/simple/"

REQUIREMENTS = f"""\
--constraint "/usr/local/airflow/dags/constraints-fernleaf.txt"
--index-url {INDEX}

fernleaf-connectors==3.1.0
snowflake-connector-python==3.12.3
"""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the site file must name."""

    environment: str
    links: Sequence[str]
    cidrs: Sequence[str]
    inbound: Sequence[str]
    region: str
    caller: str
    public: bool = False
    """Whether clients call a public web server, by public names and the site's own internet access."""


def site_file(names: Names) -> str:
    """`mwaanet.yaml` of the estate."""
    forward = f"to: [{', '.join(names.inbound)}]"
    resolvers = ", ".join(RESOLVERS)
    server = f"{PACKAGE_SERVER}/32"
    answers = "all" if names.public else "none"
    internet = "\n      internet: direct" if names.public else ""
    return f"""\
version: 1
environment: {names.environment}

on_premises:
  - name: dc
    cidrs: [{SITE}]
    connects_through: [{", ".join(names.links)}]
    routes: [{", ".join(names.cidrs)}]
    clients:
      controller: {CLIENT}
    dns:
      servers: [{resolvers}]
      public: {answers}
      records:
        packages.corp.example: [{PACKAGE_SERVER}]
      forwards:
        - {{zone: {names.region}.airflow.amazonaws.com, {forward}}}
        - {{zone: airflow.{names.region}.amazonaws.com, {forward}}}
        - {{zone: sts.{names.region}.amazonaws.com, {forward}}}
    firewall:
      default: deny{internet}
      rules:
        - {{action: allow, direction: outbound, from: {CLIENTS}, to: 10.24.0.0/16, protocol: tcp, ports: [443]}}
        - {{action: allow, direction: outbound, from: {RESOLVER_NET}, to: 10.24.32.0/25, protocol: udp, ports: [53]}}
        - {{action: allow, direction: outbound, from: {RESOLVER_NET}, to: 10.24.32.0/25, protocol: tcp, ports: [53]}}
        - {{action: allow, direction: inbound, from: 10.24.32.0/25, to: {RESOLVER_NET}, protocol: udp, ports: [53]}}
        - {{action: allow, direction: inbound, from: 10.24.32.0/25, to: {RESOLVER_NET}, protocol: tcp, ports: [53]}}
        - {{action: allow, direction: inbound, from: 10.40.4.0/25, to: {server}, protocol: tcp, ports: [8081]}}

nexus:
  url: {INDEX}
  server: {{site: dc, address: {PACKAGE_SERVER}, port: 8081}}

api:
  clients: [dc.controller]
  principal: {names.caller}
"""


def bucket_policy(bucket: str) -> dict[str, Any]:
    """Nobody may without TLS; who may with it is left to identity policies."""
    everything = [bucket, f"{bucket}/*"]
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    return policy(
        {
            "Sid": "OnlyWithTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": everything,
            "Condition": insecure,
        },
    )


def key_policy(account: str, region: str) -> dict[str, Any]:
    """The account's IAM policies decide; CloudWatch Logs may use the key for the account's log groups."""
    logs = f"arn:aws:logs:{region}:{account}:*"
    return policy(
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "Logs",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.amazonaws.com"},
            "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
        },
    )
