"""A picture as a page of its own: the SVG, and a policy that lets the page load and run nothing."""

from __future__ import annotations

from mwaanet.report.content_security import content_security_policy
from mwaanet.report.markup import Markup, element, joined
from mwaanet.report.picture import Picture
from mwaanet.report.picture_svg import STYLE, svg

PAGE_STYLE = ":root{color-scheme:light dark}body{margin:0}.sheet{overflow:auto}"


def html(picture: Picture) -> str:
    """The page; styles are allowed by their hashes, everything else is forbidden."""
    policy = content_security_policy([PAGE_STYLE, STYLE])
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
