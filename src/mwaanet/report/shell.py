"""Shell commands broken into lines that can still be copied and run as they stand.

A line is broken at a blank between words (with a backslash), inside a quoted JSON argument between two of its tokens
(where JSON takes white space), or, where neither is possible, inside a word: then the next line is not indented.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

CONTINUED = " \\"
"""What ends a line that goes on."""


def command_lines(command: str, width: int, indent: int) -> list[str]:
    """One command in lines of at most `width`, the first indented by `indent`."""
    command = command.strip()
    first, further = " " * indent, " " * (indent + 4)
    if cell_len(first + command) <= width:
        return [first + command]
    lines: list[str] = []
    line = ""
    for word in _together(list(_words(command)), width - len(further + CONTINUED)):
        start = f"{line} {word}" if line else first + word
        if cell_len(start) + len(CONTINUED) <= width:
            line = start
            continue
        if line:
            lines.append(line + CONTINUED)
        *full, line = _folded((further if lines else first) + word, width, indent + 6)
        lines.extend(full)
    return [*lines, line]


def _together(words: list[str], width: int) -> Iterator[str]:
    """The words, an option with its value where both fit a line."""
    while words:
        word = words.pop(0)
        if word.startswith("-") and words and not words[0].startswith("-"):
            pair = f"{word} {words[0]}"
            if cell_len(pair) <= width:
                words.pop(0)
                word = pair
        yield word


def _states(text: str) -> list[tuple[str, bool]]:
    """Before each character and at the end: the quote that is open, and whether a backslash is."""
    states = [("", False)]
    for character in text:
        quote, escaped = states[-1]
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        states.append((quote, escaped))
    return states


def _words(command: str) -> Iterator[str]:
    """The words of a command with their quotes."""
    word = ""
    for character, state in zip(command, _states(command), strict=False):
        if character == " " and state == ("", False):
            if word:
                yield word
            word = ""
        else:
            word += character
    if word:
        yield word


def _folded(line: str, width: int, indent: int) -> list[str]:
    """A line that holds one word, which may be too long for it."""
    if cell_len(line) + len(CONTINUED) <= width:
        return [line]
    return _folded_json(line, width, indent) or _folded_word(line, width)


def _folded_json(line: str, width: int, indent: int) -> list[str]:
    """A single-quoted JSON argument, broken between its tokens; nothing where it is none or a token is too long."""
    word = line.lstrip(" ")
    start, _, rest = word.partition("'")
    if not rest.endswith("'") or rest.count("'") != 1:
        return []
    try:
        json.loads(rest[:-1])
    except ValueError:
        return []
    lines = [" " * (len(line) - len(word)) + start + "'"]
    for token in _tokens(rest):
        if cell_len(lines[-1] + token) > width - len(CONTINUED):
            lines.append(" " * indent + token.lstrip(" "))
        else:
            lines[-1] += token
    return lines if all(cell_len(text) <= width for text in lines) else []


def _tokens(text: str) -> Iterator[str]:
    """JSON cut behind its commas and opening brackets, outside of its strings."""
    token, in_string, escaped = "", False, False
    for character in text:
        token += character
        if escaped:
            escaped = False
        elif in_string and character == "\\":
            escaped = True
        elif character == '"':
            in_string = not in_string
        elif not in_string and character in ",[{":
            yield token
            token = ""
    yield token


def _folded_word(line: str, width: int) -> list[str]:
    """A word cut anywhere outside of its quotes, or within them by closing and opening them again."""
    lines: list[str] = []
    rest = line
    while cell_len(rest) + len(CONTINUED) > width:
        head = chop_cells(rest, width - len(CONTINUED))[0]
        quote, escaped = _states(head)[-1]
        if escaped:
            head = head[:-1]
        lines.append(f"{head}{quote}\\")
        rest = quote + rest[len(head) :]
    return [*lines, rest]
