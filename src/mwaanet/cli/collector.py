"""Python's garbage collector while a command runs: it passes over everything that was loaded ten times as seldom.

A command loads a snapshot, answers and ends. Nothing that was loaded is garbage before, so a full pass finds little; it
takes as long as a quarter of loading. Garbage that is young is freed as ever. Only the command line does this: a
process that uses the Python API has a collector of its own to set.
"""

from __future__ import annotations

import gc

_MIDDLE_PASSES = 100
"""After how many passes over what is younger a full one may follow; Python's own number is 10."""


def pass_over_all_seldom() -> None:
    """Set the collector of this process so."""
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _MIDDLE_PASSES)
