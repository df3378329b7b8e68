"""`mwaanet probe dag`: write the DAG that probes from inside a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import NumberRange, source_options, where
from mwaanet.cli.output import output
from mwaanet.cli.terminal import progress

if TYPE_CHECKING:
    from mwaanet.probe.dag_file import Destination

SERVICES: Final = ("sqs", "logs", "monitoring", "kms")
"""What every environment calls
(https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html), besides S3."""
_HTTP: Final = 80
_HTTPS: Final = 443
_PACKAGE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:==[A-Za-z0-9.!+_-]+)?")
"""https://packaging.python.org/en/latest/specifications/name-normalization/"""


def _package(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _PACKAGE.fullmatch(value):
        raise click.BadParameter(f"{value!r}: expected a package's name, such as requests or requests==2.32.3.")
    return value


@click.command(
    short_help="Write a DAG that probes from inside a worker.",
    epilog="""\b
Examples:
  mwaanet probe dag --snapshot dir --output mwaanet_probe.py
  mwaanet probe dag --region us-east-1 --bucket my-bucket \\
      --to 10.50.1.20:8081 \\
      --index https://nexus.company.local/repository/pypi/simple/ \\
      --package requests

\b
Put the file into the environment's DAG folder, trigger the DAG mwaanet_probe
once, and give its task's log to `mwaanet probe read`.
""",
)
@click.option("--environment", metavar="NAME", help="Which environment of the snapshot, where there are several.")
@source_options
@click.option("--region", metavar="REGION", help="Without a snapshot: the Region of SQS, Logs, metrics, KMS.")
@click.option("--bucket", metavar="NAME", help="Without a snapshot: the environment's bucket (with --region).")
@click.option("--to", "places", multiple=True, metavar="HOST:PORT|URL", help="Another place; TLS on 443 or https.")
@click.option("--index", "indexes", multiple=True, metavar="URL", help="Another package index.")
@click.option(
    "--package",
    callback=_package,
    default="pip",
    show_default=True,
    metavar="NAME",
    help="What to download from each index.",
)
@click.option("--timeout", type=NumberRange(0.1, 60), default=5.0, show_default=True, metavar="SECONDS")
@click.option("--retries", type=click.IntRange(0, 10), default=1, show_default=True)
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
def dag(
    environment: str | None,
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    region: str | None,
    bucket: str | None,
    places: tuple[str, ...],
    indexes: tuple[str, ...],
    package: str,
    timeout: float,
    retries: int,
    file: str | None,
) -> int:
    """Write a DAG that resolves, connects, shakes hands and downloads from inside a worker.

    With a snapshot it tries all that the environment needs; without, what the options say. It needs nothing but
    Airflow (2.4 to 3.x), sends no data and prints no secrets.
    """
    from mwaanet.probe.dag_file import Destination, WorkerProbe, dag_text
    from mwaanet.report.json_report import tool

    destinations = [*_of_region(region, bucket), *map(_place, places)]
    name = environment or ""
    if snapshot or demo:
        with progress("reading"):
            needs = wiring.worker_needs(where(snapshot, demo, site), environment)
        name = needs.environment
        destinations = [*(Destination(*destination) for destination in needs.destinations), *destinations]
        indexes = (*needs.indexes, *indexes)
        for gap in needs.gaps:
            click.echo(f"not known: {gap}; add what is missing with --index", err=True)
    if not destinations and not indexes:
        raise click.UsageError("nothing to try: give --snapshot, --region, --to or --index.")
    probe = WorkerProbe(
        tool=tool(),
        environment=name,
        destinations=tuple(destinations),
        indexes=indexes,
        package=package,
        timeout=timeout,
        retries=retries,
    )
    output(dag_text(probe), file)
    return 0


def _of_region(region: str | None, bucket: str | None) -> Iterator[Destination]:
    from mwaanet.model.arn import partition_of
    from mwaanet.names import service_name
    from mwaanet.probe.dag_file import Destination

    if bucket and not region:
        raise click.UsageError("--bucket needs --region.")
    if region:
        partition = partition_of(region)
        for service in SERVICES:
            yield Destination(service_name(service, region, partition), _HTTPS, tls=True)
        if bucket:
            yield Destination(f"{bucket}.{service_name('s3', region, partition)}", _HTTPS, tls=True)


def _place(text: str) -> Destination:
    from mwaanet.probe.address import host_and_port
    from mwaanet.probe.dag_file import Destination

    if "://" in text:
        scheme, _, rest = text.partition("://")
        if scheme not in ("http", "https"):
            raise click.UsageError(f"--to {text.rpartition('@')[2]!r}: expected HOST:PORT, or a URL of http or https.")
        tls = scheme == "https"
        place = rest.partition("/")[0].rpartition("@")[2]
        if ":" not in place.rpartition("]")[2]:
            place += f":{_HTTPS if tls else _HTTP}"
        return Destination(*host_and_port(place), tls)
    host, port = host_and_port(text)
    return Destination(host, port, port == _HTTPS)
