"""`mwaanet probe` and `mwaanet diagnose env --probe`, with real servers on loopback."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import dns.rcode
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace as changed

from mwaanet.cli.main import cli
from mwaanet.cli.probe import SUBCOMMANDS
from mwaanet.probe.api_observation import ApiOutcome
from mwaanet.probe.probe_report import ProbeReport, to_document
from probe import servers
from probe.certificates import issue, tls_server
from probe.dns_server import code, dns_server, zone
from probe.observed import TIME, api

NAME = "sqs.us-east-1.amazonaws.com"
CLIENT = "dc.controller"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["probe", *arguments])


@pytest.mark.parametrize("command", SUBCOMMANDS)
def test_help_has_examples(command: str) -> None:
    shown = run(command, "--help")
    assert shown.exit_code == 0
    assert f"mwaanet probe {command} " in shown.output


class TestExitCodes:
    def test_it_works(self) -> None:
        with servers.tcp_server(servers.wait_for_end) as port:
            assert run("tcp", f"127.0.0.1:{port}").exit_code == 0

    def test_it_does_not(self) -> None:
        assert run("tcp", f"127.0.0.1:{servers.closed_port()}").exit_code == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ("tcp", "127.0.0.1"),
            ("tcp", "127.0.0.1:80", "--timeout", "0"),
            ("tcp", "127.0.0.1:80", "--timeout", "nan"),
            ("tls", "127.0.0.1:80", "--timeout", "nan"),
            ("dns", NAME, "--timeout", "nan"),
            ("tls", "127.0.0.1:443", "--ca-file", "missing.pem"),
            ("dns", "10.0.0.1"),
            ("dns", NAME, "--server", "resolver"),
            ("dns", NAME, "--server", ""),
            ("dns", NAME, "--snapshot", "missing"),
            ("magic",),
        ],
    )
    def test_wrong_usage(self, arguments: tuple[str, ...]) -> None:
        assert run(*arguments).exit_code == 2

    def test_the_probe_could_not_tell(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mwaanet.probe.dns.system_servers", lambda: ())
        shown = run("dns", NAME)
        assert shown.exit_code == 3
        assert "--server" in shown.output


class TestOutput:
    def test_text_says_what_it_means(self) -> None:
        shown = run("tcp", f"127.0.0.1:{servers.closed_port()}").output
        assert "refused" in shown
        assert "Nothing listens on" in " ".join(shown.split())
        assert "\x1b" not in shown

    def test_json(self) -> None:
        with dns_server(code(dns.rcode.SERVFAIL)) as server:
            at = f"{server.address}:{server.port}"
            document = json.loads(run("dns", NAME, "--server", at, "--from", "dc1.host", "--format", "json").output)
        assert (document["format"], document["status"], document["from"]) == (1, "fail", "dc1.host")
        assert document["observations"][0]["outcome"] == "servfail"

    def test_a_file_that_only_its_owner_reads(self, tmp_path: Path) -> None:
        file = tmp_path / "report.json"
        shown = run("tcp", f"127.0.0.1:{servers.closed_port()}", "--format", "json", "--output", str(file))
        assert (shown.exit_code, shown.output) == (1, "")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text())["observations"][0]["outcome"] == "refused"

    def test_tls(self, tmp_path: Path) -> None:
        authority = issue(subject="Company CA", authority=True)
        ca_file = authority.write_certificate(tmp_path / "ca.pem")
        with tls_server(issue(NAME, by=authority), tmp_path) as port:
            shown = run("tls", f"127.0.0.1:{port}", "--server-name", NAME, "--ca-file", str(ca_file))
        assert shown.exit_code == 0  # trusted here, though not by Amazon: a warning
        assert "intercepted" in shown.output


class TestAgainstTheModel:
    def test_an_answer_that_leads_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with dns_server(zone(f"{NAME}. 60 IN A 3.5.0.1")) as server:
            monkeypatch.setattr("mwaanet.probe.dns.system_servers", lambda: (server,))
            shown = run("dns", NAME, "--demo", "--from", "mwaa.worker")
        assert shown.exit_code == 0
        assert "leads elsewhere" in " ".join(shown.output.split())

    def test_a_selector_that_means_nothing(self) -> None:
        with dns_server(zone()) as server:
            shown = run("dns", NAME, "--server", f"{server.address}:{server.port}", "--demo", "--from", "mwaa.wrker")
        assert shown.exit_code == 2
        assert "did you mean mwaa.worker" in shown.output

    def probed(self, tmp_path: Path, place: str) -> str:
        """A report of a refused connection to the demo's endpoint for SQS, as a worker would have made it."""
        file = tmp_path / "report.json"
        run("tcp", f"127.0.0.1:{servers.closed_port()}", "--from", place, "--format", "json", "--output", str(file))
        document = json.loads(file.read_text())
        document["observations"][0] |= {"host": NAME, "address": "10.24.32.20", "port": 443, "source_address": ""}
        file.write_text(json.dumps(document))
        return str(file)

    def test_a_diagnosis_holds_what_was_observed(self, tmp_path: Path) -> None:
        file = self.probed(tmp_path, "mwaa.worker")
        healthy = ["diagnose", "env", "--demo", "healthy"]
        assert CliRunner().invoke(cli, healthy).exit_code == 0
        shown = CliRunner().invoke(cli, [*healthy, "--probe", file])
        assert shown.exit_code == 1
        assert "model yes, network no" in " ".join(shown.output.split())
        document = json.loads(CliRunner().invoke(cli, [*healthy, "--probe", file, "--format", "json"]).output)
        assert document["observations"][0]["agreement"] == "model-yes-network-no"
        assert document["paths"][1]["status"] == "pass"

    @pytest.mark.parametrize(
        ("demo", "outcome", "agreement"),
        [
            ("healthy", "ok", "agree"),
            ("healthy", "no-airflow-role", "model-yes-network-no"),
            ("api-permission-resource", "no-airflow-role", "agree"),
            ("api-permission-resource", "ok", "model-no-network-yes"),
            ("api-endpoint-policy", "endpoint-policy", "agree"),
        ],
    )
    def test_a_signed_call_is_compared_with_the_api_path(
        self, demo: str, outcome: str, agreement: str, tmp_path: Path
    ) -> None:
        observation = changed(
            api(ApiOutcome(outcome), "env.airflow.us-east-1.amazonaws.com", 403),
            target="InvokeRestApi ingest-prod GET /dags",
        )
        report = ProbeReport(tool="mwaanet 0", source=CLIENT, time=TIME, observations=(observation,))
        file = tmp_path / "report.json"
        file.write_text(json.dumps(to_document(report)))
        shown = CliRunner().invoke(cli, ["diagnose", "env", "--demo", demo, "--probe", str(file), "--format", "json"])
        (found,) = json.loads(shown.output)["observations"]
        assert (found["agreement"], found["place"]) == (agreement, CLIENT)

    @pytest.mark.parametrize("place", ["mwaa.wrker", "bucket"])
    def test_a_report_from_nowhere(self, tmp_path: Path, place: str) -> None:
        file = self.probed(tmp_path, place)
        shown = CliRunner().invoke(cli, ["diagnose", "env", "--demo", "healthy", "--probe", file])
        assert shown.exit_code == 2
        assert "report.json: from: " in shown.output

    def test_a_file_that_is_no_report(self, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text('{"format": 1}')
        for path in (file, tmp_path / "missing.json"):
            shown = CliRunner().invoke(cli, ["diagnose", "env", "--demo", "--probe", str(path)])
            assert shown.exit_code == 2
            assert path.name in shown.output


@pytest.mark.parametrize("server", ["nope", "10.0.0.1:0", "10.0.0.1:dns", "::1:53:x"])
def test_what_is_no_dns_server_is_told_with_what_is(server: str) -> None:
    result = CliRunner().invoke(cli, ["probe", "dns", "a.example", "--server", server])
    assert result.exit_code == 2
    assert f"{server!r}: expected IP, IP:PORT or [IPv6]:PORT" in result.stderr


def test_authorities_that_cannot_be_read_are_not_said_to_hold_none() -> None:
    result = CliRunner().invoke(cli, ["probe", "tls", "127.0.0.1:1", "--ca-file", "/nonexistent/ca.pem"])
    assert result.exit_code == 2
    assert "/nonexistent/ca.pem: cannot be read: No such file or directory" in result.stderr
