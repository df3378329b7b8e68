from __future__ import annotations

import pytest

from mwaanet.probe.certificate import certificate_of, chain_of, is_for, is_intercepted
from probe.certificates import issue


def test_what_it_says() -> None:
    seen = certificate_of(issue("a.example", subject="server\x1b[2J", organisation="Ex, Inc.").der)
    assert seen.names == ("a.example",)
    assert "O=Ex\\, Inc." in seen.subject
    assert len(seen.sha256) == 64
    assert seen.not_after > seen.not_before


def test_without_names() -> None:
    assert certificate_of(issue().der).names == ()


@pytest.mark.parametrize(
    "der", [b"", b"\0" * 100, issue("a.example").der[:200], issue("a.example").der.replace(b"a.e", b"\xff.e")]
)
def test_one_that_cannot_be_read_says_so(der: bytes) -> None:
    seen = certificate_of(der)
    assert "cannot be read" in seen.error
    assert "cannot be read" in str(seen)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("a.example", True),
        ("A.Example.", True),
        ("x.wild.example", True),
        ("x.y.wild.example", False),
        ("wild.example", False),
        ("10.0.0.1", True),
        ("10.0.0.2", False),
        ("b.example", False),
    ],
)
def test_whom_it_is_for(name: str, fits: bool) -> None:
    assert is_for(certificate_of(issue("a.example", "*.wild.example", "10.0.0.1").der), name) is fits


def test_no_chain_is_no_interception() -> None:
    assert not is_intercepted((), "sqs.us-east-1.amazonaws.com")
    assert not is_intercepted(chain_of([b"garbage"]), "sqs.us-east-1.amazonaws.com")


def test_chinas_names_are_left_out() -> None:
    name = "sqs.cn-north-1.amazonaws.com.cn"
    assert not is_intercepted(chain_of([issue(name).der]), name)


def test_a_chain_without_end_is_cut() -> None:
    assert len(chain_of([issue().der] * 50)) == 10
