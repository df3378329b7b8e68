"""`mwaanet probe tcp`: connect, and say which way of failing it is."""

from __future__ import annotations

import click

from mwaanet.cli.probe_options import EXIT_CODES, probe_options, report_of, show
from mwaanet.cli.terminal import progress


@click.command(
    short_help="Connect by TCP.",
    epilog=f"""\b
Examples:
  mwaanet probe tcp nexus.company.local:8081
  mwaanet probe tcp 10.50.1.20:8081 --timeout 3
  mwaanet probe tcp [2001:db8::1]:443 --format json

{EXIT_CODES}
""",
)
@click.argument("target", metavar="HOST:PORT")
@probe_options
def tcp(target: str, source: str, timeout: float, retries: int, form: str, file: str | None, no_color: bool) -> int:
    """Connect to every address of HOST and say how each attempt ends.

    Connected, refused, timed out, unreachable, reset, or the name not resolved: each means something else.
    """
    from mwaanet.probe.address import host_and_port
    from mwaanet.probe.tcp import probe_tcp

    host, port = host_and_port(target)
    with progress("connecting"):
        report = report_of(probe_tcp(host, port, timeout=timeout, retries=retries), source)
    return show(report, form, file, no_color=no_color)
