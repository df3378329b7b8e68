"""Every variant of the demo gives the statuses and culprits of demo/variants.yaml, for the paths judged here."""

from __future__ import annotations

import hcl2
import pytest
import yaml

from checks.cases import OWN_PATHS, paths
from demos import diagnosed as seen
from mwaanet import demo
from mwaanet.checks.result import Finding, Status

every_variant = pytest.mark.parametrize("name", demo.variants())


def bad(name: str) -> list[Finding]:
    return [finding for finding in seen(name).findings if finding.status in (Status.FAIL, Status.WARN)]


def groups(name: str) -> list[list[str]]:
    culprits = demo.variants()[name].expect.culprits
    return [[culprit] if isinstance(culprit, str) else culprit for culprit in culprits]


@every_variant
def test_statuses(name: str) -> None:
    expected = demo.variants()[name].expect.paths
    for path, status in paths(seen(name)).items():
        wanted = expected[path]
        assert status in ([wanted] if isinstance(wanted, str) else wanted), path


@every_variant
def test_culprits(name: str) -> None:
    variant = demo.variants()[name]
    if all(variant.expect.paths[path] == "pass" for path in OWN_PATHS):
        assert bad(name) == []
        return
    named = {resource for finding in bad(name) for resource in finding.resources}
    for group in groups(name):
        assert named & set(group)
    for finding in bad(name):
        if finding.status is Status.FAIL:
            assert finding.resources[0] in {one for group in groups(name) for one in group}, finding.id


@every_variant
def test_every_command_mends_what_its_finding_tells(name: str) -> None:
    """Made on the model, the changes of a fix let the same question pass; nothing opens without being told."""
    for finding in bad(name):
        assert finding.fix, finding.id
        if finding.fix.cli:
            assert finding.fix.verified, finding.id
            assert finding.fix.opens
            assert finding.fix.terraform
            assert finding.fix.cloudformation


@every_variant
def test_what_is_declared_can_be_read(name: str) -> None:
    fixes = {(finding.fix.terraform or "", finding.fix.cloudformation or "") for finding in bad(name) if finding.fix}
    for terraform, cloudformation in fixes:
        assert hcl2.loads(f"{terraform}\n") or not terraform
        assert yaml.safe_load(cloudformation) or all(line.startswith("#") for line in cloudformation.splitlines())


def test_two_faults_are_named_at_once() -> None:
    first, second = groups("s3-egress-and-route")
    assert any(
        set(first) & set(finding.resources) and set(second) & set(finding.resources)
        for finding in bad("s3-egress-and-route")
    )


def test_refused_calls_are_named() -> None:
    findings = [finding for finding in seen("refused-endpoints").findings if finding.status is Status.UNKNOWN]
    assert findings
    assert {need.operation for finding in findings for need in finding.needs} == {"describe-vpc-endpoints"}
