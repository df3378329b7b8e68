"""What was observed beside what the model says, as people read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mwaanet.probe.observation import kind_of
from mwaanet.probe.reconcile import Agreement, Comparison
from mwaanet.report.label import label, listed
from mwaanet.report.layout import Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.status import Status

OBSERVED = "observed"
"""The observations' name beside those of the paths."""

_WORDS = {
    Agreement.AGREE: "agree",
    Agreement.MODEL_YES_NETWORK_NO: "model yes, network no",
    Agreement.MODEL_NO_NETWORK_YES: "model no, network yes",
    Agreement.ELSEWHERE: "leads elsewhere",
    Agreement.UNKNOWN: "not settled",
}


def observed_lead(comparisons: Sequence[Comparison]) -> list[Piece]:
    """The beginning of the line that stands for all observations below the verdicts of the paths."""
    mark = MARKS[Status.worst(comparison.status for comparison in comparisons)]
    return [mark.piece, Piece(f" {mark.word:<9}", mark.style), Piece(OBSERVED, Style.STRONG), Piece("  ")]


def agreements(comparisons: Sequence[Comparison]) -> str:
    """How many observations agree with the model, and how many do not."""
    found = [comparison.agreement for comparison in comparisons]
    return ", ".join(f"{found.count(agreement)} {word}" for agreement, word in _WORDS.items() if agreement in found)


def add_observed(page: Page, comparisons: Sequence[Comparison], names: Mapping[str, str]) -> None:
    """A section with every observation, whether the model agrees, and what is left where it does not."""
    if not comparisons:
        return
    page.blank()
    page.add(Piece(OBSERVED.capitalize(), Style.HEADING))
    for comparison in comparisons:
        page.blank()
        _add_comparison(page, comparison, names)


def _add_comparison(page: Page, comparison: Comparison, names: Mapping[str, str]) -> None:
    observation, mark = comparison.observation, MARKS[comparison.status]
    place = f" from {comparison.place}" if comparison.place else ""
    page.add(
        Piece(f"{kind_of(observation)} {observation.target}", Style.STRONG),
        f"{place}: ",
        Piece(observation.outcome, MARKS[observation.status].style),
        " · ",
        Piece(_WORDS[comparison.agreement], mark.style),
        lead=[mark.piece, f" {mark.word:<9}"],
    )
    page.add(comparison.message, lead=["  "])
    if comparison.resources:
        culprits = listed((label(item, names) for item in comparison.resources), most=8)
        page.add(culprits, lead=["  ", Piece("see: ", Style.FAINT)])
    if comparison.left or observation.status is not Status.PASS:
        page.add(observation.meaning, lead=["  ", Piece("seen: ", Style.FAINT)])
    for layer in comparison.left:
        page.add(layer, lead=["    • "])
