"""The DAG that `mwaanet probe dag` writes, imported and run by a real Apache Airflow (`make test-airflow`).

Not collected with the other tests: it needs the environments `.venv-airflow-2` and `.venv-airflow-3`.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from mwaanet.cli.main import cli
from mwaanet.probe.probe_report import ProbeReport, decode
from probe import servers
from probe.certificates import issue, tls_server
from probe.test_worker_report import package_index

ROOT = Path(__file__).parents[2]
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


def airflow(version: int, *arguments: str, environment: Mapping[str, str]) -> str:
    """What a command of Airflow prints."""
    command = ROOT / f".venv-airflow-{version}" / "bin" / "airflow"
    done = subprocess.run(
        [command, *arguments], env=dict(environment), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def written(folder: Path, *arguments: str) -> Path:
    """The DAG, in a DAG folder."""
    dags = folder / "dags"
    dags.mkdir()
    result = CliRunner().invoke(cli, ["probe", "dag", *arguments, "--output", str(dags / "mwaanet_probe.py")])
    assert result.exit_code == 0, result.output
    return dags


def read(log: str, folder: Path) -> ProbeReport:
    file, report = folder / "task.log", folder / "worker.json"
    file.write_text(log, encoding="utf-8")
    result = CliRunner().invoke(cli, ["probe", "read", str(file), "--output", str(report)])
    assert result.exit_code == 1, result.output  # something was refused
    return decode(report.read_bytes(), "report")


@pytest.mark.parametrize("version", [2, 3])
def test_the_dag_runs(version: int, tmp_path: Path) -> None:
    authority = issue(subject="authority", authority=True)
    bundle = authority.write_certificate(tmp_path / "authority.pem")
    closed = servers.closed_port()
    with (
        servers.tcp_server(servers.wait_for_end) as open_port,
        tls_server(issue("127.0.0.1", by=authority), tmp_path) as tls_port,
        package_index(tmp_path) as index,
    ):
        dags = written(
            tmp_path,
            *("--to", f"127.0.0.1:{open_port}", "--to", f"127.0.0.1:{closed}", "--to", f"https://127.0.0.1:{tls_port}"),
            *("--index", index, "--package", "tiny", "--timeout", "2"),
        )
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
            "AIRFLOW_HOME": str(tmp_path / "home"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "SSL_CERT_FILE": str(bundle),
            "NO_PROXY": "127.0.0.1",
        }
        airflow(version, "db", "migrate", environment=environment)
        assert "mwaanet_probe.py" not in airflow(version, "dags", "list-import-errors", environment=environment)
        log = airflow(version, "dags", "test", "mwaanet_probe", environment=environment)
    report = read(log, tmp_path)
    outcomes = [str(observation.outcome) for observation in report.observations]
    assert outcomes == ["connected", "refused", "trusted", "downloaded", "listed"]
