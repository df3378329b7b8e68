"""Facts about those who call an environment's web server: who they are, what they call, and as whom.

https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
"""

from __future__ import annotations

import re
import shlex

from mwaanet.access import Policy
from mwaanet.checks.clients import API_SERVICE, NONE, client_kind, endpoint_host
from mwaanet.checks.credentials import api_principal, client_places, credentials_targets
from mwaanet.checks.principal_policies import Policies
from mwaanet.checks.services import endpoint_names
from mwaanet.checks.subject import Fact, Subject
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.names import private_name, public_name, resolve, service_name
from mwaanet.net import AddressSet

AIRFLOW_ROLES = ("User", "Op", "Viewer", "Public", "Admin")
"""Airflow's own roles, of which a token or call takes one; a fix proposes the first, which may start DAG runs."""
_INVOKE_SINCE = (2, 4, 3)


def api_clients(subject: Subject) -> Fact | Unknown:
    """From where the clients are known; unknown where no link is seen, but not all links were read."""
    kind = client_kind(subject.network)
    if kind == NONE:
        for operation in ("describe-vpn-connections", "describe-transit-gateways", "describe-vpn-gateways"):
            unknown = subject.inventory.unknown("ec2", operation, subject.account, subject.region)
            if unknown:
                return unknown
    return Fact(kind)


def api_targets(subject: Subject) -> tuple[str, ...]:
    """What a client calls, one after another: for a role's credentials, Amazon MWAA's API, the web server."""
    return (*credentials_targets(subject), API_SERVICE, web_server(subject))


def web_server(subject: Subject) -> str:
    """The web server as clients call it: where there is a public one beside the private one, the public one."""
    environment = subject.environment
    if environment.webserver_url and same_state(environment.webserver_access_mode, "PUBLIC_AND_PRIVATE"):
        return f"https://{public_name(environment)}"
    return "mwaa.webserver-name"


def api_aliases(subject: Subject) -> tuple[str, ...]:
    """The name that clients use instead of the environment's own, as a URL; none where they use its own."""
    site = subject.inventory.site_file
    host = (site.api.host or "").lower().rstrip(".") if site and site.api else ""
    env = service_name("airflow.env", subject.region, subject.partition)
    called = endpoint_host(subject.network, endpoint_names("airflow.env", subject.region))
    own = (env, called, private_name(subject.environment), public_name(subject.environment))
    return (f"https://{host}",) if host and host not in own else ()


def refused_aliases(subject: Subject) -> tuple[str, ...]:
    """Aliases that lead to the endpoint of the web server or of Amazon MWAA's API, whose certificates hold no alias."""
    services = {subject.environment.webserver_vpc_endpoint_service, *endpoint_names("airflow.env", subject.region)}
    own = AddressSet.NONE
    for endpoint in subject.inventory.vpc_endpoints.values():
        for interface in endpoint.network_interface_ids if endpoint.service_name in services else ():
            if subject.network.knows_interface(interface):
                own = own | subject.network.interface(interface).addresses
    names = (alias.removeprefix("https://") for alias in api_aliases(subject))
    return tuple(name for name in names if _answers(subject, name) & own)


def _answers(subject: Subject, name: str) -> AddressSet:
    """What the clients' resolvers answer for a name."""
    found = AddressSet.NONE
    for place in client_places(subject):
        found = found | (resolve(subject.inventory, place, name).addresses if place else AddressSet.NONE)
    return found


def api_role_arns(subject: Subject) -> tuple[str, ...]:
    """The resources of calls that take an Airflow role: Airflow's own roles, and those that the policies name."""
    prefix = f"arn:{subject.partition}:airflow:{subject.region}:{subject.account}:role/{subject.environment.name}/"
    principal = api_principal(subject)
    policies = () if isinstance(principal, Unknown) else Policies.of(subject.inventory, principal).identity
    named = re.compile(rf"arn:[^:]*:airflow:[^:]*:[^:]*:role/{re.escape(subject.environment.name)}/([^/*?]+)")
    found = [
        match[1]
        for policy in policies
        if isinstance(policy, Policy)
        for statement in policy.statements
        for resource in statement.resources or ()
        if (match := named.fullmatch(resource))
    ]
    return tuple(prefix + role for role in dict.fromkeys((*found, *AIRFLOW_ROLES)))


def invoke_rest_api(subject: Subject) -> bool | Unknown:
    """Whether the environment's Airflow is one that InvokeRestApi calls (2.4.3 on)."""
    if not subject.version:
        return Unknown(reason=f"{subject.environment.airflow_version!r} is no version of Airflow that can be read")
    return subject.version >= _INVOKE_SINCE


def invocation(subject: Subject) -> str:
    """How to call the REST API without reaching the web server; empty where Airflow is too old for it."""
    if invoke_rest_api(subject) is not True:
        return ""
    host = endpoint_host(subject.network, endpoint_names("airflow.env", subject.region))
    by = ("--endpoint-url", f"https://{host}") if host else ()
    whose = ("--region", subject.region, *by, "--name", subject.environment.name)
    call = shlex.join(("aws", "mwaa", "invoke-rest-api", *whose, "--method", "GET", "--path", "/dags"))
    return f"Until then InvokeRestApi serves, which needs Amazon MWAA's API alone: {call}"
