from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mwaanet.checks.language import Check, Skip
from mwaanet.checks.result import Severity
from mwaanet.errors import UsageError
from mwaanet.graph.codes import Code
from mwaanet.graph.explanation import Explanation
from mwaanet.report.explain_text import Entry, check_entry, code_entry, explain_text, find_entries, list_text

CHECK = Check(
    id="S3-REACH",
    title="Workers reach the bucket's Regional S3 name on 443",
    path="s3",
    severity=Severity.CRITICAL,
    why="Workers and schedulers copy DAGs, requirements.txt and plugins.zip from the bucket.",
    source="https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html",
    fix="Route S3's prefix list to a gateway endpoint.\n\nIn every route table.",
    verb=Skip(reason="an example"),
)
EGRESS = Explanation(
    code=Code.SECURITY_GROUP_EGRESS,
    title="Security group has no egress rule for the packets",
    meaning="No outbound rule of the sending interface's security groups matches.",
    why="Security group rules only allow.",
    mend="Add an outbound rule.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    aws_code="ENI_SG_RULES_MISMATCH",
    step="security-group",
)
INGRESS = Explanation(
    code=Code.SECURITY_GROUP_INGRESS,
    title="Security group has no ingress rule for the packets",
    meaning="No inbound rule matches.",
    why="Security group rules only allow.",
    mend="Add an inbound rule.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    aws_code="ENI_SG_RULES_MISMATCH",
    step="security-group",
)
ENTRIES = (check_entry(CHECK), code_entry(EGRESS, "hop"), code_entry(INGRESS, "hop"))


def ids(code: str) -> list[str]:
    return [entry.id for entry in find_entries(ENTRIES, code)]


@pytest.mark.parametrize("width", [80, 120])
def test_golden(width: int, golden: Callable[[str, str], None]) -> None:
    golden(f"explain-{width}.txt", explain_text(ENTRIES[:2], width=width, colour=False, unicode=True))


def test_golden_of_the_list(golden: Callable[[str, str], None]) -> None:
    golden("explain-list-80.txt", list_text(ENTRIES, width=80, colour=False, unicode=True))


def test_colours_change_nothing_but_colours() -> None:
    painted = explain_text(ENTRIES, width=80, colour=True, unicode=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", painted) == explain_text(ENTRIES, width=80, colour=False, unicode=True)


def test_addresses_stay_whole() -> None:
    assert CHECK.source in explain_text(ENTRIES, width=80, colour=False, unicode=True)


@pytest.mark.parametrize("code", ["S3-REACH", "s3-reach", " s3_reach "])
def test_an_id_is_found_in_any_case(code: str) -> None:
    assert ids(code) == ["S3-REACH"]


def test_a_code_of_awss_finds_all_that_it_stands_for() -> None:
    assert ids("ENI_SG_RULES_MISMATCH") == ["SECURITY_GROUP_EGRESS", "SECURITY_GROUP_INGRESS"]


def test_an_exact_id_wins_over_one_that_is_alike() -> None:
    alike = Entry(id="S3_REACH", title="", group="", facts=())
    assert find_entries((*ENTRIES, alike), "S3_REACH") == [alike]


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("S3-REECH", "did you mean S3-REACH?"),
        ("SECURITY_GROUP_EGRES", "did you mean SECURITY_GROUP_EGRESS or SECURITY_GROUP_INGRESS?"),
        ("zzz", "`mwaanet explain` lists all"),
        ("", "`mwaanet explain` lists all"),
    ],
)
def test_an_unknown_code_names_the_nearest(code: str, hint: str) -> None:
    with pytest.raises(UsageError, match=re.escape(hint)):
        find_entries(ENTRIES, code)


def test_empty_facts_are_left_out() -> None:
    plain = code_entry(
        Explanation(code=Code.GONE, title="Gone", meaning="", why="", mend="", source="", step="gateway"), "hop"
    )
    assert explain_text([plain], width=80, colour=False, unicode=True) == "GONE  Gone\n\n  step:       gateway\n"


def test_an_empty_list_is_no_error() -> None:
    assert "mwaanet explain CODE" in list_text((), width=80, colour=False, unicode=True)
