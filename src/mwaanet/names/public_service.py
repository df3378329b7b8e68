"""The public names of AWS's services: S3's and DynamoDB's addresses by prefix list, the others' somewhere in public.

https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html

Not modelled: which public addresses a service other than S3 and DynamoDB has: any may be its own, so that a way that
only some of them take is unknown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from mwaanet.model.inventory import Inventory
from mwaanet.model.unknown import Unknown
from mwaanet.names.answer import Resolution, Step, answered, unsettled
from mwaanet.names.gaps import because
from mwaanet.net import AddressSet
from mwaanet.net.public_addresses import PUBLIC, PUBLIC_V4

_REGION: Final = r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d+)"
_S3: Final = re.compile(rf"(?:.+\.)?s3(?:-accesspoint)?(?:\.dualstack)?[.-]{_REGION}\.amazonaws\.com(?:\.cn)?")
_DYNAMODB: Final = re.compile(rf"dynamodb\.{_REGION}\.amazonaws\.com(?:\.cn)?")
_LEGACY_S3: Final = re.compile(r"s3(?:-external-1)?\.amazonaws\.com")
_REGIONAL: Final = re.compile(
    rf"(?P<service>(?:[a-z0-9_-]+\.)*[a-z0-9_-]+)\.{_REGION}\."
    r"(?P<suffix>amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|api\.amazonwebservices\.com\.cn)"
)
_GLOBAL: Final = re.compile(
    r"(?:[a-z0-9-]+|[a-z0-9-]+\.(?:queue|us-gov)|.+\.s3)\.amazonaws\.com(?:\.cn)?|[a-z0-9-]+\.global\.api\.aws"
)
_INSIDE: Final = frozenset(
    (
        "airflow",
        "aos",
        "dax-clusters",
        "docdb-elastic",
        "efs",
        "elb",
        "fsx",
        "kafka",
        "kafka-serverless",
        "memorydb",
        "mq",
        "timestream-influxdb",
        "transfer",
        "vpc-lattice-rsc",
        "vpc-lattice-svcs",
    )
)
"""Services below whose Regional name their resources have names, which mostly give private addresses."""
_OWN_NAMES: Final = frozenset({"api.airflow", "env.airflow", "ops.airflow", "server.transfer"})
PACKAGE_HOSTS: Final = frozenset(
    (
        "codeload.github.com",
        "files.pythonhosted.org",
        "github.com",
        "gitlab.com",
        "objects.githubusercontent.com",
        "pypi.org",
        "pypi.python.org",
        "raw.githubusercontent.com",
        "test.pypi.org",
    )
)
"""Public hosts from which Python packages come: their addresses are public, whichever they are."""


def of_service(name: str, step: Step, *, dual_stack: bool = False) -> Resolution:
    """The name has some public addresses; which is not known."""
    answer = answered(name, PUBLIC if dual_stack else PUBLIC_V4, step).made_public()
    return replace(answer, undetermined=True, decided_by="")


def ask(inventory: Inventory, name: str) -> Resolution | None:
    """What public DNS answers for a name of an AWS service; None for other names."""
    for service, pattern in (("s3", _S3), ("dynamodb", _DYNAMODB)):
        listed = pattern.fullmatch(name)
        if listed:
            return _by_list(inventory, name, service, listed["region"])
    if name in PACKAGE_HOSTS:
        step = Step(component="", text=f"public DNS answers {name} with public addresses")
        return of_service(name, step)
    if _LEGACY_S3.fullmatch(name):
        return _by_list(inventory, name, "s3", "us-east-1")
    regional = _REGIONAL.fullmatch(name)
    if regional:
        service = regional["service"]
        if service.rpartition(".")[2] in _INSIDE and "." in service and service not in _OWN_NAMES:
            text = f"{name} is a resource's name: what public DNS answers for it is not in the snapshot"
            return unsettled(name, Step(component="", text=text))
        dual_stack = not regional["suffix"].startswith("amazonaws")
        return of_service(name, _step(name), dual_stack=dual_stack)
    return of_service(name, _step(name)) if _GLOBAL.fullmatch(name) else None


def _step(name: str) -> Step:
    return Step(component="", text=f"public DNS answers {name} with public addresses of the service")


def _by_list(inventory: Inventory, name: str, service: str, region: str) -> Resolution:
    """Addresses of the Region's prefix list; unknown where its entries are not in the snapshot."""
    title = f"com.amazonaws.{region}.{service}"
    list_id = inventory.aws_prefix_list(title)
    step = Step(component=list_id, text=f"public DNS answers {name} with addresses of {title}")
    account = inventory.home[0]
    if not list_id:
        gap = inventory.unknown("ec2", "describe-managed-prefix-lists", account, region)
        entries: AddressSet | Unknown = because(f"the prefix list {title} is not in the snapshot", gap)
    else:
        entries = inventory.prefix_list_entries(list_id, account, region)
    if isinstance(entries, Unknown):
        return replace(unsettled(name, step, entries), public=True, decided_by="")
    record = inventory.prefix_lists.get(list_id) or inventory.service_prefix_lists.get(list_id)
    step = replace(step, origin=record.origin if record else None)
    return replace(answered(name, entries, step).made_public(), decided_by="")
