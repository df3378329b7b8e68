"""Reading files of checks: YAML to `Check`, with the file, the line and the nearest valid word in every error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from mwaanet.checks.facts import EACH, FACTS, placeholders
from mwaanet.checks.language import EXPECTATIONS, LEVELS, PATHS, Check, Reach, Waiver
from mwaanet.checks.load_verbs import VERB_KEYS, Verbs
from mwaanet.checks.result import Severity
from mwaanet.checks.spoken_verb import sentence
from mwaanet.errors import CheckFileError
from mwaanet.marked_yaml import Marked, parse_yaml, read_yaml
from mwaanet.resources import checks_folder

CHECK_REQUIRED = ("id", "title", "path", "severity", "why", "source", "fix")
COMMON_KEYS = ("when", "each", "level", "expect", "allow-empty", "waive")
CHECK_KEYS = (*CHECK_REQUIRED, *COMMON_KEYS)
ASSERTION_KEYS = ("id", "title", "severity", "reason", *COMMON_KEYS)
WAIVER_KEYS = ("until", "because")
CHECK_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
ASSERTION_ID = re.compile(r"[A-Za-z0-9]+([-._][A-Za-z0-9]+)*")
MOST_ID = 100
"""Characters of an assertion's id."""
EXPECTED = {verb.__name__.lower(): words for verb, words in EXPECTATIONS.items()}
"""What may be expected, by the key of the verb."""
_ENDINGS = (".yaml", ".yml")
_LISTS = tuple(name for name, kind in FACTS.items() if kind.many)


@cache
def builtin_checks() -> tuple[Check, ...]:
    """The checks that mwaanet ships, in the order of their files."""
    files = check_files(checks_folder())
    groups = (parse_checks(read_yaml(file, CheckFileError), str(file), shipped=True) for file in files)
    return tuple(replace(check, vetted=True) for check in together(groups))


def check_files(path: Path) -> list[Path]:
    """The file itself, or the YAML files of a folder; CheckFileError where it holds none."""
    found = sorted(file for ending in _ENDINGS for file in path.glob(f"*{ending}")) if path.is_dir() else [path]
    if not found:
        raise CheckFileError(str(path), "", f"holds no {' or '.join(_ENDINGS)} file")
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


def parse_checks(text: str, file: str, *, shipped: bool = False) -> tuple[Check, ...]:
    """The checks in a text; `file` is its name in errors, `shipped` whether it is one of mwaanet's own."""
    reader = Reader(file)
    marked = parse_yaml(text, file, CheckFileError, shipped=shipped)
    document = reader.mapping(marked, "the file", ("version", "checks"))
    reader.version(document.get("version"))
    if "checks" not in document:
        raise CheckFileError(file, "line 1", "checks: missing")
    return together([[reader.check(item) for item in reader.sequence(document["checks"], "checks")]])


class Reader(Verbs):
    """Turns marked YAML into checks and assertions."""

    def version(self, value: Marked | None) -> None:
        if value is None or value.value not in (1, "1"):
            raise self.error(value, "version: expected 1")

    def check(self, item: Marked) -> Check:
        """A check of the diagnosis: it belongs to a path, and says why it asks and how to mend what it finds."""
        keys = self.mapping(item, "check", (*CHECK_KEYS, *VERB_KEYS), CHECK_REQUIRED)
        check_id = self.scalar(keys["id"], "id")
        if not CHECK_ID.fullmatch(check_id):
            raise self.error(keys["id"], f"id: expected capital letters, digits and hyphens, found {check_id!r}")
        source = self.scalar(keys["source"], "source")
        if not source.startswith("https://"):
            raise self.error(keys["source"], "source: expected an https:// address")
        return replace(
            self._asking(item, keys),
            title=self.scalar(keys["title"], "title"),
            path=self.word(keys["path"], "path", PATHS),
            why=self.scalar(keys["why"], "why"),
            source=source,
            fix=self.filled(keys["fix"], "fix"),
        )

    def assertion(self, item: Marked) -> Check:
        """An assertion: a check that belongs to no path; only its id and its question must be given."""
        keys = self.mapping(item, "assertion", (*ASSERTION_KEYS, *VERB_KEYS), ("id",))
        name = self.plain(keys["id"], "id")
        if not ASSERTION_ID.fullmatch(name) or len(name) > MOST_ID:
            raise self.error(keys["id"], f"id: expected letters and digits, with hyphens between, found {name!r}")
        found = self._asking(item, keys)
        return replace(
            found,
            title=self.scalar(keys["title"], "title") if "title" in keys else sentence(found),
            why=self.scalar(keys["reason"], "reason") if "reason" in keys else "",
        )

    def _asking(self, item: Marked, keys: Mapping[str, Marked]) -> Check:
        """What checks and assertions have in common."""
        negative = self._negative(item, keys)
        verb = self.verb(item, keys, negative=negative)
        if negative and isinstance(verb, Reach) and (verb.part or verb.about or verb.instead):
            raise self.error(
                keys["expect"], "expect: part, about and instead tell why packets do not arrive, not blocked"
            )
        each = self.word(keys["each"], "each", _LISTS) if "each" in keys else ""
        if not each and EACH in _placeholders(verb):
            raise self.error(item, "check: {each} stands in it, but each is missing: name the fact that is a list")
        if "severity" in keys:
            severity = Severity(self.word(keys["severity"], "severity", [severity.value for severity in Severity]))
        else:
            severity = Severity.HIGH
        return Check(
            id=self.plain(keys["id"], "id"),
            severity=severity,
            verb=verb,
            when=self.expression(keys["when"], "when", over_facts=True) if "when" in keys else "",
            each=each,
            level=self.word(keys["level"], "level", LEVELS) if "level" in keys else "fail",
            negative=negative,
            allow_empty=self.truth(keys["allow-empty"], "allow-empty") if "allow-empty" in keys else False,
            waiver=self.waiver(keys["waive"]) if "waive" in keys else None,
            file=self.file,
            line=item.line,
            column=item.column,
        )

    def _negative(self, item: Marked, keys: Mapping[str, Marked]) -> bool:
        """Whether the opposite is expected; the words differ from verb to verb."""
        if "expect" not in keys:
            return False
        verb = self.only_verb(item, keys)
        words = EXPECTED.get(verb)
        if words is None:
            raise self.error(keys["expect"], f"expect: {verb} expects nothing")
        return self.word(keys["expect"], f"expect of {verb}", words) == words[1]

    def waiver(self, value: Marked) -> Waiver:
        keys = self.mapping(value, "waive", WAIVER_KEYS, WAIVER_KEYS)
        text = self.plain(keys["until"], "until")
        try:
            until = date.fromisoformat(text)
        except ValueError as error:
            raise self.error(keys["until"], f"until: expected a day such as 2027-01-31, found {text!r}") from error
        return Waiver(until=until, because=self.scalar(keys["because"], "because"))


def _placeholders(part: object) -> set[str]:
    """The names that stand in braces anywhere in a verb."""
    if isinstance(part, str):
        return set(placeholders(part))
    if isinstance(part, tuple):
        return {name for item in part for name in _placeholders(item)}
    fields = getattr(part, "__dataclass_fields__", {})
    return {name for field in fields for name in _placeholders(getattr(part, field))}
