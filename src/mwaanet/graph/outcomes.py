"""Small constructors of outcomes that every kind of component needs."""

from __future__ import annotations

from collections.abc import Iterable

from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Evidence, Flight, Hop, Kind, Lose, Mend, Outcome, Position
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.net import PacketSet


def hop(
    component: str,
    kind: Kind,
    action: Action,
    by: str,
    code: Code,
    packets: PacketSet,
    origin: Origin | None = None,
    also: tuple[str, ...] = (),
    aws_code: str = "",
) -> Hop:
    """A hop with the record's origin as its evidence."""
    evidence = (Evidence(origin),) if origin else ()
    return Hop(
        component=component,
        kind=kind,
        action=action,
        by=by,
        code=code,
        packets=packets,
        evidence=evidence,
        also=also,
        aws_code=aws_code,
    )


def absent(component: str, kind: Kind, flight: Flight, why: Unknown | str) -> Outcome:
    """What becomes of a flight at a component whose record is not there: dropped for a fact, else lost."""
    if isinstance(why, str):
        return Drop(flight=flight, hop=hop(component, kind, Action.DROP, why, Code.GONE, flight.packets))
    decided = hop(component, kind, Action.UNKNOWN, why.reason, Code.TARGET_UNKNOWN, flight.packets)
    return Lose(flight=flight, hop=decided, unknown=why)


def mendable(stopped: Hop, flight: Flight, action: str, to: Position, onward: Flight, also: Iterable[str] = ()) -> Drop:
    """A drop that mending the stopping component itself, which exists, would undo (cost 1)."""
    mend = Mend(resources=(stopped.component, *also), cost=1, action=action, to=to, flight=onward)
    return Drop(flight=flight, hop=stopped, mends=(mend,))
