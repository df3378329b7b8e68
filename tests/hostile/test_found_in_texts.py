"""What hostile requirements, startup scripts and Suricata rules once did: minutes, gigabytes or a traceback."""

from __future__ import annotations

import pytest

from hostile.bounded import bounded
from hostile.targets import RULES
from mwaanet.graph.firewall_rules import Names, signatures
from mwaanet.model.requirements_file import HOME, parse_requirements, startup_variables
from mwaanet.model.startup_script import fetching_lines
from mwaanet.net import AddressSet


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

    @pytest.mark.parametrize("idle", [" " * 1_000_000, " \\\n" * 300_000, "\u2003\t" * 400_000])
    def test_a_line_of_spaces(self, idle: str) -> None:
        """It took hours."""
        with bounded():
            assert parse_requirements(f"a{idle}b\n").unread
            assert not parse_requirements("a" + " " * 150 + "\nb\n").unread

    @pytest.mark.parametrize("word", ["a ", "-fa ", "-i a ", "a", "a" + " " * 150])
    def test_a_line_of_a_megabyte(self, word: str) -> None:
        """One of options took the parser 19 seconds; as lines that are read, too, they are bounded."""
        with bounded():
            assert parse_requirements(word * (1_000_000 // len(word))).unread
            assert parse_requirements((word * (30_000 // len(word)) + "\n") * 30 + "-r more.txt\n").unread

    def test_a_package_of_three_hundred_hashes_is_read(self) -> None:
        hashes = "".join(f" \\\n    --hash=sha256:{number:064x}" for number in range(300))
        found = parse_requirements(f"a==1{hashes}\n" * 30 + "b\n")
        assert (found.installs, found.hashed, found.unread) == (31, True, ())

    def test_a_flood_of_lines(self) -> None:
        with bounded():
            assert parse_requirements("a\n" * 200_000).unread

    @pytest.mark.parametrize(
        "script", [";" * 100_000, "A=;" * 30_000, "then-" * 20_000, "`(" * 50_000, "; " * 50_000, "A=b " * 50_000]
    )
    def test_a_line_of_nothing_but_beginnings(self, script: str) -> None:
        with bounded():
            assert fetching_lines(script) == ()


class TestFirewallRules:
    def test_a_list_of_as_many_addresses_as_a_group_holds(self) -> None:
        """Each was united with all before it: 15 seconds."""
        listed = [f"10.{number >> 14}.{number >> 6 & 255}.{number % 64 * 4}" for number in range(60_000)]
        with bounded():
            found = Names().address_set(f"[{', '.join(listed)}, 192.0.2.0/24, !10.0.0.0/24]")
        assert found is not None
        assert found.size == 60_000 + 256 - 64

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
