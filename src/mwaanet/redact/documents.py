"""Answers of AWS, field by field: words of AWS's stay where AWS alone writes them, everything else is replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from mwaanet.redact.text import Texts
from mwaanet.redact.vocabulary import (
    KEPT_KEYS,
    MESSAGE_WORDS,
    MESSAGES,
    NAMED_BY_KEY,
    PIP_WORDS,
    SETTINGS,
    SITE_KEYS,
    TAGS,
)
from mwaanet.snapshot.credentials import REMOVED, names_credential

_PLAIN: Final = re.compile(r"[\w .:+/*!()-]{0,64}", re.ASCII)
"""What a word of AWS's looks like."""
_IDENTIFYING: Final = re.compile(r"\d{12}|\d+\.\d+\.\d+\.\d+|@|[0-9a-f]{8}")
_ACTION: Final = re.compile(r"[A-Za-z0-9*?-]*:[A-Za-z0-9*?]+|\*")
_FIELD: Final = re.compile(r"[A-Za-z][\w.-]*|[a-z0-9-]+(?::[\w.-]+)+", re.ASCII)
"""The name of a field, of an Airflow option or of a condition's key."""
_CONDITION_KEY: Final = re.compile(r"[a-z0-9-]+:[A-Za-z]+")
"""A condition's key that a tag's name follows: `aws:ResourceTag/…`."""
_ACCOUNT: Final = re.compile(r"\d{12}")
_OWN_TAGS: Final = re.compile(r"aws:(?!.*\d{12}).*|Name|AmazonMWAAManaged")
"""Tags that AWS sets, and the one whose value the console shows."""
_NAMED: Final = re.compile("bucket|prefix|cookie_name", re.IGNORECASE)
_ASNS: Final = frozenset({"asn", "BgpAsn", "BgpAsnExtended", "amazonSideAsn", "AmazonSideAsn", "PeerAsn", "bgpAsn"})
_PRIVATE_ASNS: Final = ((64512, 65534), (4200000000, 4294967294))
_VARIABLE: Final = re.compile(r"[$@]\w+")
_QUOTED: Final = re.compile(r'"[^"]*"')


class Documents:
    """The replacements in documents."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._names: dict[str, str] = {}

    def replace(self, value: Any, key: str = "", around: str = "") -> Any:
        """A value that lies under a key, in an object that lies under another."""
        if isinstance(value, dict):
            return self._object(value, key)
        if isinstance(value, list):
            return [self.replace(item, key, around) for item in value]
        if isinstance(value, str):
            return self._text(value, key, around)
        return self._number(value, key)

    def _object(self, found: Mapping[str, Any], around: str) -> dict[str, Any]:
        if around in TAGS:
            return {self._key_of_tag(name, found): self._value_of_tag(name, value) for name, value in found.items()}
        if around in SETTINGS:
            return {name: self._setting(name, value, found) for name, value in found.items()}
        if around in NAMED_BY_KEY:
            return {self._texts.replace(name): self.replace(value, name) for name, value in found.items()}
        if "Body" in found and isinstance(found["Body"], str):
            return {self.name(name): self._body(name, value) for name, value in found.items()}
        managed = str(found.get("PolicyArn", "")).split(":")[4:5] == ["aws"]
        return {
            self.name(name): value if managed and name == "PolicyName" else self.replace(value, name, around)
            for name, value in found.items()
        }

    def name(self, key: str) -> str:
        """The key of an object: AWS's names of fields stay, what a customer has named is replaced."""
        if key not in self._names:
            self._names[key] = self._name(key)
        return self._names[key]

    def _name(self, key: str) -> str:
        if _ACCOUNT.fullmatch(key):
            return self._texts.account(key)
        context = re.fullmatch(r"(kms:EncryptionContext:)(?!aws:)(.+)", key)
        if context:
            return context[1] + self._texts.replace(context[2])
        head, slash, tag = key.partition("/")
        if slash and _CONDITION_KEY.fullmatch(head):
            return f"{head}/{self._tag(tag)}"
        return key if _FIELD.fullmatch(key) and not _IDENTIFYING.search(key) else self._texts.replace(key)

    def _key_of_tag(self, name: str, tag: Mapping[str, Any]) -> str:
        return name if {"Key", "key"} & set(tag) else self._tag(name)

    def _value_of_tag(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return self.replace(value)
        return self._tag(value) if name in ("Key", "key") else self._texts.replace(value)

    def _tag(self, name: str) -> str:
        return name if _OWN_TAGS.fullmatch(name) else self._texts.replace(name)

    def _setting(self, name: str, value: Any, setting: Mapping[str, Any]) -> Any:
        """A named value: of a load balancer, of DHCP options, of a filter."""
        key = str(setting.get("Key", setting.get("Name", "")))
        if name in ("Key", "Name"):
            return value
        kept = isinstance(value, str) and not _NAMED.search(key) and _is_plain(value) and "." in key
        return value if kept else self.replace(value)

    def _text(self, value: str, key: str, around: str) -> str:
        if names_credential(key):
            return REMOVED if value else value
        if key in ("Action", "NotAction", "Operations", "Actions"):
            return value if _ACTION.fullmatch(value) or _is_plain(value) else self._texts.replace(value)
        kept = key in KEPT_KEYS or key in SITE_KEYS or (key == "Name" and around == "State")
        if kept and _is_plain(value):
            return value
        if key == "RulesString":
            return self._rules(value)
        if value.lstrip().startswith(("{", "[")):
            return self._document_in(value)
        return self._texts.replace(value, MESSAGE_WORDS if key in MESSAGES else frozenset())

    def _document_in(self, value: str) -> str:
        """A text that is itself JSON: a policy, as S3, KMS and endpoints give it."""
        try:
            document = json.loads(value)
        except ValueError:
            return self._texts.replace(value)
        return json.dumps(self.replace(document))

    def _body(self, name: str, value: Any) -> Any:
        if name != "Body":
            return self.replace(value, name)
        return self._texts.replace(value, PIP_WORDS, options=True)

    def _rules(self, rules: str) -> str:
        """Suricata rules: variables, addresses and what stands in quotes; the language's own words stay."""
        words = frozenset(re.findall(r"[^\W_]+", _VARIABLE.sub("", _QUOTED.sub("", rules))))
        pieces = re.split(r'("[^"]*"|[$@]\w+)', rules)
        return "".join(
            self._texts.replace(piece) if at % 2 else self._texts.replace(piece, words)
            for at, piece in enumerate(pieces)
        )

    def _number(self, value: Any, key: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        if key in _ASNS:
            return value if _is_private_asn(value) else 4200000000 + int(self._texts.account(f"{value:012}")[-7:])
        return int(self._texts.account(str(value))) if len(str(value)) == 12 else value


def _is_plain(value: str) -> bool:
    return bool(_PLAIN.fullmatch(value)) and not _IDENTIFYING.search(value)


def _is_private_asn(number: int) -> bool:
    return any(low <= number <= high for low, high in _PRIVATE_ASNS)
