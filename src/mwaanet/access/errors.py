"""The one error of this package: a policy document, or a request, that cannot be used."""

from __future__ import annotations

from mwaanet.errors import InputError


class AccessError(InputError, ValueError):
    """A policy document that is not one, or a request that contradicts itself.

    `file` names the policy (or says "request"), `place` is the JSON pointer of the offending element.
    Whoever evaluates access on data from outside turns it into an `Unknown` policy.
    """
