"""The entrance: load a snapshot, get its network and environments, and ask."""

from __future__ import annotations

from functools import cached_property
from os import PathLike

from mwaanet.api.answer import WIDTH
from mwaanet.api.asking import Asking
from mwaanet.api.opening import Opened, open_demo, open_snapshot
from mwaanet.checks.ask import context_of
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.environments import Chosen, choose_environment, known_environments
from mwaanet.checks.result import Diagnosis, Finding, Status
from mwaanet.demo import HEALTHY
from mwaanet.graph.network import Network as Graph
from mwaanet.model.inventory import Inventory
from mwaanet.report.text import diagnosis_text


class Network(Asking):
    """What a snapshot holds, to be asked.

    The words `mwaa.…`, `bucket` and `service:…` mean its only environment, or the one that the site file names; where
    it has several, ask an `environment`.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        snapshot, site = opened
        self._inventory = Inventory.load(snapshot, site)
        self._default = site.environment if site else None
        super().__init__(context_of(Graph(self._inventory), self._default))

    @property
    def environments(self) -> tuple[str, ...]:
        """The names of the Amazon MWAA environments.

        >>> import mwaanet
        >>> mwaanet.load_demo().environments
        ('ingest-prod',)
        """
        return tuple(one.name for one in known_environments(self._inventory))

    def environment(self, name: str | None = None) -> Environment:
        """The environment of a name or ARN; without one the only one, or the one that the site file names.

        UsageError where there is no such environment, or several and none is named.
        """
        return Environment(self._opened, choose_environment(self._inventory, name or self._default))

    def __repr__(self) -> str:
        return f"<network of {self._opened[0].name}>"


class Environment(Asking):
    """One environment: the same questions, in which `mwaa.…`, `bucket` and `service:…` mean this one, and findings."""

    def __init__(self, opened: Opened, chosen: Chosen) -> None:
        self._opened = opened
        self.name = chosen.name
        self.arn = chosen.arn
        super().__init__(context_of(Graph(Inventory.load(*opened)), chosen.arn or chosen.name))

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What `mwaanet diagnose env` says of it."""
        snapshot, site = self._opened
        return diagnose(snapshot, environment=self.arn or self.name, site=site)

    def findings(self, *, passed: bool = False) -> tuple[Finding, ...]:
        """What the built-in checks found and is no pass, in the order of the report; with `passed` the passes too.

        >>> import mwaanet
        >>> environment = mwaanet.load_demo("s3-route-missing").environment()
        >>> [(finding.id, finding.status.value, finding.resources[0]) for finding in environment.findings()]
        [('S3-REACH', 'fail', 'rtb-01c1453376d2164e6')]
        """
        quiet = () if passed else (Status.PASS, Status.SKIP)
        return tuple(finding for finding in self.diagnosis.findings if finding.status not in quiet)

    def explain(self, *, width: int = WIDTH, colour: bool = False) -> str:
        """The diagnosis as text, as the command line prints it."""
        return diagnosis_text(self.diagnosis, width=width, colour=colour, all_findings=False, unicode=True)

    def __repr__(self) -> str:
        return f"<environment {self.name}>"


def load(path: str | PathLike[str], site: str | PathLike[str] | None = None) -> Network:
    """Load a snapshot: a folder of describe output, or a `.tar.gz` of one; and the site file, `mwaanet.yaml`.

    Without `site` the site file inside the snapshot counts, if there is one. InputError where a file cannot be used.
    """
    return Network(open_snapshot(path, site))


def load_demo(variant: str = HEALTHY, site: str | PathLike[str] | None = None) -> Network:
    """Load a variant of the embedded demo (`mwaanet diagnose env --demo list` lists them)."""
    return Network(open_demo(variant, site))
