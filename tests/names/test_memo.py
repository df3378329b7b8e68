"""What is worked out once for an inventory."""

from __future__ import annotations

import gc
from weakref import ref

from builder import Vpc
from mwaanet.model.inventory import Inventory
from mwaanet.names import VpcPlace, name_alike, private_zones_having, resolve
from mwaanet.names.hosted_zone import records
from names.cases import inventory, network


def loaded() -> tuple[Inventory, Vpc]:
    """An inventory with a private zone that has a record, and an endpoint with names of its own."""
    net, vpc, subnet = network()
    net.zone("company.internal", vpc).add("nexus", "A", "10.1.10.7")
    vpc.endpoint("sqs", [subnet])
    return inventory(net), vpc


def test_an_inventory_goes_when_nobody_holds_it_though_its_names_were_asked() -> None:
    known, vpc = loaded()
    endpoint = next(iter(known.vpc_endpoints.values()))
    for name in ("nexus.company.internal", endpoint.dns_entries[0].dns_name):
        assert resolve(known, VpcPlace(vpc_id=vpc.id), name).addresses
    assert name_alike(known, "nexsu.company.internal") == "nexus.company.internal"
    left = ref(known)
    del known, endpoint
    gc.collect()
    assert left() is None


def test_the_records_of_a_zone_are_read_once() -> None:
    known, _ = loaded()
    (zone,) = private_zones_having(known, "nexus.company.internal")
    assert records(known, zone) is records(known, zone)
    assert records(known, zone) is not records(loaded()[0], zone)
