"""The runbook as one HTML page: its Markdown, rendered; nothing in it runs or is fetched, and it prints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mwaanet.probe.reconcile import Comparison
from mwaanet.report.clean import clean
from mwaanet.report.content_security import content_security_policy
from mwaanet.report.runbook_markdown import anchor, runbook_markdown
from mwaanet.runbook.step import Runbook

_STATES = {"✗": "state stopped", "☐": "state unknown"}
"""The classes of the headings of steps that are not as expected."""
_STYLE = """
:root { color-scheme: light dark; --line: #bbb; --faint: #f2f2f2; --bad: #b3261e; --doubt: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --line: #555; --faint: #262626; --bad: #ff8a80; --doubt: #f0c060; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.75rem 0 0.25rem; font-size: 1.1rem; }
.state.stopped { color: var(--bad); }
.state.unknown { color: var(--doubt); }
p, li { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
th, td { min-width: 6em; overflow-wrap: normal; }
td code { overflow-wrap: anywhere; }
code { font: 0.9em ui-monospace, monospace; background: var(--faint); overflow-wrap: anywhere; }
pre { background: var(--faint); padding: 0.6rem; white-space: pre-wrap; border-left: 3px solid var(--line); }
@media print { body { max-width: none; margin: 0; font-size: 10pt; } h3, pre, tr { break-inside: avoid; }
  h2 { break-before: page; } a::after { content: " (" attr(href) ")"; } }
"""


def runbook_html(runbook: Runbook, observed: Sequence[Comparison] = (), *, todo: bool = False) -> str:
    """The whole page; nothing in it is loaded from anywhere, and its policy lets no script run."""
    body = runbook_body(runbook, observed, todo=todo)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_security_policy([_STYLE])}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Runbook: {escape(clean(runbook.environment))}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )


def runbook_body(runbook: Runbook, observed: Sequence[Comparison] = (), *, todo: bool = False, below: int = 0) -> str:
    """The runbook as a part of a page in which its first heading is so many levels below the page's own."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(runbook_markdown(runbook, observed, todo=todo))
    for token, content in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and content:
            _name_heading(token, "".join(part.content for part in content.children or ()))
        if token.tag in ("h1", "h2", "h3", "h4"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"
    return str(reader.renderer.render(tokens, reader.options, {}))


def _name_heading(heading: Token, text: str) -> None:
    """Let a heading be linked to, and show how its step stands."""
    heading.attrSet("id", anchor(text))
    if text[0] in _STATES:
        heading.attrSet("class", _STATES[text[0]])
