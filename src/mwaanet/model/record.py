"""What all records share: how AWS's names become fields, where a record was read, and the tags it carries.

Every record is a frozen struct whose fields are AWS's names in snake_case. What AWS may leave out has a default; what
is missing without one, and a CIDR block or an address that is none, is an error when the snapshot is loaded.

Where a record was read is set after decoding: no JSON can say it, for the decoder refuses to make a `Place`.

Modules of records do not postpone their annotations: a decoder would compile each text, and again wherever the record
is part of another, which took longer than decoding a hundred files.
"""

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from mwaanet.net import AddressSet
from mwaanet.net.address import parse_address
from mwaanet.snapshot.document import Document


class Origin(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Where a record was read: its document, and its place in it.

    `key` is a JSON pointer into the document, `number` the place in the list that it leads to, or -1 for all of it.
    """

    document: Document
    key: str
    number: int = -1

    @property
    def place(self) -> str:
        """The JSON pointer of the record in the document as the reader gives it."""
        return self.key if self.number < 0 else f"{self.key}/{self.number}"

    @property
    def pointer(self) -> str:
        """The JSON pointer of the record in the file as it was written."""
        return self.document.written(self.place)

    def below(self, rest: str, number: int = -1) -> "Origin":
        """The origin of a part of the record, by the rest of its JSON pointer and its number in the list there."""
        return Origin(self.document, self.place + rest, number)

    def __repr__(self) -> str:
        return f"Origin({self.document.file!r}, {self.place!r})"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Origin):
            return NotImplemented
        return self.document is other.document and self.place == other.place

    __ne__ = object.__ne__
    """The contrary of `==`; that of other structs asks whether both are the same object."""

    def __hash__(self) -> int:
        return hash((id(self.document), self.place))


if TYPE_CHECKING:
    Cidr = str
    Ip = str
    Place = Origin
else:

    class Cidr(str):
        """A CIDR block as text, known to be one."""

        __slots__ = ()

    class Ip(str):
        """One IP address as text, known to be one."""

        __slots__ = ()

    class Place:
        """An `Origin` that no JSON can give."""


Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
"""A port, or 0 where there is none."""


class Shape(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="pascal"):
    """A part of a record: fields are AWS's names in snake_case."""


class Record(Shape, frozen=True, kw_only=True, gc=False):
    """A record of a list that AWS returns, or the response to a call; `origin` is set by the reader."""

    origin: Place | None = msgspec.field(default=None, name="<origin>")


class CamelShape(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="camel"):
    """A part of a record of a service whose names are camelCase (Direct Connect, CloudWatch Logs)."""


class CamelRecord(CamelShape, frozen=True, kw_only=True, gc=False):
    """A record of such a service."""

    origin: Place | None = msgspec.field(default=None, name="<origin>")


class Tag(Shape, frozen=True, kw_only=True, gc=False):
    """Tag (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html)."""

    key: str
    value: str = ""


def name_tag(tags: tuple[Tag, ...]) -> str:
    """The value of the Name tag; empty without one."""
    return next((tag.value for tag in tags if tag.key == "Name"), "")


_MOST_KNOWN = 1 << 18
_known: dict[tuple[type, str], str] = {}


def from_text(kind: type, value: Any) -> Any:
    """What JSON's value is as a `Cidr` or `Ip`, the same object for the same text; ValueError where it is none."""
    try:
        return _known[kind, value]
    except (KeyError, TypeError):
        found = _checked(kind, value)
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[kind, value] = found
    return found


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_DOTTED_QUAD = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}", re.ASCII)


def _checked(kind: type, value: Any) -> str:
    if kind is Ip and isinstance(value, str) and _DOTTED_QUAD.fullmatch(value):
        return Ip(value)
    if kind is Place:
        raise ValueError("is not a field of AWS's")
    if not isinstance(value, str):
        raise ValueError(f"expected `str`, got {value!r}")
    if kind is Cidr:
        return Cidr(_block(value))
    try:
        parse_address(value)
    except ValueError:
        raise ValueError(f"expected an IP address, got {value!r}") from None
    return Ip(value)


def _block(text: str) -> str:
    """The text of a CIDR block; bits beyond its prefix are cleared, as AWS itself does with those of rules."""
    try:
        AddressSet.parse(text)
        usable = "/" in text
    except ValueError:
        usable = False
    if usable:
        return text
    try:
        return str(ip_network(text, strict=False)) if "/" in text and "%" not in text else _no_block(text)
    except ValueError:
        return _no_block(text)


def _no_block(text: str) -> str:
    raise ValueError(f"expected a CIDR block such as 10.0.0.0/16, got {text!r}")
