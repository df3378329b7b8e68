"""A picture as SVG: one file that needs nothing else, for light and dark, to be read with eyes or by a screen reader.

Elements are named for whoever puts the picture into a page: node `i` of the picture is `#<prefix>-n<i>`, edge `i` is
`#<prefix>-e<i>`; their classes are the state and, of edges, the direction.
"""

from __future__ import annotations

from collections.abc import Sequence

from mwaanet.checks.result import Status
from mwaanet.report.markup import Markup, element, joined, number
from mwaanet.report.picture import Decision, Direction, Level, Node, Picture, State
from mwaanet.report.picture_layout import (
    BAND,
    BANDED,
    LINE,
    PAD,
    SMALL,
    TITLE,
    Box,
    Card,
    Frame,
    Point,
    Route,
    Sheet,
    lay_out,
)
from mwaanet.report.picture_text import SYMBOLS, kind_of, name_of, reason_of, short_id, wrapped

MARGIN = 20.0
HEAD, FOOT, NOTE = 50.0, 38.0, 17.0
MOST_NOTES, MOST_TOLD = 6, 4
NARROWEST = 760.0
RADIUS = 6.0
KIND_CELLS = 32

_LIGHT = (
    "--ground:#fff;--ink:#16191f;--faint:#5a6472;--line:#c3cad4;--frame:#f6f8fa;--inner:#eceff3;--card:#fff;"
    "--forward:#1f6fb5;--return:#8a4fb0;--good:#1d7a3e;--bad:#c2171d;--badback:#fdeaea;--doubt:#8a5a00;"
    "--doubtback:#fff4d6;--warn:#a85b00;--warnback:#fff1e0;--off:#8b95a3"
)
_DARK = (
    "--ground:#10141a;--ink:#e8ecf1;--faint:#a2adbb;--line:#465160;--frame:#171c24;--inner:#1e2530;"
    "--card:#262e3a;--forward:#6db3f2;--return:#c79be8;--good:#5fce8a;--bad:#ff7b7b;--badback:#4a1f24;"
    "--doubt:#f0c04c;--doubtback:#43371a;--warn:#ffb36b;--warnback:#452f1a;--off:#78838f"
)
_FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif'
STYLE = (
    f"\n.picture{{{_LIGHT};font-family:{_FONT};color-scheme:light dark}}"
    f"\n@media (prefers-color-scheme:dark){{.picture{{{_DARK}}}}}"
    """
.picture .ground{fill:var(--ground)}
.picture text{fill:var(--ink);font-size:13px}
.picture .said{fill:var(--ground);font-weight:700;font-size:12px}
.picture .head{font-size:19px;font-weight:650}
.picture .kind,.picture .key,.picture .note{font-size:11px;fill:var(--faint)}
.picture .mend{font-size:12.5px;font-weight:600}
.picture .name{font-weight:650}
.picture .id{font-size:11px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--faint)}
.picture .why{font-size:11.5px;font-weight:600}
.picture .frame rect{fill:var(--frame);stroke:var(--line)}
.picture .frame.inner rect{fill:var(--inner)}
.picture .frame text{font-size:11.5px;fill:var(--faint);stroke:var(--frame);stroke-width:4;paint-order:stroke}
.picture .frame.inner text{stroke:var(--inner)}
.picture .frame .first{font-weight:650;fill:var(--ink)}
.picture .node rect{fill:var(--card);stroke:var(--line);stroke-width:1.2}
.picture .node .sign{font-weight:700;fill:var(--off)}
.picture .node.passes .sign{fill:var(--good)}
.picture .node.stopped rect{fill:var(--badback);stroke:var(--bad);stroke-width:3}
.picture .node.stopped .sign,.picture .node.stopped .why,.picture .node.stopped .kind{fill:var(--bad)}
.picture .node.unknown rect{fill:var(--doubtback);stroke:var(--doubt);stroke-width:2.4}
.picture .node.unknown .sign,.picture .node.unknown .why{fill:var(--doubt)}
.picture .node.stopped .band{fill:var(--bad)}
.picture .node.unknown .band{fill:var(--doubt)}
.picture .node.warn .band{fill:var(--warn)}
.picture .node.warn rect{fill:var(--warnback);stroke:var(--warn);stroke-width:2.4}
.picture .node.warn .sign,.picture .node.warn .why{fill:var(--warn)}
.picture .node.not-reached rect{stroke:var(--off);stroke-dasharray:5 4;fill:var(--frame)}
.picture .node.not-reached text{fill:var(--faint)}
.picture .node:focus rect,.picture .node:hover rect{stroke:var(--forward);stroke-width:3}
.picture .edge path{fill:none;stroke:var(--forward);stroke-width:1.8}
.picture .edge .tip{fill:var(--forward);stroke:none}
.picture .edge.return path{stroke:var(--return);stroke-width:1.5;stroke-dasharray:6 3}
.picture .edge.return .tip{fill:var(--return)}
.picture .edge.stopped path{stroke:var(--bad);stroke-width:2.4}
.picture .edge.stopped .tip{fill:var(--bad)}
.picture .edge.unknown path{stroke:var(--doubt)}
.picture .edge.unknown .tip{fill:var(--doubt)}
.picture .edge.warn path{stroke:var(--warn)}
.picture .edge.warn .tip{fill:var(--warn)}
.picture .edge.not-reached path{stroke:var(--off);stroke-dasharray:2 4}
.picture .edge.not-reached .tip{fill:var(--off)}
.picture .pill.fail{fill:var(--bad)}
.picture .pill.pass{fill:var(--good)}
.picture .pill.unknown{fill:var(--doubt)}
.picture .pill.warn{fill:var(--warn)}
.picture .pill.skip{fill:var(--off)}
.picture .node .said{fill:var(--ground);font-size:11.5px;letter-spacing:.06em}
@media print{.picture{--ground:#fff}}
"""
)
THEMES = f"[data-theme=light] .picture{{{_LIGHT}}}[data-theme=dark] .picture{{{_DARK}}}"
"""For a page whose root element chooses one of them."""

_CLASSES = {
    State.STOPPED: "stopped",
    State.UNKNOWN: "unknown",
    State.WARN: "warn",
    State.PASSES: "passes",
    State.NOT_REACHED: "not-reached",
    State.UNJUDGED: "plain",
}
_WAYS = {Direction.FORWARD: "forward", Direction.RETURN: "return", Direction.EITHER: "either"}
_BANDS = {State.STOPPED: "STOPPED HERE", State.UNKNOWN: "UNKNOWN", State.WARN: "WARNING"}
_WORDS = {
    Status.FAIL: "fails",
    Status.PASS: "passes",
    Status.UNKNOWN: "unknown",
    Status.WARN: "warning",
    Status.SKIP: "skipped",
}


def svg(picture: Picture, *, prefix: str = "picture") -> str:
    """The picture; `prefix` tells its ids from those of other pictures of the same page."""
    sheet = lay_out(picture)
    width = max(sheet.width, NARROWEST) + 2 * MARGIN
    notes = _notes(picture, width)
    top = MARGIN + HEAD
    height = top + sheet.height + FOOT + NOTE * len(notes) + MARGIN
    shift = f"translate({number(MARGIN + (width - 2 * MARGIN - sheet.width) / 2)} {number(top)})"
    numbers = {id(edge): index for index, edge in enumerate(picture.edges)}
    order = {node.id: index for index, node in enumerate(picture.nodes)}
    drawn = [
        *(_frame(frame) for frame in sheet.frames),
        *(_edge(route, f"{prefix}-e{numbers[id(route.edge)]}") for route in _worst_last(sheet)),
        *(_title(frame) for frame in sheet.frames),
        *(_node(card, f"{prefix}-n{order[card.node.id]}") for card in sheet.cards),
    ]
    content = [
        element("title", picture.title, id=f"{prefix}-title"),
        element("desc", described(picture), id=f"{prefix}-desc"),
        element("style", Markup(STYLE)),
        element("rect", class_="ground", width=width, height=height),
        _head(picture, width),
        element("g", joined(drawn, "\n"), transform=shift),
        _legend(picture, top + sheet.height + 26),
        *(
            element("text", text, class_=style, x=MARGIN, y=height - MARGIN - NOTE * (len(notes) - 1 - index))
            for index, (style, text) in enumerate(notes)
        ),
    ]
    return (
        element(
            "svg",
            joined(content, "\n"),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(width)} {number(height)}",
            width=width,
            height=height,
            role="img",
            class_="picture",
            aria_labelledby=f"{prefix}-title {prefix}-desc",
        )
        + "\n"
    )


def described(picture: Picture) -> str:
    """What the picture shows, in sentences: the verdict, and every place where packets do not simply pass."""
    sentences = [f"{_WORDS[picture.status].capitalize()}." if picture.status else ""]
    for state in (State.STOPPED, State.UNKNOWN, State.WARN):
        for node in [node for node in picture.nodes if node.state is state][:MOST_TOLD]:
            reason = reason_of(node)
            sentences.append(f"{state.value.capitalize()}: {_called(node)}{': ' + reason if reason else ''}.")
    sentences.append(f"{len(picture.nodes)} components, {len(picture.edges)} ways between them.")
    return " ".join(_cut(sentence, 400) for sentence in sentences if sentence)


def _called(node: Node) -> str:
    name, plain = name_of(node), short_id(node.component)
    return f"{kind_of(node)} {name}" + (f" ({plain})" if plain != name else "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _worst_last(sheet: Sheet) -> Sequence[Route]:
    """Lines in the order in which they are drawn: what stops lies on top."""
    order = list(State)
    return sorted(sheet.routes, key=lambda route: -order.index(route.edge.state))


def _head(picture: Picture, width: float) -> Markup:
    title = wrapped(picture.title, int((width - 220) / 10), 1)
    parts = []
    left = MARGIN
    if picture.status:
        word = _WORDS[picture.status]
        pill = 9.0 * len(word) + 18
        parts.append(
            element("rect", class_=f"pill {picture.status.value}", x=left, y=MARGIN, width=pill, height=24, rx=12)
        )
        parts.append(element("text", word, class_="said", x=left + 10, y=MARGIN + 16.5))
        left += pill + 10
    parts.append(element("text", *title, class_="head", x=left, y=MARGIN + 19))
    return joined(parts)


def _frame(frame: Frame) -> Markup:
    box = frame.box
    outline = element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=8)
    return element("g", outline, class_=_frame_class(frame))


def _title(frame: Frame) -> Markup:
    """The title of a frame, over the lines that may pass there."""
    lines = [
        element(
            "text",
            line,
            class_="first" if index == 0 else "rest",
            x=frame.box.x + 10,
            y=frame.box.y + 16 + TITLE * index,
        )
        for index, line in enumerate(frame.title)
    ]
    return element("g", *lines, class_=_frame_class(frame))


def _frame_class(frame: Frame) -> str:
    return "frame inner" if frame.groups[-1].level in (Level.SUBNET, Level.SITE) else "frame"


def _node(card: Card, name: str) -> Markup:
    box, node = card.box, card.node
    left, at = box.x + PAD - 2, box.y + 17.0
    kind = kind_of(node)
    if node.state in BANDED:
        texts = [_band(card)]
        at += BAND
    else:
        texts = [element("text", SYMBOLS[node.state], class_="sign", x=box.x + box.width - 20, y=at)]
    for lines, style, step in (
        (wrapped(kind, KIND_CELLS, 1), "kind", SMALL),
        (card.name, "name", LINE),
        (card.ids, "id", SMALL),
        (card.reason, "why", SMALL),
    ):
        for line in lines:
            texts.append(element("text", line, class_=style, x=left, y=at))
            at += step
        at += 3 if style == "kind" and lines else 2 if style == "id" and card.reason else 0
    outline = element("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=6)
    told = element(
        "title", "\n".join(_cut(line, 300) for line in (f"{_called(node)}: {node.state.value}", *_told(node.decisions)))
    )
    return element("g", told, outline, *texts, id=name, class_=f"node {_CLASSES[node.state]}", tabindex="-1")


def _band(card: Card) -> Markup:
    """A band at the top of what does not simply pass, with the sign and the word."""
    box = card.box
    band = element("path", class_="band", d=_round_top(box))
    word = f"{SYMBOLS[card.node.state]} {_BANDS[card.node.state]}"
    return joined([band, element("text", word, class_="said", x=box.x + PAD - 2, y=box.y + 14.5)])


def _round_top(box: Box) -> str:
    x, y, width = box.x, box.y, box.width
    start, corner, end = number(y + BAND), number(y + 6), number(y)
    right, left = number(x + width), number(x)
    return (
        f"M{left} {start}V{corner}Q{left} {end} {number(x + 6)} {end}H{number(x + width - 6)}"
        f"Q{right} {end} {right} {corner}V{start}Z"
    )


def _told(decisions: Sequence[Decision]) -> list[str]:
    lines = [f"{one.direction.value}: {one.by}" for one in decisions]
    unique = list(dict.fromkeys(lines))
    more = len(unique) - MOST_TOLD
    return unique[:MOST_TOLD] + ([f"and {more} more"] if more > 0 else [])


def _edge(route: Route, name: str) -> Markup:
    edge = route.edge
    tip = _tip(route.points)
    line = element("path", d=_line(route.points))
    told = [f"{edge.direction.value}, {edge.state.value}", *edge.packets[:MOST_TOLD], *_told(edge.decisions)]
    title = element("title", " · ".join(_cut(line, 300) for line in told))
    tips = [tip, _tip(route.points[::-1])] if edge.direction is Direction.EITHER else [tip]
    return element("g", title, line, *tips, id=name, class_=f"edge {_WAYS[edge.direction]} {_CLASSES[edge.state]}")


def _line(points: Sequence[Point]) -> str:
    """A line through the points with round corners."""
    parts = [f"M{number(points[0].x)} {number(points[0].y)}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(corner, before), _towards(corner, after)
        parts.append(f"L{number(into.x)} {number(into.y)}")
        parts.append(f"Q{number(corner.x)} {number(corner.y)} {number(out.x)} {number(out.y)}")
    parts.append(f"L{number(points[-1].x)} {number(points[-1].y)}")
    return "".join(parts)


def _towards(start: Point, end: Point) -> Point:
    """The point a corner's radius from `start` on the way to `end`, at most half the way."""
    length = abs(end.x - start.x) + abs(end.y - start.y)
    part = min(RADIUS / length, 0.5) if length else 0.0
    return Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)


def _tip(points: Sequence[Point]) -> Markup:
    """The arrow's head at the end of a line."""
    end = points[-1]
    before = next((point for point in reversed(points[:-1]) if point != end), Point(end.x - 1, end.y))
    length = ((end.x - before.x) ** 2 + (end.y - before.y) ** 2) ** 0.5
    x, y = (end.x - before.x) / length, (end.y - before.y) / length
    corners = (
        end,
        Point(end.x - 8 * x - 4 * y, end.y - 8 * y + 4 * x),
        Point(end.x - 8 * x + 4 * y, end.y - 8 * y - 4 * x),
    )
    return element("polygon", class_="tip", points=" ".join(f"{number(c.x)},{number(c.y)}" for c in corners))


def _legend(picture: Picture, at: float) -> Markup:
    """What the lines and signs mean, of those that the picture has."""
    parts: list[Markup] = []
    x = MARGIN
    judged = any(node.state is not State.UNJUDGED for node in picture.nodes)
    forward = "request" if judged else "way of packets"
    for direction, words in (
        (Direction.FORWARD, forward),
        (Direction.RETURN, "reply"),
        (Direction.EITHER, "both ways"),
    ):
        if any(edge.direction is direction for edge in picture.edges):
            points = (Point(x, at - 4), Point(x + 34, at - 4))
            tips = [_tip(points), _tip(points[::-1])] if direction is Direction.EITHER else [_tip(points)]
            line = joined([element("path", d=_line(points)), *tips])
            parts.append(element("g", line, class_=f"edge {_WAYS[direction]}"))
            parts.append(element("text", words, class_="key", x=x + 41, y=at))
            x += 60 + 7 * len(words)
    for state in State:
        if SYMBOLS[state] and any(node.state is state for node in picture.nodes):
            sign = element("text", SYMBOLS[state], class_="sign", x=x, y=at)
            parts.append(element("g", sign, class_=f"node {_CLASSES[state]}"))
            parts.append(element("text", state.value, class_="key", x=x + 15, y=at))
            x += 34 + 6.5 * len(state.value)
    return element("g", *parts, class_="legend")


def _notes(picture: Picture, width: float) -> list[tuple[str, str]]:
    """The lines below the picture with their styles: how to mend what is wrong, and what is not drawn."""
    room = width - 2 * MARGIN
    mends = dict.fromkeys(
        f"Fix {finding.id}: {finding.fix.summary}"
        for node in picture.nodes
        for finding in node.findings
        if finding.fix and node.state in BANDED
    )
    lines = [("mend", line) for text in list(mends)[:MOST_NOTES] for line in wrapped(text, int(room / 8), 2)]
    notes = list(picture.notes[:MOST_NOTES])
    if len(picture.notes) > MOST_NOTES:
        notes.append(f"and {len(picture.notes) - MOST_NOTES} more")
    return lines + [("note", line) for text in notes for line in wrapped(text, int(room / 6.5), 1)]
