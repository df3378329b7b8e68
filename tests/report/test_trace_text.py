"""A trace in the terminal: golden files, and what must hold of every one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from msgspec import structs
from rich.cells import cell_len

from mwaanet.graph.flight import Hop
from mwaanet.model.unknown import Unknown
from mwaanet.net import PacketSet
from mwaanet.paths.blocked import BlockedPath
from mwaanet.paths.question import Endpoint
from mwaanet.paths.trace import Trace
from mwaanet.paths.walk import Leg
from mwaanet.report.text import trace_text
from report import traces

SAMPLES: dict[str, Callable[[], tuple[Trace, tuple[BlockedPath, ...]]]] = {
    "reached": lambda: (traces.s3_reached(), ()),
    "stopped": lambda: (
        traces.s3_stopped(),
        (
            traces.blocked(
                traces.s3_stopped(),
                traces.TABLE_B,
                traces.S3,
                actions=(f"route pl-63a5400a to {traces.S3} in {traces.TABLE_B}",),
            ),
        ),
    ),
    "reply-stopped": lambda: (
        traces.reply_stopped(),
        (traces.blocked(traces.reply_stopped(), traces.ACL, complete=False),),
    ),
    "unknown": lambda: (traces.nexus_unknown(), ()),
    "few-ports": lambda: (traces.few_ports(), ()),
    "partial": lambda: (traces.partly(), (traces.blocked(traces.partly(), traces.TABLE_A),)),
}


def text(trace: Trace, blocked: tuple[BlockedPath, ...] = (), width: int = 80, *, colour: bool = False) -> str:
    return trace_text(trace, blocked, width=width, colour=colour, unicode=True, names=traces.NAMES)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", SAMPLES)
def test_golden(name: str, width: int, golden: Callable[[str, str], None]) -> None:
    trace, blocked = SAMPLES[name]()
    golden(f"trace-{name}-{width}.txt", text(trace, blocked, width))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_is_wider_than_the_width(name: str, width: int) -> None:
    assert max(map(cell_len, text(*SAMPLES[name](), width).splitlines())) <= width


@pytest.mark.parametrize("name", SAMPLES)
def test_colours_change_nothing_but_colours(name: str) -> None:
    trace, blocked = SAMPLES[name]()
    assert re.sub("\x1b\\[[0-9;]*m", "", text(trace, blocked, colour=True)) == text(trace, blocked)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("reached", "✓ Reachable:"),
        ("stopped", "✗ Not reachable:"),
        ("reply-stopped", "✗ Not reachable:"),
        ("unknown", "? Unknown:"),
        ("few-ports", "✓ Reachable:"),
        ("partial", "✗ Partly reachable:"),
    ],
)
def test_the_verdict_is_the_first_sentence(name: str, verdict: str) -> None:
    assert text(*SAMPLES[name]()).startswith(verdict)


def test_a_name_is_written_as_it_is_where_nothing_is_sent_to_it() -> None:
    question = replace(traces.s3_stopped().question, destination=Endpoint(name="gone.example"))
    told = text(traces.trace_of(question, PacketSet.NONE, ()), width=200)
    assert told.splitlines()[0].endswith("No packet is sent: gone.example has no address.")


def test_a_refused_reply_is_told_from_a_refused_request() -> None:
    assert "The request arrives, but its reply is stopped at acl-" in text(traces.reply_stopped(), width=160)


def test_translations_are_shown() -> None:
    assert "10.1.10.7 becomes 10.2.10.20" in text(traces.nexus_unknown())
    assert "10.1.10.7 becomes 10.1.0.9" in text(traces.reply_stopped())


def test_a_translation_that_the_rule_tells_is_not_told_twice() -> None:
    assert text(traces.reply_stopped()).count("10.1.0.9 becomes 54.86.13.7") == 1


def test_several_paths_are_numbered_those_that_fail_first() -> None:
    shown = text(traces.partly())
    assert shown.index("Forward, path 1 of 2: stopped") < shown.index("Forward, path 2 of 2: arrives")
    assert "\nReturn: arrives" in shown


def test_client_ports_that_are_not_answered_are_told() -> None:
    assert "! a client that uses the ports 1024-32767,61000-65535 gets no answer" in text(traces.few_ports())


def test_parts_are_told_where_they_differ() -> None:
    assert "passes:   tcp 10.1.10.7 -> 10.50.1.20:443" in text(traces.partly())
    assert "stopped:  tcp 10.1.10.7 -> 10.51.1.20:443" in text(traces.partly())
    assert "passes:" not in text(traces.s3_reached())


def test_packets_that_go_either_way_are_told() -> None:
    asked = traces.packets("10.1.10.7", "10.50.1.20")
    arrives = traces.partly().forward[0]
    stops = traces.s3_stopped().forward[0]
    flight = structs.replace(stops.flight, packets=asked)
    stops = structs.replace(stops, end=structs.replace(stops.end, flight=flight))
    back = traces.partly().back
    both = traces.trace_of(traces.partly().question, asked, (arrives, stops), back)
    half = traces.packets("10.1.10.7", "10.52.1.20")
    wider = replace(both, asked=asked | half, tally=replace(both.tally, passed=half))
    assert "either:   tcp 10.1.10.7 -> 10.50.1.20:443" in text(wider)
    assert "(AWS may take a way that fails)" in text(wider, width=160)


def test_nothing_arrived_nothing_returns() -> None:
    assert "Return: nothing arrived, so nothing is answered" in text(traces.s3_stopped())


def test_of_paths_that_are_alike_one_is_shown() -> None:
    trace = traces.s3_reached()
    way = trace.forward[0]
    other = structs.replace(way, hops=(structs.replace(way.hops[0], component="eni-other"), *way.hops[1:]))
    shown = text(replace(trace, forward=(way, other)))
    assert "Forward: arrives (one of 2 alike)" in shown
    assert "eni-other" not in shown


def stopped_at(way: Leg, stop: Hop) -> Leg:
    """The way, ended by another hop."""
    return structs.replace(way, hops=(*way.hops[:-1], stop), end=structs.replace(way.end, hop=stop))


def test_paths_that_other_components_stop_are_not_alike() -> None:
    trace = traces.s3_stopped()
    way = trace.forward[0]
    stop = structs.replace(way.end.hop, component=traces.TABLE_A)
    other = stopped_at(way, stop)
    assert "Forward, path 2 of 2: stopped" in text(replace(trace, forward=(way, other)))


def test_many_ways_are_counted() -> None:
    trace = traces.s3_stopped()
    way = trace.forward[0]
    stops = [structs.replace(way.end.hop, component=f"rtb-{number}") for number in range(7)]
    ways = tuple(stopped_at(way, stop) for stop in stops)
    shown = text(replace(trace, forward=ways))
    assert "path 4 of 7" in shown
    assert "path 5 of 7" not in shown
    assert "(+3 more paths, 3 stopped; --format json has them all)" in shown


def test_an_end_that_is_not_known_says_why() -> None:
    trace = traces.s3_reached()
    missing = Unknown(reason="the site file does not declare dc1.orchestrator", needs=(traces.TUNNELS,) * 5)
    question = replace(trace.question, source=replace(trace.question.source, unknown=missing, starts=()))
    shown = text(replace(trace, question=question, forward=(), back=()))
    assert shown.startswith("? Unknown:")
    assert "the site file does not declare dc1.orchestrator" in shown
    assert "(+2 more calls)" in shown


def test_many_unknowns_are_counted() -> None:
    trace = traces.nexus_unknown()
    doubts = tuple(Unknown(reason=f"reason {number}") for number in range(9))
    way = trace.forward[0]
    flight = structs.replace(way.flight, doubts=doubts)
    way = structs.replace(way, end=structs.replace(way.end, flight=flight))
    assert "(+4 more)" in text(replace(trace, forward=(way,)))


def test_changes_are_at_least_these_where_no_path_was_completed() -> None:
    assert "What must change, at least" in text(*SAMPLES["reply-stopped"]())
    assert "along one complete path" in text(*SAMPLES["stopped"]())


def test_changes_for_different_packets_are_kept_apart() -> None:
    trace = traces.partly()
    one = traces.blocked(trace, traces.TABLE_A)
    shown = text(trace, (one, *(structs.replace(one, resources=resources) for resources in ((traces.GROUP,), ()))))
    assert shown.count("along one complete path") == 2
    assert "  for tcp 10.1.10.7" in shown


@pytest.mark.parametrize(
    ("protocol", "words"),
    [(None, "every protocol"), (6, "tcp, every port"), (1, "icmp"), (47, "protocol 47")],
)
def test_what_was_asked_is_said(protocol: int | None, words: str) -> None:
    trace = traces.s3_reached()
    question = replace(trace.question, protocol=protocol, ports=None)
    assert words in text(replace(trace, question=question), width=120).splitlines()[0]


def test_assumptions_are_listed() -> None:
    trace = traces.s3_reached()
    shown = trace_text(
        trace, (), width=80, colour=False, unicode=True, names={}, assumptions=("dc1 routes everything",)
    )
    assert "  • dc1 routes everything" in shown


def test_what_several_paths_need_is_told_once() -> None:
    trace = traces.s3_stopped()
    paths = tuple(
        traces.blocked(trace, resource, actions=(f"mend {resource}",)) for resource in ("rtb-1", "rtb-1", "rtb-2")
    )
    written = text(trace, paths, 200)
    assert (written.count("What must change"), written.count("• mend rtb-1")) == (2, 1)


def test_why_packets_are_sent_there_comes_before_what_stops_them() -> None:
    trace = traces.s3_stopped()
    path = structs.replace(traces.blocked(trace, "vpc-1"), reason="vpc-1 has no endpoint")
    assert text(trace, (path,), 200).splitlines()[0].endswith(". vpc-1 has no endpoint.")
