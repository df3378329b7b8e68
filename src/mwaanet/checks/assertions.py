"""Asserting: every check of some topology files, asked of one snapshot, with how each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mwaanet.checks.answer import Answer, assumed_in, empty_answer, skipped_answer
from mwaanet.checks.ask import context_of
from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import answers_of, applies, ends_of, findings_of
from mwaanet.checks.language import Check, Skip, Waiver
from mwaanet.checks.name_tags import NameTags
from mwaanet.checks.result import Finding, Source, Status, Witness
from mwaanet.checks.told import told, told_answer
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionResult:
    """How one assertion stands: the worst of its findings, which say why; `reason` where there is nothing to find.

    `waived` is the waiver that covers a failure today, `assumptions` what is taken for granted in it.
    """

    check: Check
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    waived: Waiver | None = None
    assumptions: tuple[str, ...] = ()

    @property
    def counts(self) -> Status:
        """What it counts as: a failure that is waived is only a warning."""
        return Status.WARN if self.waived else self.status

    @property
    def message(self) -> str:
        """Why it stands so, in a sentence or two; empty for a pass."""
        worst = [finding.message for finding in self.findings if finding.status is self.status]
        told = [] if self.status is Status.PASS else worst
        return "; ".join(dict.fromkeys([*told, *([self.reason] if self.reason else [])]))

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """Packets that prove that it does not hold."""
        return tuple(witness for finding in self.findings for witness in finding.witnesses)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionReport:
    """How all assertions stand, in the order in which they are written.

    `names` maps resource ids to their Name tags, for whoever prints them; `account` is the environment's own;
    `assumptions` are what was taken for granted in any of them.
    """

    results: tuple[AssertionResult, ...]
    snapshot: Source
    environment: str = ""
    account: str = ""
    names: Mapping[str, str]

    @property
    def status(self) -> Status:
        """The worst of what they count as."""
        return Status.worst(result.counts for result in self.results)

    @property
    def summary(self) -> dict[Status, int]:
        """How many stand how; failures that are waived are among the failures."""
        return {status: sum(result.status is status for result in self.results) for status in Status}

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken for granted, each told once."""
        return tuple(dict.fromkeys(text for result in self.results for text in result.assumptions))

    @property
    def waived(self) -> int:
        """How many failures are waived."""
        return sum(result.waived is not None for result in self.results)


def subject(snapshot: Snapshot, *, environment: str | None = None, site: Site | None = None) -> Context:
    """What assertions are asked of; UsageError where there is no such environment.

    A snapshot without an environment, or with several of which none is chosen, answers what speaks of none.
    """
    chosen = environment or (site.environment if site else None)
    return context_of(Network(Inventory.load(snapshot, site)), chosen)


def run_assertions(context: Context, checks: Sequence[Check], today: date) -> tuple[AssertionResult, ...]:
    """Ask every check; `today` decides which waivers count. CheckFileError where one cannot be asked."""
    return tuple(run_assertion(context, check, today) for check in checks)


def run_assertion(context: Context, check: Check, today: date) -> AssertionResult:
    """Ask one check."""
    check = told(check, context.facts)
    answers = answers_of(context, check) or [_nothing_asked(context, check)]
    answers = [told_answer(answer, check, context.facts) for answer in answers]
    findings = tuple(findings_of(context, check, answers))
    status = Status.worst(finding.status for finding in findings)
    found = AssertionResult(check=check, status=status, findings=findings, assumptions=assumed_in(answers))
    waiver = check.waiver
    if waiver is None:
        return found
    if today <= waiver.until:
        return replace(found, waived=waiver if status is Status.FAIL else None)
    past = f"the waiver ended on {waiver.until}"
    if status is Status.PASS:
        return replace(found, status=Status.WARN, reason=f"{past}: take it out")
    return replace(found, reason=past)


def _nothing_asked(context: Context, check: Check) -> Answer:
    """The answer of a check that asked about nothing: skipped where it may, else a failure.

    A check of the diagnosis asks about what there is, an assertion about something.
    """
    source, destination = ends_of(check)
    if not applies(context, check):
        return skipped_answer(check, source, destination, f"does not apply: {check.when}")
    if check.path or isinstance(check.verb, Skip):
        return skipped_answer(check, source, destination, "there is nothing to ask about")
    return empty_answer(check, source, destination, "what it asks about does not exist")


def assertion_report(snapshot: Snapshot, context: Context, checks: Sequence[Check], today: date) -> AssertionReport:
    """Ask every check, for a report."""
    results = run_assertions(context, checks, today)
    return AssertionReport(
        results=results,
        snapshot=Source(
            created=snapshot.manifest.created,
            source=snapshot.name,
            errors=len(snapshot.manifest.errors),
            skipped=snapshot.skipped,
        ),
        environment=context.facts.environment.name if context.facts else "",
        account=context.facts.account if context.facts else "",
        names=NameTags(context.inventory),
    )
