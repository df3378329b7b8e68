"""The facts of one environment that checks speak of: what `{bucket}` in a text and `routing` in a `when` mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mwaanet.checks.packages import Packages, package_facts
from mwaanet.graph.network import Network
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown

Fact = str | int | bool | list[str] | Unknown
_NAME = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Facts:
    """Everything a check may ask about one environment, derived from the inventory."""

    inventory: Inventory
    network: Network
    environment: Environment

    @cached_property
    def account(self) -> str:
        """The account that owns the environment."""
        return self.environment.arn.split(":")[4]

    @cached_property
    def region(self) -> str:
        """The environment's Region."""
        return self.environment.arn.split(":")[3]

    @cached_property
    def partition(self) -> str:
        """aws, aws-cn or aws-us-gov."""
        return self.environment.arn.split(":")[1]

    @cached_property
    def subnet_ids(self) -> tuple[str, ...]:
        """The environment's subnets."""
        return tuple(self.environment.network_configuration.subnet_ids)

    @cached_property
    def vpc(self) -> str:
        """The VPC of the environment's subnets; empty where they are not in the snapshot."""
        return next((vpc for vpc in map(self.network.vpc_of, self.subnet_ids) if vpc), "")

    @cached_property
    def routing(self) -> str:
        """`public` where a subnet of the environment routes to a NAT gateway by default, else `private`.

        https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html
        """
        for subnet in self.subnet_ids:
            table = self.network.route_table_at(subnet) if subnet in self.inventory.subnets else None
            if table is None or isinstance(table, Unknown):
                continue
            for route in table.routes:
                default = route.destination_cidr_block == "0.0.0.0/0"
                if default and (route.nat_gateway_id or route.transit_gateway_id or route.network_interface_id):
                    return "public"
        return "private"

    @cached_property
    def version(self) -> tuple[int, ...]:
        """Airflow's version; empty where it cannot be read."""
        parts = re.findall(r"\d+", self.environment.airflow_version)
        return tuple(int(part) for part in parts[:3])

    @cached_property
    def bucket(self) -> str:
        """The name of the environment's bucket."""
        return self.environment.source_bucket_arn.rpartition(":")[2]

    @cached_property
    def bucket_key(self) -> str:
        """ARN of the customer managed key that encrypts the bucket by default; empty where there is none."""
        encryption = self.inventory.bucket_encryption(self.bucket, self.account, self.region)
        if encryption is None or isinstance(encryption, Unknown):
            return ""
        for rule in encryption.server_side_encryption_configuration.rules:
            default = rule.apply_server_side_encryption_by_default
            if default and default.sse_algorithm.startswith("aws:kms") and default.kms_master_key_id:
                return default.kms_master_key_id if "alias/aws/" not in default.kms_master_key_id else ""
        return ""

    @cached_property
    def webserver_public(self) -> bool:
        """Whether people and clients reach the web server over the internet."""
        return self.environment.webserver_access_mode.upper() in ("PUBLIC_ONLY", "PUBLIC_AND_PRIVATE")

    @cached_property
    def packages(self) -> Packages:
        """What the environment's installation of packages asks for."""
        return Packages(self.inventory, self.environment, self.version)

    @cached_property
    def values(self) -> Mapping[str, Fact]:
        """All facts by the name that checks use."""
        environment = self.environment
        key = environment.kms_key if environment.kms_key and "alias/aws/" not in environment.kms_key else ""
        log_groups = environment.log_group_arns
        return {
            "name": environment.name,
            "arn": environment.arn,
            "account": self.account,
            "region": self.region,
            "partition": self.partition,
            "vpc": self.vpc,
            "subnet_ids": list(self.subnet_ids),
            "zones": sorted({self.network.zone_of(subnet) for subnet in self.subnet_ids}),
            "routing": self.routing,
            "access_mode": environment.webserver_access_mode,
            "webserver_public": self.webserver_public,
            "endpoint_management": environment.endpoint_management or "SERVICE",
            "status": environment.status,
            "airflow_version": environment.airflow_version,
            "airflow_major": self.version[0] if self.version else 0,
            "bucket": self.bucket,
            "bucket_arn": environment.source_bucket_arn,
            "bucket_key": self.bucket_key,
            "dags": (environment.dag_s3_path or "dags").strip("/"),
            "requirements": environment.requirements_s3_path or "",
            "plugins": environment.plugins_s3_path or "",
            "startup": environment.startup_script_s3_path or "",
            "role": environment.execution_role_arn,
            "key": key,
            "key_id": key.rpartition("/")[2],
            "queue_arn": environment.celery_executor_queue
            or f"arn:{self.partition}:sqs:{self.region}:{self.account}:airflow-celery-unknown",
            "log_group_arn": log_groups[0] if log_groups else "",
            **package_facts(self.packages),
        }

    def fill(self, text: str) -> str:
        """The text with every `{fact}` replaced; lists are joined by commas."""
        return _NAME.sub(lambda match: _text(self.values.get(match[1], match[0])), text)

    def missing(self, text: str) -> bool:
        """Whether a `{fact}` of the text is empty for this environment, so that the text means nothing."""
        return any(not self.values.get(name, "") for name in _NAME.findall(text))

    def document(self) -> dict[str, Any]:
        """The facts as the document over which `when` and `require` expressions are evaluated."""
        return {name: value for name, value in self.values.items() if not isinstance(value, Unknown)}

    def unknowns(self, text: str) -> tuple[Unknown, ...]:
        """Why facts that an expression or a text names are not known."""
        named = (self.values.get(word) for word in dict.fromkeys(re.findall(r"[a-z_]+", text)))
        return tuple(value for value in named if isinstance(value, Unknown))


def _text(value: Fact) -> str:
    if isinstance(value, Unknown):
        return ""
    return ",".join(value) if isinstance(value, list) else str(value)


def is_available(environment: Environment) -> bool:
    """Whether the environment says of itself that it runs."""
    return same_state(environment.status, "AVAILABLE")
