"""The ways in which an HTTPS request fails before anything answers it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mwaanet.probe.api_exchange import Answer, Call, Settings, Tried, Trouble, exchange
from mwaanet.probe.api_observation import ApiOutcome
from mwaanet.probe.api_verdicts import VERDICTS
from probe import servers
from probe.authority import Authority

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


def tried(port: int, host: str = "127.0.0.1", *, retries: int = 0, timeout: float = 1, safe: bool = True) -> Tried:
    call = Call(method="POST", url=f"https://{host}:{port}/", safe=safe)
    return exchange(call, Settings(timeout=timeout, retries=retries))


def outcome(result: Answer | Trouble) -> ApiOutcome:
    assert isinstance(result, Trouble)
    return result.outcome


def test_every_outcome_has_a_verdict() -> None:
    assert set(VERDICTS) == set(ApiOutcome)
    assert all(verdict.mend for verdict in VERDICTS.values() if verdict.status == "fail")


def test_refused() -> None:
    assert outcome(tried(servers.closed_port()).result) is ApiOutcome.REFUSED


def test_dropped() -> None:
    with servers.full_server() as port:
        seen = tried(port, timeout=0.3, retries=1, safe=False)
    assert (outcome(seen.result), seen.attempts) == (ApiOutcome.TIMED_OUT, 2)


@pytest.mark.parametrize("other", ["NO_PROXY", "HTTP_PROXY"])
def test_every_address_drops(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several zones' addresses take their time one after the other; that is no slow answer.

    Neither of the variables names a proxy for HTTPS.
    """
    monkeypatch.setenv(other, "http://127.0.0.1:9")
    with servers.full_server("0.0.0.0") as port:
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{n}", port)) for n in (1, 2, 3)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
        assert outcome(tried(port, "three.example", timeout=0.5).result) is ApiOutcome.TIMED_OUT


def test_a_resolver_that_does_not_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2))
    assert outcome(tried(443, "slow.example", timeout=0.2).result) is ApiOutcome.RESOLVER_SILENT


def test_not_tls() -> None:
    with servers.tcp_server(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        result = tried(port).result
    assert isinstance(result, Trouble)
    assert (result.outcome, result.error) == (ApiOutcome.TLS_FAILED, "wrong version number")


@pytest.mark.parametrize("serve", [servers.close_at_once, servers.reset_at_once])
def test_cut_in_the_handshake(serve: Callable[[socket.socket], None]) -> None:
    with servers.tcp_server(serve) as port:
        assert outcome(tried(port).result) is ApiOutcome.CUT


def test_what_may_change_something_is_not_sent_again_once_it_may_have_arrived() -> None:
    with servers.tcp_server(servers.close_at_once) as port:
        assert tried(port, retries=2, safe=False).attempts == 1
        assert tried(port, retries=2).attempts == 3


def test_silence_in_the_handshake() -> None:
    with servers.tcp_server(lambda connection: servers.wait_for_end(connection, 4096)) as port:
        assert outcome(tried(port, timeout=0.3).result) is ApiOutcome.NO_ANSWER


@pytest.mark.parametrize(
    ("code", "expected"),
    [(socket.EAI_NONAME, ApiOutcome.NO_SUCH_NAME), (socket.EAI_AGAIN, ApiOutcome.RESOLVER_SILENT)],
)
def test_names(monkeypatch: pytest.MonkeyPatch, code: int, expected: ApiOutcome) -> None:
    def answer(*_: object, **__: object) -> object:
        raise socket.gaierror(code, "as the system's resolver says it")

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    result = tried(443, "env.airflow.us-east-1.amazonaws.com").result
    assert outcome(result) is expected


def test_a_proxy_that_does_not_let_it_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(connection: socket.socket) -> None:
        assert connection.recv(4096).startswith(b"CONNECT env.airflow.us-east-1.amazonaws.com:443 ")
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with servers.tcp_server(refuse) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://someone:of-the-proxy@127.0.0.1:{port}")
        result = tried(443, "env.airflow.us-east-1.amazonaws.com").result
    assert outcome(result) is ApiOutcome.PROXY_REFUSED
    assert isinstance(result, Trouble)
    assert "407" in result.error
    assert "of-the-proxy" not in result.error


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://someone:of-the-proxy@127.0.0.1:{servers.closed_port()}")
    result = tried(443, "env.airflow.us-east-1.amazonaws.com").result
    assert outcome(result) is ApiOutcome.PROXY_REFUSED
    assert isinstance(result, Trouble)
    assert "of-the-proxy" not in result.error


def test_a_proxy_of_which_every_address_drops(monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.full_server("0.0.0.0") as port:
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{n}", port)) for n in (1, 2, 3)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
        monkeypatch.setenv("HTTPS_PROXY", f"http://proxy.example:{port}")
        seen = tried(443, "env.airflow.us-east-1.amazonaws.com", timeout=0.3)
    assert (outcome(seen.result), seen.proxy) == (ApiOutcome.PROXY_REFUSED, f"proxy.example:{port}")


@pytest.mark.parametrize("proxy", ["http://someone:of-the-proxy@127.0.0.1:seven", "http://someone:of-the-proxy@"])
def test_a_proxy_that_is_none(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    result = tried(443, "env.airflow.us-east-1.amazonaws.com").result
    assert isinstance(result, Trouble)
    assert "of-the-proxy" not in result.error


def test_a_host_with_an_impossible_port() -> None:
    assert outcome(tried(99999).result) is ApiOutcome.FAILED


def test_no_proxy_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    seen = tried(servers.closed_port())
    assert (outcome(seen.result), seen.proxy) == (ApiOutcome.REFUSED, "")


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        ("Thu, 01 Jan 2026 00:00:10 GMT", -10.5),
        ("Thu, 01 Jan 2026 02:00:10 +0200", -10.5),
        ("Thu, 01 Jan 2026 00:00:00 +99999999999999999999", None),
        ("Thu, 99999999999999999999 Jan 2026 00:00:00 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_clock_is_read_from_any_date(date: str, skew: float | None) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    answer = Answer(status=403, headers={"date": date}, body=b"", sent=moment, received=moment)
    assert answer.clock_skew == skew


def endless(head: bytes, rest: bytes, pause: float = 0) -> Callable[[ssl.SSLSocket], None]:
    """A server that answers OK, begins with a head and goes on for ever."""

    def serve(connection: ssl.SSLSocket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
        while True:
            connection.sendall(rest)
            time.sleep(pause)

    return serve


def no_http(connection: ssl.SSLSocket) -> None:
    connection.recv(4096)
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


@pytest.mark.parametrize(
    ("serve", "expected"),
    [
        (endless(b"", b"X-More: yes\r\n"), ApiOutcome.UNEXPECTED),
        (endless(b"X-More: ", b"x" * 4096), ApiOutcome.UNEXPECTED),
        (no_http, ApiOutcome.UNEXPECTED),
        (endless(b"Content-Length: 1000000\r\n\r\n", b"x", pause=0.05), ApiOutcome.NO_ANSWER),
        (endless(b"\r\n", b"x" * 65536), ApiOutcome.OK),
    ],
    ids=["headers", "a line", "no HTTP", "drop by drop", "a body"],
)
def test_a_server_that_never_ends(serve: Callable[[ssl.SSLSocket], None], expected: ApiOutcome, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = authority.context("localhost")

    def secured(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            serve(inner)

    with servers.tcp_server(secured) as port:
        began = time.monotonic()
        call = Call(method="GET", url=f"https://localhost:{port}/")
        result = exchange(call, Settings(timeout=0.5, ca_file=str(authority.bundle))).result
        assert time.monotonic() - began < 5
    assert (ApiOutcome.OK if isinstance(result, Answer) else result.outcome) is expected
