"""The site file, mwaanet.yaml: what no AWS API can tell of the far side of a VPN or Direct Connect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from mwaanet.errors import SiteFileError
from mwaanet.marked_yaml import Key, Marked, Scalar, nearest, parse_yaml, plain, read_yaml
from mwaanet.net import AddressSet, Intervals, protocol_number

T = TypeVar("T")

_HOST = re.compile(r"[a-z][\w-]*(\.[\w-]+)+", re.IGNORECASE)
_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
_PRINCIPAL = re.compile(
    r"arn:[\w-]+:(iam::\d{12}:(root|(role|user)/\S+)|sts::\d{12}:(assumed-role/[^/\s]+/|federated-user/)\S+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRule:
    """One rule of a site's firewall; directions are the site's, `protocol` None and `ports` None are any."""

    action: str
    direction: str
    source: AddressSet
    destination: AddressSet
    protocol: int | None
    ports: Intervals | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A site's firewall: first match wins. `internet` governs what leaves to the internet (None: not declared)."""

    default: str
    rules: tuple[FirewallRule, ...] = ()
    internet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A zone that the site's resolvers forward, and to whom."""

    zone: str
    to: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRecord:
    """What the site's resolvers answer themselves: addresses, or another name."""

    addresses: tuple[str, ...] = ()
    cname: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDns:
    """A site's resolvers; `public` is all, none or filtered (None: not declared)."""

    servers: tuple[str, ...] = ()
    public: str | None = None
    records: Mapping[str, NameRecord] = field(default_factory=dict)
    forwards: tuple[Forward, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPremises:
    """One site; `routes` is what it sends towards AWS (None: all that AWS advertises)."""

    name: str
    cidrs: AddressSet
    connects_through: tuple[str, ...] = ()
    routes: AddressSet | None = None
    clients: Mapping[str, str] = field(default_factory=dict)
    dns: SiteDns | None = None
    firewall: Firewall | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NexusServer:
    """Where the Nexus server stands."""

    site: str
    address: str
    port: int = 8081


@dataclass(frozen=True, slots=True, kw_only=True)
class Nexus:
    """The package server; `url` overrides the index of requirements.txt."""

    url: str | None = None
    server: NexusServer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """Who calls the web server, as whom and by which name."""

    clients: tuple[str, ...] = ()
    principal: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The whole site file; `name` is the file's name in messages."""

    name: str
    environment: str | None = None
    on_premises: tuple[OnPremises, ...] = ()
    nexus: Nexus | None = None
    api: Api | None = None

    @classmethod
    def load(cls, path: Path) -> Site:
        """Read a site file; SiteFileError names the file, the line and what was expected."""
        return cls.parse(read_yaml(path, SiteFileError), str(path))

    @classmethod
    def parse(cls, text: str, name: str) -> Site:
        """Read a site file's text; `name` is the file's name in errors. A text of comments only declares nothing."""
        if _says_nothing(text):
            return cls(name=name)
        return _Reader(name).site(parse_yaml(text, name, SiteFileError))


def site_data(text: str, name: str) -> Any:
    """A site file's text as plain data, read as `Site.parse` reads it; None where it declares nothing."""
    return None if _says_nothing(text) else plain(parse_yaml(text, name, SiteFileError))


def _says_nothing(text: str) -> bool:
    return all(line.strip() == "" or line.lstrip().startswith("#") for line in text.splitlines())


class _Reader:
    """Turns marked YAML into records, one method per part of the file."""

    def __init__(self, file: str) -> None:
        self.file = file

    def error(self, value: Marked | Key, problem: str) -> SiteFileError:
        return SiteFileError(self.file, f"line {value.line}", problem)

    def mapping(self, value: Marked, what: str, keys: Iterable[str] | None = None) -> dict[str, Marked]:
        """What a mapping holds by key; a key without a value is as good as absent."""
        if not isinstance(value.value, dict):
            raise self.error(value, f"{what}: expected a mapping")
        for key in value.value:
            if keys is not None and key.value not in keys:
                raise self.error(key, f"{what}: unknown key {key.value!r}{nearest(key.value, keys)}")
        return {key.value: item for key, item in value.value.items() if item.value is not None}

    def sequence(self, value: Marked | None, what: str, read: Callable[[Marked], T]) -> tuple[T, ...]:
        if value is None:
            return ()
        if not isinstance(value.value, list):
            raise self.error(value, f"{what}: expected a list")
        return tuple(read(item) for item in value.value)

    def text(self, value: Marked) -> str:
        if not isinstance(value.value, Scalar) or value.value is None:
            raise self.error(value, "expected a text")
        return value.text

    def word(self, value: Marked | None, what: str, *words: str) -> str | None:
        if value is None:
            return None
        text = self.text(value)
        if text not in words:
            raise self.error(value, f"{what}: {text!r} is none of {', '.join(words)}{nearest(text, words)}")
        return text

    def addresses(self, value: Marked) -> AddressSet:
        try:
            return AddressSet.parse(self.text(value))
        except ValueError as error:
            raise self.error(value, f"expected an address or CIDR: {error}") from error

    def address(self, value: Marked) -> str:
        if self.addresses(value).size != 1:
            raise self.error(value, f"expected one address, not {self.text(value)}")
        return self.text(value).split("/")[0]

    def union(self, value: Marked, what: str) -> AddressSet:
        """The addresses of one text, or of a list of them."""
        if not isinstance(value.value, list):
            return self.addresses(value)
        found = AddressSet.NONE
        for part in self.sequence(value, what, self.addresses):
            found = found | part
        return found

    def number(self, value: Marked, what: str, low: int, high: int) -> int:
        if not isinstance(value.value, int) or isinstance(value.value, bool) or not low <= value.value <= high:
            raise self.error(value, f"{what}: expected a number from {low} to {high}")
        return value.value

    def site(self, value: Marked) -> Site:
        keys = self.mapping(value, "the file", ("version", "environment", "on_premises", "nexus", "api"))
        if "version" in keys:
            self.number(keys["version"], "version", 1, 1)
        sites = self.sequence(keys.get("on_premises"), "on_premises", self.on_premises)
        names = [site.name for site in sites]
        for site in sites:
            if names.count(site.name) > 1:
                raise SiteFileError(self.file, f"line {site.line}", f"two sites are named {site.name}")
        return Site(
            name=self.file,
            environment=self.text(keys["environment"]) if "environment" in keys else None,
            on_premises=sites,
            nexus=self.nexus(keys["nexus"], names) if "nexus" in keys else None,
            api=self.api(keys["api"], sites) if "api" in keys else None,
        )

    def on_premises(self, value: Marked) -> OnPremises:
        allowed = ("name", "cidrs", "connects_through", "routes", "clients", "dns", "firewall")
        keys = self.mapping(value, "on_premises", allowed)
        if "name" not in keys:
            raise self.error(value, "on_premises: name is missing")
        name = self.text(keys["name"])
        if "." in name or name in ("internet", ""):
            raise self.error(keys["name"], f"on_premises: {name!r} cannot be the name of a site")
        clients = self.mapping(keys["clients"], "clients") if "clients" in keys else {}
        return OnPremises(
            name=name,
            cidrs=self.union(keys["cidrs"], "cidrs") if "cidrs" in keys else AddressSet.NONE,
            connects_through=self.sequence(keys.get("connects_through"), "connects_through", self.text),
            routes=self.union(keys["routes"], "routes") if "routes" in keys else None,
            clients={client: self.address(item) for client, item in clients.items()},
            dns=self.dns(keys["dns"]) if "dns" in keys else None,
            firewall=self.firewall(keys["firewall"]) if "firewall" in keys else None,
            line=value.line,
        )

    def dns(self, value: Marked) -> SiteDns:
        keys = self.mapping(value, "dns", ("servers", "public", "records", "forwards"))
        records = self.mapping(keys["records"], "records") if "records" in keys else {}
        return SiteDns(
            servers=self.sequence(keys.get("servers"), "servers", self.address),
            public=self.word(keys.get("public"), "public", "all", "none", "filtered"),
            records={name.lower().rstrip("."): self.record(item) for name, item in records.items()},
            forwards=self.sequence(keys.get("forwards"), "forwards", self.forward),
        )

    def record(self, value: Marked) -> NameRecord:
        if isinstance(value.value, dict):
            keys = self.mapping(value, "record", ("cname",))
            if "cname" not in keys:
                raise self.error(value, "record: expected addresses or cname")
            return NameRecord(cname=self.text(keys["cname"]).rstrip("."))
        if isinstance(value.value, list):
            return NameRecord(addresses=self.sequence(value, "record", self.address))
        return NameRecord(addresses=(self.address(value),))

    def forward(self, value: Marked) -> Forward:
        keys = self.mapping(value, "forwards", ("zone", "to"))
        if set(keys) != {"zone", "to"}:
            raise self.error(value, "forwards: expected zone and to")
        return Forward(
            zone=self.text(keys["zone"]).lower().rstrip("."),
            to=self.sequence(keys["to"], "to", self.address),
            line=value.line,
        )

    def firewall(self, value: Marked) -> Firewall:
        keys = self.mapping(value, "firewall", ("default", "internet", "rules"))
        return Firewall(
            default=self.word(keys.get("default"), "default", "deny", "allow") or "deny",
            rules=self.sequence(keys.get("rules"), "rules", self.rule),
            internet=self.word(keys.get("internet"), "internet", "none", "direct", "firewall"),
        )

    def rule(self, value: Marked) -> FirewallRule:
        keys = self.mapping(value, "rule", ("action", "direction", "from", "to", "protocol", "ports"))
        for required in ("action", "direction"):
            if required not in keys:
                raise self.error(value, f"rule: {required} is missing")
        protocol = self.word(keys.get("protocol"), "protocol", "tcp", "udp", "icmp", "all") or "all"
        return FirewallRule(
            action=self.word(keys["action"], "action", "allow", "deny") or "deny",
            direction=self.word(keys["direction"], "direction", "inbound", "outbound") or "inbound",
            source=self.union(keys["from"], "from") if "from" in keys else AddressSet.ANY,
            destination=self.union(keys["to"], "to") if "to" in keys else AddressSet.ANY,
            protocol=protocol_number(protocol),
            ports=self.ports(keys["ports"]) if "ports" in keys else None,
            line=value.line,
        )

    def ports(self, value: Marked) -> Intervals:
        if not isinstance(value.value, list):
            return Intervals.of(self.port(value))
        return Intervals.of(*self.sequence(value, "ports", self.port))

    def port(self, value: Marked) -> tuple[int, int]:
        low, _, high = self.text(value).partition("-")
        try:
            span = (int(low), int(high or low))
        except ValueError as error:
            raise self.error(value, "ports: expected a number or a range such as 1024-65535") from error
        if not 0 <= span[0] <= span[1] <= 65535:
            raise self.error(value, "ports: expected 0 to 65535, the lower first")
        return span

    def nexus(self, value: Marked, sites: list[str]) -> Nexus:
        keys = self.mapping(value, "nexus", ("url", "server"))
        return Nexus(
            url=self.text(keys["url"]) if "url" in keys else None,
            server=self.server(keys["server"], sites) if "server" in keys else None,
        )

    def server(self, value: Marked, sites: list[str]) -> NexusServer:
        keys = self.mapping(value, "server", ("site", "address", "port"))
        for required in ("site", "address"):
            if required not in keys:
                raise self.error(value, f"server: {required} is missing")
        site = self.text(keys["site"])
        if site not in sites:
            raise self.error(keys["site"], f"server: no site is named {site!r}{nearest(site, sites)}")
        port = self.number(keys["port"], "port", 1, 65535) if "port" in keys else 8081
        return NexusServer(site=site, address=self.address(keys["address"]), port=port)

    def api(self, value: Marked, sites: tuple[OnPremises, ...]) -> Api:
        keys = self.mapping(value, "api", ("clients", "principal", "host"))
        return Api(
            clients=self.sequence(keys.get("clients"), "clients", lambda item: self.client(item, sites)),
            principal=self.principal(keys["principal"]) if "principal" in keys else None,
            host=self.host(keys["host"]) if "host" in keys else None,
        )

    def principal(self, value: Marked) -> str:
        text = self.text(value)
        if not _PRINCIPAL.fullmatch(text):
            raise self.error(value, f"principal: expected the ARN of a role, session or user, found {text!r}")
        return text

    def host(self, value: Marked) -> str:
        text = self.text(value)
        if not _NAME.fullmatch(text):
            raise self.error(value, f"host: expected the name of a host, such as mwaa.company.internal, found {text!r}")
        return text

    def client(self, value: Marked, sites: tuple[OnPremises, ...]) -> str:
        """Who calls: a host of a site, which must be declared, or anything that a selector names."""
        text = self.text(value)
        name, dot, host = text.partition(".")
        site = next((site for site in sites if site.name == name), None)
        if site is not None and dot and host not in (*site.clients, "dns"):
            known = [f"{name}.{client}" for client in site.clients]
            raise self.error(value, f"clients: {name} has no client {host!r}{nearest(text, known)}")
        if site is None and _HOST.fullmatch(text) and not text.startswith("mwaa."):
            known = [f"{site.name}.{client}" for site in sites for client in site.clients]
            raise self.error(value, f"clients: {text!r} is no host of a declared site{nearest(text, known)}")
        return text
