"""What a page of ours may load and run: nothing but its own styles and scripts, named by their content."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256


def content_security_policy(styles: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """A Content-Security-Policy that lets in exactly these (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    allowed = [
        f"{name} {' '.join(map(_hash, texts))}"
        for name, texts in (("style-src", styles), ("script-src", scripts))
        if texts
    ]
    return "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
