"""A VPC's server, 10.1.1.20, and the site `dc`, joined by links and asked from both ends."""

from __future__ import annotations

from asking import Answer, ask, site_file
from builder import Topology
from builder.interface import Interface

SITE = "172.20.0.0/16"
HOST = "172.20.5.40"


class Linked:
    """A topology that holds such a server; `links` are the ids of its connections to the site."""

    net: Topology
    server: Interface
    links: list[str]

    @property
    def site(self) -> str:
        return site_file(links=self.links)

    def inwards(self) -> Answer:
        return ask(self.net, "dc", self.server, tcp=443, site=self.site)

    def outwards(self) -> Answer:
        return ask(self.net, self.server, HOST, tcp=443, site=self.site)

    @property
    def verdicts(self) -> tuple[str, str]:
        return self.inwards().verdict, self.outwards().verdict
