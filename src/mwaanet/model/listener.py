"""Listeners of load balancers."""

from __future__ import annotations

from mwaanet.model.record import Shape


class TargetGroupTuple(Shape, frozen=True, kw_only=True):
    """TargetGroupTuple (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html)."""

    target_group_arn: str = ""


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
    port: int = 0
    protocol: str = ""
    default_actions: tuple[ListenerAction, ...] = ()

    @property
    def target_group_arns(self) -> tuple[str, ...]:
        """The target groups that the listener forwards to."""
        found: dict[str, None] = {}
        for action in self.default_actions:
            forwarded = action.forward_config.target_groups if action.forward_config else ()
            for group in forwarded:
                found[group.target_group_arn] = None
            if action.target_group_arn:
                found[action.target_group_arn] = None
        return tuple(found)


class Listeners(Shape, frozen=True, kw_only=True):
    """DescribeListeners (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html)."""

    listeners: tuple[Listener, ...] = ()
