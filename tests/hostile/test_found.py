"""What hostile inputs once did: each of these took minutes, gigabytes or ended in a traceback."""

from __future__ import annotations

import json
from contextlib import suppress
from textwrap import dedent

import pytest

from hostile.bounded import bounded
from hostile.targets import RULES
from mwaanet.checks import expressions
from mwaanet.checks.load import parse_checks
from mwaanet.errors import CheckFileError, InputError, SiteFileError, SnapshotError
from mwaanet.graph.firewall_rules import Names, signatures
from mwaanet.marked_yaml import parse_yaml
from mwaanet.model.requirements_file import HOME, parse_requirements, startup_variables
from mwaanet.model.startup_script import fetching_lines
from mwaanet.net import AddressSet
from mwaanet.probe.worker_log import document_in
from mwaanet.redact.redact import redact


class TestRequirements:
    def test_a_variable_that_doubles_line_by_line(self) -> None:
        """Forty lines meant 16 TB; no program is handed so much, and what pip then asks is not known."""
        with bounded():
            variables = startup_variables(
                "export A=https://a.example/\n" + "export A=$A$A\n" * 40 + "export PIP_INDEX_URL=$A"
            )
        assert len(variables["A"]) < 200_000
        assert parse_requirements("a", variables=variables).unread

    def test_a_file_that_names_itself(self) -> None:
        """Ten times in each of eight levels."""
        with bounded():
            found = parse_requirements(f"-r {HOME}dags/x\n", texts={f"{HOME}dags/x": "-r x\n" * 10})
        assert found.unread

    def test_a_long_variable_in_many_places(self) -> None:
        with bounded():
            assert parse_requirements("${A}" * 20_000, variables={"A": "a" * 100_000}).invalid

    @pytest.mark.parametrize("url", ["https://[", "https://[${A}/simple", "https://a]${A}"])
    def test_an_index_that_is_no_url(self, url: str) -> None:
        assert parse_requirements(f"--index-url {url}\na\n").installs == 1

    def test_a_flood_of_lines(self) -> None:
        with bounded():
            assert parse_requirements("a\n" * 200_000).unread

    @pytest.mark.parametrize(
        "script", [";" * 100_000, "A=;" * 30_000, "then-" * 20_000, "`(" * 50_000, "; " * 50_000, "A=b " * 50_000]
    )
    def test_a_line_of_nothing_but_beginnings(self, script: str) -> None:
        with bounded():
            assert fetching_lines(script) == ()


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


class TestFirewallRules:
    def test_brackets_that_nobody_closes(self) -> None:
        with bounded():
            assert [one.header for one in signatures("pass tcp " + "[ " * 50_000)] == [None]

    @pytest.mark.parametrize(
        "text", ["!" * 5000 + "80", "[" * 5000 + "80" + "]" * 5000, "8" * 5000, "\u00b2", "\u0663"]
    )
    def test_a_port_that_is_none(self, text: str) -> None:
        assert Names().port_set(text) is None

    def test_a_list_with_spaces_and_lists_in_it_is_one_word(self) -> None:
        (one,) = signatures("pass tcp [10.0.0.0/8, ![10.1.0.0/16, [10.2.0.0/16 ] ]] any->any 80 (sid:1;)")
        assert one.header is not None
        wanted = AddressSet.parse("10.0.0.0/8") - AddressSet.parse("10.1.0.0/16", "10.2.0.0/16")
        assert Names().address_set(one.header.source) == wanted
        assert [header.protocol for header in (one.header for one in signatures(RULES.decode())) if header] == [
            "tcp",
            "ip",
            "tls",
        ]


class TestWorkerLogs:
    @pytest.mark.parametrize(
        "text", ["[(" + "1," * 4_000_000 + ")]", "[" + "('a', 'b'), " * 400_000 + "]", "[('" + "\\" * 999_999 + "')]"]
    )
    def test_notation_of_python_that_is_no_log(self, text: str) -> None:
        with bounded(), pytest.raises(InputError, match="no line of a probe"):
            document_in(json.dumps({"content": text}), "task.log")
