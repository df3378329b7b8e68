"""The entry point `mwaanet`: finds the command, prints errors, sets the exit code.

A command is the click command `name` in `mwaanet/cli/name.py` (where `-` becomes `_`, and a word of Python's own gets
one at its end), listed in `COMMANDS` below and imported only when it is used. It returns its exit code: 0 passed, 1
something failed, 3 nothing failed but something is unknown. Wrong usage and unreadable inputs are 2, an interruption
130.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from keyword import iskeyword

import click
from click.exceptions import NoArgsIsHelpError

from mwaanet.cli.collector import pass_over_all_seldom
from mwaanet.errors import MwaanetError
from mwaanet.report.clean import clean

COMMANDS: tuple[str, ...] = (
    "diagnose",
    "trace",
    "diff",
    "graph",
    "assert",
    "lint",
    "runbook",
    "snapshot",
    "probe",
    "explain",
    "iam-policy",
    "redact",
)
"""The names of the commands, in the order in which the help lists them."""

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141  # what a shell reports for SIGPIPE
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


class Commands(click.Group):
    """Commands that are imported when they are used, and one way to end for all of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
        command = getattr(import_module(f"mwaanet.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            code = super().invoke(ctx)
            if sys.stdout is not None:  # closed by whoever called
                sys.stdout.flush()
        except MwaanetError as error:
            click.echo(f"error: {clean(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except click.ClickException as error:
            _show(error)
            ctx.exit(EXIT_USAGE)  # click's 1 for a file that does not open would read as "something failed"
        except MemoryError:
            click.echo("error: memory is exhausted: a snapshot takes about three times the size of its files", err=True)
            ctx.exit(EXIT_USAGE)  # Python's 1 would read as "something failed"
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            _discard_output()
            ctx.exit(EXIT_BROKEN_PIPE)
        ctx.exit(code if isinstance(code, int) else 0)


def _show(error: click.ClickException) -> None:
    """Print an error of click's as our own are printed, below the usage that click knows."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(f"Try '{error.ctx.command_path} --help' for help.\n", err=True)
    message = "\n".join(clean(line) for line in error.format_message().split("\n"))
    click.echo(f"error: {message}", err=True)


def _discard_output() -> None:
    """Nobody reads on: send the rest nowhere, so that Python does not complain about it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands)
@click.version_option(package_name="mwaanet", prog_name="mwaanet", message="%(prog)s %(version)s")
def cli() -> None:
    """Find out why an Amazon MWAA environment cannot reach what it needs, and what to change."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    pass_over_all_seldom()
    try:
        cli.main(prog_name="mwaanet")
    except OSError as error:
        if error.filename or error.errno not in _FULL:
            raise
        _discard_output()
        click.echo(f"error: standard output: cannot be written: {error.strerror}", err=True)
        sys.exit(EXIT_USAGE)
