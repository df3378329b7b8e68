"""The pytest plugin: `pytest --mwaanet-snapshot DIR` lets tests ask a snapshot.

Without that option it adds nothing but its options: no fixture, no hook, no file that is collected, and next to nothing
to import. What it adds otherwise is in `asking` and `topology_files`.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mwaanet", "network diagnostics for Amazon MWAA")
    group.addoption("--mwaanet-snapshot", metavar="DIR", help="snapshot (folder or .tar.gz) that tests ask")
    group.addoption("--mwaanet-site", metavar="FILE", help="site file (default: the one in the snapshot)")
    group.addoption("--mwaanet-environment", metavar="NAME", help="the environment that is meant, of several")
    group.addoption(
        "--mwaanet-var", metavar="NAME=VALUE", action="append", default=[], help="a variable of their files"
    )


def pytest_configure(config: pytest.Config) -> None:
    snapshot = config.getoption("mwaanet_snapshot")
    if snapshot is None:
        return
    if not Path(snapshot).exists():
        raise pytest.UsageError(f"--mwaanet-snapshot: {snapshot} does not exist")
    from mwaanet.pytest_plugin import asking, topology_files

    config.pluginmanager.register(asking, "mwaanet-asking")
    config.pluginmanager.register(topology_files, "mwaanet-topology-files")
