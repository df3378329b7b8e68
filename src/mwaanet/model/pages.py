"""One answer made of several: the pages of a call that were kept one by one, in one file or in many."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from mwaanet.errors import SnapshotError
from mwaanet.model.record import Origin

T = TypeVar("T")


def merged(pages: tuple[tuple[T, Origin], ...]) -> tuple[T, Origin]:
    """The first page with what its lists hold on the others, and where it was read."""
    first, origin = pages[0]
    rest: list[Any] = [page for page, _ in pages[1:]]
    made: Any = first
    if rest and isinstance(made, msgspec.Raw):
        texts = [msgspec.json.decode(page) for page in (made, *rest)]
        if not all(isinstance(text, dict) for text in texts):
            document = origin.document
            raise SnapshotError(document.path or document.file, origin.place, "expected pages that are objects")
        made = msgspec.Raw(msgspec.json.encode(_merged_texts(texts)))
    elif rest and isinstance(made, msgspec.Struct):
        lists = [name for name in made.__struct_fields__ if isinstance(getattr(made, name), tuple)]
        made = msgspec.structs.replace(
            made, **{name: tuple(item for page in (made, *rest) for item in getattr(page, name)) for name in lists}
        )
    return made, origin


def _merged_texts(pages: list[Any]) -> Any:
    whole = dict(pages[0])
    for page in pages[1:]:
        for key, value in page.items():
            if isinstance(value, list) and isinstance(whole.get(key), list):
                whole[key] = [*whole[key], *value]
            else:
                whole.setdefault(key, value)
    return whole
