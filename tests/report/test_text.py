"""A diagnosis in the terminal: golden files, and what must hold of every one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from mwaanet.checks.result import Diagnosis, Finding, Fix, Status
from mwaanet.fixes.route import Route
from mwaanet.report.text import diagnosis_text
from mwaanet.snapshot.operations import CallRef
from report import observations, samples, traces

SAMPLES: dict[str, Callable[[], Diagnosis]] = {
    "healthy": samples.healthy,
    "broken": samples.broken,
    "hostile": samples.hostile,
}


def text(diagnosis: Diagnosis, width: int = 80, *, colour: bool = False, everything: bool = False) -> str:
    return diagnosis_text(diagnosis, width=width, colour=colour, all_findings=everything, unicode=True)


def without_paint(shown: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", shown)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", SAMPLES)
def test_golden(name: str, width: int, golden: Callable[[str, str], None]) -> None:
    golden(f"diagnosis-{name}-{width}.txt", text(SAMPLES[name](), width))


def test_golden_of_everything(golden: Callable[[str, str], None]) -> None:
    golden("diagnosis-broken-all-80.txt", text(samples.broken(), everything=True))


def test_golden_in_ascii(golden: Callable[[str, str], None]) -> None:
    shown = diagnosis_text(samples.hostile(), width=80, colour=False, all_findings=False, unicode=False)
    assert shown.isascii()
    golden("diagnosis-hostile-ascii-80.txt", shown)


def test_golden_in_colour(golden: Callable[[str, str], None]) -> None:
    golden("diagnosis-broken-colour-80.txt", text(samples.broken(), colour=True))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_nothing_is_wider_than_the_width(name: str, width: int) -> None:
    assert max(map(cell_len, text(SAMPLES[name](), width, everything=True).splitlines())) <= width


@pytest.mark.parametrize("name", SAMPLES)
def test_colours_change_nothing_but_colours(name: str) -> None:
    diagnosis = SAMPLES[name]()
    assert without_paint(text(diagnosis, colour=True)) == text(diagnosis)


def test_names_cannot_write_on_the_terminal() -> None:
    shown = text(samples.hostile())
    for harmful in "\x1b\x07\r\u202e\u200b\ud800\U000e0041":
        assert harmful not in shown
    assert not re.search("^✓ all passed", shown, re.MULTILINE)
    shown.encode("utf-8")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_culprit_can_be_copied_whole(width: int) -> None:
    shown = text(samples.broken(), width)
    assert traces.TABLE_B in shown
    assert traces.GROUP in shown


def test_verdicts_come_first_in_the_order_of_the_paths() -> None:
    lines = text(samples.broken()).splitlines()
    assert [line.split()[:3] for line in lines[3:7]] == [
        ["✗", "fail", "s3"],
        ["✓", "pass", "service"],
        ["?", "unknown", "nexus"],
        ["!", "warn", "api"],
    ]


def test_each_verdict_is_one_line() -> None:
    long = replace(samples.s3_finding(), message="very " * 100 + "long", segments=())
    lines = text(samples.diagnosis((long,))).splitlines()
    assert lines[3].endswith("…")
    assert lines[4].startswith("– skip")


def test_a_verdict_names_the_place_and_how_many_more() -> None:
    lines = text(samples.broken(), 120).splitlines()
    assert lines[3].endswith("rtb-01c1453376d2164e6 (customer-mwaa-prod-private-b): no route to 3.5.0.0/19… (+1 more)")


def test_a_path_without_findings_has_its_title() -> None:
    diagnosis = samples.healthy()
    paths = (replace(diagnosis.paths[0], status=Status.UNKNOWN), *diagnosis.paths[1:])
    assert "? unknown  s3       The environment's bucket\n" in text(replace(diagnosis, paths=paths))


def test_a_skipped_path_says_why() -> None:
    assert "installs nothing from a package server" in text(samples.healthy())


def test_a_path_that_has_nothing_to_show_has_no_heading() -> None:
    diagnosis = samples.broken()
    paths = (diagnosis.paths[0], replace(diagnosis.paths[1], status=Status.SKIP, blocked_by=()), *diagnosis.paths[2:])
    findings = tuple(finding for finding in diagnosis.findings if finding.path == "s3")
    shown = text(replace(diagnosis, paths=paths, findings=findings), everything=True)
    assert "\ns3: The environment's bucket\n" in shown
    assert "\nservice:" not in shown


def test_the_worst_finding_comes_first() -> None:
    shown = text(samples.broken())
    assert shown.index("✗ S3-REACH") < shown.index("✗ S3-GROUP")


def test_what_was_observed_has_a_verdict_in_the_same_column() -> None:
    shown = diagnosis_text(
        samples.broken(),
        width=120,
        colour=False,
        all_findings=False,
        unicode=True,
        observed=observations.comparisons(),
    )
    verdicts = [line for line in shown.splitlines() if re.match(r"\S (pass|fail|unknown|warn|skip) +[a-z0-9]+  ", line)]
    words = [line.split(maxsplit=3) for line in verdicts[:5]]
    assert [word[2] for word in words] == ["s3", "service", "nexus", "api", "observed"]
    assert len({line.index(word[3]) for line, word in zip(verdicts, words, strict=False)}) == 1
    assert words[4][3] == "1 agree, 1 model yes, network no, 1 model no, network yes, 1 leads elsewhere, 1 not settled"
    assert "Observed\n" in shown


def test_passes_are_shown_only_when_asked_for() -> None:
    assert "S3-READ" not in text(samples.broken())
    assert "✓ S3-READ  The execution role may read" in text(samples.broken(), everything=True)


def test_a_skipped_check_is_listed_with_its_reason() -> None:
    assert "– SERVICE-KMS  skip: no customer managed key is used" in text(samples.broken(), everything=True)


def test_many_segments_are_counted() -> None:
    assert "(+1 more)" in text(samples.broken())


def test_segments_with_other_destinations_are_kept_apart() -> None:
    finding = samples.s3_finding()
    first, second, *_ = finding.segments
    apart = replace(finding, segments=(first, replace(second, destination="elsewhere")))
    lines = [line.split() for line in text(samples.diagnosis((apart,))).splitlines()]
    assert [words[1] for words in lines if words[:1] == ["to:"]] == ["bucket", "elsewhere"]


def test_more_than_three_groups_of_segments_are_counted() -> None:
    finding = samples.s3_finding()
    first = finding.segments[0]
    many = tuple(replace(first, source=f"a{number}", destination=f"b{number}") for number in range(5))
    assert "(+2 more)" in text(samples.diagnosis((replace(finding, segments=many),)))


def test_the_blocker_stands_in_bars() -> None:
    barred = [line for line in text(samples.broken()).splitlines() if line.startswith("  | ")]
    assert barred
    assert traces.TABLE_B in barred[0]
    assert all(line.endswith(" |") for line in barred)
    assert len(set(map(len, barred))) == 1


def test_the_leg_that_ends_at_the_culprit_is_shown() -> None:
    """A finding names the culprit; another leg that is stopped elsewhere comes first in the trace."""
    trace = traces.partly()
    other = replace(trace, forward=(*traces.s3_stopped().forward, *trace.forward))
    finding = replace(samples.s3_finding(), resources=(traces.TABLE_A,), segments=())
    segment = replace(samples.s3_finding().segments[0], trace=other)
    shown = text(samples.diagnosis((replace(finding, segments=(segment,)),)))
    assert re.search(rf"\| ✗ {traces.TABLE_A}", shown)


def test_a_stopped_reply_is_called_one() -> None:
    segment = replace(samples.s3_finding().segments[0], trace=traces.reply_stopped())
    finding = replace(samples.s3_finding(), resources=(traces.ACL,), segments=(segment,))
    assert "the request arrives; its reply, tcp" in text(samples.diagnosis((finding,)))


def test_more_paths_to_the_same_place_are_counted() -> None:
    trace = traces.s3_stopped()
    segment = replace(samples.s3_finding().segments[0], trace=replace(trace, forward=trace.forward * 3))
    finding = replace(samples.s3_finding(), segments=(segment,))
    assert "(+2 more paths to the same place)" in text(samples.diagnosis((finding,)))


def test_an_unknown_names_the_call_and_who_can_make_it() -> None:
    shown = text(samples.broken())
    assert f"needs:  ec2 describe-vpn-connections in account {traces.NETWORK_ACCOUNT}, us-east-1" in shown
    assert f"whoever administers account {traces.NETWORK_ACCOUNT}" in shown
    assert "an identity of this account" in shown


def needing(*accounts: str) -> Finding:
    needs = tuple(replace_account(account) for account in accounts)
    return replace(samples.unknown_finding(), needs=needs)


def replace_account(account: str) -> CallRef:
    return traces.TUNNELS._replace(account=account)


def test_an_unknown_owner_is_said_to_be_unknown() -> None:
    shown = text(samples.diagnosis((needing(""),)))
    assert "in account (not known)" in shown
    assert "the owner of the resource" in shown


def test_many_accounts_are_counted() -> None:
    assert "(+2 more accounts or Regions)" in text(samples.diagnosis((needing(*"12345"),)))


def test_unknowns_for_the_same_reason_are_one() -> None:
    shown = text(samples.broken())
    assert "unknown for the same reason: NEXUS-DNS" in shown
    assert "? NEXUS-DNS" not in shown


def test_a_fix_says_what_it_opens_and_whether_it_was_tried() -> None:
    shown = text(samples.broken())
    assert "opens besides: tcp any -> 52.216.0.0/15:443" in shown
    assert "tried on the snapshot's model, not on AWS" in shown


def test_commands_stand_below_the_account_and_region_in_which_they_are_run() -> None:
    here = Route(account="111122223333", region="us-east-1", table="rtb-1", destination="10.9.0.0/16", target="tgw-1")
    there = replace(here, account="444455556666", region="eu-west-1", table="rtb-2")
    cli = tuple(line for change in (here, there) for line in change.lines(change.commands))
    fix = Fix(summary="Route it.", cli=cli, changes=(here, there))
    shown = text(samples.diagnosis((replace(samples.s3_finding(), fix=fix),)), width=200)
    lines = [line.strip() for line in shown.splitlines()]
    first, second = lines.index("in account 111122223333 us-east-1:"), lines.index("in account 444455556666 eu-west-1:")
    assert lines[first + 1] == cli[0]
    assert lines[second + 1] == cli[1]


def test_a_finding_without_a_fix_has_none() -> None:
    assert "fix:" not in text(samples.diagnosis((replace(samples.s3_finding(), fix=None),)))


def test_a_command_on_several_lines_is_one_command() -> None:
    finding = replace(samples.s3_finding(), fix=Fix(summary="Mend it.", cli=("aws ec2 x \\\n  --y z",)))
    assert "aws ec2 x" in text(samples.diagnosis((finding,)))


def test_evidence_beyond_three_places_is_counted() -> None:
    evidence = tuple(traces.read_in("a.json", f"/{number}") for number in range(5))
    finding = replace(samples.s3_finding(), evidence=evidence, segments=())
    assert "a.json /2 (+2 more)" in text(samples.diagnosis((finding,)))


def test_a_finding_that_rests_on_no_file_shows_none() -> None:
    finding = replace(samples.s3_finding(), evidence=(), segments=())
    assert "where:" not in text(samples.diagnosis((finding,)))


def test_findings_of_other_paths_are_shown_after_the_four() -> None:
    finding = replace(samples.s3_finding(), path="ours")
    shown = text(samples.diagnosis((finding, replace(finding, path="quiet", status=Status.PASS))))
    assert "\nours\n" in shown
    assert "quiet" not in shown


def test_several_blockers_are_named_together() -> None:
    assert f"Blocked by: {traces.GROUP} (mwaa-sg), {traces.TABLE_B}" in text(samples.broken(), 120)


def test_summary_counts_what_is_there() -> None:
    assert text(samples.healthy()).splitlines()[-1] == "3 passed (--all shows them all)"
    assert text(samples.healthy(), everything=True).splitlines()[-1] == "3 passed"
    assert text(samples.broken()).splitlines()[-1].startswith("2 failed, 2 unknown, 1 warning, 2 passed, 1 skipped")


def test_an_empty_diagnosis_is_no_error() -> None:
    empty = replace(samples.diagnosis(()), paths=())
    assert text(empty).splitlines()[-1] == "0 passed"
