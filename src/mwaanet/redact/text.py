"""Texts: what AWS, pip or everybody calls so stays, so do times, versions, private addresses; the rest is replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Final

from mwaanet.names import PACKAGE_HOSTS
from mwaanet.redact.addresses import Addresses
from mwaanet.redact.hosts import SUFFIX, replace_aws_host
from mwaanet.redact.pseudonyms import Pseudonyms
from mwaanet.redact.vocabulary import ID_PREFIXES, KEPT_ACCOUNTS, RESOURCE_TYPES, VALUES, WORDS
from mwaanet.snapshot.credentials import without_credentials
from mwaanet.snapshot.place import REGION

_LONG: Final = 9
"""How many digits alone may say whom they are about; shorter numbers are ports, versions, counts."""

_PIECES: Final = re.compile(
    "|".join(
        (
            r"(?P<managed>arn:aws[\w-]*:iam::aws:[\w/+=,.@*-]+)",
            r"(?P<variable>\$\{[^{}]*\})",
            r"(?P<arn>arn:(?:aws[\w-]*|\*):[\w*-]*:[\w*-]*:[\w*-]*:(?:[a-z-]+(?=[/:]))?)",
            r"(?P<linked>AWSServiceRoleFor(?:(?!\d{9})[A-Za-z0-9])+|AWS_OWNED_K\w+|(?:aws-)?service-role|airflow\.providers\.[\w.]+)",
            r"(?P<service>(?:com|aws)\.(?:amazonaws|api|sagemaker)\.[\w.-]+)",
            rf"(?P<host>(?<![\w.*-])(?:[\w*-]+\.)*{SUFFIX}(?![\w-]|\.\w))",
            rf"(?P<package>(?<![\w.-])(?:{'|'.join(map(re.escape, sorted(PACKAGE_HOSTS)))})(?![\w-]|\.\w))",
            r"(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)",
            r"(?P<reverse>(?<![\w.])(?:\d{1,3}\.){1,4}in-addr\.arpa)",
            r"(?P<reverse6>(?<![\w.])(?:[0-9a-f]\.){1,32}ip6\.arpa)",
            r"(?P<v4>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?!\d|\.\d))",
            r"(?P<v6>(?<![\w:])[0-9a-fA-F]{0,4}:[0-9a-fA-F:]*(?::(?:\d{1,3}\.){3}\d{1,3})?(?:/\d{1,3})?(?![\w:]))",
            r"(?P<dashed>(?:(?<![A-Za-z0-9])(?<!\d-)|(?<=ec2-))\d{1,3}(?:-\d{1,3}){3}(?!-?[A-Za-z0-9]))",
            rf"(?P<region>(?<![A-Za-z0-9]){REGION}[a-z]?(?![A-Za-z0-9])|(?<![A-Za-z0-9])[a-z]{{3,5}}\d-az\d(?!\d))",
            r"(?P<uuid>(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f]))",
            rf"(?P<id>(?<![A-Za-z0-9])(?:(?:{'|'.join(sorted(ID_PREFIXES))})-){{1,4}}(?=[0-9a-f]{{8}})[0-9a-f]{{8,32}}(?![A-Za-z0-9]))",
            r"(?P<telephone>(?<!\w)\+\d[\d ()./-]{6,}\d)",
            r"(?P<autodefined>rslvr-autodefined-(?:rr|assoc)|internet-resolver)",
            r"(?P<account>(?<![A-Za-z0-9])\d{12}(?![A-Za-z0-9]))",
            r"(?P<grouped>(?<![A-Za-z0-9])\d{4}-\d{4}-\d{4}(?![A-Za-z0-9]))",
            r"(?P<hexadecimal>(?<![A-Za-z0-9])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,}(?![A-Za-z0-9]))",
            r"(?P<option>(?<![\w-])--?[a-z][a-z0-9-]*(?=[\s=]|$))",
            r"(?P<word>[^\W_]+?(?=(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d))|[^\W_]+)",
        )
    )
)


class Texts:
    """The replacements of texts; `pseudonyms` and `addresses` have the salt."""

    def __init__(self, pseudonyms: Pseudonyms, addresses: Addresses) -> None:
        self._pseudonyms = pseudonyms
        self._addresses = addresses
        self._by_kind: Mapping[str, Callable[[str], str]] = {
            "arn": self._arn,
            "variable": self._variable,
            "host": lambda text: replace_aws_host(text, self.replace),
            "service": self._ids_in,
            "reverse": self._reverse,
            "reverse6": self._reverse6,
            "v4": self._address,
            "v6": self._address,
            "dashed": self._dashed,
            "uuid": self._hexadecimal,
            "id": self._id,
            "account": self.account,
            "grouped": self._grouped,
            "managed": self._accounts_in,
            "hexadecimal": pseudonyms.hexadecimal,
            "telephone": lambda text: re.sub(r"\d+", lambda digits: pseudonyms.word(digits[0]), text),
        }
        self._cache: dict[tuple[str, frozenset[str], bool], str] = {}

    def replace(self, text: str, words: frozenset[str] = frozenset(), *, options: bool = False) -> str:
        """A text with everything replaced that is not known; `words` stay besides, and so do `options` (`--name`)."""
        key = (text, words, options)
        if key not in self._cache:
            self._cache[key] = text if text in VALUES else self._replaced(text, words, options)
        return self._cache[key]

    def account(self, text: str) -> str:
        """An account id."""
        return text if text in KEPT_ACCOUNTS else self._pseudonyms.account(text)

    def _replaced(self, text: str, words: frozenset[str], options: bool) -> str:
        def piece(match: re.Match[str]) -> str:
            kind, found = match.lastgroup or "", match[0]
            if kind == "variable" and ":" not in found:
                return self._words(found, words)
            if kind == "word" or (kind == "option" and not options):
                return self._words(found, words)
            return self._by_kind.get(kind, _same)(found)

        return _PIECES.sub(piece, without_credentials(text))

    def _words(self, text: str, words: frozenset[str] = frozenset()) -> str:
        return re.sub(r"[^\W_]+", lambda match: self._word(match[0], words), text)

    def _word(self, word: str, words: frozenset[str]) -> str:
        if word.lower() in WORDS or word in words or word.lower() in words or (word.isdigit() and len(word) < _LONG):
            return word
        if re.fullmatch(r"v\d{1,3}|REDACTED", word):
            return word
        return self._pseudonyms.word(word)

    def _arn(self, head: str) -> str:
        """An ARN up to the type of its resource; what follows is replaced as any text."""
        parts = head.split(":", 5)
        parts[4] = self.account(parts[4]) if re.fullmatch(r"\d{12}", parts[4]) else parts[4]
        if parts[5] not in RESOURCE_TYPES:
            parts[5] = self._words(parts[5])
        return ":".join(parts)

    def _variable(self, text: str) -> str:
        """A policy variable, in which the name of a tag is replaced."""
        name, slash, tag = text[2:-1].partition("/")
        return "${" + name + slash + self._words(tag) + "}"

    def _address(self, text: str) -> str:
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            return self._words(text)
        given, _, length = text.partition("/")
        if length and str(network.network_address) != given:
            return f"{self._addresses.replace(ip_network(given)).network_address}/{length}"
        replaced = self._addresses.replace(network)
        if replaced == network:
            return text
        return str(replaced) if length else str(replaced.network_address)

    def _dashed(self, text: str) -> str:
        return self._address(text.replace("-", ".")).replace(".", "-")

    def _reverse(self, text: str) -> str:
        octets = text.removesuffix(".in-addr.arpa").split(".")
        address = ".".join([*reversed(octets), *["0"] * (4 - len(octets))])
        replaced = self._address(f"{address}/{8 * len(octets)}").partition("/")[0].split(".")[: len(octets)]
        return ".".join([*reversed(replaced), "in-addr.arpa"])

    def _reverse6(self, text: str) -> str:
        nibbles = text.removesuffix(".ip6.arpa").split(".")
        digits = "".join(reversed(nibbles)).ljust(32, "0")
        address = ":".join(digits[at : at + 4] for at in range(0, 32, 4))
        network = self._addresses.replace(ip_network(f"{address}/{4 * len(nibbles)}"))
        replaced = f"{int(network.network_address):032x}"[: len(nibbles)]
        return ".".join([*reversed(replaced), "ip6.arpa"])

    def _hexadecimal(self, text: str) -> str:
        return "-".join(map(self._pseudonyms.hexadecimal, text.split("-")))

    def _id(self, text: str) -> str:
        prefix, _, random = text.rpartition("-")
        return f"{prefix}-{self._pseudonyms.hexadecimal(random)}"

    def _grouped(self, text: str) -> str:
        """An account id as the console shows it."""
        digits = self.account(text.replace("-", ""))
        return "-".join(digits[at : at + 4] for at in (0, 4, 8))

    def _accounts_in(self, text: str) -> str:
        """What AWS alone names; should an account id be in it, that is replaced."""
        return re.sub(r"\d{12}", lambda match: self.account(match[0]), text)

    def _ids_in(self, text: str) -> str:
        """The name of an endpoint service: AWS's own stays, of a customer's the id is replaced."""
        return re.sub(r"vpce-svc-[0-9a-f]{8,}", lambda match: self._id(match[0]), self._accounts_in(text))


def _same(text: str) -> str:
    return text
