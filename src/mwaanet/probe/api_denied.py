"""Which policy denied a call, as AWS's messages tell.

"Access denied error message examples" of
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; Amazon MWAA's own message where no
policy gives an Airflow role is "No Airflow role granted in IAM."
"""

from __future__ import annotations

import re
from typing import Final

from mwaanet.probe.api_exchange import Answer
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiOutcome, ApiStep

_MESSAGE: Final = re.compile(
    r"User: (?P<user>\S+) is not authorized to perform:\s*(?P<action>[\w:*-]+)(?:\s+on resource: (?P<resource>\S+))?"
    r"(?P<context>\s+(?:because|with)\s.*)?",
    re.DOTALL,
)
_EXPLICIT: Final = re.compile(r"with an explicit deny in (?:an?|the) (?P<policy>[^:\n]+)(?:: (?P<arn>\S+))?")
_IMPLICIT: Final = re.compile(r"because no (?P<policy>.+?) allows")
_NO_ROLE: Final = "no airflow role"


def denied(_answer: Answer, asked: Asked, message: str) -> Judgement:
    """Who may not do what on what, and which policy must change."""
    if _NO_ROLE in message.lower():
        return _no_role(asked)
    found = _MESSAGE.search(message)
    if not found:
        return Judgement(outcome=ApiOutcome.ACCESS_DENIED, mend=_allow(asked.action, asked.resource) + _vpc(asked))
    action = found["action"]
    resource = (found["resource"] or "").rstrip(".,") or asked.resource
    context = found["context"] or ""
    explicit, implicit = _EXPLICIT.search(context), _IMPLICIT.search(context)
    policy = (explicit or implicit or {"policy": ""})["policy"].strip()
    outcome = ApiOutcome.ENDPOINT_POLICY if policy.startswith("VPC endpoint") else ApiOutcome.ACCESS_DENIED
    cause = f"{found['user']} may not do {action} on {resource}"
    if explicit:
        named = f" ({explicit['arn']})" if explicit["arn"] else ""
        mend = f"take the explicit deny of {action} out of the {policy}{named}, or do not meet its conditions"
        return Judgement(outcome=outcome, cause=f"{cause}: the {policy}{named} denies it.", mend=mend)
    if implicit:
        return Judgement(
            outcome=outcome,
            cause=f"{cause}: no {policy} allows it.",
            mend=f"allow {action} on {resource} in the {policy}",
        )
    return Judgement(outcome=outcome, cause=f"{cause}.", mend=_allow(action, resource) + _vpc(asked))


def _no_role(asked: Asked) -> Judgement:
    return Judgement(
        outcome=ApiOutcome.NO_AIRFLOW_ROLE,
        cause="An Airflow role is given by the resource that the action is allowed on, not by the environment's ARN.",
        mend=_allow(asked.action, asked.resource),
    )


def _allow(action: str, resource: str) -> str:
    of_role = " (Admin, Op, User, Viewer, Public or a custom one)" if "<Airflow role>" in resource else ""
    return f"allow {action} on {resource}{of_role} in a policy of whoever signs"


def _vpc(asked: Asked) -> str:
    """What else denies InvokeRestApi: with a private web server it must come through a VPC."""
    if asked.step is not ApiStep.INVOKE:
        return ""
    return "; with a private web server, call through an airflow.env interface endpoint: not from outside a VPC"
