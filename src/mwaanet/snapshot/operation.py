"""One AWS call as the table of operations describes it: its place, its parameters, and what they are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

GLOBAL: Final = "global"
"""What stands for the Region of a call to a service that has none."""

ASKED: Final = "asked"
"""The source of a draw from what the user named: environments, and the roles that call them."""

Scope = Literal["regional", "global"]


class CallRef(NamedTuple):
    """One call to one account and Region: what a finding `needs`, and what evidence was read from."""

    account: str
    region: str
    service: str
    operation: str

    @property
    def file(self) -> str:
        """Where its answer lies in a snapshot."""
        return f"accounts/{self.account}/{self.region}/{self.service}/{self.operation}.json"


@dataclass(frozen=True, slots=True)
class Draw:
    """Where the parameters of a call come from: an earlier answer, and what is picked from it."""

    source: str
    """`service/operation` of the earlier call, or ASKED."""
    expression: str
    """JMESPath (see `collect/expressions.py`): values of the first parameter, or objects of several parameters.

    `Account` and `Region` in such an object say where to ask, if not where the source was asked; `Note` is kept for
    what is drawn from the answer."""
    everything: bool = False
    """Whether it is made only where whole accounts are collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of one service."""

    service: str
    """The botocore service."""
    operation: str
    """The AWS CLI's name of the operation."""
    key: str
    """The key of the response that holds the answer; empty where the response as a whole is the answer."""
    decides: str
    """What the answer decides, as a noun phrase."""
    parameters: tuple[str, ...] = ()
    """The parameters that name a resource, the first one always given; none where it is asked once per Region."""
    scope: Scope = "regional"
    """Whether it is asked in each Region or once."""
    action: str = ""
    """The IAM action that allows it."""
    draws: tuple[Draw, ...] = ()
    """What its parameters are drawn from; without any, a call about a resource is never made."""
    fixed: Mapping[str, object] = field(default_factory=dict)
    """Parameters that are always given besides."""
    each: tuple[str, tuple[str, ...]] = ("", ())
    """A parameter, and the values of which each is asked."""
    leads: str = ""
    """JMESPath that picks the accounts and Regions to which the answer leads, as objects of `Account` and `Region`."""

    @property
    def name(self) -> str:
        """The AWS CLI's name of the operation."""
        return self.operation

    @property
    def is_global(self) -> bool:
        """Whether its answer lies under `global`."""
        return self.scope == GLOBAL

    @property
    def per_resource(self) -> bool:
        """Whether it is asked once per resource, so that its file holds `Calls`."""
        return bool(self.parameters)

    @property
    def collected(self) -> bool:
        """Whether collecting a snapshot makes the call."""
        return bool(self.draws) or not self.parameters
