"""What `mwaanet snapshot` and a diagnosis without a snapshot share: how accounts are reached, and what is shown."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from rich.console import Console

from mwaanet.cli import wiring
from mwaanet.cli.terminal import is_terminal, no_color_wanted

if TYPE_CHECKING:
    from mwaanet.collect.collect import Collected
    from mwaanet.collect.walk import Counts

_REDRAW = 0.1
_LINE_EVERY = 5.0
_MOST_SHOWN = 12


class Reached(NamedTuple):
    """How accounts are reached, as the options say."""

    regions: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    role_arns: tuple[str, ...] = ()
    external_id: str = ""


def login_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--region`, `--profile`, `--role-arn` and `--external-id`, as the one argument `reached`."""

    @wraps(command)
    def with_reached(*arguments: Any, **options: Any) -> Any:
        reached = Reached(**{name: options.pop(name) for name in Reached._fields})
        return command(*arguments, reached=reached, **options)

    for option in (
        click.option("--external-id", metavar="ID", default="", help="The external id that the roles ask for."),
        click.option(
            "--role-arn", "role_arns", multiple=True, metavar="ARN", help="A role to assume (may be repeated)."
        ),
        click.option(
            "--profile", "profiles", multiple=True, metavar="P", help="A profile of the AWS configuration (repeatable)."
        ),
        click.option(
            "--region", "regions", multiple=True, metavar="R", help="A Region [default: the profile's] (repeatable)."
        ),
    ):
        with_reached = option(with_reached)
    return with_reached


@contextmanager
def collected_now(name: str | None, site: Path | None, reached: Reached, *, wanted: bool) -> Iterator[Path | None]:
    """Collect what a diagnosis of the environment needs, if it is `wanted` and named; gone when the block ends."""
    if not wanted or not name:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="mwaanet-") as folder:
        out = Path(folder) / "snapshot.tar.gz"
        with shown(quiet=False) as tell:
            collected = wiring.collect(out, reached, tell, environment=name, site=site)
        if collected.refusals or collected.unreached:
            click.echo(summary(collected), err=True)
        yield out


@contextmanager
def shown(*, quiet: bool) -> Iterator[Callable[[Counts], None]]:
    """Show how far a collection is: one line that changes on a terminal, a line now and then elsewhere."""
    if quiet:
        yield lambda counts: None
    elif is_terminal(sys.stderr):
        with Console(file=sys.stderr, no_color=no_color_wanted()).status("collecting") as status:
            yield _at_most_every(_REDRAW, lambda counts: status.update(f"collecting: {said(counts)}"))
    else:
        yield _at_most_every(_LINE_EVERY, lambda counts: click.echo(f"collecting: {said(counts)}", err=True))


def _at_most_every(seconds: float, tell: Callable[[Counts], None]) -> Callable[[Counts], None]:
    last = time.monotonic()

    def sometimes(counts: Counts) -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            tell(counts)

    return sometimes


def said(counts: Counts) -> str:
    """How far a collection is, in one line."""
    return (
        f"{counts.done} calls done, {counts.in_flight} in flight, {counts.waiting} waiting, "
        f"{counts.throttled} throttled, {counts.refused} refused, {counts.resources} resources seen"
    )


def summary(collected: Collected) -> str:
    """What was collected, what was refused and is therefore unknown, and the IAM actions that are missing."""
    counts = collected.counts
    places = ", ".join(" ".join(place) for place in sorted(collected.places))
    lines = [
        f"{counts.done} calls in {collected.seconds:.1f} s, {counts.throttled} throttled, "
        f"{counts.resources} resources: {places}"
    ]
    if collected.refusals:
        lines.append(f"refused, and therefore unknown ({len(collected.refusals)}):")
        for refusal in collected.refusals:
            ask, row = refusal.ask, refusal.ask.row
            times = f", {refusal.times} calls" if refusal.times > 1 else ""
            call = f"{ask.place.account} {ask.place.region} {ask.service} {ask.operation}"
            lines.append(f"  {call} ({refusal.code}{times}): {row.decides}")
        actions = sorted({refusal.ask.row.action for refusal in collected.refusals if refusal.denied})
        if actions:
            lines.append("IAM actions that are missing:")
            lines += [f"  {action}" for action in actions]
    if collected.unreached:
        accounts = sorted({" ".join(place) for place in collected.unreached})
        shown = ", ".join(accounts[:_MOST_SHOWN]) + (", ..." if len(accounts) > _MOST_SHOWN else "")
        lines.append(f"not reached, give --profile or --role-arn for more: {shown}")
    return "\n".join(lines)
