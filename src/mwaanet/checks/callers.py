"""Whose requests a check of permissions asks about: one principal's, or those of whoever may assume a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mwaanet.access import AccessError, Policy, Principal
from mwaanet.checks.assume import assumers, strangers, trust_policy
from mwaanet.checks.context import Context
from mwaanet.checks.language import ASSUMER, PRINCIPAL, Permit
from mwaanet.checks.principal_policies import Policies, parsed
from mwaanet.checks.way import Way
from mwaanet.errors import UsageError
from mwaanet.model.unknown import Unknown


class Callers(NamedTuple):
    """The principals that are asked one by one, with their policies: of an undeclared caller any may be it."""

    policies: Sequence[Policies]
    role: str = ""
    """The name of the role that they come for, where its trust policy does not tell who they are."""
    trust: Unknown | None = None
    """Why it does not tell; None where it lets nobody assume the role who could be the client."""

    def name(self, policies: Policies) -> str:
        """How one of them is reported."""
        return self.role or policies.principal.name


def callers_of(context: Context, verb: Permit, way: Way, resource: str) -> Callers:
    """Whose requests they are; `resource` is the role that they assume where it is who may assume it."""
    inventory = context.inventory
    try:
        if verb.principal != ASSUMER:
            name = (
                context.facts.fill("{role}" if verb.principal == PRINCIPAL else verb.principal) if context.facts else ""
            )
            return Callers([context.once(("policies", name), lambda: Policies.of(inventory, name))])
        role = Principal.parse(resource)
    except AccessError as error:
        raise UsageError(f"principal: {error.problem}") from error
    policy, _ = trust_policy(inventory, role)
    endpoint = _endpoint_policy(context, way)
    if isinstance(policy, Unknown):
        return Callers(strangers(role, endpoint), role.name, policy)
    found = assumers(policy, endpoint, on_premises=way.on_premises)
    return Callers(found) if found else Callers(strangers(role, endpoint), role.name)


def _endpoint_policy(context: Context, way: Way) -> Policy | None:
    """The policy of the endpoint on the way, where it can be read."""
    endpoint = context.inventory.vpc_endpoints.get(way.endpoint)
    found = parsed(endpoint.policy_document, way.endpoint, way.endpoint) if endpoint else None
    return found if isinstance(found, Policy) else None
