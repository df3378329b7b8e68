"""One environment with the snapshot and the network around it: the subject of all checks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from mwaanet.graph.flight import Evidence
from mwaanet.graph.network import Network
from mwaanet.model.arn import Arn, partition_of, place_in
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.record import Origin
from mwaanet.snapshot import OPERATIONS, CallRef

Value = str | int | bool | tuple[str, ...]


class Fact(NamedTuple):
    """Something that is known of an environment, and where it was read."""

    value: Value
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Subject:
    """An environment, and where everything about it is looked up."""

    inventory: Inventory
    network: Network
    environment: Environment

    @cached_property
    def partition(self) -> str:
        """aws, aws-cn or aws-us-gov."""
        arn = Arn.parse(self.environment.arn)
        return arn.partition if arn else partition_of(self.region)

    @cached_property
    def region(self) -> str:
        """The environment's Region."""
        return self._place[1]

    @cached_property
    def account(self) -> str:
        """The account that owns the environment."""
        return self._place[0]

    @cached_property
    def _place(self) -> tuple[str, str]:
        """Account and Region as the environment's ARN names them, else those in whose answer it was read."""
        return place_in(self.environment.arn, self.inventory.place(self.environment))

    @cached_property
    def suffix(self) -> str:
        """The DNS suffix of the partition."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    @cached_property
    def subnet_ids(self) -> tuple[str, ...]:
        """The environment's subnets."""
        return tuple(self.environment.network_configuration.subnet_ids)

    @cached_property
    def vpc(self) -> str:
        """The VPC of the environment's subnets; empty where they are not in the snapshot."""
        return next((vpc for vpc in map(self.network.vpc_of, self.subnet_ids) if vpc), "")

    @cached_property
    def version(self) -> tuple[int, ...]:
        """Airflow's version; empty where it cannot be read."""
        parts = re.findall(r"\d+", self.environment.airflow_version)
        return tuple(int(part) for part in parts[:3])

    @cached_property
    def bucket(self) -> str:
        """The name of the environment's bucket."""
        return self.environment.source_bucket_arn.rpartition(":")[2]

    def regions_of(self, service: str, operation: str) -> dict[str, None]:
        """Where the answer to a call of the account may lie: its own Region first, then wherever there is one."""
        return dict.fromkeys([self.region, *self.inventory.regions_of(service, operation, self.account)])


def of_documents(inventory: Inventory, *refs: CallRef) -> tuple[Evidence, ...]:
    """The whole answers of calls, where it counts that nothing else is in them."""
    found = []
    for ref in refs:
        document = inventory.snapshot.find(ref)
        if document is not None:
            operation = OPERATIONS[ref.service, ref.operation]
            key = "Calls" if operation.per_resource else operation.key
            found.append(Evidence(Origin(document, f"/{key}" if key else "")))
    return tuple(found)


def of_origins(origins: Iterable[Origin | None]) -> tuple[Evidence, ...]:
    """Evidence of records, each once."""
    return tuple(dict.fromkeys(Evidence(origin) for origin in origins if origin is not None))
