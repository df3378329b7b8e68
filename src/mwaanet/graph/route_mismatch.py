"""Which of Reachability Analyzer's codes says why a route table does not lead to the intended target.

https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mwaanet.net import AddressSet


class RouteMismatch(NamedTuple):
    """Reachability Analyzer's codes of one kind of route table."""

    none: str
    """It has no route to the target."""
    unmatched: str
    """It has one, which does not match the packet's destination."""
    longer: str
    """One matches, but a more specific route decides."""
    preferred: str
    """One matches, but another with the same destination comes before it."""

    def code(self, dst: AddressSet, leading: Sequence[AddressSet], deciding: AddressSet = AddressSet.NONE) -> str:
        """The code, by the destinations of the routes that lead to the target and of the one that decides."""
        matching = [block for block in leading if block & dst]
        if deciding in matching:
            return self.preferred
        if matching:
            return self.longer
        return self.unmatched if leading else self.none


VPC_TABLE = RouteMismatch("NO_ROUTE_TO_DESTINATION", "CANNOT_ROUTE", "MORE_SPECIFIC_ROUTE", "HIGHER_PRIORITY_ROUTE")
TRANSIT_TABLE = RouteMismatch(
    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
    "TGW_RTB_CANNOT_ROUTE",
    "TGW_RTB_MORE_SPECIFIC_ROUTE",
    "TGW_RTB_HIGHER_PRIORITY_ROUTE",
)
