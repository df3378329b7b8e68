"""Measure how long collecting takes against a server that answers each call after 100 ms, and what it could take.

    python bench/collection.py [--vpcs 40] [--latency 0.1] [--concurrency 16] [--repeat 3] [--no-loop]

The server answers from a generated organisation (`bench/organisation.py`) in a process of its own, with bytes that it
sent before (`bench/recorded.py`); every account is reached by a role. No collection can take less than the larger of
(longest chain of dependent calls x latency) and (calls x latency / concurrency). Beside it stands a plain loop over the
same calls, one after another, with boto3.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests")]

import boto3  # noqa: E402
from bench.organisation import organisation  # noqa: E402
from bench.recorded import Recorded  # noqa: E402

from collect.aws_server import Behaviour, running  # noqa: E402
from mwaanet.collect import graph  # noqa: E402
from mwaanet.collect.accounts import Logins  # noqa: E402
from mwaanet.collect.collect import Collected, Wanted, collect  # noqa: E402
from mwaanet.snapshot import GLOBAL, OPERATIONS, Snapshot  # noqa: E402

HOME, REGION, ENVIRONMENT = "111122223333", "us-east-1", "ingest-prod"
LATENCY = 0.1
"""Seconds, unless the command line says otherwise: about what AWS takes."""
AIM = 1.25
LOGIN_CALLS = 2
"""Calls one after another before the walk: who am I (or assume a role), and where is the environment."""
HOPS = 2
"""How many times one after another accounts lead to others: the environment's to the hub, the hub to all."""


def longest_chain() -> int:
    """The most calls that have to follow one another: logging in, from account to account, and down the graph."""
    deepest = max(graph.height(row.service, row.operation) for row in OPERATIONS.values())
    return LOGIN_CALLS + HOPS + 1 + deepest


@contextmanager
def served(vpcs: int, latency: float) -> Iterator[dict[str, str]]:
    """A server in a process of its own; the variables with which boto3 asks it."""
    arguments = [sys.executable, __file__, "--serve", "--vpcs", str(vpcs), "--latency", str(latency)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()


async def serve(vpcs: int, latency: float) -> None:
    """Serve until the other end has gone."""
    with running(dict(organisation(vpcs)), Behaviour(page=10_000)) as server:
        port = await Recorded(server.server_address[1], latency).start()
        variables = server.variables(HOME, REGION)
        recorded = f"http://127.0.0.1:{port}"
        print(json.dumps({name: value.replace(server.url, recorded) for name, value in variables.items()}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


def collected(out: Path, accounts: Sequence[str], concurrency: int) -> Collected:
    """One collection, every other account by its role."""
    roles = [f"arn:aws:iam::{account}:role/reader" for account in accounts if account != HOME]
    wanted = Wanted(out=out, logins=Logins(roles=roles), environment=ENVIRONMENT, concurrency=concurrency)
    return collect(wanted, lambda counts: None)


def loop_seconds(snapshot: Snapshot) -> float:
    """The calls of a snapshot again, one after another: what a plain script does."""
    started = time.monotonic()
    clients: dict[tuple[str, str], Any] = {}
    for document in snapshot.documents:
        ref = document.ref
        key = (ref.account, ref.service)
        if key not in clients:
            session = boto3.Session(f"AKIA{ref.account}", "secret")
            make: Any = session.client
            clients[key] = make(ref.service, region_name=REGION if ref.region == GLOBAL else ref.region)
        content = json.loads(document.read())
        for parameters in [call["Parameters"] for call in content["Calls"]] if "Calls" in content else [{}]:
            _ask(clients[key], ref.operation.replace("-", "_"), parameters)
    return time.monotonic() - started


def _ask(client: Any, method: str, parameters: Mapping[str, object]) -> None:
    if client.can_paginate(method):
        for _ in client.get_paginator(method).paginate(**parameters):
            pass
    else:
        getattr(client, method)(**parameters)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where it takes longer than twice the aim, for timing is noisy."""
    parser = argparse.ArgumentParser(description="Measure how long collecting takes.")
    parser.add_argument("--vpcs", type=int, default=40)
    parser.add_argument("--latency", type=float, default=LATENCY)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-loop", action="store_true", help="without the plain loop, which takes minutes")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.serve:
        asyncio.run(serve(asked.vpcs, asked.latency))
        return 0
    accounts = sorted(json.loads(dict(organisation(asked.vpcs))["manifest.json"])["accounts"])
    with served(asked.vpcs, asked.latency) as variables, tempfile.TemporaryDirectory() as folder:
        os.environ.update(variables)
        outs = [Path(folder) / f"estate-{number}" for number in range(asked.repeat + 1)]
        collected(outs[0], accounts, asked.concurrency)  # the server makes its answers
        used = time.process_time()
        runs = [collected(out, accounts, asked.concurrency) for out in outs[1:]]
        used = (time.process_time() - used) / asked.repeat
        loop = 0.0 if asked.no_loop else loop_seconds(Snapshot.open(outs[0]))
    best = min(runs, key=lambda run: run.seconds)
    calls = best.counts.done + len(accounts) + 1
    chain, shared = longest_chain() * asked.latency, calls * asked.latency / asked.concurrency
    bound = max(chain, shared)
    print(
        f"{len(accounts)} accounts, {best.counts.resources} resources, {calls} calls of {asked.latency * 1000:.0f} ms"
    )
    print(
        f"longest chain: {longest_chain()} calls, {chain:.1f} s; all calls, {asked.concurrency} at once: {shared:.1f} s"
    )
    print(f"mwaanet: {best.seconds:.2f} s, {best.seconds / bound:.2f} times the larger (aim: {AIM}); CPU: {used:.2f} s")
    print(f"  each run: {', '.join(f'{run.seconds / bound:.2f}' for run in runs)}; load: {os.getloadavg()[0]:.1f}")
    if loop:
        print(f"a plain loop: {loop:.1f} s, {loop / best.seconds:.1f} times as long as mwaanet")
    return 0 if best.seconds <= 2 * AIM * bound and not best.refusals else 1


if __name__ == "__main__":
    sys.exit(main())
