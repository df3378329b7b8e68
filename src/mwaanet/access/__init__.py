"""IAM policy evaluation: whether a principal may do an action on a resource, and which statement says so.

`Policy.parse` reads a document, `evaluate(Request(...), PolicySet(...))` gives a `Decision`: allowed is True, False,
or None, and then `keys` and `unknown` name what it waits for.
"""

from __future__ import annotations

from mwaanet.access.aws_owned import is_aws_managed_key, is_aws_owned_key, is_celery_queue, is_service_linked_role
from mwaanet.access.decision import DecidingStatement, Decision, Effect, Layer, Refusal
from mwaanet.access.errors import AccessError
from mwaanet.access.evaluate import PolicySet, evaluate
from mwaanet.access.layers import KeyGrant
from mwaanet.access.policy import Condition, Policy, Principals, Statement
from mwaanet.access.request import (
    ABSENT,
    Principal,
    PrincipalKind,
    Request,
    through_endpoint,
    through_internet,
)

__all__ = [
    "ABSENT",
    "AccessError",
    "Condition",
    "DecidingStatement",
    "Decision",
    "Effect",
    "KeyGrant",
    "Layer",
    "Policy",
    "PolicySet",
    "Principal",
    "PrincipalKind",
    "Principals",
    "Refusal",
    "Request",
    "Statement",
    "evaluate",
    "is_aws_managed_key",
    "is_aws_owned_key",
    "is_celery_queue",
    "is_service_linked_role",
    "through_endpoint",
    "through_internet",
]
