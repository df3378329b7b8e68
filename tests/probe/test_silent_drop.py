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
PROGRAM = """
import json, sys
from click.testing import CliRunner
from mwaanet.cli.main import cli
options = ["--format", "json", "--timeout", sys.argv[1], "--retries", "0"]
print(json.dumps({key: CliRunner().invoke(cli, ["probe", *key.split(), *options]).stdout for key in sys.argv[2:]}))
"""

EXPECTED = {
    "tcp 192.0.2.9:443": "timed-out",
    "tcp 198.51.100.1:443": "unreachable",
    "tcp 203.0.113.1:443": "forbidden",
    "tcp 100.64.0.1:443": "unreachable",
    "tcp 10.9.9.9:443": "unreachable",
    "tcp [2001:db8::1]:443": "unreachable",
    "dns a.example --server 192.0.2.9": "timed-out",
    "dns a.example --server 10.9.9.9": "unreachable",
    "dns a.example --server 203.0.113.1": "forbidden",
    "tls 192.0.2.9:443": "not-connected",
}


def in_namespace(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", f"{SETUP}\n{script}", "sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def probed(*commands: str, timeout: str = "0.5") -> dict[str, Any]:
    """What each command sees, all of them in one namespace."""
    ended = in_namespace('exec "$@"', sys.executable, "-c", PROGRAM, timeout, *commands)
    assert ended.stderr == ""
    return {command: json.loads(text)["observations"][0] for command, text in json.loads(ended.stdout).items()}


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("this host has no unshare or ip: no network namespaces")
    tried = in_namespace("true")
    if tried.returncode:
        pytest.skip(f"this host allows no network namespaces: {tried.stderr.strip()}")
    return probed(*EXPECTED)


@pytest.mark.parametrize("command", EXPECTED)
def test_outcome(seen: dict[str, Any], command: str) -> None:
    assert seen[command]["outcome"] == EXPECTED[command]


def test_where_the_packets_came_from_is_known_though_none_came_back(seen: dict[str, Any]) -> None:
    assert seen["tcp 192.0.2.9:443"]["source_address"] == "192.0.2.1"


def test_what_tls_lacked_was_a_connection(seen: dict[str, Any]) -> None:
    assert seen["tls 192.0.2.9:443"]["connection"] == "timed-out"


@pytest.mark.slow
@pytest.mark.usefixtures("seen")
def test_an_address_of_nobody_in_the_own_network_is_unreachable() -> None:
    command = "tcp 192.0.2.10:443"
    assert probed(command, timeout="6")[command]["outcome"] == "unreachable"
