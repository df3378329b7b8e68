"""What lets a name lead where it should, by what decided that it does not."""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Cause
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.leads import expected_endpoint
from mwaanet.checks.selectors import HostName
from mwaanet.fixes.change import Change
from mwaanet.mending.names import alias, associated, private_dns, switched_off, switched_on
from mwaanet.paths.question import Endpoint

_RECORDS = (Fault.NAME_NXDOMAIN, Fault.NAME_NO_DATA, Fault.NAME_WRONG_ENDPOINT, Fault.NAME_STALE)


def with_changes(context: Context, source: Endpoint, host: HostName, cause: Cause) -> Cause:
    """The cause of a name's fault with the changes that mend it, where none are told yet."""
    changes = () if cause.changes or not cause.resources else _changes(context, source, host, cause)
    return replace(cause, changes=changes) if changes else cause


def _changes(context: Context, source: Endpoint, host: HostName, cause: Cause) -> tuple[Change, ...]:
    inventory, first = context.inventory, cause.resources[0]
    off = switched_off(inventory, first)
    if off:
        return tuple(switched_on(inventory, first, attribute) for attribute in off)
    if cause.code == Fault.NAME_ZONE_NOT_ASSOCIATED and len(cause.resources) > 1:
        return associated(inventory, first, cause.resources[1])
    if cause.code in _RECORDS and first in inventory.hosted_zones:
        return alias(inventory, first, host.name, expected_endpoint(context, source, host))
    endpoint = inventory.vpc_endpoints.get(first)
    if cause.code == Fault.NAME_LEFT_TO_PUBLIC and endpoint is not None and not endpoint.private_dns_enabled:
        return (private_dns(inventory, endpoint),)
    return ()
