"""Observation against model: whether they agree, and where they do not, what is left to look at.

The model proves what the configuration allows; an observation tells what happened, once. Neither corrects the other:
a contradiction says that something lies outside of the model, or that the snapshot no longer is what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mwaanet.graph.network import Network
from mwaanet.names import servers_of
from mwaanet.net import AddressSet
from mwaanet.paths.endpoints import address_endpoint
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint, Start
from mwaanet.paths.trace import Reachable
from mwaanet.probe.address import is_address
from mwaanet.probe.expectation import Expectation, expected_connection, expected_name
from mwaanet.probe.observation import Observation, Reach
from mwaanet.snapshot import CallRef
from mwaanet.status import Status

STALE = ("the snapshot is older than a change", "something in AWS or on the way that the snapshot does not hold")
"""What is left where the model says no and the network says yes."""


_LOOPBACK = AddressSet.parse("127.0.0.0/8", "::1")
"""A stub resolver on the host itself asks in the place's name."""


class Agreement(StrEnum):
    """How an observation and the model stand to each other."""

    AGREE = "agree"
    MODEL_YES_NETWORK_NO = "model-yes-network-no"
    MODEL_NO_NETWORK_YES = "model-no-network-yes"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One observation beside the model's answer; `left` is what may explain a contradiction, the likeliest first."""

    observation: Observation
    place: str
    """Where it was made, as the model calls it; empty where that is not known."""
    agreement: Agreement
    status: Status
    message: str
    model: Reachable
    resources: tuple[str, ...] = ()
    needs: tuple[CallRef, ...] = ()
    left: tuple[str, ...] = ()


def reconcile(
    network: Network, observations: Sequence[Observation], places: Sequence[Endpoint]
) -> tuple[Comparison, ...]:
    """Compare what was observed at one place; without `places` each is matched by the address it was sent from."""
    return tuple(_compare(network, observation, _located(network, observation, places)) for observation in observations)


def _located(network: Network, observation: Observation, places: Sequence[Endpoint]) -> Endpoint | str:
    """The end at which an observation was made, or why it is not known."""
    source = _set_of((observation.source_address,))
    if places:
        starts = tuple(start for place in places for start in place.starts)
        unknown = next((place.unknown for place in places if place.unknown), None)
        name = places[0].name if len(places) == 1 else places[0].name.partition("@")[0]
        return Endpoint(name=name, starts=_narrowed(starts, source) or starts, unknown=unknown)
    if not source:
        return "the report does not say where the probe ran (--from), nor from which address it sent"
    found = address_endpoint(network, observation.source_address, source)
    if len(found.starts) == 1 and not found.unknown:
        return replace(found, starts=_narrowed(found.starts, source))
    what = "several places" if found.starts else "no place"
    return f"{observation.source_address}, from where the probe sent, is {what} of the model (--from says which)"


def _narrowed(starts: Sequence[Start], source: AddressSet) -> tuple[Start, ...]:
    """Those of the starts that have the address, with nothing but it."""
    return tuple(replace(start, addresses=start.addresses & source) for start in starts if start.addresses & source)


def _compare(network: Network, observation: Observation, place: Endpoint | str) -> Comparison:
    reach = observation.reach()
    name = "" if isinstance(place, str) else place.name
    if reach is None or reach.made is None:
        why = "the model says nothing about this" if reach is None else "nothing was learned of the network"
        return _unsettled(observation, name, why, observation.status)
    seen = _set_of(reach.addresses)
    if isinstance(place, str):
        return _unsettled(observation, "", place)
    if other := _other_server(network, place, reach):
        return _unsettled(observation, name, other)
    if reach.addresses and not seen:
        return _unsettled(observation, name, "the report's addresses cannot be read")
    named = expected_name(network, place, reach.host) if not is_address(reach.host) else None
    if named is not None and named.answer is Reachable.YES and not seen.issubset(named.addresses):
        return _elsewhere(observation, place, named)
    if named is not None and (reach.port is None or (named.answer is not Reachable.YES and (reach.made or not seen))):
        expectation = named
    else:
        called = seen or (named.addresses if named else AddressSet.NONE)
        expectation = expected_connection(network, place, called, reach.port or 0)
    return _weighed(observation, place, expectation, reach)


def _other_server(network: Network, place: Endpoint, reach: Reach) -> str:
    """Why a DNS server's answer is not the one that the model speaks about; empty where it is."""
    where = place_of(network, place)
    asked = _set_of((reach.server,))
    if not reach.server or where is None or (asked and asked.issubset(_LOOPBACK)):
        return ""
    servers = servers_of(network.inventory, where)
    if servers is None or (asked and asked.issubset(servers)):
        return ""
    return f"{reach.server} was asked; {place.name} asks {servers} in the model"


def _weighed(observation: Observation, place: Endpoint, expectation: Expectation, reach: Reach) -> Comparison:
    """The comparison, once it is clear what the model's answer is."""
    comparison = Comparison(
        observation=observation,
        place=place.name,
        agreement=Agreement.AGREE,
        status=observation.status,
        message="Model and network agree: it works.",
        model=expectation.answer,
        resources=expectation.resources,
        needs=expectation.needs,
    )
    says = "yes" if reach.made else "no"
    if expectation.answer in (Reachable.UNKNOWN, Reachable.PARTIAL):
        message = f"The model does not settle it: {expectation.reason}. The network says {says}."
        return replace(comparison, agreement=Agreement.UNKNOWN, message=message)
    model_says_yes = expectation.answer is Reachable.YES
    if model_says_yes and not reach.made:
        message = "The model says yes, the network says no: what is left is what the model does not hold."
        return replace(
            comparison,
            agreement=Agreement.MODEL_YES_NETWORK_NO,
            status=Status.FAIL,
            message=message,
            left=observation.layers(),
        )
    if not model_says_yes and (reach.made or (reach.answered and expectation.silent)):
        got = "the network says yes" if reach.made else "packets come back"
        message = f"The model says no ({expectation.reason}), but {got}."
        status = Status.FAIL if observation.status is Status.FAIL else Status.WARN
        return replace(comparison, agreement=Agreement.MODEL_NO_NETWORK_YES, status=status, message=message, left=STALE)
    if not model_says_yes:
        message = f"Model and network agree that it does not work: {expectation.reason}."
        return replace(comparison, status=Status.FAIL, message=message)
    if observation.status is Status.FAIL:
        return replace(comparison, message="Model and network agree that packets pass; what fails lies above them.")
    return comparison


def _elsewhere(observation: Observation, place: Endpoint, named: Expectation) -> Comparison:
    """The name leads to other addresses than the model says."""
    return Comparison(
        observation=observation,
        place=place.name,
        agreement=Agreement.ELSEWHERE,
        status=Status.FAIL if observation.status is Status.FAIL else Status.WARN,
        message=f"The name leads elsewhere: the model says to {named.addresses}.",
        model=named.answer,
        left=("another resolver or a hosts file than the model takes", *STALE),
    )


def _unsettled(observation: Observation, place: str, why: str, status: Status = Status.UNKNOWN) -> Comparison:
    """Not compared, which is no contradiction; that it failed still counts."""
    return Comparison(
        observation=observation,
        place=place,
        agreement=Agreement.UNKNOWN,
        status=Status.FAIL if observation.status is Status.FAIL else status,
        message=f"Not compared: {why}.",
        model=Reachable.UNKNOWN,
    )


def _set_of(addresses: Sequence[str]) -> AddressSet:
    """Those of the texts that are addresses."""
    found = AddressSet.NONE
    for text in addresses:
        try:
            found = found | AddressSet.parse(text)
        except ValueError:
            continue
    return found
