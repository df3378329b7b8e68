"""The smallest network in which names are asked, and asking."""

from __future__ import annotations

from builder import Topology, Vpc, topology
from builder.subnet import Subnet
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.names import Outcome, Resolution, SitePlace, VpcPlace, resolve
from mwaanet.snapshot.reader import Snapshot

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "us-east-1"
SQS, KMS = "sqs.us-east-1.amazonaws.com", "kms.us-east-1.amazonaws.com"


def network() -> tuple[Topology, Vpc, Subnet]:
    """A VPC 10.1.0.0/16 with one subnet."""
    net = topology(ACCOUNT, REGION)
    vpc = net.vpc("apps", "10.1.0.0/16")
    return net, vpc, vpc.subnet("a", "10.1.10.0/24", "az1")


def inventory(net: Topology) -> Inventory:
    snapshot = Snapshot.from_files(net.files())
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    return Inventory.load(snapshot, site)


def ask(net: Topology, vpc: Vpc, name: str) -> Resolution:
    """What a client of the VPC learns."""
    return resolve(inventory(net), VpcPlace(vpc_id=vpc.id), name)


def ask_site(net: Topology, name: str, site: str = "dc") -> Resolution:
    """What a client on the site learns."""
    return resolve(inventory(net), SitePlace(site_name=site), name)


def dns(text: str) -> str:
    """A site file with one site, 172.20.0.0/16, whose `dns` section is the text."""
    return f"version: 1\non_premises:\n  - name: dc\n    cidrs: [172.20.0.0/16]\n    dns: {{{text}}}\n"


def answer(resolution: Resolution) -> str:
    """The addresses; without any, the outcome."""
    if resolution.outcome is Outcome.ADDRESSES:
        return "public" if resolution.undetermined else str(resolution.addresses)
    return resolution.outcome.value


def needs(resolution: Resolution) -> set[str]:
    """The operations that would settle an unknown answer."""
    return {ref.operation for unknown in resolution.unknown for ref in unknown.needs}


def reasons(resolution: Resolution) -> str:
    return "; ".join(unknown.reason for unknown in resolution.unknown)
