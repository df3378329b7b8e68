"""What stateless firewall rules decide: each test asks one question of a firewall with the rules shown.

https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-rule-groups-standard.html.
"""

from __future__ import annotations

import pytest

from builder import stateless
from graph.walled import ALLOW_LIST, CLIENT, EAST, HOME, OTHER_VPC, ping, standard, tcp, udp, walled
from mwaanet.graph.flight import Pass
from mwaanet.net import ICMP, TCP, UDP


def test_the_first_by_priority_decides() -> None:
    rules = stateless(
        ("aws:drop", TCP, "10.1.0.0/16", "0.0.0.0/0", (443, 443)),
        ("aws:pass", TCP, "10.1.0.0/16", "0.0.0.0/0", (0, 65535)),
    )
    wall = walled(("packets", rules), stateless_default="aws:drop")
    assert wall.verdict(tcp(443)) == "deny"
    assert wall.verdict(tcp(80)) == "allow"


def test_priority_counts_not_the_place_in_the_list() -> None:
    rules = stateless(
        ("aws:drop", TCP, "0.0.0.0/0", "0.0.0.0/0", (443, 443)),
        ("aws:pass", TCP, "0.0.0.0/0", "0.0.0.0/0", (443, 443)),
    )
    listed = rules["StatelessRulesAndCustomActions"]["StatelessRules"]
    listed[0]["Priority"] = 50
    assert walled(("packets", rules)).verdict(tcp(443)) == "allow"


def test_the_default_action_takes_the_rest() -> None:
    assert walled(stateless_default="aws:drop").verdict(tcp()) == "deny"
    assert walled(stateless_default="aws:pass").verdict(tcp()) == "allow"


def test_a_custom_action_beside_the_standard_one_changes_nothing() -> None:
    wall = walled()
    calls = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall-policy")["Calls"]
    calls[0]["Response"]["FirewallPolicy"]["StatelessDefaultActions"] = ["CountThem", "aws:drop"]
    assert wall.verdict(tcp()) == "deny"


def test_replies_are_looked_at_too() -> None:
    """Only requests are passed: their replies, from port 443, meet the default action."""
    rules = stateless(("aws:pass", TCP, "10.1.0.0/16", "0.0.0.0/0", (443, 443)))
    wall = walled(("packets", rules), stateless_default="aws:drop")
    assert wall.verdict(tcp(443)) == "allow"
    assert wall.replied(tcp(443)) == "deny"


def test_ports_are_not_looked_at_without_ports() -> None:
    rules = stateless(("aws:drop", ICMP, "0.0.0.0/0", "0.0.0.0/0", (443, 443)))
    assert walled(("packets", rules)).verdict(ping()) == "deny"


@pytest.mark.parametrize(
    ("action", "flags", "masks", "verdict"),
    [
        ("aws:drop", ["SYN"], ["SYN", "ACK"], "deny"),  # the first packet of every connection
        ("aws:drop", ["SYN", "FIN"], ["SYN", "FIN"], "allow"),  # no packet of an orderly one
        ("aws:pass", ["SYN"], ["SYN", "ACK"], "unknown"),  # the first packet, not the others
        ("aws:forward_to_sfe", ["SYN"], ["SYN", "ACK"], "allow"),  # as the default action does
        ("aws:drop", ["ACK"], [], "deny"),  # exactly the acknowledgements
    ],
)
def test_tcp_flags_decide_where_an_orderly_connection_has_them(
    action: str, flags: list[str], masks: list[str], verdict: str
) -> None:
    rules = stateless((action, TCP, "0.0.0.0/0", "0.0.0.0/0", (443, 443)))
    attributes = rules["StatelessRulesAndCustomActions"]["StatelessRules"][0]["RuleDefinition"]["MatchAttributes"]
    attributes["TCPFlags"] = [{"Flags": flags, "Masks": masks}]
    drops_the_rest = action == "aws:pass"
    wall = walled(("packets", rules), stateless_default="aws:drop" if drops_the_rest else "aws:forward_to_sfe")
    assert wall.verdict(tcp(443)) == verdict


def test_flags_do_not_matter_where_the_stateful_engine_decides_the_same() -> None:
    rules = stateless(("aws:forward_to_sfe", TCP, "0.0.0.0/0", "0.0.0.0/0", (443, 443)))
    attributes = rules["StatelessRulesAndCustomActions"]["StatelessRules"][0]["RuleDefinition"]["MatchAttributes"]
    attributes["TCPFlags"] = [{"Flags": ["SYN"], "Masks": ["SYN"]}]
    packets = ("packets", rules)
    drop = standard(("DROP", "TCP", "ANY", "ANY", "443"))
    assert walled(packets, stateless_default="aws:pass").verdict(tcp(443)) == "allow"
    assert walled(packets, drop, stateless_default="aws:drop").verdict(tcp(443)) == "deny"
    assert walled(packets, drop, stateless_default="aws:pass").verdict(tcp(443)) == "unknown"
    assert walled(packets, ALLOW_LIST, stateless_default="aws:pass").verdict(tcp(443)) == "unknown"


@pytest.mark.parametrize("unread", ["$SERVERS", "@servers", "servers"])
def test_an_address_that_cannot_be_read_may_be_any(unread: str) -> None:
    """What it would decide otherwise than the rest is unknown; what is certain beside it stays so."""
    drop = stateless(("aws:drop", TCP, "10.1.0.0/16", unread, (443, 443)))
    wall = walled(("packets", drop), stateless_default="aws:pass")
    (outcome,) = wall.ask(tcp(443))
    assert isinstance(outcome, Pass)
    (doubt,) = outcome.flight.doubts
    assert unread in doubt.reason
    assert wall.verdict(tcp(80)) == "allow"
    assert wall.verdict(tcp(443, src=OTHER_VPC)) == "allow"
    assert walled(("packets", drop), stateless_default="aws:drop").verdict(tcp(443)) == "deny"


def test_the_addresses_read_beside_one_that_is_not_decide() -> None:
    rules = stateless(("aws:drop", TCP, "$CLIENTS", "0.0.0.0/0", (443, 443)))
    attributes = rules["StatelessRulesAndCustomActions"]["StatelessRules"][0]["RuleDefinition"]["MatchAttributes"]
    attributes["Sources"].append({"AddressDefinition": CLIENT + "/32"})
    wall = walled(("packets", rules), stateless_default="aws:pass")
    assert wall.verdict(tcp(443)) == "deny"
    assert wall.verdict(tcp(443, src=OTHER_VPC)) == "unknown"


def test_flags_concern_tcp_only() -> None:
    rules = stateless(("aws:drop", UDP, "0.0.0.0/0", "0.0.0.0/0", (53, 53)))
    attributes = rules["StatelessRulesAndCustomActions"]["StatelessRules"][0]["RuleDefinition"]["MatchAttributes"]
    attributes |= {"TCPFlags": [{"Flags": ["FIN"], "Masks": ["FIN"]}], "Protocols": []}
    wall = walled(("packets", rules))
    assert (wall.verdict(udp(53)), wall.verdict(tcp(53))) == ("deny", "allow")
    attributes["Protocols"] = [UDP]
    assert (wall.verdict(udp(53)), wall.verdict(tcp(53))) == ("deny", "allow")
