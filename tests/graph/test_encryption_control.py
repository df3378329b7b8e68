"""VPC Encryption Controls (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html).

> Any traffic that is not encrypted at the application layer is dropped by PrivateLink endpoints hosted inside the VPC
> with Encryption controls in enforce mode.
"""

from __future__ import annotations

import pytest

from asking import ask
from builder import rule, topology


@pytest.mark.parametrize(
    ("control", "port", "verdict"),
    [
        ({"Mode": "enforce", "State": "available"}, 5432, "unknown"),
        ({"Mode": "enforce", "State": "enforce-in-progress"}, 5432, "unknown"),
        ({"Mode": "enforce", "State": "available"}, 443, "yes"),
        ({"Mode": "enforce", "State": "deleted"}, 5432, "yes"),
        ({"Mode": "monitor", "State": "available"}, 5432, "yes"),
        ({"Mode": "enforce", "State": "available"}, 80, "no"),
    ],
)
def test_an_enforcing_vpcs_endpoint_drops_what_is_not_encrypted(
    control: dict[str, str], port: int, verdict: str
) -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    vpc.record["EncryptionControl"] = control
    subnet = vpc.subnet("a", "10.1.1.0/24")
    group = vpc.security_group("sqs", ingress=[rule("tcp", 443), rule("tcp", 5432)])
    endpoint = vpc.endpoint("sqs", [subnet], groups=[group])
    answer = ask(net, subnet.interface(), endpoint, tcp=port)
    assert answer.verdict == verdict
    assert (vpc.id in answer.doubts) is (verdict == "unknown")


def test_between_hosts_nothing_is_dropped() -> None:
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    vpc.record["EncryptionControl"] = {"Mode": "enforce", "State": "available"}
    subnet = vpc.subnet("a", "10.1.1.0/24")
    assert ask(net, subnet.interface(), subnet.interface(), tcp=5432).verdict == "yes"
