"""What differs between two states of one record, field by field; lists whose order means nothing are sets.

A rule that names several peers is taken apart into one entry a peer, so that what is told is what changed. A credential
is never told: records hold keys of tunnels and passwords of Airflow's settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaanet.net import protocol_name
from mwaanet.snapshot.canonical import ORDERED
from mwaanet.snapshot.credentials import (
    REMOVED,
    answer_without_credentials,
    names_credential,
    without_credentials,
)

VOLATILE = frozenset(
    {
        "AcceptedRouteCount",
        "CreateDate",
        "ETag",
        "LastModified",
        "LastModifiedTime",
        "LastStatusChange",
        "LastUpdate",
        "ResponseMetadata",
        "RoleLastUsed",
        "StatusMessage",
    }
)
"""Fields that change by themselves and decide nothing."""
_TAGS = ("Tags", "TagSet")
_TARGETS = (
    "TransitGatewayAttachmentId",
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
)
_PEERS = ("CidrIp", "CidrIpv6", "GroupId", "PrefixListId")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what is no longer there, and what is now; either may be empty."""

    field: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.before and self.after:
            return f"{self.field}: {self.before} became {self.after}"
        return f"{self.field}: {self.before} removed" if self.before else f"{self.field}: {self.after} added"


def field_change(field: str, *, before: str = "", after: str = "") -> FieldChange:
    """A change without the credentials in it."""
    if names_credential(field):
        return FieldChange(field, before and REMOVED, after and REMOVED)
    return FieldChange(field, without_credentials(before), without_credentials(after))


def field_changes(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """Every difference, by field, what is gone before what is new."""
    return tuple(sorted(_changes(before, after, ""), key=lambda change: (change.field, change.after, change.before)))


def _changes(before: Any, after: Any, name: str) -> Iterator[FieldChange]:
    if before == after:
        return
    statements = _statements(before), _statements(after)
    if statements[0] is not None and statements[1] is not None:
        yield from _changes(statements[0], statements[1], f"{name}.Statement" if name else "Statement")
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after} - VOLATILE):
            yield from _changes(before.get(key), after.get(key), f"{name}.{key}" if name else key)
    elif isinstance(before, list | None) and isinstance(after, list | None) and _last(name) not in ORDERED:
        was, now = _entries(before or [], name), _entries(after or [], name)
        yield from (field_change(name, before=text) for text in was if text not in now)
        yield from (field_change(name, after=text) for text in now if text not in was)
    else:
        yield field_change(name, before=_text(before), after=_text(after))


def _statements(policy: Any) -> list[Any] | None:
    """The statements of a policy, written as text or not; None where it is no policy."""
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return None
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    return [statements] if isinstance(statements, Mapping) else statements if isinstance(statements, list) else None


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _entries(items: list[Any], name: str) -> dict[str, None]:
    """The texts of a list's entries, each once."""
    if _last(name) in _TAGS:
        return dict.fromkeys(f"{item.get('Key')}={item.get('Value')}" for item in items)
    return dict.fromkeys(_said(entry) for item in items for entry in _apart(item))


def _apart(item: Any) -> Iterator[Any]:
    """An item taken apart: one entry for each member of the lists of objects in it."""
    if not isinstance(item, Mapping) or "Effect" in item:
        yield item
        return
    lists = {key: value for key, value in item.items() if isinstance(value, list) and _objects(value)}
    rest = {key: value for key, value in item.items() if key not in lists and value != []}
    members = [member for value in lists.values() for member in value]
    if not members:
        yield rest
    for member in members:
        yield from _apart(rest | member)


def _objects(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(item, Mapping) for item in value)


def _said(entry: Any) -> str:
    """An entry as people say it: rules by protocol, ports and peer, routes by their ends, the rest field by field."""
    if not isinstance(entry, Mapping):
        return _text(entry)
    if "IpProtocol" in entry:
        peer = next((str(entry[key]) for key in _PEERS if key in entry), "")
        return _rule(entry["IpProtocol"], entry.get("FromPort"), entry.get("ToPort"), peer)
    if "RuleAction" in entry:
        way = "outbound" if entry.get("Egress") else "inbound"
        ports = entry.get("PortRange") or {}
        peer = str(entry.get("CidrBlock") or entry.get("Ipv6CidrBlock", ""))
        rule = _rule(entry.get("Protocol", "-1"), ports.get("From"), ports.get("To"), peer)
        return f"{way} rule {entry.get('RuleNumber')}: {entry['RuleAction']} {rule}"
    destination = next((entry[key] for key in entry if key.startswith("Destination")), None)
    target = next((entry[key] for key in entry if key in _TARGETS), None)
    if destination and target:
        state = str(entry.get("State", "active"))
        return f"{destination} -> {target}" + (f" ({state})" if state != "active" else "")
    return _text(entry)


def _rule(protocol: object, low: object, high: object, peer: str) -> str:
    text = str(protocol)
    name = "all traffic" if text == "-1" else protocol_name(int(text)) if text.isdecimal() else text
    return " ".join(filter(None, (name, _ports(low, high), peer)))


def _ports(low: object, high: object) -> str:
    if low is None or (low, high) == (-1, -1):
        return ""
    return str(low) if low == high else f"{low}-{high}"


def _text(value: Any) -> str:
    """A value on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    value = answer_without_credentials(value)
    if isinstance(value, Mapping) and not any(isinstance(part, Mapping | list) for part in value.values()):
        return ", ".join(f"{key} {_text(part)}" for key, part in sorted(value.items()) if key not in VOLATILE)
    if isinstance(value, Mapping | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return str(value)
