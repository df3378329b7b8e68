"""The observations of a probe as people read them in a terminal. A pure function of the report and the look."""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.probe.observation import Observation
from mwaanet.probe.probe_report import ProbeReport
from mwaanet.probe.reconcile import Comparison
from mwaanet.report.layout import Look, Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.report.observed_text import add_observed


def probe_text(report: ProbeReport, look: Look, compared: Sequence[Comparison] = ()) -> str:
    """Every observation: how it stands, what it means, what was seen; then `compared`, what the model says."""
    page = Page(look)
    for observation in report.observations:
        page.blank()
        _add_observation(page, observation)
    add_observed(page, compared, {})
    return page.text()


def _add_observation(page: Page, observation: Observation) -> None:
    mark = MARKS[observation.status]
    took = "" if observation.seconds is None else f" in {duration(observation.seconds)}"
    tries = f", {observation.attempts} attempts" if observation.attempts > 1 else ""
    page.add(
        Piece(observation.target, Style.STRONG),
        " ",
        Piece(observation.outcome, mark.style),
        Piece(took + tries, Style.FAINT),
        lead=[mark.piece, f" {mark.word:<9}"],
    )
    page.add(observation.meaning, lead=["  "])
    facts = [fact for fact in observation.facts() if fact.value]
    column = max((page.look.cells(fact.label) for fact in facts), default=0)
    for label, value in facts:
        gap = " " * (column - page.look.cells(label) + 2)
        page.add(value, lead=["    ", Piece(label, Style.FAINT), gap])


def duration(seconds: float) -> str:
    """A time span as people say it: `3 ms`, `1.25 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
