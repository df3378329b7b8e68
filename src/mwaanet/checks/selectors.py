"""Selectors: what the words of `from` and `to` mean for one environment.

`mwaa.worker` (every subnet's workers and schedulers), `mwaa.worker@subnet-…`, `mwaa.database`, `mwaa.webserver`,
`mwaa.webserver-name` (by the web server's own name), `bucket`, `service:sqs`, `internet`, `tag:Name=…`, a site or one of its
hosts (`dc1`, `dc1.orchestrator`), an AWS id, an address, a CIDR, a host name or URL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlsplit

from mwaanet.checks.facts import Facts
from mwaanet.errors import UsageError
from mwaanet.graph.network import Network
from mwaanet.model.unknown import Unknown
from mwaanet.model.vpc_endpoint import VpcEndpoint
from mwaanet.names import service_name
from mwaanet.paths.endpoints import endpoint_of, interfaces_endpoint, is_endpoint_text
from mwaanet.paths.question import Endpoint

WORDS = (
    "mwaa.worker",
    "mwaa.scheduler",
    "mwaa.database",
    "mwaa.webserver",
    "mwaa.webserver-name",
    "bucket",
    "internet",
)
_HOST = re.compile(r"^(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}\.?$", re.IGNORECASE)

_REPOSITORY = re.compile(r"-\d{12}\.d\.codeartifact\.(?P<region>[a-z0-9-]+)\.")


@dataclass(frozen=True, slots=True)
class HostName:
    """An end that is a name: resolved from wherever it is asked, then reached at every answered address."""

    name: str
    port: int | None = None
    service: str = ""
    """The AWS service whose endpoint would answer it (`com.amazonaws.<region>.sqs`); empty for other names."""


@dataclass(frozen=True, slots=True)
class Absent:
    """An end that does not exist although something says it should: its culprits and why."""

    name: str
    resources: tuple[str, ...]
    reason: str


End = Endpoint | HostName | Absent


def select(network: Network, facts: Facts | None, text: str) -> tuple[End, ...]:
    """The ends that a selector means; UsageError with the nearest word where it means nothing."""
    if text.startswith("tag:"):
        return _tagged(network, text)
    if text.startswith("mwaa.") or text == "bucket" or text.startswith("service:"):
        if facts is None:
            raise UsageError(f"{text}: the snapshot holds no environment, or several; say which with --environment")
        return _of_environment(network, facts, text)
    if is_endpoint_text(network, text):
        return (endpoint_of(network, text),)
    if "://" in text:
        url = urlsplit(text)
        if url.hostname:
            default = 443 if url.scheme == "https" else 80
            return (HostName(url.hostname, url.port or default, _service_of(url.hostname)),)
    if _HOST.match(text):
        return (HostName(text.rstrip("."), None, _service_of(text)),)
    close = get_close_matches(text, _words(network), n=3, cutoff=0.5)
    raise UsageError(
        f"{text!r} is nothing in this snapshot" + (f" (did you mean {', '.join(close)}?)" if close else "")
    )


def _service_of(host: str) -> str:
    """The AWS service whose endpoint answers the names of its resources (CodeArtifact's repositories)."""
    found = _REPOSITORY.search(host)
    return f"com.amazonaws.{found['region']}.codeartifact.repositories" if found else ""


def _words(network: Network) -> list[str]:
    sites = [
        name for site in network.inventory.sites for name in (site.name, *(f"{site.name}.{c}" for c in site.clients))
    ]
    return [
        *WORDS,
        *sites,
        *network.inventory.subnets,
        *network.inventory.network_interfaces,
        *network.inventory.vpc_endpoints,
    ]


def _tagged(network: Network, text: str) -> tuple[End, ...]:
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
    if not found:
        raise UsageError(f"no interface, subnet or instance has the tag {key}={value}")
    return tuple(endpoint_of(network, name) for name in found)


def _of_environment(network: Network, facts: Facts, text: str) -> tuple[End, ...]:
    word, _, rest = text.partition("@")
    if word in ("mwaa.worker", "mwaa.scheduler"):
        return _workers(network, facts, rest)
    if text == "mwaa.database":
        return (_own_endpoint(network, facts, facts.environment.database_vpc_endpoint_service, text),)
    if text == "mwaa.webserver":
        return (_own_endpoint(network, facts, facts.environment.webserver_vpc_endpoint_service, text),)
    if text == "mwaa.webserver-name":
        return (HostName(facts.environment.webserver_url.removeprefix("https://").rstrip("/"), 443),)
    if text == "bucket":
        suffix = "amazonaws.com.cn" if facts.partition == "aws-cn" else "amazonaws.com"
        return (HostName(f"{facts.bucket}.s3.{facts.region}.{suffix}", 443, f"com.amazonaws.{facts.region}.s3"),)
    if text.startswith("service:"):
        service = text.removeprefix("service:")
        name = service_name(service, facts.region, facts.partition)
        return (HostName(name, 443, f"com.amazonaws.{facts.region}.{service}"),)
    close = get_close_matches(text, WORDS, n=1, cutoff=0.4)
    raise UsageError(f"{text!r} is no part of an environment" + (f" (did you mean {close[0]}?)" if close else ""))


def _workers(network: Network, facts: Facts, subnet: str) -> tuple[End, ...]:
    if subnet and subnet not in facts.subnet_ids:
        raise UsageError(f"{subnet} is not a subnet of {facts.environment.name}: {', '.join(facts.subnet_ids)}")
    chosen = [subnet] if subnet else list(facts.subnet_ids)
    return tuple(_worker(network, name) for name in chosen)


def _worker(network: Network, subnet: str) -> Endpoint:
    name = f"mwaa.worker@{subnet}"
    if subnet not in network.inventory.subnets:
        why = Unknown(reason=f"{subnet} is not in the snapshot", needs=())
        return Endpoint(name=name, unknown=why)
    return interfaces_endpoint(network, name, [name])


def _own_endpoint(network: Network, facts: Facts, service: str, name: str) -> End:
    """The environment's database or web server, by the endpoint for its service."""
    if not service:
        return Absent(name, (facts.environment.arn,), f"get-environment names no endpoint service for {name}")
    found = [endpoint for endpoint in network.inventory.vpc_endpoints.values() if endpoint.service_name == service]
    if found:
        return _endpoint_end(network, found, name)
    place = network.place_of_vpc(facts.vpc)
    unknown = network.inventory.unknown("ec2", "describe-vpc-endpoints", *place)
    if unknown:
        return Endpoint(name=name, unknown=unknown)
    return Absent(name, (facts.vpc, service), f"no endpoint for {service} exists in {facts.vpc}")


def _endpoint_end(network: Network, endpoints: list[VpcEndpoint], name: str) -> Endpoint:
    ids = [interface for endpoint in endpoints for interface in endpoint.network_interface_ids]
    known = [interface for interface in ids if network.knows_interface(interface)]
    if len(known) != len(ids) or not ids:
        why = Unknown(
            reason=f"the network interfaces of {endpoints[0].vpc_endpoint_id} are not in the snapshot", needs=()
        )
        return Endpoint(name=name, unknown=why)
    found = interfaces_endpoint(network, name, ids)
    return Endpoint(
        name=name,
        starts=found.starts,
        addresses=found.addresses,
        accepts=frozenset({*ids, *(endpoint.service_name for endpoint in endpoints)}),
    )
