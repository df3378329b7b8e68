"""KMS keys that customers manage: which key a setting means, and whether it is AWS's own.

A key is named by its id, its ARN or an alias (https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html).
AWS owned and AWS managed keys are taken as working and asked nothing of.
"""

from __future__ import annotations

from mwaanet.access import is_aws_managed_key, is_aws_owned_key
from mwaanet.checks.subject import Fact, Subject
from mwaanet.graph.flight import Evidence
from mwaanet.model.arn import place_in
from mwaanet.model.decode import decode_raw
from mwaanet.model.key import Aliases, KeyDescription
from mwaanet.model.state import same_state
from mwaanet.model.unknown import Unknown


def customer_key(subject: Subject, text: str | None) -> Fact | Unknown:
    """The ARN of the customer managed key that a setting means; empty where it is none."""
    if text is None or is_aws_owned_key(text) or is_aws_managed_key(text):
        return Fact("")
    found = _by_alias(subject, text) if "alias/" in text else Fact(_arn(subject, text))
    if isinstance(found, Unknown) or not found.value:
        return found
    managed = _managed_by_aws(subject, str(found.value))
    return Fact("", (*found.evidence, *managed)) if managed else found


def _arn(subject: Subject, text: str) -> str:
    if text.startswith("arn:"):
        return text
    return f"arn:{subject.partition}:kms:{subject.region}:{subject.account}:key/{text.removeprefix('key/')}"


def _by_alias(subject: Subject, text: str) -> Fact | Unknown:
    """The key behind an alias, in the account and Region of the alias."""
    account, region = place_in(text, (subject.account, subject.region))
    answer = subject.inventory.whole_raw("kms", "list-aliases", account, region)
    if answer is None or isinstance(answer, Unknown):
        return answer or Unknown(reason=f"the key of {text} is not known")
    alias = text.rpartition(":")[2]
    for entry in decode_raw(answer[1].document, answer[0], Aliases, "").aliases:
        if entry.alias_name == alias and entry.target_key_id:
            arn = f"arn:{subject.partition}:kms:{region}:{account}:key/{entry.target_key_id}"
            return Fact(arn, (Evidence(answer[1]),))
    return Unknown(reason=f"{alias} is not among the aliases of {account} {region}")


def _managed_by_aws(subject: Subject, arn: str) -> tuple[Evidence, ...]:
    """Where it says that the key is AWS managed; empty where it does not."""
    account, region = place_in(arn, (subject.account, subject.region))
    answer = subject.inventory.call_with_origin("kms", "describe-key", account, region, KeyDescription, KeyId=arn)
    if not isinstance(answer, tuple):
        return ()
    metadata = answer[0].key_metadata
    manager = metadata.key_manager if metadata else ""
    return (Evidence(answer[1]),) if same_state(manager, "AWS") else ()
