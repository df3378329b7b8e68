"""AWS's host names: the service, the Region and the suffix stay; what a customer has named is replaced.

https://docs.aws.amazon.com/general/latest/gr/rande.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from mwaanet.redact.vocabulary import AWS_LABELS

SUFFIX: Final = (
    r"(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|api\.amazonwebservices\.com\.cn|aws\.amazon\.com|amazon\.com|aws\.dev"
    r"|ec2\.internal|compute\.internal|cloudfront\.net|awsglobalaccelerator\.com)"
)
_PARTS: Final = re.compile(rf"(?P<head>.*?)\.?(?P<suffix>{SUFFIX})", re.IGNORECASE)
_REGION: Final = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d")
_RANDOM: Final = re.compile(r"(?=[0-9a-f]*\d)[0-9a-f]{8}|\d{6}")
"""What only ids have."""
_SHORT: Final = re.compile(r"\*|c\d{1,3}")


def replace_aws_host(host: str, rename: Callable[[str], str]) -> str:
    """An AWS host name with the labels that a customer has named renamed, read from its end."""
    match = _PARTS.fullmatch(host)
    if match is None or not match["head"]:
        return host
    labels = match["head"].split(".")
    kept: list[str] = []
    service_seen = match["suffix"].lower() in ("ec2.internal", "compute.internal")
    while labels:
        label = labels[-1]
        if not _is_aws_label(label):
            if service_seen or _RANDOM.search(label):
                break
            service_seen = True
        kept.append(labels.pop())
    custom = [rename(".".join(labels))] if labels else []
    return ".".join([*custom, *reversed(kept), match["suffix"]])


def _is_aws_label(label: str) -> bool:
    low = label.lower()
    return low in AWS_LABELS or bool(_REGION.fullmatch(low) or _SHORT.fullmatch(low))
