"""`mwaanet probe`: what really happens on the network, seen from this host. One module per subcommand."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS: tuple[str, ...] = ("dns", "tcp", "tls", "api", "dag", "read")
"""The subcommands, each the click command `name` in `mwaanet/cli/probe_name.py`, in the order of the help."""


class Probes(click.Group):
    """Subcommands that are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        command = getattr(import_module(f"mwaanet.cli.probe_{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Probes, short_help="Try it: look up, connect, call, from this host.")
def probe() -> None:
    """Try what the model predicts, from the host on which the client runs, and say what the outcome means."""
