"""Policy documents: the JSON of IAM's policy language, read into records.

The reading is strict: an element or a principal type that is not known would change what a statement means, so it is
an error that names its place. Operators of conditions are not checked here; one that is not known leaves its statement
undecided.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from mwaanet.access.decision import Effect
from mwaanet.access.errors import AccessError

_VERSIONS = ("2008-10-17", "2012-10-17")
_WITH_VARIABLES = "2012-10-17"
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")


class Condition(Struct, frozen=True, kw_only=True):
    """One key of a `Condition` element, with the values one of which must fit."""

    operator: str
    """As written, such as `ForAnyValue:StringLikeIfExists`."""
    key: str
    values: tuple[str, ...]


class Principals(Struct, frozen=True, kw_only=True):
    """A `Principal` or `NotPrincipal` element.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """

    aws: tuple[str, ...] = ()
    """ARNs, account ids, or `*` for everyone; the plain `"Principal": "*"` is kept here too."""
    service: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    canonical_user: tuple[str, ...] = ()


class Statement(Struct, frozen=True, kw_only=True):
    """One statement. Of `x` and `not_x` at most one is given; None means that the element is not there."""

    effect: Effect
    sid: str
    index: int
    principals: Principals | None = None
    not_principals: Principals | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()


class Policy(Struct, frozen=True, kw_only=True):
    """A policy document with the name under which it is reported."""

    name: str
    resource_id: str
    version: str
    statements: tuple[Statement, ...]

    @property
    def variables(self) -> bool:
        """Whether `${...}` is a variable in this policy rather than plain text.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
        """
        return self.version == _WITH_VARIABLES

    @classmethod
    def parse(cls, document: str | bytes | Mapping[str, object], name: str, resource_id: str) -> Policy:
        """Read a document, given as JSON text (URL-encoded too, as IAM's API returns it) or as the object.

        Raises AccessError, which names the policy and the place, where it is not a policy document.
        """
        reader = _Reader(f"{name} ({resource_id})" if resource_id else name)
        content = reader.mapping(reader.decoded(document), "")
        version = content.get("Version", _VERSIONS[0])
        if not isinstance(version, str) or version not in _VERSIONS:
            reader.fail("/Version", f"expected {' or '.join(_VERSIONS)}, found {version!r}")
        if "Statement" not in content:
            reader.fail("/Statement", "expected an array of statements")
        listed = content["Statement"]
        statements = listed if isinstance(listed, (list, tuple)) else [listed]
        parsed = tuple(reader.statement(statement, index) for index, statement in enumerate(statements))
        return cls(name=name, resource_id=resource_id, version=version, statements=parsed)


class _Reader:
    """Reads the elements of one document; knows its name for the errors."""

    def __init__(self, file: str) -> None:
        self._file = file

    def fail(self, place: str, problem: str) -> NoReturn:
        raise AccessError(self._file, place, problem)

    def decoded(self, document: str | bytes | Mapping[str, object]) -> object:
        if isinstance(document, Mapping):
            return document
        try:
            text = document.decode() if isinstance(document, bytes) else document
            text = text.strip().removeprefix("\ufeff")
            decoded: object = msgspec.json.decode(unquote(text) if text[:3].upper() == "%7B" else text)
        except (msgspec.DecodeError, UnicodeError, RecursionError, AttributeError) as error:
            self.fail("", f"expected a JSON policy document: {error}")
        return decoded

    def mapping(self, value: object, place: str) -> Mapping[str, object]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            self.fail(place, f"expected an object, found {_kind(value)}")
        return value

    def texts(self, value: object, place: str) -> tuple[str, ...]:
        """A string, or an array of strings."""
        values = value if isinstance(value, (list, tuple)) else [value]
        for item in values:
            if not isinstance(item, str):
                self.fail(place, f"expected a string or an array of strings, found {_kind(item)}")
        return tuple(values)

    def statement(self, value: object, index: int) -> Statement:
        place = f"/Statement/{index}"
        content = self.mapping(value, place)
        for key in content:
            if key not in _STATEMENT_KEYS:
                self.fail(f"{place}/{key}", f"expected one of {', '.join(sorted(_STATEMENT_KEYS))}")
        self._exclusive(content, place)
        effect, sid = content.get("Effect"), content.get("Sid", "")
        if effect not in ("Allow", "Deny"):
            self.fail(f"{place}/Effect", f"expected Allow or Deny, found {effect!r}")
        if not isinstance(sid, str):
            self.fail(f"{place}/Sid", f"expected a string, found {_kind(sid)}")
        return Statement(
            effect=Effect(effect),
            sid=sid,
            index=index,
            principals=self._principals(content, "Principal", place),
            not_principals=self._principals(content, "NotPrincipal", place),
            actions=self._optional(content, "Action", place),
            not_actions=self._optional(content, "NotAction", place),
            resources=self._optional(content, "Resource", place),
            not_resources=self._optional(content, "NotResource", place),
            conditions=self._conditions(content.get("Condition", {}), f"{place}/Condition"),
        )

    def _exclusive(self, content: Mapping[str, object], place: str) -> None:
        """An element and its negation exclude each other; one of `Action` and `NotAction` is needed."""
        for name in ("Principal", "Action", "Resource"):
            if name in content and f"Not{name}" in content:
                self.fail(place, f"expected {name} or Not{name}, found both")
        if "Action" not in content and "NotAction" not in content:
            self.fail(place, "expected Action or NotAction")

    def _optional(self, content: Mapping[str, object], name: str, place: str) -> tuple[str, ...] | None:
        return self.texts(content[name], f"{place}/{name}") if name in content else None

    def _principals(self, content: Mapping[str, object], name: str, place: str) -> Principals | None:
        if name not in content:
            return None
        value, place = content[name], f"{place}/{name}"
        if value == "*":
            return Principals(aws=("*",))
        listed = self.mapping(value, place)
        for kind in listed:
            if kind not in _PRINCIPAL_TYPES:
                self.fail(f"{place}/{kind}", f"expected one of {', '.join(_PRINCIPAL_TYPES)}")
        aws, service, federated, canonical = (
            self.texts(listed.get(kind, ()), f"{place}/{kind}") for kind in _PRINCIPAL_TYPES
        )
        return Principals(aws=aws, service=service, federated=federated, canonical_user=canonical)

    def _conditions(self, value: object, place: str) -> tuple[Condition, ...]:
        return tuple(
            Condition(operator=operator, key=key, values=self._values(values, f"{place}/{operator}/{key}"))
            for operator, keys in self.mapping(value, place).items()
            for key, values in self.mapping(keys, f"{place}/{operator}").items()
        )

    def _values(self, value: object, place: str) -> tuple[str, ...]:
        """Strings; a number or a Boolean that was written without quotes is its text."""
        values = value if isinstance(value, (list, tuple)) else [value]
        texts: list[str] = []
        for item in values:
            if isinstance(item, bool):
                texts.append("true" if item else "false")
            elif isinstance(item, (str, int, float)):
                texts.append(str(item))
            else:
                self.fail(place, f"expected a string or an array of strings, found {_kind(item)}")
        return tuple(texts)


def _kind(value: object) -> str:
    """What a JSON value is, for a message."""
    if value is None:
        return "null"
    names = {"dict": "an object", "list": "an array", "str": "a string", "bool": "a Boolean"}
    return names.get(type(value).__name__, "a number" if isinstance(value, (int, float)) else type(value).__name__)
