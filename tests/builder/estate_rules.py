"""The network ACLs of the estate: open for what has to pass and for its replies, and for nothing else."""

from __future__ import annotations

from builder.estate_site import CLIENTS, PACKAGE_SERVER, RESOLVER_NET
from builder.rules import Entry, inbound, outbound

WORKERS = "10.24.8.0/23"
ENDPOINTS = "10.24.32.0/25"
ANYWHERE = "0.0.0.0/0"
EPHEMERAL = (1024, 65535)


def worker_entries() -> list[Entry]:
    """S3's public addresses, endpoints, the environment's own endpoints next door, and API clients on site."""
    return [
        outbound(100, "allow", "tcp", 443, ANYWHERE),
        outbound(110, "allow", "tcp", 5432, WORKERS),
        outbound(120, "allow", "tcp", 5432, ENDPOINTS),
        outbound(130, "allow", "tcp", EPHEMERAL, WORKERS),
        outbound(140, "allow", "tcp", EPHEMERAL, CLIENTS),
        inbound(100, "allow", "tcp", EPHEMERAL, ANYWHERE),
        inbound(110, "allow", "tcp", 443, WORKERS),
        inbound(120, "allow", "tcp", 443, CLIENTS),
    ]


def endpoint_entries(*, with_database: bool) -> list[Entry]:
    """Workers and API clients come in on 443; the resolvers on both sides ask each other on 53."""
    entries = [
        inbound(100, "allow", "tcp", 443, WORKERS),
        inbound(110, "allow", "tcp", 443, CLIENTS),
        outbound(100, "allow", "tcp", EPHEMERAL, WORKERS),
        outbound(110, "allow", "tcp", EPHEMERAL, CLIENTS),
    ]
    for number, protocol in ((120, "udp"), (130, "tcp")):
        for entry in (inbound, outbound):
            entries.append(entry(number, "allow", protocol, 53, RESOLVER_NET))
            entries.append(entry(number + 5, "allow", protocol, EPHEMERAL, RESOLVER_NET))
    if with_database:
        entries.append(inbound(140, "allow", "tcp", 5432, WORKERS))
    return entries


def nlb_entries() -> list[Entry]:
    """Through PrivateLink from the workers, and on to the package server."""
    return [
        inbound(100, "allow", "tcp", 443, WORKERS),
        inbound(110, "allow", "tcp", EPHEMERAL, f"{PACKAGE_SERVER}/32"),
        outbound(100, "allow", "tcp", EPHEMERAL, WORKERS),
        outbound(110, "allow", "tcp", 8081, f"{PACKAGE_SERVER}/32"),
    ]
