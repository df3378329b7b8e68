"""What ends a collection: AWS cannot be asked at all. Everything else is recorded as refused and ends nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError

from mwaanet.errors import MwaanetError
from mwaanet.snapshot.credentials import without_credentials

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_MOST_SKEW: Final = 240
"""Seconds by which a clock may be off; AWS takes 300
(https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html)."""
_DATED = frozenset(
    {
        *_EXPIRED,
        "AuthFailure",
        "InvalidSignatureException",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    }
)


class CollectError(MwaanetError):
    """AWS cannot be asked at all: no credentials, no network, a wrong clock."""


def is_expired(error: Exception) -> bool:
    """Whether the credentials were good and no longer are."""
    return isinstance(error, ClientError) and _code(error) in _EXPIRED and not _skew(error)


def fatal_error(error: Exception) -> CollectError | None:
    """What ends the collection where an error means that no further call can succeed; None for every other."""
    if isinstance(error, HTTPClientError | ConnectionError):
        return None
    if not isinstance(error, ClientError):
        return login_error(error) if isinstance(error, BotoCoreError) and _is_login(error) else None
    skew = _skew(error) if _code(error) in _DATED else 0
    if skew:
        direction = "behind" if skew > 0 else "ahead of"
        return CollectError(
            f"the clock of this host is {round(abs(skew) / 60)} minutes {direction} that of AWS, which refuses what is "
            f"signed so ({_code(error)}): set the clock"
        )
    if _code(error) in _EXPIRED:
        return CollectError(f"the credentials have expired ({_code(error)}): log in again")
    return None


def login_error(error: Exception) -> CollectError:
    """Why no call at all could be made."""
    text = " ".join(without_credentials(str(error)).split()).rstrip(".")
    if isinstance(error, HTTPClientError | ConnectionError):
        return CollectError(f"no network: {text}")
    if isinstance(error, ResponseParserError):
        return CollectError("no network: what answers is not AWS but, it seems, a proxy's page")
    if isinstance(error, ClientError):
        said = without_credentials(error.response.get("Error", {}).get("Message") or "")
        said = " ".join(said.split()).rstrip(".")
        return CollectError(
            f"AWS does not take the credentials: {error.operation_name} gives {_code(error)}{said and ': ' + said}"
        )
    return CollectError(f"no credentials: {text}" if _is_login(error) else text)


def _is_login(error: Exception) -> bool:
    """Whether credentials could not be loaded or fetched."""
    name = type(error).__name__
    return any(word in name for word in ("Credential", "SSO", "Token", "Login"))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _skew(error: ClientError) -> float:
    """Seconds by which AWS's clock is ahead of this host's, from the answer's date; 0 where they agree."""
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        theirs = parsedate_to_datetime(str(headers.get("date", "")))
    except (ValueError, OverflowError):
        return 0
    skew = ((theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    return skew if abs(skew) > _MOST_SKEW else 0
