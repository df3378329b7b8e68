"""Which environment is meant: by name or ARN, or the only one; also one of which only the name is known."""

from __future__ import annotations

from difflib import get_close_matches

from mwaanet.errors import EmptySelectionError, UsageError
from mwaanet.marked_yaml import nearest
from mwaanet.model.arn import Arn
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.model.unread_environment import UnreadEnvironment, unlisted_environment
from mwaanet.snapshot import CallRef

Chosen = Environment | UnreadEnvironment


def known_environments(inventory: Inventory) -> tuple[Chosen, ...]:
    """Every environment that is known at least by its name."""
    return tuple(sorted((*inventory.environments, *inventory.unread_environments), key=lambda one: (one.name, one.arn)))


def refuse_absent_environment(inventory: Inventory, resource: str) -> None:
    """EmptySelectionError for the ARN of an environment, or of a role in one, that the account's list does not have."""
    arn = Arn.parse(resource)
    name = arn.resource.split("/")[1] if arn and arn.service == "airflow" and "/" in arn.resource else ""
    if arn is None or not name or set(name) & set("*?{"):
        return
    if inventory.unknown("mwaa", "list-environments", arn.account, arn.region):
        return
    names = [one.name for one in known_environments(inventory) if one.arn.startswith(_home(arn))]
    if name not in names:
        raise EmptySelectionError(f"{arn.account} has no environment {name} in {arn.region}{nearest(name, names)}")


def _home(arn: Arn) -> str:
    return f"arn:{arn.partition}:airflow:{arn.region}:{arn.account}:"


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


def asked_environment(inventory: Inventory, name: str | None, site: Site | None) -> Chosen:
    """The environment of a name or ARN; without one that which the site file names, or the only one."""
    named = site.environment if site else None
    try:
        return choose_environment(inventory, name or named)
    except UsageError as error:
        if name or not named:
            raise
        raise UsageError(f"{error}; the site file names it") from error


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
