"""What was observed beside what the model says, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.probe.observation import kind_of
from mwaanet.probe.reconcile import Agreement, Comparison
from mwaanet.report.layout import Page, Piece, Style
from mwaanet.report.marks import MARKS
from mwaanet.status import Status

_WORDS = {
    Agreement.AGREE: "agree",
    Agreement.MODEL_YES_NETWORK_NO: "model yes, network no",
    Agreement.MODEL_NO_NETWORK_YES: "model no, network yes",
    Agreement.ELSEWHERE: "leads elsewhere",
    Agreement.UNKNOWN: "not settled",
}


def add_observed_verdict(page: Page, comparisons: Sequence[Comparison]) -> None:
    """One line below the verdicts of the paths: how many observations agree, and how many do not."""
    if not comparisons:
        return
    mark = MARKS[Status.worst(comparison.status for comparison in comparisons)]
    found = [comparison.agreement for comparison in comparisons]
    phrase = ", ".join(f"{found.count(agreement)} {word}" for agreement, word in _WORDS.items() if agreement in found)
    page.add(phrase, lead=[mark.piece, Piece(f" {mark.word:<9}", mark.style), Piece("observed  ", Style.STRONG)])


def add_observed(page: Page, comparisons: Sequence[Comparison]) -> None:
    """A section with every observation, whether the model agrees, and what is left where it does not."""
    if not comparisons:
        return
    page.blank()
    page.add(Piece("Observed", Style.HEADING))
    for comparison in comparisons:
        page.blank()
        _add_comparison(page, comparison)


def _add_comparison(page: Page, comparison: Comparison) -> None:
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
        page.add(", ".join(comparison.resources), lead=["  ", Piece("see: ", Style.FAINT)])
    if comparison.left or observation.status is not Status.PASS:
        page.add(observation.meaning, lead=["  ", Piece("seen: ", Style.FAINT)])
    for layer in comparison.left:
        page.add(layer, lead=["    • "])
