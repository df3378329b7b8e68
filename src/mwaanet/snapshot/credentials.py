"""Credentials in texts and under keys that name them: they are taken out, not replaced.

AWS hands some of them to whoever may describe: the pre-shared keys of a VPN connection's tunnels, also inside the
configuration for the customer gateway
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html), the BGP keys of virtual interfaces
(https://docs.aws.amazon.com/directconnect/latest/APIReference/API_VirtualInterface.html), an environment's Airflow
options, and in what is said of a wrong signature the headers that were signed, with the session token
(https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

REMOVED: Final = "REDACTED"
"""What stands for a credential."""

_KEY: Final = re.compile(
    r"password|passwd|passphrase|secret_?(access_?)?key\b|session_?token|(access|auth|api|id|refresh)_?token|pre_?shared_?key\b"
    r"|auth_?key|private_?key\b|api_?key|fernet_?key|client_?secret|customer(gateway|router)config|user_?data|^ca?kn?$"
    r"|sql_alchemy_conn|result_backend|broker_url",
    re.IGNORECASE,
)
_POLICIES: Final = frozenset({"Document", "PolicyDocument", "AssumeRolePolicyDocument"})
_OPTIONS: Final = "AirflowConfigurationOptions"
"""Texts of the user's own, in which anything may stand."""
_TEXTS: Final = (
    (re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL), REMOVED),
    (re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"), REMOVED),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"), REMOVED),
    (re.compile(r"\b(?:gh[opsu]|github_pat|glpat|xox[abprs]|hf|pypi|dop_v1|sk|npm)[-_][A-Za-z0-9_-]{16,}"), REMOVED),
    (
        re.compile(
            r"(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9+/]*[0-9+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])"
            r"[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])"
        ),
        REMOVED,
    ),
    (re.compile(r"(://)[^/\s:@'\"]*:[^/\s'\"]*@"), rf"\1{REMOVED}:{REMOVED}@"),
    (re.compile(r"(://)[^/\s:@'\"]+@"), rf"\1{REMOVED}@"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {REMOVED}"),
    (
        re.compile(
            r"((?:password|passwd|passphrase|secret_?key|secret_?access_?key|client_?secret|token|api_?key|access_?key)\w*[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s\"',;&}]+)",
            re.IGNORECASE,
        ),
        rf"\1{REMOVED}",
    ),
)


_LONGEST_KEPT = 128
"""How long a key is at most whose answer is kept, for the key is kept with it."""


def names_credential(key: str) -> bool:
    """Whether what a key names is a credential."""
    return _names_credential(key) if len(key) <= _LONGEST_KEPT else _KEY.search(key) is not None


@lru_cache(maxsize=1 << 14)
def _names_credential(key: str) -> bool:
    return _KEY.search(key) is not None


def without_credentials(text: str) -> str:
    """The text with a mark in place of every credential."""
    for pattern, replacement in _TEXTS:
        text = pattern.sub(replacement, text)
    return text


def answer_without_credentials(value: Any, key: str = "") -> Any:
    """An answer with a mark in place of every credential; policies stay as they are, for they only name settings."""
    if isinstance(value, str):
        return REMOVED if value and names_credential(key) else value
    if key in _POLICIES:
        return value
    if key == _OPTIONS and isinstance(value, dict):
        value = {name: without_credentials(item) if isinstance(item, str) else item for name, item in value.items()}
    if isinstance(value, dict):
        return {name: answer_without_credentials(item, _named(value, name)) for name, item in value.items()}
    return [answer_without_credentials(item, key) for item in value] if isinstance(value, list) else value


def _named(record: Mapping[str, Any], name: str) -> str:
    """What a field is about: a tag's value is about the tag's key."""
    key = record.get("Key", record.get("key"))
    return key if name.lower() == "value" and isinstance(key, str) else name
