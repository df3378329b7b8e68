"""Topology files: variables, includes, and everything that a file may hold to do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.asserting import loaded
from mwaanet.checks.language import Reach, Selection
from mwaanet.checks.topology import load_topology
from mwaanet.errors import CheckFileError

HEAD = "version: 1\n"
ONE = "  - {id: one, reach: {from: dc1, to: bucket}}\n"


def problem(text: str, variables: dict[str, str] | None = None, others: dict[str, str] | None = None) -> str:
    with pytest.raises(CheckFileError) as caught:
        loaded(text, variables, others)
    return str(caught.value)


def reach(text: str, variables: dict[str, str] | None = None, others: dict[str, str] | None = None) -> Reach:
    """The question of the only assertion."""
    (check,) = loaded(text, variables, others).checks
    assert isinstance(check.verb, Reach)
    return check.verb


class TestVariables:
    TEXT = HEAD + (
        "variables: {clients: [dc1, 10.0.0.0/8], env: dev, port: 443, given: }\n"
        "assertions:\n"
        "  - {id: one, reach: {from: [x.example.com, '{clients}'], to: 'tag:env={env}', port: ['{port}', 80]}}\n"
    )

    def test_a_list_a_text_and_a_number(self) -> None:
        found = reach(self.TEXT)
        assert found.source == Selection(of=("x.example.com", "dc1", "10.0.0.0/8"))
        assert found.destination == Selection(of=("tag:env=dev",))
        assert found.ports == ((443, 443), (80, 80))

    def test_what_is_given_counts_instead(self) -> None:
        found = reach(self.TEXT, {"env": "prod", "port": "8443", "clients": "dc2"})
        assert (found.destination.of, found.ports[0]) == (("tag:env=prod",), (8443, 8443))
        assert found.source.of == ("x.example.com", "dc2")

    def test_those_of_the_file_that_includes_count_instead_of_the_included_s(self) -> None:
        outer = HEAD + "include: [common.yaml]\nvariables: {env: prod}\n"
        inner = HEAD + "variables: {env: dev}\nassertions:\n  - {id: one, reach: {from: dc1, to: 'tag:env={env}'}}\n"
        assert reach(outer, others={"common.yaml": inner}).destination.of == ("tag:env=prod",)

    @pytest.mark.parametrize(
        ("variables", "use", "expected"),
        [
            ("{}", "{cleints}", "there is no fact 'cleints'"),
            ("{clients: dc1}", "{cleints}", "(did you mean clients?)"),
            ("{env: }", "{env}", "the variable env has no value: give it with --var env=…"),
            ("{env: [a, b]}", "tag:x={env}", "the variable env is a list: it must stand alone"),
            ("{vpc: x}", "dc1", "'vpc' is the name of a fact"),
            ("{each: x}", "dc1", "'each' is the name of a fact"),
            ("{'A b': x}", "dc1", "expected small letters"),
            ("{env: {deep: x}}", "dc1", "expected a text, a number or a list of them"),
            ("[env]", "dc1", "variables: expected a mapping"),
            (f"{{env: {'x' * 1001}}}", "dc1", "more than 1,000 characters"),
        ],
    )
    def test_what_is_wrong_with_one(self, variables: str, use: str, expected: str) -> None:
        text = f"{HEAD}variables: {variables}\nassertions:\n  - {{id: one, reach: {{from: '{use}', to: bucket}}}}\n"
        assert expected in problem(text)

    def test_one_that_no_file_declares(self) -> None:
        assert "no file declares this variable (did you mean env?)" in problem(self.TEXT, {"envv": "x"})
        assert "'Env' is no name of a variable" in problem(self.TEXT, {"Env": "x"})

    def test_variables_do_not_unfold(self) -> None:
        """A variable cannot hold another, and a thousand lists of a thousand are refused."""
        inner = HEAD + "variables: {a: '{b}', b: x}\nassertions:\n" + ONE.replace("dc1", "'tag:x={a}'")
        assert "there is no fact 'b'" in problem(inner)
        many = "{many: [" + "dc1, " * 999 + "dc1]}"
        items = "".join(f"  - {{id: n{n}, reach: {{from: '{{many}}', to: bucket}}}}\n" for n in range(150))
        assert "more than 100,000 values in all files together" in problem(
            f"{HEAD}variables: {many}\nassertions:\n{items}"
        )
        assert "more than 1,000 values" in problem(f"{HEAD}variables: {many.replace('[', '[x, ')}\nassertions: []")


class TestIncludes:
    INCLUDING = HEAD + "include: [%s]\nassertions: []\n"

    def test_what_is_included_stands_first_and_once(self) -> None:
        other = HEAD + "include: [third.yaml]\nassertions:\n" + ONE.replace("one", "two")
        third = HEAD + "assertions:\n" + ONE.replace("one", "three")
        text = HEAD + "include: [other.yaml, third.yaml]\nassertions:\n" + ONE
        found = loaded(text, others={"other.yaml": other, "third.yaml": third})
        assert [check.id for check in found.checks] == ["three", "two", "one"]
        assert [Path(file).name for file in found.files] == ["topology.yaml", "other.yaml", "third.yaml"]

    @pytest.mark.parametrize("name", ["../topology.yaml", "/etc/hostname", "sub/../../x.yaml", "~/x.yaml", "."])
    def test_nothing_outside_the_folder(self, name: str) -> None:
        found = problem(self.INCLUDING % name)
        assert "is not beside the first file or below it" in found or "No such file" in found or "not a file" in found

    def test_no_link_out_of_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "secret.yaml").write_text("password: x")
        (tmp_path / "inner").mkdir()
        (tmp_path / "inner" / "link.yaml").symlink_to("../secret.yaml")
        (tmp_path / "inner" / "topology.yaml").write_text(self.INCLUDING % "link.yaml")
        with pytest.raises(CheckFileError, match="is not beside the first file") as caught:
            load_topology([tmp_path / "inner" / "topology.yaml"])
        assert "password" not in str(caught.value)

    def test_no_circle(self) -> None:
        assert "includes this file again" in problem(self.INCLUDING % "topology.yaml")
        assert "includes this file again" in problem(
            self.INCLUDING % "other.yaml", others={"other.yaml": self.INCLUDING % "topology.yaml"}
        )

    def test_no_device_and_no_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.yaml")
        (tmp_path / "topology.yaml").write_text(self.INCLUDING % "pipe.yaml")
        with pytest.raises(CheckFileError, match=r"pipe\.yaml: is not a file"):
            load_topology([tmp_path / "topology.yaml"])
        with pytest.raises(CheckFileError, match="/dev/zero: is not a file"):
            load_topology([Path("/dev/zero")])

    def test_ids_are_used_once(self) -> None:
        text = HEAD + "include: [other.yaml]\nassertions:\n" + ONE
        assert "id one is already used in" in problem(text, others={"other.yaml": HEAD + "assertions:\n" + ONE})

    def test_not_too_many(self) -> None:
        others = {f"f{n}.yaml": HEAD + "assertions: []\n" for n in range(100)}
        assert "is one of more than 100 files" in problem(self.INCLUDING % ", ".join(others), others=others)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &a [x, x]\nb: *a\n", "anchors and aliases are not accepted"),
        (HEAD + "assertions: !!python/object:x []\n", "tags are not accepted"),
        (HEAD + "assertions: " + "[" * 40 + "]" * 40, "nested deeper than"),
        (HEAD + 'assertions:\n  - {id: one, title: "\x07", skip: x}', "special characters are not allowed"),
        (HEAD + "x: " + "y" * 600_000, "characters"),
        (HEAD, "assertions: missing"),
        ("assertions: []", "version: expected 1"),
        ("", "is empty"),
        (HEAD + "assertions: {}", "assertions: expected a list"),
        (HEAD + "assertions: []\nassertions: []", "assertions is already given in line 2"),
    ],
)
def test_hostile_and_broken_files(text: str, expected: str) -> None:
    assert expected in problem(text)


@pytest.mark.parametrize(
    ("line", "place", "expected"),
    [
        ("{id: one, reech: {from: dc1, to: bucket}}", (3, 15), "unknown key 'reech' (did you mean reach?)"),
        ("{id: one, expect: blokced, reach: {from: dc1, to: bucket}}", (3, 23), "(did you mean blocked?)"),
        (
            "{id: one, expect: blocked, resolve: {from: dc1, name: bucket}}",
            (3, 23),
            "is none of resolves, does-not-res",
        ),
        ("{id: one, expect: blocked, skip: no}", (3, 23), "skip expects nothing"),
        ("{id: one, expect: blocked, reach: {from: dc1, to: bucket, part: name}}", (3, 23), "tell why packets do not"),
        ("{id: one, reach: {from: dc1, to: bucket, part: name, via: internet}}", (3, 52), "speak of whole ways"),
        ("{id: 'a b', skip: no}", (3, 10), "id: expected letters and digits"),
        ("{id: one, reach: {from: dc1, to: bucket, via: nat-gatway}}", (3, 51), "(did you mean nat-gateway?)"),
        ("{id: one, reach: {from: {all: x, any: y}, to: bucket}}", (3, 29), "from: expected either all or any"),
        ("{id: one, reach: {from: {all: []}, to: bucket}}", (3, 35), "from: all: expected at least one"),
        ("{id: one, reach: {from: dc1, to: bucket, protocol: all, port: 1}}", (3, 67), "only tcp and udp have ports"),
        ("{id: one, waive: {until: 31.1.2027, because: x}, skip: no}", (3, 30), "expected a day such as 2027-01-31"),
        *(
            (f"{{id: one, reach: {{from: dc1, to: bucket, port: {port}}}}}", (3, 52), "port: expected")
            for port in ("[]", "'443-'", "4_43", "'４４３'", "-1", "65536", "444-443", "1e3", "' 443'", "'443,80'")
        ),
        *(
            (f"{{id: one, reach: {{from: dc1, to: '{url}'}}}}", (3, 38), f"to: '{url}': expected {expected}")
            for url, expected in (
                ("httpss://x.example", "https or http before :// (did you mean https?)"),
                ("ftp://x.example", "https or http before ://"),
                ("https://x.example:99999", "a port from 1 to 65535"),
                ("https://x.example:0", "a port from 1 to 65535"),
                ("https://x.example:https", "a port from 1 to 65535"),
            )
        ),
        ("{id: one, reach: {from: dc1, to: dc2, via: internet, not-via: internet}}", (3, 67), "so no way is as asked"),
        ("{id: one, resolve: {name: 10.1.2.3, from: dc1}}", (3, 31), "10.1.2.3 is an address"),
        ("{id: one, resolve: {name: mwaa.webserver, from: dc1}}", (3, 31), "(did you mean mwaa.webserver-name?)"),
        ("{id: one, resolve: {name: 'mwaa.worker@subnet-1', from: dc1}}", (3, 31), "has no name"),
        ("{id: one, resolve: {name: internet, from: dc1}}", (3, 31), "internet has no name"),
        ("{id: one, resolve: {name: 'tag:Name=x', from: dc1}}", (3, 31), "tag:Name=x has no name"),
        ("{id: one, allow-empty: 1, skip: no}", (3, 28), "allow-empty: expected true or false"),
    ],
)
def test_a_mistake_has_its_line_and_column(line: str, place: tuple[int, int], expected: str) -> None:
    with pytest.raises(CheckFileError) as caught:
        loaded(f"{HEAD}assertions:\n  - {line}\n")
    assert expected in str(caught.value)
    assert (caught.value.line, caught.value.column) == place


def test_a_folder_is_read_whatever_ending_its_files_have(tmp_path: Path) -> None:
    for number, name in enumerate(("a.yaml", "b.yml", "c.txt")):
        (tmp_path / name).write_text(HEAD + "assertions:\n" + ONE.replace("one", f"one-{number}"))
    assert [check.id for check in load_topology([tmp_path]).checks] == ["one-0", "one-1"]


def test_files_of_checks_are_read_by_the_same_code() -> None:
    found = load_topology([Path("checks")])
    assert {"S3-REACH", "API-RETURN"} <= {check.id for check in found.checks}
