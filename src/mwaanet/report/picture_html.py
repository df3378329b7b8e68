"""A picture as a page of its own: the SVG, and a policy that lets the page load and run nothing."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from mwaanet.report.markup import Markup, element, joined
from mwaanet.report.picture import Picture
from mwaanet.report.picture_svg import STYLE, svg

PAGE_STYLE = ":root{color-scheme:light dark}body{margin:0}.sheet{overflow:auto}"


def html(picture: Picture) -> str:
    """The page; styles are allowed by their hashes, everything else is forbidden."""
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" for style in (PAGE_STYLE, STYLE)
    )
    policy = f"default-src 'none'; style-src {hashes}; base-uri 'none'; form-action 'none'"
    head = [
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Markup('<meta name="viewport" content="width=device-width">'),
        element("title", picture.title),
        element("style", Markup(PAGE_STYLE)),
    ]
    body = element("main", Markup(svg(picture)), class_="sheet")
    return joined(
        [
            Markup('<!DOCTYPE html>\n<html lang="en">'),
            element("head", joined(head, "\n")),
            element("body", body),
            Markup("</html>\n"),
        ],
        "\n",
    )


def _hash(style: str) -> str:
    """How a policy names a style by its content (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
