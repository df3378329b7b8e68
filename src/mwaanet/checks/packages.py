"""What an environment's installation of packages asks of the network, as facts for checks.

The text is requirements.txt's in the bucket, with what startup.sh sets for pip
(https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-dependencies.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html). The site file's `nexus.url` is the package
server that is meant, and is judged besides whatever the text asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from mwaanet.model.bucket import ObjectText
from mwaanet.model.environment import Environment
from mwaanet.model.inventory import Inventory
from mwaanet.model.requirements_file import (
    HOME,
    PackageSource,
    RequirementsFile,
    parse_requirements,
    python_of,
    source_of,
    startup_variables,
)
from mwaanet.model.unknown import Unknown
from mwaanet.names import PACKAGE_HOSTS
from mwaanet.net import AddressSet

_CODEARTIFACT = re.compile(r"[a-z0-9-]+-\d{12}\.d\.codeartifact\.(?P<region>[a-z0-9-]+)\.")
_LOGIN = re.compile(r"codeartifact\s+(?:login|get-authorization-token)|get_authorization_token")


@dataclass(frozen=True)
class Packages:
    """The environment's requirements.txt and what follows from it."""

    inventory: Inventory
    environment: Environment
    version: tuple[int, ...]

    @cached_property
    def _startup(self) -> str | Unknown | None:
        return self._object(self.environment.startup_script_s3_path, self.environment.startup_script_s3_object_version)

    @cached_property
    def file(self) -> RequirementsFile | Unknown | None:
        """The requirements, as read; None where the environment has none, unknown where they were not to be had."""
        path = self.environment.requirements_s3_path
        if not path:
            return None
        text = self._object(path, self.environment.requirements_s3_object_version)
        if text is None:
            return Unknown(reason=f"{path} is not in the bucket, so what pip will ask for is not known")
        if isinstance(text, Unknown):
            return text
        script = self._startup
        variables = startup_variables(script) if isinstance(script, str) else {}
        found = parse_requirements(text, python=python_of(self.version), texts=self._texts, variables=variables)
        if isinstance(script, Unknown) and any(source.default for source in found.sources):
            return script
        return found

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """The bucket's DAG folder by the paths that its files have on workers, as far as their text was collected."""
        folder = (self.environment.dag_s3_path or "dags").strip("/")
        found: dict[str, str] = {}
        for parameters, answer in self.inventory.all_answers("s3", "get-object", ObjectText):
            key = str(parameters.get("Key", ""))
            if parameters.get("Bucket") == self._bucket and key.startswith(f"{folder}/"):
                found[f"{HOME}dags/{key.removeprefix(folder).lstrip('/')}"] = answer.body
        return found

    @property
    def _bucket(self) -> str:
        return self.environment.source_bucket_arn.rpartition(":")[2]

    def _object(self, key: str, version: str) -> str | Unknown | None:
        """The text of an object of the bucket; None where it is not there or none is configured."""
        if not key:
            return None
        account, region = self.environment.arn.split(":")[4], self.environment.arn.split(":")[3]
        asked: dict[str, str] = {"Bucket": self._bucket, "Key": key}
        first: Unknown | None = None
        for where in dict.fromkeys((region, *self.inventory.regions_of("s3", "get-object", account))):
            for more in ({"VersionId": version}, {}) if version else ({},):
                found = self.inventory.call("s3", "get-object", account, where, ObjectText, **asked, **more)
                if isinstance(found, ObjectText):
                    return found.body
                first = first or found
        return first

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
        site = self.inventory.site_file
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
    def codeartifact_login(self) -> bool:
        """Whether startup.sh fetches a token of CodeArtifact by itself."""
        return isinstance(self._startup, str) and _LOGIN.search(self._startup) is not None

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
        path = self.environment.requirements_s3_path
        return [Unknown(reason=f"{path} draws on {name}, whose content is not in the snapshot") for name in file.unread]

    @cached_property
    def refused_http(self) -> list[str]:
        """Hosts asked by plain http without being trusted, which pip ignores.

        https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host
        """
        return [source.host for source in self._asked if source.scheme == "http" and not self._is_trusted(source)]

    @cached_property
    def unsafe_hosts(self) -> list[str]:
        """Hosts whose identity pip does not check: trusted ones."""
        return list(dict.fromkeys(source.host for source in self._asked if self._is_trusted(source)))

    @cached_property
    def mismatched_hosts(self) -> list[str]:
        """Hosts asked by https under a name that no usual certificate holds: an address, an endpoint's own name."""
        odd = (s for s in self._asked if s.scheme == "https" and not self._is_trusted(s))
        return list(dict.fromkeys(source.host for source in odd if _odd_name(source.host)))

    @property
    def _asked(self) -> list[PackageSource]:
        return [source for source in self._sources if source.kind != "declared"]

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


def _odd_name(host: str) -> bool:
    try:
        AddressSet.parse(host)
    except ValueError:
        return ".vpce." in host or "." not in host
    return True


def package_facts(packages: Packages) -> dict[str, str | bool | list[str] | Unknown]:
    """The facts by the names that checks use."""
    key = packages.environment.requirements_s3_path
    return {
        "package_use": packages.use,
        "package_use_reason": _UNUSED.get(packages.use, "").format(key=key),
        "package_sources_known": packages.gaps[0] if packages.gaps else True,
        "package_hosts": packages.hosts,
        "package_hosts_public": packages.public_hosts,
        "package_hosts_codeartifact": packages.codeartifact_hosts,
        "package_login_codeartifact": packages.codeartifact_login,
        "package_hosts_ignored": packages.refused_http,
        "package_hosts_trusted": packages.unsafe_hosts,
        "package_hosts_mismatched": packages.mismatched_hosts,
        "package_lines_refused": packages.invalid_lines,
        "package_index": packages.declared.url if packages.declared else "https://<your Nexus host>",
    }


_UNUSED = {
    "none": "the environment has no requirements.txt, so pip asks for nothing",
    "nothing": "{key} installs nothing, so pip asks for nothing",
    "local": "{key} installs with --no-index or from local files only, which needs no network",
}
