"""Pages of one call, kept one by one, read as the one answer that they are."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from model.cases import EAST, HOME, foreign, vpc
from mwaanet.model.environment import ListEnvironments
from mwaanet.model.pages import merged
from mwaanet.model.record import Origin
from mwaanet.snapshot.document import Document, Kind
from mwaanet.snapshot.operations import CallRef


def origin(number: int) -> Origin:
    ref = CallRef(HOME, EAST, "mwaa", "list-environments")
    return Origin(Document(ref=ref, file=f"{number}.json", kind=Kind.RESPONSE, load=bytes), "")


def of_texts(*pages: dict[str, Any]) -> tuple[Any, Origin]:
    made, where = merged(
        tuple((msgspec.Raw(json.dumps(page).encode()), origin(number)) for number, page in enumerate(pages))
    )
    return json.loads(bytes(made)), where


def of_records(*pages: ListEnvironments) -> tuple[ListEnvironments, Origin]:
    return merged(tuple((page, origin(number)) for number, page in enumerate(pages)))


def test_lists_are_joined_in_order_and_all_else_is_the_first_page_s() -> None:
    found, where = of_texts({"Keys": [1], "Name": "a"}, {"Keys": [2, 3], "Name": "b"}, {"Keys": [], "More": [4]})
    assert found == {"Keys": [1, 2, 3], "Name": "a", "More": [4]}
    assert where.document.file == "0.json"


def test_records_are_joined_likewise() -> None:
    found, where = of_records(ListEnvironments(environments=("a",)), ListEnvironments(environments=("b", "c")))
    assert (found.environments, where.document.file) == (("a", "b", "c"), "0.json")


@pytest.mark.parametrize("key", ["Keys", "Name"])
def test_what_is_a_list_on_one_page_only_is_not_joined(key: str) -> None:
    assert of_texts({key: "text"}, {key: ["item"]})[0] == {key: "text"}


def test_one_page_is_what_it_was() -> None:
    page = ListEnvironments(environments=("a",))
    assert of_records(page)[0] is page


def test_pages_in_files_of_their_own_are_all_read() -> None:
    inventory = foreign(**{"describe-vpcs-1": {"Vpcs": [vpc("vpc-1")]}, "describe-vpcs-2": {"Vpcs": [vpc("vpc-2")]}})
    assert sorted(inventory.vpcs) == ["vpc-1", "vpc-2"]
