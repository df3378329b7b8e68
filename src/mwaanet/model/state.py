"""Comparing the states that AWS reports, whose letter case differs between its model and its answers."""

from __future__ import annotations


def same_state(state: str, *states: str) -> bool:
    """Whether a state is one of the given ones, without regard to case."""
    lowered = state.lower()
    return any(lowered == other.lower() for other in states)
