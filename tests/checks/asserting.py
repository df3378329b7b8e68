"""What the tests of assertions share: asking a few lines of YAML of an estate or a topology."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from builder import Estate, Topology
from mwaanet.checks.assertions import AssertionResult, run_assertions, subject
from mwaanet.checks.context import Context
from mwaanet.checks.topology import Topology as Assertions
from mwaanet.checks.topology import load_topology
from mwaanet.model.site import Site
from mwaanet.snapshot.reader import Snapshot

TODAY = date(2026, 6, 15)


def loaded(
    text: str, variables: Mapping[str, str] | None = None, others: Mapping[str, str] | None = None
) -> Assertions:
    """A topology file and those beside it, as they are read from a folder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in {"topology.yaml": text, **(others or {})}.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, encoding="utf-8")
        return load_topology([folder / "topology.yaml"], variables)


def subject_of(world: Estate | Topology, environment: str | None = None) -> Context:
    """What assertions about an estate or a network are asked of."""
    snapshot = Snapshot.from_files(world.files())
    site = Site.parse(snapshot.site_text, "mwaanet.yaml") if snapshot.site_text else None
    return subject(snapshot, environment=environment, site=site)


def results(world: Estate | Topology | Context, assertions: str, **variables: str) -> list[AssertionResult]:
    """How some assertions stand; `assertions` are the items of the list, as YAML."""
    context = world if isinstance(world, Context) else subject_of(world)
    text = "version: 1\nassertions:\n" + "".join(f"  {line}\n" for line in assertions.strip().splitlines())
    return list(run_assertions(context, loaded(text, variables).checks, TODAY))


def result(world: Estate | Topology | Context, assertion: str, **variables: str) -> AssertionResult:
    """How one assertion stands; `assertion` is its lines but the id."""
    lines = assertion.strip().splitlines()
    (found,) = results(world, "\n".join(["- id: ours", *(f"  {line}" for line in lines)]), **variables)
    return found
