"""What a change is in an infrastructure as code: a resource of its own, or attributes of one that exists already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A resource with its properties; `existing` names the resource of which only these properties change.

    `note` alone, without a type, says why the language has nothing for the change.
    """

    type: str = ""
    name: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    existing: str = ""
    note: str = ""


class Block(dict[str, Any]):
    """A nested block of Terraform, in place of an argument that is a map."""


class Document(dict[str, Any]):
    """A policy document: text of JSON in Terraform, an object in CloudFormation."""


def comment(text: str) -> str:
    """A comment of one line, as both languages take it, whatever the names in it hold."""
    return f"# {' '.join(text.splitlines())}"


def label(*parts: str) -> str:
    """A name of letters, digits and underscores, as both languages take it."""
    joined = re.sub(r"\W+", "_", "_".join(filter(None, parts))).strip("_").lower()
    return joined if joined[:1].isalpha() else f"r_{joined}"


def logical_id(*parts: str) -> str:
    """A logical id of CloudFormation: letters and digits only."""
    words = re.split(r"[^A-Za-z0-9]+", " ".join(filter(None, parts)))
    return "".join(word[:1].upper() + word[1:] for word in words) or "Change"
