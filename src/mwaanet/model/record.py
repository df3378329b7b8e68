"""What all records share: where each was read, and the tags that AWS resources carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mwaanet.snapshot.document import Document


class Origin(NamedTuple):
    """Where a record was read: its file, and its place in that file's list (`key` is a JSON pointer; `number` is -1 for the whole of it)."""

    document: Document
    key: str
    number: int

    @property
    def pointer(self) -> str:
        """The JSON pointer of the record."""
        return self.key if self.number < 0 else f"{self.key}/{self.number}"


if TYPE_CHECKING:
    OriginField = Origin | None
else:
    OriginField = Any  # the decoder need not know the type: what a JSON puts there is always overwritten


class Shape(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """A part of a record: fields are AWS's names in snake_case."""


class Record(Shape, frozen=True, kw_only=True):
    """A record of a list that AWS returns; `origin` is set by the reader, never by the JSON."""

    origin: OriginField = msgspec.field(default=None, name="<origin>")


class CamelShape(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of a record of a service whose names are camelCase (Direct Connect, CloudWatch Logs)."""


class CamelRecord(CamelShape, frozen=True, kw_only=True):
    """A record of such a service."""

    origin: OriginField = msgspec.field(default=None, name="<origin>")


class Tag(Shape, frozen=True, kw_only=True):
    """Tag (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html)."""

    key: str
    value: str = ""


def name_tag(tags: tuple[Tag, ...]) -> str:
    """The value of the Name tag; empty without one."""
    return next((tag.value for tag in tags if tag.key == "Name"), "")
