"""What hostile inputs once did: each of these took minutes, gigabytes or ended in a traceback."""

from __future__ import annotations

import gc
import gzip
import json
import shlex
import tarfile
import weakref
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import hcl2
import pytest

from asking import network_of, read
from builder import stateless, topology
from checks.asserting import loaded
from graph.balanced import Balanced
from graph.hub import Hub
from graph.walled import tcp, walled
from hostile.bounded import bounded
from hostile.targets import files
from mwaanet import demo
from mwaanet.checks import expressions
from mwaanet.checks.diagnose import examine
from mwaanet.checks.load import parse_checks
from mwaanet.errors import CheckFileError, InputError, SiteFileError, SnapshotError
from mwaanet.fixes.cloudformation import cloudformation_text
from mwaanet.fixes.command import Command
from mwaanet.fixes.declared import Declared, Document
from mwaanet.fixes.policy import KeyEnabled
from mwaanet.fixes.terraform import terraform_text
from mwaanet.marked_yaml import parse_yaml
from mwaanet.model import decode
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.net import TCP
from mwaanet.paths.blocked import blocked_paths
from mwaanet.paths.endpoints import endpoint_of
from mwaanet.paths.question import Question
from mwaanet.paths.trace import trace
from mwaanet.probe.worker_log import document_in
from mwaanet.redact.redact import redact
from mwaanet.report.finding import add_command
from mwaanet.report.label import brief
from mwaanet.report.layout import Look, Page
from mwaanet.runbook.build import runbook
from mwaanet.snapshot import Snapshot, archive, credentials


class TestWrittenInYaml:
    @pytest.mark.parametrize("text", ["[" + "a," * 200_000 + "]", "- a\n" * 120_000])
    def test_a_flood_of_values(self, text: str) -> None:
        with bounded(), pytest.raises(InputError, match="more than 40,000 keys and values"):
            parse_yaml(text, "mwaanet.yaml", SiteFileError)

    @pytest.mark.parametrize("expression", ["(" * 3000 + "a" + ")" * 3000, "!" * 3000 + "a", "a|" * 900 + "a"])
    def test_an_expression_nested_as_deeply_as_nobody_writes(self, expression: str) -> None:
        assert "nested deeper" in expressions.problem(expression)
        text = f"""\
            version: 1
            checks:
              - id: X-Y
                title: a
                path: s3
                severity: low
                why: a
                source: https://example.com
                fix: a
                require: {{operation: ec2/describe-vpcs, expression: "{expression}"}}
            """
        with pytest.raises(CheckFileError):
            parse_checks(dedent(text), "ours.yaml")

    def test_a_file_that_is_included_by_no_name(self) -> None:
        with pytest.raises(CheckFileError, match="is not beside the first file or below it"):
            loaded('version: 1\ninclude: ["a\\0b.yaml"]\nassertions: []\n')

    @pytest.mark.parametrize("name", ["2001-13-45", "=", "0b_", "1_0", "0x", "190:20:30"])
    def test_a_name_that_other_readers_of_yaml_take_for_something_else_is_redacted(self, name: str) -> None:
        """A date that is none ended in a traceback, a number of another base was written as another number."""
        site = f"version: 1\non_premises:\n  - name: {name}\n    cidrs: [10.0.0.0/8]\n"
        redacted = redact({"vpcs.json": b'{"Vpcs": []}', "mwaanet.yaml": site.encode()}, b"salt").files["mwaanet.yaml"]
        first = redact({"vpcs.json": b'{"Vpcs": []}', "mwaanet.yaml": redacted}, b"salt")
        assert b"10.0.0.0/8" in first.files["mwaanet.yaml"]

    @pytest.mark.parametrize("block", ['"OwnerId/20"', '"10.0.0.0/33"', "[" * 900 + "]" * 900])
    def test_a_block_of_a_vpc_that_is_none_is_redacted_or_refused(self, block: str) -> None:
        vpcs = f'{{"Vpcs": [{{"VpcId": "vpc-1", "CidrBlock": {block}}}]}}'.encode()
        with suppress(SnapshotError):
            assert redact({"vpcs.json": vpcs}, b"salt").files


class TestRecords:
    """What no answer of AWS's holds, and what decides packets came to: each ended in a traceback."""

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            *(("a", "x"), ("b", "a.internet"), ("b", "igw-1"), ("b", "tgw-rtb-1"), ("client", "a.internet")),
            *(("client", "vpce-1"), ("server", "vpce-1"), ("left", "a.internet"), ("left", "nat-1"), ("left", "arn:x")),
            *(("right", "vpce-1"), ("table", "x"), ("near", "a:resolver")),
        ],
    )
    def test_a_name_that_begins_as_that_of_something_else(self, kind: str, name: str) -> None:
        hub = Hub()
        old = getattr(hub, kind).id
        files = {file: text.replace(old.encode(), name.encode()) for file, text in hub.net.files().items()}
        ends = [name if end.id == old else end.id for end in (hub.client, hub.server)]
        network = read(files)
        for question in (ends, ends[::-1]):
            source, destination = (endpoint_of(network, end) for end in question)
            answer = trace(network, Question(source=source, destination=destination, protocol=TCP))
            blocked_paths(network, answer)

    @pytest.mark.parametrize("port", [-1, 65536])
    @pytest.mark.parametrize("place", ["target", "group", "listener"])
    def test_a_port_of_a_load_balancer_that_is_none(self, place: str, port: int) -> None:
        balanced = Balanced()
        records = {
            "target": balanced.targets.health[0]["Target"],
            "group": balanced.targets.record,
            "listener": balanced.nlb.listeners[0],
        }
        records[place]["Port"] = port
        with pytest.raises(SnapshotError, match="/Port: expected `int`"):
            balanced.ask()

    @pytest.mark.parametrize(
        ("attribute", "value"),
        [
            ("Protocols", [256]),
            ("SourcePorts", [{"FromPort": 2, "ToPort": 1}]),
            ("DestinationPorts", [{"FromPort": 0, "ToPort": 65536}]),
        ],
    )
    def test_a_stateless_rule_that_cannot_be(self, attribute: str, value: object) -> None:
        source = stateless(("aws:drop", TCP, "10.1.0.0/16", "0.0.0.0/0", (443, 443)))
        rules = source["StatelessRulesAndCustomActions"]["StatelessRules"]
        rules[0]["RuleDefinition"]["MatchAttributes"][attribute] = value
        with pytest.raises(SnapshotError, match="/StatelessRules/0"):
            walled(("packets", source)).ask(tcp())

    def test_a_tunnel_inside_no_block(self) -> None:
        net = topology()
        vpn = net.vpn("dc", net.customer_gateway("dc", "203.0.113.7"), net.transit_gateway("hub"))
        vpn.record["Options"]["TunnelOptions"] = [{"TunnelInsideCidr": "169.254.1.0"}]
        with pytest.raises(SnapshotError, match="/TunnelInsideCidr: expected a CIDR block"):
            network_of(net)


class TestWorkerLogs:
    @pytest.mark.parametrize(
        "text", ["[(" + "1," * 4_000_000 + ")]", "[" + "('a', 'b'), " * 400_000 + "]", "[('" + "\\" * 999_999 + "')]"]
    )
    def test_notation_of_python_that_is_no_log(self, text: str) -> None:
        with bounded(), pytest.raises(InputError, match="no line of a probe"):
            document_in(json.dumps({"content": text}), "task.log")


class _Ring:
    """What only a full collection frees."""

    def __init__(self) -> None:
        self.own = self


class TestSnapshots:
    def test_an_archive_of_a_kilobyte_that_took_all_memory(self, tmp_path: Path) -> None:
        """A file below a hundred thousand folders was looked for in each of them."""
        path = tmp_path / "estate.tar.gz"
        with tarfile.open(path, "w:gz") as packed:
            packed.addfile(tarfile.TarInfo("a/" * 100_000 + "describe-vpcs.json"))
        with bounded(), pytest.raises(SnapshotError, match="lies deeper than 12 folders"):
            Snapshot.open(path)

    def test_an_archive_of_more_folders_than_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A dozen for each file took 1.7 GB where there were as many files as may be."""
        monkeypatch.setattr(archive, "MOST_MEMBERS", 20)
        path = tmp_path / "estate.tar.gz"
        with tarfile.open(path, "w:gz") as packed:
            for number in range(4):
                packed.addfile(tarfile.TarInfo(f"{number}/" * 6 + "describe-vpcs.json"))
        with pytest.raises(SnapshotError, match="holds more than 20 files or folders"):
            Snapshot.open(path)

    @pytest.mark.parametrize("kind", [b"x", b"g", b"L"])
    def test_headers_of_headers(self, tmp_path: Path, kind: bytes) -> None:
        """Python's reader calls itself for each, and took quadratic time over one of digits alone."""
        one = tarfile.TarInfo("x")
        one.type, one.size = kind, 12
        chain = (one.tobuf() + b"12 path=abc\n".ljust(512, b"\0")) * 5000
        digits = tarfile.TarInfo("x")
        digits.type, digits.size = kind, 1 << 20
        for content in (chain, digits.tobuf() + b"1" * (1 << 20)):
            path = tmp_path / "estate.tar.gz"
            path.write_bytes(gzip.compress(content, 1))
            with bounded(), pytest.raises(SnapshotError):
                Snapshot.open(path)

    @pytest.mark.parametrize(
        ("call", "response"),
        [
            ("kms/describe-key", {"KeyMetadata": []}),
            ("kms/describe-key", []),
            ("s3/get-public-access-block", {"PublicAccessBlockConfiguration": []}),
            ("s3control/get-public-access-block", []),
            ("s3/head-object", []),
        ],
    )
    def test_an_answer_that_is_read_late_and_is_of_another_shape(self, call: str, response: object) -> None:
        """It was read as it came, by its keys, and ended in a traceback."""
        told = dict(files())
        (name,) = (name for name in told if name.endswith(f"/{call}.json") and "111122223333" in name)
        calls = json.loads(told[name])["Calls"]
        told[name] = json.dumps({"Calls": [{**one, "Response": response} for one in calls]}).encode()
        with suppress(SnapshotError):
            examine(Snapshot.from_files(told), site=Site.parse(told["mwaanet.yaml"].decode(), "mwaanet.yaml"))

    def test_many_files_that_answer_the_same_call(self) -> None:
        """A hundred thousand took forty seconds."""
        one = Snapshot.from_files({"describe-vpcs.json": b'{"Vpcs": []}'})
        (document,) = one.documents
        with bounded(2):
            assert len(replace(one, documents=(document,) * 80_000).documents_of(document.ref)) == 80_000

    def test_what_a_broken_snapshot_takes_is_given_back(self) -> None:
        """Its error was kept by the frame that it kept: 0.4 MB each time."""
        name = "accounts/111122223333/us-east-1/ec2/describe-vpcs.json"
        broken = Snapshot.from_files({**files(), name: b"\xde"})
        for _ in range(2):  # what is made once stays
            gc.collect()
            with suppress(SnapshotError):
                Inventory.load(broken)
        assert gc.collect() < 100

    def test_what_earlier_snapshots_have_left_is_given_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was made while the collector rests counts as old, and old objects were never looked at."""
        with decode.no_collector():
            ring = _Ring()
        left = weakref.ref(ring)
        del ring
        monkeypatch.setattr(decode, "_MOST_OLD", 0)
        Inventory.load(Snapshot.from_files(files()))
        assert left() is None


HOSTILE = "x$(touch${IFS}a)`b`';touch c;'\u2019;touch d;\u2018\n#"
"""A name that leaves quotes of every kind, also those that ASCII has for others."""


def test_long_keys_of_a_redacted_snapshot_are_not_kept() -> None:
    """A process that redacts many kept sixteen thousand keys, however long."""
    before = credentials._names_credential.cache_info().currsize
    redact({"vpcs.json": json.dumps({"Vpcs": [{"VpcId": "vpc-1", "k" * 100_000: "x"}]}).encode()}, b"salt")
    after = credentials._names_credential.cache_info()
    assert after.currsize <= before + 3
    assert credentials.names_credential("k" * 100_000 + "Password")
    assert credentials._names_credential.cache_info() == after


class TestWrittenForAShell:
    def test_a_name_with_quotes_that_ascii_writes_as_others(self) -> None:
        """The mark U+2019 became the quote that ends a word, and what came after it was a command."""
        page = Page(Look(width=60, colour=False, unicode=False))
        add_command(page, Command("iam", "get-role", {"RoleName": HOSTILE}).text, indent=4)
        words = shlex.split(page.text().replace("\\\n", ""))
        assert words[:4] == ["aws", "iam", "get-role", "--role-name"]
        assert len(words) == 5

    def test_a_region_of_an_arn_is_quoted(self) -> None:
        change = KeyEnabled(key="arn:aws:kms:x;touch a:1:key/b", region="x;touch a")
        (line,) = change.lines(change.commands)
        assert shlex.split(line)[-2:] == ["--region", "x;touch a"]

    @pytest.mark.parametrize(
        "parameters",
        [
            {"GroupIds": ["sg-1", "--endpoint-url", "http://evil.example"]},
            {"RoleName": "--debug"},
            {"RoleName": "file:///etc/passwd"},
            {"Body": "fileb://secret"},
        ],
    )
    def test_no_name_is_an_option_or_a_file_to_read(self, parameters: dict[str, object]) -> None:
        words = shlex.split(Command("iam", "get-role", parameters).text)
        assert words[:4] == ["aws", "iam", "get-role", "--cli-input-json"]
        assert json.loads(words[4]) == parameters

    def test_a_protocol_of_all_is_no_option(self) -> None:
        assert Command("ec2", "x", {"Protocol": "-1"}).text == "aws ec2 x --protocol -1"

    def test_no_name_in_a_runbook_is_a_command(self) -> None:
        told = {
            file: content.replace(b'"ingest-prod"', b'"a;touch b"').replace(b"-vpce.c7", b"-vpce$(b).c7")
            for file, content in demo.files("key-policy").items()
            if file != "mwaanet.yaml"
        }
        book = runbook(*examine(Snapshot.from_files(told)))
        steps = [step for section in book.sections for step in section.steps]
        lines = [line for step in steps for line in (*step.commands, *(step.fix.cli if step.fix else ()))]
        lines += [line for section in book.sections for line in section.verify] + list(book.evidence)
        for line in lines:
            words = list(shlex.shlex(line, posix=True, punctuation_chars=True))
            assert not {";", "(", ")"} & set(words), line


class TestWrittenAsCode:
    @pytest.mark.parametrize("text", ['${file("a")}', "%{if true}", '"', "\b\f\x01\n\t\\", "$${x"])
    def test_texts_and_keys_in_terraform_are_no_templates(self, text: str) -> None:
        declared = Declared(type="a", name="b", properties={"c": Document({text: text})})
        written = terraform_text([declared])
        assert "${" not in written.replace("$${", "")
        assert "%{" not in written.replace("%%{", "")
        assert hcl2.loads(written)

    @pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028"])
    def test_a_name_does_not_end_a_comment(self, end: str) -> None:
        declared = Declared(type="a", name="b", existing=f"x{end}evil: 1", note=f"y{end}evil: 1", properties={"c": 1})
        for text in (terraform_text([declared]), cloudformation_text([declared])):
            assert not any(line.startswith("evil") for line in text.splitlines())


class TestLongTexts:
    """Regular expressions that began anew at every sign of a text that goes on: hours for a megabyte."""

    @pytest.mark.parametrize("text", ["tgw-" * 15_000, "vpc-a" * 12_000])
    def test_a_name_of_prefixes_alone_is_redacted(self, text: str) -> None:
        content = json.dumps({"Vpcs": [{"VpcId": text}]}).encode()
        with bounded():
            redact({"vpcs.json": content}, b"salt")

    @pytest.mark.parametrize("text", ["1." * 25_000, "::" * 25_000])
    def test_a_name_that_looks_like_an_address(self, text: str) -> None:
        with bounded():
            assert brief(text)
