"""How to mend a finding: what the causes of its answers have in common, as commands and as code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from mwaanet.checks.answer import Answer, Cause
from mwaanet.checks.result import Fix
from mwaanet.fixes.change import Change
from mwaanet.fixes.cloudformation import cloudformation_text
from mwaanet.fixes.endpoint_creation import EndpointCreation
from mwaanet.fixes.network_acl_entry import NetworkAclEntry
from mwaanet.fixes.terraform import terraform_text
from mwaanet.fixes.whole_policy import WholePolicy

_Number = tuple[str, bool, int]


def agreed(answers: Iterable[Answer]) -> list[Answer]:
    """The answers with changes that can all be made, in any order: none takes another's place.

    What several need of one policy, which is set as a whole, becomes one policy, a gateway endpoint that several need
    one creation for all their route tables; entries of a network ACL get numbers of their own.
    """
    answers = list(answers)
    changes = tuple(dict.fromkeys(change for answer in answers if answer.cause for change in answer.cause.changes))
    if not changes:
        return answers
    known = {**_united(changes), **_created(changes), **_numbered(changes)}
    return [_replaced(answer, known) for answer in answers]


def _replaced(answer: Answer, known: Mapping[Change, Change]) -> Answer:
    if answer.cause is None or not any(change in known for change in answer.cause.changes):
        return answer
    changes = tuple(dict.fromkeys(known.get(change, change) for change in answer.cause.changes))
    return replace(answer, cause=replace(answer.cause, changes=changes))


def _united(changes: Iterable[Change]) -> dict[Change, Change]:
    """Every change of a policy with what the others do to the same one."""
    of_subject: dict[str, list[WholePolicy]] = {}
    for change in changes:
        if isinstance(change, WholePolicy):
            of_subject.setdefault(change.subject, []).append(change)
    return {change: change.united(group) for group in of_subject.values() for change in group}


def _created(changes: Iterable[Change]) -> dict[Change, Change]:
    """Every new gateway endpoint as the one of its VPC and service, for the route tables of all."""
    alike: dict[Change, list[EndpointCreation]] = {}
    for change in changes:
        if isinstance(change, EndpointCreation) and change.is_gateway:
            alike.setdefault(replace(change, tables=()), []).append(change)
    return {
        change: replace(change, tables=tuple(dict.fromkeys(table for one in group for table in one.tables)))
        for group in alike.values()
        for change in group
    }


def _numbered(changes: Iterable[Change]) -> dict[Change, Change]:
    """Every entry of a network ACL with a number of its own; equal entries keep one."""
    found: dict[Change, Change] = {}
    known: dict[NetworkAclEntry, NetworkAclEntry] = {}
    taken: set[_Number] = set()
    for change in changes:
        if isinstance(change, NetworkAclEntry):
            alike = replace(change, number=0)
            if alike not in known:
                known[alike] = _free(change, taken)
                taken.add((change.acl, change.outbound, known[alike].number))
            found[change] = known[alike]
    return found


def _free(entry: NetworkAclEntry, taken: Collection[_Number]) -> NetworkAclEntry:
    """The entry with the next number that no other new entry has."""
    while (entry.acl, entry.outbound, entry.number) in taken:
        entry = replace(entry, number=entry.number + 1)
    return entry


def fix_of(summary: str, causes: Sequence[Cause]) -> Fix:
    """The fix of a finding; `summary` is the check's own, for causes that say nothing better."""
    changes = tuple(dict.fromkeys(change for cause in causes for change in cause.changes))
    actions = dict.fromkeys(action for cause in causes for action in cause.actions)
    told = "; ".join(dict.fromkeys(filter(None, (change.summary for change in changes)))) or "; ".join(actions)
    mended = f"{told[:1].upper()}{told[1:]}." if told else summary
    undo = tuple(dict.fromkeys(line for change in reversed(changes) for line in change.lines(change.undoing)))
    advice = dict.fromkeys(text for cause in causes for text in cause.advice)
    return Fix(
        summary=" ".join(filter(None, (mended, *advice))),
        cli=tuple(dict.fromkeys(line for change in changes for line in change.lines(change.commands))),
        undo=undo if all(change.undoing for change in changes if change.commands) else (),
        terraform=terraform_text(one for change in changes for one in change.terraform) or None,
        cloudformation=cloudformation_text(one for change in changes for one in change.cloudformation) or None,
        changes=changes,
    )
