"""What a DNS message says of a name: its CNAME chain, its addresses, or why it has none."""

from __future__ import annotations

from typing import Final, NamedTuple

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from mwaanet.probe.dns_observation import Address, Alias, DnsOutcome

MOST_LINKS: Final = 16
"""The most CNAMEs that are followed."""

_CODES = {
    dns.rcode.NXDOMAIN: DnsOutcome.NXDOMAIN,
    dns.rcode.SERVFAIL: DnsOutcome.SERVFAIL,
    dns.rcode.REFUSED: DnsOutcome.REFUSED,
}


class Answer(NamedTuple):
    """What one message says; `error` in words where it is no proper answer."""

    outcome: DnsOutcome
    chain: tuple[Alias, ...] = ()
    addresses: tuple[Address, ...] = ()
    authoritative: bool = False
    error: str = ""


def answer_of(message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Answer:
    """Follow the message's CNAMEs from the name to its addresses."""
    authoritative = bool(message.flags & dns.flags.AA)
    chain: list[Alias] = []
    seen = {name}
    while alias := _records(message, name, dns.rdatatype.CNAME):
        target = alias[0].target
        chain.append(Alias(name=str(name), target=str(target), ttl=alias.ttl))
        if target in seen or len(chain) > MOST_LINKS:
            problem = "a CNAME leads back to itself" if target in seen else f"more than {MOST_LINKS} CNAMEs"
            return Answer(DnsOutcome.BROKEN, tuple(chain[:MOST_LINKS]), error=problem)
        seen.add(target)
        name = target
    records = _records(message, name, kind)
    addresses = tuple(Address(address=str(data.address), ttl=records.ttl) for data in records) if records else ()
    return Answer(_outcome(message, bool(addresses)), tuple(chain), addresses, authoritative)


def _records(
    message: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    return message.get_rrset(message.answer, name, dns.rdataclass.IN, kind)


def _outcome(message: dns.message.Message, has_addresses: bool) -> DnsOutcome:
    if message.rcode() != dns.rcode.NOERROR:
        return _CODES.get(message.rcode(), DnsOutcome.ERROR_CODE)
    if has_addresses:
        return DnsOutcome.ANSWERED
    points_elsewhere = any(rrset.rdtype == dns.rdatatype.NS for rrset in message.authority)
    recursive = bool(message.flags & dns.flags.RA)
    return DnsOutcome.REFERRAL if points_elsewhere and not recursive and not message.answer else DnsOutcome.NO_DATA
