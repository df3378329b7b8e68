"""Network Load Balancers: interfaces, listeners, target groups, target health and attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from builder.identity import CREATED, Record, digest
from builder.security_group import SecurityGroup

if TYPE_CHECKING:
    from builder.interface import Interface
    from builder.subnet import Subnet
    from builder.vpc import Vpc

_REASONS = {
    "unhealthy": ("Target.FailedHealthChecks", "Health checks failed"),
    "initial": ("Elb.InitialHealthChecking", "Initial health checks in progress"),
    "unused": ("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"),
    "draining": ("Target.DeregistrationInProgress", "Target deregistration is in progress"),
}


class TargetGroup:
    """A target group; with no load balancer in front its targets are `unused`."""

    def __init__(
        self,
        vpc: Vpc,
        name: str,
        port: int,
        *,
        protocol: str = "TCP",
        target_type: str = "ip",
        attributes: Mapping[str, str] | None = None,
        health_check_port: str = "traffic-port",
        health_check_protocol: str = "TCP",
        address_type: str = "ipv4",
    ) -> None:
        store = vpc.store
        self.vpc = vpc
        self.port = port
        self.arn = store.arn("elasticloadbalancing", f"targetgroup/{name}/{digest('tg', vpc.id, name)[:16]}")
        self.id = self.arn
        self.record: Record = store.add(
            "elbv2",
            "describe-target-groups",
            {
                "TargetGroupArn": self.arn,
                "TargetGroupName": name,
                "Protocol": protocol,
                "Port": port,
                "VpcId": vpc.id,
                "HealthCheckProtocol": health_check_protocol,
                "HealthCheckPort": health_check_port,
                "HealthCheckEnabled": True,
                "HealthCheckIntervalSeconds": 30,
                "HealthCheckTimeoutSeconds": 10,
                "HealthyThresholdCount": 5,
                "UnhealthyThresholdCount": 2,
                "LoadBalancerArns": [],
                "TargetType": target_type,
                "IpAddressType": address_type,
            },
        )
        self.health: list[Record] = []
        parameters = {"TargetGroupArn": self.arn}
        store.call("elbv2", "describe-target-health", parameters, {"TargetHealthDescriptions": self.health})
        self.attributes = _target_attributes(protocol, target_type) | dict(attributes or {})
        self.attribute()

    def attribute(self, **changed: str) -> TargetGroup:
        """Change attributes; dots are written as two underscores: `preserve_client_ip__enabled="true"`."""
        self.attributes |= {key.replace("__", "."): value for key, value in changed.items()}
        pairs = [{"Key": key, "Value": value} for key, value in self.attributes.items()]
        self.vpc.store.call(
            "elbv2", "describe-target-group-attributes", {"TargetGroupArn": self.arn}, {"Attributes": pairs}
        )
        return self

    def target(self, target: str, port: int | None = None, *, health: str = "healthy", zone: str = "") -> TargetGroup:
        """Register an address (or instance id), or change its health; outside the VPC its zone is `all`."""
        at: Record = {"Id": target, "Port": port or self.port}
        if zone:
            at["AvailabilityZone"] = self.vpc.store.zone_name(self.vpc.store.zone_id(zone))
        elif self.record["TargetType"] == "ip":
            at["AvailabilityZone"] = self._zone_of(target)
        state: Record = {"State": health}
        if health in _REASONS:
            state |= dict(zip(("Reason", "Description"), _REASONS[health], strict=True))
        self.health[:] = [record for record in self.health if record["Target"] != at]
        self.health.append({"Target": at, "HealthCheckPort": str(at["Port"]), "TargetHealth": state})
        return self

    def shift(self, zone: str, state: str = "zonal_shift_active") -> TargetGroup:
        """Shift away from a zone: its targets are overridden, or left to DNS (`zonal_shift_delegated_to_dns`)."""
        name = self.vpc.store.zone_name(self.vpc.store.zone_id(zone))
        for record in self.health:
            if record["Target"].get("AvailabilityZone") == name:
                override = {"State": state, "Reason": "AdministrativeOverride.ZonalShiftActive", "Description": "shift"}
                record["AdministrativeOverride"] = override
        return self

    def _zone_of(self, address: str) -> str:
        for subnet in self.vpc.subnets:
            if any(interface.address == address for interface in subnet.interfaces):
                return str(subnet.record["AvailabilityZone"])
        return "all"


def _target_attributes(protocol: str, target_type: str) -> dict[str, str]:
    preserve = target_type == "instance" or protocol in ("UDP", "TCP_UDP")
    return {
        "deregistration_delay.timeout_seconds": "300",
        "deregistration_delay.connection_termination.enabled": "false",
        "preserve_client_ip.enabled": "true" if preserve else "false",
        "proxy_protocol_v2.enabled": "false",
        "stickiness.enabled": "false",
        "stickiness.type": "source_ip",
        "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
        "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
        "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    }


class NetworkLoadBalancer:
    """A Network Load Balancer, with one interface per subnet."""

    def __init__(
        self,
        vpc: Vpc,
        name: str,
        subnets: Sequence[Subnet],
        *,
        groups: Sequence[SecurityGroup] = (),
        addresses: Sequence[str] = (),
        ipv6: Sequence[str] = (),
        internal: bool = True,
        enforce_private_link: str = "on",
        cross_zone: bool = False,
        state: str = "active",
    ) -> None:
        store = vpc.store
        self.vpc = vpc
        self.name = name
        self.subnets = list(subnets)
        code = digest("nlb", vpc.id, name)[:16]
        self.arn = store.arn("elasticloadbalancing", f"loadbalancer/net/{name}/{code}")
        self.id = self.arn
        self._code = code
        self.interfaces = [
            self._interface(subnet, addresses[n] if n < len(addresses) else None, ipv6[n : n + 1], groups)
            for n, subnet in enumerate(self.subnets)
        ]
        self.record: Record = store.add(
            "elbv2", "describe-load-balancers", self._record(groups, internal, enforce_private_link, state)
        )
        self.record["IpAddressType"] = "dualstack" if ipv6 else "ipv4"
        self.listeners: list[Record] = []
        store.call("elbv2", "describe-listeners", {"LoadBalancerArn": self.arn}, {"Listeners": self.listeners})
        self.attributes: dict[str, str] = {
            "deletion_protection.enabled": "false",
            "access_logs.s3.enabled": "false",
            "load_balancing.cross_zone.enabled": str(cross_zone).lower(),
            "dns_record.client_routing_policy": "any_availability_zone",
        }
        self.attribute()

    def _interface(
        self, subnet: Subnet, address: str | None, ipv6: Sequence[str], groups: Sequence[SecurityGroup]
    ) -> Interface:
        interface = subnet.interface(
            address,
            ipv6=ipv6,
            groups=groups,
            name=f"{self.name} {subnet.name}",
            kind="network_load_balancer",
            description=f"ELB net/{self.name}/{self._code}",
            requester="amazon-elb",
            source_dest_check=False,
        )
        interface.record["TagSet"] = []
        return interface

    def _record(self, groups: Sequence[SecurityGroup], internal: bool, enforce: str, state: str) -> Record:
        store = self.vpc.store
        record: Record = {
            "LoadBalancerArn": self.arn,
            "LoadBalancerName": self.name,
            "DNSName": f"{self.name}-{self._code}.elb.{store.region}.amazonaws.com",
            "CanonicalHostedZoneId": "Z26RNL4JYFTOTI",
            "CreatedTime": CREATED,
            "Type": "network",
            "Scheme": "internal" if internal else "internet-facing",
            "VpcId": self.vpc.id,
            "State": {"Code": state},
            "IpAddressType": "ipv4",
            "AvailabilityZones": [
                {"ZoneName": store.zone_name(subnet.zone), "SubnetId": subnet.id, "LoadBalancerAddresses": []}
                for subnet in self.subnets
            ],
        }
        if groups:
            record["SecurityGroups"] = [group.id for group in groups]
            record["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] = enforce
        return record

    def attribute(self, **changed: str) -> NetworkLoadBalancer:
        """Change attributes; dots are written as two underscores: `load_balancing__cross_zone__enabled="true"`."""
        self.attributes |= {key.replace("__", "."): value for key, value in changed.items()}
        pairs = [{"Key": key, "Value": value} for key, value in self.attributes.items()]
        self.vpc.store.call(
            "elbv2", "describe-load-balancer-attributes", {"LoadBalancerArn": self.arn}, {"Attributes": pairs}
        )
        return self

    def listener(self, port: int, *groups: TargetGroup, protocol: str = "TCP") -> NetworkLoadBalancer:
        """Forward a port to target groups (weighted alike where there are several)."""
        suffix = digest("listener", self.arn, protocol, str(port))[:16]
        arn = self.arn.replace(":loadbalancer/", ":listener/") + f"/{suffix}"
        action: Record = {
            "Type": "forward",
            "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": group.arn} for group in groups]},
        }
        if len(groups) == 1:
            action["TargetGroupArn"] = groups[0].arn
        for group in groups:
            group.record["LoadBalancerArns"].append(self.arn)
        self.listeners.append(
            {
                "ListenerArn": arn,
                "LoadBalancerArn": self.arn,
                "Port": port,
                "Protocol": protocol,
                "DefaultActions": [action],
            }
        )
        return self
