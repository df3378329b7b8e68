"""What a finding may be about where no hop decides, and what is said of each (see `codes`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What a finding is about."""

    CLIENT_PORTS = "CLIENT_PORTS"
    DX_REDUNDANCY = "DX_REDUNDANCY"
    ENDPOINT_MISSING = "ENDPOINT_MISSING"
    ENDPOINT_ONE_ZONE = "ENDPOINT_ONE_ZONE"
    ENDPOINT_PRIVATE_DNS = "ENDPOINT_PRIVATE_DNS"
    FACT_AGREES = "FACT_AGREES"
    FACT_DIFFERS = "FACT_DIFFERS"
    FACT_MISSING = "FACT_MISSING"
    LINK_DOWN = "LINK_DOWN"
    NAME_LEFT_TO_PUBLIC = "NAME_LEFT_TO_PUBLIC"
    NAME_NO_DATA = "NAME_NO_DATA"
    NAME_NO_SERVER = "NAME_NO_SERVER"
    NAME_NXDOMAIN = "NAME_NXDOMAIN"
    NAME_QUERY_BLOCKED = "NAME_QUERY_BLOCKED"
    NAME_RESOLVES = "NAME_RESOLVES"
    NAME_SERVER_LOST = "NAME_SERVER_LOST"
    NAME_STALE = "NAME_STALE"
    NAME_WRONG_ENDPOINT = "NAME_WRONG_ENDPOINT"
    NAME_WRONG_KIND = "NAME_WRONG_KIND"
    NAME_ZONE_NOT_ASSOCIATED = "NAME_ZONE_NOT_ASSOCIATED"
    PACKETS_PASS = "PACKETS_PASS"
    POLICY_ALLOWS = "POLICY_ALLOWS"
    POLICY_BOUNDARY = "POLICY_BOUNDARY"
    POLICY_ENDPOINT = "POLICY_ENDPOINT"
    POLICY_IDENTITY = "POLICY_IDENTITY"
    POLICY_ORGANISATION = "POLICY_ORGANISATION"
    POLICY_RESOURCE = "POLICY_RESOURCE"
    POLICY_SESSION = "POLICY_SESSION"
    PROXY_PROTOCOL = "PROXY_PROTOCOL"
    SELECTION_EMPTY = "SELECTION_EMPTY"
    SERVICE_PRINCIPAL = "SERVICE_PRINCIPAL"
    SOURCE_UNFIT = "SOURCE_UNFIT"
    TARGETS_LOST = "TARGETS_LOST"
    TARGET_WRONG = "TARGET_WRONG"
    TLS_EXPECTED = "TLS_EXPECTED"
    TLS_MISMATCH = "TLS_MISMATCH"
    VPN_ONE_TUNNEL = "VPN_ONE_TUNNEL"
    WAY_NOT_TAKEN = "WAY_NOT_TAKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCode:
    """One code of findings, for a network engineer; the fields are those of a hop code's `Explanation`."""

    code: Fault
    title: str
    """What is wrong, in a few words."""
    meaning: str
    """What the code says."""
    why: str
    """The AWS behaviour behind it."""
    mend: str
    """What to do about it."""
    source: str
    """The AWS page that documents the behaviour."""
    step: str
    """The stage of the path that it belongs to."""
    aws_codes: tuple[str, ...] = ()
    """What Reachability Analyzer calls it, if it knows it."""
