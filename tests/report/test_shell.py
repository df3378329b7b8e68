import json
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mwaanet.report.shell import command_lines

POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*", "Principal": "*"}],
}


def run(lines: list[str]) -> list[str]:
    """The words that a shell would make of the lines; it drops a backslash at a line's end, and the break."""
    return shlex.split("\n".join(lines).replace("\\\n", ""))


def test_a_short_command_is_one_line() -> None:
    assert command_lines("aws ec2 describe-vpcs", 80, 4) == ["    aws ec2 describe-vpcs"]


def test_an_option_stays_with_its_value() -> None:
    command = "aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-0a1b --add-route-table-ids rtb-0c2d"
    assert command_lines(command, 60, 2) == [
        "  aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-0a1b \\",
        "      --add-route-table-ids rtb-0c2d",
    ]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_quoted_json_is_broken_between_its_tokens(width: int) -> None:
    lines = command_lines(f"aws ec2 modify --policy-document '{json.dumps(POLICY)}' --yes", width, 8)
    assert max(map(len, lines)) <= width
    words = run(lines)
    assert words[:4] == ["aws", "ec2", "modify", "--policy-document"]
    assert json.loads(words[4]) == POLICY
    assert words[5:] == ["--yes"]


def test_strings_inside_json_are_left_whole() -> None:
    document = {"a": 'comma, and "quote" [bracket', "b": "x" * 30}
    lines = command_lines(f"aws put --document '{json.dumps(document)}'", 60, 2)
    assert json.loads(run(lines)[-1]) == document


@pytest.mark.parametrize(
    "word",
    [
        "arn:aws:elasticloadbalancing:us-east-1:222233334444:loadbalancer/net/nexus-privatelink-nlb/50dc6c495c0c9188",
        "'" + "not json, but long " * 8 + "'",
        '"' + "double quoted " * 8 + '"',
        '"' + 'escaped \\" quote \\\\ ' * 8 + '"',
        "'[\"" + "a token too long for a line " * 6 + "\"]'",
        "plain'mixed quotes that go on and on and on and on'\"and on and on and on and on\"",
        "\\\\" * 40,
    ],
)
@pytest.mark.parametrize("width", [40, 41, 42, 60])
def test_a_long_word_can_still_be_copied(word: str, width: int) -> None:
    command = f"aws elbv2 modify --arn {word} --tail end"
    lines = command_lines(command, width, 8)
    assert max(map(cell_len, lines)) <= width
    assert run(lines) == shlex.split(command)


@settings(deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), max_size=90), min_size=1),
    st.integers(40, 100),
    st.integers(0, 10),
)
def test_any_command_survives(words: list[str], width: int, indent: int) -> None:
    command = shlex.join(words)
    lines = command_lines(command, width, indent)
    assert max(map(cell_len, lines)) <= width
    if not any(word.lstrip().startswith(("[", "{", '"')) or word.isdecimal() for word in words):
        assert run(lines) == words
