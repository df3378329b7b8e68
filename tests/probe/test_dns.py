"""Asking a real DNS server on loopback."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from itertools import pairwise

import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from mwaanet.errors import UsageError
from mwaanet.probe.dns import MOST_ADDRESSES, Patience, name_of, probe_dns, server_of
from mwaanet.probe.dns_exchange import Server
from mwaanet.probe.dns_observation import VERDICTS, DnsObservation, DnsOutcome, Scope
from mwaanet.status import Status
from probe import servers
from probe.dns_server import Answerer, Packets, code, dns_server, response, silent, truncated, zone

NAME = "sqs.us-east-1.amazonaws.com"
Lie = Callable[[dns.message.Message], bytes]
PRIVATE = f"{NAME}. 60 IN A 10.0.1.20"


def looked_up(
    answer: Answerer, name: str = NAME, *, tcp: bool = True, tcp_only: bool = False, timeout: float = 10
) -> DnsObservation:
    with dns_server(answer, tcp=tcp) as server:
        (seen,) = probe_dns(name, [server], Patience(timeout=timeout, retries=0), tcp_only=tcp_only)
    return seen


def by(transport: str, there: Answerer, elsewhere: Answerer) -> Answerer:
    """One behaviour over one transport, another over the other."""
    return lambda query, over: (there if over == transport else elsewhere)(query, over)


class TestAnswers:
    def test_addresses_with_their_ttl_and_the_server_that_gave_them(self) -> None:
        with dns_server(zone(PRIVATE, f"{NAME}. 60 IN A 10.0.2.20")) as server:
            (seen,) = probe_dns(NAME, [server], Patience(timeout=10, retries=0))
        assert (seen.outcome, seen.status, seen.scope) == (DnsOutcome.ANSWERED, Status.PASS, Scope.PRIVATE)
        assert {(address.address, address.ttl) for address in seen.addresses} == {("10.0.1.20", 60), ("10.0.2.20", 60)}
        assert (seen.server, seen.port, seen.source_address) == (server.address, server.port, "127.0.0.1")

    def test_both_families(self) -> None:
        seen = looked_up(zone(PRIVATE, f"{NAME}. 60 IN AAAA fd00::20"))
        assert [address.address for address in seen.addresses] == ["10.0.1.20", "fd00::20"]

    def test_an_ipv6_address_alone_is_an_answer(self) -> None:
        seen = looked_up(zone(f"{NAME}. 60 IN AAAA fd00::20"))
        assert (seen.outcome, seen.status) == (DnsOutcome.ANSWERED, Status.PASS)

    @pytest.mark.parametrize("broken", [silent, code(dns.rcode.NXDOMAIN), code(dns.rcode.SERVFAIL)])
    def test_a_question_for_ipv6_that_is_not_answered_is_a_warning(self, broken: Answerer) -> None:
        """Clients ask for both families, and wait or give up (https://www.rfc-editor.org/rfc/rfc4074#section-4)."""

        def answer(query: dns.message.Message, transport: str) -> Packets:
            asked_for_ipv6 = query.question[0].rdtype == dns.rdatatype.AAAA
            return (broken if asked_for_ipv6 else zone(PRIVATE))(query, transport)

        seen = looked_up(answer, timeout=0.5)
        assert (seen.outcome, seen.status) == (DnsOutcome.ANSWERED, Status.WARN)
        assert "AAAA" in seen.meaning

    def test_the_chain_of_cnames_in_order(self) -> None:
        seen = looked_up(
            zone(
                "web.company.internal. 300 IN CNAME x-vpce.c12.us-east-1.airflow.amazonaws.com.",
                "x-vpce.c12.us-east-1.airflow.amazonaws.com. 30 IN CNAME vpce-1.us-east-1.vpce.amazonaws.com.",
                "vpce-1.us-east-1.vpce.amazonaws.com. 20 IN A 10.0.1.9",
            ),
            "web.company.internal",
        )
        assert [(alias.target, alias.ttl) for alias in seen.chain] == [
            ("x-vpce.c12.us-east-1.airflow.amazonaws.com.", 300),
            ("vpce-1.us-east-1.vpce.amazonaws.com.", 30),
        ]
        assert [address.address for address in seen.addresses] == ["10.0.1.9"]

    @pytest.mark.parametrize(
        ("records", "scope"),
        [
            (["3.5.0.1"], Scope.PUBLIC),
            (["10.0.0.1", "3.5.0.1"], Scope.MIXED),
            (["100.64.0.1"], Scope.PRIVATE),
        ],
    )
    def test_whether_the_addresses_are_private(self, records: list[str], scope: Scope) -> None:
        seen = looked_up(zone(*(f"{NAME}. 60 IN A {record}" for record in records)))
        assert seen.scope is scope

    @pytest.mark.parametrize(
        ("answer", "outcome"),
        [
            (code(dns.rcode.NXDOMAIN), DnsOutcome.NXDOMAIN),
            (code(dns.rcode.SERVFAIL), DnsOutcome.SERVFAIL),
            (code(dns.rcode.REFUSED), DnsOutcome.REFUSED),
            (code(dns.rcode.NOTIMP), DnsOutcome.ERROR_CODE),
            (zone(), DnsOutcome.NO_DATA),
            (zone(f"{NAME}. 60 IN CNAME gone.example."), DnsOutcome.NO_DATA),
            (
                zone(authority=("amazonaws.com. 60 IN NS ns1.example.",), recursive=False),
                DnsOutcome.REFERRAL,
            ),
        ],
    )
    def test_the_ways_to_have_no_address(self, answer: Answerer, outcome: DnsOutcome) -> None:
        seen = looked_up(answer)
        assert (seen.outcome, seen.status, seen.addresses) == (outcome, Status.FAIL, ())
        assert seen.meaning.startswith(VERDICTS[outcome].meaning)


class TestTransports:
    def test_an_answer_cut_by_udp_is_fetched_by_tcp(self) -> None:
        seen = looked_up(by("udp", lambda query, _: [truncated(query)], zone(PRIVATE)))
        assert (seen.outcome, seen.status) == (DnsOutcome.ANSWERED, Status.PASS)
        assert [(e.transport, e.truncated) for e in seen.exchanges][:2] == [("udp", True), ("tcp", False)]

    def test_an_answer_cut_amid_a_record_is_fetched_by_tcp_all_the_same(self) -> None:
        """A client looks at the flag first (https://www.rfc-editor.org/rfc/rfc2181#section-9)."""

        def cut(query: dns.message.Message, _: str) -> list[bytes]:
            message = response(query, PRIVATE)
            message.flags |= dns.flags.TC
            return [message.to_wire()[:-2]]

        seen = looked_up(by("udp", cut, zone(PRIVATE)))
        assert (seen.outcome, seen.status) == (DnsOutcome.ANSWERED, Status.PASS)
        assert seen.exchanges[0].truncated

    def test_an_answer_cut_by_udp_without_tcp_fails(self) -> None:
        seen = looked_up(lambda query, _: [truncated(query)], tcp=False)
        assert (seen.outcome, seen.status) == (DnsOutcome.TRUNCATED, Status.FAIL)
        assert "TCP 53" in seen.meaning

    def test_tcp_that_does_not_pass_is_a_warning(self) -> None:
        seen = looked_up(zone(PRIVATE), tcp=False)
        assert (seen.outcome, seen.status) == (DnsOutcome.ANSWERED, Status.WARN)
        assert "By TCP: port-closed" in seen.meaning

    def test_udp_that_does_not_pass_fails_and_says_that_tcp_does(self) -> None:
        seen = looked_up(by("udp", silent, zone(PRIVATE)), timeout=1)
        assert (seen.outcome, seen.status) == (DnsOutcome.TIMED_OUT, Status.FAIL)
        assert "Only UDP does not pass" in seen.meaning

    def test_neither_passes_and_each_fails_in_its_way(self) -> None:
        """A closed TCP port and no answer by UDP are one server that is away, not two that answer."""
        seen = looked_up(silent, tcp=False, timeout=0.3)
        assert (seen.outcome, seen.status) == (DnsOutcome.TIMED_OUT, Status.FAIL)
        assert "TCP does not pass either: port-closed." in seen.meaning
        assert "in the server's place" not in seen.meaning

    def test_tcp_only(self) -> None:
        seen = looked_up(by("udp", silent, zone(PRIVATE)), tcp_only=True)
        assert (seen.outcome, seen.status) == (DnsOutcome.ANSWERED, Status.PASS)
        assert {exchange.transport for exchange in seen.exchanges} == {"tcp"}

    def test_another_scope_by_tcp_is_told(self) -> None:
        seen = looked_up(by("udp", zone(PRIVATE), zone(f"{NAME}. 60 IN A 3.5.0.1")))
        assert seen.status is Status.WARN
        assert "in the server's place" in seen.meaning

    def test_other_addresses_of_the_same_scope_are_rotation(self) -> None:
        seen = looked_up(by("udp", zone(f"{NAME}. 5 IN A 3.5.0.2"), zone(f"{NAME}. 5 IN A 3.5.0.1")))
        assert seen.status is Status.PASS


class TestSilence:
    def test_a_server_that_never_answers(self) -> None:
        began = time.monotonic()
        seen = looked_up(silent, timeout=0.3)
        assert (seen.outcome, seen.status) == (DnsOutcome.TIMED_OUT, Status.FAIL)
        assert time.monotonic() - began < 3

    def test_it_is_tried_again_and_an_answer_then_counts(self) -> None:
        asked: list[str] = []

        def second_time(query: dns.message.Message, transport: str) -> Packets:
            asked.append(transport)
            return zone(PRIVATE)(query, transport) if len(asked) > 1 else []

        with dns_server(second_time) as server:
            (seen,) = probe_dns(NAME, [server], Patience(timeout=1, retries=1))
        assert (seen.outcome, seen.attempts) == (DnsOutcome.ANSWERED, 2)

    def test_no_server_at_the_address(self) -> None:
        server = Server("127.0.0.1", servers.closed_port())
        (seen,) = probe_dns(NAME, [server], Patience(timeout=1, retries=0))
        assert (seen.outcome, seen.status) == (DnsOutcome.PORT_CLOSED, Status.FAIL)

    def test_no_server_in_the_settings_is_unknown(self) -> None:
        (seen,) = probe_dns(NAME, [], Patience(timeout=1, retries=0))
        assert (seen.outcome, seen.status) == (DnsOutcome.NO_SERVER, Status.UNKNOWN)


def other_id(query: dns.message.Message) -> bytes:
    message = response(query, f"{NAME}. 60 IN A 6.6.6.6")
    message.id = (query.id + 1) % 65536
    return message.to_wire()


def other_name(query: dns.message.Message) -> bytes:
    return response(
        dns.message.make_query("other.example", "A", id=query.id), "other.example. 9 IN A 6.6.6.6"
    ).to_wire()


class TestHostileServers:
    @pytest.mark.parametrize("lie", [other_id, other_name])
    def test_a_lie_before_the_answer_is_waited_past(self, lie: Lie) -> None:
        truth = zone(PRIVATE)
        seen = looked_up(lambda query, over: [lie(query), *truth(query, over)] if over == "udp" else truth(query, over))
        assert [address.address for address in seen.addresses] == ["10.0.1.20"]
        assert seen.exchanges[0].foreign == 1

    @pytest.mark.parametrize("lie", [other_id, other_name])
    def test_nothing_but_lies_is_broken(self, lie: Lie) -> None:
        seen = looked_up(lambda query, _: [lie(query)], timeout=1)
        assert (seen.outcome, seen.addresses) == (DnsOutcome.BROKEN, ())
        assert "another" in seen.error

    @pytest.mark.parametrize(
        ("garbage", "words"),
        [
            (b"\0", "no DNS message"),
            (b"\xff" * 40, "another id"),  # by its flags it is cut, so that its end is no matter
            (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no DNS message"),
        ],
    )
    def test_garbage_is_broken(self, garbage: bytes, words: str) -> None:
        seen = looked_up(lambda query, _: [garbage], timeout=1)
        assert (seen.outcome, seen.status) == (DnsOutcome.BROKEN, Status.FAIL)
        assert words in seen.error

    def test_a_flood_of_lies_ends(self) -> None:
        began = time.monotonic()
        seen = looked_up(lambda query, over: [other_id(query)] * 500 if over == "udp" else [], timeout=2)
        assert seen.outcome is DnsOutcome.BROKEN
        assert time.monotonic() - began < 10

    @pytest.mark.parametrize("length", [1, 2, 3])
    def test_cnames_in_a_circle(self, length: int) -> None:
        names = [NAME, *(f"n{number}.example" for number in range(1, length))]
        circle = zip(names, [*names[1:], NAME], strict=True)
        seen = looked_up(zone(*(f"{name}. 60 IN CNAME {target}." for name, target in circle)))
        assert seen.outcome is DnsOutcome.BROKEN
        assert "leads back" in seen.error

    def test_cnames_without_end(self) -> None:
        names = [NAME, *(f"n{number}.example" for number in range(40))]
        links = [f"{name}. 60 IN CNAME {target}." for name, target in pairwise(names)]
        seen = looked_up(zone(*links), tcp_only=True)
        assert (seen.outcome, len(seen.chain)) == (DnsOutcome.BROKEN, 16)

    def test_thousands_of_addresses_are_counted(self) -> None:
        records = [f"{NAME}. 60 IN A 10.{number // 250}.{number % 250}.1" for number in range(3000)]
        seen = looked_up(by("udp", lambda query, _: [truncated(query)], zone(*records)), timeout=30)
        assert (len(seen.addresses), seen.omitted) == (MOST_ADDRESSES, 3000 - MOST_ADDRESSES)

    def test_odd_labels_are_escaped(self) -> None:
        seen = looked_up(zone(f"{NAME}. 60 IN CNAME \\027[2J\\000\\195\\169.example."))
        assert seen.chain[0].target == "\\027[2J\\000\\195\\169.example."

    def test_a_server_that_trickles_is_not_waited_for(self) -> None:
        def trickle(connection: socket.socket) -> None:
            for _ in range(100):
                connection.sendall(b"\0")
                time.sleep(0.1)

        with servers.tcp_server(trickle) as port:
            began = time.monotonic()
            (seen,) = probe_dns(NAME, [Server("127.0.0.1", port)], Patience(timeout=0.5, retries=0), tcp_only=True)
            took = time.monotonic() - began
        assert seen.outcome in (DnsOutcome.TIMED_OUT, DnsOutcome.BROKEN)
        assert took < 6

    def test_a_server_that_hangs_up(self) -> None:
        with servers.tcp_server(servers.close_at_once) as port:
            (seen,) = probe_dns(NAME, [Server("127.0.0.1", port)], Patience(timeout=1, retries=0), tcp_only=True)
        assert seen.outcome is DnsOutcome.CUT


class TestWhatIsAsked:
    @pytest.mark.parametrize("text", ["", ".", "a..b", "x" * 64 + ".example", "a." * 200, "10.0.0.1", "::1", "\\999.a"])
    def test_what_is_no_name_is_wrong_usage(self, text: str) -> None:
        with pytest.raises(UsageError):
            name_of(text)

    @pytest.mark.parametrize(
        ("text", "server"),
        [
            ("10.50.0.2", Server("10.50.0.2", 53)),
            ("10.50.0.2:5353", Server("10.50.0.2", 5353)),
            ("2001:db8::53", Server("2001:db8::53", 53)),
            ("[2001:db8::53]:5353", Server("2001:db8::53", 5353)),
        ],
    )
    def test_server(self, text: str, server: Server) -> None:
        assert server_of(text) == server

    @pytest.mark.parametrize("text", ["dns.example", "dns.example:53", "10.0.0.0/24", "10.0.0.0/32", "", "10.0.0.1:0"])
    def test_a_server_is_given_by_its_address(self, text: str) -> None:
        with pytest.raises(UsageError):
            server_of(text)


def test_every_outcome_has_a_meaning() -> None:
    assert set(VERDICTS) == set(DnsOutcome)
