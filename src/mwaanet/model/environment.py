"""MWAA environments."""

import msgspec

from mwaanet.model.record import Record, Shape


class NetworkConfiguration(Shape, frozen=True, kw_only=True):
    """NetworkConfiguration (https://docs.aws.amazon.com/mwaa/latest/API/API_NetworkConfiguration.html)."""

    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()


class ModuleLoggingConfiguration(Shape, frozen=True, kw_only=True):
    """ModuleLoggingConfiguration (https://docs.aws.amazon.com/mwaa/latest/API/API_ModuleLoggingConfiguration.html)."""

    enabled: bool = False
    cloud_watch_log_group_arn: str = ""


class LoggingConfiguration(Shape, frozen=True, kw_only=True):
    """LoggingConfiguration (https://docs.aws.amazon.com/mwaa/latest/API/API_LoggingConfiguration.html)."""

    dag_processing_logs: ModuleLoggingConfiguration = ModuleLoggingConfiguration()
    scheduler_logs: ModuleLoggingConfiguration = ModuleLoggingConfiguration()
    task_logs: ModuleLoggingConfiguration = ModuleLoggingConfiguration()
    webserver_logs: ModuleLoggingConfiguration = ModuleLoggingConfiguration()
    worker_logs: ModuleLoggingConfiguration = ModuleLoggingConfiguration()


class Environment(Record, frozen=True, kw_only=True):
    """Environment (https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html)."""

    name: str
    arn: str
    status: str = ""
    airflow_version: str = ""
    webserver_access_mode: str = "PRIVATE_ONLY"
    webserver_url: str = ""
    execution_role_arn: str = ""
    kms_key: str = ""
    source_bucket_arn: str = ""
    dag_s3_path: str = msgspec.field(default="dags", name="DagS3Path")
    requirements_s3_path: str = msgspec.field(default="", name="RequirementsS3Path")
    requirements_s3_object_version: str = msgspec.field(default="", name="RequirementsS3ObjectVersion")
    plugins_s3_path: str = msgspec.field(default="", name="PluginsS3Path")
    plugins_s3_object_version: str = msgspec.field(default="", name="PluginsS3ObjectVersion")
    startup_script_s3_path: str = msgspec.field(default="", name="StartupScriptS3Path")
    startup_script_s3_object_version: str = msgspec.field(default="", name="StartupScriptS3ObjectVersion")
    airflow_configuration_options: dict[str, str] = msgspec.field(default_factory=dict)
    network_configuration: NetworkConfiguration = NetworkConfiguration()
    logging_configuration: LoggingConfiguration = LoggingConfiguration()
    webserver_vpc_endpoint_service: str = ""
    database_vpc_endpoint_service: str = ""
    endpoint_management: str = ""
    celery_executor_queue: str = ""

    @property
    def log_group_arns(self) -> tuple[str, ...]:
        """The log groups of the enabled kinds of log."""
        logging = self.logging_configuration
        kinds = (
            logging.task_logs,
            logging.worker_logs,
            logging.scheduler_logs,
            logging.webserver_logs,
            logging.dag_processing_logs,
        )
        return tuple(
            kind.cloud_watch_log_group_arn for kind in kinds if kind.enabled and kind.cloud_watch_log_group_arn
        )


class ListEnvironments(Record, frozen=True, kw_only=True):
    """ListEnvironments (https://docs.aws.amazon.com/mwaa/latest/API/API_ListEnvironments.html)."""

    environments: tuple[str, ...]


class GetEnvironment(Shape, frozen=True, kw_only=True):
    """GetEnvironment (https://docs.aws.amazon.com/mwaa/latest/API/API_GetEnvironment.html)."""

    environment: Environment
