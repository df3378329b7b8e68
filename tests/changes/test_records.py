"""Which records differ between two snapshots, and the old snapshot with them swapped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from builder import Topology, Vpc, rule, topology
from mwaanet import demo
from mwaanet.changes.records import RecordChange, record_changes, site_change, told
from mwaanet.changes.swap import swapped
from mwaanet.snapshot import Snapshot

Change = Callable[[Topology, Vpc], object]


def topology_files(change: Change = lambda net, vpc: None) -> Mapping[str, bytes]:
    """A small network; a change may be made before it is written."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    group = vpc.security_group("servers", ingress=[rule("tcp", 443, "10.1.0.0/16")])
    vpc.subnet("a", "10.1.1.0/24").interface("10.1.1.10", groups=[group])
    change(net, vpc)
    return net.files()


def built(change: Change = lambda net, vpc: None) -> Snapshot:
    return Snapshot.from_files(topology_files(change))


def said(changes: tuple[RecordChange, ...]) -> list[tuple[str, str]]:
    return [(change.ref.operation, change.what) for change in changes]


def of_demo(variant: str) -> Snapshot:
    return Snapshot.from_files(demo.files(variant), variant)


def test_the_same_snapshot_has_none() -> None:
    assert record_changes(built(), built()) == ()


def test_a_record_that_is_new_or_gone() -> None:
    more = built(lambda net, vpc: vpc.security_group("more"))
    (added,) = record_changes(built(), more)
    (removed,) = record_changes(more, built())
    assert (added.what, removed.what, added.resource) == ("added", "removed", removed.resource)
    assert added.resource.startswith("sg-")


def test_records_are_matched_by_id_wherever_they_stand() -> None:
    """The new subnet comes before the old one in the list, and the main table is as it was."""

    def insert(net: Topology, vpc: Vpc) -> None:
        subnets = net.store.lists["ec2", "describe-subnets"]
        vpc.subnet("b", "10.1.2.0/24")
        subnets.reverse()

    changes = record_changes(built(), built(insert))
    assert ("describe-subnets", "added") in said(changes)
    assert ("describe-subnets", "changed") not in said(changes)


def test_what_was_refused_is_not_gone() -> None:
    """Nobody was allowed to list the groups; that is told, and no change of any record."""
    blind = built(lambda net, vpc: net.refuse(net.account_id, net.name, "ec2", "describe-security-groups"))
    assert record_changes(built(), blind) == record_changes(blind, built()) == ()
    (call,) = told(built(), blind).no_longer
    assert call.operation == "describe-security-groups"
    assert told(blind, built()).now == (call,)
    assert told(blind, blind).no_longer == ()


def test_what_was_refused_of_one_resource_has_not_changed() -> None:
    def deny(net: Topology, vpc: Vpc) -> None:
        net.refuse_call(net.account_id, net.name, "ec2", "describe-vpc-attribute", VpcId=vpc.id)

    blind = built(deny)
    assert record_changes(built(), blind) == record_changes(blind, built()) == ()
    assert [call.operation for call in told(built(), blind).no_longer] == ["describe-vpc-attribute"]
    assert [call.operation for call in told(blind, built()).now] == ["describe-vpc-attribute"]


def test_a_list_that_was_cut_short_proves_nothing_gone() -> None:
    files = dict(topology_files())
    name = next(name for name in files if name.endswith("describe-security-groups.json"))
    document = json.loads(files[name])
    part = files | {name: json.dumps(document | {"SecurityGroups": [], "NextToken": "more"}).encode()}
    assert record_changes(Snapshot.from_files(files), Snapshot.from_files(part)) == ()


def test_answers_about_a_resource_go_by_it() -> None:
    off = built(lambda net, vpc: vpc.attribute("enableDnsSupport", False))
    (change,) = record_changes(built(), off)
    assert change.resource.startswith("vpc-")
    assert [str(field) for field in change.fields] == ["EnableDnsSupport.Value: true became false"]
    assert {pointer for _, pointer in change.places} <= {"/Calls/0", "/Calls/1"}


def test_site_files_by_their_lines() -> None:
    change = site_change("version: 1\nenvironment: a\n", "version: 1\nenvironment: b\n")
    assert change
    assert [str(field) for field in change.fields] == ["line: environment: a removed", "line: environment: b added"]
    assert site_change("version: 1\n", "version: 1") is None


@pytest.mark.parametrize("variant", [name for name in demo.variants() if name != demo.HEALTHY])
def test_swapping_every_record_gives_the_new_snapshot(variant: str) -> None:
    """A law, either way round: nothing that both were told is left that differs."""
    for old, new in ((of_demo(demo.HEALTHY), of_demo(variant)), (of_demo(variant), of_demo(demo.HEALTHY))):
        changes = record_changes(old, new)
        assert changes or told(old, new).no_longer or told(old, new).now or old.site_text != new.site_text
        assert record_changes(swapped(old, changes), new) == ()
