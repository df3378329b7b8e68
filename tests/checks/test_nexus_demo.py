"""Every variant of the demo gives the nexus path's expected status, and its culprits where that path fails."""

from __future__ import annotations

import pytest

from checks.nexus import diagnosed, faults, named, path_of
from mwaanet import demo
from mwaanet.checks.result import Status
from mwaanet.fixes.network_acl_entry import NetworkAclEntry

STEPS = {
    "nexus-no-index": "NEXUS-PUBLIC",
    "nexus-wrong-port": "NEXUS-ENDPOINT",
    "nexus-zone-not-associated": "NEXUS-NAME",
    "nexus-wrong-endpoint": "NEXUS-NAME",
    "nexus-record-missing": "NEXUS-NAME",
    "nexus-acceptance-pending": "NEXUS-ENDPOINT",
    "nexus-endpoint-group": "NEXUS-ENDPOINT",
    "nexus-rejected": "NEXUS-ENDPOINT",
    "nexus-service-not-accepted": "NEXUS-SERVICE",
    "nexus-service-without-balancer": "NEXUS-SERVICE",
    "nexus-listener-port": "NEXUS-BALANCER",
    "nexus-target-unhealthy": "NEXUS-BALANCER",
    "nexus-wrong-target": "NEXUS-BALANCER",
    "nexus-balancer-route": "NEXUS-NETWORK",
    "tgw-blackhole": "NEXUS-NETWORK",
    "vpn-tunnel-down": "NEXUS-NETWORK",
    "nexus-no-return-route": "NEXUS-RETURN",
    "nacl-ephemeral": "NEXUS-RETURN",
}
"""Broken variants and the check that must name the fault, in the order of the path."""
TRAPS = [name for name in demo.variants() if name.startswith("nexus-") and name not in {*STEPS, "nexus-balancer-acl"}]


@pytest.mark.parametrize("name", demo.variants())
def test_status(name: str) -> None:
    expected = demo.variants()[name].expect.paths["nexus"]
    assert path_of(diagnosed(demo.files(name))).status in ([expected] if isinstance(expected, str) else expected)


@pytest.mark.parametrize(("name", "check"), STEPS.items())
def test_the_step_names_the_culprit(name: str, check: str) -> None:
    found = diagnosed(demo.files(name))
    assert check in faults(found)
    for culprits in demo.variants()[name].expect.culprits:
        assert named(found) & ({culprits} if isinstance(culprits, str) else set(culprits))


def test_replies_to_a_load_balancer_need_all_its_ports() -> None:
    found = diagnosed(demo.files("nexus-balancer-acl"))
    acl = demo.variants()["nexus-balancer-acl"].expect.culprits[0][0]
    assert faults(found)["NEXUS-BALANCER"].resources[0] == acl


def test_health_checks_that_are_stopped_are_let_through_not_only_waited_for() -> None:
    fix = faults(diagnosed(demo.files("nexus-balancer-acl")))["NEXUS-BALANCER"].fix
    acl = demo.variants()["nexus-balancer-acl"].expect.culprits[0][0]
    assert fix
    entries = [change for change in fix.changes if isinstance(change, NetworkAclEntry)]
    assert [(entry.acl, entry.outbound, entry.cidr, entry.low, entry.high) for entry in entries] == [
        (acl, False, "172.20.5.40/32", 1024, 32767),
        (acl, False, "172.20.5.40/32", 61000, 65535),
    ]
    assert fix.summary.endswith("wait until the health checks find 172.20.5.40 healthy.")
    assert len(fix.cli) == 2


@pytest.mark.parametrize("name", TRAPS)
def test_what_looks_broken_and_is_not_is_told_by_no_finding(name: str) -> None:
    assert faults(diagnosed(demo.files(name))) == {}


def test_each_step_is_a_segment_for_each_subnet() -> None:
    path = path_of(diagnosed(demo.files(demo.HEALTHY)))
    steps = [segment.check for segment in path.segments if segment.source.startswith("mwaa.worker@")]
    order = ["NAME", "ENDPOINT", "SERVICE", "BALANCER", "NETWORK", "RETURN"]
    assert steps == [f"NEXUS-{step}" for step in order for _ in range(2)]
    assert path.segments[-1].status is Status.SKIP
    assert "plugins.zip" in path.segments[-1].reason
