"""A first file of assertions, written from what holds today: every path of an environment, and the obvious negatives.

What does not hold today is written as a comment that says why, for whoever mends it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from mwaanet.checks.assertions import AssertionResult, run_assertion
from mwaanet.checks.context import Context
from mwaanet.checks.diagnose import TITLES
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import Check, Reach, Resolve, Selection
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.result import Severity, Status
from mwaanet.errors import UsageError

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._@/-]*")
_WORDS = ("true", "false", "null")
_WORKER, _WEB_SERVER, _BUCKET, _INTERNET = (
    Selection(of=(text,)) for text in ("mwaa.worker", "mwaa.webserver", "bucket", "internet")
)
_PUBLIC_WAYS = ("internet-gateway", "egress-only-internet-gateway", "nat-gateway")


def starter(context: Context, today: date) -> str:
    """The text of the file; UsageError where no environment was read, or several were and none is chosen."""
    facts = context.facts
    if facts is None:
        why = context.unread.reason if context.unread else "it holds none, or several: say which with --environment"
        raise UsageError(f"a first file is written from what holds for an environment: {why}")
    lines = [
        f"# What must hold for the environment {_comment(facts.environment.name)}, as it held on {today}.",
        "# Add what else must hold and what must not, and prove it on every change: mwaanet assert FILE --snapshot DIR",
        "version: 1",
        "assertions:",
    ]
    for path, title in TITLES.items():
        found = [run_assertion(context, check, today) for check in _positives(path)]
        lines.extend(_section(f"{path}: {title}", found))
    negatives = [run_assertion(context, check, today) for check in _negatives(facts)]
    lines.extend(_section("What must not be", negatives))
    if not any(line.startswith("  - ") for line in lines):
        raise UsageError(
            "nothing holds for this environment today that could be asserted: mwaanet diagnose env says why"
        )
    return "\n".join(lines) + "\n"


def _positives(path: str) -> Iterator[Check]:
    """The questions about packets and names that the built-in checks ask on a path, as assertions.

    What they ask part by part is asked once, for the whole way.
    """
    whole: dict[tuple[str, object], None] = {}
    for check in builtin_checks():
        verb = check.verb
        if check.path != path or not isinstance(verb, Reach | Resolve):
            continue
        if isinstance(verb, Resolve) or not verb.part:
            yield replace(check, id=check.id.lower())
        elif (check.each, verb.destination) not in whole:
            whole[check.each, verb.destination] = None
            plain = replace(verb, part="", about="", instead=None)
            yield replace(check, id=f"{path}-whole-way", title=TITLES[path], verb=plain)


def _negatives(facts: Facts) -> Iterator[Check]:
    """What an environment like this one should not be able to do, nor anybody to it."""
    if facts.environment.webserver_access_mode == "PRIVATE_ONLY":
        yield _negative(
            "internet-not-to-the-web-server",
            "Nothing from the internet reaches the web server",
            Reach(source=_INTERNET, destination=_WEB_SERVER, protocol="all"),
        )
    yield _negative(
        "internet-not-to-the-workers",
        "Nothing from the internet reaches the workers",
        Reach(source=_INTERNET, destination=_WORKER, protocol="all"),
    )
    if facts.routing == "private":
        yield _negative(
            "workers-not-to-the-internet",
            "Workers do not reach the internet",
            Reach(source=_WORKER, destination=_INTERNET, protocol="all"),
            Severity.HIGH,
        )
        yield _negative(
            "workers-not-to-the-bucket-over-the-internet",
            "Nothing from the workers reaches the bucket over the internet",
            Reach(source=_WORKER, destination=_BUCKET, ports=((443, 443),), via=_PUBLIC_WAYS),
            Severity.HIGH,
        )


def _negative(name: str, title: str, verb: Reach, severity: Severity = Severity.CRITICAL) -> Check:
    return Check(id=name, title=title, severity=severity, negative=True, verb=verb)


def _section(title: str, results: Sequence[AssertionResult]) -> Iterator[str]:
    """The assertions of a section, what does not hold as comments; nothing where none applies."""
    shown = [result for result in results if result.status is not Status.SKIP]
    if not shown:
        return
    yield ""
    yield f"  # {title}"
    for result in shown:
        lines = list(_written(result.check))
        if result.status in (Status.PASS, Status.WARN):
            yield from lines
        else:
            yield f"  # Not so today ({result.status.value}): {_comment(result.message)}"
            yield from (f"  # {line.removeprefix('  ')}" for line in lines)


def _comment(text: str) -> str:
    """A text that cannot end the comment in which it stands."""
    return json.dumps(text)[1:-1]


def _written(check: Check) -> Iterator[str]:
    """An assertion as it is written in a file."""
    yield f"  - id: {check.id}"
    yield f"    title: {json.dumps(check.title)}"
    yield f"    severity: {check.severity.value}"
    if check.each:
        yield f"    each: {check.each}"
    if check.level != "fail":
        yield f"    level: {check.level}"
    if check.negative:
        yield f"    expect: {check.expect}"
    verb = check.verb
    assert isinstance(verb, Reach | Resolve), check.id
    yield f"    {_question(verb)}"


def _question(verb: Reach | Resolve) -> str:
    if isinstance(verb, Resolve):
        return f"resolve: {{name: {_scalar(verb.name)}, from: {_list(verb.source.of)}, gives: {verb.gives}}}"
    parts = [f"from: {_list(verb.source.of)}", f"to: {_list(verb.destination.of)}"]
    parts += [f"protocol: {verb.protocol}"] if verb.protocol != "tcp" else []
    ports = [str(low) if low == high else f'"{low}-{high}"' for low, high in verb.ports]
    parts += [f"port: {ports[0]}"] if len(ports) == 1 else []
    parts += [f"port: [{', '.join(ports)}]"] if len(ports) > 1 else []
    parts += [f"via: {_list(verb.via)}"] if verb.via else []
    return f"reach: {{{', '.join(parts)}}}"


def _list(texts: Sequence[str]) -> str:
    return _scalar(texts[0]) if len(texts) == 1 else f"[{', '.join(map(_scalar, texts))}]"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text not in _WORDS else json.dumps(text)
