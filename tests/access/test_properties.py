"""Laws that hold for whatever policies there are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from access.cases import (
    ACCOUNT,
    ALLOW_ALL,
    EVERYBODY,
    NOTHING,
    OTHER,
    REFUSED,
    ROLE,
    ROOT,
    SESSION,
    USER,
    allow,
    aws,
    deny,
    kms,
    policy,
    request,
)
from mwaanet.access import ABSENT, Decision, Policy, PolicySet, Request, evaluate
from mwaanet.model.unknown import Unknown

quick = settings(max_examples=400, deadline=None, derandomize=True, database=None)

VALUES: list[tuple[str, ...]] = [ABSENT, ("a",), ("b",)]
KEYS = ("x:First", "x:Second")
OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLikeIfExists",
    "StringEqualsIfExists",
    "Null",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringNotEquals",
]

WANTED = ["a", "b*", "true", "false", "${x:First}", "${x:Second, 'a'}"]

tests = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(WANTED), min_size=1)
conditions: st.SearchStrategy[dict[str, dict[str, str]]] = st.just({}) | st.dictionaries(
    st.sampled_from(OPERATORS), tests, max_size=2
)
resources = st.sampled_from(
    ["*", "*", "*", "arn:aws:s3:::dags/*", "arn:aws:s3:::${x:First}ags/*", "arn:aws:s3:::logs/*"]
)
covered = st.tuples(st.sampled_from(["resource", "resource", "resource", "not_resource"]), resources)
actions = st.sampled_from(["*", "*", "s3:Get*", "s3:PutObject", "kms:*"])
principals = st.sampled_from(["*", aws(ROLE), aws(SESSION), aws(ROOT), aws(USER), aws(OTHER)])


@st.composite
def statements(draw: st.DrawFn, *, named: bool) -> dict[str, object]:
    make = draw(st.sampled_from([allow, allow, allow, deny]))
    kind, resource = draw(covered)
    elements: dict[str, object] = {"condition": draw(conditions)} | ({} if kind == "resource" else {kind: resource})
    if named:
        elements[draw(st.sampled_from(["principal", "principal", "not_principal"]))] = draw(principals)
    return make(draw(actions), resource, **elements)


def documents(*, named: bool) -> st.SearchStrategy[Policy]:
    drawn = st.lists(statements(named=named), max_size=3).map(lambda listed: policy(*listed))
    return drawn | st.just(EVERYBODY if named else ALLOW_ALL)


attached, embedded = documents(named=False), documents(named=True)
policy_sets = st.builds(
    PolicySet,
    identity=st.lists(attached, min_size=1, max_size=2).map(tuple),
    resource=st.none() | embedded,
    boundary=st.none() | st.none() | attached,
    session=st.none() | st.none() | attached,
    endpoint=st.none() | st.none() | embedded,
)
contexts = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))
requests = st.builds(
    lambda base, owner, context: structs.replace(base, resource_account=owner, context=context),
    st.sampled_from([request(), request(session=None), request(principal=USER), kms()]),
    st.sampled_from([ACCOUNT, OTHER, None]),
    contexts,
)


def completions(asked: Request) -> Iterator[Request]:
    """The request with every combination of values for what is not known of it."""
    missing = [key for key in KEYS if key.lower() not in asked.context]
    owners = [ACCOUNT, OTHER] if asked.resource_account is None else [asked.resource_account]
    for owner, values in product(owners, product(VALUES, repeat=len(missing))):
        known = {**asked.context, **dict(zip(missing, values, strict=True))}
        yield structs.replace(asked, resource_account=owner, context=known)


@quick
@given(requests, policy_sets)
def test_a_decided_answer_holds_whatever_the_unknown_keys_are(asked: Request, policies: PolicySet) -> None:
    decision = evaluate(asked, policies)
    if decision.allowed is None:
        assert decision.keys or decision.unknown
        return
    for completed in completions(asked):
        assert evaluate(completed, policies).allowed is decision.allowed


@quick
@given(requests, policy_sets, st.sampled_from(["identity", "resource", "boundary", "endpoint"]))
def test_a_decided_answer_holds_whatever_an_unread_policy_says(asked: Request, known: PolicySet, layer: str) -> None:
    def with_policy(one: Policy | Unknown) -> PolicySet:
        return structs.replace(known, **{layer: (*known.identity, one) if layer == "identity" else one})

    decision = evaluate(asked, with_policy(REFUSED))
    if decision.allowed is not None:
        for guess in (NOTHING, EVERYBODY, ALLOW_ALL, policy(deny(principal="*"))):
            assert evaluate(asked, with_policy(guess)).allowed is decision.allowed


@quick
@given(requests, policy_sets, st.sampled_from(["identity", "boundary", "session"]))
def test_a_deny_that_applies_denies(asked: Request, policies: PolicySet, layer: str) -> None:
    denial = policy(deny())
    value: object = (*policies.identity, denial) if layer == "identity" else denial
    decision = evaluate(asked, structs.replace(policies, **{layer: value}))

    assert decision.allowed is False
    assert decision.decided_by is not None
    assert any(refusal.explicit for refusal in decision.layers)


@quick
@given(requests, policy_sets, conditions)
def test_a_further_deny_never_allows(asked: Request, policies: PolicySet, condition: dict[str, dict[str, str]]) -> None:
    before = evaluate(asked, policies).allowed
    more = (*policies.identity, policy(deny(condition=condition)))
    after = evaluate(asked, structs.replace(policies, identity=more)).allowed

    assert after is before or after is not True


@quick
@given(requests, policy_sets, conditions)
def test_a_further_allow_never_denies(
    asked: Request, policies: PolicySet, condition: dict[str, dict[str, str]]
) -> None:
    before = evaluate(asked, policies).allowed
    more = (*policies.identity, policy(allow(condition=condition)))
    after = evaluate(asked, structs.replace(policies, identity=more)).allowed

    assert after is before or after is not False


@quick
@given(requests, policy_sets)
def test_a_decision_explains_itself(asked: Request, policies: PolicySet) -> None:
    decision: Decision = evaluate(asked, policies)

    assert decision.reason
    assert decision == evaluate(asked, policies)
    if decision.allowed is True:
        assert decision.decided_by is not None
        assert (decision.layers, decision.keys, decision.unknown) == ((), (), ())
    if decision.allowed is False:
        assert decision.layers
        assert (decision.keys, decision.unknown) == ((), ())


NARROW = {"none": None, "allows": ALLOW_ALL, "silent": NOTHING, "denies": policy(deny())}
DOOR = {"none": None, "allows": EVERYBODY, "silent": NOTHING, "denies": policy(deny(principal="*"))}
NAMED = {
    "silent": NOTHING,
    "denies": DOOR["denies"],
    "account": policy(allow(principal=aws(ROOT))),
    "role": policy(allow(principal=aws(ROLE))),
    "session": policy(allow(principal=aws(SESSION))),
    "everybody": EVERYBODY,
}


def flow_chart(identity: str, resource: str, boundary: str, session: str, endpoint: str, where: str) -> bool:
    """The guide's flow chart, step by step, for a role's session and policies that hold unconditionally."""
    if "denies" in (identity, resource, boundary, session, endpoint):
        return False
    if endpoint == "silent":
        return False
    narrowed = "silent" in (boundary, session)
    if where == "other account":
        return resource != "silent" and identity == "allows" and not narrowed
    if resource in ("session", "everybody"):
        return True
    if narrowed:
        return False
    if resource == "role":
        return True
    if where == "key" and resource == "silent":
        return False
    return identity == "allows"


@pytest.mark.parametrize("where", ["bucket", "key", "other account"])
def test_every_combination_of_layers_follows_the_flow_chart(where: str) -> None:
    asked = {"bucket": request(), "key": kms(), "other account": request(owner=OTHER)}[where]
    for identity, resource, *narrow, endpoint in product(["allows", "silent", "denies"], NAMED, NARROW, NARROW, DOOR):
        attached_policy = NARROW[identity]
        assert attached_policy is not None
        policies = PolicySet(
            identity=(attached_policy,),
            resource=NAMED[resource],
            boundary=NARROW[narrow[0]],
            session=NARROW[narrow[1]],
            endpoint=DOOR[endpoint],
        )
        expected = flow_chart(identity, resource, narrow[0], narrow[1], endpoint, where)

        assert evaluate(asked, policies).allowed is expected, (identity, resource, narrow, endpoint)
