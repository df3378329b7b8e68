"""A whole organisation as a snapshot of any size: accounts of ten VPCs on transit gateways, and one environment.

Each VPC has two to four subnets with their route tables, a network ACL, five security groups of about ten rules, an S3
gateway endpoint, now and then interface endpoints, and twenty instances; every other one has NAT. The environment is
the tests' complete architecture (`tests/builder/estate.py`), whose transit gateway the first 5,000 VPCs are attached
to, as many as AWS attaches to one (https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html). Every
further 5,000 have a transit gateway of their own, of the same owner, and the same addresses again.

One account is built record by record; the others are printed from it, with ids, addresses and account numbers of
their own. So what is measured has the shapes that AWS answers with, and making it takes less time than reading it.
No more than one file is held at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import cycle
from typing import Any, NamedTuple

from builder import Estate, Vpc, inbound, mwaa_estate, outbound, rule, self_ref
from builder.estate import REGION
from builder.rules import Rule
from builder.security_group import SecurityGroup
from builder.transit_gateway import TransitGateway
from builder.transit_gateway_table import TransitGatewayTable

Record = dict[str, Any]

PER_ACCOUNT = 10
PER_GATEWAY = 500
"""Accounts on one transit gateway: with ten VPCs each, as many attachments as it may have."""
INSTANCES = 20
MOST_VPCS = 65_536 * PER_ACCOUNT
"""Ids and public addresses have four hexadecimal digits for the account."""

_TEMPLATE = "999999999999"
_ZONES = ("use1-az1", "use1-az2", "use1-az4")
_TOKEN = re.compile(
    r"(?P<account>999999999999)|-0(?P<id>[0-9a-f]{16})(?![0-9a-f])"
    r"|10(?P<dot>[.-])255(?P=dot)(?P<third>\d+)|198(?P<mark>[.-])51(?P=mark)100(?P=mark)(?P<last>\d+)"
)


class _Kind(NamedTuple):
    """What accounts have in common that are printed from one form."""

    vpcs: int
    on_first_gateway: bool


def organisation(vpcs: int) -> Iterator[tuple[str, bytes]]:
    """The files of a snapshot of that many VPCs besides the environment's own: relative path, content."""
    if not 1 <= vpcs <= MOST_VPCS:
        raise ValueError(f"expected 1-{MOST_VPCS} VPCs, got {vpcs}")
    sizes = [min(PER_ACCOUNT, vpcs - before) for before in range(0, vpcs, PER_ACCOUNT)]
    kinds = [_Kind(size, number < PER_GATEWAY) for number, size in enumerate(sizes)]
    forms = {kind: _Form(kind) for kind in dict.fromkeys(kinds)}
    accounts = [forms[kind] for kind in kinds]
    for number, form in enumerate(accounts):
        for path, print_ in form.own.items():
            yield path.replace(_TEMPLATE, account_id(number)), print_.of(number)
    for path, document in accounts[0].shared.items():
        yield path, _Shared(path, accounts).text(document)
    manifest = accounts[0].manifest
    manifest["accounts"] = {
        account: regions for account, regions in manifest["accounts"].items() if account != _TEMPLATE
    } | {account_id(number): [REGION] for number in range(len(accounts))}
    yield "manifest.json", _compact(manifest)
    yield "mwaanet.yaml", accounts[0].site


class _Form:
    """The estate and one account: what is printed anew for each account, or for each gateway, and what all share."""

    def __init__(self, kind: _Kind) -> None:
        known = set(_ids(_estate()[0].files().values()))
        estate, table = _estate()
        gateway = estate.tgw
        self._gateway_ids: set[str] = set()
        if not kind.on_first_gateway:
            gateway = estate.shared.transit_gateway("further")
            table = gateway.table("organisation")
            self._gateway_ids = set(_ids([f"{gateway.id} {table.id}".encode()]))
        _fill(estate, gateway, table, kind.vpcs)
        files = dict(estate.files())
        self.site = files.pop("mwaanet.yaml")
        self.manifest: Record = json.loads(files.pop("manifest.json"))
        documents = {path: json.loads(content) for path, content in files.items()}
        theirs = set(_ids(content for path, content in files.items() if _TEMPLATE in path))
        self._own_ids = theirs - known - self._gateway_ids
        self.own = {path: self.print(document) for path, document in documents.items() if _TEMPLATE in path}
        self.shared = {path: document for path, document in documents.items() if _TEMPLATE not in path}
        self.by_account: dict[tuple[str, str], list[_Print]] = {}
        self.by_gateway: dict[tuple[str, str], list[Record]] = {}
        for path, document in self.shared.items():
            for place, records in _lists(document):
                self.by_account[path, place] = [self.print(record) for record in records if self._is_own(record)]
                records[:] = [record for record in records if not self._is_own(record)]
                self.by_gateway[path, place] = [record for record in records if self._is_of_gateway(record)]
                records[:] = [record for record in records if not self._is_of_gateway(record)]

    def _is_own(self, record: Any) -> bool:
        """Whether a record is about something of the account; a call is where it asks for it."""
        return any(match["account"] or match["third"] or match["id"] in self._own_ids for match in _tokens(record))

    def _is_of_gateway(self, record: Any) -> bool:
        """Whether a record is about the gateway that the account shares with others."""
        return any(match["id"] in self._gateway_ids for match in _tokens(record))

    def print(self, document: Any) -> _Print:
        return _Print(_compact(document).decode(), self._own_ids, self._gateway_ids)

    def printed(self, number: int, document: Any) -> bytes:
        """What stands once for the gateway of an account."""
        return self.print(document).of(number)


class _Shared:
    """A file of the estate, with what every account and every further gateway adds to its lists."""

    def __init__(self, path: str, accounts: list[_Form]) -> None:
        self._path = path
        self._accounts = accounts

    def text(self, document: Record) -> bytes:
        """The whole file."""
        return _object(
            {
                key: _array((*self._records(value), *self._of_gateways(key), *self._of_accounts(key)))
                if isinstance(value, list)
                else _compact(value)
                for key, value in document.items()
            }
        )

    def _records(self, records: list[Any]) -> Iterator[bytes]:
        for record in records:
            yield self._record(record, 0, _compact)

    def _of_gateways(self, place: str) -> Iterator[bytes]:
        for first in range(PER_GATEWAY, len(self._accounts), PER_GATEWAY):
            form = self._accounts[first]
            for record in form.by_gateway[self._path, place]:
                yield self._record(record, first, partial(form.printed, first))

    def _of_accounts(self, place: str, first: int = 0, most: int = MOST_VPCS) -> Iterator[bytes]:
        for number, form in enumerate(self._accounts[first : first + most], first):
            for print_ in form.by_account.get((self._path, place), ()):
                yield print_.of(number)

    def _record(self, record: Any, first: int, write: Callable[[Any], bytes]) -> bytes:
        """A record; a call with what the accounts of its gateway, of which `first` is the first, add to its lists."""
        if not isinstance(record, dict) or "Response" not in record:
            return write(record)
        asked = _compact(record["Parameters"]).decode()
        response = {
            key: _array((*map(write, value), *self._of_accounts(f"{asked} {key}", first, PER_GATEWAY)))
            if isinstance(value, list)
            else write(value)
            for key, value in record["Response"].items()
        }
        return _object({"Parameters": write(record["Parameters"]), "Response": _object(response)})


def _object(fields: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(_compact(key) + b":" + text for key, text in fields.items()) + b"}"


def _array(items: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(items) + b"]"


class _Print:
    """A text with gaps, to be filled for each account."""

    def __init__(self, text: str, own_ids: set[str], gateway_ids: set[str]) -> None:
        self._gaps: dict[str, Callable[[int], str]] = {}
        self._parts: list[str] = []
        end = 0
        for match in _TOKEN.finditer(text):
            if match["id"] and match["id"] not in own_ids and match["id"] not in gateway_ids:
                continue
            self._parts += [text[end : match.start()], match[0]]
            self._gaps.setdefault(match[0], partial(_of_gateway if match["id"] in gateway_ids else _filled, match))
            end = match.end()
        self._parts.append(text[end:])

    def of(self, number: int) -> bytes:
        """The text for one account."""
        filled = {text: fill(number) for text, fill in self._gaps.items()}
        return "".join(filled.get(part, part) for part in self._parts).encode()


def _filled(match: re.Match[str], number: int) -> str:
    """What stands in a gap: the account's own number, id, block of addresses or public address."""
    if match["account"]:
        return account_id(number)
    if match["id"]:
        return f"-0{match['id'][:12]}{number:04x}"
    if match["third"]:
        vpc, octet = divmod(int(match["third"]), 8)
        block = number % PER_GATEWAY * PER_ACCOUNT + vpc
        return match["dot"].join(("10", str(64 + block // 32), str(block % 32 * 8 + octet)))
    return match["mark"].join(("44", str(number >> 8), str(number & 255), match["last"]))


def _of_gateway(match: re.Match[str], number: int) -> str:
    """The id of an account's transit gateway, or of its table."""
    return f"-0{match['id'][:12]}{number // PER_GATEWAY:04x}"


def account_id(number: int) -> str:
    """The account of this number, counted from 0; it is the same in an organisation of any size."""
    return f"{600000000000 + number}"


def _compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _ids(contents: Iterable[bytes]) -> Iterator[str]:
    for content in contents:
        yield from (match["id"] for match in _TOKEN.finditer(content.decode()) if match["id"])


def _lists(document: Record) -> Iterator[tuple[str, list[Any]]]:
    """The lists to which other accounts add: a response's, the calls, and those in the calls' responses."""
    for key, value in document.items():
        if isinstance(value, list):
            yield key, value
    for call in document.get("Calls", ()):
        for key, value in call.get("Response", {}).items():
            if isinstance(value, list):
                yield f"{_compact(call['Parameters']).decode()} {key}", value


def _tokens(record: Any) -> Iterator[re.Match[str]]:
    """What is an account's own in a record, or in what a call asks for."""
    return _TOKEN.finditer(_compact(record.get("Parameters", record) if isinstance(record, dict) else record).decode())


# One account


def _estate() -> tuple[Estate, TransitGatewayTable]:
    """The environment's architecture, with one more table of its transit gateway: the organisation's."""
    estate = mwaa_estate()
    table = estate.tgw.table("organisation")
    for attachment in (estate.attachment, estate.shared_attachment, estate.vpn_attachment, estate.dx_attachment):
        if attachment is not None:
            table.propagate(attachment)
    return estate, table


def _fill(estate: Estate, gateway: TransitGateway, table: TransitGatewayTable, vpcs: int) -> None:
    """An account of so many VPCs on a gateway; if that is the estate's own, its networks and they reach each other."""
    region = estate.net.account(_TEMPLATE).region(REGION)
    tables = [table, estate.vpc_table, estate.edge_table] if gateway is estate.tgw else [table]
    made = [_vpc(region.vpc(f"vpc-{n}", f"10.255.{8 * n}.0/21"), n, gateway, tables) for n in range(vpcs)]
    for near, far in zip(made[::5], made[1::5], strict=False):
        near.peer(far)


def _vpc(vpc: Vpc, number: int, gateway: TransitGateway, tables: list[TransitGatewayTable]) -> Vpc:
    """A VPC that looks up in the first table and is announced in all."""
    third, zones = 8 * number, cycle(_ZONES)
    inside = [vpc.subnet(f"app-{n}", f"10.255.{third + n}.0/24", next(zones)) for n in range(2 + number % 2)]
    gateway.attach_vpc(vpc, inside[:2], table=tables[0], propagate=tables, name=vpc.name)
    for subnet in inside:
        subnet.route("10.0.0.0/8", gateway).route("172.16.0.0/12", gateway)
    if number % 2 == 0:
        public = vpc.subnet("public", f"10.255.{third + 7}.0/26", _ZONES[0], public=True)
        public.route("0.0.0.0/0", vpc.internet_gateway())
        nat = public.nat_gateway("out", public=f"198.51.100.{number + 1}")
        for subnet in inside:
            subnet.route("0.0.0.0/0", nat)
    vpc.network_acl(
        "app",
        inbound(100, "allow", "tcp", (0, 65535), "10.0.0.0/8"),
        inbound(110, "allow", "tcp", (1024, 65535), "0.0.0.0/0"),
        inbound(120, "allow", "udp", 53, "10.0.0.0/8"),
        outbound(100, "allow", "tcp", (0, 65535), "0.0.0.0/0"),
        outbound(110, "allow", "udp", (1024, 65535), "10.0.0.0/8"),
        subnets=inside,
    )
    groups = _groups(vpc, third)
    vpc.gateway_endpoint("s3", *inside)
    if number % 2:
        for service in ("sqs", "logs"):
            vpc.endpoint(service, inside[:2], groups=groups[:1])
    places, guards = cycle(inside), cycle(groups)
    for n in range(INSTANCES):
        chosen = [next(guards)] if n % 3 else [next(guards), next(guards)]
        next(places).instance(f"{vpc.name}-host-{n}", groups=chosen)
    return vpc


def _groups(vpc: Vpc, third: int) -> list[SecurityGroup]:
    """Five groups of ten rules: own, other VPCs', on-premises and public blocks, and each other."""
    groups: list[SecurityGroup] = []
    for n in range(5):
        ingress: list[Rule] = [self_ref()]
        ingress += [rule("tcp", 8000 + 10 * n + port, f"10.255.{third + port}.0/24") for port in range(3)]
        ingress += [
            rule("tcp", 443, "10.0.0.0/8"),
            rule("tcp", 22, f"172.20.{n}.0/24"),
            rule("udp", (5000, 5100), "10.24.0.0/16"),
            rule("icmp", None, "10.0.0.0/8"),
        ]
        if groups:
            ingress.append(rule("tcp", 5432, groups[-1]))
        egress = None if n % 2 else [rule("tcp", (0, 65535), "10.0.0.0/8"), rule("tcp", 443, "0.0.0.0/0")]
        groups.append(vpc.security_group(f"group-{n}", ingress=ingress, egress=egress))
    return groups
