"""Unknown is never a pass: each call that an answer was read from is taken away, and the answer must be unknown.

Practice 4 of the style: for each check that passes, remove each call that its evidence names; the check must become
unknown. Removing any other call must change nothing for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pytest

from builder import mwaa_estate
from builder.estate import HOME, REGION
from checks.cases import diagnosis
from checks.examples import with_startup_script
from checks.faults import JUDGED, Fault, name_of
from checks.nexus_examples import with_login
from checks.test_s3_faults import fault as s3_faults
from checks.test_service_faults import fault as service_faults
from mwaanet import demo
from mwaanet.checks.result import Diagnosis, Finding, Status

CHUNK = 15
"""Files that are taken away at once where nobody should miss them."""
SUBJECT = f"accounts/{HOME}/{REGION}/mwaa/get-environment.json"
"""What the whole diagnosis is about."""


def _nat() -> Mapping[str, bytes]:
    estate = mwaa_estate(routing="nat", airflow="3.0.6", access="PUBLIC_ONLY")
    with_startup_script(estate)
    return estate.files()


def _customer() -> Mapping[str, bytes]:
    return mwaa_estate(airflow="3.2.1", access="PUBLIC_AND_PRIVATE", endpoint_management="CUSTOMER").files()


def _codeartifact() -> Mapping[str, bytes]:
    estate = mwaa_estate()
    with_login(estate)
    return estate.files()


SUBJECTS = {
    "demo": lambda: demo.files(demo.HEALTHY),
    "nat": _nat,
    "customer": _customer,
    "codeartifact": _codeartifact,
}

Outcome = tuple[tuple[str, str, tuple[str, ...]], ...]


@cache
def files_of(name: str) -> Mapping[str, bytes]:
    return SUBJECTS[name]()


@cache
def seen(name: str) -> Diagnosis:
    return diagnosis(files_of(name))


def without(name: str, files: Iterable[str]) -> Diagnosis:
    gone = set(files)
    return diagnosis({file: content for file, content in files_of(name).items() if file not in gone})


def by_check(diagnosed: Diagnosis) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in diagnosed.findings:
        found.setdefault(finding.id, []).append(finding)
    return found


def outcome(findings: Iterable[Finding]) -> Outcome:
    return tuple((finding.status.value, finding.message, finding.resources) for finding in findings)


def passing(name: str) -> dict[str, list[Finding]]:
    return {
        check: findings
        for check, findings in by_check(seen(name)).items()
        if all(finding.status is Status.PASS for finding in findings)
    }


def read_by(name: str) -> dict[str, set[str]]:
    """The passing checks by the files that their answers were read from, `needs` included."""
    found: dict[str, set[str]] = {}
    for check, findings in passing(name).items():
        for finding in findings:
            files = {evidence.file for evidence in finding.evidence} | {need.file for need in finding.needs}
            for file in files - {""}:
                found.setdefault(file, set()).add(check)
    return found


def changes(name: str, diagnosed: Diagnosis, checks: Iterable[str]) -> dict[str, Outcome]:
    """The outcome of those checks that are not as they were."""
    before, after = passing(name), by_check(diagnosed)
    wrong = {}
    for check in checks:
        found = outcome(after.get(check, []))
        if found != outcome(before[check]):
            wrong[check] = found
    return wrong


def unnamed(diagnosed: Diagnosis) -> list[str]:
    """The checks that are unknown and name neither a call nor the place of the site file that would tell."""
    return [
        finding.id
        for finding in diagnosed.findings
        if finding.status is Status.UNKNOWN and not finding.needs and "mwaanet.yaml" not in finding.message
    ]


def copies(name: str, file: str) -> list[str]:
    """The answers of all accounts to the same call: what two accounts share, either of them tells."""
    call = file.split("/", 2)[2]
    return [other for other in files_of(name) if other.startswith("accounts/") and other.split("/", 2)[2] == call]


def chunks(files: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(files), CHUNK):
        yield files[start : start + CHUNK]


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_answer_names_what_it_was_read_from(name: str) -> None:
    assert passing(name)
    named = {check for checks in read_by(name).values() for check in checks}
    assert named == set(passing(name))


@pytest.mark.parametrize("name", SUBJECTS)
def test_without_a_call_that_was_read_the_answer_is_unknown(name: str) -> None:
    readers = read_by(name)
    problems: list[str] = []
    for file in sorted(readers):
        diagnosed = without(name, [file])
        problems.extend(f"{check} names no call that would tell without {file}" for check in unnamed(diagnosed))
        after = by_check(diagnosed)
        for check in sorted(passing(name)):
            statuses = {finding.status for finding in after.get(check, [])}
            if check in readers[file]:
                if statuses == {Status.PASS} and len(copies(name, file)) > 1:
                    statuses = {finding.status for finding in by_check(without(name, copies(name, file)))[check]}
                if Status.UNKNOWN not in statuses or Status.FAIL in statuses:
                    problems.append(f"{check} is {sorted(statuses)} without {file}")
            elif changes(name, diagnosed, [check]):
                problems.append(f"{check} does not name {file}, but depends on it")
    assert problems == []


@pytest.mark.parametrize("name", SUBJECTS)
def test_without_any_other_call_nothing_changes(name: str) -> None:
    others = [file for file in sorted(files_of(name)) if file.startswith("accounts/") and file not in read_by(name)]
    for group in chunks(others):
        if changes(name, without(name, group), passing(name)):  # two files of the group may tell the same
            for file in group:
                assert changes(name, without(name, [file]), passing(name)) == {}, file


def test_without_the_environment_nothing_is_known() -> None:
    assert {finding.status for finding in without("demo", [SUBJECT]).findings} == {Status.UNKNOWN}


@pytest.mark.slow
@pytest.mark.parametrize("case", [*s3_faults[:1], *service_faults[:1]], ids=name_of)
def test_what_fails_never_passes_for_want_of_a_call(case: Fault) -> None:
    """A fault stays a fault or becomes unknown, whichever call is taken away."""
    estate = mwaa_estate(**case.choices)
    case.breaks(estate)
    files = estate.files()
    judged = [finding for finding in diagnosis(files).findings if finding.path in JUDGED]
    failing = {finding.id for finding in judged if finding.status is Status.FAIL}
    for file in sorted(set(files) - {SUBJECT}):
        found = by_check(diagnosis({name: content for name, content in files.items() if name != file}))
        for check in failing:
            told = {finding.status for finding in found.get(check, [])}
            assert told & {Status.FAIL, Status.UNKNOWN}, (check, file)
