"""Which lines of a startup script fetch something by themselves.

https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html
"""

from __future__ import annotations

import pytest

from mwaanet.model.startup_script import fetching_lines


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("pip install requests", "pip install"),
        ("pip3 download -d /tmp requests", "pip3 download"),
        (
            "python3 -m pip install --index-url https://u:Pa55word@nexus.example/simple requests",
            "python3 -m pip install",
        ),
        ("sudo yum -y install libaio", "yum -y install"),
        ("PIP_NO_CACHE_DIR=1 pip install requests", "pip install"),
        ('if [ "$MWAA_AIRFLOW_COMPONENT" = worker ]; then curl -O https://files.example/x.zip; fi', "curl"),
        ("TOKEN=$(curl -s https://tokens.example)", "curl"),
        ("uv pip install requests", "uv pip install"),
    ],
)
def test_a_command_that_fetches_is_told_without_its_arguments(line: str, command: str) -> None:
    assert fetching_lines(f"#!/bin/sh\n{line}\n") == (f"line 2 ({command})",)


@pytest.mark.parametrize(
    "line",
    [
        "# pip install requests",
        'echo "pip install is not done here"',
        "pip install --no-index --find-links /usr/local/airflow/plugins requests",
        "pip config set global.index-url https://nexus.example/simple",
        "export CURL_CA_BUNDLE=/usr/local/airflow/dags/ca.pem",
    ],
)
def test_other_lines_fetch_nothing(line: str) -> None:
    assert fetching_lines(f"#!/bin/sh\n{line}\n") == ()
