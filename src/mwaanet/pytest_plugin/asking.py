"""What tests get where there is a snapshot: the fixtures `network` and `environment`, and answers that read well.

A failing test shows the whole explanation of every answer that stands in its frames, in a section of its own: pytest
shows one line of a value that is asserted, and cuts what is said of a comparison.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

import mwaanet

MOST_EXPLAINED = 3
"""Answers that a report explains."""
_NETWORK = pytest.StashKey[mwaanet.Network]()


def network_of(config: pytest.Config) -> mwaanet.Network:
    """The network of the snapshot, loaded when it is first asked for."""
    if _NETWORK not in config.stash:
        snapshot, site = config.getoption("mwaanet_snapshot"), config.getoption("mwaanet_site")
        config.stash[_NETWORK] = mwaanet.load(snapshot, site)
    return config.stash[_NETWORK]


@pytest.fixture(scope="session")
def network(pytestconfig: pytest.Config) -> mwaanet.Network:
    """The network of the snapshot that --mwaanet-snapshot names."""
    return network_of(pytestconfig)


@pytest.fixture(scope="session")
def environment(pytestconfig: pytest.Config) -> mwaanet.Environment:
    """The environment that --mwaanet-environment names, or the only one of the snapshot."""
    return network_of(pytestconfig).environment(pytestconfig.getoption("mwaanet_environment"))


def pytest_report_header(config: pytest.Config) -> str:
    return f"mwaanet: {config.getoption('mwaanet_snapshot')}"


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    answer = next((side for side in (left, right) if isinstance(side, mwaanet.Answer)), None)
    if answer is None:
        return None
    lines = [f"{_word(left)} {op} {_word(right)}: {answer.question}", answer.reason]
    lines.append(f"to be changed: {', '.join(answer.culprits)}" if answer.culprits else "")
    return [line for line in lines if line]


def _word(value: object) -> str:
    return value.verdict.value if isinstance(value, mwaanet.Answer) else repr(value)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and call.excinfo is not None:
        texts = [answer.explain() for answer in _answers(call.excinfo)]
        unsaid = [text for text in texts if text.partition("\n")[0] not in report.longreprtext]
        report.sections.extend(("mwaanet", text) for text in unsaid[-MOST_EXPLAINED:])
    return report


def _answers(failure: pytest.ExceptionInfo[BaseException]) -> list[mwaanet.Answer]:
    """The answers in the frames of a failure; what an assertion asks for by itself stands there too."""
    values = (value for entry in failure.traceback for value in entry.frame.f_locals.values())
    found = {id(value): value for value in values if isinstance(value, mwaanet.Answer)}
    return list(found.values())
