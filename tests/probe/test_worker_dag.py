"""What the DAG sees from inside a worker is judged as the same probe is on any other host."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from mwaanet.errors import UsageError
from mwaanet.probe.dag_file import Destination, dag_text
from mwaanet.probe.observation import Observation
from mwaanet.probe.probe_report import decode
from mwaanet.probe.tcp import probe_tcp
from mwaanet.probe.tcp_observation import TcpOutcome
from mwaanet.probe.tls import Client, probe_tls
from mwaanet.probe.tls_observation import TlsObservation, TlsOutcome
from mwaanet.report.json_report import probe_json
from mwaanet.status import Status
from probe import servers
from probe.certificates import DAY, Identity, issue, tls_server
from probe.worker import document_of, report_of, worker_probe, written


def seen(folder: Path, destination: Destination, timeout: float = 2, retries: int = 0) -> list[Observation]:
    report = report_of(document_of(worker_probe(destination, timeout=timeout, retries=retries), folder))
    return [observation for observation in report.observations if observation.target != "pip list"]


def same(observation: Observation) -> dict[str, object]:
    """What does not differ between two runs."""
    document = msgspec.to_builtins(observation)
    return {name: value for name, value in document.items() if name not in ("time", "seconds", "connect_seconds")}


@contextmanager
def trusted(monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str, until: timedelta = 90 * DAY) -> Iterator[int]:
    """A server whose authority this host trusts."""
    authority = issue(subject="authority", authority=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.write_certificate(folder / "authority.pem")))
    with tls_server(issue(*names, by=authority, since=-2 * DAY, until=until), folder) as port:
        yield port


class TestTcp:
    def here(self, port: int, timeout: float = 2, retries: int = 0) -> list[dict[str, object]]:
        return [same(o) for o in probe_tcp("127.0.0.1", port, timeout=timeout, retries=retries)]

    def test_connected(self, tmp_path: Path) -> None:
        with servers.tcp_server(servers.wait_for_end) as port:
            (found,) = seen(tmp_path, Destination("127.0.0.1", port, tls=False))
            assert [same(found)] == self.here(port)
        assert (found.outcome, found.status) == (TcpOutcome.CONNECTED, Status.PASS)

    @pytest.mark.parametrize("serve", [servers.close_at_once, servers.reset_at_once])
    def test_cut_at_once(self, serve: Callable[[socket.socket], None], tmp_path: Path) -> None:
        with servers.tcp_server(serve) as port:
            (found,) = seen(tmp_path, Destination("127.0.0.1", port, tls=False))
            assert same(found) | {"source_address": "127.0.0.1"} == self.here(port)[0]
        assert (found.outcome, found.status) == (TcpOutcome.RESET, Status.FAIL)

    def test_refused(self, tmp_path: Path) -> None:
        port = servers.closed_port()
        (found,) = seen(tmp_path, Destination("127.0.0.1", port, tls=False))
        assert found.outcome is TcpOutcome.REFUSED
        assert same(found) | {"source_address": "127.0.0.1"} == self.here(port)[0]

    def test_dropped_twice(self, tmp_path: Path) -> None:
        with servers.full_server() as port:
            (found,) = seen(tmp_path, Destination("127.0.0.1", port, tls=False), timeout=0.3, retries=1)
        assert (found.outcome, found.attempts) == (TcpOutcome.TIMED_OUT, 2)

    @pytest.mark.parametrize(
        ("code", "outcome"),
        [(socket.EAI_NONAME, TcpOutcome.NO_SUCH_NAME), (socket.EAI_AGAIN, TcpOutcome.RESOLVER_SILENT)],
    )
    def test_names(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, outcome: TcpOutcome) -> None:
        def answer(*_: object, **__: object) -> object:
            raise socket.gaierror(code, "as the resolver says it")

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        (found,) = seen(tmp_path, Destination("nexus.company.local", 8081, tls=False))
        assert (found.outcome, found.status) == (outcome, Status.FAIL)

    def test_every_address_of_a_name_is_tried(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with servers.tcp_server(servers.wait_for_end) as port:
            entries = [(0, 0, 0, "", (address, port)) for address in ("127.0.0.1", "127.0.0.2", "127.0.0.1")]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
            document = document_of(worker_probe(Destination("two.example", port, tls=False)), tmp_path)
        assert [connection["address"] for connection in document["connections"]] == ["127.0.0.1", "127.0.0.2"]


class TestTls:
    def here(self, port: int, host: str = "localhost") -> list[dict[str, object]]:
        return [same(o) for o in probe_tls(host, port, Client(server_name=host, timeout=2, retries=0))]

    def test_trusted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with trusted(monkeypatch, tmp_path, "localhost") as port:
            found = [o for o in seen(tmp_path, Destination("localhost", port, tls=True)) if o.status is Status.PASS]
            here = [o for o in self.here(port) if o["status"] == "pass"]
            assert [same(o) for o in found] == here
        assert isinstance(found[0], TlsObservation)
        assert found[0].outcome is TlsOutcome.TRUSTED
        assert found[0].chain[0].names == ("localhost",)

    @pytest.mark.parametrize(
        ("names", "until", "outcome"),
        [
            (("other.example",), 90 * DAY, TlsOutcome.WRONG_NAME),
            (("localhost",), -DAY, TlsOutcome.EXPIRED),
        ],
    )
    def test_rejected(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        names: tuple[str, ...],
        until: timedelta,
        outcome: TlsOutcome,
    ) -> None:
        with trusted(monkeypatch, tmp_path, *names, until=until) as port:
            found = seen(tmp_path, Destination("localhost", port, tls=True))
            here = self.here(port)
        assert outcome in [o.outcome for o in found]
        assert [same(o) for o in found if o.outcome is outcome] == [o for o in here if o["outcome"] == outcome]

    def test_inspection_of_an_aws_name_is_seen_through_the_issuer(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = "sqs.us-east-1.amazonaws.com"
        with trusted(monkeypatch, tmp_path, name) as port:
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("127.0.0.1", port))])
            (found,) = seen(tmp_path, Destination(name, port, tls=True))
        assert (found.outcome, found.status) == (TlsOutcome.INTERCEPTED, Status.WARN)

    def test_silence_in_the_handshake(self, tmp_path: Path) -> None:
        with servers.tcp_server(lambda connection: servers.wait_for_end(connection, 4096)) as port:
            (found,) = seen(tmp_path, Destination("127.0.0.1", port, tls=True), timeout=0.3)
        assert isinstance(found, TlsObservation)
        assert (found.outcome, found.error) == (TlsOutcome.STALLED, "The handshake operation timed out")

    @pytest.mark.parametrize(("words", "outcome"), [(b"220 ready\r\n", TlsOutcome.NOT_TLS), (b"", TlsOutcome.CUT)])
    def test_no_tls(self, tmp_path: Path, words: bytes, outcome: TlsOutcome) -> None:
        def serve(connection: socket.socket) -> None:
            connection.recv(4096)
            connection.sendall(words)

        with servers.tcp_server(serve) as port:
            (found,) = seen(tmp_path, Destination("127.0.0.1", port, tls=True))
        assert found.outcome is outcome

    def test_no_connection(self, tmp_path: Path) -> None:
        (found,) = seen(tmp_path, Destination("127.0.0.1", servers.closed_port(), tls=True))
        assert isinstance(found, TlsObservation)
        assert (found.outcome, found.connection) == (TlsOutcome.NOT_CONNECTED, TcpOutcome.REFUSED)

    def test_a_certificate_is_written_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        authority = issue(subject="authority", authority=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.write_certificate(tmp_path / "authority.pem")))
        identity: Identity = issue("127.0.0.1", by=authority)
        with ExitStack() as stack:
            ports = [stack.enter_context(tls_server(identity, tmp_path)) for _ in range(3)]
            places = [Destination("127.0.0.1", port, tls=True) for port in ports]
            document = document_of(worker_probe(*places), tmp_path)
        assert [seen["handshake"].get("error") for seen in document["connections"]] == [None] * 3
        assert len(document["certificates"]) == 1


class TestFile:
    def test_credentials_of_an_index_are_left_out(self) -> None:
        text = dag_text(worker_probe(indexes=("https://someone:pass-of-the-index@nexus.example/simple/",)))
        assert "https://nexus.example/simple/" in text
        assert "pass-of-the-index" not in text
        assert "someone" not in text

    def test_what_is_no_index_is_refused(self) -> None:
        with pytest.raises(UsageError, match="https://HOST"):
            dag_text(worker_probe(indexes=("nexus.example",)))

    def test_a_destination_is_tried_once_and_by_tls_where_it_is_wanted(self, tmp_path: Path) -> None:
        places = [Destination("a.example", 443, tls=False), Destination("a.example", 443, tls=True)]
        module = written(worker_probe(*places, *reversed(places)), tmp_path)
        assert module.CONFIG["destinations"] == [{"host": "a.example", "port": 443, "tls": True}]

    def test_names_cannot_break_out_of_the_file(self, tmp_path: Path) -> None:
        odd = '\'); raise SystemExit  # """\n\\'
        module = written(worker_probe(Destination(odd, 1, tls=False)), tmp_path)
        assert module.CONFIG["destinations"][0]["host"] == odd

    def test_it_needs_the_standard_library_only(self) -> None:
        """Airflow aside, which is imported in one function."""
        import ast
        import sys

        tree = ast.parse(dag_text(worker_probe(Destination("a.example", 1, tls=False))))
        imported = {
            name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        }
        assert imported - sys.stdlib_module_names == {"airflow"}

    @pytest.mark.parametrize(("places", "retries", "timeout"), [(1, 0, 0.1), (9, 10, 60.0), (40, 1, 5.0)])
    def test_the_task_is_not_ended_before_all_of_it_may_have_timed_out(
        self, places: int, retries: int, timeout: float, tmp_path: Path
    ) -> None:
        """What a task that Airflow ends has seen is lost."""
        destinations = [Destination(f"{number}.example", 443, tls=True) for number in range(places)]
        probe = worker_probe(*destinations, indexes=("https://a.example/",), retries=retries, timeout=timeout)
        module = written(probe, tmp_path)
        at_worst = -(-places // module.AT_ONCE) * module.MOST_ADDRESSES * (retries + 1) * timeout
        assert module.longest(module.CONFIG) > at_worst + 2 * probe.download_seconds

    def test_it_is_read_by_the_oldest_python(self) -> None:
        import ast

        ast.parse(dag_text(worker_probe(Destination("a.example", 1, tls=False))), feature_version=(3, 10))


class TestLines:
    def test_lines_are_short_and_hold_the_document(self, tmp_path: Path) -> None:
        """Events have a largest size: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html."""
        module = written(worker_probe(Destination("a.example", 1, tls=False)), tmp_path)
        document = {"text": "x | 'y' \"z\" \\ \u20ac \n" * 5000}
        lines = module.lines_of(document, "0123abcd")
        assert max(len(line.encode()) for line in lines) < 20_000
        assert all(line.isprintable() and line.isascii() for line in lines)
        parts = [line.partition("|")[2].rpartition("|")[0] for line in lines[1:-1]]
        assert json.loads("".join(parts)) == document

    def test_credentials_in_urls_are_masked(self, tmp_path: Path) -> None:
        module = written(worker_probe(Destination("a.example", 1, tls=False)), tmp_path)
        text = "Looking in indexes: https://someone:sec@ret@nexus.example/simple, http://x:y@b/"
        assert module.masked(text) == "Looking in indexes: https://***@nexus.example/simple, http://***@b/"

    def test_the_environment_is_not_printed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "fernet-key-of-the-test")
        monkeypatch.setenv("AWS_SESSION_TOKEN", "session-token-of-the-test")
        document = document_of(worker_probe(Destination("127.0.0.1", servers.closed_port(), tls=False)), tmp_path)
        assert "of-the-test" not in json.dumps(document)


def test_the_report_is_one_that_diagnose_takes(tmp_path: Path) -> None:
    report = report_of(document_of(worker_probe(Destination("127.0.0.1", servers.closed_port(), tls=True)), tmp_path))
    assert (report.source, report.tool) == ("mwaa.worker", "mwaanet 0")
    assert decode(probe_json(report, ()), "file") == report
