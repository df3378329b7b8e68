"""What the model expects of a name whose servers are reached in part: it judges them as the checks do."""

from __future__ import annotations

import pytest

from builder import mwaa_estate
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.trace import Reachable
from mwaanet.probe.expectation import expected_name
from mwaanet.snapshot.reader import Snapshot

INBOUND, OUTBOUND, NOBODY = "10.24.32.10", "10.24.32.11", "10.24.32.60"


@pytest.mark.parametrize(
    ("servers", "answer"),
    [
        ((INBOUND, NOBODY), Reachable.YES),
        ((INBOUND, OUTBOUND), Reachable.YES),
        ((NOBODY,), Reachable.NO),
        ((OUTBOUND,), Reachable.NO),
    ],
)
def test_one_server_that_is_reached_is_enough(servers: tuple[str, ...], answer: Reachable) -> None:
    """https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-forwarding-outbound-queries.html"""
    estate = mwaa_estate()
    forwarded = ", ".join(estate.resolver_inbound.addresses)
    estate.net.site(estate.net.site_text.replace(forwarded, ", ".join(servers)))
    snapshot = Snapshot.from_files(estate.files())
    assert snapshot.site_text
    network = Network(Inventory.load(snapshot, Site.parse(snapshot.site_text, "mwaanet.yaml")))
    found = expected_name(network, endpoint_of(network, "dc.controller"), "sts.us-east-1.amazonaws.com")
    assert found.answer is answer
    assert bool(found.reason) == (answer is Reachable.NO)
