"""What the nodes of a picture are called."""

from __future__ import annotations

import pytest

from mwaanet.report.picture import Node, State
from mwaanet.report.picture_text import kind_of


@pytest.mark.parametrize(
    ("component", "noun"),
    [
        ("arn:aws:kms:us-east-1:111122223333:key/af124dc2", "Key"),
        ("arn:aws-cn:kms:cn-north-1:111122223333:key/af124dc2", "Key"),
        ("arn:aws-us-gov:iam::111122223333:role/airflow", "Role or user"),
        ("tgw-rtb-06861e266bda4fa01", "Transit gateway route table"),
        ("vpce-svc-04d10f5a603bc3d01", "Endpoint service"),
        ("dc.routes", "On-premises routes"),
        ("arn:aws:sqs:us-east-1:111122223333:queue", "Configuration"),
    ],
)
def test_what_no_packet_passes_has_a_noun_by_its_id(component: str, noun: str) -> None:
    node = Node(id=component, component=component, kind="configuration", state=State.STOPPED)
    assert kind_of(node) == noun
