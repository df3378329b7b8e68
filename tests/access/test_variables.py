"""Policy variables."""

from __future__ import annotations

import pytest

from access.cases import ROLE, USER, allow, deny, identity, policy, request
from mwaanet.access import ABSENT, Request, evaluate

HOME = "arn:aws:s3:::home/carlos/x"


def get(resource: str = HOME, principal: str = USER) -> Request:
    return request(resource=resource, principal=principal)


@pytest.mark.parametrize(
    ("what", "asked", "resource", "allowed"),
    [
        ("the user's name", get(), "arn:aws:s3:::home/${aws:username}/*", True),
        ("ignoring the key's case", get(), "arn:aws:s3:::home/${AWS:UserName}/*", True),
        ("another user's name", get(HOME.replace("carlos", "ana")), "arn:aws:s3:::home/${aws:username}/*", False),
        ("a role has no user name", get(principal=ROLE), "arn:aws:s3:::home/${aws:username}/*", False),
        ("but the default", get(principal=ROLE), "arn:aws:s3:::home/${aws:username, 'carlos'}/*", True),
        ("which gives way to a value", get(), "arn:aws:s3:::home/${aws:username, 'ana'}/*", True),
        ("a literal asterisk", get("arn:aws:s3:::home/*"), "arn:aws:s3:::home/${*}", True),
        ("is no wildcard", get(), "arn:aws:s3:::home/${*}", False),
        ("a literal question mark", get("arn:aws:s3:::home/?"), "arn:aws:s3:::home/${?}", True),
        ("a literal dollar", get("arn:aws:s3:::home/${x}"), "arn:aws:s3:::home/${$}{x}", True),
        ("a value that is not known", get(), "arn:aws:s3:::home/${aws:userid}/*", None),
        ("does not matter where nothing fits", get(), "arn:aws:s3:::other/${aws:userid}/*", False),
        ("no variable before the fifth colon", get(), "arn:aws:${aws:username}:::*", False),
        ("nor outside an ARN", get("carlos"), "${aws:username}", False),
        ("braces without a name are text", get("arn:aws:s3:::home/${}"), "arn:aws:s3:::home/${}", True),
        ("as is a default without quotes", get("arn:aws:s3:::${a, b}"), "arn:aws:s3:::${a, b}", True),
    ],
)
def test_resource(what: str, asked: Request, resource: str, allowed: bool | None) -> None:
    decision = evaluate(asked, identity(policy(allow(resource=resource))))

    assert decision.allowed is allowed, what
    assert decision.keys == (("aws:userid",) if allowed is None else ())


def test_an_older_version_takes_variables_for_text() -> None:
    old = policy(allow(resource="arn:aws:s3:::home/${aws:username}"), version="2008-10-17")

    assert evaluate(get("arn:aws:s3:::home/carlos"), identity(old)).allowed is False
    assert evaluate(get("arn:aws:s3:::home/${aws:username}"), identity(old)).allowed is True


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"x:K": "${aws:username}"}}, True),
        ({"StringEquals": {"x:K": "${aws:username}*"}}, False),
        ({"StringLike": {"x:K": "${aws:username}*"}}, True),
        ({"StringNotEquals": {"x:K": "${aws:username}"}}, False),
        ({"StringEqualsIgnoreCase": {"x:K": "${aws:username, 'x'}"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:user/${aws:username}"}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:${aws:userid}:user/carlos"}}, None),
        ({"ArnLike": {"aws:PrincipalArn": "${aws:userid}/ana"}}, False),
        ({"NumericEquals": {"x:N": "${x:N}"}}, False),
        ({"StringEquals": {"x:K": "${aws:userid}"}}, None),
        ({"StringEquals": {"x:K": "x${aws:userid}"}}, False),
        ({"StringEquals": {"x:K": ["${aws:userid}", "carlos"]}}, True),
        ({"StringNotEquals": {"x:K": ["${aws:userid}", "carlos"]}}, False),
        ({"StringEquals": {"x:K": ["${x:Gone}", "carlos"]}}, True),
        ({"StringEquals": {"x:K": "${x:Gone}"}}, False),
        ({"StringNotEquals": {"x:K": "${x:Gone}"}}, None),
        ({"StringEquals": {"x:K": "${x:Many}"}}, None),
        ({"StringEquals": {"x:K": "${aws:SourceIp}"}}, None),
        ({"StringEquals": {"x:Ip": "${aws:SourceIp}"}}, None),
    ],
)
def test_condition(condition: dict[str, object], allowed: bool | None) -> None:
    asked = request(
        principal=USER, x_K=("carlos",), x_N=("1",), x_Gone=ABSENT, x_Many=("a", "b"), aws_SourceIp=("203.0.113.0/24",)
    )

    assert evaluate(asked, identity(policy(allow(condition=condition)))).allowed is allowed


def test_an_address_is_the_value_of_its_variable() -> None:
    same = policy(allow(condition={"StringEquals": {"x:Ip": "${aws:SourceIp}"}}))

    assert evaluate(request(x_Ip=("1.2.3.4",), aws_SourceIp=("1.2.3.4",)), identity(same)).allowed is True


def test_what_must_not_fit_a_variable_without_a_value_is_open() -> None:
    policies = identity(policy(allow(), deny(not_resource="arn:aws:s3:::home/${aws:username}/*")))

    assert evaluate(get(), policies).allowed is True
    assert evaluate(get(principal=ROLE), policies).keys == ("aws:username",)
