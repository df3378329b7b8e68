"""Facts that are not known: a value with its reason, never an absence."""

from dataclasses import dataclass

from mwaanet.snapshot.operations import CallRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something that could not be read: why, and the calls that would tell."""

    reason: str
    needs: tuple[CallRef, ...] = ()
