"""What the engine decides by words and kinds of address, it decides alike of a redacted snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from asking import ask, read
from builder import Topology, Vpc, rule, topology
from mwaanet.redact.redact import redact

OUTSIDE = {4: "8.8.8.8", 6: "2607:f8b0::1"}
Verdicts = list[tuple[str, ...]]


def verdicts(files: Mapping[str, bytes], family: int, port: int) -> Verdicts:
    """From every interface to the internet, and from the internet and from every interface to its address."""
    network = read(files)
    interfaces = network.inventory.network_interfaces
    asked = (
        (
            ask(network, one, OUTSIDE[family], tcp=port),
            ask(network, "internet", one, tcp=port),
            *(ask(network, other, record.private_ip_address, tcp=port) for other in interfaces),
        )
        for one, record in interfaces.items()
    )
    return sorted(tuple(sorted(answer.verdict for answer in answers)) for answers in asked)


def apps(block: str | None = None) -> tuple[Topology, Vpc]:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16", ipv6=block)
    both = (rule("all"), rule("all", None, "::/0"))
    vpc.default_group.allow_in(*both).allow_out(*both)
    return net, vpc


def of_block(block: str, kind: str) -> Topology:
    net, vpc = apps(block)
    vpc.record["Ipv6CidrBlockAssociationSet"][0]["Ipv6AddressAttribute"] = kind
    subnet = vpc.subnet("a", "10.1.1.0/24", ipv6=block.replace("/56", "/64")).route("::/0", vpc.internet_gateway())
    subnet.interface(ipv6=[block.replace("/56", "10")])
    return net


def with_appliance() -> Topology:
    net, vpc = apps()
    outer = vpc.subnet("outer", "10.1.2.0/24").route("0.0.0.0/0", vpc.internet_gateway())
    nat = outer.nat_gateway("nat", "10.1.2.9", public="198.51.100.9")
    proxy = "arn:aws:network-firewall:us-east-1:111122223333:proxy/egress"
    nat.record["AttachedAppliances"] = [{"ApplianceArn": proxy, "AttachmentState": "attached"}]
    vpc.subnet("a", "10.1.1.0/24").route("0.0.0.0/0", nat).interface()
    return net


def encrypted() -> Topology:
    net, vpc = apps()
    vpc.record["EncryptionControl"] = {"Mode": "enforce", "State": "available"}
    subnet = vpc.subnet("a", "10.1.1.0/24")
    subnet.interface()
    vpc.endpoint("sqs", [subnet], groups=[vpc.default_group])
    return net


def inspected() -> Topology:
    net, vpc = apps()
    vpc.record["NetworkFirewallAssociations"] = [
        {"FirewallArn": "arn:aws:network-firewall:x:111122223333:firewall/igw"}
    ]
    for number, kind in enumerate(("flexible", "exclude"), start=1):
        subnet = vpc.subnet(kind, f"10.1.{number}.0/24").route("0.0.0.0/0", vpc.internet_gateway())
        subnet.record["NetworkFirewallConnectivityType"] = kind
        subnet.interface().elastic_ip(f"198.51.100.{number}")
    return net


@pytest.mark.parametrize(
    ("made", "family", "port", "expected"),
    [
        (lambda: of_block("fd00:1:2:300::/56", "private"), 6, 443, "no"),
        (lambda: of_block("2600:1f18:9::/56", "private"), 6, 443, "no"),
        (lambda: of_block("2600:1f18:9::/56", "public"), 6, 443, "yes"),
        (with_appliance, 4, 443, "unknown"),
        (encrypted, 4, 5432, "unknown"),
        (inspected, 4, 443, "unknown"),
    ],
    ids=["unique local", "private", "public", "appliance", "encrypted", "inspected"],
)
def test_redacted_it_is_judged_alike(made: Callable[[], Topology], family: int, port: int, expected: str) -> None:
    files = made().files()
    judged = verdicts(files, family, port)
    assert any(expected in one for one in judged)
    assert verdicts(redact(files, b"a salt").files, family, port) == judged
