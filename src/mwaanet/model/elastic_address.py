"""Elastic IP addresses."""

from mwaanet.model.record import Ip, Record


class Address(Record, frozen=True, kw_only=True):
    """Address (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html)."""

    public_ip: Ip = Ip("")
    private_ip_address: Ip = Ip("")
    network_interface_id: str = ""
