"""What a startup script fetches by commands of its own, beside what pip installs from requirements.txt.

https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html
"""

from __future__ import annotations

import re

_BEGINS = r"(?:^|&&|\|\||[;|(`]|\b(?:then|do|else|sudo)\s)\s*(?:[A-Za-z_][A-Za-z0-9_]{0,99}=\S{0,999}\s+)*"
"""Where a command begins, and the variables set for it; bounded, so that a long line takes no more than its length."""
_PATH = r"[^\s;&|(`]*"
_FETCHES = (
    rf"(?:{_PATH}python[0-9.]*\s+-m\s+)?{_PATH}\bpip[0-9.]*\s+(?:install|download|wheel)|"
    r"uv\s+(?:pip\s+\w+|add|sync|run|tool)|uvx|"
    r"curl|wget|git\s+(?:clone|fetch|pull)|(?:yum|dnf|microdnf|apt|apt-get|npm|conda)\s+(?:-y\s+)?install"
)
_COMMAND = re.compile(rf"{_BEGINS}({_FETCHES})(?=\s|$)")


def fetching_lines(script: str) -> tuple[str, ...]:
    """The lines whose commands fetch something over the network, each with its command but none of its arguments."""
    found = []
    for number, line in enumerate(script.splitlines(), start=1):
        match = _COMMAND.search(re.sub(r"(^|\s)#.*", "", line))
        if match and "--no-index" not in line:
            found.append(f"line {number} ({' '.join(match[1].split())})")
    return tuple(found)
