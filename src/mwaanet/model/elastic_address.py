"""Elastic IP addresses."""

from __future__ import annotations

from mwaanet.model.record import Record


class Address(Record, frozen=True, kw_only=True):
    """Address (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html)."""

    public_ip: str = ""
    private_ip_address: str = ""
    network_interface_id: str = ""
