"""What a participant of a shared VPC sees, and what only the VPC's owner does.

"Participants can't view, modify, or delete resources that belong to other participants or the VPC owner"; of the
subnet's own they see the route table and the network ACL
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html, "Responsibilities and permissions for owners and
participants"). So an empty list of a participant's proves nothing about the VPC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

import pytest

from builder import Topology, rule, topology
from mwaanet.checks.ask import ask
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.paths.trace import Reachable, Trace
from mwaanet.snapshot import Snapshot

HOME, OWNER, HUB, REGION = "111122223333", "999988887777", "444455556666", "us-east-1"
SENDER = "10.9.1.7"
SITE = """
version: 1
on_premises:
  - name: office
    cidrs: [10.50.0.0/16]
    routes: [10.9.0.0/16]
    dns: {servers: [10.50.0.2], public: none, records: {nexus.lab.example: [10.50.1.5]}}
    firewall: {default: allow}
"""
TARGETS = {
    "nat": ("198.51.100.1", "describe-nat-gateways"),
    "peering": ("10.7.1.5", "describe-vpc-peering-connections"),
    "transit gateway": ("10.8.1.5", "describe-subnets"),
    "vpn": ("10.50.1.5", "describe-vpn-gateways"),
    "interface": ("10.9.3.5", "describe-subnets"),
    "neighbour": ("10.9.1.9", "describe-network-interfaces"),
    "private zone": ("db.corp.example", "describe-dhcp-options"),
    "resolver rule": ("nexus.lab.example", "describe-dhcp-options"),
    "gateway endpoint": ("s3.us-east-1.amazonaws.com", "describe-dhcp-options"),
    "interface endpoint": ("sqs.us-east-1.amazonaws.com", "describe-dhcp-options"),
}
"""By what a packet gets there: where to, and a call of which only the owner's answer proves that there is none."""


@cache
def estate() -> Topology:
    """An instance of the participant's in a shared subnet, with every way out that the owner can give it."""
    net = topology(HOME, REGION)
    owner, hub = net.account(OWNER).region(REGION), net.account(HUB).region(REGION)
    vpc, other = owner.vpc("shared", "10.9.0.0/16"), hub.vpc("other", "10.8.0.0/16")
    near = owner.vpc("near", "10.7.0.0/16")
    shared, public = vpc.subnet("shared", "10.9.1.0/24"), vpc.subnet("public", "10.9.2.0/24")
    inner, far = vpc.subnet("inner", "10.9.3.0/24"), other.subnet("far", "10.8.1.0/24")
    beside = near.subnet("beside", "10.7.1.0/24")
    open_group = [rule("all", None, "0.0.0.0/0")]
    for subnet, address in ((shared, "10.9.1.9"), (inner, "10.9.3.5"), (beside, "10.7.1.5"), (far, "10.8.1.5")):
        group = subnet.vpc.security_group(f"open-{address}", ingress=open_group)
        subnet.interface(address, groups=[group])
    shared.route("0.0.0.0/0", public.nat_gateway("nat", public="203.0.113.9"))
    public.route("0.0.0.0/0", vpc.internet_gateway())
    peering = vpc.peer(near)
    shared.route("10.7.0.0/16", peering)
    beside.route("10.9.0.0/16", peering)
    gateway = hub.transit_gateway("hub").share(owner.store)
    table = gateway.table("all")
    for one in (inner, far):
        gateway.attach_vpc(one.vpc, [one], table=table, propagate=[table])
    shared.route("10.8.0.0/16", gateway)
    far.route("10.9.0.0/16", gateway)
    virtual = vpc.vpn_gateway()
    owner.vpn("office", owner.customer_gateway("office", "198.51.100.7"), virtual, static=["10.50.0.0/16"])
    shared.route("10.50.0.0/16", virtual)
    inner.route("10.50.0.0/16", virtual)
    vpc.gateway_endpoint("s3", shared)
    guard = vpc.security_group("guard", ingress=open_group)
    vpc.endpoint("sqs", [shared], groups=[guard])
    owner.zone("corp.example", vpc).add("db", "A", "10.9.3.5")
    outbound = vpc.resolver_endpoint("out", "OUTBOUND", {shared: "10.9.1.53", inner: "10.9.3.53"}, [guard])
    owner.resolver_rule("lab", "lab.example", "10.50.0.2", endpoint=outbound).associate(vpc)
    shared.share(net.store)
    own = vpc.security_group("own")
    own.record["OwnerId"] = HOME
    owner.store.lists["ec2", "describe-security-groups"].remove(own.record)
    net.store.lists["ec2", "describe-security-groups"].append(own.record)
    shared.interface(SENDER, groups=[own], store=net.store)
    return net.site(SITE)


def without_owner() -> Mapping[str, bytes]:
    """The snapshot of the participant and of the transit gateway's account."""
    files = {name: text for name, text in estate().files().items() if f"/{OWNER}/" not in name}
    manifest = json.loads(files["manifest.json"])
    del manifest["accounts"][OWNER]
    return files | {"manifest.json": json.dumps(manifest).encode()}


def answer(files: Mapping[str, bytes], target: str, port: int = 443) -> Trace:
    snapshot = Snapshot.from_files(files)
    site = Site.parse(snapshot.site_text or "", "mwaanet.yaml")
    return ask(Network(Inventory.load(snapshot, site)), SENDER, target, 6, port)


@pytest.mark.parametrize("way", TARGETS)
def test_passes_where_the_owner_was_asked(way: str) -> None:
    assert answer(estate().files(), TARGETS[way][0]).reachable is Reachable.YES


@pytest.mark.parametrize("way", TARGETS)
def test_is_unknown_and_names_the_owner_where_only_the_participant_was_asked(way: str) -> None:
    target, operation = TARGETS[way]
    found = answer(without_owner(), target)
    assert found.reachable is Reachable.UNKNOWN
    needs = {need for unknown in found.unknowns for need in unknown.needs}
    assert {need.account for need in needs} == {OWNER}
    assert operation in {need.operation for need in needs}


def owners_files() -> list[str]:
    """What the owner tells of the network and its names."""
    services = ("ec2", "route53", "route53resolver")
    return sorted(name for name in estate().files() if f"/{OWNER}/" in name and name.split("/")[3] in services)


@pytest.mark.slow
@pytest.mark.parametrize("way", TARGETS)
def test_no_single_call_of_the_owner_s_turns_a_yes_into_a_no(way: str) -> None:
    """The participant's answer to the same call stays in the snapshot, and proves nothing."""
    files = estate().files()
    wrong: list[tuple[str, object]] = []
    for name in owners_files():
        fewer = {file: text for file, text in files.items() if file != name}
        found = answer(fewer, TARGETS[way][0])
        if found.reachable not in (Reachable.YES, Reachable.UNKNOWN):
            wrong.append((name, found.reachable.value))
        elif found.reachable is Reachable.UNKNOWN:
            needs = {need.file for unknown in found.unknowns for need in unknown.needs}
            if name not in needs:
                wrong.append((name, sorted(needs)))
    assert wrong == []


def redirected(account: str) -> dict[str, bytes]:
    """One account's answers as the AWS CLI's output redirected into one folder, with nothing that names the account."""
    files = {name.split("/")[4]: text for name, text in estate().files().items() if f"/{account}/{REGION}/ec2/" in name}
    return {f"files/{name}": text for name, text in files.items()} | {"mwaanet.yaml": estate().files()["mwaanet.yaml"]}


@pytest.mark.parametrize("way", ["nat", "peering", "vpn", "interface", "neighbour"])
def test_a_folder_of_the_participant_s_output_proves_nothing_either(way: str) -> None:
    found = answer(redirected(HOME), TARGETS[way][0])
    assert found.reachable is Reachable.UNKNOWN
    assert {need.account for unknown in found.unknowns for need in unknown.needs} == {OWNER}
