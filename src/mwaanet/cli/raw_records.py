"""The JSON that evidence points at, read from the snapshot again, for whoever wants to see it as AWS wrote it."""

from __future__ import annotations

import json
from typing import Any

from mwaanet.errors import MwaanetError
from mwaanet.graph.flight import Evidence
from mwaanet.snapshot.credentials import answer_without_credentials, without_credentials
from mwaanet.snapshot.document import Document

MOST = 6000
"""Characters of one piece."""


class RawRecords:
    """Reads each file once; what is a credential is left out."""

    def __init__(self) -> None:
        self._trees: dict[int, Any] = {}

    def __call__(self, evidence: Evidence) -> str:
        """The JSON at the evidence's place, cut where it is long; empty where there is none."""
        origin = evidence.origin
        if origin is None:
            return ""
        try:
            value = self._tree(origin.document)
            for step in (origin.place + evidence.rest).split("/")[1:]:
                key = step.replace("~1", "/").replace("~0", "~")
                value = value[int(key)] if isinstance(value, list) else value[key]
        except (MwaanetError, KeyError, IndexError, ValueError, TypeError, RecursionError):
            return ""
        text = without_credentials(json.dumps(answer_without_credentials(value), indent=2, ensure_ascii=False))
        return text if len(text) <= MOST else f"{text[:MOST]}\n… ({len(text) - MOST} characters more)"

    def _tree(self, document: Document) -> Any:
        if id(document) not in self._trees:
            self._trees[id(document)] = json.loads(document.read())
        return self._trees[id(document)]
