"""The HTML report in a real browser: it renders without a word on the console, loads nothing, and answers to a reader.

Chromium is looked for, and never fetched; where there is none these tests are skipped.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mwaanet import demo
from mwaanet.checks.diagnose import diagnose
from mwaanet.cli.main import cli
from mwaanet.cli.raw_records import RawRecords
from mwaanet.model.site import Site
from mwaanet.report.html_report import diagnosis_html
from mwaanet.snapshot import Snapshot
from report.pictures import HOSTILE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian: apt-get install chromium)"),
]


class Opened:
    """A page with all that it said and asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self.dismiss)
        page.on("request", lambda request: self.asked.append(request.url))

    def dismiss(self, dialog: Any) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def open(self, file: Path) -> Any:
        self.page.goto(file.as_uri())
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    found = Opened(page)
    yield found
    assert found.said == []
    assert len(found.asked) == 1
    assert found.asked[0].startswith("file:")
    page.close()


def report(files: dict[str, bytes]) -> str:
    site = Site.parse(files["mwaanet.yaml"].decode(), "mwaanet.yaml")
    return diagnosis_html(diagnose(Snapshot.from_files(files), site=site), RawRecords())


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "broken.html"
    command = ["diagnose", "env", "--demo", "s3-route-missing", "--format", "html", "--output", str(file)]
    assert CliRunner().invoke(cli, command).exit_code == 1
    return file


def test_a_click_shows_the_rule_its_json_and_the_fix(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    page.locator("#s3-n0").wait_for()
    page.locator("#figure-s3 .node.stopped").first.click()
    shown = page.locator("#panel").inner_text()
    assert "no route to" in shown
    assert '"DestinationCidrBlock": ' in shown
    assert "aws ec2 modify-vpc-endpoint" in shown


def test_the_keyboard_is_enough(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    node = page.locator("#figure-s3 .node.stopped").first
    name = node.get_attribute("id")
    assert node.get_attribute("role") == "button"
    assert "stopped here" in node.get_attribute("aria-label")
    node.focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.className") == "close"
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.id") == name


STOPS = "#figure-s3 .node[tabindex='0']"
"""Where Tab stops in the picture of S3."""


def test_a_picture_is_one_stop_of_the_tab_key_and_arrow_keys_go_from_box_to_box(opened: Opened, broken: Path) -> None:
    """https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/#kbd_roving_tabindex"""
    page = opened.open(broken)
    order = page.eval_on_selector_all("#path-s3 .hops > li", "hops => hops.map(hop => hop.dataset.node)")
    assert page.locator(STOPS).evaluate_all("stops => stops.map(stop => stop.classList.contains('stopped'))") == [True]
    page.focus("#figure-s3")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    walked = [page.evaluate("document.activeElement.id")]
    for _ in order[1:]:
        page.keyboard.press("ArrowRight")
        walked.append(page.evaluate("document.activeElement.id"))
    assert walked == order
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == order[-2]
    assert page.locator(STOPS).get_attribute("id") == order[-2]


def test_arrow_keys_pass_by_what_a_choice_fades(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    page.select_option("#s3-from", index=1)
    page.locator(STOPS).focus()
    page.keyboard.press("Home")
    for _ in range(page.locator("#figure-s3 .node").count()):
        assert not page.evaluate("document.activeElement.classList.contains('away')")
        page.keyboard.press("ArrowRight")


def test_one_source_can_be_looked_at_alone(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    dim = page.locator("#figure-s3 .away")
    assert dim.count() == 0
    page.select_option("#s3-from", index=1)
    assert dim.count() > 0
    assert page.locator("#s3-said").inner_text() == "Showing 1 of 2 ways"
    page.select_option("#s3-from", index=0)
    assert dim.count() == 0


def test_the_filter_leaves_what_does_not_pass(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    assert page.locator("#path-api").is_visible()
    page.check("#failures")
    assert page.locator("#path-api").is_hidden()
    assert page.locator("#passed").is_hidden()
    assert page.locator("#path-s3").is_visible()


def test_a_path_that_the_filter_hides_is_shown_when_it_is_asked_for(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    page.check("#failures")
    page.locator("a.verdict[href='#path-api']").click()
    assert page.locator("#path-api").is_visible()
    assert not page.is_checked("#failures")


def test_the_panel_makes_room_for_what_its_links_lead_to(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    page.locator("#figure-s3 .node.stopped").first.click()
    page.locator("#panel a[href^='#finding-']").first.click()
    assert page.locator("#panel").is_hidden()
    assert page.locator(".finding:target").count() == 1


def test_the_command_is_beside_the_culprit_and_can_be_copied(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    first = page.locator(".culprit .command").first
    assert first.locator("pre").inner_text().startswith("aws ec2 modify-vpc-endpoint")
    first.locator("button").click()
    assert first.locator("button").inner_text() in ("Copied", "Selected")
    assert page.evaluate("getSelection().toString()").startswith("aws ec2 modify-vpc-endpoint")


@pytest.mark.parametrize("width", [320, 420, 900])
def test_it_fits_narrow_screens(opened: Opened, broken: Path, width: int) -> None:
    page = opened.open(broken)
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("#runbook + details > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_and_light_can_be_chosen(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    colour = "getComputedStyle(document.body).backgroundColor"
    page.select_option("#theme", "light")
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    page.select_option("#theme", "dark")
    assert page.evaluate(colour) == "rgb(16, 20, 26)"
    assert page.evaluate("getComputedStyle(document.querySelector('.ground')).fill") == "rgb(16, 20, 26)"


def test_it_says_all_without_script(browser: Any, broken: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(broken.as_uri())
    assert page.locator("#figure-s3 svg").is_visible()
    assert page.locator(".culprit").first.is_visible()
    assert page.locator("#s3-from").is_hidden()
    context.close()


def test_the_runbook_of_the_environment_is_in_it(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    assert page.locator(".runbook").is_hidden()
    page.locator("#runbook + details > summary").click()
    assert page.locator(".runbook table").first.is_visible()
    assert "rtb-01c1453376d2164e6" in page.locator(".runbook").inner_text()


def test_it_prints_what_is_folded(opened: Opened, broken: Path) -> None:
    page = opened.open(broken)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.path:not([open]), details.printed:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.printed:not([open])").count() > 0


def renamed(value: Any, name: str) -> Any:
    """The same with another text in every Name tag."""
    if isinstance(value, list):
        return [renamed(item, name) for item in value]
    if isinstance(value, dict):
        if value.get("Key") == "Name":
            return {**value, "Value": name}
        return {key: renamed(item, name) for key, item in value.items()}
    return value


@pytest.mark.parametrize("kind", ["markup", "quotes", "long", "right-to-left"])
def test_hostile_names_do_nothing(opened: Opened, tmp_path: Path, kind: str) -> None:
    files = {
        name: json.dumps(renamed(json.loads(content), HOSTILE[kind])).encode() if name.endswith(".json") else content
        for name, content in demo.files("s3-route-missing").items()
    }
    file = tmp_path / "hostile.html"
    file.write_text(report(files), encoding="utf-8")
    page = opened.open(file)
    assert page.locator("#figure-s3 .node").count() > 5
    assert page.locator("img, iframe, script:not([id]) ~ script:not([id])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_picture_of_300_components_appears_within_two_seconds(opened: Opened, tmp_path: Path) -> None:
    from mwaanet.report.picture_html import html
    from report.pictures import grid

    file = tmp_path / "large.html"
    file.write_text(html(grid(3, 10, 10)), encoding="utf-8")
    started = time.monotonic()
    page = opened.open(file)
    page.locator("#picture-n299").wait_for()
    assert time.monotonic() - started < 2
