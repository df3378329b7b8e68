"""NAT gateways."""

from mwaanet.model.record import Ip, Record, Shape, Tag
from mwaanet.model.state import same_state


class NatGatewayAddress(Shape, frozen=True, kw_only=True):
    """NatGatewayAddress (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGatewayAddress.html)."""

    private_ip: Ip = Ip("")
    public_ip: Ip = Ip("")
    network_interface_id: str = ""
    availability_zone_id: str = ""
    status: str = "succeeded"

    @property
    def is_in_use(self) -> bool:
        """Whether packets are sent from it: one that is being added, or could not be, sends none."""
        return bool(self.private_ip) and not same_state(self.status, "assigning", "associating", "failed")


class NatGatewayAttachedAppliance(Shape, frozen=True, kw_only=True):
    """NatGatewayAttachedAppliance (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGatewayAttachedAppliance.html)."""

    appliance_arn: str = ""
    attachment_state: str = ""

    @property
    def is_attached(self) -> bool:
        """Whether it may see packets."""
        return not same_state(self.attachment_state, "detached", "attach-failed")


class NatGateway(Record, frozen=True, kw_only=True):
    """NatGateway (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html)."""

    nat_gateway_id: str
    vpc_id: str = ""
    subnet_id: str = ""
    state: str = ""
    nat_gateway_addresses: tuple[NatGatewayAddress, ...] = ()
    attached_appliances: tuple[NatGatewayAttachedAppliance, ...] = ()
    tags: tuple[Tag, ...] = ()
