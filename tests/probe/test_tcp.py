from __future__ import annotations

import errno
import socket
import ssl
import time

import pytest

from mwaanet.probe.tcp import outcome_of, probe_tcp, words
from mwaanet.probe.tcp_observation import VERDICTS, TcpObservation, TcpOutcome
from mwaanet.status import Status
from probe import servers


def probed(port: int, host: str = "127.0.0.1", timeout: float = 10, retries: int = 0) -> TcpObservation:
    (observation,) = probe_tcp(host, port, timeout=timeout, retries=retries)
    return observation


def test_connected() -> None:
    with servers.tcp_server(servers.wait_for_end) as port:
        seen = probed(port)
    assert (seen.outcome, seen.status) == (TcpOutcome.CONNECTED, Status.PASS)
    assert seen.address == seen.source_address == "127.0.0.1"
    assert seen.seconds is not None
    assert 0 < seen.seconds < 10
    assert seen.target == f"127.0.0.1:{port}"


def test_a_server_that_speaks_first_is_connected() -> None:
    with servers.tcp_server(lambda connection: connection.sendall(b"220 ready\r\n")) as port:
        assert probed(port).outcome is TcpOutcome.CONNECTED


def test_ipv6_is_written_in_brackets() -> None:
    try:
        with servers.tcp_server(servers.wait_for_end, "::1") as port:
            seen = probed(port, "::1")
    except OSError:
        pytest.skip("this host has no IPv6 loopback")
    assert (seen.outcome, seen.target) == (TcpOutcome.CONNECTED, f"[::1]:{port}")


def test_refused_says_that_a_host_answered() -> None:
    seen = probed(servers.closed_port())
    assert (seen.outcome, seen.status) == (TcpOutcome.REFUSED, Status.FAIL)
    assert "A host answered" in seen.meaning
    assert seen.source_address == "127.0.0.1"


def test_timed_out_says_that_something_drops() -> None:
    with servers.full_server() as port:
        began = time.monotonic()
        seen = probed(port, timeout=0.3, retries=1)
        took = time.monotonic() - began
    assert (seen.outcome, seen.status, seen.attempts) == (TcpOutcome.TIMED_OUT, Status.FAIL, 2)
    assert "drops" in seen.meaning
    assert seen.source_address == "127.0.0.1"
    assert took < 6


def test_what_is_refused_is_not_tried_again() -> None:
    assert probed(servers.closed_port(), retries=3).attempts == 1


@pytest.mark.parametrize("serve", [servers.reset_at_once, servers.close_at_once])
def test_cut_at_once(serve: servers.Serve) -> None:
    with servers.tcp_server(serve) as port:
        seen = probed(port)
    assert (seen.outcome, seen.status) == (TcpOutcome.RESET, Status.FAIL)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (OSError(errno.ENETUNREACH, ""), TcpOutcome.UNREACHABLE),
        (OSError(errno.EHOSTUNREACH, ""), TcpOutcome.UNREACHABLE),
        (PermissionError(errno.EACCES, ""), TcpOutcome.FORBIDDEN),
        (OSError(errno.EADDRNOTAVAIL, ""), TcpOutcome.FAILED),
        (TimeoutError(), TcpOutcome.TIMED_OUT),
    ],
)
def test_errors_of_the_system(error: OSError, outcome: TcpOutcome) -> None:
    assert outcome_of(error) is outcome


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TimeoutError("_ssl.c:989: The handshake operation timed out"), "The handshake operation timed out"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"), "wrong version number"),
        (ssl.SSLError(1, "[SSL] unknown error (_ssl.c:2580)"), "unknown error"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "Connection reset by peer"),
        (OSError("[2001:db8::1] is no address"), "[2001:db8::1] is no address"),
    ],
)
def test_a_librarys_words_are_told_without_the_place_in_its_source(error: OSError, told: str) -> None:
    assert words(error) == told


@pytest.mark.parametrize("name", ["nothing.invalid", "a" * 70 + ".example", "a..b"])
def test_a_name_without_address(name: str) -> None:
    seen = probed(443, name)
    assert seen.outcome in (TcpOutcome.NO_SUCH_NAME, TcpOutcome.RESOLVER_SILENT)  # as this host's resolver stands
    assert (seen.status, seen.address) == (Status.FAIL, "")
    assert "no packet was sent" in seen.meaning


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(8))
    began = time.monotonic()
    seen = probed(443, "slow.example", timeout=0.2)
    assert seen.outcome is TcpOutcome.RESOLVER_SILENT
    assert time.monotonic() - began < 6


def test_every_outcome_has_a_meaning() -> None:
    assert set(VERDICTS) == set(TcpOutcome)
