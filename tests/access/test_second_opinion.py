"""Random policies beside moto's own reading of them, for what moto evaluates as IAM does.

moto 5 reads Effect, Action, NotAction and Resource with `*`, and lets a deny win. It knows no NotResource, no `?`, no
case-blind actions, no condition but a few of trust policies, no boundary and no endpoint policy: none is asked here.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult

from access.cases import identity, request
from mwaanet.access import Policy, evaluate

ACTIONS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "kms:Decrypt")
ACTION_PATTERNS = (*ACTIONS, "*", "s3:*", "s3:Get*", "*:*Message", "s3:*Object", "kms:*", "s3:G*Version")
RESOURCES = ("arn:aws:s3:::dags/dags/etl", "arn:aws:s3:::dags", "arn:aws:s3:::logs/dags/etl", "arn:aws:s3:::dags/")
RESOURCE_PATTERNS = (
    *RESOURCES,
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::dags/*",
    "arn:aws:s3:::*/etl",
    "arn:aws:s3:::d*s/*l",
)

some = st.lists(st.sampled_from(ACTION_PATTERNS), min_size=1, max_size=3)
statements = st.builds(
    lambda effect, element, actions, resources: {"Effect": effect, element: actions, "Resource": resources},
    st.sampled_from(("Allow", "Allow", "Deny")),
    st.sampled_from(("Action", "Action", "NotAction")),
    st.one_of(st.sampled_from(ACTION_PATTERNS), some),
    st.one_of(st.sampled_from(RESOURCE_PATTERNS), st.lists(st.sampled_from(RESOURCE_PATTERNS), min_size=1, max_size=3)),
)
documents = st.builds(
    lambda found: {"Version": "2012-10-17", "Statement": found}, st.lists(statements, min_size=1, max_size=4)
)


@settings(max_examples=150)
@given(documents, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_moto_decides_alike(document: dict[str, Any], action: str, resource: str) -> None:
    theirs = IAMPolicy(json.dumps({"Version": "2012-10-17", **document})).is_action_permitted(action, resource)
    ours = evaluate(request(action, resource), identity(Policy.parse(document, "policy", "policy-id")))
    assert ours.allowed is (theirs is PermissionResult.PERMITTED)
