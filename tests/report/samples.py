"""Hand-made diagnoses: every part of a report at least once."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.result import (
    Diagnosed,
    Diagnosis,
    Finding,
    Fix,
    PathResult,
    Segment,
    Severity,
    Source,
    Status,
)
from mwaanet.graph.codes import Code
from mwaanet.snapshot.operations import CallRef
from report import traces
from report.traces import (
    ACCOUNT,
    EC2,
    GROUP,
    NAMES,
    NEXUS,
    REGION,
    S3,
    TABLE_B,
    TUNNELS,
    WORKER_B,
    nexus_unknown,
    read_in,
    s3_stopped,
)

ROUTE_FIX = Fix(
    summary=f"Add {TABLE_B} to the gateway endpoint {S3}.",
    cli=(f"aws ec2 modify-vpc-endpoint --vpc-endpoint-id {S3} --add-route-table-ids {TABLE_B} --region {REGION}",),
    terraform='resource "aws_vpc_endpoint_route_table_association" "s3" {}\n',
    verified=True,
)


def s3_finding() -> Finding:
    sources = [f"mwaa.{role}@subnet-0b7e5d3c1a9f86420" for role in ("worker", "scheduler", "webserver", "triggerer")]
    return Finding(
        id="S3-REACH",
        path="s3",
        status=Status.FAIL,
        severity=Severity.CRITICAL,
        title="Workers reach the bucket's Regional S3 name on 443",
        message=f"Workers in subnet-0b7e5d3c1a9f86420 do not reach S3: {TABLE_B} has no route to pl-63a5400a. "
        "Tasks that start in zone use1-az2 cannot read DAGs or requirements.",
        resources=(TABLE_B, S3),
        code=Code.NO_ROUTE.value,
        aws_code="NO_ROUTE_TO_DESTINATION",
        step="route",
        evidence=(read_in(EC2 + "describe-route-tables.json", "/RouteTables/3", "/Routes"),),
        fix=ROUTE_FIX,
        segments=tuple(
            Segment(
                source=source,
                destination="bucket",
                status=Status.FAIL,
                check="S3-REACH",
                reason=f"{TABLE_B}: no route to S3",
                trace=s3_stopped(),
            )
            for source in sources
        ),
    )


def policy_finding() -> Finding:
    document = '[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"PrefixListIds":[{"PrefixListId":"pl-63a5400a"}]}]'
    return Finding(
        id="S3-GROUP",
        path="s3",
        status=Status.FAIL,
        severity=Severity.HIGH,
        title="The security group lets S3's prefix list out",
        message=f"{GROUP} has no egress rule for S3.",
        resources=(GROUP,),
        code=Code.SECURITY_GROUP_EGRESS.value,
        step="security-group",
        evidence=(read_in(EC2 + "describe-security-groups.json", "/SecurityGroups/1", "/IpPermissionsEgress"),),
        fix=Fix(
            summary="Allow 443 to S3's prefix list.",
            cli=(f"aws ec2 authorize-security-group-egress --group-id {GROUP} --ip-permissions '{document}'",),
            opens="tcp any -> 52.216.0.0/15:443",
        ),
    )


def unknown_finding(name: str = "NEXUS-REACH") -> Finding:
    return Finding(
        id=name,
        path="nexus",
        status=Status.UNKNOWN,
        severity=Severity.HIGH,
        title="Workers reach the package server",
        message="Whether a tunnel of vpn-044be0ae8cf45dd24 is up was not read.",
        resources=("vpn-044be0ae8cf45dd24",),
        step="vpn",
        needs=(TUNNELS, CallRef(ACCOUNT, REGION, "ec2", "describe-route-tables")),
        segments=(
            Segment(
                source="mwaa.worker",
                destination=NEXUS,
                status=Status.UNKNOWN,
                check=name,
                trace=nexus_unknown(),
            ),
        ),
    )


def small(name: str, path: str, status: Status, title: str, message: str = "") -> Finding:
    return Finding(id=name, path=path, status=status, severity=Severity.MEDIUM, title=title, message=message)


ENVIRONMENT = Diagnosed(
    name="customer-mwaa-prod",
    arn=f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/customer-mwaa-prod",
    account=ACCOUNT,
    region=REGION,
    access_mode="PRIVATE_ONLY",
    routing="private",
    version="2.10.3",
    status="AVAILABLE",
)

TITLES = {
    "s3": "The environment's bucket",
    "service": "The AWS services it needs",
    "nexus": "The package server",
    "api": "Its own API",
}


def diagnosis(
    findings: tuple[Finding, ...],
    *,
    reasons: dict[str, str] | None = None,
    blocked_by: dict[str, tuple[str, ...]] | None = None,
    **changes: object,
) -> Diagnosis:
    paths = []
    for name, title in TITLES.items():
        own = [finding for finding in findings if finding.path == name]
        paths.append(
            PathResult(
                id=name,
                title=title,
                status=Status.worst(finding.status for finding in own),
                segments=tuple(segment for finding in own for segment in finding.segments),
                blocked_by=(blocked_by or {}).get(name, ()),
                reason=(reasons or {}).get(name, ""),
            )
        )
    made = Diagnosis(
        environment=ENVIRONMENT,
        snapshot=Source(created="2026-03-02T09:41:07Z", source="snapshot", errors=0),
        paths=tuple(paths),
        findings=findings,
        assumptions=(),
        names=NAMES,
        locations=traces.LOCATIONS,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def healthy() -> Diagnosis:
    return diagnosis(
        (
            small("S3-REACH", "s3", Status.PASS, "Workers reach the bucket's Regional S3 name on 443"),
            small("SERVICE-SQS", "service", Status.PASS, "Workers reach SQS on 443"),
            small("API-NAME", "api", Status.PASS, "The web server's name leads to its endpoint"),
        ),
        reasons={"nexus": "the environment installs nothing from a package server of its own"},
    )


def broken() -> Diagnosis:
    """A failure with its path, a failure with a policy, an unknown, a warning, a skip and passes."""
    return diagnosis(
        (
            small("S3-READ", "s3", Status.PASS, "The execution role may read the bucket through the endpoint"),
            policy_finding(),
            s3_finding(),
            small("SERVICE-SQS", "service", Status.PASS, "Workers reach SQS on 443"),
            small("SERVICE-KMS", "service", Status.SKIP, "Workers reach KMS on 443", "no customer managed key is used"),
            unknown_finding(),
            unknown_finding("NEXUS-DNS"),
            small(
                "API-TUNNELS",
                "api",
                Status.WARN,
                "Both tunnels of every VPN connection are up",
                "One of the two tunnels of vpn-044be0ae8cf45dd24 is down: redundancy is lost.",
            ),
        ),
        blocked_by={"s3": (GROUP, TABLE_B)},
        assumptions=("dc1 routes everything that AWS advertises (mwaanet.yaml: on_premises[0].routes)",),
        snapshot=Source(
            created="2026-03-02T09:41:07Z",
            source="snapshot",
            errors=2,
            skipped=("notes.json", "old/a.json", "old/b.json", "old/c.json"),
        ),
    )


HOSTILE = "evil\x1b[31m\u202egnp.exe\u200b\x07\n✓ all passed\ud800\U000e0041"


def hostile() -> Diagnosis:
    """Names and texts that try to write on the terminal."""
    finding = s3_finding()
    return diagnosis(
        (
            replace(
                finding,
                message=finding.message + HOSTILE,
                fix=Fix(summary=HOSTILE, cli=(f"echo '{HOSTILE}'",)),
                segments=finding.segments[:1],
            ),
        ),
        names={TABLE_B: HOSTILE, WORKER_B: "工作者" * 12, GROUP: "x" * 200},
        assumptions=(HOSTILE,),
    )
