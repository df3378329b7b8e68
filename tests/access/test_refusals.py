"""Every layer that refuses is named, whichever others refuse: nobody mends one thing to learn of the next.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html: an
explicit deny in any policy is final, and each kind of policy that takes part has to allow;
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (a key that leaves it to its account's
policies needs theirs).
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from access.cases import OTHER, ROOT, allow, aws, deny, identity, kms, policy, request
from mwaanet.access import Layer, Policy, PolicySet, Request, evaluate

ACCOUNT = aws(ROOT)
LACKS, DENIES, BOTH = "lacks an allow", "denies", "denies and lacks an allow"
WHERE: dict[str, tuple[Request, tuple[Layer, ...]]] = {
    "two accounts": (request(owner=OTHER), tuple(Layer)),
    "a key": (kms(), tuple(Layer)),
    "one account": (request(), tuple(layer for layer in Layer if layer is not Layer.RESOURCE)),
}
"""A request, and the layers without whose Allow it is refused."""


def layer(name: Layer, state: str = "") -> Policy:
    """The policy of a layer; the resource's is for the account, so that the identity policy is needed too."""
    named: dict[str, Any] = {"principal": ACCOUNT} if name in (Layer.RESOURCE, Layer.ENDPOINT) else {}
    allows = [] if state in (LACKS, BOTH) else [allow(**named)]
    denies = [deny(**named)] if state in (DENIES, BOTH) else []
    return policy(*allows, *denies, name=name.value)


def policies(states: dict[Layer, str]) -> PolicySet:
    own, resource, boundary, session, endpoint, organisation = (layer(one, states.get(one, "")) for one in Layer)
    return identity(
        own, resource=resource, boundary=boundary, session=session, endpoint=endpoint, organisation=((organisation,),)
    )


def named(asked: Request, states: dict[Layer, str]) -> set[Layer]:
    decision = evaluate(asked, policies(states))
    assert decision.allowed is (not states)
    return {refusal.layer for refusal in decision.layers}


@pytest.mark.parametrize("where", WHERE)
def test_of_two_layers_that_refuse_both_are_named_and_mending_one_leaves_the_other(where: str) -> None:
    asked, needed = WHERE[where]
    assert named(asked, {}) == set()
    for pair in combinations(Layer, 2):
        for states in product((LACKS, DENIES, BOTH), repeat=2):
            broken = dict(zip(pair, states, strict=True))
            refusing = {one for one, state in broken.items() if one in needed or state is not LACKS}
            if refusing != set(pair):
                continue
            assert named(asked, broken) == set(pair), broken
            for mended in pair:
                left = {one: state for one, state in broken.items() if one is not mended}
                assert named(asked, left) == set(left), left


def test_of_one_layer_every_policy_that_denies_is_named() -> None:
    first, second = (policy(deny("s3:*"), name=name) for name in ("first", "second"))
    decision = evaluate(request(), identity(policy(allow()), first, second))
    assert [one.statement.policy for one in decision.layers if one.statement] == ["first", "second"]
    assert "first" in decision.reason
    assert "second" in decision.reason


def test_every_statement_of_a_policy_that_denies_is_named() -> None:
    decision = evaluate(request(), identity(policy(allow(), deny("s3:Get*"), deny("s3:GetObject"))))
    assert [one.statement.index for one in decision.layers if one.statement] == [1, 2]


def test_a_layer_that_denies_is_named_for_the_allow_that_it_lacks_too() -> None:
    decision = evaluate(request(), identity(policy(deny())))
    assert [(one.layer, one.explicit) for one in decision.layers if one.layer is Layer.IDENTITY] == [
        (Layer.IDENTITY, True),
        (Layer.IDENTITY, False),
    ]
