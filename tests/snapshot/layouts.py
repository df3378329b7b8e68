"""A snapshot of the format laid out as other tools and people lay it out: the same answers in other files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from mwaanet.snapshot import OPERATIONS, Operation

Files = Mapping[str, bytes]


class Answer(NamedTuple):
    """One file of a layout: a response of AWS, or the calls made once per resource that one account made."""

    account: str
    region: str
    operation: Operation
    content: dict[str, Any]
    resource: str = ""
    """The resource that was asked about."""

    @property
    def call(self) -> str:
        """The service and operation: `ec2-describe-vpcs`."""
        return f"{self.operation.service}-{self.operation.name}"

    @property
    def pascal(self) -> str:
        """The name of the operation without its verb: `Vpcs` of `describe-vpcs`."""
        return "".join(word.capitalize() for word in self.operation.name.split("-")[1:])


def answers(files: Files, *, one_by_one: bool = False) -> Iterator[Answer]:
    """Every file of a snapshot, or every answered call."""
    for file, content in files.items():
        parts = file.removesuffix(".json").split("/")
        if len(parts) != 5:
            continue
        _, account, region, service, name = parts
        operation, document = OPERATIONS[service, name], json.loads(content)
        if not (operation.per_resource and one_by_one):
            yield Answer(account, region, operation, document)
            continue
        for call in document["Calls"]:
            if "Response" in call and len(call["Parameters"]) == 1:
                (resource,) = call["Parameters"].values()
                yield Answer(account, region, operation, call["Response"], resource)


WRAPPED = {
    "describe-load-balancer-attributes": "LoadBalancerAttributes",
    "describe-listeners": "LoadBalancerListeners",
    "describe-target-health": "LoadBalancerTargetHealth",
    "get-transit-gateway-route-table-propagations": "TransitGatewayPropagations",
}
"""Batfish's own keys for calls about a resource."""


def wrapped(files: Files) -> dict[str, bytes]:
    """Batfish's folders per account and Region, with its own keys in place of calls."""
    found = {file: content for file, content in files.items() if file == "mwaanet.yaml"}
    for number, answer in enumerate(answers(files)):
        key, content = WRAPPED.get(answer.operation.name), answer.content
        name = by_account_and_region(answer, number)
        if key:
            content = {key: [call["Parameters"] | call["Response"] for call in content["Calls"]]}
            name = name.replace(f"{number}_{answer.call}", f"{key}-{answer.region}")
        found[name] = json.dumps(content).encode()
    return found


def laid_out(files: Files, layout: str) -> dict[str, bytes]:
    """The answers of a snapshot in another layout; the site file stays."""
    found = {file: content for file, content in files.items() if file == "mwaanet.yaml"}
    for number, answer in enumerate(answers(files, one_by_one=layout == "cloudmapper")):
        path = LAYOUTS[layout](answer, number)
        assert path not in found, path
        found[path] = json.dumps(answer.content).encode()
    return found


def _name(answer: Answer, number: int, name: str) -> str:
    """The name of a file, as somebody likes it; that of a file of calls says which call they are."""
    return f"{number}_{answer.call}.json" if answer.operation.per_resource else name


def flat(answer: Answer, number: int) -> str:
    """Redirections into one folder."""
    return _name(answer, number, f"out-{number}.json")


def by_team(answer: Answer, number: int) -> str:
    """Redirections into a folder per account."""
    return f"team-{answer.account[-1]}/{_name(answer, number, f'{number}.json')}"


def nested(answer: Answer, number: int) -> str:
    """Redirections into a folder per account, with a folder for each call in it."""
    return f"work/team-{answer.account[-1]}/{number}/{_name(answer, number, 'answer.json')}"


def by_region(answer: Answer, number: int) -> str:
    """Batfish's folder per Region, and files named by what is in them."""
    return f"aws_configs/{answer.region}/{_name(answer, number, answer.pascal + str(number) + '.json')}"


def by_account_and_region(answer: Answer, number: int) -> str:
    """Batfish's folders per account and Region."""
    folder = f"aws_configs/accounts/{answer.account}/{answer.region}"
    return f"{folder}/{_name(answer, number, f'{answer.pascal}{number}.json')}"


def region_appended(answer: Answer, number: int) -> str:
    """Batfish's files with the Region appended to their name."""
    name = _name(answer, number, f"{answer.pascal}{number}-{answer.region}.json")
    return f"aws_configs/accounts/{answer.account}/{name.removesuffix('.json')}_{answer.region}.json"


def cloudmapper(answer: Answer, number: int) -> str:
    """CloudMapper's folder per account and Region; a folder for a call about resources, a file for each."""
    name = {"111122223333": "prod", "444455556666": "shared"}.get(answer.account, answer.account)
    region = "us-east-1" if answer.region == "global" else answer.region
    folder = f"account-data/{name}/{region}/{answer.call}"
    return f"{folder}/{quote(answer.resource, safe='')}" if answer.operation.per_resource else f"{folder}.json"


LAYOUTS: Mapping[str, Callable[[Answer, int], str]] = {
    "flat": flat,
    "by-team": by_team,
    "nested": nested,
    "by-region": by_region,
    "by-account-and-region": by_account_and_region,
    "region-appended": region_appended,
    "cloudmapper": cloudmapper,
}
