"""Hand-made reports of probes and comparisons: every kind, agreement and hostile text at least once."""

from __future__ import annotations

from msgspec.structs import replace

from mwaanet.paths.trace import Reachable
from mwaanet.probe.dns_observation import DnsOutcome
from mwaanet.probe.probe_report import ProbeReport
from mwaanet.probe.reconcile import STALE, Agreement, Comparison
from mwaanet.probe.tcp_observation import TcpOutcome
from mwaanet.probe.tls_observation import Certificate, TlsOutcome
from mwaanet.snapshot.operations import CallRef
from mwaanet.status import Status
from probe.observed import TIME, dns, tcp, tls

HOSTILE = "\x1b[2J\x1b[1;31mpwned\u202e\u200b"
NEXUS = "nexus.company.local"
CALL = CallRef("111122223333", "us-east-1", "ec2", "describe-route-tables")


def report() -> ProbeReport:
    """One observation of each kind, good and bad."""
    certificate = Certificate(
        subject="CN=nexus",
        issuer="CN=Company CA",
        names=(NEXUS,),
        not_before=TIME,
        not_after="2025-06-01T00:00:00+00:00",
        sha256="00" * 32,
    )
    return ProbeReport(
        tool="mwaanet 0",
        source="mwaa.worker",
        host="ip-10-1-10-7",
        time=TIME,
        observations=(
            dns(DnsOutcome.ANSWERED, NEXUS, "10.1.32.9", server="10.1.0.2", source="10.1.10.7"),
            tcp(TcpOutcome.TIMED_OUT, "10.1.32.9", 8081, NEXUS, "10.1.10.7"),
            replace(tls(TlsOutcome.UNKNOWN_ISSUER, "10.1.32.9", 443, NEXUS), chain=(certificate,)),
            replace(tcp(TcpOutcome.FAILED, "10.1.32.9"), error=HOSTILE, target=HOSTILE),
        ),
    )


def comparisons() -> tuple[Comparison, ...]:
    """One of each agreement."""
    return (
        Comparison(
            observation=tcp(TcpOutcome.CONNECTED, "10.1.32.9"),
            place="mwaa.worker",
            agreement=Agreement.AGREE,
            status=Status.PASS,
            message="Model and network agree: it works.",
            model=Reachable.YES,
        ),
        Comparison(
            observation=tcp(TcpOutcome.TIMED_OUT, "10.1.32.9"),
            place="mwaa.worker",
            agreement=Agreement.MODEL_YES_NETWORK_NO,
            status=Status.FAIL,
            message="The model says yes, the network says no: what is left is what the model does not hold.",
            model=Reachable.YES,
            left=tcp(TcpOutcome.TIMED_OUT, "10.1.32.9").layers(),
        ),
        Comparison(
            observation=tcp(TcpOutcome.CONNECTED, "10.1.32.9", 22),
            place="dc1.orchestrator",
            agreement=Agreement.MODEL_NO_NETWORK_YES,
            status=Status.WARN,
            message="The model says no (the connection is stopped at sg-1), but the network says yes.",
            model=Reachable.NO,
            resources=("sg-1",),
            left=STALE,
        ),
        Comparison(
            observation=dns(DnsOutcome.ANSWERED, NEXUS, "10.9.9.9"),
            place="mwaa.worker",
            agreement=Agreement.ELSEWHERE,
            status=Status.WARN,
            message="The name leads elsewhere: the model says to 10.1.32.9.",
            model=Reachable.YES,
            left=STALE,
        ),
        Comparison(
            observation=dns(DnsOutcome.NXDOMAIN, NEXUS + HOSTILE),
            place="",
            agreement=Agreement.UNKNOWN,
            status=Status.FAIL,
            message=f"Not compared: {HOSTILE}.",
            model=Reachable.UNKNOWN,
            needs=(CALL,),
        ),
    )
