"""The web server names of Amazon MWAA environments, as public DNS has them.

A private web server's name is a CNAME to the `vpce-…` name of its endpoint, made by MWAA or by the customer
(https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-access.html); a public one's gives public addresses.
"""

from __future__ import annotations

import re
from typing import Final

from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.state import same_state
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names.answer import Step, unsettled
from mwaanet.names.domain import normal
from mwaanet.names.gaps import because, owned_elsewhere, unread
from mwaanet.names.public_service import of_service
from mwaanet.names.view import Reply, View, sent_on

_NAME: Final = re.compile(
    r"[0-9a-z-]+\.c\d+\.(?:[a-z0-9-]+\.airflow\.amazonaws\.com(?:\.cn)?|airflow\.[a-z0-9-]+\.on\.aws)"
)
_PRIVATE_LABEL = "-vpce"


def host_of(environment: Environment) -> str:
    """The host in an environment's `WebserverUrl`, which may be a URL or the host alone."""
    return normal(environment.webserver_url.partition("://")[2] or environment.webserver_url).partition("/")[0]


def private_name(environment: Environment) -> str:
    """The name of the private web server; empty where `WebserverUrl` is."""
    host = host_of(environment)
    return host if not host or _is_private(host) else _twin(host)


def public_name(environment: Environment) -> str:
    """The name of the public web server; empty where `WebserverUrl` is."""
    host = host_of(environment)
    return _twin(host) if host and _is_private(host) else host


def _is_private(name: str) -> bool:
    return name.partition(".")[0].endswith(_PRIVATE_LABEL)


def _twin(name: str) -> str:
    """The private name beside a public one and the other way round."""
    head, _, rest = name.partition(".")
    return f"{head.removesuffix(_PRIVATE_LABEL) if _is_private(name) else head + _PRIVATE_LABEL}.{rest}"


def ask(inventory: Inventory, name: str, view: View) -> Reply | None:
    """What public DNS answers for a web server's name; None for other names."""
    for environment in inventory.environments:
        host = host_of(environment)
        both = same_state(environment.webserver_access_mode, "PUBLIC_AND_PRIVATE")
        if host and (name == host or (both and name == _twin(host))):
            private = _is_private(name) if both else same_state(environment.webserver_access_mode, "PRIVATE_ONLY")
            return _private(inventory, environment, name, view) if private else _public(environment, name)
    if not _NAME.fullmatch(name):
        return None
    reason = f"the environment whose web server {name} is, is not in the snapshot"
    gaps = (*unread(inventory, "mwaa", "list-environments"), *unread(inventory, "mwaa", "get-environment"))
    return unsettled(name, Step(component="", text=reason), because(reason, *gaps))


def _public(environment: Environment, name: str) -> Reply:
    text = f"{name} is the public web server of environment {environment.name}"
    return of_service(name, Step(component="", text=text, origin=environment.origin))


def _private(inventory: Inventory, environment: Environment, name: str, view: View) -> Reply:
    """A CNAME to the endpoint's own name; an endpoint that serves before one that may serve, and before any other."""
    service = environment.webserver_vpc_endpoint_service
    endpoints = [e for e in inventory.vpc_endpoints.values() if service and e.service_name == service]
    perhaps = [endpoint for endpoint in endpoints if endpoint.serves is not False]
    serving = [endpoint for endpoint in perhaps if endpoint.serves] or perhaps or endpoints
    targets = dict.fromkeys(_regional_name(endpoint) for endpoint in serving)
    targets.pop("", None)
    what = f"{name}, the web server of environment {environment.name},"
    if not targets:
        text = f"{what} has no endpoint for {service or 'its service'} in the snapshot"
        unknown = owned_elsewhere(inventory, "describe-vpc-endpoints", text)
        return unsettled(name, Step(component=environment.arn, text=text, origin=environment.origin), unknown)
    text = f"{what} is a CNAME of {', '.join(targets)}"
    step = Step(component=serving[0].vpc_endpoint_id, text=text, origin=environment.origin)
    return sent_on(step, *((view, target) for target in targets))


def _regional_name(endpoint: VpcEndpoint) -> str:
    own = [normal(entry.dns_name) for entry in endpoint.dns_entries]
    return min((name for name in own if name.startswith("vpce-")), key=len, default="")
