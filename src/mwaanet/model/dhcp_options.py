"""DHCP options and the DNS attributes of a VPC."""

from mwaanet.model.record import Record, Shape, Tag


class AttributeValue(Shape, frozen=True, kw_only=True):
    """AttributeValue (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttributeValue.html)."""

    value: str = ""


class DhcpConfiguration(Shape, frozen=True, kw_only=True):
    """DhcpConfiguration (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DhcpConfiguration.html)."""

    key: str = ""
    values: tuple[AttributeValue, ...] = ()


class DhcpOptions(Record, frozen=True, kw_only=True):
    """DhcpOptions (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DhcpOptions.html)."""

    dhcp_options_id: str
    dhcp_configurations: tuple[DhcpConfiguration, ...] = ()
    tags: tuple[Tag, ...] = ()

    def values_of(self, key: str) -> tuple[str, ...]:
        """The values of one option, such as `domain-name-servers`."""
        return tuple(value.value for option in self.dhcp_configurations if option.key == key for value in option.values)


class AttributeBooleanValue(Shape, frozen=True, kw_only=True):
    """AttributeBooleanValue (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttributeBooleanValue.html)."""

    value: bool = False


class VpcAttribute(Shape, frozen=True, kw_only=True):
    """DescribeVpcAttribute (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcAttribute.html)."""

    vpc_id: str = ""
    enable_dns_support: AttributeBooleanValue | None = None
    enable_dns_hostnames: AttributeBooleanValue | None = None
