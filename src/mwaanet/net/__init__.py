"""Addresses, ports, protocols and the algebra of packet sets. Everything here is immutable and hashable."""

from __future__ import annotations

from mwaanet.net.address import AddressSet
from mwaanet.net.intervals import EMPTY, Intervals
from mwaanet.net.packets import Packet, PacketSet
from mwaanet.net.protocol import ANY_PORT, CLIENT_PORTS, ICMP, ICMPV6, TCP, UDP, protocol_name, protocol_number

__all__ = [
    "ANY_PORT",
    "CLIENT_PORTS",
    "EMPTY",
    "ICMP",
    "ICMPV6",
    "TCP",
    "UDP",
    "AddressSet",
    "Intervals",
    "Packet",
    "PacketSet",
    "protocol_name",
    "protocol_number",
]
