"""Listeners of load balancers."""

from mwaanet.model.record import Port, Shape


class TargetGroupTuple(Shape, frozen=True, kw_only=True):
    """TargetGroupTuple (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html)."""

    target_group_arn: str = ""
    weight: int | None = None


class ForwardActionConfig(Shape, frozen=True, kw_only=True):
    """ForwardActionConfig (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html)."""

    target_groups: tuple[TargetGroupTuple, ...] = ()


class ListenerAction(Shape, frozen=True, kw_only=True):
    """Action (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html)."""

    type: str = ""
    target_group_arn: str = ""
    forward_config: ForwardActionConfig | None = None


class Listener(Shape, frozen=True, kw_only=True):
    """Listener (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html)."""

    listener_arn: str = ""
    load_balancer_arn: str = ""
    port: Port = 0
    protocol: str = ""
    default_actions: tuple[ListenerAction, ...] = ()

    @property
    def target_group_arns(self) -> tuple[str, ...]:
        """The target groups that the listener forwards to: not one whose weight is 0.

        https://aws.amazon.com/blogs/networking-and-content-delivery/network-load-balancers-now-support-weighted-target-groups
        """
        found: dict[str, None] = {}
        idle: set[str] = set()
        for action in self.default_actions:
            forwarded = action.forward_config.target_groups if action.forward_config else ()
            for group in forwarded:
                found[group.target_group_arn] = None
                idle.update([group.target_group_arn] if group.weight == 0 else [])
            if action.target_group_arn:
                found[action.target_group_arn] = None
        return tuple(arn for arn in found if arn not in idle)


class Listeners(Shape, frozen=True, kw_only=True):
    """DescribeListeners (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html)."""

    listeners: tuple[Listener, ...] = ()
