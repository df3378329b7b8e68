"""Reading files of checks: YAML to `Check`, with the file, the line and the nearest valid word in every error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from mwaanet.checks import expressions
from mwaanet.checks.facts import EACH, FACTS, placeholders
from mwaanet.checks.language import (
    ASSUMER,
    GIVES,
    LEVELS,
    PARTS,
    PATHS,
    PRINCIPAL,
    Check,
    Instead,
    Permit,
    Reach,
    Require,
    Resolve,
    Skip,
    Verb,
)
from mwaanet.checks.result import Severity
from mwaanet.checks.selectors import misspelt
from mwaanet.errors import CheckFileError
from mwaanet.marked_yaml import Key, Marked, Scalar, nearest, parse_yaml, read_yaml
from mwaanet.net import protocol_number
from mwaanet.resources import checks_folder
from mwaanet.snapshot import OPERATIONS, Operation

_REQUIRED = ("id", "title", "path", "severity", "why", "source", "fix")
_CHECK_KEYS = (*_REQUIRED, "when", "each", "level")
_REACH_KEYS = ("from", "to", "protocol", "port", "part", "about", "instead")
_VERB_KEYS = ("reach", "resolve", "permit", "require", "skip")
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
_LISTS = tuple(name for name, kind in FACTS.items() if kind.many)


@cache
def builtin_checks() -> tuple[Check, ...]:
    """The checks that mwaanet ships, in the order of their files."""
    return together(load_checks(file) for file in check_files(checks_folder()))


def check_files(path: Path) -> list[Path]:
    """The file itself, or the YAML files of a folder; CheckFileError where it holds none."""
    found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not found:
        raise CheckFileError(str(path), "", "holds no .yaml file")
    return found


def together(groups: Iterable[Iterable[Check]]) -> tuple[Check, ...]:
    """The checks of several files as one; CheckFileError where two have the same id."""
    seen: dict[str, Check] = {}
    for check in (check for group in groups for check in group):
        first = seen.setdefault(check.id, check)
        if first is not check:
            where = f"line {first.line}" if first.file == check.file else f"{first.file}, line {first.line}"
            raise CheckFileError(check.file, f"line {check.line}", f"id {check.id} is already used in {where}")
    return tuple(seen.values())


def load_checks(file: Path) -> tuple[Check, ...]:
    """The checks of one file; CheckFileError names the file, the line and what was expected."""
    return parse_checks(read_yaml(file, CheckFileError), str(file))


def parse_checks(text: str, file: str) -> tuple[Check, ...]:
    """The checks in a text; `file` is its name in errors."""
    reader = _Reader(file)
    document = reader.mapping(parse_yaml(text, file, CheckFileError), "the file", ("version", "checks"))
    version = document.get("version")
    if version is None or version.value not in (1, "1"):
        raise reader.error(version, "version: expected 1")
    if "checks" not in document:
        raise CheckFileError(file, "line 1", "checks: missing")
    return together([[reader.check(item) for item in reader.sequence(document["checks"], "checks")]])


class _Values:
    """Turns marked YAML into plain values, one method per kind of value."""

    def __init__(self, file: str) -> None:
        self.file = file

    def error(self, value: Marked | Key | None, problem: str) -> CheckFileError:
        return CheckFileError(self.file, f"line {value.line if value else 1}", problem)

    def mapping(self, value: Marked, what: str, keys: Iterable[str], required: Iterable[str] = ()) -> dict[str, Marked]:
        if not isinstance(value.value, dict):
            raise self.error(value, f"{what}: expected a mapping")
        found = {}
        for key, item in value.value.items():
            if key.value not in keys:
                raise self.error(key, f"{what}: unknown key {key.value!r}{nearest(key.value, keys)}")
            found[key.value] = item
        for key_name in required:
            if key_name not in found:
                raise self.error(value, f"{what}: {key_name} is missing")
        return found

    def sequence(self, value: Marked, what: str) -> list[Marked]:
        if not isinstance(value.value, list):
            raise self.error(value, f"{what}: expected a list")
        return value.value

    def plain(self, value: Marked, what: str) -> str:
        """A text or a number."""
        if not isinstance(value.value, Scalar) or value.value is None or isinstance(value.value, bool):
            raise self.error(value, f"{what}: expected a text")
        return value.text

    def scalar(self, value: Marked, what: str) -> str:
        if not isinstance(value.value, str) or not value.value.strip():
            raise self.error(value, f"{what}: expected a text")
        return value.value

    def word(self, value: Marked, what: str, words: Iterable[str]) -> str:
        text = self.scalar(value, what)
        if text not in words:
            raise self.error(value, f"{what}: {text!r} is none of {', '.join(words)}{nearest(text, words)}")
        return text

    def texts(self, value: Marked, what: str, one: Callable[[Marked, str], str]) -> tuple[str, ...]:
        items = value.value if isinstance(value.value, list) else [value]
        if not items:
            raise self.error(value, f"{what}: expected at least one")
        return tuple(one(item, what) for item in items)

    def filled(self, value: Marked, what: str) -> str:
        """A text in which facts may stand."""
        text = self.scalar(value, what)
        for name in placeholders(text):
            if name not in FACTS and name != EACH:
                raise self.error(value, f"{what}: there is no fact {name!r}{nearest(name, (*FACTS, EACH))}")
        return text

    def expression(self, value: Marked, what: str, *, over_facts: bool) -> str:
        text = self.filled(value, what)
        problem = expressions.problem(text)
        if problem:
            raise self.error(value, f"{what}: {problem}")
        for name in expressions.names(text) if over_facts else ():
            if name not in FACTS:
                raise self.error(value, f"{what}: there is no fact {name!r}{nearest(name, FACTS)}")
        return text

    def selector(self, value: Marked, what: str) -> str:
        text = self.filled(value, what)
        problem = misspelt(text)
        if problem:
            raise self.error(value, f"{what}: {problem}")
        return text


class _Reader(_Values):
    """Turns marked YAML into checks, one method per verb."""

    def check(self, item: Marked) -> Check:
        keys = self.mapping(item, "check", (*_CHECK_KEYS, *_VERB_KEYS), _REQUIRED)
        check_id = self.scalar(keys["id"], "id")
        if not _ID.fullmatch(check_id):
            raise self.error(keys["id"], f"id: expected capital letters, digits and hyphens, found {check_id!r}")
        source = self.scalar(keys["source"], "source")
        if not source.startswith("https://"):
            raise self.error(keys["source"], "source: expected an https:// address")
        severity = self.word(keys["severity"], "severity", [severity.value for severity in Severity])
        verb = self.verb(item, keys)
        each = self.word(keys["each"], "each", _LISTS) if "each" in keys else ""
        if not each and EACH in _placeholders(verb):
            raise self.error(item, "check: {each} stands in it, but each is missing: name the fact that is a list")
        return Check(
            id=check_id,
            title=self.scalar(keys["title"], "title"),
            path=self.word(keys["path"], "path", PATHS),
            severity=Severity(severity),
            why=self.scalar(keys["why"], "why"),
            source=source,
            fix=self.filled(keys["fix"], "fix"),
            verb=verb,
            when=self.expression(keys["when"], "when", over_facts=True) if "when" in keys else "",
            each=each,
            level=self.word(keys["level"], "level", LEVELS) if "level" in keys else "fail",
            file=self.file,
            line=item.line,
        )

    def verb(self, item: Marked, keys: Mapping[str, Marked]) -> Verb:
        found = [key for key in _VERB_KEYS if key in keys]
        if len(found) != 1:
            what = " and ".join(found) or "none"
            raise self.error(item, f"check: expected exactly one of {', '.join(_VERB_KEYS)}, found {what}")
        readers: Mapping[str, Callable[[Marked], Verb]] = {
            "reach": self.reach,
            "resolve": self.resolve,
            "permit": self.permit,
            "require": self.require,
            "skip": lambda value: Skip(reason=self.filled(value, "skip")),
        }
        return readers[found[0]](keys[found[0]])

    def reach(self, value: Marked) -> Reach:
        keys = self.mapping(value, "reach", _REACH_KEYS, ("from", "to"))
        protocol = self.plain(keys["protocol"], "protocol") if "protocol" in keys else "tcp"
        try:
            protocol_number(protocol)
        except ValueError as error:
            words = nearest(protocol, ("tcp", "udp", "icmp", "icmpv6", "all"))
            raise self.error(keys["protocol"], f"protocol: {error}{words}") from error
        listed = keys["port"].value if "port" in keys else []
        ports = listed if isinstance(listed, list) else [keys["port"]]
        return Reach(
            source=self.selector(keys["from"], "from"),
            destination=self.selector(keys["to"], "to"),
            protocol=protocol,
            ports=tuple(self.port(item) for item in ports),
            part=self.word(keys["part"], "part", PARTS) if "part" in keys else "",
            about=self.filled(keys["about"], "about") if "about" in keys else "",
            instead=self.instead(keys["instead"]) if "instead" in keys else None,
        )

    def instead(self, value: Marked) -> Instead:
        keys = self.mapping(value, "instead", ("to", "say"), ("to", "say"))
        return Instead(destination=self.selector(keys["to"], "to"), advice=self.filled(keys["say"], "say"))

    def port(self, value: Marked) -> tuple[int, int]:
        low, _, high = self.plain(value, "port").partition("-")
        try:
            span = (int(low), int(high or low))
        except ValueError as error:
            raise self.error(value, "port: expected a number or a range such as 1024-65535") from error
        if not 0 <= span[0] <= span[1] <= 65535:
            raise self.error(value, "port: expected 0 to 65535, the lower first")
        return span

    def resolve(self, value: Marked) -> Resolve:
        keys = self.mapping(value, "resolve", ("name", "from", "gives"), ("name", "from"))
        return Resolve(
            name=self.selector(keys["name"], "name"),
            source=self.selector(keys["from"], "from"),
            gives=self.word(keys["gives"], "gives", GIVES) if "gives" in keys else "private",
        )

    def permit(self, value: Marked) -> Permit:
        names = ("principal", "actions", "resources", "any_resource", "via", "from", "context")
        keys = self.mapping(value, "permit", names, names[:2])
        if ("resources" in keys) == ("any_resource" in keys):
            raise self.error(value, "permit: expected either resources or any_resource")
        if "from" in keys and "via" not in keys:
            raise self.error(keys["from"], "from: whose requests they are matters only with via")
        listed = "any_resource" if "any_resource" in keys else "resources"
        return Permit(
            principal=self.principal(keys["principal"]),
            actions=self.texts(keys["actions"], "actions", self.action),
            resources=self.texts(keys[listed], listed, self.filled),
            any_resource="any_resource" in keys,
            via=self.selector(keys["via"], "via") if "via" in keys else "",
            source=self.selector(keys["from"], "from") if "from" in keys else "mwaa.worker",
            context=self.pairs(keys["context"], "context") if "context" in keys else (),
        )

    def principal(self, value: Marked) -> str:
        text = self.filled(value, "principal")
        if (
            text not in (PRINCIPAL, ASSUMER)
            and not text.startswith(("arn:", "{"))
            and "amazonaws.com" not in self._open(text)
        ):
            expected = f"expected {PRINCIPAL}, an ARN or a service such as logs.{{region}}.{{dns_suffix}}"
            raise self.error(value, f"principal: {expected}, found {text!r}{nearest(text, (PRINCIPAL, ASSUMER))}")
        return text

    @staticmethod
    def _open(text: str) -> str:
        return text.replace("{dns_suffix}", "amazonaws.com")

    def action(self, value: Marked, what: str) -> str:
        text = self.scalar(value, what)
        if not _ACTION.fullmatch(text):
            raise self.error(value, f"{what}: expected a service and an action such as s3:GetObject, found {text!r}")
        return text

    def require(self, value: Marked) -> Require:
        keys = self.mapping(value, "require", ("call", "parameters", "that", "about", "facts"), ("that", "about"))
        if ("call" in keys) == ("facts" in keys) or ("facts" in keys and keys["facts"].value is not True):
            raise self.error(value, "require: expected either call or facts: true")
        operation = self.operation(keys["call"]) if "call" in keys else None
        parameters = self.parameters(keys.get("parameters"), operation, keys.get("call") or value)
        return Require(
            that=self.expression(keys["that"], "that", over_facts=operation is None),
            about=self.filled(keys["about"], "about"),
            call=f"{operation.service}/{operation.operation}" if operation else "",
            parameters=parameters,
        )

    def operation(self, value: Marked) -> Operation:
        text = self.scalar(value, "call")
        service, _, name = text.partition("/")
        found = OPERATIONS.get((service, name))
        if found is None:
            known = nearest(text, (f"{row.service}/{row.operation}" for row in OPERATIONS.values()))
            raise self.error(value, f"call: {text!r} is no service/operation that snapshots hold{known}")
        return found

    def parameters(
        self, value: Marked | None, operation: Operation | None, where: Marked
    ) -> tuple[tuple[str, str], ...]:
        pairs = self.pairs(value, "parameters") if value is not None else ()
        names = operation.parameters if operation else ()
        for key in value.value if value is not None and isinstance(value.value, dict) else ():
            if key.value not in names:
                raise self.error(key, f"parameters: unknown parameter {key.value!r}{nearest(key.value, names)}")
        if names and names[0] not in dict(pairs):
            raise self.error(where, f"parameters: {names[0]} is missing")
        return pairs

    def pairs(self, value: Marked, what: str) -> tuple[tuple[str, str], ...]:
        if not isinstance(value.value, dict):
            raise self.error(value, f"{what}: expected a mapping")
        return tuple((key.value, self.filled(item, key.value)) for key, item in value.value.items())


def _placeholders(part: object) -> set[str]:
    """The names that stand in braces anywhere in a verb."""
    if isinstance(part, str):
        return set(placeholders(part))
    if isinstance(part, tuple):
        return {name for item in part for name in _placeholders(item)}
    fields = getattr(part, "__dataclass_fields__", {})
    return {name for field in fields for name in _placeholders(getattr(part, field))}
