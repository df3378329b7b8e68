"""ARNs, and texts that are none.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import pytest

from mwaanet.model.arn import Arn, partition_of, place_in

HERE = ("111122223333", "us-east-1")


def test_its_parts() -> None:
    assert Arn.parse("arn:aws-cn:sns:cn-north-1:123456789012:topic:sub") == Arn(
        "aws-cn", "sns", "cn-north-1", "123456789012", "topic:sub"
    )


@pytest.mark.parametrize("text", ["", "arn", "arn:aws:s3", "arn:aws:s3::", "*", "key/1234", "a:b:c:d:e:f"])
def test_a_text_that_is_none(text: str) -> None:
    assert Arn.parse(text) is None
    assert place_in(text, HERE) == HERE


def test_what_it_leaves_out_is_taken_from_elsewhere() -> None:
    assert place_in("arn:aws:s3:::bucket", HERE) == HERE
    assert place_in("arn:aws:iam::123456789012:role/r", HERE) == ("123456789012", "us-east-1")


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov")]
)
def test_the_partition_of_a_region(region: str, partition: str) -> None:
    assert partition_of(region) == partition
