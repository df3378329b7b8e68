"""Which environment is meant: by name or ARN, or the only one; also one of which only the name is known."""

from __future__ import annotations

from difflib import get_close_matches

from mwaanet.errors import UsageError
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.unread_environment import UnreadEnvironment, unlisted_environment
from mwaanet.snapshot import CallRef

Chosen = Environment | UnreadEnvironment


def known_environments(inventory: Inventory) -> tuple[Chosen, ...]:
    """Every environment that is known at least by its name."""
    return tuple(sorted((*inventory.environments, *inventory.unread_environments), key=lambda one: (one.name, one.arn)))


def choose_environment(inventory: Inventory, name: str | None) -> Chosen:
    """The environment of a name or ARN, or the only one; UsageError lists what there is."""
    environments = known_environments(inventory)
    names = [environment.name for environment in environments]
    if not environments:
        return _unlisted(inventory, name)
    if name is None:
        if len(environments) == 1:
            return environments[0]
        raise UsageError(f"the snapshot holds {len(environments)} environments, say which: {', '.join(names)}")
    found = [e for e in environments if name in (e.name, e.arn)]
    if len(found) == 1:
        return found[0]
    if found:
        arns = ", ".join(environment.arn for environment in found)
        raise UsageError(f"several environments are named {name}, say which by its ARN: {arns}")
    close = get_close_matches(name, names, n=3, cutoff=0.3) or names
    raise UsageError(f"no environment is named {name!r} (did you mean {', '.join(close)}?)")


def _unlisted(inventory: Inventory, name: str | None) -> UnreadEnvironment:
    """The named environment of an account that may not list its environments."""
    found = unlisted_environment(inventory, (name or "").rpartition(":environment/")[2])
    if found is None:
        raise UsageError("the snapshot holds no MWAA environment (mwaa get-environment)")
    if name is None:
        refusal = inventory.refused[CallRef(*inventory.home, "mwaa", "list-environments")]
        where = " ".join(inventory.home)
        raise UsageError(f"list-environments was refused in {where} ({refusal.code}): name the environment")
    return found
