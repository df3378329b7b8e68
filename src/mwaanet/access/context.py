"""The request context: what is known of each condition key, given or derived from the request.

Derived are only keys that the request itself fixes, and the presence rules of the network keys: a request through a
VPC endpoint has `aws:SourceVpce`, `aws:SourceVpc` and `aws:VpcSourceIp` and no `aws:SourceIp`; any other has none of
the first three. A key that is neither given nor derived is unknown.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (the "Availability" of each),
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_policies.html (who comes with an identity
provider's token has no AWS identity yet, and none of its keys)

Not modelled: `aws:PrincipalArn` and `aws:PrincipalAccount` of a service principal (unknown); the few services that do
not support `aws:SourceVpc` although they are called through an endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

from mwaanet.access.addresses import AddressRanges
from mwaanet.access.request import ADDRESS_KEYS, Principal, PrincipalKind, Request


class Presence(Enum):
    """What is known of a key whose values are not."""

    ABSENT = "not in the request"
    PRESENT = "in the request, with a value that is not known"
    UNKNOWN = "not known to be in the request"


Fact: TypeAlias = tuple[str, ...] | Presence

_ENDPOINT_KEYS = ("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip")
_ENDPOINT_OWNER_KEYS = ("aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")
"""Keys of requests through a VPC endpoint to those services that support them."""
_SERVICE_KEYS = (
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
)
"""Keys of requests that a service's principal makes itself."""
_IDENTITY_KEYS = ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths")
_LISTING = frozenset({"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads"})
_IDENTITIES = frozenset(
    {PrincipalKind.ROLE, PrincipalKind.USER, PrincipalKind.ROOT, PrincipalKind.FEDERATED_USER},
)


class RequestContext:
    """A request with what is known of its condition keys."""

    def __init__(self, request: Request, *, bounded: bool | None = False) -> None:
        self.request = request
        self.bounded = bounded
        """Whether the principal has a permissions boundary; None where that is not known."""
        facts: dict[str, Fact] = {"aws:securetransport": Presence.PRESENT}
        facts |= _principal_facts(request.principal) | _action_facts(request)
        if request.resource_account is not None:
            facts["aws:resourceaccount"] = (request.resource_account,)
        given: dict[str, Fact] = {key: values or Presence.ABSENT for key, values in request.context.items()}
        self._facts: Mapping[str, Fact] = {**facts, **_network_facts(given), **given}

    def lookup(self, key: str) -> Fact:
        """The values of a key, or what else is known of it."""
        return self._facts.get(key.lower(), Presence.UNKNOWN)

    def ranges(self, key: str, fact: tuple[str, ...]) -> AddressRanges | None:
        """The addresses that the values of an address key stand for; None for any other key."""
        return AddressRanges.parse(fact) if key.lower() in ADDRESS_KEYS else None


def _principal_facts(principal: Principal) -> dict[str, Fact]:
    """Keys about the principal, which it fixes itself.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
    """
    facts: dict[str, Fact] = {}
    kind = principal.kind
    if kind in _IDENTITIES:
        own = principal.session_arn if kind is PrincipalKind.FEDERATED_USER else principal.arn
        facts["aws:principalarn"] = Presence.PRESENT if own is None else (own,)
        facts["aws:principalaccount"] = (principal.account,)
    if kind is PrincipalKind.USER:
        facts["aws:username"] = (principal.name,)
    elif kind is not PrincipalKind.SERVICE:
        facts["aws:username"] = Presence.ABSENT
    if kind is not PrincipalKind.SERVICE:
        facts |= dict.fromkeys(_SERVICE_KEYS, Presence.ABSENT)
    if kind in (PrincipalKind.FEDERATED, PrincipalKind.ANONYMOUS):
        facts |= dict.fromkeys(_IDENTITY_KEYS, Presence.ABSENT)
    if kind is PrincipalKind.ANONYMOUS:
        facts["aws:principalaccount"] = ("anonymous",)
    return facts


def _action_facts(request: Request) -> dict[str, Fact]:
    """Keys of one service are not in the requests to another, nor `s3:prefix` in one that lists nothing.

    The accounts of the caller of KMS and of S3's resource have keys of their own
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account).
    """
    facts: dict[str, Fact] = {}
    if request.service != "kms":
        facts["kms:viaservice"] = facts["kms:calleraccount"] = Presence.ABSENT
    elif request.principal.kind in _IDENTITIES:
        facts["kms:calleraccount"] = (request.principal.account,)
    if request.service != "s3":
        facts["s3:resourceaccount"] = Presence.ABSENT
    elif request.resource_account is not None:
        facts["s3:resourceaccount"] = (request.resource_account,)
    if request.action.lower() not in _LISTING:
        facts["s3:prefix"] = Presence.ABSENT
    return facts


def _network_facts(given: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """What the given network keys tell of those that are not given.

    Nothing where a service passes a request on (forward access session): the endpoint of the first request is not
    preserved. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
    """
    if given.get("kms:viaservice", Presence.ABSENT) is not Presence.ABSENT:
        return {}
    known = [given[key] for key in _ENDPOINT_KEYS if key in given]
    if any(fact is not Presence.ABSENT for fact in known):
        return dict.fromkeys(_ENDPOINT_KEYS, Presence.PRESENT) | {"aws:sourceip": Presence.ABSENT}
    if known or given.get("aws:sourceip", Presence.ABSENT) is not Presence.ABSENT:
        return dict.fromkeys((*_ENDPOINT_KEYS, *_ENDPOINT_OWNER_KEYS), Presence.ABSENT)
    return {}
