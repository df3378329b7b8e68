"""Route 53 hosted zones: private ones with their VPCs, their records and aliases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from builder.identity import Record, hosted_zone_id, uuid_of

if TYPE_CHECKING:
    from builder.endpoint import InterfaceEndpoint
    from builder.load_balancer import NetworkLoadBalancer
    from builder.store import Store
    from builder.vpc import Vpc

_NAME_SERVERS = ("ns-1536.awsdns-00.co.uk.", "ns-0.awsdns-00.com.", "ns-1024.awsdns-00.org.", "ns-512.awsdns-00.net.")
_VPCE_ZONE = "Z7HUB22UULQXV"


class HostedZone:
    """A hosted zone of one account; private where it is associated with VPCs, of any account."""

    def __init__(self, store: Store, name: str, vpcs: Sequence[Vpc], *, private: bool = True) -> None:
        self.store = store
        self.name = name.rstrip(".") + "."
        self.id = hosted_zone_id(store.account, self.name, *(vpc.id for vpc in vpcs))
        self.path = f"/hostedzone/{self.id}"
        self.vpcs: list[Record] = []
        self.records: list[Record] = []
        self.private = private
        self.record: Record = store.add(
            "route53",
            "list-hosted-zones",
            {
                "Id": self.path,
                "Name": self.name,
                "CallerReference": uuid_of(self.path),
                "Config": {"Comment": "", "PrivateZone": private},
                "ResourceRecordSetCount": 0,
            },
        )
        self._answer()
        soa = "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
        self.add("@", "NS", *_NAME_SERVERS, ttl=172800).add("@", "SOA", soa, ttl=900)
        self.associate(*vpcs)

    def _answer(self) -> None:
        zone: Record = {"HostedZone": self.record}
        if self.private:
            zone["VPCs"] = self.vpcs
        else:
            zone["DelegationSet"] = {"NameServers": [server.rstrip(".") for server in _NAME_SERVERS]}
        self.store.call("route53", "get-hosted-zone", {"Id": self.path}, zone)
        self.store.call(
            "route53",
            "list-resource-record-sets",
            {"HostedZoneId": self.path},
            {"ResourceRecordSets": self.records},
        )

    def associate(self, *vpcs: Vpc) -> HostedZone:
        """Let VPCs resolve by the zone."""
        for vpc in vpcs:
            self.vpcs.append({"VPCRegion": vpc.store.region, "VPCId": vpc.id})
            summaries = zones_of(vpc)["HostedZoneSummaries"]
            owner = {"OwningAccount": self.store.account}
            summaries.append({"HostedZoneId": self.id, "Name": self.name, "Owner": owner})
        return self

    def disassociate(self, vpc: Vpc) -> HostedZone:
        self.vpcs[:] = [record for record in self.vpcs if record["VPCId"] != vpc.id]
        summaries = zones_of(vpc)["HostedZoneSummaries"]
        summaries[:] = [summary for summary in summaries if summary["HostedZoneId"] != self.id]
        return self

    def _full(self, name: str) -> str:
        if name == "@":
            return self.name
        name = name.replace("*", "\\052")
        return name if name.endswith(".") else f"{name}.{self.name}"

    def _put(self, record: Record) -> HostedZone:
        same = (record["Name"], record["Type"])
        self.records[:] = [known for known in self.records if (known["Name"], known["Type"]) != same]
        self.records.append(record)
        self.record["ResourceRecordSetCount"] = len(self.records)
        return self

    def add(self, name: str, kind: str, *values: str, ttl: int = 300) -> HostedZone:
        """A record: `zone.add("nexus", "A", "10.0.0.1")`; the name is relative, `@` the zone's own."""
        record = {"Name": self._full(name), "Type": kind, "TTL": ttl}
        return self._put(record | {"ResourceRecords": [{"Value": value} for value in values]})

    def alias(self, name: str, target: InterfaceEndpoint | NetworkLoadBalancer, kind: str = "A") -> HostedZone:
        """An alias record, A or AAAA, to an interface endpoint or a load balancer."""
        host = getattr(target, "dns_name", "") or target.record["DNSName"]
        zone = target.record.get("CanonicalHostedZoneId", _VPCE_ZONE)
        at = {"HostedZoneId": zone, "DNSName": host.rstrip(".") + ".", "EvaluateTargetHealth": False}
        return self._put({"Name": self._full(name), "Type": kind, "AliasTarget": at})

    def remove(self, name: str) -> HostedZone:
        """Take all records of a name away."""
        self.records[:] = [record for record in self.records if record["Name"] != self._full(name)]
        self.record["ResourceRecordSetCount"] = len(self.records)
        return self


def zones_of(vpc: Vpc) -> Record:
    """What `list-hosted-zones-by-vpc` answers the VPC's account."""
    store = vpc.store.global_store
    parameters = {"VPCId": vpc.id, "VPCRegion": vpc.store.region}
    for call in store.calls["route53", "list-hosted-zones-by-vpc"]:
        if call["Parameters"] == parameters:
            return dict(call["Response"])
    answer: Record = {"HostedZoneSummaries": [], "MaxItems": "100"}
    return store.call("route53", "list-hosted-zones-by-vpc", parameters, answer)
