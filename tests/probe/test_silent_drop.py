"""Ways to fail that loopback does not have, in a network namespace of the test's own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

SETUP = """
set -e
ip link set lo up
ip link add a0 type veth peer name b0
ip addr add 192.0.2.1/24 dev a0
ip link set a0 up
ip link set b0 up
ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:99 dev a0  # nobody takes its packets
ip route add unreachable 198.51.100.0/24
ip route add prohibit 203.0.113.0/24
ip route add blackhole 100.64.0.0/10
"""
MAIN = "from mwaanet.cli.main import main; main()"


def in_namespace(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", f"{SETUP}\n{script}", "sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module", autouse=True)
def namespaces() -> None:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("this host has no unshare or ip: no network namespaces")
    tried = in_namespace("true")
    if tried.returncode:
        pytest.skip(f"this host allows no network namespaces: {tried.stderr.strip()}")


def probed(*arguments: str, timeout: str = "0.5") -> dict[str, Any]:
    options = ("--format", "json", "--timeout", timeout, "--retries", "0")
    ended = in_namespace('exec "$@"', sys.executable, "-c", MAIN, "probe", *arguments, *options)
    assert ended.stderr == ""
    observation: dict[str, Any] = json.loads(ended.stdout)["observations"][0]
    return observation


def test_a_silent_drop_times_out() -> None:
    seen = probed("tcp", "192.0.2.9:443")
    assert (seen["outcome"], seen["source_address"]) == ("timed-out", "192.0.2.1")


@pytest.mark.slow
def test_an_address_of_nobody_in_the_own_network_is_unreachable() -> None:
    assert probed("tcp", "192.0.2.10:443", timeout="6")["outcome"] == "unreachable"


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("198.51.100.1", "unreachable"),
        ("203.0.113.1", "forbidden"),
        ("100.64.0.1", "unreachable"),
        ("10.9.9.9", "unreachable"),
        ("[2001:db8::1]", "unreachable"),
    ],
)
def test_what_this_hosts_routes_say(address: str, outcome: str) -> None:
    assert probed("tcp", f"{address}:443")["outcome"] == outcome


def test_dns() -> None:
    assert probed("dns", "a.example", "--server", "192.0.2.9")["outcome"] == "timed-out"
    assert probed("dns", "a.example", "--server", "10.9.9.9")["outcome"] == "unreachable"
    assert probed("dns", "a.example", "--server", "203.0.113.1")["outcome"] == "forbidden"


def test_tls_without_a_connection() -> None:
    seen = probed("tls", "192.0.2.9:443")
    assert (seen["outcome"], seen["connection"]) == ("not-connected", "timed-out")
