"""For each fact that a setting is judged by: what shows it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from mwaanet.checks.facts import Facts
from mwaanet.checks.services import endpoint_names
from mwaanet.fixes.command import Command
from mwaanet.runbook.step import Call

_REQUIREMENTS = "package_"
"""How the names of those facts begin that are read from requirements.txt."""
_SITE = frozenset({"api_principal", "api_aliases_refused"})
"""Facts that the site file declares."""


def fact_calls(facts: Facts, names: Iterable[str]) -> tuple[Call, ...]:
    """The calls that show these facts; those of the environment itself where no other does."""
    found: list[Call] = []
    for name in names:
        found.extend(call for call in _calls(facts, name) if call not in found)
    return tuple(found)


def fact_lines(facts: Facts, names: Iterable[str]) -> tuple[str, ...]:
    """The commands that show these facts where no single call does."""
    found: list[str] = []
    for name in names:
        if name.startswith(_REQUIREMENTS) and facts.value("requirements"):
            object_url = f"s3://{facts.value('bucket')}/{facts.value('requirements')}"
            found.append(shlex.join(("aws", "s3", "cp", object_url, "-", "--region", facts.region)))
        elif name in _SITE:
            found.append("grep -n -A 20 '^api:' mwaanet.yaml")
    return tuple(dict.fromkeys(found))


def _calls(facts: Facts, name: str) -> tuple[Call, ...]:
    if name in _SITE or (name.startswith(_REQUIREMENTS) and facts.value("requirements")):
        return ()
    if name == "bucket_unblocked":
        return _public_access(facts)
    if name in ("zones", "unsupported_subnets"):
        command = Command("ec2", "describe-subnets", {"SubnetIds": list(facts.subnet_ids)})
        query = "Subnets[].[SubnetId,AvailabilityZone,AvailabilityZoneId]"
        return (Call(command=command, query=query, region=facts.region),)
    if name == "api_sessions_open":
        services = list(endpoint_names("rolesanywhere", facts.region))
        command = Command("ec2", "describe-vpc-endpoints", {"Filters": [{"Name": "service-name", "Values": services}]})
        return (Call(command=command, query="VpcEndpoints[].[VpcEndpointId,PolicyDocument]", region=facts.region),)
    query = "Environment.[Status,LastUpdate]" if name == "status" else "Environment"
    command = Command("mwaa", "get-environment", {"Name": facts.environment.name})
    return (Call(command=command, query=query, region=facts.region),)


def _public_access(facts: Facts) -> tuple[Call, ...]:
    """The block of the bucket and that of its account, which work together."""
    query = "PublicAccessBlockConfiguration"
    return (
        Call(
            command=Command("s3api", "get-public-access-block", {"Bucket": facts.bucket}),
            query=query,
            region=facts.region,
        ),
        Call(
            command=Command("s3control", "get-public-access-block", {"AccountId": facts.account}),
            query=query,
            region=facts.region,
        ),
    )
