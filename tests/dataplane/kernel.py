"""Network namespaces without names: they live as long as this process holds them, and go with it however it ends."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from dataplane.compiler.plan import Plan, Port, chain, table

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
SAME_MAC = "02:00:00:00:00:01"
"""Both ends of a link have it and ARP is off, so that every packet sent over it is taken at the other end."""
SETTINGS = {
    "ipv4/ip_forward": 1,
    "ipv4/conf/all/rp_filter": 0,
    "ipv4/conf/default/rp_filter": 0,
    "ipv4/conf/all/send_redirects": 0,
    "ipv4/conf/default/send_redirects": 0,
}
STRICT = "netfilter/nf_conntrack_tcp_loose"
"""Off: a connection begins with a SYN, as it does for AWS."""


class Spaces:
    """The namespaces of one topology, by their names in the plan."""

    def __init__(self) -> None:
        self._home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self._descriptors: dict[str, int] = {}
        self._away = False

    def add(self, name: str) -> None:
        _call("unshare", CLONE_NEWNET)
        self._away = True
        self._descriptors[name] = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        for setting, value in SETTINGS.items():
            Path("/proc/sys/net", setting).write_text(str(value))

    def enter(self, name: str) -> None:
        """Make this thread one of the namespace, so that the sockets it opens are."""
        _call("setns", self._descriptors[name], CLONE_NEWNET)

    def run(self, name: str, command: tuple[str, ...], text: str) -> None:
        """Run a program in a namespace."""
        self.enter(name)
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=tuple(self._descriptors.values()),
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} in {name}: {done.stderr}\n{text}")

    def link(self, links: list[tuple[Port, Port]]) -> None:
        lines = [f"link add {self._end(one)} type veth peer name {self._end(other)}" for one, other in links]
        if lines:
            self.run(links[0][0].space, ("ip", "-batch", "-"), "\n".join(lines))

    def _end(self, port: Port) -> str:
        descriptor = self._descriptors[port.space]
        return f"{port.device} address {SAME_MAC} netns /proc/self/fd/{descriptor}"

    def close(self) -> None:
        """Let go of them all; this thread goes back to where it was."""
        for descriptor in self._descriptors.values():
            os.close(descriptor)
        try:
            if self._away:
                _call("setns", self._home, CLONE_NEWNET)
        finally:
            os.close(self._home)


@contextmanager
def running(plan: Plan) -> Iterator[Spaces]:
    """The plan as the kernel runs it."""
    spaces = Spaces()
    try:
        for name in plan.spaces:
            spaces.add(name)
        spaces.link(plan.links)
        for name, space in plan.spaces.items():
            devices = ["lo", *(port.device for link in plan.links for port in link if port.space == name)]
            up = [f"link set {device} {'up' if device == 'lo' else 'arp off up'}" for device in devices]
            spaces.run(name, ("ip", "-batch", "-"), "\n".join((*up, *space.ip)) + "\n")
            if space.nft:
                spaces.run(name, ("nft", "-f", "-"), "\n".join(space.nft) + "\n")
            if any("ct state" in line for line in space.nft):
                Path("/proc/sys/net", STRICT).write_text("0")
        yield spaces
    finally:
        spaces.close()


@cache
def why_not() -> str:
    """Why the kernel cannot be asked here; empty if it can."""
    plan = Plan()
    plan.link(Port("one", "to_other"), Port("other", "to_one"))
    plan.space("one").nft += table(chain("input", ["ct state new accept"], "filter hook input priority 0"))
    try:
        with running(plan):
            return ""
    except (OSError, RuntimeError) as error:
        return str(error)


def _call(name: str, *arguments: int) -> None:
    if getattr(LIBC, name)(*arguments):
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
