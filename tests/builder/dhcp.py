"""DHCP options: who the instances of a VPC ask for names."""

from __future__ import annotations

from collections.abc import Sequence

from builder.identity import Record, tags
from builder.store import Store

AMAZON_DNS = "AmazonProvidedDNS"


class DhcpOptions:
    """A set of DHCP options."""

    def __init__(
        self, store: Store, name: str, servers: Sequence[str] = (AMAZON_DNS,), domain: str | None = None
    ) -> None:
        self.id = store.id("dopt", name)
        default = "ec2.internal" if store.region == "us-east-1" else f"{store.region}.compute.internal"
        self.record: Record = store.ec2(
            "describe-dhcp-options",
            {
                "DhcpOptionsId": self.id,
                "OwnerId": store.account,
                "DhcpConfigurations": [
                    {"Key": "domain-name", "Values": [{"Value": domain or default}]},
                    {"Key": "domain-name-servers", "Values": [{"Value": server} for server in servers]},
                ],
                "Tags": tags(name) if name != "default" else [],
            },
        )
