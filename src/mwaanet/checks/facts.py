"""The facts of one environment that checks speak of: what `{bucket}` in a text and `routing` in a `when` mean.

A fact that could not be read is unknown, and so is what a check says of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mwaanet.checks.api_facts import (
    api_aliases,
    api_clients,
    api_role_arns,
    api_targets,
    invocation,
    invoke_rest_api,
    refused_aliases,
    web_server,
)
from mwaanet.checks.bucket_facts import bucket_demands_endpoint, bucket_keys, public_access
from mwaanet.checks.credentials import (
    api_credentials,
    api_credentials_service,
    api_principal,
    api_principal_kind,
    api_role,
    api_sessions_open,
)
from mwaanet.checks.keys import customer_key
from mwaanet.checks.packages import (
    Packages,
    of_text,
    package_hosts,
    package_index,
    package_login,
    package_sources_known,
    package_use,
    package_use_reason,
    startup_fetches,
)
from mwaanet.checks.subject import Fact, Subject, Value, of_origins
from mwaanet.checks.used_services import execution_role, used_services
from mwaanet.model.environment import Environment
from mwaanet.model.route_table import Route
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import CallRef

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
EACH = "each"
"""The placeholder that stands for one value of the list that a check asks about."""
_ASSUMING = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
"""Whom an execution role must trust (https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html)."""
_UNSUPPORTED_ZONES = frozenset({"use1-az3"})
_ZONE_ID = re.compile(r"[a-z0-9]+-az\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """One fact: what it means, and how it is found."""

    meaning: str
    find: Callable[[Facts], Value | Fact | Unknown]
    many: bool = False
    """Whether it is a list, about whose values a check may ask one by one (`each`)."""
    values: tuple[str, ...] = ()
    """All that it can be, where that is fixed."""


@dataclass(frozen=True)
class Facts(Subject):
    """Everything a check may ask about one environment, found when it is first asked for."""

    _found: dict[str, Fact | Unknown] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def packages(self) -> Packages:
        """What the environment's installation of packages asks for."""
        return Packages(self)

    def fact(self, name: str) -> Fact | Unknown:
        """A fact by its name; KeyError where there is no fact of that name."""
        found = self._found.get(name)
        if found is None:
            value = FACTS[name].find(self)
            found = value if isinstance(value, Fact | Unknown) else Fact(value)
            self._found[name] = found
        return found

    def value(self, name: str) -> Value:
        """What is known of a fact; empty where it is not known."""
        found = self.fact(name)
        return "" if isinstance(found, Unknown) else found.value

    @property
    def routing(self) -> str:
        """`public`, `private` or `unknown`."""
        return str(self.value("routing")) or "unknown"

    def unknowns(self, names: Iterable[str]) -> tuple[Unknown, ...]:
        """Why some of these facts are not known; names that are no facts' are passed over."""
        found = (self.fact(name) for name in names if name in FACTS)
        return tuple(dict.fromkeys(fact for fact in found if isinstance(fact, Unknown)))

    def known(self, names: Iterable[str]) -> list[Fact]:
        """Those of these facts that are known."""
        found = (self.fact(name) for name in names if name in FACTS)
        return [fact for fact in found if isinstance(fact, Fact)]

    def fill(self, text: str) -> str:
        """The text with every `{fact}` replaced; lists are joined by commas, and what is not known stays as it is."""
        return PLACEHOLDER.sub(self._filled, text)

    def _filled(self, match: re.Match[str]) -> str:
        found = self.fact(match[1]) if match[1] in FACTS else None
        if not isinstance(found, Fact):
            return match[0]
        return ",".join(found.value) if isinstance(found.value, tuple) else str(found.value)

    def fill_each(self, text: str) -> tuple[str, ...]:
        """The text once for every value of the lists in it; none where a fact of it is empty."""
        texts = [text]
        for name in placeholders(text):
            found = self.fact(name) if name in FACTS else None
            if isinstance(found, Fact):
                values = found.value if isinstance(found.value, tuple) else (str(found.value),)
                texts = [done.replace(f"{{{name}}}", value) for done in texts for value in values if value]
        return tuple(texts)

    def document(self, names: Iterable[str]) -> dict[str, Any]:
        """These facts as the document over which an expression is evaluated; those that are not known are left out."""
        found = {name: self.fact(name) for name in names if name in FACTS}
        return {name: _plain(fact.value) for name, fact in found.items() if isinstance(fact, Fact)}


def placeholders(text: str) -> tuple[str, ...]:
    """The names of the `{facts}` in a text."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(text))) if "{" in text else ()


def _plain(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _of(get: Callable[[Environment], Value]) -> Callable[[Subject], Value]:
    return lambda subject: get(subject.environment)


def _vpc(subject: Subject) -> Fact | Unknown:
    return Fact(subject.vpc, _subnet_origins(subject)) if subject.vpc else _unseen(subject, subject.subnet_ids)


def _subnet_origins(subject: Subject) -> Any:
    found = (subject.inventory.subnets.get(subnet) for subnet in subject.subnet_ids)
    return of_origins(subnet.origin for subnet in found if subnet is not None)


def _unseen(subject: Subject, subnets: Iterable[str]) -> Unknown:
    ref = CallRef(subject.account, subject.region, "ec2", "describe-subnets")
    return Unknown(reason=f"{', '.join(subnets)}: not among the subnets in the snapshot", needs=(ref,))


def _zones(subject: Subject) -> Fact | Unknown:
    missing = [subnet for subnet in subject.subnet_ids if subnet not in subject.inventory.subnets]
    if missing:
        return _unseen(subject, missing)
    zones = sorted({subject.network.zone_of(subnet) for subnet in subject.subnet_ids})
    return Fact(tuple(zones), _subnet_origins(subject))


def _unsupported_subnets(subject: Subject) -> Fact | Unknown:
    zones = _zones(subject)
    if isinstance(zones, Unknown):
        return zones
    named = [zone for zone in zones.value if not _ZONE_ID.fullmatch(zone)] if isinstance(zones.value, tuple) else []
    if named:
        ref = CallRef(subject.account, subject.region, "ec2", "describe-availability-zones")
        return Unknown(reason=f"the ID of the zone {', '.join(named)} is not in the snapshot", needs=(ref,))
    found = [subnet for subnet in subject.subnet_ids if subject.network.zone_of(subnet) in _UNSUPPORTED_ZONES]
    return Fact(tuple(found), zones.evidence)


def _routing(subject: Subject) -> Fact | Unknown:
    """`public` where a subnet leads by default to a NAT gateway, or to what may lead to one, else `private`.

    https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html
    """
    unknown: Unknown | None = None if subject.subnet_ids else Unknown(reason="the environment has no subnets")
    evidence: dict[Any, None] = {}
    for subnet in subject.subnet_ids:
        known = subnet in subject.inventory.subnets
        table = subject.network.route_table_at(subnet) if known else _unseen(subject, [subnet])
        if table is None or isinstance(table, Unknown):
            unknown = table or Unknown(reason=f"the route table of {subnet} is not known")
            continue
        evidence.update(dict.fromkeys(of_origins([table.origin])))
        for route in table.routes:
            if route.destination_cidr_block == "0.0.0.0/0" and leads_on(route):
                return Fact("public", tuple(evidence))
    return unknown or Fact("private", tuple(evidence))


def leads_on(route: Route) -> bool:
    """Whether a route leads to a NAT gateway, or to what may: a firewall's endpoint, another network, an appliance."""
    onwards = (route.nat_gateway_id, route.transit_gateway_id, route.core_network_arn, route.network_interface_id)
    return any(onwards) or route.gateway_id.startswith(("vpce-", "vgw-"))


def _major(subject: Subject) -> int | Unknown:
    if subject.version:
        return subject.version[0]
    return Unknown(reason=f"{subject.environment.airflow_version!r} is no version of Airflow that can be read")


def _versioned(subject: Subject) -> tuple[str, ...]:
    environment = subject.environment
    pairs = (
        (environment.requirements_s3_path, environment.requirements_s3_object_version),
        (environment.plugins_s3_path, environment.plugins_s3_object_version),
        (environment.startup_script_s3_path, environment.startup_script_s3_object_version),
    )
    return tuple(key for key, version in pairs if key and version)


def _log_groups(subject: Subject) -> tuple[str, ...]:
    return tuple(sorted(arn.removesuffix(":*") for arn in subject.environment.log_group_arns))


def _queue(subject: Subject) -> str:
    """The Celery queue; where it is not told, some queue of an account of Amazon MWAA's, which the guide writes as `*`.

    https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html
    """
    made_up = f"arn:{subject.partition}:sqs:{subject.region}:*:airflow-celery-*"
    return subject.environment.celery_executor_queue or made_up


def _packages(meaning: str, get: Callable[[Packages], Iterable[str]]) -> FactKind:
    find = of_text(get)
    return FactKind(meaning=meaning, find=lambda facts: find(facts.packages), many=True)


FACTS: Mapping[str, FactKind] = {
    "name": FactKind(meaning="the environment's name", find=_of(lambda e: e.name)),
    "arn": FactKind(meaning="its ARN", find=_of(lambda e: e.arn)),
    "account": FactKind(meaning="the account that owns it", find=lambda s: s.account),
    "region": FactKind(meaning="its Region", find=lambda s: s.region),
    "partition": FactKind(
        meaning="aws, aws-cn or aws-us-gov", find=lambda s: s.partition, values=("aws", "aws-cn", "aws-us-gov")
    ),
    "dns_suffix": FactKind(meaning="amazonaws.com, or China's amazonaws.com.cn", find=lambda s: s.suffix),
    "status": FactKind(meaning="its status, such as AVAILABLE", find=_of(lambda e: e.status)),
    "airflow_version": FactKind(meaning="Airflow's version", find=_of(lambda e: e.airflow_version)),
    "airflow_major": FactKind(meaning="the first number of Airflow's version", find=_major),
    "access_mode": FactKind(
        meaning="PRIVATE_ONLY, PUBLIC_ONLY or PUBLIC_AND_PRIVATE",
        find=_of(lambda e: e.webserver_access_mode),
        values=("PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"),
    ),
    "endpoint_management": FactKind(
        meaning="who makes its own endpoints: SERVICE or CUSTOMER",
        find=_of(lambda e: e.endpoint_management or "SERVICE"),
        values=("SERVICE", "CUSTOMER"),
    ),
    "webserver_url": FactKind(meaning="the web server's host name", find=_of(lambda e: e.webserver_url)),
    "vpc": FactKind(meaning="the VPC of its subnets", find=_vpc),
    "subnet_ids": FactKind(meaning="its subnets", find=lambda s: s.subnet_ids, many=True),
    "zones": FactKind(meaning="the zones of its subnets, by AZ ID where that is known", find=_zones, many=True),
    "unsupported_subnets": FactKind(
        meaning="its subnets in a zone that Amazon MWAA cannot use", find=_unsupported_subnets, many=True
    ),
    "routing": FactKind(
        meaning="public (a default route that leads to NAT) or private", find=_routing, values=("public", "private")
    ),
    "bucket": FactKind(meaning="its bucket", find=lambda s: s.bucket),
    "bucket_arn": FactKind(meaning="the bucket's ARN", find=_of(lambda e: e.source_bucket_arn)),
    "bucket_keys": FactKind(
        meaning="customer managed keys of the bucket and of the environment's files in it", find=bucket_keys, many=True
    ),
    "bucket_unblocked": FactKind(
        meaning="settings of Block Public Access that neither the bucket nor its account has on",
        find=public_access,
        many=True,
    ),
    "bucket_demands_endpoint": FactKind(
        meaning="whether the bucket's policy denies by VPC or VPC endpoint", find=bucket_demands_endpoint
    ),
    "dags": FactKind(meaning="the folder of DAGs", find=_of(lambda e: (e.dag_s3_path or "dags").strip("/"))),
    "requirements": FactKind(meaning="the key of requirements.txt", find=_of(lambda e: e.requirements_s3_path)),
    "requirements_version": FactKind(
        meaning="its configured version", find=_of(lambda e: e.requirements_s3_object_version)
    ),
    "plugins": FactKind(meaning="the key of plugins.zip", find=_of(lambda e: e.plugins_s3_path)),
    "plugins_version": FactKind(meaning="its configured version", find=_of(lambda e: e.plugins_s3_object_version)),
    "startup": FactKind(meaning="the key of the startup script", find=_of(lambda e: e.startup_script_s3_path)),
    "startup_version": FactKind(
        meaning="its configured version", find=_of(lambda e: e.startup_script_s3_object_version)
    ),
    "versioned_files": FactKind(
        meaning="the keys of those three for which a version is configured", find=_versioned, many=True
    ),
    "role": FactKind(meaning="the execution role's ARN", find=execution_role),
    "key": FactKind(
        meaning="the ARN of its customer managed key", find=lambda s: customer_key(s, s.environment.kms_key)
    ),
    "queue_arn": FactKind(meaning="its Celery queue", find=_queue),
    "log_groups": FactKind(meaning="its enabled log groups", find=_log_groups, many=True),
    "service_principals": FactKind(
        meaning="the services of Amazon MWAA that assume its execution role", find=lambda _: _ASSUMING, many=True
    ),
    "used_services": FactKind(
        meaning="AWS services that its configuration and its role's policies name", find=used_services, many=True
    ),
    "api_clients": FactKind(
        meaning="from where those who call the web server are known: declared, sites, links or none",
        find=api_clients,
        values=("declared", "sites", "links", "none"),
    ),
    "api_principal": FactKind(meaning="the ARN of whoever signs the calls to Amazon MWAA's API", find=api_principal),
    "api_principal_kind": FactKind(
        meaning="what signs them: role, user, another kind of principal, or unknown", find=api_principal_kind
    ),
    "api_credentials": FactKind(
        meaning="whence a role's credentials come: by the network, or an internet that is not declared",
        find=api_credentials,
        values=("network", "internet"),
    ),
    "api_credentials_service": FactKind(
        meaning="the service that gives clients a role's credentials: sts or rolesanywhere",
        find=api_credentials_service,
        values=("sts", "rolesanywhere"),
    ),
    "api_sessions_open": FactKind(
        meaning="whether the endpoints for IAM Roles Anywhere let everybody's CreateSession through",
        find=api_sessions_open,
    ),
    "api_role": FactKind(meaning="the ARN of the role that signs them", find=api_role),
    "api_role_arns": FactKind(
        meaning="the resources of calls that take an Airflow role, one for each role", find=api_role_arns, many=True
    ),
    "api_targets": FactKind(meaning="what a client calls, one after another", find=api_targets, many=True),
    "api_web_server": FactKind(meaning="the web server as clients call it", find=web_server),
    "api_aliases": FactKind(
        meaning="the URL by which clients call the web server, if it is not its own", find=api_aliases, many=True
    ),
    "api_aliases_refused": FactKind(
        meaning="those of these that lead to an endpoint whose certificate does not hold them",
        find=refused_aliases,
        many=True,
    ),
    "invoke_rest_api": FactKind(meaning="whether InvokeRestApi serves its version", find=invoke_rest_api),
    "invocation": FactKind(
        meaning="how to call the REST API without reaching the web server; empty where it cannot be", find=invocation
    ),
    "package_use": FactKind(
        meaning="what installing packages asks for: none (no requirements.txt), nothing, local or network",
        find=lambda f: package_use(f.packages),
        values=("none", "nothing", "local", "network"),
    ),
    "package_use_reason": FactKind(
        meaning="why that needs no network; empty where it does", find=lambda f: package_use_reason(f.packages)
    ),
    "package_sources_known": FactKind(
        meaning="true where everything that may name package servers was read",
        find=lambda f: package_sources_known(f.packages),
    ),
    "package_hosts": FactKind(
        meaning="URLs of package servers that are neither public nor CodeArtifact",
        find=lambda f: package_hosts(f.packages),
        many=True,
    ),
    "package_hosts_public": _packages("URLs of public package servers", lambda p: p.public_hosts),
    "package_hosts_codeartifact": _packages("URLs of CodeArtifact repositories", lambda p: p.codeartifact_hosts),
    "package_hosts_ignored": _packages("hosts that pip ignores, by http and not trusted", lambda p: p.refused_http),
    "package_hosts_trusted": _packages("hosts whose identity pip does not check", lambda p: p.unsafe_hosts),
    "package_hosts_mismatched": _packages(
        "hosts by https under a name that hardly any certificate holds", lambda p: p.mismatched_hosts
    ),
    "package_lines_refused": _packages("lines of requirements.txt that pip refuses", lambda p: p.invalid_lines),
    "package_login_codeartifact": FactKind(
        meaning="whether the startup script fetches a token of CodeArtifact", find=lambda f: package_login(f.packages)
    ),
    "startup_fetches": FactKind(
        meaning="the lines of the startup script that fetch something by themselves",
        find=lambda f: startup_fetches(f.packages),
        many=True,
    ),
    "package_index": FactKind(
        meaning="the package server that mwaanet.yaml declares (nexus.url)", find=lambda f: package_index(f.packages)
    ),
}
"""Every fact by the name that checks use; a fact that is a text and empty means: there is none."""
