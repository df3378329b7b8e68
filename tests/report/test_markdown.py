"""The diagnosis as Markdown: short, with fences that can be copied, and nothing that a name could make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mwaanet.checks.result import Diagnosis
from mwaanet.report.clean import clean
from mwaanet.report.diagnosis_markdown import diagnosis_markdown
from mwaanet.report.markdown import code, escaped, fenced, table
from report import samples

CASES = {"healthy": samples.healthy, "broken": samples.broken, "hostile": samples.hostile}
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "a|b `c` <script>alert(1)</script> [x](http://evil.example) ![i](//e) @everyone *b* _u_ ~~s~~ #12 <!channel> &amp;"
)


def tokens(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def kinds(text: str) -> set[str]:
    return {token.type for token in tokens(text)}


def shown(text: str) -> str:
    """What a reader sees of one paragraph."""
    return "".join(token.content for token in tokens(text) if token.type in ("text", "code_inline", "text_special"))


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"diagnosis-{name}.md", diagnosis_markdown(CASES[name]()))


@example(text=HOSTILE)
@example(text="- item")
@example(text="1. item")
@example(text="> quoted")
@example(text="===")
@example(text="---")
@example(text="``a`` `")
@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=40))
def test_text_stays_text(text: str) -> None:
    """Nothing but a paragraph of text comes of it: no link, no HTML, no emphasis, no list, no heading."""
    read = shown(escaped(text))
    assert kinds(escaped(text)) <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    assert read.replace("\u200b", "").split() == clean(text).split()


@example(text=HOSTILE)
@example(text="`")
@example(text="``")
@settings(max_examples=30, deadline=None)
@given(text=st.text(min_size=1, max_size=40).filter(lambda text: bool(clean(text).strip())))
def test_an_id_stays_in_its_code_span(text: str) -> None:
    assert kinds(f"see {code(text)} there") <= {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}


def test_nobody_is_called_and_nothing_is_linked() -> None:
    assert "@everyone" not in escaped(HOSTILE)
    assert "http://" not in escaped(HOSTILE)
    assert "www." not in escaped("www.evil.example")
    assert escaped("mwaa.worker@subnet-1") == "mwaa.worker@subnet-1"


def test_a_cell_has_no_bars_of_its_own() -> None:
    lines = table(("a", "b"), [(escaped("x|y"), code("x|y"))])
    (row,) = [token for token in READER.parse("\n".join(lines)) if token.type == "tbody_open"]
    assert row
    assert sum(token.type == "td_open" for token in READER.parse("\n".join(lines))) == 2


def test_a_fence_is_longer_than_any_inside() -> None:
    (fence,) = READER.parse(fenced("a\n````\nb", "sh"))
    assert fence.type == "fence"
    assert fence.content == "a\n````\nb\n"


def test_commands_can_be_copied_whole() -> None:
    diagnosis = samples.broken()
    text = diagnosis_markdown(diagnosis)
    fences = [token.content for token in tokens(text) if token.type == "fence"]
    commands = [command for finding in diagnosis.findings if finding.fix for command in finding.fix.cli]
    assert commands
    assert all(any(command in fence for fence in fences) for command in commands)


def test_hostile_names_make_no_html_and_no_links() -> None:
    assert not kinds(diagnosis_markdown(samples.hostile())) & {"html_inline", "html_block", "link_open", "image"}


def test_all_adds_what_passed() -> None:
    diagnosis: Diagnosis = replace(samples.broken())
    assert "Passed and skipped" in diagnosis_markdown(diagnosis, all_findings=True)
    assert "Passed and skipped" not in diagnosis_markdown(diagnosis)
