"""What the verdict on one part of a walk rests on.

A part that passes rests on what its own hops read, and on all that led the packets to it: the name, and what chose
their way through the parts before. What only lets packets pass or not concerns the part that it stands in.
"""

from __future__ import annotations

from mwaanet.checks.context import Context
from mwaanet.checks.doubts import turned
from mwaanet.checks.evidence import of_hop, of_name, of_source
from mwaanet.checks.walked import Walked
from mwaanet.graph.flight import Evidence


def of_part(context: Context, walk: Walked, part: str) -> tuple[Evidence, ...]:
    """Everything without which the verdict on a part would not be known."""
    found = dict.fromkeys(of_source(context, walk.source))
    if walk.resolution is not None:
        found.update(dict.fromkeys(of_name(context, walk.source, walk.resolution)))
    order = walk.order
    led = order[: order.index(part) + 1] if part in order else (*order, part)
    for leg, turn in turned(walk.trace) if walk.trace and part != "name" else ():
        for hop, name in zip(leg.hops, walk.parts(leg.hops, turn), strict=True):
            if name in led:
                found.update(dict.fromkeys(of_hop(context, hop, judging=name == part)))
    return tuple(found)
