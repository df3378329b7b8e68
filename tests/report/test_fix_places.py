"""Fixes whose commands are run in two accounts say which in which, and so does what takes them back."""

from __future__ import annotations

from fixes.examples import ZONE
from mwaanet.checks.answer import Cause
from mwaanet.checks.fix import fix_of
from mwaanet.checks.result import Fix
from mwaanet.fixes.bucket import BucketVersioning
from mwaanet.fixes.hosted_zone import ZoneAssociation, ZoneAuthorization
from mwaanet.mending.stop import Place
from mwaanet.report.diagnosis_markdown import fix_lines
from mwaanet.report.fix_places import no_undo, placed_commands, placed_undo
from mwaanet.report.runbook_markdown import mending_lines

OWNER, OTHER = Place(account="444455556666", region="global"), Place(account="111122223333", region="global")


def fix(*places: Place) -> Fix:
    kinds = (ZoneAuthorization, ZoneAssociation)
    changes = tuple(kind(**place, **ZONE) for kind, place in zip(kinds, places, strict=False))
    return fix_of("", [Cause(message="", changes=changes)])


def test_each_command_in_its_account() -> None:
    told = [(str(place), [line.split()[2] for line in lines]) for place, lines in placed_commands(fix(OWNER, OTHER))]
    assert told == [
        ("444455556666", ["create-vpc-association-authorization"]),
        ("111122223333", ["associate-vpc-with-hosted-zone"]),
    ]


def test_it_is_taken_back_in_the_other_order() -> None:
    told = [(str(place), [line.split()[2] for line in lines]) for place, lines in placed_undo(fix(OWNER, OTHER))]
    assert told == [
        ("111122223333", ["disassociate-vpc-from-hosted-zone"]),
        ("444455556666", ["delete-vpc-association-authorization"]),
    ]


def test_of_one_account_nothing_more_is_said() -> None:
    assert [str(place) for place, _ in placed_undo(fix(OWNER))] == [""]
    assert placed_undo(Fix(summary="")) == []


def test_markdown_names_the_account_of_what_takes_it_back() -> None:
    lines = fix_lines(fix(OWNER, OTHER))
    assert lines[lines.index("To undo it:") + 2] == "In account 111122223333:"


def test_the_runbook_names_the_account_of_each_command() -> None:
    lines = [line for line in mending_lines(fix(OWNER, OTHER), "111122223333") if line.endswith(":")]
    assert lines == [
        "To mend it, in account 444455556666:",
        "To mend it, in account 111122223333:",
        "To undo that, in account 111122223333:",
        "To undo that, in account 444455556666:",
    ]


def test_where_no_command_takes_it_back_every_format_says_why() -> None:
    change = BucketVersioning(account="111122223333", region="us-east-1", bucket="data")
    lasting = fix_of("", [Cause(message="", changes=(change,))])
    assert no_undo(lasting) in "\n".join(fix_lines(lasting))
    assert no_undo(lasting) in "\n".join(mending_lines(lasting, "111122223333"))
    assert no_undo(lasting).startswith("No command undoes it: a bucket that keeps versions")
    assert no_undo(fix(OWNER, OTHER)) == ""
