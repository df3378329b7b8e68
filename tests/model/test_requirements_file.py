"""requirements.txt as pip reads it: what it asks of the network, and what is never printed."""

from __future__ import annotations

import pytest

from mwaanet.model.requirements_file import parse_requirements, python_of, source_of, startup_variables

NEXUS = "--index-url https://nexus.example/simple/\n"
PYPI = ["https://pypi.org:443", "https://files.pythonhosted.org:443"]


def asked(text: str, **options: object) -> list[str]:
    return [source.url for source in parse_requirements(text, **options).sources]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pandas\n", PYPI),
        (NEXUS + "pandas\n", ["https://nexus.example:443"]),
        ("-i http://nexus.example:8081/simple\npandas", ["http://nexus.example:8081"]),
        ("--index-url https://old.example/\n" + NEXUS + "pandas", ["https://nexus.example:443"]),
        ("--extra-index-url https://old.example/\n" + NEXUS + "pandas", ["https://nexus.example:443"]),
        (
            NEXUS + "--extra-index-url \\\n  https://more.example/ # why\npandas",
            ["https://nexus.example:443", "https://more.example:443"],
        ),
        ("--no-index\n--find-links /usr/local/airflow/plugins\npandas", []),
        ("--no-index\n--find-links https://wheels.example/\npandas", ["https://wheels.example:443"]),
        (NEXUS + "# only a comment\n", []),
        (NEXUS + 'pandas ; python_version < "3.9"', []),
        (NEXUS + 'pandas ; sys_platform == "linux"', ["https://nexus.example:443"]),
        (NEXUS + "x @ git+ssh://git@git.example/x.git", ["https://nexus.example:443", "ssh://git.example:22"]),
        ("--no-index\nhttps://files.example/x-1-py3-none-any.whl", ["https://files.example:443"]),
        ("--no-index\n-c https://limits.example/c.txt\npandas", ["https://limits.example:443"]),
        ("--no-index\n./wheels/x-1-py3-none-any.whl", []),
    ],
)
def test_sources(text: str, expected: list[str]) -> None:
    assert asked(text) == expected


def test_credentials_are_kept_nowhere() -> None:
    found = parse_requirements(
        "-i https://user:se%40cret@nexus.example/simple\n-r https://u:secret@more.example/r.txt\npandas"
    )
    assert "secret" not in repr(found)
    assert "cret" not in repr(found)


def test_nested_files_are_read_where_they_are_known() -> None:
    path = "/usr/local/airflow/dags/more.txt"
    found = parse_requirements(f"-r {path}\n", texts={path: NEXUS + "pandas\n"})
    assert ([source.host for source in found.sources], found.unread) == (["nexus.example"], ())
    assert parse_requirements(f"-r {path}\n").unread == (path,)


def test_variables_set_what_the_file_leaves_open() -> None:
    variables = startup_variables('#!/bin/sh\nexport PIP_INDEX_URL="https://nexus.example/simple"\nX=$(secret)\n')
    assert variables == {"PIP_INDEX_URL": "https://nexus.example/simple"}
    assert asked("pandas", variables=variables) == ["https://nexus.example:443"]
    assert asked("-i https://${HOST}/simple\npandas", variables={"HOST": "own.example"}) == ["https://own.example:443"]


def test_variables_name_files_as_the_options_do() -> None:
    """https://pip.pypa.io/en/stable/topics/configuration/#environment-variables"""
    path, limits = "/usr/local/airflow/dags/more.txt", "https://limits.example/c.txt"
    variables = {"PIP_REQUIREMENT": path, "PIP_CONSTRAINT": limits, "PIP_CONFIG_FILE": "/etc/pip.conf"}
    found = parse_requirements("", variables=variables, texts={path: NEXUS + "pandas\n"})
    assert [source.url for source in found.sources] == ["https://nexus.example:443", "https://limits.example:443"]
    assert found.unread == ("/etc/pip.conf",)


def test_a_host_in_a_variable_that_nobody_knows_leaves_the_index_unread() -> None:
    found = parse_requirements("--index-url https://${NEXUS_HOST}/simple\npandas")
    assert "NEXUS_HOST" in " ".join(found.unread)


def test_credentials_in_a_variable_leave_the_host_known() -> None:
    assert asked("--index-url https://${USER}:${PASSWORD}@nexus.example/simple\npandas") == [
        "https://nexus.example:443"
    ]


@pytest.mark.parametrize("line", ["--bogus x", "pandas ==", "two words"])
def test_lines_that_pip_refuses_are_told(line: str) -> None:
    assert parse_requirements(f"{line}\npandas\n").invalid == (1,)


def test_a_marker_that_cannot_be_evaluated_counts_as_met() -> None:
    """Whether pip then asks the index is not known, and asking is what needs a path."""
    assert asked('pandas ; python_version ~= "abc"') == PYPI


def test_hashes_and_trusted_hosts_are_told() -> None:
    found = parse_requirements(f"--trusted-host nexus.example\n{NEXUS}pandas==2.0 --hash=sha256:{'0' * 64}\n")
    assert (found.trusted, found.hashed, found.invalid) == (("nexus.example",), True, ())


def test_nested_files_lie_beside_the_file_that_names_them() -> None:
    """https://pip.pypa.io/en/stable/reference/requirements-file-format/#referring-to-other-requirements-files"""
    folder = "/usr/local/airflow/dags/"
    texts = {f"{folder}more.txt": "-r deeper/last.txt\n", f"{folder}deeper/last.txt": NEXUS + "pandas\n"}
    found = parse_requirements(f"-r {folder}more.txt\n", texts=texts)
    assert ([source.host for source in found.sources], found.unread) == (["nexus.example"], ())


@pytest.mark.parametrize(
    "line",
    [
        "pytest-cov",
        "docopt == 0.6.1",
        'requests [security] >= 2.8.1, == 2.8.* ; python_version < "2.7"',
        "urllib3 @ https://github.com/urllib3/urllib3/archive/refs/tags/1.26.8.zip",
        "./downloads/numpy-1.9.2-cp34-none-win32.whl",
        "http://wxpython.org/Phoenix/snapshot-builds/wxPython_Phoenix-3.0.3.dev1820+49a8884-cp34-none-win_amd64.whl",
        'FooProject >= 1.2 --global-option="--no-user-cfg"',
        "FooProject --config-settings editable_mode=compat",
        'FooProject --config-settings="--build-option=--no-user-cfg"',
        "\ufeffFooProject",
        "--require-hashes",
        "--only-binary :all:",
        "-e git+https://git.example/x.git#egg=x",
    ],
)
def test_lines_of_pip_s_own_documentation_are_understood(line: str) -> None:
    """https://pip.pypa.io/en/stable/reference/requirements-file-format/"""
    assert parse_requirements(line + "\n").invalid == ()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("export PIP_INDEX_URL='https://nexus.example/simple'", ["https://nexus.example:443"]),
        ("export A=1 PIP_INDEX_URL=https://nexus.example/simple", ["https://nexus.example:443"]),
        ("PIP_INDEX_URL=https://nexus.example/simple\nexport PIP_INDEX_URL", ["https://nexus.example:443"]),
        ("PIP_INDEX_URL=https://nexus.example/simple", PYPI),
        ("PIP_INDEX_URL=https://nexus.example/simple pip3 install x", PYPI),
        ("#export PIP_INDEX_URL=https://nexus.example/simple", PYPI),
        ("HOST=nexus.example\nexport PIP_INDEX_URL=https://$HOST/simple", ["https://nexus.example:443"]),
        ("if x; then export PIP_INDEX_URL=https://do.example/simple; fi", ["https://do.example:443"]),
        (
            'TOKEN=$(aws codeartifact get-authorization-token)\nexport PIP_INDEX_URL="https://aws:$TOKEN@nexus.example/"',
            ["https://nexus.example:443"],
        ),
        ("export PIP_NO_INDEX=1", []),
        ("pip3 config set global.index-url https://nexus.example/simple", []),
        ("aws codeartifact login --tool pip --domain d --repository r", []),
    ],
)
def test_what_a_startup_script_exports(script: str, expected: list[str]) -> None:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html"""
    assert asked("pandas", variables=startup_variables(script)) == expected


@pytest.mark.parametrize("script", ["pip config set global.index-url https://x/", "echo $INDEX > ~/.pip/pip.conf"])
def test_a_script_that_configures_pip_leaves_the_index_unknown(script: str) -> None:
    assert parse_requirements("pandas", variables=startup_variables(script)).unread


@pytest.mark.parametrize(
    ("airflow", "python"), [((2, 2, 2), "3.7"), ((2, 6, 3), "3.10"), ((2, 10, 3), "3.11"), ((3, 0), "3.12")]
)
def test_python_of_airflow(airflow: tuple[int, ...], python: str) -> None:
    assert python_of(airflow) == python


@pytest.mark.parametrize("text", ["", "/usr/local/airflow/plugins", "file:///x", "https://", "https://h:99999/"])
def test_what_is_no_url_of_a_host(text: str) -> None:
    assert source_of(text) is None
