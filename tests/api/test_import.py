"""What `import mwaanet` costs, and that every name and example of the page holds."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import mwaanet

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "python-api.md"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def modules_after(code: str) -> set[str]:
    """The modules that Python has loaded after running the code, in a process of its own."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_it_loads_nothing_else() -> None:
    loaded = modules_after("import mwaanet; mwaanet.UsageError; dir(mwaanet)")
    assert {name for name in loaded if name.startswith("mwaanet")} == {"mwaanet", "mwaanet.errors"}
    assert loaded.isdisjoint({"boto3", "networkx", "msgspec", "typing"})


@pytest.mark.slow
def test_asking_loads_no_client_of_aws() -> None:
    loaded = modules_after("import mwaanet; mwaanet.load_demo().reach('mwaa.worker', 'bucket').explain()")
    assert "networkx" in loaded
    assert loaded.isdisjoint({"boto3", "botocore", "requests", "click"})


def test_every_name_is_there_and_on_the_page() -> None:
    documented = set(re.findall(r"`(\w+)[`(]", PAGE.read_text(encoding="utf-8")))
    for name in mwaanet.__all__:
        assert getattr(mwaanet, name).__doc__, name
        assert name in documented
    assert set(mwaanet.__all__) <= set(dir(mwaanet))
    with pytest.raises(AttributeError, match="no attribute 'reach'"):
        _ = mwaanet.reach


@pytest.mark.parametrize("module", ["network", "asking"])
def test_examples_of_docstrings(module: str) -> None:
    results = doctest.testmod(import_module(f"mwaanet.api.{module}"))
    assert results.attempted > 0
    assert results.failed == 0


def test_examples_of_the_page() -> None:
    """The blocks of the page are one session."""
    session = "\n".join(block for block in FENCE.findall(PAGE.read_text(encoding="utf-8")) if ">>>" in block)
    test = doctest.DocTestParser().get_doctest(session, {}, PAGE.name, str(PAGE), 0)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted > 10
    assert results.failed == 0
