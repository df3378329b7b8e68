"""From what people see to the path that explains it.

The network behind each symptom follows from how an environment works
(https://docs.aws.amazon.com/mwaa/latest/userguide/what-is-mwaa.html#architecture-mwaa); the page that describes a
symptom is named with it; the guide lists its pages about faults at
https://docs.aws.amazon.com/mwaa/latest/userguide/troubleshooting.html. What an outcome on premises means is in
docs/outcomes.md.
"""

from __future__ import annotations

import shlex
from dataclasses import replace

from mwaanet.runbook.step import Symptom

_GUIDE = "https://docs.aws.amazon.com/mwaa/latest/userguide"


_INSTALL = "`requirements_install_` in the log groups `airflow-{name}-Scheduler` and `airflow-{name}-Worker`"

_SYMPTOMS = (
    Symptom(
        seen="Import error in DAGs (Broken DAG: No module named …)",
        paths=("nexus", "s3"),
        why="packages were not installed at start, or the files were not read from the bucket",
        tell=f"the log streams {_INSTALL}: a time-out or a package that is not found is nexus, AccessDenied is s3",
        source=f"{_GUIDE}/t-apache-airflow-202.html",
    ),
    Symptom(
        seen="Stuck in CREATING or UPDATING; CREATE_FAILED, UPDATE_FAILED",
        paths=("service", "s3"),
        why="the environment's components do not reach what they need to start",
        tell="`aws mwaa get-environment --name {name} --region {region}`: LastUpdate.Error",
        source=f"{_GUIDE}/t-create-update-environment.html",
    ),
    Symptom(
        seen="Stuck in PENDING",
        paths=("service",),
        why="an environment with customer-managed endpoints waits for those of its database and web server",
        tell="`aws mwaa get-environment --name {name} --region {region}`: EndpointManagement is CUSTOMER",
        source=f"{_GUIDE}/vpc-endpoint-management.html",
    ),
    Symptom(
        seen="Tasks stay queued for ever",
        paths=("service",),
        why="workers do not get messages from SQS (endpoint, permission, key); else they are full",
        tell="SQS-REACH, SQS-USE and KEY-USE below; if they are done, look at the workers' CPU and memory",
        source="https://repost.aws/knowledge-center/mwaa-queued-task-stuck",
    ),
    Symptom(
        seen="pip times out, or retries until it gives up",
        paths=("nexus",),
        why="packets to the package server, or its replies, are lost on the way",
        tell=f"the log streams {_INSTALL}: ConnectTimeoutError",
        source=f"{_GUIDE}/best-practices-dependencies.html",
    ),
    Symptom(
        seen="pip is refused at once, or gets 401, 403 or 404",
        paths=("nexus",),
        why="something answers: the network is open, the port, the listener or the server itself is wrong",
        tell="`mwaanet probe tls` to the server's name from a host in the VPC",
        source=f"{_GUIDE}/best-practices-dependencies.html",
    ),
    Symptom(
        seen="403 or AccessDenied on S3",
        paths=("s3",),
        why="the network is open; the role's, the endpoint's, the bucket's or the key's policy refuses",
        tell="the steps S3-READ, S3-LIST and S3-DECRYPT below; the message names the action",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html",
    ),
    Symptom(
        seen="S3 hangs, then times out",
        paths=("s3",),
        why="packets to the S3 endpoint are lost: a route table, security group or network ACL",
        tell="tasks of one zone only: the route table of that subnet",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html",
    ),
    Symptom(
        seen="No task logs in CloudWatch or in the Airflow UI",
        paths=("service",),
        why="workers do not reach CloudWatch Logs, or may not write, or Logs may not use the key",
        tell="the steps LOGS-WRITE and KEY-LOGS below",
        source=f"{_GUIDE}/t-cloudwatch-cloudtrail-logs.html",
    ),
    Symptom(
        seen="On premises: the name does not resolve, or to public addresses",
        paths=("api",),
        why="the site's resolver does not forward the name to the inbound endpoint",
        tell="`dig` from the client against the site's resolver",
        source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-inbound-queries.html",
    ),
    Symptom(
        seen="On premises: the connection times out",
        paths=("api",),
        why="packets or replies are lost: a firewall, a link, a transit gateway, a group, a network ACL, a route",
        tell="`mwaanet probe tcp` from the client; then the steps of api in order",
        source=f"{_GUIDE}/vpc-vpe-access.html",
    ),
    Symptom(
        seen="On premises: the connection is refused",
        paths=("api",),
        why="a host answers that does not listen: the name leads elsewhere, or the port is wrong",
        tell="`mwaanet probe dns`: are the addresses those of the endpoint?",
        source=f"{_GUIDE}/vpc-vpe-access.html",
    ),
    Symptom(
        seen="On premises: 403 from the API",
        paths=("api",),
        why="the network is open; the caller's policy, the endpoint's policy or the token refuses",
        tell="`mwaanet probe api {name}` says whether the signature, the permission or Airflow refuses",
        source=f"{_GUIDE}/access-policies.html",
    ),
    Symptom(
        seen="On premises: TLS says that the certificate is for another name",
        paths=("api",),
        why="the web server is called by an alias, which its certificate does not hold",
        tell="`mwaanet probe tls` shows the certificate's names",
        source=f"{_GUIDE}/vpc-vpe-access.html",
    ),
)


def symptoms(environment: str, region: str) -> tuple[Symptom, ...]:
    """The decision table for one environment."""
    return tuple(replace(one, tell=_filled(one.tell, environment, region)) for one in _SYMPTOMS)


def _filled(text: str, environment: str, region: str) -> str:
    return text.replace("{region}", shlex.quote(region)).replace("{name}", shlex.quote(environment))
