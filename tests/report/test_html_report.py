"""The HTML report as a text: it loads nothing, lets nothing run but its own script, and escapes what it shows."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from mwaanet.checks.result import Diagnosis, Status
from mwaanet.graph.flight import Evidence
from mwaanet.report.html_report import diagnosis_html
from report.samples import broken, healthy, hostile

LOADS = {"src", "srcset", "href", "action", "data", "poster", "background", "formaction", "xlink:href"}
VOID = {"meta", "input", "br", "img", "link", "hr", "base"}


class Page(HTMLParser):
    """The tags, attributes and texts of a page; what is not closed properly is in `open`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)

    @property
    def policy(self) -> str:
        return next(
            attrs["content"] for tag, attrs in self.tags if attrs.get("http-equiv") == "Content-Security-Policy"
        )


def raw(evidence: Evidence) -> str:
    return f"</pre><script>{evidence.pointer}</script>"


def page_of(diagnosis: Diagnosis) -> Page:
    return Page(diagnosis_html(diagnosis, raw))


@pytest.mark.parametrize("diagnosis", [healthy(), broken(), hostile()], ids=["healthy", "broken", "hostile"])
def test_it_loads_nothing_and_runs_only_its_own_script(diagnosis: Diagnosis) -> None:
    page = page_of(diagnosis)
    assert page.open == []
    assert "default-src 'none'" in page.policy
    for attrs in (attrs for _, attrs in page.tags):
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        assert all(value.startswith("#") for name, value in attrs.items() if name in LOADS)
    scripts = [attrs.get("type", "") for tag, attrs in page.tags if tag == "script"]
    assert scripts == ["application/json", ""]
    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "iframe", "object", "embed", "link", "base", "form"})


@pytest.mark.parametrize("kind", ["style", "script"])
def test_the_policy_lets_in_what_the_page_holds(kind: str) -> None:
    """https://www.w3.org/TR/CSP3/#match-element-to-source-list: the hash is of the element's text."""
    page = page_of(broken())
    allowed = re.findall(r"'sha256-([^']+)'", page.policy.partition(f"{kind}-src")[2].partition(";")[0])
    inside = [text for text in page.texts[kind] if kind == "style" or "use strict" in text]
    assert {b64encode(sha256(text.encode()).digest()).decode() for text in inside} <= set(allowed)
    assert inside


def test_every_path_has_its_verdict_and_what_does_not_pass_is_open() -> None:
    diagnosis = broken()
    page = page_of(diagnosis)
    paths = {
        attrs["id"]: attrs for tag, attrs in page.tags if tag == "details" and attrs.get("class", "").startswith("path")
    }
    assert list(paths) == [f"path-{path.id}" for path in diagnosis.paths]
    for path in diagnosis.paths:
        loud = path.status in (Status.FAIL, Status.WARN, Status.UNKNOWN)
        assert ("open" in paths[f"path-{path.id}"]) == loud
        assert path.status.value in paths[f"path-{path.id}"]["class"].split()


def test_culprit_fix_and_command_are_there_for_whoever_has_no_script() -> None:
    text = "\n".join(part for parts in page_of(broken()).texts.values() for part in parts)
    finding = next(finding for finding in broken().findings if finding.status is Status.FAIL)
    assert finding.fix is not None
    for wanted in (f"Culprit: {finding.resources[0]}", finding.fix.summary, finding.fix.cli[0], finding.message):
        assert wanted in text


def test_names_are_shown_and_are_no_markup() -> None:
    page = page_of(hostile())
    assert not [tag for tag, attrs in page.tags if tag == "script" and not attrs.get("type") and attrs]
    assert "\u202e" not in "".join(part for parts in page.texts.values() for part in parts)


def test_what_the_script_reads_is_numbers_and_ids_of_the_page() -> None:
    page = page_of(broken())
    ways = json.loads(next(text for text in page.texts["script"] if "use strict" not in text))
    assert set(ways) == {path.id for path in broken().paths}
    drawn = {attrs.get("id") for _, attrs in page.tags}
    for path, found in ways.items():
        for way in found:
            assert {f"{path}-n{number}" for number in way["nodes"]} <= drawn
            assert {f"{path}-e{number}" for number in way["edges"]} <= drawn
