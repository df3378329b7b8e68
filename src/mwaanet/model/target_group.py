"""Target groups and the health of their targets."""

from mwaanet.model.record import Port, Record, Shape


class TargetGroup(Record, frozen=True, kw_only=True):
    """TargetGroup (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html)."""

    target_group_arn: str
    protocol: str = ""
    port: Port | None = None
    vpc_id: str = ""
    target_type: str = "instance"
    health_check_protocol: str = ""
    health_check_port: str = ""
    load_balancer_arns: tuple[str, ...] = ()


class TargetDescription(Shape, frozen=True, kw_only=True):
    """TargetDescription (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html)."""

    id: str
    port: Port | None = None
    availability_zone: str = ""


class TargetHealth(Shape, frozen=True, kw_only=True):
    """TargetHealth (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html)."""

    state: str = ""
    reason: str = ""


class AdministrativeOverride(Shape, frozen=True, kw_only=True):
    """AdministrativeOverride (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AdministrativeOverride.html)."""

    state: str = ""


class TargetHealthDescription(Shape, frozen=True, kw_only=True):
    """TargetHealthDescription (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealthDescription.html)."""

    target: TargetDescription
    target_health: TargetHealth = TargetHealth()
    administrative_override: AdministrativeOverride = AdministrativeOverride()


class TargetHealthDescriptions(Shape, frozen=True, kw_only=True):
    """DescribeTargetHealth (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html)."""

    target_health_descriptions: tuple[TargetHealthDescription, ...] = ()
