"""What is known of an environment's bucket its keys, its public access block, what its policy demands.

Pages: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-s3-bucket.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html (the bucket's own block
and the account's work together), https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html

Not modelled: Block Public Access that an organisation sets for its accounts, encryption keys of single DAG files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mwaanet.access import Effect, Policy
from mwaanet.checks.keys import customer_key
from mwaanet.checks.principal_policies import parsed
from mwaanet.checks.subject import Fact, Subject, of_documents
from mwaanet.graph.flight import Evidence
from mwaanet.model.bucket import BucketEncryption, BucketPolicy, PublicAccessBlock
from mwaanet.model.record import Origin
from mwaanet.model.unknown import Unknown
from mwaanet.snapshot import CallRef

FLAGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ENDPOINT_KEYS = frozenset({"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"})


def bucket_call(
    subject: Subject, operation: str, kind: type[Any], bucket: str = "", **parameters: str
) -> tuple[Any, tuple[Evidence, ...]] | Unknown:
    """A bucket's answer (None where it is not there) and where it was read: the first Region that has one."""
    unknown: Unknown | None = None
    for region in subject.regions_of("s3", operation):
        found = subject.inventory.call_with_origin(
            "s3", operation, subject.account, region, kind, Bucket=bucket or subject.bucket, **parameters
        )
        if isinstance(found, tuple):
            return found[0], (Evidence(found[1]),)
        if found is None:
            ref = CallRef(subject.account, region, "s3", operation)
            asked = {"Bucket": bucket or subject.bucket, **parameters}
            return None, of_documents(subject.inventory, subject.inventory.proof_of_absence(ref, **asked))
        unknown = unknown or found
    return unknown or Unknown(reason=f"{operation} of {subject.bucket} is not known")


def bucket_keys(subject: Subject) -> Fact | Unknown:
    """The customer managed keys of the bucket's default encryption and of the environment's files in it."""
    answer = bucket_call(subject, "get-bucket-encryption", BucketEncryption)
    if isinstance(answer, Unknown):
        return answer
    encryption, evidence = answer
    keys: dict[str, None] = {}
    for text in _default_keys(encryption):
        key = customer_key(subject, text)
        if isinstance(key, Unknown):
            return key
        evidence = (*evidence, *key.evidence)
        keys.update({str(key.value): None} if key.value else {})
    for head, where in _heads(subject):
        key = customer_key(subject, head.get("SSEKMSKeyId"))
        if isinstance(key, Fact) and key.value and key.value not in keys:
            keys[str(key.value)] = None
            evidence = (*evidence, Evidence(where), *key.evidence)
    return Fact(tuple(keys), evidence)


def _default_keys(encryption: BucketEncryption | None) -> Iterator[str]:
    for rule in encryption.server_side_encryption_configuration.rules if encryption else ():
        default = rule.apply_server_side_encryption_by_default
        if default and default.sse_algorithm.startswith("aws:kms"):
            yield default.kms_master_key_id


def _heads(subject: Subject) -> Iterator[tuple[dict[str, Any], Origin]]:
    """What is known of the environment's files."""
    environment = subject.environment
    for key in (
        environment.requirements_s3_path,
        environment.plugins_s3_path,
        environment.startup_script_s3_path,
    ):
        answer = bucket_call(subject, "head-object", dict, Key=key) if key else None
        if isinstance(answer, tuple) and answer[0] is not None and answer[1][0].origin is not None:
            yield answer[0], answer[1][0].origin


def public_access(subject: Subject) -> Fact | Unknown:
    """The four settings of Block Public Access that neither the bucket nor its account has on.

    Where each of the two alone has all of them on, the answer rests on neither call.
    """
    own, account = bucket_call(subject, "get-public-access-block", PublicAccessBlock), _account_block(subject)
    answers = [answer for answer in (own, account) if not isinstance(answer, Unknown)]
    enough = [where for answer, where in answers if len(_blocked(answer)) == len(FLAGS)]
    if enough:
        return Fact((), enough[0] if len(enough) == 1 else ())
    if isinstance(own, Unknown):
        return own
    if isinstance(account, Unknown):
        return account
    blocked = _blocked(own[0]) | _blocked(account[0])
    return Fact(tuple(flag for flag in FLAGS if flag not in blocked), (*own[1], *account[1]))


def _account_block(subject: Subject) -> tuple[PublicAccessBlock | None, tuple[Evidence, ...]] | Unknown:
    inventory, account, operation = subject.inventory, subject.account, "get-public-access-block"
    unknown: Unknown | None = None
    for region in subject.regions_of("s3control", operation):
        found = inventory.call_with_origin(
            "s3control", operation, account, region, PublicAccessBlock, AccountId=account
        )
        if isinstance(found, tuple):
            return found[0], (Evidence(found[1]),)
        if found is None:
            return None, of_documents(inventory, CallRef(account, region, "s3control", operation))
        unknown = unknown or found
    return unknown or Unknown(reason=f"the public access block of {account} is not known")


def _blocked(answer: PublicAccessBlock | None) -> set[str]:
    settings = answer.public_access_block_configuration or {} if answer is not None else {}
    return {flag for flag in FLAGS if settings.get(flag) is True}


def bucket_demands_endpoint(subject: Subject) -> Fact | Unknown:
    """Whether a Deny of the bucket's policy looks at the VPC or the VPC endpoint by which a request comes."""
    answer = bucket_call(subject, "get-bucket-policy", BucketPolicy)
    if isinstance(answer, Unknown):
        return answer
    policy = parsed(answer[0].policy, "the bucket policy", subject.bucket) if answer[0] else None
    return policy if isinstance(policy, Unknown) else Fact(policy is not None and _demands(policy), answer[1])


def _demands(policy: Policy) -> bool:
    return any(
        condition.key.lower() in _ENDPOINT_KEYS
        for statement in policy.statements
        if statement.effect is Effect.DENY
        for condition in statement.conditions
    )
