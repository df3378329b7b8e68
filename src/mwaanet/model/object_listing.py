"""What a list of a bucket proves: that a key is not in it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: a list begins after `StartAfter`, holds the keys
with the `Prefix`, rolls up those with the `Delimiter` after it, and goes on in another page where it is truncated.

Not modelled: keys encoded for URLs (`EncodingType`), whose lists prove nothing.
"""

from collections.abc import Iterable, Mapping

from mwaanet.model.decode import Call
from mwaanet.model.record import Record, Shape
from mwaanet.snapshot import says_absent


class Listed(Shape, frozen=True, kw_only=True):
    """Object (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html)."""

    key: str


class ObjectListing(Record, frozen=True, kw_only=True):
    """ListObjectsV2; `next_token` is the AWS CLI's own where it was told to stop early (`--max-items`)."""

    contents: tuple[Listed, ...] = ()
    is_truncated: bool = False
    prefix: str = ""
    start_after: str = ""
    delimiter: str = ""
    encoding_type: str = ""
    next_continuation_token: str = ""
    next_token: str = ""


def bucket_is_gone(calls: Iterable[Call]) -> bool:
    """Whether AWS said of a bucket that was to be listed that there is none."""
    return any(call.error is not None and says_absent(call.error.code) for call in calls)


def leave_out(calls: Iterable[Call], key: str) -> bool:
    """Whether lists of a bucket prove that it does not hold a key: a complete one lacks it, or there is no bucket."""
    made = list(calls)
    if bucket_is_gone(made):
        return True
    by_token: dict[str, list[Call]] = {}
    for call in made:
        by_token.setdefault(str(call.parameters.get("ContinuationToken", "")), []).append(call)
    return any(_is_complete_without(first, by_token, key) for first in by_token.get("", ()))


def _is_complete_without(first: Call, by_token: Mapping[str, list[Call]], key: str) -> bool:
    """Whether a list leaves out the key, from its first page to its last."""
    page: Call | None = first
    seen: set[str] = set()
    while page is not None:
        listing = page.response
        if not isinstance(listing, ObjectListing) or not _covers(page, listing, key):
            return False
        if any(item.key == key for item in listing.contents):
            return False
        token = listing.next_continuation_token
        if not token:
            return not (listing.is_truncated or listing.next_token)
        following = by_token.get(token, [])
        page = following[0] if following and token not in seen else None
        seen.add(token)
    return False


def _covers(page: Call, listing: ObjectListing, key: str) -> bool:
    """Whether the key would stand in this list by itself."""
    delimiter = listing.delimiter or _asked(page, "Delimiter")
    prefix = listing.prefix or _asked(page, "Prefix")
    after = listing.start_after or _asked(page, "StartAfter")
    rolled_up = bool(delimiter) and delimiter in key.removeprefix(prefix)
    encoded = listing.encoding_type or _asked(page, "EncodingType")
    return key.startswith(prefix) and key > after and not rolled_up and not encoded


def _asked(page: Call, name: str) -> str:
    return str(page.parameters.get(name) or "")
