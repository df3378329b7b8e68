"""Terraform's configuration language, for the AWS provider (https://registry.terraform.io/providers/hashicorp/aws/latest/docs)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mwaanet.fixes.declared import Block, Declared, Document, comment

_INDENT = "  "
_ESCAPES = {number: f"\\u{number:04x}" for number in range(32)} | str.maketrans(
    {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
)
"""How characters are written in a text; JSON's `\\b` and `\\f` are not known there."""


def terraform_text(declared: Iterable[Declared]) -> str:
    """The configuration: one resource block each; of a resource that exists the arguments that change."""
    return "\n\n".join(dict.fromkeys(_block(one) for one in declared))


def _block(one: Declared) -> str:
    lines = [comment(one.note)] if one.note else []
    if not one.type:
        return "\n".join(lines)
    if one.existing:
        lines.append(comment(f"in the block that manages {one.existing}; its other arguments stay as they are"))
    lines.append(f'resource "{one.type}" "{one.name}" {{')
    lines.extend(_body(one.properties, _INDENT))
    return "\n".join([*lines, "}"])


def _body(properties: Mapping[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    plain = [name for name, value in properties.items() if not isinstance(value, Block)]
    width = max(map(len, plain), default=0)
    for name, value in properties.items():
        if isinstance(value, Block):
            lines.extend([f"{indent}{name} {{", *_body(value, indent + _INDENT), f"{indent}}}"])
        else:
            lines.append(f"{indent}{name:<{width}} = {_expression(value, indent)}")
    return lines


def _expression(value: Any, indent: str) -> str:
    if isinstance(value, Document):
        return f"jsonencode({_object(value, indent)})"
    if isinstance(value, Mapping):
        return _object(value, indent)
    if isinstance(value, list):
        if all(not isinstance(item, Mapping | list) for item in value):
            return f"[{', '.join(_expression(item, indent) for item in value)}]"
        inner = indent + _INDENT
        items = "".join(f"{inner}{_expression(item, inner)},\n" for item in value)
        return f"[\n{items}{indent}]"
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(value: str) -> str:
    """A text in quotes, in which nothing is a template (https://developer.hashicorp.com/terraform/language/expressions/strings)."""
    written = value.translate(_ESCAPES)
    for sign in "$%":
        written = written.replace(sign * 2, f"\\u{ord(sign):04x}" * 2).replace(f"{sign}{{", f"{sign * 2}{{")
    return f'"{written}"'


def _object(value: Mapping[str, Any], indent: str) -> str:
    inner = indent + _INDENT
    items = "".join(f"{inner}{_text(name)} = {_expression(item, inner)}\n" for name, item in value.items())
    return f"{{\n{items}{indent}}}"
