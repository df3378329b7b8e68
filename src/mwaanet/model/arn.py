"""Amazon Resource Names, taken apart: `arn:partition:service:region:account:resource`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from typing import NamedTuple


class Arn(NamedTuple):
    """The parts of an ARN; Region and account are empty where the resource has none."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """The parts of a text that is an ARN; None for any other text."""
        parts = text.split(":", 5)
        return cls(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None


def place_in(text: str, otherwise: tuple[str, str]) -> tuple[str, str]:
    """Account and Region as an ARN names them; those it does not name are the other ones."""
    arn = Arn.parse(text)
    return (arn.account or otherwise[0], arn.region or otherwise[1]) if arn else otherwise


def partition_of(region: str) -> str:
    """The partition in which a Region lies: aws, aws-cn or aws-us-gov."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")
