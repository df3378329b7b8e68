"""Endpoint services: own configurations, permissions, connections, and what AWS offers."""

from mwaanet.model.record import Record, Shape, Tag

NAMES_OF_AWS = ("com.amazonaws.", "cn.com.amazonaws.", "com.amazon", "aws.", "api.aws.")
"""How the names of AWS's endpoint services begin, those of China with `cn.`; `vpce.` follows in those of customers
(https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html)."""


class ServiceConfiguration(Record, frozen=True, kw_only=True):
    """ServiceConfiguration (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceConfiguration.html)."""

    service_id: str
    service_name: str
    service_state: str = ""
    availability_zones: tuple[str, ...] = ()
    network_load_balancer_arns: tuple[str, ...] = ()
    supported_ip_address_types: tuple[str, ...] = ()
    private_dns_name: str = ""
    tags: tuple[Tag, ...] = ()


class AllowedPrincipal(Shape, frozen=True, kw_only=True):
    """AllowedPrincipal (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllowedPrincipal.html)."""

    principal: str


class AllowedPrincipals(Shape, frozen=True, kw_only=True):
    """DescribeVpcEndpointServicePermissions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointServicePermissions.html)."""

    allowed_principals: tuple[AllowedPrincipal, ...] = ()


class VpcEndpointConnection(Record, frozen=True, kw_only=True):
    """VpcEndpointConnection (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpointConnection.html)."""

    service_id: str
    vpc_endpoint_id: str
    vpc_endpoint_state: str = ""


class PrivateDnsDetails(Shape, frozen=True, kw_only=True):
    """PrivateDnsDetails (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PrivateDnsDetails.html)."""

    private_dns_name: str = ""


class ServiceDetail(Record, frozen=True, kw_only=True):
    """ServiceDetail (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ServiceDetail.html)."""

    service_name: str
    service_id: str = ""
    owner: str = ""
    private_dns_name: str = ""
    private_dns_names: tuple[PrivateDnsDetails, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The private names of the service's endpoints."""
        names = (self.private_dns_name, *(private.private_dns_name for private in self.private_dns_names))
        return tuple(dict.fromkeys(filter(None, names)))
