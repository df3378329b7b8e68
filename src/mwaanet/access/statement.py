"""Whether one statement applies to a request: its principals, actions, resources and conditions all fit.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
"""

from __future__ import annotations

from collections.abc import Iterator

from mwaanet.access.conditions import conditions_hold
from mwaanet.access.context import RequestContext
from mwaanet.access.decision import Effect
from mwaanet.access.matching import Pattern, action_matches, matches, meet, wildcards
from mwaanet.access.policy import Policy, Statement
from mwaanet.access.truth import FALSE, TRUE, Truth, all_of, any_of, decided, undecided, unreadable
from mwaanet.access.variables import expand, resource_template
from mwaanet.model.unknown import Unknown


def statement_covers(policy: Policy, statement: Statement, context: RequestContext) -> Truth:
    """Whether actions, resources and conditions of a statement fit; its principals are another matter."""
    if not _covers_action(statement, context.request.action):
        return FALSE
    resource = _covers_resource(statement, context, policy.variables)
    excepts = statement.not_resources is not None
    if resource.value is excepts and (excepts or statement.effect is Effect.DENY):
        resource = _covers_part(statement, context, policy.variables, otherwise=resource)
    if resource.value is False:
        return FALSE
    return all_of((resource, conditions_hold(statement.conditions, context, variables=policy.variables)))


def _covers_action(statement: Statement, action: str) -> bool:
    if statement.actions is not None:
        return any(action_matches(pattern, action) for pattern in statement.actions)
    return not any(action_matches(pattern, action) for pattern in statement.not_actions or ())


def _covers_resource(statement: Statement, context: RequestContext, variables: bool) -> Truth:
    """A statement without `Resource`, as in a trust policy, is about the resource that its policy is attached to."""
    if statement.resources is not None:
        return any_of(_resource_fits(text, context, variables, negated=False) for text in statement.resources)
    if statement.not_resources is not None:
        named = any_of(_resource_fits(text, context, variables, negated=True) for text in statement.not_resources)
        return named.negated()
    return TRUE


def _covers_part(statement: Statement, context: RequestContext, variables: bool, *, otherwise: Truth) -> Truth:
    """Undecided where some of what the request's resource stands for fits, though not all of it."""
    asked = wildcards(context.request.resource)
    if not context.request.whole or len(asked) == 1:
        return otherwise
    if not any(meet(pattern, asked) for pattern in _patterns(statement, context, variables)):
        return otherwise
    denied = "denied" if statement.effect is Effect.DENY else "not allowed"
    return unreadable(Unknown(reason=f"part of {context.request.resource} is {denied}"))


def _patterns(statement: Statement, context: RequestContext, variables: bool) -> Iterator[Pattern]:
    for text in statement.resources or statement.not_resources or ():
        pattern = expand(resource_template(text) if variables else (text,), context, wild=True).pattern
        if pattern is not None:
            yield pattern


def _resource_fits(text: str, context: RequestContext, variables: bool, *, negated: bool) -> Truth:
    """Whether the request's resource fits one pattern; asterisks reach across colons and slashes."""
    parts = resource_template(text) if variables else (text,)
    expansion = expand(parts, context, wild=True)
    if negated and expansion.absent:
        return undecided(*expansion.absent)
    if expansion.pattern is None:
        return FALSE
    fits = matches(expansion.pattern, context.request.resource)
    return undecided(*expansion.unknown) if fits and expansion.unknown else decided(fits)
