"""What an evaluation hands back: the answer, the statement that decided it, and every layer that refuses."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from mwaanet.model.unknown import Unknown


class Effect(StrEnum):
    """What a statement does to the requests it applies to."""

    ALLOW = "Allow"
    DENY = "Deny"


class Layer(StrEnum):
    """The kinds of policy that take part in an evaluation.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types
    """

    IDENTITY = "identity policy"
    RESOURCE = "resource policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    ENDPOINT = "endpoint policy"
    ORGANISATION = "organisation policy"


class DecidingStatement(Struct, frozen=True, kw_only=True):
    """Where an answer stands written: a statement of a policy, or a grant on a KMS key."""

    policy: str
    """The policy's name, as the caller named it."""
    resource_id: str
    """The resource whose document it is: a role's, bucket's, key's or endpoint's id."""
    index: int
    """The statement's place in the document, from 0."""
    sid: str
    """The statement's `Sid`, or "" where it has none."""
    layer: Layer
    effect: Effect

    def __str__(self) -> str:
        sid = f" '{self.sid}'" if self.sid else ""
        owner = f" of {self.resource_id}" if self.resource_id and self.resource_id != self.policy else ""
        return f"statement {self.index}{sid} in {self.layer} {self.policy}{owner}"


class Refusal(NamedTuple):
    """One Deny, or one layer without a needed Allow, that refuses the request, whatever the others say."""

    layer: Layer
    statement: DecidingStatement | None
    """The explicit Deny; None where the layer refuses by allowing nothing that fits."""
    reason: str

    @property
    def explicit(self) -> bool:
        """Whether a Deny statement refuses, rather than the lack of an Allow."""
        return self.statement is not None


class Decision(Struct, frozen=True, kw_only=True):
    """The answer to one request."""

    allowed: bool | None
    """None: it depends on something that is not known."""
    reason: str
    """One sentence that names the deciding statement, the refusing layers, or what is not known."""
    decided_by: DecidingStatement | None = None
    """The Allow or the Deny that settled it; None where nothing allowed it, or where it is undecided."""
    layers: tuple[Refusal, ...] = ()
    """All that refuses in every layer, not only the first. An undecided request may have some too: where one of two
    layers suffices, the other may still allow it."""
    unknown: tuple[Unknown, ...] = ()
    """The policies that could not be read and that could change the answer."""
    keys: tuple[str, ...] = ()
    """The condition keys, as the policies write them, whose values are not known and that could change the answer.
    Where a principal cannot be decided: `Principal`, `NotPrincipal`, `CanonicalUser` or "the role session's name"."""
    undecided: tuple[DecidingStatement, ...] = ()
    """The statements in which those keys stand."""
    assumptions: tuple[str, ...] = ()
    """What was left out for want of evidence, each once."""
