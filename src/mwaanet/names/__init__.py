"""DNS as seen from a place: what a name resolves to, who decided it, and the DNS flows that the answer rests on."""

from mwaanet.names.answer import ClientVpnPlace, Outcome, Place, Query, Resolution, SitePlace, Step, VpcPlace
from mwaanet.names.hosted_zone import private_zones_having
from mwaanet.names.inbound import outbound_endpoint_at
from mwaanet.names.known import name_alike
from mwaanet.names.public_service import PACKAGE_HOSTS
from mwaanet.names.resolve import resolve, resolve_in_zone, resolve_publicly, servers_of
from mwaanet.names.service import service_name
from mwaanet.names.web_server import private_name, public_name

__all__ = [
    "PACKAGE_HOSTS",
    "ClientVpnPlace",
    "Outcome",
    "Place",
    "Query",
    "Resolution",
    "SitePlace",
    "Step",
    "VpcPlace",
    "name_alike",
    "outbound_endpoint_at",
    "private_name",
    "private_zones_having",
    "public_name",
    "resolve",
    "resolve_in_zone",
    "resolve_publicly",
    "servers_of",
    "service_name",
]
