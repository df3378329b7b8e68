"""A whole organisation as a snapshot of any size: accounts of ten VPCs on one transit gateway, and one environment.

Each VPC has two to four subnets with their route tables, a network ACL, five security groups of about ten rules, an S3
gateway endpoint, now and then interface endpoints, and twenty instances; every other one has NAT. The environment is
the tests' complete architecture (`tests/builder/estate.py`), whose transit gateway all the VPCs are attached to.

One account is built record by record; the others are printed from it, with ids, addresses and account numbers of
their own. So what is measured has the shapes that AWS answers with, and making it takes less time than reading it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any

from builder import Estate, Vpc, inbound, mwaa_estate, outbound, rule, self_ref
from builder.estate import REGION
from builder.rules import Rule
from builder.security_group import SecurityGroup
from builder.transit_gateway_table import TransitGatewayTable

Record = dict[str, Any]

PER_ACCOUNT = 10
INSTANCES = 20
MOST_VPCS = 6144

_TEMPLATE = "999999999999"
_ZONES = ("use1-az1", "use1-az2", "use1-az4")
_TOKEN = re.compile(
    r"(?P<account>999999999999)|-0(?P<id>[0-9a-f]{16})(?![0-9a-f])"
    r"|10(?P<dot>[.-])255(?P=dot)(?P<third>\d+)|198(?P<mark>[.-])51(?P=mark)100(?P=mark)(?P<last>\d+)"
)


def organisation(vpcs: int) -> Iterator[tuple[str, bytes]]:
    """The files of a snapshot of that many VPCs besides the environment's own: relative path, content."""
    if not 1 <= vpcs <= MOST_VPCS:
        raise ValueError(f"expected 1-{MOST_VPCS} VPCs, got {vpcs}")
    sizes = [PER_ACCOUNT] * (vpcs // PER_ACCOUNT) + ([vpcs % PER_ACCOUNT] if vpcs % PER_ACCOUNT else [])
    forms = {size: _Form(size) for size in sorted(set(sizes))}
    numbers = {size: [n for n, other in enumerate(sizes) if other == size] for size in forms}
    for size, form in forms.items():
        for number in numbers[size]:
            for path, print_ in form.own.items():
                yield path.replace(_TEMPLATE, _account(number)), print_.of(number)
    first = forms[sizes[0]]
    for path, document in first.shared.items():
        for size, form in forms.items():
            _extend(document, form, path, numbers[size])
        yield path, _compact(document)
    manifest = first.manifest
    manifest["accounts"] = {
        account: regions for account, regions in manifest["accounts"].items() if account != _TEMPLATE
    } | {_account(number): [REGION] for number in range(len(sizes))}
    yield "manifest.json", _compact(manifest)
    yield "mwaanet.yaml", first.site


class _Form:
    """The estate and one account of so many VPCs: what is printed anew for each account, and what all share."""

    def __init__(self, vpcs: int) -> None:
        known = set(_ids(_estate()[0].files().values()))
        estate, table = _estate()
        _fill(estate, table, vpcs)
        files = dict(estate.files())
        self.site = files.pop("mwaanet.yaml")
        self.manifest: Record = json.loads(files.pop("manifest.json"))
        documents = {path: json.loads(content) for path, content in files.items()}
        self._own_ids = set(_ids(content for path, content in files.items() if _TEMPLATE in path)) - known
        self.own = {path: self.print(document) for path, document in documents.items() if _TEMPLATE in path}
        self.shared = {path: document for path, document in documents.items() if _TEMPLATE not in path}
        self.added: dict[tuple[str, str], list[_Print]] = {}
        for path, document in self.shared.items():
            for place, records in _lists(document):
                theirs = [record for record in records if self._is_theirs(record)]
                records[:] = [record for record in records if not self._is_theirs(record)]
                self.added[path, place] = [self.print(record) for record in theirs]

    def _is_theirs(self, record: Any) -> bool:
        """Whether a record is about something of the account; a call is where it asks for it."""
        text = _compact(record.get("Parameters", record) if isinstance(record, dict) else record).decode()
        return any(
            match["account"] or match["third"] or match["id"] in self._own_ids for match in _TOKEN.finditer(text)
        )

    def print(self, document: Any) -> _Print:
        return _Print(_compact(document).decode(), self._own_ids)


class _Print:
    """A text with gaps, to be filled for each account."""

    def __init__(self, text: str, own_ids: set[str]) -> None:
        self._gaps: dict[str, re.Match[str]] = {}
        self._parts: list[str] = []
        end = 0
        for match in _TOKEN.finditer(text):
            if match["id"] and match["id"] not in own_ids:
                continue
            self._parts += [text[end : match.start()], match[0]]
            self._gaps.setdefault(match[0], match)
            end = match.end()
        self._parts.append(text[end:])

    def of(self, number: int) -> bytes:
        """The text for one account."""
        filled = {text: _filled(match, number) for text, match in self._gaps.items()}
        return "".join(filled.get(part, part) for part in self._parts).encode()


def _filled(match: re.Match[str], number: int) -> str:
    """What stands in a gap: the account's own number, id, block of addresses or public address."""
    if match["account"]:
        return _account(number)
    if match["id"]:
        return f"-0{match['id'][:12]}{number:04x}"
    if match["third"]:
        vpc, octet = divmod(int(match["third"]), 8)
        block = number * PER_ACCOUNT + vpc
        return match["dot"].join(("10", str(64 + block // 32), str(block % 32 * 8 + octet)))
    return match["mark"].join(("44", str(number >> 8), str(number & 255), match["last"]))


def _account(number: int) -> str:
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


def _extend(document: Record, form: _Form, path: str, numbers: list[int]) -> None:
    """Add to a document of the estate what each account has in it."""
    lists = list(_lists(document))
    for place, records in lists:
        for template in form.added.get((path, place), ()):
            records.extend(json.loads(template.of(number)) for number in numbers)


# One account


def _estate() -> tuple[Estate, TransitGatewayTable]:
    """The environment's architecture, with one more table of its transit gateway: the organisation's."""
    estate = mwaa_estate()
    table = estate.tgw.table("organisation")
    for attachment in (estate.attachment, estate.shared_attachment, estate.vpn_attachment, estate.dx_attachment):
        if attachment is not None:
            table.propagate(attachment)
    return estate, table


def _fill(estate: Estate, table: TransitGatewayTable, vpcs: int) -> None:
    region = estate.net.account(_TEMPLATE).region(REGION)
    made = [_vpc(estate, region.vpc(f"vpc-{n}", f"10.255.{8 * n}.0/21"), n, table) for n in range(vpcs)]
    for near, far in zip(made[::5], made[1::5], strict=False):
        near.peer(far)


def _vpc(estate: Estate, vpc: Vpc, number: int, table: TransitGatewayTable) -> Vpc:
    third, zones = 8 * number, cycle(_ZONES)
    inside = [vpc.subnet(f"app-{n}", f"10.255.{third + n}.0/24", next(zones)) for n in range(2 + number % 2)]
    estate.tgw.attach_vpc(
        vpc, inside[:2], table=table, propagate=[table, estate.vpc_table, estate.edge_table], name=vpc.name
    )
    for subnet in inside:
        subnet.route("10.0.0.0/8", estate.tgw).route("172.16.0.0/12", estate.tgw)
    if number % 2 == 0:
        public = vpc.subnet("public", f"10.255.{third + 7}.0/26", _ZONES[0], public=True)
        public.route("0.0.0.0/0", vpc.internet_gateway())
        gateway = public.nat_gateway("out", public=f"198.51.100.{number + 1}")
        for subnet in inside:
            subnet.route("0.0.0.0/0", gateway)
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
