"""CloudFormation's templates, as YAML (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from mwaanet.fixes.declared import Declared, comment


def cloudformation_text(declared: Iterable[Declared]) -> str:
    """A template's resources; what only changes a resource that exists comes after them, with its owner's name."""
    declared = list(declared)
    new = {one.name: _resource(one) for one in declared if one.type and not one.existing}
    parts = [_yaml({"Resources": new})] if new else []
    for one in declared:
        notes = f"{comment(one.note)}\n" if one.note else ""
        if not one.type:
            parts.append(notes.rstrip("\n"))
        elif one.existing:
            where = comment(f"in the template that manages {one.existing}; its other properties stay as they are")
            parts.append(f"{notes}{where}\n{_yaml({one.name: _resource(one)})}")
    return "\n".join(dict.fromkeys(parts))


def _resource(one: Declared) -> dict[str, Any]:
    return {"Type": one.type, "Properties": _plain(one.properties)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000).rstrip("\n")
