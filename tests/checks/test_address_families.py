"""IPv4 and IPv6 on the way to the package server: workers, endpoint, its names and its service.

https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html,
https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
"""

from __future__ import annotations

from typing import Any

import pytest

from asking import Answer, ask
from builder import rule
from checks.designs import PrivateLink, Workers, fault, segments, standing
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Status
from mwaanet.graph.codes import Code

DUAL = {"ipv6": ["2600:1f18:1:20::5", "2600:1f18:1:21::5"]}


class TestRecords:
    """Workers with IPv4 addresses alone can use A records alone."""

    @pytest.mark.parametrize(
        ("kinds", "status"), [(["A"], Status.PASS), (["A", "AAAA"], Status.PASS), (["AAAA"], Status.FAIL)]
    )
    @pytest.mark.parametrize("options", [{}, DUAL | {"dns_options": {"DnsRecordIpType": "dualstack"}}])
    def test_an_alias_must_be_of_their_family(self, options: dict[str, Any], kinds: list[str], status: Status) -> None:
        link = PrivateLink(**options)
        link.zone.remove("nexus")
        for kind in kinds:
            link.zone.alias("nexus", link.endpoint, kind)
        assert standing(link.ask(), "NEXUS-NAME") is status

    @pytest.mark.parametrize(
        ("kind", "status"), [("ipv4", Status.PASS), ("dualstack", Status.PASS), ("ipv6", Status.FAIL)]
    )
    def test_so_must_what_the_endpoints_own_names_give(self, kind: str, status: Status) -> None:
        link = PrivateLink(**DUAL, dns_options={"DnsRecordIpType": kind})
        assert standing(link.ask(), "NEXUS-NAME") is status

    def test_the_finding_names_who_answers_otherwise(self) -> None:
        workers = Workers()
        zone = workers.zone().add("nexus", "AAAA", "2600:1f18:9:1::5")
        found = fault(workers.ask(), "NEXUS-NAME")
        assert (found.status, found.code) == (Status.FAIL, Fault.NAME_NO_DATA)
        assert zone.id in found.resources
        assert "2600:1f18:9:1::5" in found.message

    def test_an_ipv6_address_in_the_url_is_of_no_use_to_them(self) -> None:
        workers = Workers("https://[2600:1f18:9:1::5]/simple/")
        found = fault(workers.ask(), "NEXUS-NAME")
        assert (found.status, found.resources[0]) == (Status.FAIL, "2600:1f18:9:1::5")
        assert {segment.status for segment in segments(workers.ask(), "NEXUS-NETWORK")} == {Status.SKIP}


class TestEndpoint:
    """A client with addresses of both families asks a dual-stack endpoint by either."""

    def ask(self, types: list[str], address: str) -> Answer:
        link = PrivateLink(**DUAL)
        link.service.record["SupportedIpAddressTypes"] = types
        vpc = link.workers.vpc.add_ipv6("2600:1f18:1::/48")
        for number, subnet in enumerate(vpc.subnets[2:4]):
            subnet.record["Ipv6CidrBlockAssociationSet"] = [
                {"Ipv6CidrBlock": f"2600:1f18:1:2{number}::/64", "Ipv6CidrBlockState": {"State": "associated"}}
            ]
        group = link.endpoint.groups[0].allow_in(rule("tcp", 443, "::/0"))
        client = vpc.subnets[2].interface("10.1.20.9", ipv6=["2600:1f18:1:20::9"], groups=[group])
        group.allow_out(rule("all"), rule("all", None, "::/0"))
        self.link = link
        return ask(link.workers.net, "2600:1f18:1:20::9" if ":" in address else client, address, tcp=443)

    @pytest.mark.parametrize("types", [["ipv4", "ipv6"], ["ipv6"], []])
    def test_by_ipv6_where_the_service_supports_it(self, types: list[str]) -> None:
        """Nexus is reached by IPv4 all the same: the load balancer turns the one into the other."""
        answer = self.ask(types, "2600:1f18:1:20::5")
        assert answer.verdict == "yes"
        assert str(answer.trace.forward[0].hops[-1].packets.dst) == self.link.server.address

    def test_not_where_it_supports_ipv4_only(self) -> None:
        answer = self.ask(["ipv4"], "2600:1f18:1:20::5")
        assert (answer.verdict, answer.codes) == ("no", {Code.SERVICE_ADDRESS_TYPE})
        assert answer.culprits == (self.link.service.id,)

    @pytest.mark.parametrize(("types", "verdict"), [(["ipv4"], "yes"), (["ipv6"], "no")])
    def test_by_ipv4_where_the_service_supports_that(self, types: list[str], verdict: str) -> None:
        assert self.ask(types, "10.1.20.20").verdict == verdict
