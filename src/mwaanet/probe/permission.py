"""Whether a signed call was allowed, beside what the policies of the snapshot say of it.

The network's comparison comes first: only where an answer of Amazon MWAA's own came back can policies be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mwaanet.paths.trace import Reachable
from mwaanet.probe.api_observation import ApiObservation, ApiOutcome
from mwaanet.probe.reconcile import STALE, Agreement, Comparison
from mwaanet.status import Status

_ALLOWED: Final = frozenset(
    {ApiOutcome.OK, ApiOutcome.AIRFLOW_REFUSED, ApiOutcome.AIRFLOW_ERROR, ApiOutcome.UPDATE_ENVIRONMENT}
)
"""The policies let the call through, whatever came of it then."""
_DENIED: Final = frozenset({ApiOutcome.ACCESS_DENIED, ApiOutcome.ENDPOINT_POLICY, ApiOutcome.NO_AIRFLOW_ROLE})
_ANOTHER: Final = "somebody else signed than the api.principal of mwaanet.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What the model says of one action of an environment: `yes`, `no`, or that it does not know."""

    answer: Reachable
    reason: str = ""
    resources: tuple[str, ...] = ()


def weigh_permissions(
    compared: Sequence[Comparison], environment: str, permissions: Mapping[str, Permission]
) -> tuple[Comparison, ...]:
    """The comparisons, of signed calls with what the model says of their permission; by action, `InvokeRestApi`."""
    return tuple(_weighed(comparison, environment, permissions) for comparison in compared)


def _weighed(comparison: Comparison, environment: str, permissions: Mapping[str, Permission]) -> Comparison:
    seen = comparison.observation
    if not isinstance(seen, ApiObservation) or seen.target.split()[1:2] != [environment]:
        return comparison
    permission = permissions.get(seen.step.value)
    contradicted = comparison.agreement not in (Agreement.AGREE, Agreement.UNKNOWN)
    if permission is None or contradicted or permission.answer not in (Reachable.YES, Reachable.NO):
        return comparison
    if seen.outcome in _DENIED:
        return _denied(comparison, permission)
    if seen.outcome in _ALLOWED and permission.answer is Reachable.NO:
        return replace(
            comparison,
            agreement=Agreement.MODEL_NO_NETWORK_YES,
            status=Status.FAIL if seen.status is Status.FAIL else Status.WARN,
            message=f"The model says that policies deny the call ({permission.reason}), but it was let through.",
            model=Reachable.NO,
            resources=permission.resources,
            left=(_ANOTHER, *STALE),
        )
    return comparison


def _denied(comparison: Comparison, permission: Permission) -> Comparison:
    if permission.answer is Reachable.NO:
        return replace(
            comparison,
            agreement=Agreement.AGREE,
            status=Status.FAIL,
            message=f"Model and network agree that policies deny the call: {permission.reason}.",
            model=Reachable.NO,
            resources=permission.resources,
        )
    return replace(
        comparison,
        agreement=Agreement.MODEL_YES_NETWORK_NO,
        status=Status.FAIL,
        message="The model says that policies allow the call, the network says that one denies it.",
        model=Reachable.YES,
        left=(_ANOTHER, "a policy of the session or organisation that the snapshot does not hold", *STALE),
    )
