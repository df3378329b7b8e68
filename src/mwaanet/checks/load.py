"""Reading files of checks: YAML to `Check`, with the file, the line and the nearest valid word in every error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import jmespath

from mwaanet.checks.language import (
    GIVES,
    LEVELS,
    PARTS,
    PATHS,
    Check,
    Permit,
    Reach,
    Require,
    Resolve,
    Skip,
    Verb,
)
from mwaanet.checks.result import Severity
from mwaanet.errors import CheckFileError
from mwaanet.marked_yaml import Key, Marked, Scalar, nearest, parse_yaml
from mwaanet.net import protocol_number
from mwaanet.resources import checks_folder

_CHECK_KEYS = ("id", "title", "path", "severity", "why", "source", "fix", "when", "each", "level")
_VERB_KEYS = ("reach", "resolve", "permit", "require", "skip")


@cache
def builtin_checks() -> tuple[Check, ...]:
    """The checks that mwaanet ships, in the order of their files."""
    return tuple(check for file in sorted(checks_folder().glob("*.yaml")) for check in load_checks(file))


def load_checks(file: Path) -> tuple[Check, ...]:
    """The checks of one file; CheckFileError names the file, the line and what was expected."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise CheckFileError(str(file), "", error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise CheckFileError(str(file), "", "is not UTF-8 text") from error
    return parse_checks(text, str(file))


def parse_checks(text: str, file: str) -> tuple[Check, ...]:
    """The checks in a text; `file` is its name in errors."""
    reader = _Reader(file)
    document = reader.mapping(parse_yaml(text, file, CheckFileError), "the file", ("version", "checks"))
    version = document.get("version")
    if version is None or reader.scalar(version, "version") != "1":
        raise reader.error(version, "version: expected 1")
    if "checks" not in document:
        raise CheckFileError(file, "line 1", "checks: missing")
    checks = [reader.check(item) for item in reader.sequence(document["checks"], "checks")]
    seen: dict[str, Check] = {}
    for check in checks:
        if check.id in seen:
            raise CheckFileError(
                file, f"line {check.line}", f"id {check.id} is already used in line {seen[check.id].line}"
            )
        seen[check.id] = check
    return tuple(checks)


class _Reader:
    """Turns marked YAML into checks, one method per kind of value."""

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

    def scalar(self, value: Marked, what: str) -> str:
        if not isinstance(value.value, Scalar):
            raise self.error(value, f"{what}: expected a text")
        return str(value.value)

    def word(self, value: Marked, what: str, words: Iterable[str]) -> str:
        text = self.scalar(value, what)
        if text not in words:
            raise self.error(value, f"{what}: {text!r} is none of {', '.join(words)}{nearest(text, words)}")
        return text

    def texts(self, value: Marked, what: str) -> tuple[str, ...]:
        items = value.value if isinstance(value.value, list) else [value]
        if not items:
            raise self.error(value, f"{what}: expected at least one")
        return tuple(self.scalar(item, what) for item in items)

    def expression(self, value: Marked, what: str) -> str:
        text = self.scalar(value, what)
        try:
            jmespath.compile(text)
        except Exception as error:
            raise self.error(value, f"{what}: not a JMESPath expression: {str(error).splitlines()[0]}") from error
        return text

    def check(self, item: Marked) -> Check:
        required = ("id", "title", "path", "severity", "why", "source", "fix")
        keys = self.mapping(item, "check", (*_CHECK_KEYS, *_VERB_KEYS), required)
        verbs = [key for key in _VERB_KEYS if key in keys]
        if len(verbs) != 1:
            raise self.error(item, f"check: expected exactly one of {', '.join(_VERB_KEYS)}, found {len(verbs)}")
        source = self.scalar(keys["source"], "source")
        if not source.startswith("https://"):
            raise self.error(keys["source"], "source: expected an https:// address")
        readers: Mapping[str, Callable[[Marked], Verb]] = {
            "reach": self.reach,
            "resolve": self.resolve,
            "permit": self.permit,
            "require": self.require,
            "skip": lambda value: Skip(reason=self.scalar(value, "skip")),
        }
        return Check(
            id=self.scalar(keys["id"], "id"),
            title=self.scalar(keys["title"], "title"),
            path=self.word(keys["path"], "path", PATHS),
            severity=Severity(self.word(keys["severity"], "severity", [severity.value for severity in Severity])),
            why=self.scalar(keys["why"], "why"),
            source=source,
            fix=self.scalar(keys["fix"], "fix"),
            verb=readers[verbs[0]](keys[verbs[0]]),
            when=self.expression(keys["when"], "when") if "when" in keys else "",
            each=self.scalar(keys["each"], "each") if "each" in keys else "",
            level=self.word(keys["level"], "level", LEVELS) if "level" in keys else "fail",
            file=self.file,
            line=item.line,
        )

    def reach(self, value: Marked) -> Reach:
        keys = self.mapping(value, "reach", ("from", "to", "protocol", "port", "part", "about"), ("from", "to"))
        protocol = self.scalar(keys["protocol"], "protocol") if "protocol" in keys else "tcp"
        try:
            protocol_number(protocol)
        except ValueError as error:
            raise self.error(keys["protocol"], f"protocol: {error}") from error
        ports = tuple(self.port(item) for item in self.ports(keys.get("port")))
        return Reach(
            source=self.scalar(keys["from"], "from"),
            destination=self.scalar(keys["to"], "to"),
            protocol=protocol,
            ports=ports,
            part=self.word(keys["part"], "part", PARTS) if "part" in keys else "",
            about=self.scalar(keys["about"], "about") if "about" in keys else "",
        )

    def ports(self, value: Marked | None) -> list[Marked]:
        if value is None:
            return []
        return value.value if isinstance(value.value, list) else [value]

    def port(self, value: Marked) -> tuple[int, int]:
        low, _, high = self.scalar(value, "port").partition("-")
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
            name=self.scalar(keys["name"], "name"),
            source=self.scalar(keys["from"], "from"),
            gives=self.word(keys["gives"], "gives", GIVES) if "gives" in keys else "private",
        )

    def permit(self, value: Marked) -> Permit:
        names = ("principal", "actions", "resources", "via")
        keys = self.mapping(value, "permit", names, names)
        return Permit(
            principal=self.scalar(keys["principal"], "principal"),
            actions=self.texts(keys["actions"], "actions"),
            resources=self.texts(keys["resources"], "resources"),
            via=self.scalar(keys["via"], "via"),
        )

    def require(self, value: Marked) -> Require:
        keys = self.mapping(value, "require", ("call", "parameters", "that", "about", "facts"), ("that", "about"))
        if ("call" in keys) == ("facts" in keys):
            raise self.error(value, "require: expected either call or facts: true")
        parameters = self.parameters(keys["parameters"]) if "parameters" in keys else ()
        call = self.scalar(keys["call"], "call") if "call" in keys else ""
        if call and call.count("/") != 1:
            raise self.error(keys["call"], "call: expected service/operation, such as s3/get-bucket-versioning")
        return Require(
            that=self.expression(keys["that"], "that"),
            about=self.scalar(keys["about"], "about"),
            call=call,
            parameters=parameters,
        )

    def parameters(self, value: Marked) -> tuple[tuple[str, str], ...]:
        if not isinstance(value.value, dict):
            raise self.error(value, "parameters: expected a mapping")
        return tuple((key.value, self.scalar(item, key.value)) for key, item in value.value.items())
