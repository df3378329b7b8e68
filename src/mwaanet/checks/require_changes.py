"""The changes after which a plain fact holds, by the call or the fact that tells it."""

from __future__ import annotations

from collections.abc import Mapping

from mwaanet.checks.facts import Facts
from mwaanet.fixes.bucket import BucketVersioning, PublicAccessBlock
from mwaanet.fixes.change import Change
from mwaanet.fixes.policy import KeyEnabled
from mwaanet.model.arn import place_in


def changes_for(
    facts: Facts, call: str, parameters: Mapping[str, str], names: tuple[str, ...], document: object
) -> tuple[Change, ...]:
    """The change for what a call answered, or for one of the facts; nothing where no setting decides it."""
    account, region = facts.account, facts.region
    if call == "s3/get-bucket-versioning":
        return (BucketVersioning(account=account, region=region, bucket=parameters["Bucket"]),)
    if (
        call == "kms/describe-key"
        and isinstance(document, Mapping)
        and isinstance(document.get("KeyMetadata"), Mapping)
    ):
        key = parameters["KeyId"]
        pending = document["KeyMetadata"].get("KeyState") == "PendingDeletion"
        account, region = place_in(key, (account, region))
        return (KeyEnabled(account=account, region=region, key=key, pending=pending),)
    if "bucket_unblocked" in names:
        return (PublicAccessBlock(account=account, region=region, bucket=facts.bucket),)
    return ()
