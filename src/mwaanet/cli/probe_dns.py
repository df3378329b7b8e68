"""`mwaanet probe dns`: ask DNS servers for a name, over UDP and TCP."""

from __future__ import annotations

from pathlib import Path

import click

from mwaanet.cli import wiring
from mwaanet.cli.options import environment_option, source_options, where
from mwaanet.cli.probe_options import EXIT_CODES, probe_options, report_of, show
from mwaanet.cli.terminal import progress


@click.command(
    short_help="Look a name up, by UDP and TCP.",
    epilog=f"""\b
Examples:
  mwaanet probe dns sqs.us-east-1.amazonaws.com
  mwaanet probe dns env.airflow.us-east-1.amazonaws.com --server 10.50.0.2
  mwaanet probe dns nexus.company.local --server 10.50.0.2 --tcp
  mwaanet probe dns nexus.company.local --server [2001:db8::53]:5353
  mwaanet probe dns nexus.company.local --snapshot dir --from dc1.orchestrator

\b
With --snapshot (or --demo) the answer is set against the model's, for the
place that --from names, else for that which has this host's address.

Neither /etc/hosts nor search domains are used: what is asked for is NAME.

{EXIT_CODES}
""",
)
@click.argument("name")
@click.option(
    "--server", metavar="IP[:PORT]", help="The DNS server to ask [default: each of this host's, three at most]."
)
@click.option("--tcp", "tcp_only", is_flag=True, help="Ask by TCP only, not by UDP and TCP.")
@source_options
@environment_option
@probe_options
def dns(
    name: str,
    server: str | None,
    tcp_only: bool,
    snapshot: Path | None,
    demo: str | None,
    site: Path | None,
    environment: str | None,
    source: str,
    timeout: float,
    retries: int,
    form: str,
    file: str | None,
    no_color: bool,
) -> int:
    """Ask for the addresses of NAME and say what the answer, or its absence, means.

    Shows the chain of CNAMEs, the addresses with their TTL, whether they are private, which server answered, and
    whether TCP gives the same as UDP.
    """
    from mwaanet.probe.dns import Patience, probe_dns, server_of, system_servers

    servers = (server_of(server),) if server is not None else system_servers()
    facts = where(snapshot, demo, site) if snapshot or demo else None
    with progress("asking"):
        patience = Patience(timeout=timeout, retries=retries)
        report = report_of(probe_dns(name, servers, patience, tcp_only=tcp_only), source)
        compared = wiring.reconcile(facts, environment, {"": report}) if facts else ()
    return show(report, form, file, no_color=no_color, compared=compared)
