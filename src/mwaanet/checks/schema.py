"""The JSON Schema of topology files and files of checks, for editors; made from the words that the loader knows.

It says no more than the loader does: what it refuses the loader refuses too. Wherever a text may stand, a variable may.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mwaanet.checks.facts import FACTS, PLACEHOLDER
from mwaanet.checks.language import EXPECTATIONS, GIVES, LEVELS, PARTS, PATHS
from mwaanet.checks.load import (
    ASSERTION_ID,
    ASSERTION_KEYS,
    CHECK_ID,
    CHECK_KEYS,
    CHECK_REQUIRED,
    MOST_ID,
    WAIVER_KEYS,
)
from mwaanet.checks.load_verbs import (
    KINDS,
    PERMIT_KEYS,
    REACH_KEYS,
    REQUIRE_KEYS,
    RESOLVE_KEYS,
    SELECTION_KEYS,
    VERB_KEYS,
)
from mwaanet.checks.result import Severity
from mwaanet.checks.selectors import WORDS
from mwaanet.checks.topology import FILE_KEYS
from mwaanet.net.protocol import ANY_PORT
from mwaanet.snapshot import OPERATIONS

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"
"""The dialect that editors understand best (https://json-schema.org/draft-07/json-schema-release-notes)."""
_TEXT: Schema = {"type": "string", "minLength": 1}
_PLAIN: Schema = {"type": ["string", "integer"]}
_VARIABLE: Schema = {"type": "string", "pattern": PLACEHOLDER.pattern}


def schema_text() -> str:
    """The schema as it is published in `schemas/topology.json`."""
    return json.dumps(topology_schema(), indent=2, ensure_ascii=False) + "\n"


def topology_schema() -> Schema:
    """The whole schema."""
    properties: Schema = {
        "version": {"enum": [1, "1"]},
        "include": {"type": "array", "items": _TEXT, "description": "Files beside this one, or below it."},
        "variables": {
            "type": "object",
            "propertyNames": {"pattern": f"^{PLACEHOLDER.pattern[2:-2]}$"},
            "additionalProperties": {"anyOf": [_scalar(), {"type": "array", "items": _scalar()}]},
            "description": "Values that texts may hold as {name}; one without a value is given by --var.",
        },
        "assertions": {"type": "array", "items": {"$ref": "#/definitions/assertion"}},
        "checks": {"type": "array", "items": {"$ref": "#/definitions/check"}},
    }
    return {
        "$schema": DIALECT,
        "title": "Assertions and checks of mwaanet",
        **_object({name: properties[name] for name in FILE_KEYS}, ["version"]),
        "anyOf": [{"required": [name]} for name in ("assertions", "checks", "include")],
        "definitions": {
            "assertion": _assertion(),
            "check": _check(),
            "selection": _selection(),
            "selector": {**_TEXT, "examples": [*WORDS, "service:sqs", "tag:Name=…", "10.0.0.0/8", "https://…"]},
            "waiver": _object(
                {"until": {**_TEXT, "description": "A day such as 2027-01-31."}, "because": _TEXT}, WAIVER_KEYS
            ),
            **_verbs(),
        },
    }


def _assertion() -> Schema:
    known = {"id": {**_PLAIN, **_pattern(ASSERTION_ID.pattern), "maxLength": MOST_ID}, "title": _TEXT, "reason": _TEXT}
    return _asking(known, ASSERTION_KEYS, ["id"])


def _check() -> Schema:
    known = {
        "id": _pattern(CHECK_ID.pattern),
        "path": _word(PATHS),
        "source": {"type": "string", "pattern": "^https://|\\{"},
        **{name: _TEXT for name in ("title", "why", "fix")},
    }
    return _asking(known, CHECK_KEYS, CHECK_REQUIRED)


def _asking(known: Schema, keys: Iterable[str], required: Iterable[str]) -> Schema:
    """A check or an assertion: what it may say, exactly one verb, and the expectation that goes with it."""
    common: Schema = {
        "severity": _word(severity.value for severity in Severity),
        "when": {**_TEXT, "description": "A JMESPath expression over the environment's facts."},
        "each": _word(name for name, kind in FACTS.items() if kind.many),
        "level": _word(LEVELS),
        "expect": _word(word for words in EXPECTATIONS.values() for word in words),
        "allow-empty": {"type": "boolean"},
        "waive": {"$ref": "#/definitions/waiver"},
        "skip": _TEXT,
        **{name: {"$ref": f"#/definitions/{name}"} for name in VERB_KEYS if name != "skip"},
    }
    properties = {name: known.get(name, common.get(name)) for name in (*keys, *VERB_KEYS)}
    expectations = [
        {
            "if": {"required": ["expect", verb.__name__.lower()]},
            "then": {"properties": {"expect": _word(words)}},
        }
        for verb, words in EXPECTATIONS.items()
    ]
    return {
        **_object(properties, required),
        "oneOf": [{"required": [name]} for name in VERB_KEYS],
        "allOf": expectations,
    }


def _selection() -> Schema:
    selectors = _one_or_many({"$ref": "#/definitions/selector"})
    mapping = _object({name: selectors for name in SELECTION_KEYS}, [])
    return {"anyOf": [selectors, {**mapping, "oneOf": [{"required": ["all"]}, {"required": ["any"]}]}]}


def _verbs() -> Schema:
    selection, selector = {"$ref": "#/definitions/selection"}, {"$ref": "#/definitions/selector"}
    port = {"anyOf": [{"type": "integer", "minimum": ANY_PORT.min, "maximum": ANY_PORT.max}, _range()]}
    crossing = _one_or_many({**_TEXT, "examples": list(KINDS)})
    reach = {
        "from": selection,
        "to": selection,
        "protocol": _PLAIN,
        "port": {"anyOf": [port, {"type": "array", "items": port}]},
        "via": crossing,
        "not-via": crossing,
        "part": _word(PARTS),
        "about": _TEXT,
        "instead": _object({"to": selector, "say": _TEXT}, ["to", "say"]),
    }
    resolve = {"name": selector, "from": selection, "gives": _word(GIVES)}
    pairs = {"type": "object", "additionalProperties": _TEXT}
    permit = {
        "principal": _TEXT,
        "actions": _one_or_many(_TEXT),
        "resources": _one_or_many(_TEXT),
        "any_resource": _one_or_many(_TEXT),
        "via": selector,
        "from": selector,
        "context": pairs,
    }
    require = {
        "call": _word(f"{row.service}/{row.operation}" for row in OPERATIONS.values()),
        "parameters": pairs,
        "that": _TEXT,
        "about": _TEXT,
        "facts": {"const": True},
        "say": _TEXT,
    }
    return {
        "reach": _object({name: reach[name] for name in REACH_KEYS}, ["from", "to"]),
        "resolve": _object({name: resolve[name] for name in RESOLVE_KEYS}, ["name", "from"]),
        "permit": {
            **_object({name: permit[name] for name in PERMIT_KEYS}, ["principal", "actions"]),
            "oneOf": [{"required": ["resources"]}, {"required": ["any_resource"]}],
        },
        "require": {
            **_object({name: require[name] for name in REQUIRE_KEYS}, ["that", "about"]),
            "oneOf": [{"required": ["call"]}, {"required": ["facts"]}],
        },
    }


def _object(properties: Mapping[str, Any], required: Iterable[str]) -> Schema:
    found: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**found, "required": list(required)} if list(required) else found


def _word(words: Iterable[str]) -> Schema:
    """One of some words, or a variable."""
    return {"anyOf": [{"enum": list(words)}, _VARIABLE]}


def _pattern(pattern: str) -> Schema:
    """A text of a form, or one that holds a variable."""
    return {"pattern": f"^({pattern})$|{PLACEHOLDER.pattern}"}


def _range() -> Schema:
    return {"type": "string", "pattern": f"^[0-9]+(-[0-9]+)?$|{PLACEHOLDER.pattern}"}


def _one_or_many(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _scalar() -> Schema:
    return {"type": ["string", "integer", "boolean", "null"]}
