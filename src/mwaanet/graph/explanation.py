"""What the explanation of a code holds; `explanations` has them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from mwaanet.graph.codes import Code

Step = Literal[
    "interface",
    "security-group",
    "subnet",
    "network-acl",
    "route",
    "gateway",
    "endpoint",
    "endpoint-service",
    "load-balancer",
    "target",
    "peering",
    "transit-gateway",
    "vpn",
    "direct-connect",
    "firewall",
    "site",
    "internet",
    "service",
]
"""The step of a path at which a code decides."""

STEPS: tuple[str, ...] = get_args(Step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One code, for a network engineer."""

    code: Code
    title: str
    """What was decided, in a few words."""
    meaning: str
    """What the code says about the packets."""
    why: str
    """The AWS behaviour behind it."""
    mend: str
    """What to do about it; for a code of packets that go on, what it shows."""
    source: str
    """The AWS page that documents the behaviour."""
    aws_code: str | None = None
    """What Reachability Analyzer calls it (https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html)."""
    other_aws_codes: tuple[str, ...] = ()
    """What it calls the same in other cases; the hop tells which it is."""
    step: Step

    @property
    def aws_codes(self) -> tuple[str, ...]:
        """All that it calls it, the usual one first."""
        return (*((self.aws_code,) if self.aws_code else ()), *self.other_aws_codes)
