"""Virtual network interfaces: workers come and go, so each subnet has one for all that may come."""

from dataclasses import dataclass

from mwaanet.model.record import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualInterface:
    """An interface that holds every usable address of its subnet that no described interface holds."""

    id: str
    subnet_id: str
    groups: tuple[str, ...]
    origin: Origin | None
