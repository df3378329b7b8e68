"""A worker's document is found in every form in which a task's log comes."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mwaanet.errors import InputError
from mwaanet.probe.worker_dag import LINE, lines_of
from mwaanet.probe.worker_document import decode_document
from mwaanet.probe.worker_log import document_in

DOCUMENT = {"worker_probe": 1, "text": "a | 'b' \"c\" \\n \u20ac \x1b[0m" * 2000}


def plain(lines: list[str]) -> str:
    return "\n".join(lines)


def airflow_2(lines: list[str]) -> str:
    """A file of Airflow 2's task log: [time] {place} LEVEL - text."""
    prefix = "[2025-03-03, 09:00:01 UTC] {mwaanet_probe.py:270} WARNING - "
    return "\n".join(
        ["[2025-03-03, 09:00:00 UTC] {taskinstance.py:1225} INFO - Starting", *(prefix + x for x in lines)]
    )


def airflow_2_api(lines: list[str]) -> str:
    """GET …/logs/1 of its API: Python's notation of pairs, in JSON."""
    return json.dumps({"content": str([("ip-10-1-10-7", airflow_2(lines))]), "continuation_token": "x"})


def airflow_3(lines: list[str]) -> str:
    """A file of Airflow 3's task log: one JSON object in a line."""
    events = ["Pre task execution logs", *lines]
    base = {"timestamp": "2025-03-03T09:00:01.000000Z", "level": "warning", "logger": "mwaanet.probe"}
    return "\n".join(json.dumps({**base, "event": event}) for event in events)


def airflow_3_api(lines: list[str]) -> str:
    """GET …/logs/1 of its API: the events as a list."""
    return json.dumps(
        {"content": [{"event": "::group::"}, *({"event": x, "level": "warning"} for x in lines)]}, indent=1
    )


def airflow_3_console(lines: list[str]) -> str:
    """What `airflow dags test` prints."""
    return "\n".join(f"2025-03-03T09:00:01.0Z [warning  ] {x} [mwaanet.probe] loc=dag.py:1" for x in lines)


def cloudwatch_export(lines: list[str]) -> str:
    """`aws logs filter-log-events`."""
    return json.dumps({"events": [{"logStreamName": "x", "message": airflow_2([x])} for x in lines]})


FORMS = [plain, airflow_2, airflow_2_api, airflow_3, airflow_3_api, airflow_3_console, cloudwatch_export]
every_form = pytest.mark.parametrize("form", FORMS)


@every_form
def test_a_document_is_found(form: Callable[[list[str]], str]) -> None:
    lines = lines_of(DOCUMENT, "0123abcd")
    assert len(lines) > 4
    assert json.loads(document_in(form(lines), "task.log")) == DOCUMENT


@every_form
def test_the_last_complete_one_counts(form: Callable[[list[str]], str]) -> None:
    first, last = lines_of({"run": 1}, "aaaaaaaa"), lines_of({"run": 2}, "bbbbbbbb")
    cut = [line for line in lines_of(DOCUMENT, "cccccccc") if " 2/" not in line]
    assert json.loads(document_in(form([*first, *last, *cut]), "task.log")) == {"run": 2}


def test_order_does_not_matter() -> None:
    assert json.loads(document_in(plain(lines_of(DOCUMENT, "0123abcd")[::-1]), "task.log")) == DOCUMENT


def test_missing_lines_are_named() -> None:
    lines = lines_of({"text": "x" * LINE * 9}, "0123abcd")
    cut = [line for line in lines if not any(f" {number}/" in line for number in (3, 5))]
    with pytest.raises(InputError, match=r"task.log: .*0123abcd lacks 3, 5 of 10 lines"):
        document_in(plain(cut), "task.log")


@pytest.mark.parametrize(
    "log",
    [
        "",
        "nothing",
        "{",
        "[]",
        '{"content": "[(oops"}',
        "mwaanet-probe 0123abcd 1/1 cut",
        "mwaanet-probe 0123abcd 1/0 ||",
    ],
)
def test_a_log_without_one_says_what_it_should_be(log: str) -> None:
    with pytest.raises(InputError, match="is it the log of the task"):
        document_in(log, "task.log")


def test_deep_json_is_no_reason_to_fall_over() -> None:
    with pytest.raises(InputError):
        document_in("[" * 100_000 + "]" * 100_000, "task.log")


def test_half_a_character_is_no_reason_to_fall_over() -> None:
    """JSON can hold half of a surrogate pair, which no UTF-8 can."""
    log = '{"event": "mwaanet-probe 0123abcd 1/1 |{\\ud800}|"}'
    with pytest.raises(InputError, match="cannot be read"):
        decode_document(document_in(log, "task.log"), "task.log")
