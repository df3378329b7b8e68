"""Comparing the states that AWS reports, whose letter case differs between its model and its answers."""

from __future__ import annotations


def same_state(state: str, *states: str) -> bool:
    """Whether a state is one of the given ones, without regard to case."""
    return state.lower() in map(str.lower, states)


def serves(state: str, *idle: str) -> bool | None:
    """Whether what reports a state serves: `available` does, the idle states do not; any other leaves it open."""
    if same_state(state, "available"):
        return True
    return False if same_state(state, *idle) else None
