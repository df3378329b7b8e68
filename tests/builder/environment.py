"""Amazon MWAA environments, with the endpoints and tasks that MWAA puts into their subnets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from builder.endpoint import InterfaceEndpoint
from builder.identity import CREATED, Record, Ref, digest, id_of, uuid_of
from builder.key import LogGroup
from builder.role import allow, deny, policy

if TYPE_CHECKING:
    from builder.bucket import Bucket
    from builder.interface import Interface
    from builder.role import Role
    from builder.security_group import SecurityGroup
    from builder.store import Store
    from builder.subnet import Subnet

SERVICE_ACCOUNT = "123400005678"
"""Stands for the account in which MWAA runs the environment."""

_LOGS = {
    "DagProcessingLogs": "DAGProcessing",
    "SchedulerLogs": "Scheduler",
    "TaskLogs": "Task",
    "WebserverLogs": "WebServer",
    "WorkerLogs": "Worker",
}
TRUST = {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]}


class Environment:
    """An environment and what comes with it; `web_endpoint` and `database_endpoint` are its own endpoints."""

    web_endpoint: InterfaceEndpoint | None = None
    database_endpoint: InterfaceEndpoint | None = None

    def __init__(
        self,
        name: str,
        subnets: Sequence[Subnet],
        groups: Sequence[SecurityGroup],
        bucket: Bucket,
        role: Role,
        *,
        store: Store | None = None,
        key: Ref | None = None,
        version: str = "2.10.3",
        access: str = "PRIVATE_ONLY",
        management: str = "SERVICE",
        endpoint_subnets: Sequence[Subnet] | None = None,
        endpoint_groups: Sequence[SecurityGroup] | None = None,
        endpoints: bool = True,
        options: Mapping[str, str] | None = None,
        tasks: int = 1,
        status: str = "AVAILABLE",
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self.store = store = store or subnets[0].vpc.store
        self.name = name
        self.arn = self.id = store.arn("airflow", f"environment/{name}")
        self.host = f"{uuid_of('webserver', self.arn)}-vpce.c7.{store.region}.airflow.amazonaws.com"
        if access == "PUBLIC_ONLY":
            self.host = self.host.replace("-vpce.", ".")
        self.subnets = list(subnets)
        self.record: Record = self._record(bucket, role, version, access, management, options or {}, status)
        self.record["NetworkConfiguration"] = {
            "SubnetIds": [subnet.id for subnet in subnets],
            "SecurityGroupIds": [group.id for group in groups],
        }
        if key is not None:
            self.record["KmsKey"] = id_of(key)
        self._log(key)
        self.record |= dict(extra or {})
        store.lists["mwaa", "list-environments"].append(name)  # type: ignore[arg-type]
        store.call("mwaa", "get-environment", {"Name": name}, {"Environment": self.record})
        if endpoints:
            self._endpoints(endpoint_subnets or subnets, endpoint_groups or groups, access, management)
        self.tasks = [self._task(subnet, groups, n) for subnet in subnets for n in range(tasks)]

    def _record(
        self,
        bucket: Bucket,
        role: Role,
        version: str,
        access: str,
        management: str,
        options: Mapping[str, str],
        status: str,
    ) -> Record:
        region, account = self.store.region, self.store.account
        queue = f"airflow-celery-{uuid_of('queue', self.arn)}"
        service_role = "role/aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA"
        record: Record = {
            "Name": self.name,
            "Status": status,
            "Arn": self.arn,
            "CreatedAt": CREATED,
            "WebserverUrl": self.host,
            "ExecutionRoleArn": role.arn,
            "ServiceRoleArn": f"arn:aws:iam::{account}:{service_role}",
            "AirflowVersion": version,
            "SourceBucketArn": bucket.arn,
            "DagS3Path": "dags",
            "AirflowConfigurationOptions": dict(options),
            "EnvironmentClass": "mw1.small",
            "MinWorkers": 1,
            "MaxWorkers": 5,
            "Schedulers": 2,
            "MinWebservers": 2,
            "MaxWebservers": 2,
            "LastUpdate": {"Status": "SUCCESS", "CreatedAt": CREATED},
            "WeeklyMaintenanceWindowStart": "SAT:23:30",
            "Tags": {},
            "WebserverAccessMode": access,
            "EndpointManagement": management,
            "CeleryExecutorQueue": f"arn:aws:sqs:{region}:{SERVICE_ACCOUNT}:{queue}",
            "DatabaseVpcEndpointService": self._service("database"),
        }
        if access != "PUBLIC_ONLY":
            record["WebserverVpcEndpointService"] = self._service("webserver")
        return record | self._files(bucket)

    def _files(self, bucket: Bucket) -> Record:
        names = {"requirements.txt": "Requirements", "plugins.zip": "Plugins", "startup.sh": "StartupScript"}
        record: Record = {}
        for entry in bucket.contents:
            if entry["Key"] in names:
                field = names[entry["Key"]]
                record |= {f"{field}S3Path": entry["Key"], f"{field}S3ObjectVersion": bucket.version(entry["Key"])}
        return record

    def _service(self, what: str) -> str:
        return f"com.amazonaws.vpce.{self.store.region}.vpce-svc-0{digest('mwaa', what, self.arn)[:16]}"

    def _log(self, key: Ref | None) -> None:
        logging: Record = {}
        for field, suffix in _LOGS.items():
            group = LogGroup(self.store, f"airflow-{self.name}-{suffix}", key)
            logging[field] = {"Enabled": True, "LogLevel": "INFO", "CloudWatchLogGroupArn": group.arn}
        self.record["LoggingConfiguration"] = logging

    def _endpoints(
        self, subnets: Sequence[Subnet], groups: Sequence[SecurityGroup], access: str, management: str
    ) -> None:
        vpc = subnets[0].vpc
        managed: dict[str, Any] = {"groups": groups, "managed": management == "SERVICE"}
        self.database_endpoint = vpc.endpoint(
            self.record["DatabaseVpcEndpointService"], subnets, name=f"{self.name} database", **managed
        )
        if access != "PUBLIC_ONLY":
            self.web_endpoint = vpc.endpoint(
                self.record["WebserverVpcEndpointService"],
                subnets,
                name=f"{self.name} webserver",
                private_dns=True,
                private_names=[self.host],
                **managed,
            )

    def _task(self, subnet: Subnet, groups: Sequence[SecurityGroup], number: int) -> Interface:
        """The interface of a Fargate task, which MWAA manages."""
        task = uuid_of("task", self.arn, subnet.id, str(number))
        return subnet.interface(
            groups=groups,
            description=f"arn:aws:ecs:{self.store.region}:{SERVICE_ACCOUNT}:attachment/{task}",
            requester="578734482556",
            store=self.store,
        )


def execution_policy(name: str, store: Store, bucket: str, key: Ref | None = None) -> dict[str, Any]:
    """The execution role's policy as the MWAA guide gives it ("Amazon MWAA execution role")."""
    region, account = store.region, store.account
    objects = [bucket, f"{bucket}/*"]
    log = ["CreateLogStream", "CreateLogGroup", "PutLogEvents", "GetLogEvents", "GetLogRecord", "GetLogGroupFields"]
    queue = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage"]
    log_groups = f"arn:aws:logs:{region}:{account}:log-group:airflow-{name}-*"
    via = {"StringLike": {"kms:ViaService": [f"sqs.{region}.amazonaws.com", f"s3.{region}.amazonaws.com"]}}
    crypt = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"]
    statements = [
        allow("airflow:PublishMetrics", f"arn:aws:airflow:{region}:{account}:environment/{name}"),
        deny("s3:ListAllMyBuckets", objects),
        allow(["s3:GetObject*", "s3:GetBucket*", "s3:List*"], objects),
        allow([f"logs:{action}" for action in [*log, "GetQueryResults"]], [log_groups]),
        allow(["logs:DescribeLogGroups"], ["*"]),
        allow(["s3:GetAccountPublicAccessBlock"], ["*"]),
        allow("cloudwatch:PutMetricData", "*"),
        allow([f"sqs:{action}" for action in [*queue, "SendMessage"]], f"arn:aws:sqs:{region}:*:airflow-celery-*"),
    ]
    if key is not None:
        statements.append(allow(crypt, id_of(key), Condition=via))
    else:
        others = f"arn:aws:kms:*:{account}:key/*"
        statements.append({"Effect": "Allow", "Action": crypt, "NotResource": others, "Condition": via})
    return policy(*statements)


def execution_trust() -> dict[str, Any]:
    """The trust policy of an execution role."""
    return policy({"Effect": "Allow", "Principal": TRUST, "Action": "sts:AssumeRole"})
