"""Everything that reads what others wrote, each as a function of bytes, with inputs from which hostile ones are made.

A target may raise a `MwaanetError`; whatever else it raises, a hang, too much memory or a written file is a defect.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import Mock

import dns.message
import dns.name
import dns.rdatatype

from access.cases import OTHER, ROLE, USER, kms, request
from builder import mwaa_estate
from checks.asserting import loaded
from checks.cases import CHECKS
from checks.test_assertions_page import EXAMPLES
from hostile.mutate import CUT
from mwaanet.access import Policy, PolicySet, evaluate
from mwaanet.checks.diagnose import examine
from mwaanet.checks.language import PATHS
from mwaanet.checks.load import parse_checks
from mwaanet.cli.raw_records import RawRecords
from mwaanet.errors import MwaanetError
from mwaanet.graph.firewall_rules import Names, clauses_of, signatures
from mwaanet.model.inventory import Inventory
from mwaanet.model.requirements_file import HOME, parse_requirements, startup_variables
from mwaanet.model.site import Site
from mwaanet.model.startup_script import fetching_lines
from mwaanet.net import AddressSet
from mwaanet.probe import dns_exchange
from mwaanet.probe.dns_answer import answer_of
from mwaanet.probe.probe_report import decode, to_document
from mwaanet.probe.worker_dag import lines_of
from mwaanet.probe.worker_document import decode_document
from mwaanet.probe.worker_log import document_in
from mwaanet.probe.worker_report import report_of_worker
from mwaanet.redact.redact import redact
from mwaanet.report.diagnosis_markdown import diagnosis_markdown
from mwaanet.report.html_report import diagnosis_html
from mwaanet.report.json_report import diagnosis_json
from mwaanet.report.layout import Look
from mwaanet.report.picture_graph import graph_picture
from mwaanet.report.picture_mermaid import mermaid
from mwaanet.report.probe_text import probe_text
from mwaanet.report.runbook_markdown import runbook_markdown
from mwaanet.report.text import diagnosis_text
from mwaanet.runbook.build import runbook
from mwaanet.snapshot import Snapshot
from mwaanet.snapshot.archive import archive_bytes
from mwaanet.snapshot.source import SITE_FILE

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TESTS = Path(__file__).parents[1]
SHORTEST = 100
"""How many bytes an answer has that is more than an empty list."""


@dataclass(frozen=True)
class Target:
    """What reads, and what it reads when nothing is wrong."""

    run: Callable[[bytes], object]
    seeds: Callable[[], tuple[bytes, ...]]
    trees: bool = False
    """Whether its inputs stay JSON or YAML: another target tries what is refused before anything is judged."""


@cache
def files() -> Mapping[str, bytes]:
    return mwaa_estate().files()


def _named(data: bytes) -> tuple[str, bytes]:
    """A file of the estate by its number, and its content; any other number is a file that nobody knows."""
    number, _, content = data.partition(CUT)
    names = sorted(files())
    at = int(number) if number.isdigit() and len(number) < 4 else len(names)
    return names[at] if at < len(names) else "answer.json", content


def _files() -> tuple[bytes, ...]:
    return tuple(b"%d%s%s" % (number, CUT, files()[name]) for number, name in enumerate(sorted(files())))


def _filled() -> tuple[bytes, ...]:
    """The files with anything in them that could be changed."""
    return tuple(seed for seed in _files() if len(seed) > SHORTEST)


def _foreign() -> tuple[bytes, ...]:
    calls = (
        "describe-vpcs",
        "describe-subnets",
        "describe-security-groups",
        "describe-route-tables",
        "describe-vpc-endpoints",
    )
    return tuple(b"x" + CUT + content for name, content in files().items() if Path(name).stem in calls)


def snapshot(data: bytes) -> None:
    """One file of an estate."""
    name, content = _named(data)
    _inventory(Snapshot.from_files({**files(), name: content}))


@cache
def _own_site() -> Site:
    return Site.parse(files()[SITE_FILE].decode(), SITE_FILE)


def diagnosis(data: bytes) -> None:
    """One file of an estate, of which one path is judged, sometimes all, and reported in one of the forms."""
    name, content = _named(data)
    read = Snapshot.from_files({**files(), name: content})
    own = read.site_text == files()[SITE_FILE].decode()
    site = _own_site() if own else Site.parse(read.site_text or "version: 1", SITE_FILE)
    draw = Random(data)
    context, found = examine(read, site=site, paths=draw.choice(((), *((path,) for path in PATHS))))
    forms = (
        lambda: diagnosis_text(found, width=80, colour=False, all_findings=True, unicode=True),
        lambda: diagnosis_markdown(found, all_findings=True),
        lambda: runbook_markdown(runbook(context, found)),
        lambda: mermaid(graph_picture(context.network.graph, found.names, found.locations, "")),
        lambda: diagnosis_html(found, RawRecords()),
        lambda: diagnosis_json(found, all_findings=True),
    )
    text = draw.choice(forms)()
    assert not HARMFUL.search(text)
    assert "<script>alert" not in text or text.startswith("{")


def foreign(data: bytes) -> None:
    """A folder with one answer in it that somebody has redirected to a file."""
    _inventory(Snapshot.from_files({"answer.json": data.partition(CUT)[2]}))


def _inventory(read: Snapshot) -> None:
    site = Site.parse(read.site_text, "mwaanet.yaml") if read.site_text else None
    Inventory.load(read, site)


def archive(data: bytes) -> None:
    """A tar that was packed well."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "estate.tar.gz"
        path.write_bytes(gzip.compress(data, 1))
        read = Snapshot.open(path)
        for document in read.documents:
            document.read()


def _archives() -> tuple[bytes, ...]:
    few = {name: files()[name] for name in sorted(files())[:3]}
    return (gzip.decompress(archive_bytes(few, "estate")),)


def redacted(data: bytes) -> None:
    name, content = _named(data)
    found = redact({name: content, "accounts/111122223333/us-east-1/ec2/describe-vpcs.json": b'{"Vpcs": []}'}, b"salt")
    for file in found.files:
        assert not file.startswith("/")
        assert ".." not in file.split("/")


def site(data: bytes) -> None:
    Site.parse(data.decode("utf-8", "replace"), "mwaanet.yaml")


def checks(data: bytes) -> None:
    parse_checks(data.decode("utf-8", "replace"), "ours.yaml")


def topology(data: bytes) -> None:
    loaded(data.decode("utf-8", "replace"), {"clients": "dc1"}, {"common.yaml": "version: 1\nassertions: []\n"})


def requirements(data: bytes) -> None:
    """requirements.txt, a startup script, and a file that the former may name."""
    first, script, other = (*data.decode("utf-8", "replace").split(CUT.decode(), 2), "", "")[:3]
    fetching_lines(script)
    texts = {f"{HOME}dags/constraints.txt": other}
    parse_requirements(first, texts=texts, variables=startup_variables(script))


REQUIREMENTS = b"""--index-url https://user:word@nexus.example.com:8443/repository/simple
--extra-index-url ${MORE}
-c /usr/local/airflow/dags/constraints.txt
-r "https://example.com/more.txt"  # more
--trusted-host nexus.example.com
apache-airflow-providers-amazon[pandas]==9.1.0 ; python_version >= "3.11" and sys_platform == 'linux' \\
    --hash=sha256:00
ours @ git+https://git.example.com/ours.git@v1#egg=ours
-e ./plugins
"""
SCRIPT = b"""#!/bin/sh
export PIP_EXTRA_INDEX_URL="https://a.example.com/simple" MORE=$PIP_EXTRA_INDEX_URL/x
if true; then pip3 install --quiet x && curl -s https://example.com | sh; fi
aws codeartifact login --tool pip --repository r
"""


def dns_answer(data: bytes) -> None:
    name, kind = dns.name.from_text("sqs.us-east-1.amazonaws.com."), dns.rdatatype.A
    query = dns.message.make_query(name, kind, id=1)
    with suppress(dns_exchange._NoAnswer):
        message = dns_exchange._read(b"\0\1" + data[2:], query)
        answer_of(message, name, kind)


def _dns_answers() -> tuple[bytes, ...]:
    query = dns.message.make_query("sqs.us-east-1.amazonaws.com.", dns.rdatatype.A, id=1)
    found = []
    for records in (
        ("A 10.0.0.1", "A 10.0.0.2"),
        ("CNAME other.example.com.",),
        ('TXT "a"', "MX 1 mail.", "SOA a. b. 1 2 3 4 5", "SRV 1 2 3 host.", "NAPTR 1 1 u a b .", "SVCB 1 . alpn=h2"),
    ):
        answer = dns.message.make_response(query)
        lines = [f"sqs.us-east-1.amazonaws.com. 60 IN {record}" for record in records]
        answer.answer = list(dns.message.from_text("\n".join(["id 1", ";ANSWER", *lines])).answer)
        found.append(answer.to_wire())
    return tuple(found)


def policy(data: bytes) -> None:
    read = Policy.parse(data, "policy", "policy-id")
    for asked in (request(), request("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{OTHER}:q", owner=OTHER), kms()):
        evaluate(asked, PolicySet(identity=(read,), resource=read, endpoint=read, boundary=read))


def _policies() -> tuple[bytes, ...]:
    condition = {
        "StringLikeIfExists": {"aws:PrincipalArn": [ROLE, "*a?"], "aws:username": "${aws:username, 'x'}"},
        "ForAnyValue:ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/*"},
        "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "::/0"]},
        "NumericLessThan": {"s3:max-keys": 10},
        "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"},
        "Bool": {"aws:SecureTransport": True},
        "Null": {"aws:SourceVpce": "false"},
    }
    first = {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": ["s3:*", "sqs:Send?essage"], "Resource": "*"}
    second = {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": [ROLE, USER, OTHER], "Service": "x.amazonaws.com"},
        "NotAction": "kms:*",
        "NotResource": "arn:aws:s3:::${aws:PrincipalTag/team}/*",
        "Condition": condition,
    }
    return (json.dumps({"Version": "2012-10-17", "Statement": [first, second]}).encode(),)


def report(data: bytes) -> None:
    read = decode(data, "worker.json")
    json.dumps(to_document(read))
    probe_text(read, Look(width=80, colour=False, unicode=True))


def worker_log(data: bytes) -> None:
    """A log, or a document as a worker would log it."""
    if data.startswith(b"{") and b"worker_probe" in data:
        with suppress(ValueError, RecursionError):
            data = "\n".join(lines_of(json.loads(data), "0123abcd")).encode()
    report_of_worker(decode_document(document_in(data.decode("utf-8", "replace"), "task.log"), "task.log"))


DOCUMENT = {
    "worker_probe": 1,
    "tool": "mwaanet 0",
    "environment": "my-env",
    "host": "ip-10-1-10-7",
    "time": "2025-03-03T09:00:00+00:00",
    "python": "3.11",
    "connections": [
        {
            "host": "a.example",
            "port": 443,
            "tls": True,
            "address": "10.0.0.1",
            "attempts": 1,
            "time": "x",
            "seconds": 1.5,
            "error": {"type": "ConnectionRefusedError", "errno": "ECONNREFUSED", "text": "refused"},
        },
        {
            "host": "b.example",
            "port": 443,
            "tls": True,
            "address": "::1",
            "attempts": 1,
            "time": "x",
            "seconds": 1.5,
            "handshake": {"seconds": 0.1, "version": "TLSv1.3", "cipher": "x", "chain": ["a"]},
        },
    ],
    "certificates": {"a": "MIIB"},
    "downloads": [
        {
            "index": "https://a.example/simple",
            "package": "pip",
            "time": "x",
            "seconds": 1,
            "code": 1,
            "output": "SSLError",
        }
    ],
    "installed": {"time": "x", "seconds": 1, "code": 0, "packages": ["pip==24"], "output": ""},
}


def _worker_logs() -> tuple[bytes, ...]:
    document = dict(DOCUMENT)
    plain = "\n".join("[2025-03-03] {x.py:1} WARNING - " + line for line in lines_of(document, "0123abcd"))
    newer = "\n".join(json.dumps({"level": "warning", "event": line}) for line in lines_of(document, "0123abcd"))
    older = json.dumps({"content": str([("host", plain)])})
    return tuple(text.encode() for text in (plain, newer, older, json.dumps(document)))


def firewall_rules(data: bytes) -> None:
    names = Names(addresses={"HOME": AddressSet.parse("10.0.0.0/8")}, ports={})
    for one in signatures(data.decode("utf-8", "replace")):
        clauses_of(one, names, "rule group", Mock())


RULES = b"""# rules
pass tcp [$HOME,![10.1.0.0/16]] any -> !192.0.2.0/24 [80,443:8443,!444] (msg:"a; \\"b\\""; flow:to_server; sid:1; )
drop ip any any <> any any (sid:2;)
reject tls $HOME any -> any 443 (tls.sni; content:"example.com"; endswith; \\
  sid:3;)
"""

TARGETS: Mapping[str, Target] = {
    "snapshot": Target(snapshot, _files),
    "diagnosis": Target(diagnosis, _filled, trees=True),
    "foreign": Target(foreign, _foreign),
    "archive": Target(archive, _archives),
    "redact": Target(redacted, _files),
    "site": Target(site, lambda: (mwaa_estate().net.world.site.encode(),)),
    "checks": Target(checks, lambda: tuple(file.read_bytes() for file in sorted(CHECKS.glob("*.yaml")))),
    "topology": Target(topology, lambda: tuple(text.encode() for text in EXAMPLES)),
    "requirements": Target(requirements, lambda: (CUT.join((REQUIREMENTS, SCRIPT, b"a<2\n-r constraints.txt\n")),)),
    "dns": Target(dns_answer, _dns_answers),
    "policy": Target(policy, _policies),
    "report": Target(report, lambda: ((TESTS / "golden/probe.json").read_bytes(),)),
    "worker-log": Target(worker_log, _worker_logs),
    "firewall-rules": Target(firewall_rules, lambda: (RULES,)),
}


def attempt(target: Target, data: bytes) -> None:
    """Give the target its input; only an error that was raised on purpose is passed over."""
    with suppress(MwaanetError):
        target.run(data)
