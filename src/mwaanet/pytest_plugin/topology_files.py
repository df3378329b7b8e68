"""Topology files as tests: every assertion of a file `topology*.yaml` is one, as other plugins collect YAML."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest

import mwaanet
from mwaanet.pytest_plugin.asking import network_of

SUFFIXES = (".yaml", ".yml")
PREFIX = "topology"


class UnprovenError(Exception):
    """An assertion that does not hold, or of which it is not known."""

    def __init__(self, proof: mwaanet.Proof) -> None:
        super().__init__(proof.message)
        self.proof = proof


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> TopologyFile | None:
    if file_path.suffix in SUFFIXES and file_path.stem.startswith(PREFIX):
        return TopologyFile.from_parent(parent, path=file_path)
    return None


class TopologyFile(pytest.File):
    """A file of assertions, with what it includes."""

    def collect(self) -> Iterable[AssertionItem]:
        try:
            assertions = mwaanet.load_assertions(self.path, variables=_variables(self.config))
        except mwaanet.MwaanetError as error:
            raise self.CollectError(str(error)) from error
        if not assertions:
            raise self.CollectError(f"there are no assertions in {self.path}, so nothing would be proved")
        for assertion in assertions:
            yield AssertionItem.from_parent(self, name=assertion.id, assertion=assertion)


def _variables(config: pytest.Config) -> dict[str, str]:
    pairs = (text.partition("=") for text in config.getoption("mwaanet_var"))
    return {name: value for name, _, value in pairs}


class AssertionItem(pytest.Item):
    """One assertion: passes where it holds, fails where it does not or is not known; a waived failure is expected."""

    def __init__(self, *, assertion: mwaanet.Assertion, name: str, parent: pytest.Collector) -> None:
        super().__init__(name, parent)
        self.assertion = assertion

    def runtest(self) -> None:
        network = network_of(self.config)
        name = self.config.getoption("mwaanet_environment")
        proof = (network.environment(name) if name else network).prove(self.assertion)
        if proof.waived:
            pytest.xfail(f"waived {proof.waived}: {proof.message}")
        if proof.status == "skip":
            pytest.skip(proof.message)
        if proof.status == "warn":
            warnings.warn(pytest.PytestWarning(proof.message), stacklevel=1)
        elif proof.status != "pass":
            raise UnprovenError(proof)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, UnprovenError):
            return excinfo.value.proof.explanation
        return str(excinfo.value) if isinstance(excinfo.value, mwaanet.MwaanetError) else excinfo.exconly()

    def reportinfo(self) -> tuple[Path, int, str]:
        return Path(self.assertion.file), self.assertion.line - 1, self.assertion.title or self.name
