"""Output that PowerShell redirected: UTF-16 with a byte order mark.

https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding
"""

from __future__ import annotations

import codecs

import pytest

from builder import mwaa_estate
from builder.estate import HOME, REGION
from mwaanet.checks.diagnose import diagnose
from mwaanet.model.inventory import Inventory
from mwaanet.snapshot import Snapshot

ENCODINGS = {"little": codecs.BOM_UTF16_LE, "big": codecs.BOM_UTF16_BE}


def encoded(content: bytes, order: str) -> bytes:
    return ENCODINGS[order] + content.decode().encode(f"utf-16-{order[0]}e")


@pytest.mark.parametrize("order", ENCODINGS)
def test_a_whole_snapshot_is_read_as_if_it_were_utf_8(order: str) -> None:
    files = mwaa_estate().files()
    found = diagnose(Snapshot.from_files({name: encoded(content, order) for name, content in files.items()}))
    expected = diagnose(Snapshot.from_files(files))
    assert [(one.id, one.status, one.message) for one in found.findings] == [
        (one.id, one.status, one.message) for one in expected.findings
    ]


def test_account_and_region_of_a_redirected_file_are_found_in_it() -> None:
    content = mwaa_estate().files()[f"accounts/{HOME}/{REGION}/ec2/describe-subnets.json"]
    inventory = Inventory.load(Snapshot.from_files({"subnets.json": encoded(content, "little")}))
    assert {inventory.place(subnet) for subnet in inventory.subnets.values()} == {(HOME, REGION)}
