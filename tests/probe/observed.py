"""Observations as probes make them, in one line."""

from __future__ import annotations

from mwaanet.probe.api_observation import ApiObservation, ApiOutcome, ApiStep
from mwaanet.probe.api_verdicts import VERDICTS as API
from mwaanet.probe.dns_observation import VERDICTS as DNS
from mwaanet.probe.dns_observation import Address, DnsObservation, DnsOutcome
from mwaanet.probe.tcp_observation import VERDICTS as TCP
from mwaanet.probe.tcp_observation import TcpObservation, TcpOutcome
from mwaanet.probe.tls_observation import VERDICTS as TLS
from mwaanet.probe.tls_observation import TlsObservation, TlsOutcome

TIME = "2025-03-03T09:00:00+00:00"


def tcp(outcome: TcpOutcome, address: str, port: int = 443, host: str = "", source: str = "") -> TcpObservation:
    status, meaning = TCP[outcome]
    return TcpObservation(
        target=f"{host or address}:{port}",
        outcome=outcome,
        status=status,
        meaning=meaning,
        time=TIME,
        seconds=0.012,
        source_address=source,
        host=host or address,
        port=port,
        address=address,
    )


def tls(outcome: TlsOutcome, address: str, port: int = 443, host: str = "", source: str = "") -> TlsObservation:
    status, meaning = TLS[outcome]
    return TlsObservation(
        target=f"{host or address}:{port}",
        outcome=outcome,
        status=status,
        meaning=meaning,
        time=TIME,
        seconds=0.03,
        source_address=source,
        host=host or address,
        port=port,
        address=address,
        connection=TcpOutcome.CONNECTED,
    )


def dns(outcome: DnsOutcome, name: str, *addresses: str, server: str = "", source: str = "") -> DnsObservation:
    status, meaning = DNS[outcome]
    return DnsObservation(
        target=name,
        outcome=outcome,
        status=status,
        meaning=meaning,
        time=TIME,
        seconds=0.002,
        source_address=source,
        name=f"{name}.",
        server=server,
        addresses=tuple(Address(address=address, ttl=60) for address in addresses),
    )


def api(outcome: ApiOutcome, host: str, http_status: int | None = None, *, proxy: str = "") -> ApiObservation:
    verdict = API[outcome]
    return ApiObservation(
        target=f"InvokeRestApi {host}",
        outcome=outcome,
        status=verdict.status,
        meaning=verdict.meaning,
        time=TIME,
        step=ApiStep.INVOKE,
        host=host,
        proxy=proxy,
        http_status=http_status,
    )
