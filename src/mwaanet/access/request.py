"""A request as IAM sees it: who, what, on which resource, and the context in which it is made.

Pages: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
and, for when each key is present,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from mwaanet.access.addresses import AddressRanges
from mwaanet.access.errors import AccessError

ABSENT: tuple[str, ...] = ()
"""The context value of a key that is known not to be in the request."""

ADDRESS_KEYS = frozenset({"aws:sourceip", "aws:vpcsourceip"})
"""Keys whose context values are ranges, one address of which is the request's."""

_ARN = re.compile(r"arn:[\w-]+:(iam|sts)::(\d{12}):(.+)", re.DOTALL)


class PrincipalKind(StrEnum):
    """The kinds of principal that make requests.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """

    ROLE = "role"
    """A session of an IAM role: whoever uses a role makes requests as one of its sessions."""
    USER = "user"
    ROOT = "account"
    """The root user of an account."""
    FEDERATED_USER = "federated user"
    """A session made by `GetFederationToken`; `arn` is its user's, `session_arn` its own."""
    FEDERATED = "federated"
    """Somebody who comes with a token of an identity provider, whose name or ARN is `arn`."""
    SERVICE = "service"
    """An AWS service by itself; `arn` is its name, such as `airflow.amazonaws.com`."""
    ANONYMOUS = "anonymous"


_KIND_BY_RESOURCE = {
    "role": PrincipalKind.ROLE,
    "user": PrincipalKind.USER,
    "root": PrincipalKind.ROOT,
    "federated-user": PrincipalKind.FEDERATED_USER,
    "saml-provider": PrincipalKind.FEDERATED,
    "oidc-provider": PrincipalKind.FEDERATED,
}


class Principal(Struct, frozen=True, kw_only=True):
    """Who makes the request."""

    arn: str
    """The ARN of the role, user, account root or identity provider, or a service's name; "" for anonymous."""
    account: str
    """The account the principal belongs to; "" for a service and for anonymous."""
    kind: PrincipalKind
    session_arn: str | None = None
    """The ARN of the session, `arn:aws:sts::<account>:assumed-role/<role>/<name>`; None where the name is not known."""
    canonical_id: str | None = None
    """The account's canonical user id, as bucket policies may name it; None where it is not known."""

    @classmethod
    def parse(cls, name: str, *, session_arn: str | None = None) -> Principal:
        """The principal that an ARN, an account id or a service's name stands for.

        The ARN of a role's session does not tell the path of its role: give the role's ARN and `session_arn`.
        """
        if re.fullmatch(r"\d{12}", name):
            name = f"arn:aws:iam::{name}:root"
        if re.fullmatch(r"[\w.-]+\.amazonaws\.com(\.cn)?", name):
            return cls(arn=name, account="", kind=PrincipalKind.SERVICE)
        match = _ARN.fullmatch(name)
        kind = _KIND_BY_RESOURCE.get(match.group(3).split("/", 1)[0]) if match else None
        if match is None or kind is None:
            raise AccessError("request", "principal", f"expected the ARN of a role or user, found {name!r}")
        return cls(arn=name, account=match.group(2), kind=kind, session_arn=session_arn)

    @property
    def name(self) -> str:
        """The friendly name: the last part of the ARN's path."""
        return self.arn.rsplit("/", 1)[-1]


class Request(Struct, frozen=True, kw_only=True):
    """One call to AWS, to be allowed or refused."""

    principal: Principal
    action: str
    """Service and action, such as `s3:GetObject`."""
    resource: str
    """The ARN of the resource, or `*` for an action that works on none."""
    resource_account: str | None
    """The account that owns the resource; None where it is not known."""
    region: str
    """The Region that is called."""
    whole: bool = False
    """Whether a resource with a wildcard stands for everything that fits it: where part of that is denied, it is
    undecided. Otherwise such a resource is one that is written with an asterisk."""
    context: Mapping[str, tuple[str, ...]] = {}
    """Values by condition key (names are case-insensitive). A key that is missing here is *not known*; a key with
    `ABSENT` is known not to be in the request. The values of `aws:SourceIp` and `aws:VpcSourceIp` are addresses,
    CIDRs or ranges, one address of which is the request's; those of any other key are all in the request."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^:*?\s]+:[^:*?\s]+", self.action):
            raise AccessError("request", "action", f"expected service:Action, found {self.action!r}")
        context: dict[str, tuple[str, ...]] = {}
        for key, values in self.context.items():
            folded = key.lower()
            if folded in context:
                raise AccessError("request", f"context/{key}", "expected each key once; their names ignore case")
            context[folded] = tuple(values)
            if folded in ADDRESS_KEYS and AddressRanges.parse(values) is None:
                raise AccessError("request", f"context/{key}", f"expected addresses, found {values!r}")
        force_setattr(self, "context", context)

    @property
    def service(self) -> str:
        """The action's service prefix, in lower case."""
        return self.action.split(":", 1)[0].lower()


def through_endpoint(endpoint_id: str, vpc_id: str, *sources: str) -> dict[str, tuple[str, ...]]:
    """The context of a TLS request that goes through a VPC endpoint, from one of the private addresses `sources`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpce
    """
    context = {"aws:SourceVpce": (endpoint_id,), "aws:SourceVpc": (vpc_id,), "aws:SecureTransport": ("true",)}
    return context | {"aws:SourceIp": ABSENT} | ({"aws:VpcSourceIp": sources} if sources else {})


def through_internet(*sources: str) -> dict[str, tuple[str, ...]]:
    """The context of a TLS request to the service's public endpoint, from one of the public addresses `sources`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
    """
    absent = dict.fromkeys(("aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp"), ABSENT)
    return absent | {"aws:SecureTransport": ("true",)} | ({"aws:SourceIp": sources} if sources else {})
