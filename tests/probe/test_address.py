from __future__ import annotations

import pytest

from mwaanet.errors import UsageError
from mwaanet.probe.address import host_and_port, source_towards


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("nexus.company.local:8081", "nexus.company.local", 8081),
        ("10.50.1.20:443", "10.50.1.20", 443),
        ("[2001:db8::1]:443", "2001:db8::1", 443),
    ],
)
def test_host_and_port(text: str, host: str, port: int) -> None:
    assert host_and_port(text) == (host, port)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "host",
        "host:",
        ":443",
        "host:0",
        "host:65536",
        "host:https",
        "2001:db8::1:443",
        "[]:1",
        "ho st:1",
        "h\x1b[2J:1",
    ],
)
def test_anything_else_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match=r"HOST:PORT|IPv6|no name"):
        host_and_port(text)


def test_an_address_with_a_zone_is_refused() -> None:
    """Link-local addresses lead to neighbours of one link alone (https://www.rfc-editor.org/rfc/rfc4007#section-11)."""
    with pytest.raises(UsageError, match="zone"):
        host_and_port("[fe80::1%eth0]:443")


def test_source_towards_loopback_is_loopback() -> None:
    assert source_towards("127.0.0.2", 80) == "127.0.0.1"
