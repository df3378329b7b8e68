"""Selectors: what the words of `from` and `to` mean for one environment.

`mwaa.worker` (every subnet's workers and schedulers), `mwaa.worker@subnet-…`, `mwaa.database`, `mwaa.webserver`,
`mwaa.webserver-name` (by the web server's own name), `api.client` (whoever calls it), `api.service` (what they call
first), `bucket`, `service:sqs`, `internet`, `tag:Name=…`, a site or one of its hosts (`dc1`, `dc1.orchestrator`), an
AWS id, an address, a CIDR, a host name or URL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_interface
from urllib.parse import urlsplit

from mwaanet.checks.clients import API_CLIENT, API_SERVICE, client_ends, endpoint_host
from mwaanet.checks.codes import Fault
from mwaanet.checks.facts import Facts
from mwaanet.checks.services import endpoint_names, host_of
from mwaanet.errors import EmptySelectionError, UsageError
from mwaanet.graph.codes import Code
from mwaanet.graph.network import Network
from mwaanet.marked_yaml import nearest
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names.domain import matches, normal
from mwaanet.paths.endpoints import addresses_of, endpoint_of, interfaces_endpoint, is_endpoint_text
from mwaanet.paths.question import Endpoint
from mwaanet.snapshot import CallRef

WORDS = (
    "mwaa.worker",
    "mwaa.scheduler",
    "mwaa.database",
    "mwaa.webserver",
    "mwaa.webserver-name",
    "bucket",
    "internet",
    API_CLIENT,
    API_SERVICE,
)
WITH_SUBNET = WORDS[:2]
NAMED = ("mwaa.webserver-name", "bucket", API_SERVICE)
"""The words for what has a name."""
_SCHEMES = ("https", "http")
_TAGGED_BY = ("describe-network-interfaces", "describe-subnets", "describe-instances")
"""The calls whose answers hold what a tag may select."""
_HOST = re.compile(r"^(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$", re.IGNORECASE)

_REPOSITORY = re.compile(r"-\d{12}\.d\.codeartifact\.(?P<region>[a-z0-9-]+)\.")


@dataclass(frozen=True, slots=True)
class HostName:
    """An end that is a name: resolved from wherever it is asked, then reached at every answered address."""

    name: str
    port: int | None = None
    services: tuple[str, ...] = ()
    """What the endpoint service that would answer it may be called (`com.amazonaws.<region>.sqs`); none for names that
    are not an AWS service's."""
    scheme: str = ""
    """`https` or `http`, where a URL says so."""

    @property
    def service(self) -> str:
        """The usual name of that endpoint service; empty for names that are not an AWS service's."""
        return self.services[0] if self.services else ""


@dataclass(frozen=True, slots=True)
class Absent:
    """An end that does not exist although something says it should: its culprits and why."""

    name: str
    resources: tuple[str, ...]
    reason: str
    code: str = Fault.ENDPOINT_MISSING


End = Endpoint | HostName | Absent


def select(network: Network, facts: Facts | None, text: str) -> tuple[End, ...]:
    """The ends that a selector means; UsageError with the nearest word where it means nothing."""
    if text.startswith("tag:"):
        return _tagged(network, text)
    if is_of_environment(text):
        if facts is None:
            raise UsageError(f"{text}: the snapshot holds no environment, or several; say which with --environment")
        if problem := misspelt(text):
            raise UsageError(problem)
        return _of_environment(network, facts, text)
    if text == API_CLIENT:
        return tuple(client_ends(network, lambda name: select(network, facts, name)))
    if is_endpoint_text(network, text):
        return (endpoint_of(network, text),)
    if "://" in text and urlsplit(text).hostname:
        return (_of_url(network, text),)
    if _HOST.match(text):
        _refuse_misspelt_client(network, text)
        return (HostName(text.rstrip("."), None, _services_of(network, text)),)
    raise EmptySelectionError(_meaningless(network, text))


def _of_url(network: Network, text: str) -> HostName:
    if problem := _port_problem(text):
        raise UsageError(problem)
    url = urlsplit(text)
    host, default = url.hostname or "", 443 if url.scheme == "https" else 80
    return HostName(host, url.port or default, _services_of(network, host), url.scheme)


def _meaningless(network: Network, text: str) -> str:
    """Why a text selects nothing, with what may be meant."""
    if text in network.graph:
        return f"{text!r} neither sends packets nor receives any: name a subnet, an interface or addresses"
    try:
        return f"{text!r} is no network, for it has host bits: {ip_interface(text).network} or an address is meant"
    except ValueError:
        close = get_close_matches(text, _words(network), n=3, cutoff=0.5)
        return f"{text!r} is nothing in this snapshot" + (f" (did you mean {', '.join(close)}?)" if close else "")


def _refuse_misspelt_client(network: Network, text: str) -> None:
    """UsageError for what is almost the name of a declared site's client; a host's name may begin like a site's."""
    name, _, rest = text.partition(".")
    site = network.site(name)
    near = nearest(rest, site.clients) if site else ""
    if site and near:
        raise UsageError(f"{site.name} declares no client {rest!r}{near}")


def is_of_environment(text: str) -> bool:
    """Whether a selector speaks of an environment."""
    return text.startswith(("mwaa.", "service:")) or text in ("bucket", API_SERVICE)


def misspelt(text: str) -> str:
    """What is wrong with a selector that no snapshot could give a meaning; empty where one could."""
    word, at, _ = text.partition("@")
    if word.startswith("mwaa.") and word not in WORDS:
        return f"{word!r} is no part of an environment{nearest(word, WORDS)}"
    if word.startswith("mwaa.") and at and word not in WITH_SUBNET:
        return f"{text!r}: only {' and '.join(WITH_SUBNET)} lie in one subnet"
    if word.startswith("tag:") and "=" not in word:
        return f"{word!r}: expected a tag's key and value, such as tag:Name=orchestrator"
    scheme, separator, _ = text.partition("://")
    if separator and scheme not in _SCHEMES and "{" not in scheme:
        return f"{text!r}: expected {' or '.join(_SCHEMES)} before ://{nearest(scheme, _SCHEMES)}"
    return _port_problem(text) if separator and "{" not in text else ""


def _port_problem(url: str) -> str:
    try:
        port = urlsplit(url).port
    except ValueError:
        port = 0
    return f"{url!r}: expected a port from 1 to 65535" if port == 0 else ""


def no_name(text: str) -> str:
    """Why a selector is nothing that could be looked up; empty where it may be."""
    if addresses_of(text) is not None:
        return f"{text} is an address, which no server is asked for"
    word = text.partition("@")[0]
    if text.startswith("tag:") or (word in WORDS and word not in NAMED):
        return f"{text} has no name{nearest(text, NAMED)}"
    return ""


def _services_of(network: Network, host: str) -> tuple[str, ...]:
    """The AWS service whose endpoint answers a name: its own, or that of a resource (CodeArtifact's repositories)."""
    found = _REPOSITORY.search(host)
    if found:
        return endpoint_names("codeartifact.repositories", found["region"])
    return tuple(
        name
        for name, details in network.inventory.service_details.items()
        if ".vpce-svc-" not in name
        and any(matches(normal(host), normal(private)) for detail in details for private in detail.names)
    )


def no_sender(network: Network, end: HostName) -> str:
    """Why a name is no end from which packets start; with the nearest that is, for most are meant as a site's hosts."""
    return f"is a name; packets start from interfaces, sites or addresses{nearest(end.name, _of_sites(network))}"


def _of_sites(network: Network) -> list[str]:
    return [
        name for site in network.inventory.sites for name in (site.name, *(f"{site.name}.{c}" for c in site.clients))
    ]


def _words(network: Network) -> list[str]:
    return [
        *WORDS,
        *_of_sites(network),
        *network.inventory.subnets,
        *network.inventory.network_interfaces,
        *network.inventory.vpc_endpoints,
        *network.inventory.client_vpn_endpoints,
    ]


def _tagged(network: Network, text: str) -> tuple[End, ...]:
    """Whatever has a tag; where some account did not list all that may have it, who else does is not known."""
    key, _, value = text.removeprefix("tag:").partition("=")
    found = [
        record.network_interface_id
        for record in network.inventory.network_interfaces.values()
        if any(tag.key == key and tag.value == value for tag in record.tag_set)
    ]
    found.extend(
        subnet.subnet_id
        for subnet in network.inventory.subnets.values()
        if any(tag.key == key and tag.value == value for tag in subnet.tags)
    )
    found.extend(
        instance.instance_id
        for instance in network.inventory.instances.values()
        if any(tag.key == key and tag.value == value for tag in instance.tags)
    )
    gaps = [gap for gap in map(network.inventory.unseen_anywhere, _TAGGED_BY) if gap]
    if not found and not gaps:
        raise EmptySelectionError(f"no interface, subnet or instance has the tag {key}={value}")
    ends = [endpoint_of(network, name) for name in found]
    if gaps:
        reason = f"what {'else ' if found else ''}has the tag {key}={value} is not known: {gaps[0].reason}"
        needs = tuple(need for gap in gaps for need in gap.needs)
        ends.append(Endpoint(name=text, unknown=Unknown(reason=reason, needs=needs)))
    return tuple(ends)


def _of_environment(network: Network, facts: Facts, text: str) -> tuple[End, ...]:
    word, _, rest = text.partition("@")
    if word in ("mwaa.worker", "mwaa.scheduler"):
        return _workers(network, facts, rest)
    if text == "mwaa.database":
        return (_own_endpoint(network, facts, facts.environment.database_vpc_endpoint_service, text),)
    if text == "mwaa.webserver":
        return (_own_endpoint(network, facts, facts.environment.webserver_vpc_endpoint_service, text),)
    if text == "mwaa.webserver-name":
        return (_web_server(facts),)
    if text == "bucket":
        name = f"{facts.bucket}.s3.{facts.region}.{facts.suffix}"
        return (HostName(name, 443, endpoint_names("s3", facts.region)),)
    service = "airflow.env" if text == API_SERVICE else text.removeprefix("service:")
    services = endpoint_names(service, facts.region, facts.inventory.service_details)
    own = endpoint_host(network, services) if text == API_SERVICE else ""
    return (HostName(own or host_of(facts, service), 443, services),)


def public_faces(facts: Facts | None, ends: Sequence[End]) -> tuple[End, ...]:
    """Where else than at its endpoint a web server is met that is not private: at the addresses of its public name.

    https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html
    """
    if facts is None or not any(end.name == "mwaa.webserver" for end in ends):
        return ()
    private = same_state(facts.environment.webserver_access_mode, "PRIVATE_ONLY")
    return () if private else (_web_server(facts),)


def _web_server(facts: Facts) -> End:
    """The web server by the name in `WebserverUrl`."""
    url = facts.environment.webserver_url
    if not url:
        status = facts.environment.status or "not known"
        reason = f"get-environment names no web server: the environment's status is {status}"
        return Absent("mwaa.webserver-name", (facts.environment.arn,), reason)
    host = urlsplit(url if "://" in url else f"https://{url}").hostname or url
    service = facts.environment.webserver_vpc_endpoint_service
    private = service and same_state(facts.environment.webserver_access_mode, "PRIVATE_ONLY")
    return HostName(host, 443, (service,) if private else ())


def _workers(network: Network, facts: Facts, subnet: str) -> tuple[End, ...]:
    if subnet and subnet not in facts.subnet_ids:
        raise EmptySelectionError(
            f"{subnet} is not a subnet of {facts.environment.name}: {', '.join(facts.subnet_ids)}"
        )
    chosen = [subnet] if subnet else list(facts.subnet_ids)
    if not chosen:
        why = Unknown(reason=f"get-environment names no subnets of {facts.environment.name}")
        return (Endpoint(name="mwaa.worker", unknown=why),)
    return tuple(_worker(network, facts, name) for name in chosen)


def _worker(network: Network, facts: Facts, subnet: str) -> Endpoint:
    name = f"mwaa.worker@{subnet}"
    if subnet not in network.inventory.subnets:
        ref = CallRef(facts.account, facts.region, "ec2", "describe-subnets")
        return Endpoint(name=name, unknown=Unknown(reason=f"{subnet} is not in the snapshot", needs=(ref,)))
    return interfaces_endpoint(network, name, [name])


def _own_endpoint(network: Network, facts: Facts, service: str, name: str) -> End:
    """The environment's database or web server, by the endpoint for its service."""
    if not service:
        why = Unknown(reason=f"get-environment names no endpoint service for {name}")
        return Endpoint(name=name, unknown=why)
    found = network.inventory.vpc_endpoints_for(service)
    if found:
        return _endpoint_end(network, [e for e in found if e.vpc_id == facts.vpc] or found, name)
    unknown = network.inventory.unseen_in(facts.vpc, "describe-vpc-endpoints")
    if unknown:
        return Endpoint(name=name, unknown=unknown)
    return Absent(name, (facts.vpc, service), f"no endpoint for {service} exists in {facts.vpc}")


def _endpoint_end(network: Network, endpoints: Sequence[VpcEndpoint], name: str) -> End:
    ids = [interface for endpoint in endpoints for interface in endpoint.network_interface_ids]
    first = endpoints[0]
    if not ids and not same_state(first.state, "available"):
        reason = f"{first.vpc_endpoint_id} for {first.service_name} has no interface: its state is {first.state}"
        return Absent(name, (first.vpc_endpoint_id, first.service_name), reason, Code.ENDPOINT_STATE)
    if not ids or not all(network.knows_interface(interface) for interface in ids):
        ref = CallRef(*network.inventory.place(first), "ec2", "describe-network-interfaces")
        reason = f"the network interfaces of {first.vpc_endpoint_id} are not in the snapshot"
        return Endpoint(name=name, unknown=Unknown(reason=reason, needs=(ref,)))
    found = interfaces_endpoint(network, name, ids)
    return Endpoint(
        name=name,
        starts=found.starts,
        addresses=found.addresses,
        accepts=frozenset({*ids, *(endpoint.service_name for endpoint in endpoints)}),
    )
