"""What each code of a hop means, why AWS behaves so and what to do: the texts of `mwaanet explain CODE`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mwaanet.graph.codes import Code
from mwaanet.graph.explanation import STEPS, Explanation, Step
from mwaanet.graph.explanations_client_vpn import CLIENT_VPN
from mwaanet.graph.explanations_gateway import GATEWAY
from mwaanet.graph.explanations_link import LINK
from mwaanet.graph.explanations_vpc import VPC

__all__ = ["EXPLANATIONS", "STEPS", "Explanation", "Step"]

EXPLANATIONS: Mapping[Code, Explanation] = MappingProxyType(
    {found.code: found for found in sorted((*VPC, *GATEWAY, *LINK, *CLIENT_VPN), key=lambda each: each.code)}
)
"""Every code with its explanation, in alphabetical order."""
