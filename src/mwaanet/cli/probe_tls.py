"""`mwaanet probe tls`: connect and shake hands, and say what is wrong with the certificate."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli.probe_options import EXIT_CODES, probe_options, report_of, show
from mwaanet.cli.terminal import progress


@click.command(
    short_help="Connect and shake hands by TLS.",
    epilog=f"""\b
Examples:
  mwaanet probe tls sqs.us-east-1.amazonaws.com:443
  mwaanet probe tls mwaa.company.internal:443
  mwaanet probe tls 10.1.10.9:443 \\
      --server-name x-vpce.c12.us-east-1.airflow.amazonaws.com
  mwaanet probe tls nexus.company.local:8443 --ca-file company-ca.pem \\
      --format json

Nothing is sent after the handshake.

{EXIT_CODES}
""",
)
@click.argument("target", metavar="HOST:PORT")
@click.option("--server-name", metavar="NAME", help="The name to ask for and to verify [default: HOST].")
@click.option(
    "--ca-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Trust the authorities in this PEM file [default: the system's].",
)
@probe_options
def tls(
    target: str,
    server_name: str | None,
    ca_file: Path | None,
    source: str,
    timeout: float,
    retries: int,
    form: str,
    file: str | None,
    no_color: bool,
) -> int:
    """Connect to every address of HOST, shake hands, and say what is wrong with the certificate, if anything.

    Shows how long it takes, the protocol, and the certificates: names, issuer, expiry. Tells apart: wrong name,
    expired, self-signed, unknown issuer, TLS inspection of an AWS name, and the ways in which a handshake fails.
    """
    from mwaanet.probe.address import host_and_port
    from mwaanet.probe.tls import Client, probe_tls

    host, port = host_and_port(target)
    client = Client(server_name=server_name or host.rstrip("."), timeout=timeout, retries=retries, ca_file=ca_file)
    with progress("shaking hands"):
        report = report_of(probe_tls(host, port, client), source)
    return show(report, form, file, no_color=no_color)
