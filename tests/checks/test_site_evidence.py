"""What is to mend in mwaanet.yaml is named with its place there, which leads to it in the file as it was written."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
import yaml

from builder import Estate
from checks.api import called, edited, estate, faults

CLOSED = ("ports: [443]", "ports: [80]")
UNROUTED = ("routes: [10.24.0.0/16, 10.40.0.0/20]", "routes: [10.40.0.0/20]")
OFFLINE = ("default: deny\n", "default: deny\n      internet: none\n")
UNFORWARDED = ("        - {zone: us-east-1.airflow.amazonaws.com, to: [10.24.32.10, 10.24.32.74]}\n", "")


def at(text: str, pointer: str) -> Any:
    """What a JSON pointer leads to."""
    steps = pointer.split("/")[1:]
    return reduce(
        lambda value, step: value[int(step) if isinstance(value, list) else step], steps, yaml.safe_load(text)
    )


def place(net: Estate, check: str, *changes: tuple[str, str]) -> tuple[str, Any]:
    """The place in the site file that a finding names, and what stands there."""
    files = edited(net, *changes)
    (pointer,) = [one.pointer for one in faults(called(files))[check].evidence if one.file == "mwaanet.yaml"][:1]
    return pointer, at(files["mwaanet.yaml"].decode(), pointer)


@pytest.mark.parametrize(
    ("check", "change", "part"),
    [("API-SITE", CLOSED, "firewall"), ("API-SITE", UNROUTED, "routes"), ("API-NAME", UNFORWARDED, "dns")],
)
def test_a_part_of_a_site(check: str, change: tuple[str, str], part: str) -> None:
    pointer, found = place(estate(), check, change)
    assert pointer == f"/on_premises/0/{part}"
    assert found


def test_the_name_that_clients_call() -> None:
    net = estate()
    records = ("      records:\n", f"      records:\n        airflow.corp.example: {{cname: {net.environment.host}}}\n")
    host = ("api:\n", "api:\n  host: airflow.corp.example\n")
    assert place(net, "API-ALIAS-CERTIFICATE", records, host) == ("/api/host", "airflow.corp.example")
