"""Names for what a report mentions."""

from __future__ import annotations

from asking import network_of
from builder import topology
from mwaanet.checks.name_tags import NameTags


def test_names_are_tags_and_those_of_groups_without_one() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    subnet = vpc.subnet("inside", "10.1.0.0/24")
    group = vpc.security_group("clients")
    group.record["Tags"] = []
    subnet.record["Tags"] = []
    names = NameTags(network_of(net).inventory)
    assert (names[vpc.id], names[group.id]) == ("apps", "clients")
    assert subnet.id not in names
    assert {vpc.id, group.id} <= set(names)
    assert len(names) == len(dict(names))
