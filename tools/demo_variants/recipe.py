"""How a variant is told: the decorator that makes one of a function, and the places in files that changes name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from builder import Estate
from builder.endpoint import InterfaceEndpoint
from builder.estate import HOME, REGION
from mwaanet.demo import Change, Expectation, Variant

PATHS = ("s3", "service", "nexus", "api")

Status = str | list[str]
Culprits = list[str | list[str]]
Recipe = Callable[[Estate], tuple[list[Change], Culprits]]
Place = tuple[str, str]
"""A file and a pointer in it."""

_MADE: dict[str, dict[str, Callable[[Estate], Variant]]] = {}


def variant(**paths: Status) -> Callable[[Recipe], Recipe]:
    """Make a variant of a function; the paths that are not named pass."""
    expected: dict[str, Status] = {path: paths.get(path, "pass") for path in PATHS}
    likely = {path: status if isinstance(status, str) else status[0] for path, status in expected.items()}

    def register(recipe: Recipe) -> Recipe:
        title, _, story = inspect.cleandoc(recipe.__doc__ or "").partition("\n\n")

        def make(estate: Estate) -> Variant:
            changes, culprits = recipe(estate)
            return Variant(
                title=title.rstrip("."),
                story=" ".join(story.split()),
                breaks=[path for path, status in likely.items() if status not in ("pass", "warn")],
                expect=Expectation(paths=expected, culprits=culprits),
                changes=changes,
            )

        _MADE.setdefault(recipe.__module__, {})[recipe.__name__.replace("_", "-")] = make
        return recipe

    return register


def recipes_of(module: ModuleType) -> dict[str, Callable[[Estate], Variant]]:
    """The variants that a module tells, in its order."""
    return _MADE[module.__name__]


def file_of(service: str, operation: str, account: str = HOME, region: str = REGION) -> str:
    """The path of a file in the snapshot."""
    return f"accounts/{account}/{region}/{service}/{operation}.json"


def replace(file: str, pointer: str, value: object) -> Change:
    """Put a value in the place of another."""
    return Change(file=file, op="replace", pointer=pointer, value=value)


def remove(file: str, pointer: str = "") -> Change:
    """Take something away; without a pointer the file."""
    return Change(file=file, op="remove", pointer=pointer)


def endpoint_place(endpoint: Any, rest: str = "") -> Place:
    """Where an endpoint of the home account is described."""
    return file_of("ec2", "describe-vpc-endpoints"), f"/VpcEndpoints[VpcEndpointId={endpoint.id}]{rest}"


def interface_places(endpoint: InterfaceEndpoint, rest: str = "") -> list[Place]:
    """Where an endpoint's interfaces are described."""
    file = file_of("ec2", "describe-network-interfaces")
    ids = endpoint.record["NetworkInterfaceIds"]
    return [(file, f"/NetworkInterfaces[NetworkInterfaceId={one}]{rest}") for one in ids]
