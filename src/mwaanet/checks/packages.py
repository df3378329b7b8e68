"""What an environment's installation of packages asks of the network, as facts for checks.

The text is requirements.txt's in the bucket, with what startup.sh sets for pip
(https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-dependencies.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html). The site file's `nexus.url` is the package
server that is meant, and is judged besides whatever the text asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mwaanet.checks.bucket_facts import bucket_call
from mwaanet.checks.subject import Fact, Subject
from mwaanet.graph.flight import Evidence
from mwaanet.model.bucket import ObjectText
from mwaanet.model.requirements_file import (
    HOME,
    PackageSource,
    RequirementsFile,
    parse_requirements,
    python_of,
    source_of,
    startup_variables,
)
from mwaanet.model.startup_script import fetching_lines
from mwaanet.model.unknown import Unknown
from mwaanet.names import PACKAGE_HOSTS
from mwaanet.net import AddressSet


@dataclass(frozen=True, slots=True)
class _Text:
    """An object's text, and where it was read."""

    body: str
    evidence: tuple[Evidence, ...]


_CODEARTIFACT = re.compile(r"([a-z0-9-]+-\d{12}|vpce-[a-z0-9-]+)\.d\.codeartifact\.[a-z0-9-]+\.")
"""A repository's host, or an endpoint's own name in its place.

https://docs.aws.amazon.com/codeartifact/latest/ug/use-codeartifact-from-vpc.html
"""
_LISTS = ("index", "extra-index", "find-links")
"""Sources that list packages; what other lines name by URL (`-r`, `-c`, a package) is fetched as it is."""
_LOGIN = re.compile(r"codeartifact\s+(?:login|get-authorization-token)|get_authorization_token")


@dataclass(frozen=True)
class Packages:
    """The environment's requirements.txt and what follows from it."""

    subject: Subject

    @property
    def _path(self) -> str:
        return self.subject.environment.requirements_s3_path

    @cached_property
    def startup(self) -> _Text | Unknown | None:
        """The startup script; None where the environment has none."""
        environment = self.subject.environment
        return self._object(environment.startup_script_s3_path, environment.startup_script_s3_object_version)

    @cached_property
    def _requirements(self) -> _Text | Unknown | None:
        return self._object(self._path, self.subject.environment.requirements_s3_object_version)

    @cached_property
    def file(self) -> RequirementsFile | Unknown | None:
        """The requirements, as read; None where the environment has none, unknown where they were not to be had."""
        if not self._path:
            return None
        text, script = self._requirements, self.startup
        if text is None:
            return Unknown(reason=f"{self._path} is not in the bucket, so what pip will ask for is not known")
        if isinstance(text, Unknown):
            return text
        variables = startup_variables(script.body) if isinstance(script, _Text) else {}
        python = python_of(self.subject.version)
        found = parse_requirements(text.body, python=python, texts=self._texts, variables=variables)
        if isinstance(script, Unknown) and any(source.default for source in found.sources):
            return script
        return found

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """The bucket's DAG folder by the paths that its files have on workers, as far as their text was collected."""
        folder = (self.subject.environment.dag_s3_path or "dags").strip("/")
        found: dict[str, str] = {}
        for parameters, answer in self.subject.inventory.all_answers("s3", "get-object", ObjectText):
            key = str(parameters.get("Key", ""))
            if parameters.get("Bucket") == self.subject.bucket and key.startswith(f"{folder}/"):
                found[f"{HOME}dags/{key.removeprefix(folder).lstrip('/')}"] = answer.body
        return found

    def _object(self, key: str, version: str) -> _Text | Unknown | None:
        """The text of an object of the bucket; None where it is not there or none is configured."""
        first: Unknown | None = None
        for more in ({"VersionId": version}, {}) if version else ({},):
            answer = bucket_call(self.subject, "get-object", ObjectText, Key=key, **more) if key else None
            if isinstance(answer, Unknown):
                first = first or answer
            elif answer is not None and answer[0] is not None:
                return _Text(answer[0].body, answer[1])
        return first

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where the texts were read."""
        texts = (self._requirements, self.startup)
        return tuple(evidence for text in texts if isinstance(text, _Text) for evidence in text.evidence)

    @cached_property
    def _sources(self) -> tuple[PackageSource, ...]:
        """What pip asks for by name; the site file's package server where the text does not say otherwise."""
        file = self.file
        found = file.sources if isinstance(file, RequirementsFile) else ()
        declared = self.declared
        used = isinstance(file, Unknown) or (found and not any(source.default for source in found))
        if declared and used and not any(_alike(source, declared) for source in found):
            found = (*found, declared)
        return tuple(source for source in found if source.host)

    @cached_property
    def declared(self) -> PackageSource | None:
        """The package server that the site file declares by its URL."""
        site = self.subject.inventory.site_file
        return source_of(site.nexus.url, "declared") if site and site.nexus and site.nexus.url else None

    @cached_property
    def hosts(self) -> list[str]:
        """URLs of the package servers that are neither public nor CodeArtifact: scheme, host and port."""
        return _urls(s for s in self._sources if not _public(s) and not _CODEARTIFACT.match(s.host))

    @cached_property
    def public_hosts(self) -> list[str]:
        """URLs of public package indexes and of public files."""
        return _urls(s for s in self._sources if _public(s))

    @cached_property
    def codeartifact_hosts(self) -> list[str]:
        """URLs of CodeArtifact repositories."""
        return _urls(s for s in self._sources if _CODEARTIFACT.match(s.host))

    @cached_property
    def index_urls(self) -> list[str]:
        """The URLs of the package indexes, public ones too."""
        indexes = (s for s in self._sources if s.kind in ("index", "extra-index", "declared") and _is_index(s))
        return list(dict.fromkeys(f"{source.url.removesuffix(':443')}{source.path}" for source in indexes))

    @cached_property
    def codeartifact_login(self) -> bool:
        """Whether startup.sh fetches a token of CodeArtifact by itself."""
        return isinstance(self.startup, _Text) and _LOGIN.search(self.startup.body) is not None

    @cached_property
    def use(self) -> str:
        """`none` (no requirements.txt), `nothing` (it installs nothing), `local`, `network` or `unknown`."""
        file = self.file
        if file is None:
            return "none"
        if isinstance(file, Unknown) or file.unread:
            return "network" if not isinstance(file, Unknown) and file.sources else "unknown"
        if file.sources:
            return "network"
        return "local" if file.installs else "nothing"

    @cached_property
    def gaps(self) -> list[Unknown]:
        """Why what pip asks for is not known completely."""
        file = self.file
        if isinstance(file, Unknown):
            return [file]
        if file is None:
            return []
        reason = "{} draws on {}, whose content is not in the snapshot"
        return [Unknown(reason=reason.format(self._path, name)) for name in file.unread]

    @cached_property
    def refused_http(self) -> list[str]:
        """Hosts asked for lists of packages by plain http without being trusted, which pip ignores.

        https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host
        """
        return [source.host for source in self._asked_plainly if source.kind in _LISTS]

    @cached_property
    def unsafe_hosts(self) -> list[str]:
        """Hosts whose identity pip does not check: trusted ones, and those of single files that it fetches by http."""
        single = [source for source in self._asked_plainly if source.kind not in _LISTS]
        return list(dict.fromkeys(s.host for s in (*filter(self._is_trusted, self._asked), *single)))

    @cached_property
    def mismatched_hosts(self) -> list[str]:
        """Hosts asked by https under a name that no usual certificate holds: an address, an endpoint's own name."""
        odd = (s for s in self._asked if s.scheme == "https" and not self._is_trusted(s))
        return list(dict.fromkeys(source.host for source in odd if _odd_name(source.host)))

    @property
    def _asked(self) -> list[PackageSource]:
        return [source for source in self._sources if source.kind != "declared"]

    @property
    def _asked_plainly(self) -> list[PackageSource]:
        return [source for source in self._asked if source.scheme == "http" and not self._is_trusted(source)]

    def _is_trusted(self, source: PackageSource) -> bool:
        trusted = self.file.trusted if isinstance(self.file, RequirementsFile) else ()
        return bool({source.host, f"{source.host}:{source.port}"} & set(trusted))

    @cached_property
    def invalid_lines(self) -> list[str]:
        """Lines of requirements.txt that pip refuses."""
        return [str(line) for line in self.file.invalid] if isinstance(self.file, RequirementsFile) else []


def _alike(source: PackageSource, other: PackageSource) -> bool:
    return (source.scheme, source.host, source.port) == (other.scheme, other.host, other.port)


def _public(source: PackageSource) -> bool:
    return source.default or source.host in PACKAGE_HOSTS


def _urls(sources: Iterable[PackageSource]) -> list[str]:
    return list(dict.fromkeys(source.url for source in sources))


def _is_index(source: PackageSource) -> bool:
    return source.scheme in ("http", "https") and not (source.default and source.path in ("", "/"))


def _odd_name(host: str) -> bool:
    try:
        AddressSet.parse(host)
    except ValueError:
        return ".vpce-svc-" in host or "." not in host
    return True


def package_use(packages: Packages) -> Fact | Unknown:
    """`none`, `nothing`, `local` or `network`: see `Packages.use`."""
    use = packages.use
    return packages.gaps[0] if use == "unknown" else Fact(use, packages.evidence)


def package_use_reason(packages: Packages) -> Fact | Unknown:
    """Why installing packages needs no network; empty where it does."""
    use = package_use(packages)
    if isinstance(use, Unknown):
        return use
    key = packages.subject.environment.requirements_s3_path
    return Fact(_UNUSED.get(str(use.value), "").format(key=key), use.evidence)


def package_sources_known(packages: Packages) -> Fact | Unknown:
    """True, unless a file that may name sources could not be read."""
    return packages.gaps[0] if packages.gaps else Fact(value=True, evidence=packages.evidence)


def package_hosts(packages: Packages) -> Fact | Unknown:
    """The package servers; the site file's alone where the text could not be read."""
    if isinstance(packages.file, Unknown) and not packages.hosts:
        return packages.file
    told_twice = packages.declared and packages.hosts == [packages.declared.url]
    return Fact(tuple(packages.hosts), () if told_twice else packages.evidence)


def package_login(packages: Packages) -> Fact | Unknown:
    """Whether startup.sh fetches a token of CodeArtifact by itself."""
    script = packages.startup
    return script if isinstance(script, Unknown) else Fact(packages.codeartifact_login, packages.evidence)


def startup_fetches(packages: Packages) -> Fact | Unknown:
    """The lines of startup.sh that fetch something by themselves."""
    script = packages.startup
    if isinstance(script, Unknown):
        return script
    return Fact(fetching_lines(script.body), script.evidence) if script else Fact((), ())


def package_index(packages: Packages) -> str:
    """The index that requirements.txt should name."""
    return packages.declared.url if packages.declared else "https://<your Nexus host>"


def of_text(get: Callable[[Packages], Iterable[str]]) -> Callable[[Packages], Fact | Unknown]:
    """A fact that is known as soon as requirements.txt was read."""

    def find(packages: Packages) -> Fact | Unknown:
        file = packages.file
        return file if isinstance(file, Unknown) else Fact(tuple(get(packages)), packages.evidence)

    return find


_UNUSED = {
    "none": "the environment has no requirements.txt, so pip asks for nothing",
    "nothing": "{key} installs nothing, so pip asks for nothing",
    "local": "{key} installs with --no-index or from local files only, which needs no network",
}
