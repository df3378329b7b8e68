"""Whether both ends of a connection through a load balancer speak the same: TLS or plain, with a PROXY header or not.

A TCP listener hands on what the client sends, a TLS listener ends TLS and sends plain TCP or TLS of its own, as the
target group says (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html). What the
target speaks is known only where HTTP or HTTPS health checks of the same port succeed; they carry the PROXY header too
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#proxy-protocol).
"""

from __future__ import annotations

from collections.abc import Iterator

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.result import Status
from mwaanet.checks.walked import Walked
from mwaanet.fixes.load_balancer import TargetGroupAttribute
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Evidence
from mwaanet.mending.stop import made_in
from mwaanet.model.listener import Listener
from mwaanet.model.state import same_state
from mwaanet.model.target_group import TargetGroup
from mwaanet.model.unknown import Unknown

_TLS = {"HTTP": False, "HTTPS": True}
_STREAMS = ("TCP", "TLS", "TCP_UDP")


def misunderstood(context: Context, walk: Walked) -> tuple[Status, Cause] | None:
    """What the ends of a walk that passes would not understand of each other, and whether that is certain."""
    warning: tuple[Status, Cause] | None = None
    for listener, group in _used(context, walk):
        found = _refused(walk, listener)
        if found:
            return Status.FAIL, found
        cause = _other_speech(context, walk, listener, group) or _header(context, group)
        if cause and warning is None:
            warning = Status.WARN, cause
    return warning


def _used(context: Context, walk: Walked) -> Iterator[tuple[Listener, TargetGroup]]:
    """The listeners that the walk meets, with each of their target groups."""
    ports = walk.trace.question.ports if walk.trace else None
    legs = walk.trace.forward if walk.trace else ()
    balancers = dict.fromkeys(hop.component for leg in legs for hop in leg.hops if hop.code is Code.BALANCED)
    for arn in balancers:
        listeners = context.inventory.listeners(arn)
        for listener in () if isinstance(listeners, Unknown) else listeners:
            if ports is None or listener.port not in ports or listener.protocol not in _STREAMS:
                continue
            for name in listener.target_group_arns:
                group = context.inventory.target_groups.get(name)
                if group is not None:
                    yield listener, group


def _refused(walk: Walked, listener: Listener) -> Cause | None:
    if walk.scheme != "http" or listener.protocol != "TLS":
        return None
    return Cause(
        message=f"{walk.destination} is asked by plain http, but {listener.listener_arn} takes TLS only",
        resources=(listener.load_balancer_arn, listener.listener_arn),
        code=Fault.TLS_EXPECTED,
        step="load-balancer",
        actions=(f"ask {walk.destination} by https, or make the listener one for TCP",),
    )


def _other_speech(context: Context, walk: Walked, listener: Listener, group: TargetGroup) -> Cause | None:
    """A target that speaks TLS, or does not, as its health checks tell, and gets the other."""
    speaks = _TLS.get(group.health_check_protocol) if _checked(context, group) else None
    if speaks is None or not walk.scheme:
        return None
    gets = group.protocol == "TLS" if listener.protocol == "TLS" else walk.scheme == "https"
    if gets == speaks:
        return None
    words = ("TLS", "plain http")
    text = f"{words[not gets]} by {listener.protocol} listener {listener.port}, but answers health checks by"
    return Cause(
        message=f"the targets of {group.target_group_arn} get {text} {group.health_check_protocol}",
        resources=(group.target_group_arn, listener.listener_arn, listener.load_balancer_arn),
        code=Fault.TLS_MISMATCH,
        step="target",
        evidence=(Evidence(group.origin),) if group.origin else (),
        actions=("let listener, target group and server agree on TLS",),
    )


def _header(context: Context, group: TargetGroup) -> Cause | None:
    """A PROXY header before each connection, which a package server takes for a broken request."""
    attributes = context.inventory.target_group_attributes(group.target_group_arn)
    if isinstance(attributes, Unknown) or attributes.get("proxy_protocol_v2.enabled") != "true":
        return None
    if group.health_check_protocol in _TLS and _checked(context, group):
        return None
    name = group.target_group_arn
    place = made_in(context.inventory, group)
    return Cause(
        message=f"{name} puts a PROXY protocol header before each connection, which its targets must expect",
        resources=(name,),
        code=Fault.PROXY_PROTOCOL,
        step="target",
        evidence=(Evidence(group.origin),) if group.origin else (),
        actions=(f"set proxy_protocol_v2.enabled of {name} to false, unless the server reads the header",),
        changes=(TargetGroupAttribute(**place, group=name, key="proxy_protocol_v2.enabled", value="false"),),
    )


def _checked(context: Context, group: TargetGroup) -> bool:
    """Whether health checks of the port that takes the traffic succeed."""
    health = context.inventory.target_health(group.target_group_arn)
    port = group.health_check_port
    return not isinstance(health, Unknown) and any(
        same_state(item.target_health.state, "healthy")
        and port in ("traffic-port", str(item.target.port or group.port))
        for item in health
    )
