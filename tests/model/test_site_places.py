"""Where the site file declares what reports name, so that the place leads to it in the file."""

from __future__ import annotations

import pytest

from mwaanet.model.site import Site
from mwaanet.model.site_places import site_origin

FILE = """\
version: 1
on_premises:
  - name: branch
    cidrs: [10.60.0.0/16]
  - name: dc
    cidrs: [10.50.0.0/16]
    routes: [10.1.0.0/16]
    clients: {orchestrator: 10.50.2.15, "odd~/one": 10.50.2.16}
    dns: {servers: [10.50.0.2]}
    firewall: {default: deny, internet: none}
api:
  clients: [dc.orchestrator]
  host: Airflow.corp.example.
"""


def place(resource: str, text: str = FILE) -> str | None:
    found = site_origin(Site.parse(text, "folder/mwaanet.yaml"), resource)
    return found.place if found else None


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("branch", "/on_premises/0"),
        ("dc", "/on_premises/1"),
        ("dc.routes", "/on_premises/1/routes"),
        ("dc.dns", "/on_premises/1/dns"),
        ("dc.firewall", "/on_premises/1/firewall"),
        ("dc.internet", "/on_premises/1/firewall/internet"),
        ("dc.orchestrator", "/on_premises/1/clients/orchestrator"),
        ("airflow.corp.example", "/api/host"),
    ],
)
def test_what_is_declared_has_its_place(resource: str, expected: str) -> None:
    assert place(resource) == expected


def test_a_name_is_escaped_as_json_pointers_are() -> None:
    """https://datatracker.ietf.org/doc/html/rfc6901#section-3"""
    assert place("dc.odd~/one") == "/on_premises/1/clients/odd~0~1one"


@pytest.mark.parametrize("part", ["routes", "dns", "firewall", "internet", "nobody"])
def test_a_part_that_is_not_declared_is_missing_from_its_site(part: str) -> None:
    assert place(f"branch.{part}") == "/on_premises/0"


@pytest.mark.parametrize("resource", ["sg-0123", "head-office", "head-office.dns", ""])
def test_what_the_file_does_not_declare_has_none(resource: str) -> None:
    assert place(resource) is None


def test_the_file_is_named_without_its_folder() -> None:
    found = site_origin(Site.parse(FILE, "folder/mwaanet.yaml"), "dc")
    assert found is not None
    assert (found.document.file, found.document.path) == ("mwaanet.yaml", "folder/mwaanet.yaml")
