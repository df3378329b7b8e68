"""A policy that is set as a whole: what it says now, with statements added or exchanged.

Several findings may each miss a statement of the same policy; set one after the other, the last would win. So their
changes are united before they are shown.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from mwaanet.fixes.change import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePolicy(Change):
    """`base` is the present document as JSON; `added` are statements, `exchanged` those that replace one, by place."""

    base: str
    added: tuple[str, ...] = ()
    exchanged: tuple[tuple[int, str], ...] = ()

    @property
    @abstractmethod
    def subject(self) -> str:
        """Whose policy it is."""

    @property
    def content(self) -> dict[str, Any]:
        """The new document."""
        found: dict[str, Any] = json.loads(self.base) if self.base else {"Version": "2012-10-17", "Statement": []}
        present = found.get("Statement", [])
        statements = list(present) if isinstance(present, list) else [present]
        for index, statement in self.exchanged:
            statements[index] = json.loads(statement)
        return {**found, "Statement": [*statements, *map(json.loads, self.added)]}

    @property
    def document(self) -> str:
        """The new document as JSON."""
        return json.dumps(self.content)

    def united(self, others: Iterable[WholePolicy]) -> Self:
        """The same change with what the others, of the same policy, do."""
        added, exchanged = dict.fromkeys(self.added), dict(self.exchanged)
        for other in others:
            added.update(dict.fromkeys(other.added))
            exchanged.update(other.exchanged)
        statements = _named_apart(_joined([json.loads(text) for text in sorted(added)]))
        return replace(self, added=tuple(map(json.dumps, statements)), exchanged=tuple(sorted(exchanged.items())))

    @property
    def told(self) -> str:
        """What the new statements allow, and which ones are exchanged, in words."""
        present = json.loads(self.base).get("Statement", []) if self.base else []
        statements = present if isinstance(present, list) else [present]
        parts = [_allowance(json.loads(text)) for text in self.added]
        for index, text in self.exchanged:
            sid = statements[index].get("Sid")
            name = f"{index} '{sid}'" if sid else str(index)
            parts.append(f"{_news(statements[index], json.loads(text))} in statement {name}")
        return "; ".join(parts)


def _joined(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statements that differ only in the values of their one condition become one."""
    found: list[dict[str, Any]] = []
    for statement in statements:
        alike = next((one for one in found if _but_values(one) == _but_values(statement)), None)
        if alike is None or not statement.get("Condition"):
            found.append(statement)
            continue
        for operator, keys in statement["Condition"].items():
            for key, values in keys.items():
                known = _listed(alike["Condition"][operator][key])
                alike["Condition"][operator][key] = list(dict.fromkeys([*known, *_listed(values)]))
    return found


def _but_values(statement: dict[str, Any]) -> object:
    condition = statement.get("Condition", {})
    names = [(operator, key) for operator, keys in condition.items() for key in keys]
    rest = {name: value for name, value in statement.items() if name != "Condition"}
    return (json.dumps(rest), names) if len(names) == 1 else (json.dumps(statement),)


def _named_apart(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statements whose Sids differ, as a policy demands.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
    """
    taken: set[str] = set()
    for statement in statements:
        name, number = str(statement.get("Sid", "")), 2
        while name and statement["Sid"] in taken:
            statement["Sid"] = f"{name}{number}"
            number += 1
        taken.add(str(statement.get("Sid", "")))
    return statements


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]


def _allowance(statement: dict[str, Any]) -> str:
    """`allow kms:Decrypt to arn:…`: to whom by principal, or by the condition that names it."""
    principal = statement.get("Principal", {})
    named = [one for value in principal.values() for one in _listed(value)] if isinstance(principal, dict) else []
    conditions = [value for keys in statement.get("Condition", {}).values() for value in keys.values()]
    whom = named or [one for value in conditions for one in _listed(value)]
    return f"allow {', '.join(_listed(statement.get('Action', [])))} to {', '.join(whom)}"


def _news(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The values that a statement's conditions have besides."""
    old = json.dumps(before.get("Condition", {}))
    values = [
        value
        for keys in after.get("Condition", {}).values()
        for listed in keys.values()
        for value in _listed(listed)
        if json.dumps(value) not in old
    ]
    return f"admit {', '.join(values)}"
