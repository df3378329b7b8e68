"""Expressions that would hold of anything, for what they speak of is not there."""

from __future__ import annotations

import pytest

from mwaanet.checks.idle_expressions import idle

RULES = [{"FromPort": 22, "Cidr": "0.0.0.0/0"}]
DOCUMENT = {
    "Groups": [
        {"GroupId": "sg-1", "VpcId": "vpc-1", "Rules": RULES, "Tags": [{"Key": "Name", "Value": "x"}]},
        {"GroupId": "sg-2", "VpcId": "vpc-1", "Rules": []},
    ],
    "Count": 2,
    "State": "on",
}


@pytest.mark.parametrize(
    "expression",
    [
        "Groups[?GroupId=='sg-9'].Rules[]",
        "Groups[?'sg-9'==GroupId].Rules[?FromPort==`22`]",
        "Groups[?GroupId=='sg-9' && VpcId=='vpc-1'].Rules[]",
        "Groups[?GroupId=='sg-9'] | [0].Rules",
        "(Groups[?GroupId=='sg-9'])[0].Rules",
        "length(Groups[?GroupId=='sg-9'].Rules[]) == `0`",
        "!(Groups[?GroupId=='sg-9'].Rules[])",
        "Count == `2` && Groups[?GroupId=='sg-9'].Rules[]",
        "Groups[?GroupId=='sg-9'].Rules[].Cidr | contains(@, '0.0.0.0/0')",
        "Missing[?GroupId=='sg-1'].Rules",
        "Groups[2].GroupId",
        "Groups[0].Tags[1].Value == 'x'",
        "Groups[2].Rules[?FromPort==`22`]",
        "Nothing > `1`",
        "!(State < `1`)",
        "to_number(State) >= `1`",
    ],
)
def test_what_says_nothing(expression: str) -> None:
    assert idle(expression, DOCUMENT)


@pytest.mark.parametrize(
    "expression",
    [
        "Groups[?GroupId=='sg-2'].Rules[]",
        "Groups[?GroupId=='sg-9']",
        "Groups[?GroupId=='sg-9'] | [0]",
        "length(Groups[?GroupId=='sg-9']) == `0`",
        "!(Groups[?GroupId=='sg-9'])",
        "Groups[?GroupId!='sg-9'].Rules[]",
        "Groups[].Rules[?FromPort==`443`].Cidr",
        "Groups[0].Tags[?Key=='owner'].Value",
        "Groups[?Rules[?FromPort==`443`]].GroupId",
        "Groups[2]",
        "Groups[-1].Rules[]",
        "Groups[1].Tags[0]",
        "Count > `5`",
        "State == 'off' || Nothing > `1`",
    ],
)
def test_what_says_something(expression: str) -> None:
    assert idle(expression, DOCUMENT) == ""
