"""Shaking hands with real TLS servers on loopback, whose certificates the tests make."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path

import pytest

from mwaanet.errors import InputError, UsageError
from mwaanet.probe.tcp_observation import TcpOutcome
from mwaanet.probe.tls import Client, probe_tls
from mwaanet.probe.tls_observation import VERDICTS, TlsObservation, TlsOutcome
from mwaanet.status import Status
from probe import servers
from probe.certificates import DAY, Identity, issue, tls_server

NAME = "nexus.company.local"
SQS = "sqs.us-east-1.amazonaws.com"


@pytest.fixture(scope="module")
def company() -> Identity:
    """An authority that the clients of these tests trust where they are told to."""
    return issue(subject="Company CA", authority=True)


def shake(identity: Identity, folder: Path, *, trusting: Identity | None = None, name: str = NAME) -> TlsObservation:
    with tls_server(identity, folder) as port:
        return probed(port, folder, trusting=trusting, name=name)


def probed(
    port: int, folder: Path, *, trusting: Identity | None = None, name: str = NAME, timeout: float = 10
) -> TlsObservation:
    ca_file = trusting.write_certificate(folder / "ca.pem") if trusting else None
    client = Client(server_name=name, timeout=timeout, retries=0, ca_file=ca_file)
    (seen,) = probe_tls("127.0.0.1", port, client)
    return seen


class TestCertificates:
    def test_trusted(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, "10.50.1.20", by=company), tmp_path, trusting=company)
        assert (seen.outcome, seen.status, seen.error) == (TlsOutcome.TRUSTED, Status.PASS, "")
        assert seen.version in ("TLSv1.2", "TLSv1.3")
        assert seen.connection is TcpOutcome.CONNECTED
        assert seen.chain[0].names == (NAME, "10.50.1.20")
        assert seen.chain[0].issuer == "CN=Company CA,O=Example"
        assert seen.seconds is not None
        assert seen.connect_seconds is not None

    def test_an_address_as_name(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue("127.0.0.1", by=company), tmp_path, trusting=company, name="127.0.0.1")
        assert seen.outcome is TlsOutcome.TRUSTED

    def test_it_expires_soon(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, by=company, until=3.2 * DAY), tmp_path, trusting=company)
        assert (seen.outcome, seen.status) == (TlsOutcome.TRUSTED, Status.WARN)
        assert "expires in 3 days" in seen.meaning

    def test_what_else_is_sent_may_have_expired(self, company: Identity, tmp_path: Path) -> None:
        server = issue(NAME, by=company)
        server.intermediates = [issue(subject="old", authority=True, since=-9 * DAY, until=-DAY).certificate]
        assert shake(server, tmp_path, trusting=company).status is Status.PASS

    def test_wrong_name(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue("other.company.local", by=company), tmp_path, trusting=company)
        assert (seen.outcome, seen.status) == (TlsOutcome.WRONG_NAME, Status.FAIL)
        assert seen.chain[0].names == ("other.company.local",)

    def test_wrong_address(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, by=company), tmp_path, trusting=company, name="127.0.0.1")
        assert seen.outcome is TlsOutcome.WRONG_NAME

    def test_expired(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, by=company, since=-9 * DAY, until=-DAY), tmp_path, trusting=company)
        assert (seen.outcome, seen.status) == (TlsOutcome.EXPIRED, Status.FAIL)

    def test_not_yet_valid(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, by=company, since=DAY), tmp_path, trusting=company)
        assert (seen.outcome, seen.status) == (TlsOutcome.NOT_YET_VALID, Status.FAIL)

    def test_self_signed(self, tmp_path: Path) -> None:
        seen = shake(issue(NAME), tmp_path)
        assert (seen.outcome, seen.status) == (TlsOutcome.SELF_SIGNED, Status.FAIL)
        assert seen.chain[0].subject == seen.chain[0].issuer

    def test_unknown_issuer(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, by=company), tmp_path)
        assert (seen.outcome, seen.status) == (TlsOutcome.UNKNOWN_ISSUER, Status.FAIL)
        assert seen.chain[0].issuer == "CN=Company CA,O=Example"

    def test_an_authority_of_its_own_in_the_chain_is_unknown_as_well(self, company: Identity, tmp_path: Path) -> None:
        server = issue(NAME, by=company)
        server.intermediates = [company.certificate]
        seen = shake(server, tmp_path)
        assert (seen.outcome, len(seen.chain)) == (TlsOutcome.UNKNOWN_ISSUER, 2)

    def test_an_intermediate_that_is_left_out(self, company: Identity, tmp_path: Path) -> None:
        between = issue(by=company, subject="Company CA 2", authority=True)
        server = issue(NAME, by=between)
        assert shake(server, tmp_path, trusting=company).outcome is TlsOutcome.UNKNOWN_ISSUER
        server.intermediates = [between.certificate]
        assert shake(server, tmp_path, trusting=company).outcome is TlsOutcome.TRUSTED


class TestInterception:
    def test_an_aws_name_by_an_authority_that_is_not_trusted(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(SQS, by=company), tmp_path, name=SQS)
        assert (seen.outcome, seen.status) == (TlsOutcome.INTERCEPTED, Status.FAIL)

    def test_an_aws_name_by_an_authority_that_only_this_host_trusts(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue("*.us-east-1.amazonaws.com", by=company), tmp_path, trusting=company, name=SQS)
        assert (seen.outcome, seen.status) == (TlsOutcome.INTERCEPTED, Status.WARN)
        assert "other clients need not" in seen.meaning

    def test_amazons_own_certificate_is_none(self, tmp_path: Path) -> None:
        amazon = issue(subject="Amazon Root CA 1", organisation="Amazon", authority=True)
        seen = shake(issue(SQS, by=amazon), tmp_path, trusting=amazon, name=SQS)
        assert (seen.outcome, seen.status) == (TlsOutcome.TRUSTED, Status.PASS)

    @pytest.mark.parametrize(
        "name", ["a-1.elb.us-east-1.amazonaws.com", "vpce-1.vpce-svc-2.us-east-1.vpce.amazonaws.com", NAME]
    )
    def test_a_customers_own_certificate_is_none(self, company: Identity, tmp_path: Path, name: str) -> None:
        assert shake(issue(name, by=company), tmp_path, trusting=company, name=name).outcome is TlsOutcome.TRUSTED

    def test_a_certificate_for_other_names_is_another_server(self, company: Identity, tmp_path: Path) -> None:
        seen = shake(issue(NAME, by=company), tmp_path, trusting=company, name=SQS)
        assert seen.outcome is TlsOutcome.WRONG_NAME


def reset_after_hello(connection: socket.socket) -> None:
    connection.recv(4096)
    servers.reset_at_once(connection)


def hang_up_after_hello(connection: socket.socket) -> None:
    connection.recv(4096)


class TestHandshakes:
    def test_a_server_that_does_not_know_the_name(self, company: Identity, tmp_path: Path) -> None:
        def refuse(context: ssl.SSLContext) -> None:
            context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

        with tls_server(issue(NAME, by=company), tmp_path, refuse) as port:
            seen = probed(port, tmp_path, trusting=company)
        assert (seen.outcome, seen.status) == (TlsOutcome.HANDSHAKE_FAILED, Status.FAIL)
        assert "unrecognized name" in seen.error

    def test_a_server_of_an_old_version(self, tmp_path: Path) -> None:
        alert = bytes([21, 3, 1, 0, 2, 2, 70])  # fatal: protocol_version, https://www.rfc-editor.org/rfc/rfc5246
        with servers.tcp_server(lambda connection: answer_once(connection, alert)) as port:
            seen = probed(port, tmp_path)
        assert seen.outcome is TlsOutcome.HANDSHAKE_FAILED
        assert "protocol version" in seen.error

    @pytest.mark.parametrize("text", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 ready\r\n", b"\0" * 64])
    def test_a_server_that_does_not_speak_tls(self, tmp_path: Path, text: bytes) -> None:
        with servers.tcp_server(lambda connection: answer_once(connection, text)) as port:
            seen = probed(port, tmp_path)
        assert (seen.outcome, seen.status) == (TlsOutcome.NOT_TLS, Status.FAIL)

    @pytest.mark.parametrize("serve", [reset_after_hello, hang_up_after_hello])
    def test_cut(self, tmp_path: Path, serve: servers.Serve) -> None:
        with servers.tcp_server(serve) as port:
            seen = probed(port, tmp_path)
        assert (seen.outcome, seen.status, seen.connection) == (TlsOutcome.CUT, Status.FAIL, TcpOutcome.CONNECTED)

    def test_stalled(self, tmp_path: Path) -> None:
        with servers.tcp_server(lambda connection: time.sleep(1)) as port:
            seen = probed(port, tmp_path, timeout=0.3)
        assert (seen.outcome, seen.status) == (TlsOutcome.STALLED, Status.FAIL)
        assert "MTU" in seen.meaning
        assert seen.error == "The handshake operation timed out"

    def test_a_server_that_trickles_is_not_waited_for(self, tmp_path: Path) -> None:
        def trickle(connection: socket.socket) -> None:
            connection.sendall(bytes([22, 3, 3, 64, 0]))
            for _ in range(100):
                connection.sendall(b"\2")
                time.sleep(0.1)

        with servers.tcp_server(trickle) as port:
            began = time.monotonic()
            seen = probed(port, tmp_path, timeout=0.5)
            took = time.monotonic() - began
        assert seen.outcome in (TlsOutcome.STALLED, TlsOutcome.HANDSHAKE_FAILED)
        assert took < 6

    def test_no_connection(self, tmp_path: Path) -> None:
        seen = probed(servers.closed_port(), tmp_path)
        assert (seen.outcome, seen.connection) == (TlsOutcome.NOT_CONNECTED, TcpOutcome.REFUSED)
        assert "A host answered and refused" in seen.meaning

    def test_no_name(self) -> None:
        (seen,) = probe_tls("nothing.invalid", 443, Client(server_name=NAME, timeout=2, retries=0))
        assert seen.outcome is TlsOutcome.NOT_CONNECTED
        assert seen.connection in (TcpOutcome.NO_SUCH_NAME, TcpOutcome.RESOLVER_SILENT)


@pytest.mark.parametrize("name", ["", ".example", "a..b", "x" * 70 + ".example"])
def test_an_impossible_name_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError):
        list(probe_tls("127.0.0.1", 1, Client(server_name=name, timeout=1, retries=0)))


def test_authorities_that_cannot_be_read(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    for file, problem in ((empty, "no certificates"), (tmp_path / "missing.pem", "cannot be read: No such file")):
        with pytest.raises(InputError, match=problem):
            list(probe_tls("127.0.0.1", 1, Client(server_name=NAME, timeout=1, retries=0, ca_file=file)))


def test_every_outcome_has_a_meaning() -> None:
    assert set(VERDICTS) == set(TlsOutcome)


def answer_once(connection: socket.socket, answer: bytes) -> None:
    connection.recv(4096)
    connection.sendall(answer)
