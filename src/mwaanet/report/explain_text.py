"""What `mwaanet explain` prints: the meaning of a check's id or of a hop's code, or the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from mwaanet.errors import UsageError
from mwaanet.report.layout import Look, Page, Piece, Style

_LABELS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be explained: `facts` are labels with their text, in order; empty texts are left out."""

    id: str
    title: str
    group: str
    facts: tuple[tuple[str, str], ...]
    aws_codes: tuple[str, ...] = ()


class CheckLike(Protocol):
    """What is told of a check."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def fix(self) -> str: ...


class ExplanationLike(Protocol):
    """What is told of a code."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def meaning(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def mend(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def aws_codes(self) -> tuple[str, ...]: ...
    @property
    def step(self) -> str: ...


def check_entry(check: CheckLike) -> Entry:
    """The entry of a check."""
    facts = (
        ("path", check.path),
        ("severity", str(check.severity)),
        ("why", check.why),
        ("fix", check.fix),
        ("source", check.source),
    )
    return Entry(id=check.id, title=check.title, group=f"Checks of the path {check.path}", facts=facts)


def code_entry(explanation: ExplanationLike, of: str) -> Entry:
    """The entry of a code; `of` is what carries it, a hop or a finding."""
    facts = (
        ("meaning", explanation.meaning),
        ("why", explanation.why),
        ("fix", explanation.mend),
        ("step", explanation.step),
        ("AWS's code", " or ".join(explanation.aws_codes)),
        ("source", explanation.source),
    )
    group = f"What a {of} says: {explanation.step}"
    return Entry(
        id=str(explanation.code),
        title=explanation.title,
        group=group,
        facts=facts,
        aws_codes=explanation.aws_codes,
    )


def find_entries(entries: Sequence[Entry], code: str) -> list[Entry]:
    """The entries with this id or this code of Reachability Analyzer, in any case; UsageError names the nearest."""
    wanted = code.strip().upper()
    exact = [entry for entry in entries if entry.id.upper() == wanted]
    alike = [entry for entry in entries if _key(wanted) in map(_key, (entry.id, *entry.aws_codes))]
    if wanted and (exact or alike):
        return exact or alike
    ids = {_key(entry.id): entry.id for entry in entries}
    near = [ids[name] for name in get_close_matches(_key(wanted), ids, n=3, cutoff=0.5)]
    hint = f"did you mean {' or '.join(near)}?" if near else "`mwaanet explain` lists all"
    raise UsageError(f"nothing is called {code!r}; {hint}")


def _key(name: str) -> str:
    """A name without the difference between a hyphen and an underscore."""
    return name.upper().replace("_", "-")


def explain_text(entries: Sequence[Entry], *, width: int, colour: bool, unicode: bool) -> str:
    """Everything about the given entries."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    for entry in entries:
        page.blank()
        page.add(Piece(entry.title, Style.STRONG), lead=[Piece(entry.id, Style.HEADING), "  "], hang=2)
        page.blank()
        for name, text in entry.facts:
            paragraphs = [" ".join(part.split()) for part in text.split("\n\n")] if text else []
            for at, paragraph in enumerate(paragraphs):
                lead = Piece(f"  {name + ':' if at == 0 else '':<{_LABELS}}", Style.FAINT)
                page.add(paragraph, lead=[lead], hang=4 if paragraph.startswith("https://") else None)
    return page.text()


def list_text(entries: Sequence[Entry], *, width: int, colour: bool, unicode: bool) -> str:
    """The ids and titles of all entries, by group."""
    page = Page(Look(width=width, colour=colour, unicode=unicode))
    column = max((page.look.cells(entry.id) for entry in entries), default=0)
    for group in dict.fromkeys(entry.group for entry in entries):
        page.blank()
        page.add(Piece(group, Style.HEADING))
        for entry in (entry for entry in entries if entry.group == group):
            gap = " " * (column - page.look.cells(entry.id) + 2)
            page.add(entry.title, lead=["  ", Piece(entry.id, Style.STRONG), gap])
    page.blank()
    page.add("Details: ", Piece("mwaanet explain CODE", Style.COMMAND))
    return page.text()
