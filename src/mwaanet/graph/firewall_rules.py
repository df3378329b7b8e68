"""Firewall rules as clauses, and what a list of clauses decides about packets.

A clause whose match depends on more than addresses, protocol and ports (a domain name, packet contents, TCP flags)
only *may* match: the packets go on to the next clause with that clause as a doubt, and it makes the answer unknown
where it would have decided otherwise than what decides in the end.

Rules are those of Suricata, into which AWS turns every stateful rule group
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-how-to-provide-rules.html). A rule about
addresses and ports matches the first packet of a connection, one about an application protocol or about contents
(`late` here) only the packets after the handshake
(https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html).

Not modelled: Suricata keywords that look at more than addresses, protocol, ports and direction: unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_network
from typing import NamedTuple, TypeVar

from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown
from mwaanet.net import ANY_PORT, ICMP, ICMPV6, TCP, UDP, AddressSet, Intervals, PacketSet

Values = TypeVar("Values", AddressSet, Intervals)


class Verdict(StrEnum):
    """What a clause does with the packets that it matches."""

    PASS = "pass"
    DROP = "drop"
    FORWARD = "forward to the stateful engine"


class Side(StrEnum):
    """Which packets of a connection a clause looks at."""

    BOTH = "both"
    REQUESTS = "requests"
    REPLIES = "replies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Addresses, protocols (none given: every one) and ports (`None`: not looked at)."""

    src: AddressSet = AddressSet.ANY
    dst: AddressSet = AddressSet.ANY
    protocols: tuple[int, ...] = ()
    sport: Intervals | None = None
    dport: Intervals | None = None
    turned: bool = False
    """Whether it matches the opposite direction too."""
    lenient: bool = False
    """Whether ports are looked at only where the protocol has them; else they exclude protocols without ports."""

    def of(self, packets: PacketSet) -> PacketSet:
        """The packets among the given ones that match."""
        found = self._along(packets, self.src, self.dst, self.sport, self.dport)
        if self.turned:
            found = found | self._along(packets, self.dst, self.src, self.dport, self.sport)
        return found

    def _along(
        self, packets: PacketSet, src: AddressSet, dst: AddressSet, sport: Intervals | None, dport: Intervals | None
    ) -> PacketSet:
        between = packets.where(src=src, dst=dst)
        found = PacketSet.NONE
        for protocol in self.protocols or (None,):
            part = between.where(protocol=protocol)
            found = found | part.where(sport=sport, dport=dport)
            if self.lenient and (sport or dport):
                found = found | (part - part.where(protocol=TCP) - part.where(protocol=UDP))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule ready to be applied."""

    match: Match
    verdict: Verdict
    text: str
    owner: str
    """The ARN of the rule group or policy that holds it."""
    evidence: Evidence
    side: Side = Side.BOTH
    late: bool = False
    """Whether it can match only after a TCP handshake."""
    doubt: Unknown | None = None
    """Why it is not known whether it matches what `match` matches; None where it certainly does."""


class Ruling(NamedTuple):
    """Which clause decides for these packets (None: no clause), and the doubtful clauses met before it."""

    packets: PacketSet
    clause: Clause | None
    doubts: tuple[Clause, ...]


def first_match(clauses: Iterable[Clause], packets: PacketSet) -> list[Ruling]:
    """Apply clauses in order: the first that certainly matches decides. The rulings' packets add up to the given."""
    rulings: list[Ruling] = []
    pending: list[tuple[PacketSet, tuple[Clause, ...]]] = [(packets, ())]
    for clause in clauses:
        after: list[tuple[PacketSet, tuple[Clause, ...]]] = []
        for rest, doubts in pending:
            matched = clause.match.of(rest)
            if not matched or (clause.doubt and any(_alike(clause, doubt) for doubt in doubts)):
                after.append((rest, doubts))
                continue
            if rest - matched:
                after.append((rest - matched, doubts))
            if clause.doubt:
                after.append((matched, (*doubts, clause)))
            else:
                rulings.append(Ruling(matched, clause, doubts))
        pending = after
        if not pending:
            break
    rulings.extend(Ruling(rest, None, doubts) for rest, doubts in pending if rest)
    return rulings


def _alike(one: Clause, other: Clause) -> bool:
    return (one.owner, one.verdict) == (other.owner, other.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What `$NAME` and `@NAME` in rules stand for; a name that is missing here is not known."""

    addresses: Mapping[str, AddressSet] = field(default_factory=dict)
    ports: Mapping[str, Intervals] = field(default_factory=dict)
    unread: Mapping[str, Unknown] = field(default_factory=dict)
    """Why it is not known what a missing name stands for."""

    def address_set(self, text: str) -> AddressSet | None:
        """`10.0.0.0/8`, `[10.0.0.0/8, !10.1.0.0/16]`, `!$HOME_NET`, `any`; None for what is not known."""
        return _read_set(text, AddressSet.ANY, self._addresses)

    def port_set(self, text: str) -> Intervals | None:
        """`443`, `1024:65535`, `[80, 443]`, `!22`, `$HTTP_PORTS`, `any`; None for what is not known."""
        return _read_set(text, ANY_PORT, self._ports)

    def _addresses(self, text: str) -> AddressSet | None:
        if text[:1] in ("$", "@"):
            return self.addresses.get(text.removeprefix("$"))
        try:
            return AddressSet.parse(str(ip_network(text, strict=False)))
        except ValueError:
            return None

    def _ports(self, text: str) -> Intervals | None:
        if text.startswith("$"):
            return self.ports.get(text[1:])
        low, colon, high = text.partition(":")
        first, last = low or "0", (high or "65535") if colon else low
        if not (_PORT.fullmatch(first) and _PORT.fullmatch(last) and int(first) <= int(last) <= ANY_PORT.max):
            return None
        return Intervals.of((int(first), int(last)))


_PORT = re.compile(r"[0-9]{1,5}")
_DEEPEST = 16
"""How deeply a list may be nested to be read."""


def _read_set(text: str, everything: Values, read: Callable[[str], Values | None], depth: int = 0) -> Values | None:
    """A Suricata list: members are united, those after `!` taken away; None where it is none that can be read."""
    text = text.strip()
    if depth > _DEEPEST:
        return None
    if text.lower() == "any":
        return everything
    if text.startswith("!"):
        inner = _read_set(text[1:], everything, read, depth + 1)
        return None if inner is None else everything - inner
    if not (text.startswith("[") and text.endswith("]")):
        return read(text)
    wanted: list[Values] = []
    unwanted: list[Values] = []
    for part in _members(text[1:-1]):
        inner = _read_set(part.removeprefix("!"), everything, read, depth + 1)
        if inner is None:
            return None
        (unwanted if part.startswith("!") else wanted).append(inner)
    return _united(wanted or [everything]) - _united(unwanted or [everything - everything])


def _united(sets: list[Values]) -> Values:
    """The union, of pairs and pairs of pairs, so that few are large."""
    while len(sets) > 1:
        last = sets[-1:] if len(sets) % 2 else []
        sets = [one | other for one, other in zip(sets[::2], sets[1::2], strict=False)] + last
    return sets[0]


def _members(text: str) -> Iterator[str]:
    """The members of a list, split at the commas outside of inner brackets."""
    depth, member = 0, ""
    for letter in text:
        depth += (letter == "[") - (letter == "]")
        if letter == "," and not depth:
            yield member.strip()
            member = ""
        else:
            member += letter
    if member.strip():
        yield member.strip()


class Header(NamedTuple):
    """The header of a rule, as texts."""

    protocol: str
    source: str
    source_port: str
    turned: bool
    destination: str
    destination_port: str

    def __str__(self) -> str:
        """As Suricata writes it."""
        arrow = "<>" if self.turned else "->"
        return (
            f"{self.protocol} {self.source} {self.source_port} {arrow} {self.destination} {self.destination_port}"
        ).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A stateful rule as texts: what it does, its header, and its options as keyword and value."""

    action: str
    header: Header | None
    options: tuple[tuple[str, str], ...]
    text: str

    @property
    def verdict(self) -> Verdict | None:
        """What it decides; None for an alert, which only logs."""
        if self.action == "alert":
            return None
        return Verdict.PASS if self.action == "pass" else Verdict.DROP


_TRANSPORTS: Mapping[str, tuple[int, ...]] = {
    "ip": (),
    "tcp": (TCP,),
    "udp": (UDP,),
    "icmp": (ICMP, ICMPV6),
    "icmpv4": (ICMP,),
    "icmpv6": (ICMPV6,),
}
_OVER_UDP = ("dns", "krb5", "ikev2", "ike", "tftp", "ntp", "dhcp", "quic", "snmp", "sip")
_OVER_BOTH = ("dns", "krb5", "sip")
_SILENT = ("sid", "gid", "rev", "msg", "classtype", "reference", "metadata", "priority", "target", "noalert", "alert")
_CONTENT = re.compile(r"(content|pcre|http|tls|ssl|ja3|ja4|dns|file|app-layer|byte_|isdataat|base64|ssh|smb|krb5)")
_SIDES = {
    "to_server": Side.REQUESTS,
    "from_client": Side.REQUESTS,
    "to_client": Side.REPLIES,
    "from_server": Side.REPLIES,
}


class _Reading(NamedTuple):
    side: Side
    late: bool
    hidden: str
    """The first keyword or protocol that addresses and ports do not show."""


def clauses_of(signature: Signature, names: Names, owner: str, evidence: Evidence) -> list[Clause]:
    """The clauses of one stateful rule: none for an alert, one per transport for a protocol that has two."""
    verdict = signature.verdict
    if verdict is None:
        return []
    reading = _read_options(signature)
    match, unread = _match(signature.header, names)
    hidden = unread or reading.hidden
    if not signature.action.startswith(("pass", "drop", "reject")):
        hidden = f"the action {signature.action}"
    doubt = None
    if hidden:
        needs = tuple(call for name, why in names.unread.items() if name in unread for call in why.needs)
        doubt = Unknown(reason=f"rule group {owner} decides by {hidden}: {signature.text}", needs=needs)
    protocols: tuple[tuple[int, ...], ...] = (match.protocols,)
    if len(match.protocols) > 1:
        protocols = tuple((protocol,) for protocol in match.protocols)
    return [
        Clause(
            match=replace(match, protocols=each),
            verdict=verdict,
            text=signature.text,
            owner=owner,
            evidence=evidence,
            side=reading.side,
            late=reading.late and each in ((), (TCP,)),
            doubt=doubt,
        )
        for each in protocols
    ]


def _read_options(signature: Signature) -> _Reading:
    protocol = signature.header.protocol.lower() if signature.header else ""
    application = bool(protocol) and protocol not in _TRANSPORTS
    side, late, hidden = Side.BOTH, application, f"the application protocol {protocol}" if application else ""
    for keyword, value in signature.options:
        if keyword == "flow":
            for part in value.replace(" ", "").split(","):
                side = _SIDES.get(part, side)
                late = late or part == "established"
                if part not in (*_SIDES, "established", "stateless"):
                    hidden = hidden or f"flow:{part}"
        elif keyword not in _SILENT:
            late = late or _CONTENT.match(keyword) is not None
            hidden = hidden or f"the keyword {keyword}"
    return _Reading(side, late, hidden)


def _match(header: Header | None, names: Names) -> tuple[Match, str]:
    """The match of a header, and the part of it that could not be read (which then matches everything)."""
    if header is None:
        return Match(), "a header that mwaanet does not read"
    ends = {text: names.address_set(text) for text in (header.source, header.destination)}
    ports = {text: names.port_set(text) for text in (header.source_port, header.destination_port)}
    unread = [text for text, read in (*ends.items(), *ports.items()) if read is None]
    sport, dport = (
        None if text.lower() == "any" else ports[text] for text in (header.source_port, header.destination_port)
    )
    protocol = header.protocol.lower()
    found = _TRANSPORTS.get(protocol)
    if found is None:
        found = (TCP, UDP) if protocol in _OVER_BOTH else (UDP,) if protocol in _OVER_UDP else (TCP,)
    match = Match(
        src=_or_any(ends[header.source]),
        dst=_or_any(ends[header.destination]),
        protocols=found,
        sport=sport,
        dport=dport,
        turned=header.turned,
    )
    return match, f"the variable or list {unread[0]}, which is not known" if unread else ""


def _or_any(addresses: AddressSet | None) -> AddressSet:
    return AddressSet.ANY if addresses is None else addresses


_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')


def signatures(text: str) -> Iterator[Signature]:
    """The rules of a text that Suricata reads: one per line, `#` comments, a backslash goes on in the next line."""
    for line in text.replace("\\\r\n", " ").replace("\\\n", " ").splitlines():
        rule = line.strip()
        if not rule or rule.startswith("#"):
            continue
        head, _, rest = rule.partition("(")
        options = tuple(_options(rest.rstrip().removesuffix(")")))
        tokens = _tokens(re.sub(r"(->|<>)", r" \1 ", head))
        header = None
        if len(tokens) == 7 and tokens[4] in ("->", "<>"):
            header = Header(tokens[1], tokens[2], tokens[3], tokens[4] == "<>", tokens[5], tokens[6])
        sid = next((value for keyword, value in options if keyword == "sid"), "")
        shown = head.strip() + (f" (sid {sid})" if sid else "")
        yield Signature(action=tokens[0].lower() if tokens else "", header=header, options=options, text=shown)


def _tokens(head: str) -> list[str]:
    """The words of a rule's head; a list in brackets is one word, whatever spaces are in it."""
    tokens: list[list[str]] = []
    depth = 0
    for word in head.split():
        if depth > 0:
            tokens[-1].append(word)
        else:
            tokens.append([word])
        depth += word.count("[") - word.count("]")
    return [" ".join(words) for words in tokens]


def _options(text: str) -> Iterator[tuple[str, str]]:
    for option in _QUOTED.sub('""', text).split(";"):
        keyword, _, value = option.strip().partition(":")
        if keyword:
            yield keyword.strip().lower(), value.strip()
