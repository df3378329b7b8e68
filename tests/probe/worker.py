"""The DAG as it is written, imported without Airflow, and what its functions see."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from mwaanet.probe.dag_file import Destination, WorkerProbe, dag_text
from mwaanet.probe.probe_report import ProbeReport
from mwaanet.probe.worker_document import decode_document
from mwaanet.probe.worker_report import report_of_worker


def worker_probe(
    *destinations: Destination,
    indexes: tuple[str, ...] = (),
    package: str = "pip",
    timeout: float = 2,
    retries: int = 0,
) -> WorkerProbe:
    return WorkerProbe(
        tool="mwaanet 0",
        environment="my-env",
        destinations=destinations,
        indexes=indexes,
        package=package,
        timeout=timeout,
        retries=retries,
    )


def written(probe: WorkerProbe, folder: Path) -> ModuleType:
    """The file that `mwaanet probe dag` writes, imported as Airflow would."""
    path = folder / "mwaanet_probe.py"
    path.write_text(dag_text(probe), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("dag_of_a_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.pop("airflow", None)
    spec.loader.exec_module(module)
    return module


def document_of(probe: WorkerProbe, folder: Path, *, pip: bool = False) -> dict[str, Any]:
    """What the DAG's task sees; pip, which takes seconds, only where a test is about it."""
    module = written(probe, folder)
    if not pip:
        nothing = {"time": module.now(), "seconds": 0, "code": 0, "packages": []}
        module.installed = lambda config: nothing  # type: ignore[attr-defined]
    document: dict[str, Any] = module.probe(module.CONFIG)
    return document


def report_of(document: dict[str, Any]) -> ProbeReport:
    return report_of_worker(decode_document(json.dumps(document), "document"))
