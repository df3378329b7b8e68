"""Linting: what is wrong, or says nothing, in topology files, before anything is asked of a snapshot.

Words are judged without a snapshot, selectors with one. Contradictions and repetitions are found between assertions of
the same verb, by what two are about: packets, answers to a name, actions on resources, values of a document. Ends and
facts are compared as they are written and, with a snapshot, by what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from mwaanet.checks.context import Context
from mwaanet.checks.crossing import unmet
from mwaanet.checks.evaluate import is_about_environment, texts_of, verbs_asked
from mwaanet.checks.language import EXPECTATIONS, Check, Reach, Resolve, Selection, Skip
from mwaanet.checks.overlap import Meaning, meaning_of
from mwaanet.checks.selection import selected
from mwaanet.checks.selectors import End, HostName
from mwaanet.checks.services import SERVICES
from mwaanet.checks.through import held_by_nobody
from mwaanet.checks.topology import Topology
from mwaanet.checks.unheard import unheard
from mwaanet.errors import CheckFileError, UsageError
from mwaanet.marked_yaml import nearest
from mwaanet.paths.question import Endpoint
from mwaanet.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong (`fail`), or that says nothing (`warn`), and where it is written."""

    file: str
    line: int
    column: int
    status: Status
    message: str
    check: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}"


def lint(topology: Topology, today: date, context: Context | None = None) -> tuple[Problem, ...]:
    """Everything that is to be said of some files, in the order in which they are written."""
    found = [_of_error(error) for error in topology.problems]
    found.extend(problem for check in topology.checks for problem in _alone(check, today, context))
    found.extend(_alike(topology.checks))
    for verb in EXPECTATIONS:
        found.extend(_between([check for check in topology.checks if isinstance(check.verb, verb)], context))
    files = list(topology.files)
    order = {file: index for index, file in enumerate(files)}
    return tuple(sorted(found, key=lambda each: (order.get(each.file, -1), each.line, each.column)))


def _of_error(error: CheckFileError) -> Problem:
    line = error.line or _line_of(error.place)
    return Problem(file=error.file, line=line, column=error.column or 1, status=Status.FAIL, message=error.problem)


def _line_of(place: str) -> int:
    number = place.removeprefix("line ")
    return int(number) if number.isdecimal() else 1


def _alone(check: Check, today: date, context: Context | None) -> Iterator[Problem]:
    """What is to be said of one check."""
    if check.waiver and check.waiver.until < today:
        yield _problem(check, Status.WARN, f"the waiver ended on {check.waiver.until}")
    facts = context.facts if context else None
    for reason in unheard(check, (verbs_asked(facts, check) if facts else ()) or (check.verb,), facts):
        yield _problem(check, Status.FAIL, reason)
    if context is None:
        yield from _of_services(check)
    if context is None or not isinstance(check.verb, Reach | Resolve):
        return
    for verb in _asked(context, check):
        selections = (verb.source, verb.destination) if isinstance(verb, Reach) else (verb.source,)
        for selection in selections:
            yield from _of_selection(context, check, selection)
        if isinstance(verb, Reach) and check.negative:
            yield from _of_nobody(context, check, verb.destination)
        for name in unmet(context.network, verb) if isinstance(verb, Reach) else ():
            status = Status.WARN if check.allow_empty else Status.FAIL
            yield _problem(check, status, f"{name} of via or not-via is nothing in this snapshot")


def _of_services(check: Check) -> Iterator[Problem]:
    """AWS services of names that mwaanet does not know; a snapshot may list more."""
    services = (text.partition(":")[2] for text in texts_of(check.verb) if text.startswith("service:"))
    for service in services:
        if service not in SERVICES and "{" not in service:
            near = nearest(service, sorted(SERVICES))
            yield _problem(check, Status.WARN, f"{service!r} is no AWS service that mwaanet knows{near}")


def _asked(context: Context, check: Check) -> Iterator[Reach | Resolve]:
    """What a check asks of this snapshot; nothing where that cannot be known."""
    if context.facts is not None:
        verbs = verbs_asked(context.facts, check)
    else:
        verbs = () if is_about_environment(check) else (check.verb,)
    yield from (verb for verb in verbs if isinstance(verb, Reach | Resolve))


def _of_selection(context: Context, check: Check, selection: Selection) -> Iterator[Problem]:
    """Selectors that mean nothing here, and exceptions that take nothing away."""
    strict = replace(check, allow_empty=False)
    meant: list[End] = []
    for text in (*selection.of, *selection.excluding):
        try:
            ends = selected(context, strict, Selection(of=(text,)))
        except UsageError as error:
            status = Status.WARN if check.allow_empty else Status.FAIL
            yield _problem(check, status, f"{text} selects nothing: {error}")
            continue
        if text in selection.excluding:
            if not any(_takes(end, other) for end in ends for other in meant):
                yield _problem(check, Status.WARN, f"except: {text} takes nothing away")
        else:
            meant.extend(ends)
    if selection.excluding and not selected(context, replace(check, allow_empty=True), selection):
        yield _problem(check, Status.FAIL, f"{selection} selects nothing: everything is excepted")


def _of_nobody(context: Context, check: Check, selection: Selection) -> Iterator[Problem]:
    """Addresses that nobody has, from which everybody is kept."""
    status = Status.WARN if check.allow_empty else Status.FAIL
    for end in selected(context, replace(check, allow_empty=True), selection):
        if held_by_nobody(context, end):
            yield _problem(check, status, f"{end.name} selects nothing: nobody has it")


def _takes(end: End, other: End) -> bool:
    if isinstance(end, Endpoint) and isinstance(other, Endpoint):
        return bool(end.addresses & other.addresses)
    return isinstance(end, HostName) and end.name == other.name


def _alike(checks: Sequence[Check]) -> Iterator[Problem]:
    """Assertions that ask the same, word for word; those about packets are compared by their meaning."""
    first: dict[tuple[object, str, str], Check] = {}
    for check in checks:
        if isinstance(check.verb, Skip) or (isinstance(check.verb, Reach) and not check.verb.part):
            continue
        other = first.setdefault(_word_for_word(check), check)
        if other.negative != check.negative:
            yield _problem(check, Status.FAIL, f"contradicts {other.id} ({_place(other, check)})")
        elif other is not check:
            yield _problem(check, Status.WARN, f"says the same as {other.id} ({_place(other, check)})")


def _between(checks: Sequence[Check], context: Context | None) -> Iterator[Problem]:
    """Contradictions, and assertions that others imply, among those of one verb."""
    groups: dict[object, list[tuple[Check, Meaning]]] = {}
    for check in checks:
        meaning = meaning_of(check, context)
        if meaning is not None:
            groups.setdefault(meaning.subject, []).append((check, meaning))
    pairs = (pair for meanings in groups.values() for pair in combinations(meanings, 2))
    for (one, first), (other, second) in pairs:
        if _word_for_word(one) == _word_for_word(other) and not isinstance(one.verb, Reach):
            continue
        shared = first.shared(second) if first.unconditional and second.unconditional else ""
        if shared:
            yield _problem(other, Status.FAIL, f"contradicts {one.id} ({_place(one, other)}): {shared}")
        elif second.follows_from(first):
            yield _problem(other, Status.WARN, f"follows from {one.id} ({_place(one, other)})")
        elif first.follows_from(second):
            yield _problem(one, Status.WARN, f"follows from {other.id} ({_place(other, one)})")


def _word_for_word(check: Check) -> tuple[object, str, str]:
    return check.verb, check.when, check.each


def _place(check: Check, seen_from: Check) -> str:
    return f"line {check.line}" if check.file == seen_from.file else f"{check.file}:{check.line}"


def _problem(check: Check, status: Status, message: str) -> Problem:
    return Problem(
        file=check.file, line=check.line, column=check.column, status=status, message=message, check=check.id
    )
