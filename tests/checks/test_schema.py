"""The published schema: that of the code, it takes what the loader takes, and what it refuses the loader refuses."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from checks.asserting import loaded
from checks.cases import CHECKS, ROOT
from mwaanet.checks.schema import schema_text, topology_schema
from mwaanet.errors import CheckFileError

PUBLISHED = ROOT / "schemas" / "topology.json"
VALID = """\
version: 1
variables: {clients: [10.50.0.0/16], port: 443, word: critical}
assertions:
  - {id: one, reach: {from: "{clients}", to: mwaa.webserver, port: "{port}"}}
  - {id: two, expect: blocked, severity: "{word}", reach: {from: {any: [dc1, dc2], except: dc2}, to: internet}}
  - id: three
    expect: denied
    permit: {principal: mwaa.execution-role, actions: s3:GetObject, any_resource: ["{bucket_arn}"]}
  - {id: four, expect: does-not-hold, require: {facts: true, that: vpc, about: "{vpc}"}, allow-empty: true}
  - {id: five, resolve: {name: bucket, from: mwaa.worker}, waive: {until: "2027-01-31", because: it is known}}
"""
ASSERTION = "version: 1\nassertions:\n  - {id: one, %s}\n"
REACH = "reach: {from: mwaa.worker, to: bucket%s}"


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = topology_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_it_is_that_of_the_code(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        PUBLISHED.parent.mkdir(exist_ok=True)
        PUBLISHED.write_text(schema_text(), encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("file", sorted(CHECKS.glob("*.yaml")), ids=lambda file: file.name)
def test_the_built_in_checks_are_valid(validator: Any, file: Any) -> None:
    validator.validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def test_what_the_loader_takes_is_valid(validator: Any) -> None:
    assert len(loaded(VALID).checks) == 5
    validator.validate(yaml.safe_load(VALID))


@pytest.mark.parametrize(
    "text",
    [
        "assertions: []",
        "version: 2\nassertions: []",
        "version: 1",
        "version: 1\nassertion: []",
        "version: 1\nvariables: {Upper: 1}\nassertions: []",
        "version: 1\nvariables: {deep: {x: 1}}\nassertions: []",
        ASSERTION % "title: x",
        ASSERTION % (REACH % "" + ", resolve: {name: x.example.com, from: dc1}"),
        ASSERTION % (REACH % ", port: 65536"),
        ASSERTION % (REACH % ", port: https"),
        ASSERTION % (REACH % ", part: all-of-it"),
        ASSERTION % (REACH % ", via: []"),
        ASSERTION % (REACH % ", to-all: x"),
        ASSERTION % (REACH % "" + ", expect: denied"),
        ASSERTION % (REACH % "" + ", severity: urgent"),
        ASSERTION % (REACH % "" + ", allow-empty: please"),
        ASSERTION % (REACH % "" + ", waive: {until: '2027-01-31'}"),
        ASSERTION % "reach: {from: {all: dc1, any: dc2}, to: bucket}",
        ASSERTION % "reach: {from: {except: dc2}, to: bucket}",
        ASSERTION % "permit: {principal: mwaa.execution-role, actions: s3:GetObject}",
        ASSERTION % "require: {that: vpc, about: vpc}",
        ASSERTION % "require: {call: ec2/describe-vpc, that: Vpcs, about: vpc}",
        "version: 1\nassertions:\n  - {id: '-x', skip: no}",
        "version: 1\nchecks:\n  - {id: X, skip: no}",
    ],
)
def test_what_it_refuses_the_loader_refuses(validator: Any, text: str) -> None:
    assert not validator.is_valid(yaml.safe_load(text))
    with pytest.raises(CheckFileError):
        loaded(text)
