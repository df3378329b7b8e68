"""Which VPCs have to do with addresses, where blocks overlap and VPCs have several."""

from __future__ import annotations

from asking import network_of
from builder import topology
from mwaanet.net import AddressSet


def test_vpcs_are_found_by_any_of_their_addresses_in_the_order_of_the_inventory() -> None:
    net = topology()
    late, early, other = (
        net.vpc(name, cidr) for name, cidr in (("z", "10.2.0.0/16"), ("a", "10.1.0.0/16"), ("m", "10.1.0.0/16"))
    )
    network = network_of(net)
    order = [vpc for vpc in network.inventory.vpcs if vpc in (late.id, early.id, other.id)]
    assert network.vpcs_meeting(AddressSet.parse("10.0.0.0/8")) == order
    assert set(network.vpcs_meeting(AddressSet.parse("10.1.9.9"))) == {early.id, other.id}
    assert network.vpcs_meeting(AddressSet.parse("192.168.0.1", "2001:db8::1")) == []
    assert network.vpcs_meeting(AddressSet.NONE) == []


def test_vpcs_hold_addresses_that_lie_in_several_of_their_blocks() -> None:
    net = topology()
    both = net.vpc("both", "10.1.0.0/16", "10.3.0.0/16")
    net.vpc("one", "10.3.0.0/17")
    network = network_of(net)
    assert network.vpcs_holding(AddressSet.parse("10.1.0.1", "10.3.0.1")) == [both.id]
    assert len(network.vpcs_holding(AddressSet.parse("10.3.0.1"))) == 2
    assert network.vpcs_holding(AddressSet.parse("10.1.0.1", "10.2.0.1")) == []
