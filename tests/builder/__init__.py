"""A builder of test topologies: it writes a real snapshot, so that the program's one reader is always exercised.

    net = topology()
    vpc = net.vpc("mwaa", "10.1.0.0/16")
    subnet = vpc.subnet("a", "10.1.10.0/24", az="use1-az1")
    group = vpc.security_group("workers", ingress=[self_ref()], egress=[rule("tcp", 443, "0.0.0.0/0")])
    interface = subnet.interface("10.1.10.7", groups=[group])
    snapshot = net.files()

Each handle has an `id` and the `record` that will be written, which a test may change until `files()` is called.
"""

from builder.estate import Estate, mwaa_estate
from builder.everything import every_noun
from builder.network_firewall import domains, five_tuples, stateless, suricata
from builder.role import allow, deny, policy
from builder.rules import GroupPeer, inbound, outbound, rule, self_ref
from builder.topology import Account, Region, Topology, topology
from builder.vpc import Vpc

__all__ = [
    "Account",
    "Estate",
    "GroupPeer",
    "Region",
    "Topology",
    "Vpc",
    "allow",
    "deny",
    "domains",
    "every_noun",
    "five_tuples",
    "inbound",
    "mwaa_estate",
    "outbound",
    "policy",
    "rule",
    "self_ref",
    "stateless",
    "suricata",
    "topology",
]
