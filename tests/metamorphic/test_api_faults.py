"""Several faults of distinct kinds between a client on a site and the web server: one diagnosis names all of them.

Names that the site does not forward, policies of endpoints and roles, the site's firewall, routes, groups and ACLs, so
that nobody mends one thing to learn of the next. Of those in AWS every two are drawn together by some seed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from random import Random

import pytest

from builder import Estate
from builder.estate import REGION
from checks.api import called, edited, estate, forwarded, status
from checks.test_api_steps import Credentials, Endpoint, Names, Network, Permission, Return
from mwaanet.checks.result import Status

pytestmark = pytest.mark.slow
SEEDS = (0, 3, 5, 16, 42, 115)

ON_SITE = {
    forwarded(f"{REGION}.airflow.amazonaws.com"): "dc.dns",
    forwarded(f"airflow.{REGION}.amazonaws.com"): "dc.dns",
    ("to: 10.24.0.0/16, protocol: tcp, ports: [443]", "to: 10.24.0.0/16, ports: [80]"): "dc.firewall",
}
"""What is changed in the site file, and the part of the site that is at fault."""
IN_AWS: tuple[Callable[[Estate], tuple[object, str]], ...] = (
    Names.inbound_endpoint_closed,
    Network.blackhole,
    Endpoint.group,
    Return.ephemeral_ports,
    Permission.on_the_environment_instead_of_the_airflow_role,
    Permission.endpoint_policy,
    Credentials.endpoint_policy,
    Credentials.trust_names_only_a_service,
)


def drawn(seed: int) -> tuple[list[Callable[[Estate], tuple[object, str]]], list[tuple[str, str]]]:
    """Four faults in AWS, and one on the site or none."""
    random = Random(seed)
    return random.sample(IN_AWS, 4), random.sample(list(ON_SITE), random.choice((0, 1, 1)))


def test_every_two_faults_in_aws_are_drawn_together() -> None:
    found = {frozenset(pair) for seed in SEEDS for pair in combinations(drawn(seed)[0], 2)}
    assert found == {frozenset(pair) for pair in combinations(IN_AWS, 2)}


@pytest.mark.parametrize("seed", SEEDS)
def test_all_of_several_faults_are_named_at_once(seed: int) -> None:
    broken = estate()
    faults, on_site = drawn(seed)
    in_aws = [fault(broken)[1] for fault in faults]
    found = called(edited(broken, *on_site))
    assert status(found) == "fail"
    culprits = {*in_aws, *(ON_SITE[change] for change in on_site)}
    wrong = [finding for finding in found.findings if finding.status not in (Status.PASS, Status.SKIP)]
    told = {resource for finding in wrong for resource in finding.resources}
    assert all(culprit in told or culprit.rpartition("/")[2] in told for culprit in culprits), culprits - told
