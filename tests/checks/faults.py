"""Faults and traps as one writes them down: what is done to a healthy estate, how each path then stands, who is named.

@fault(s3="fail")
def the_gateway_endpoint_is_not_in_one_table(estate): ...
    return estate.workers[0].table.id
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from builder import Estate, mwaa_estate
from checks.cases import diagnosis, paths
from mwaanet.checks.result import Diagnosis, Status

JUDGED = ("s3", "service")
Breaks = Callable[[Estate], str | tuple[str, ...] | None]


@dataclass(frozen=True)
class Fault:
    """One fault (or what only looks like one): what is done, and how the paths stand."""

    breaks: Breaks
    s3: str = "pass"
    service: str = "pass"
    choices: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Every culprit is named by a finding that is no pass; where nothing is wrong, there is none."""
        estate = mwaa_estate(**self.choices)
        given = self.breaks(estate)
        culprits = (given,) if isinstance(given, str) else given or ()
        diagnosed = diagnosis(estate)
        assert {path: paths(diagnosed)[path] for path in JUDGED} == {"s3": self.s3, "service": self.service}
        told = named(diagnosed)
        assert set(culprits) <= told, f"only {sorted(told)}"
        if self.s3 == self.service == "pass":
            assert not told


class Faults(list[Fault]):
    """The faults of one file, in order."""

    def __call__(self, *, s3: str = "pass", service: str = "pass", **choices: str) -> Callable[[Breaks], Breaks]:
        """Put a function among them; it breaks the estate and gives the culprits' ids."""

        def register(function: Breaks) -> Breaks:
            self.append(Fault(function, s3, service, choices))
            return function

        return register


def name_of(fault: Fault) -> str:
    return fault.breaks.__name__


def named(diagnosed: Diagnosis) -> set[str]:
    """The resources that findings of these paths name which are neither pass nor skip."""
    judged = [finding for finding in diagnosed.findings if finding.path in JUDGED]
    wrong = [finding for finding in judged if finding.status not in (Status.PASS, Status.SKIP)]
    return {resource for finding in wrong for resource in finding.resources}
