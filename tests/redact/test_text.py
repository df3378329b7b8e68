"""Texts: what stays, what is replaced, what is taken out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaanet.redact.addresses import Addresses
from mwaanet.redact.documents import Documents
from mwaanet.redact.pseudonyms import Pseudonyms
from mwaanet.redact.text import Texts

SALT = b"a salt"
texts = Texts(Pseudonyms(SALT), Addresses(SALT))
words = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=3, max_size=20)


@given(words, words)
def test_words_keep_their_shape_and_stay_apart(one: str, other: str) -> None:
    pseudonyms = Pseudonyms(SALT)
    first, second = pseudonyms.word(one), pseudonyms.word(other)
    assert (first == second) == (one == other)
    assert first != one
    assert re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub(r"\d", "0", first))) == re.sub(
        "[a-z]", "a", re.sub("[A-Z]", "A", re.sub(r"\d", "0", one))
    )


@given(words, words)
def test_words_that_begin_alike_still_do(one: str, other: str) -> None:
    assert Pseudonyms(SALT).word(one + other).startswith(Pseudonyms(SALT).word(one))


@given(words)
def test_case_does_not_matter(word: str) -> None:
    assert Pseudonyms(SALT).word(word.upper()).lower() == Pseudonyms(SALT).word(word.lower())


@given(words)
def test_another_salt_replaces_otherwise(word: str) -> None:
    assert Pseudonyms(SALT).word(word * 4) != Pseudonyms(b"another").word(word * 4)


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "airflow-env.amazonaws.com",
        "com.amazonaws.us-east-1.airflow.env",
        "com.amazonaws.eu-west-1.s3",
        "s3.us-east-1.amazonaws.com",
        "api.ecr.us-gov-west-1.amazonaws.com",
        "*.dkr.ecr.cn-north-1.amazonaws.com.cn",
        "monitoring.us-east-1.api.aws",
        "10.24.0.0/16",
        "0.0.0.0/0",
        "fd00:ec2::253",
        "files.pythonhosted.org",
        "use1-az4",
        "us-east-1a",
        "2025-03-03T09:00:00+00:00",
        "alias/aws/s3",
        "rslvr-autodefined-rr-internet-resolver",
        "Route 53 Resolver",
        "AmazonProvidedDNS",
        "arn:aws:s3:::*",
        "ip-10-0-0-5.ec2.internal",
        "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend",
    ],
)
def test_what_is_awss_own_or_private_stays(text: str) -> None:
    assert texts.replace(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("arn:aws:iam::111122223333:role/service-role/acme-prod", r"arn:aws:iam::\d{12}:role/service-role/\w{4}-\w{4}"),
        ("arn:aws:s3:::acme-dags/acme/*", r"arn:aws:s3:::\w{4}-dags/\w{4}/\*"),
        ("arn:aws:sqs:us-east-1:111122223333:airflow-celery-*", r"arn:aws:sqs:us-east-1:\d{12}:airflow-celery-\*"),
        (
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/acme/ce2d94420046d2fa",
            r"arn:aws:elasticloadbalancing:us-east-1:\d{12}:loadbalancer/net/\w{4}/[0-9a-f]{16}",
        ),
        ("acme-ce2d94420046d2fa.elb.us-east-1.amazonaws.com", r"\w{4}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com"),
        ("acme-123456.us-east-1.elb.amazonaws.com", r"\w{4}-\d{6}\.us-east-1\.elb\.amazonaws\.com"),
        ("acme-data.s3.eu-west-1.amazonaws.com", r"\w{4}-\w{4}\.s3\.eu-west-1\.amazonaws\.com"),
        (
            "vpce-0c1c96e3bc4a5a338-7472ed10.vpce-svc-04d10f5a603bc3d01.us-east-1.vpce.amazonaws.com",
            r"vpce-[0-9a-f]{17}-[0-9a-f]{8}\.vpce-svc-[0-9a-f]{17}\.us-east-1\.vpce\.amazonaws\.com",
        ),
        (
            "com.amazonaws.vpce.us-east-1.vpce-svc-04d10f5a603bc3d01",
            r"com\.amazonaws\.vpce\.us-east-1\.vpce-svc-\w{17}",
        ),
        ("tgw-attach-0358fe5b0fae209d3", r"tgw-attach-[0-9a-f]{17}"),
        ("nexus.acme.com", r"\w{5}\.\w{4}\.com"),
        ("jane.doe@acme.com", r"\w{4}\.\w{3}@\w{4}\.com"),
        ("ec2-203-0-113-5.compute-1.amazonaws.com", r"ec2(-\d{1,3}){4}\.compute-1\.amazonaws\.com"),
        ("203.0.113.5-203.0.113.9", r"[\d.]+-[\d.]+"),
        ("5.113.0.203.in-addr.arpa", r"[\d.]+\.in-addr\.arpa"),
        ("2600:1f18::/32", r"[0-9a-f:]+/32"),
        ("on call: +49 151 234-5678", r"\w{2} \w{4}: \+\d\d \d{3} \d{3}-\d{4}"),
        ("${aws:PrincipalTag/acme}", r"\$\{aws:PrincipalTag/\w{4}\}"),
    ],
)
def test_what_says_whose_it_is_does_not(text: str, kept: str) -> None:
    replaced = texts.replace(text)
    assert re.fullmatch(kept, replaced)
    for secret in (
        "acme",
        "111122223333",
        "203.0.113",
        "203-0-113",
        "113.0.203",
        "151 234",
        "1f18",
        "nexus",
        "jane",
        "04d10f5a60",
    ):
        assert secret not in replaced
    assert replaced != text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("--index-url https://bob:hunter22@nexus.acme.com/simple/", "hunter22"),
        ("https://glpat-abcdefghijklmnopqrst@git.acme.com/x", "glpat"),
        ("key AKIAIOSFODNN7EXAMPLE", "AKIA"),
        ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab", "wJalr"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "K7MDENG"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "MIIE"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh"),
        ("db_password = 'letmein'", "letmein"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ"),
    ],
)
def test_credentials_are_taken_out(text: str, secret: str) -> None:
    replaced = texts.replace(text)
    assert secret not in replaced
    assert "REDACTED" in replaced


@pytest.mark.parametrize(
    "around",
    [
        "{}", "x{}y", "_{}_", "v{}", "T{}Z", "%2F{}", "us-east-1{}", "2025-03-03{}",
        "{}.dkr.ecr.us-east-1.amazonaws.com",
        "my{}bucket.s3.us-east-1.amazonaws.com", "db.c{}.us-east-1.rds.amazonaws.com", "arn:aws:s3:::x{}",
        "${{aws:PrincipalTag/{}}}", "com.amazonaws.{}", "arn:aws:iam::aws:policy/x{}", "AWSServiceRoleFor{}",
        "vpce-svc-{}abc", "eni-{}abcde",
    ],
)  # fmt: skip
def test_an_account_is_nowhere_left_in_whatever_it_stands(around: str) -> None:
    assert "444455556666" not in texts.replace(around.format("444455556666"))


def test_an_account_in_groups_is_the_same_account() -> None:
    assert texts.replace("4444-5555-6666").replace("-", "") == texts.replace("444455556666")


@pytest.mark.parametrize("text", ["x203.0.113.9", "ip203.0.113.9", "to203.0.113.9x"])
def test_an_address_within_a_word_is_replaced(text: str) -> None:
    assert ".0.113.9" not in texts.replace(text)


def test_the_suffix_of_a_service_linked_role_is_a_customers() -> None:
    """AWSServiceRoleForAutoScaling_suffix:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html."""
    replaced = texts.replace("AWSServiceRoleForAutoScaling_acmecorp")
    assert replaced.startswith("AWSServiceRoleForAutoScaling_")
    assert "acme" not in replaced


@pytest.mark.parametrize("account", ["127311923021", "009996457667", "638102146993"])
def test_the_accounts_from_which_load_balancers_log_stay(account: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html#attach-bucket-policy."""
    assert texts.replace(f"arn:aws:iam::{account}:root") == f"arn:aws:iam::{account}:root"


@pytest.mark.parametrize("key", ["NameOfAcme", "Name444455556666", "AmazonMWAAManagedAcme", "aws:444455556666"])
def test_a_tag_that_begins_as_one_of_awss_is_a_customers(key: str) -> None:
    replaced = Documents(texts).replace(
        {"Tags": [{"Key": key, "Value": "x"}, {"Key": "aws:cloudformation:stack-name"}]}
    )
    assert replaced["Tags"][0]["Key"] != key
    assert replaced["Tags"][1]["Key"] == "aws:cloudformation:stack-name"
