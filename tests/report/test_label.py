import pytest

from mwaanet.report.label import brief, counted, label, listed, short_label
from mwaanet.report.layout import Look

LOOK = Look(width=80, colour=False, unicode=True)
ARN = "arn:aws:elasticloadbalancing:us-east-1:222233334444:loadbalancer/net/nexus/50dc6c495c0c9188"


def test_label() -> None:
    assert label("sg-1", {"sg-1": "mwaa"}) == "sg-1 (mwaa)"
    assert label("sg-2", {"sg-1": "mwaa"}) == "sg-2"


@pytest.mark.parametrize(
    ("resource", "name", "width", "shown"),
    [
        ("rtb-0123", "private-a", 30, "rtb-0123 (private-a)"),
        ("rtb-0123", "customer-private-a", 20, "rtb-0123 (cust…te-a)"),
        ("rtb-0123", "customer-private-a", 12, "rtb-0123"),
        ("rtb-0123456789", "a", 5, "rtb-0123456789"),
        (ARN, "", 60, "loadbalancer/net/nexus/50dc6c495c0c9188"),
        (ARN, "", 120, ARN),
    ],
)
def test_an_id_stays_whole_while_its_name_gives_way(resource: str, name: str, width: int, shown: str) -> None:
    assert short_label(resource, {resource: name}, LOOK, width) == shown


def test_listed() -> None:
    assert listed("aab") == "a, b"
    assert listed("abcde") == "a, b, c (+2 more)"
    assert listed([]) == ""


def test_counted() -> None:
    assert counted(1, ("path", "paths")) == "1 path"
    assert counted(2, ("path", "paths")) == "2 paths"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no route to 1.0.0.0/8, 2.0.0.0-3.4.5.6, 4.0.0.1", "no route to 1.0.0.0/8, 2.0.0.0-3.4.5.6, 4.0.0.1"),
        (
            "no route to 1.0.0.0/8, 2.0.0.0-3.4.5.6, 4.0.0.1, 5.0.0.0/8, 2001:db8::/32",
            "no route to 1.0.0.0/8, 2.0.0.0-3.4.5.6, 4.0.0.1 (+2 more)",
        ),
        ("1.1.1.1, 2.2.2.2, 3.3.3.3, 4.4.4.4 from 5.5.5.5", "1.1.1.1, 2.2.2.2, 3.3.3.3 (+1 more) from 5.5.5.5"),
        ("a, b, c, d, e", "a, b, c, d, e"),
        ("TCP 80, TCP 81, TCP 82, TCP 83", "TCP 80, TCP 81, TCP 82, TCP 83"),
    ],
)
def test_long_lists_of_addresses_are_counted(text: str, shown: str) -> None:
    assert brief(text) == shown
