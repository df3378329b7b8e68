"""What the rules of a firewall policy decide: each test asks one question of a firewall with the rules shown."""

from __future__ import annotations

import pytest

from builder import domains, five_tuples
from graph.walled import (
    ALLOW_LIST,
    DENY_LIST,
    EAST,
    ESTABLISHED,
    HOME,
    OTHER_VPC,
    SERVER,
    STRICT,
    WEB_ONLY,
    ping,
    standard,
    tcp,
    text,
    udp,
    walled,
)
from mwaanet.graph.codes import Code
from mwaanet.graph.firewall_rules import Names
from mwaanet.graph.flight import Action, Drop, Pass
from mwaanet.net import ANY_PORT, AddressSet, Intervals


class TestStandardStatefulRules:
    def test_in_action_order_a_pass_rule_beats_a_drop_rule_before_it(self) -> None:
        rules = [("DROP", "TCP", "ANY", "ANY", "443"), ("PASS", "TCP", "10.1.0.0/16", "ANY", "443")]
        assert walled(standard(*rules)).verdict(tcp()) == "allow"

    def test_in_strict_order_the_first_rule_decides(self) -> None:
        rules = [("DROP", "TCP", "ANY", "ANY", "443"), ("PASS", "TCP", "10.1.0.0/16", "ANY", "443")]
        assert walled(standard(*rules), strict=True).verdict(tcp()) == "deny"

    def test_in_strict_order_groups_come_by_priority(self) -> None:
        first = ("first", five_tuples(("PASS", "TCP", "ANY", "ANY", "443")))
        second = ("second", five_tuples(("DROP", "TCP", "ANY", "ANY", "443")))
        assert walled(first, second, strict=True).verdict(tcp()) == "allow"
        assert walled(second, first, strict=True).verdict(tcp()) == "deny"

    def test_what_no_rule_matches_passes(self) -> None:
        assert walled(WEB_ONLY).verdict(tcp(22)) == "allow"
        assert walled(WEB_ONLY, strict=True).verdict(tcp(22)) == "allow"

    def test_part_of_the_packets_may_pass_and_part_not(self) -> None:
        both = tcp(443) | tcp(22)
        assert walled(WEB_ONLY, **STRICT).verdict(both) == "allow/deny"

    @pytest.mark.parametrize("action", ["DROP", "REJECT"])
    def test_reject_drops(self, action: str) -> None:
        assert walled(standard((action, "TCP", "ANY", "ANY", "443"))).verdict(tcp()) == "deny"

    def test_alert_only_logs(self) -> None:
        assert walled(standard(("ALERT", "TCP", "ANY", "ANY", "443"))).verdict(tcp()) == "allow"
        assert walled(standard(("ALERT", "TCP", "ANY", "ANY", "443")), **STRICT).verdict(tcp()) == "deny"

    @pytest.mark.parametrize(
        ("port", "matches"), [("ANY", True), ("443", True), ("1:1024", True), ("[80,443]", True), ("!443", False)]
    )
    def test_ports(self, port: str, matches: bool) -> None:
        assert walled(standard(("DROP", "TCP", "ANY", "ANY", port))).verdict(tcp()) == ("deny" if matches else "allow")

    @pytest.mark.parametrize("protocol", ["IP", "TCP"])
    def test_protocol_ip_is_every_protocol(self, protocol: str) -> None:
        wall = walled(standard(("DROP", protocol, "ANY", "ANY", "ANY")))
        assert wall.verdict(tcp()) == "deny"
        assert wall.verdict(udp()) == ("deny" if protocol == "IP" else "allow")
        assert wall.verdict(ping()) == ("deny" if protocol == "IP" else "allow")

    def test_direction_any_matches_the_other_way_round(self) -> None:
        name, rules = standard(("DROP", "TCP", SERVER + "/32", "10.1.0.0/16", "ANY"))
        assert walled((name, rules)).verdict(tcp()) == "allow"
        rules["StatefulRules"][0]["Header"]["Direction"] = "ANY"
        assert walled((name, rules)).verdict(tcp()) == "deny"

    def test_the_override_turns_drop_into_alert(self) -> None:
        wall = walled(standard(("DROP", "TCP", "ANY", "ANY", "443")))
        calls = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall-policy")["Calls"]
        (reference,) = calls[0]["Response"]["FirewallPolicy"]["StatefulRuleGroupReferences"]
        reference["Override"] = {"Action": "DROP_TO_ALERT"}
        assert wall.verdict(tcp()) == "allow"

    def test_an_application_protocol_is_recognised_by_content(self) -> None:
        wall = walled(standard(("PASS", "TLS", "ANY", "ANY", "443")), **ESTABLISHED)
        assert wall.verdict(tcp(443)) == "unknown"
        assert wall.verdict(tcp(22)) == "deny"
        assert wall.verdict(udp(443)) == "deny"

    def test_geography_is_not_known(self) -> None:
        name, rules = standard(("DROP", "IP", "ANY", "ANY", "ANY"))
        rules["StatefulRules"][0]["RuleOptions"].append({"Keyword": "geoip", "Settings": ["dst", "RU"]})
        outcome = walled((name, rules)).one(tcp())
        assert isinstance(outcome, Pass)
        (doubt,) = outcome.flight.doubts
        assert "stateful-rulegroup/standard decides by the keyword geoip" in doubt.reason


class TestDefaultActions:
    def test_drop_strict_drops_what_no_rule_matches(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        assert (wall.verdict(tcp(443)), wall.verdict(tcp(80)), wall.verdict(udp())) == ("allow", "deny", "deny")

    @pytest.mark.parametrize("action", ["aws:drop_established", "aws:drop_established_app_layer"])
    def test_drop_established_lets_only_the_handshake_through(self, action: str) -> None:
        """A connection without data is none: denied."""
        wall = walled(WEB_ONLY, strict=True, stateful_default=(action,))
        assert (wall.verdict(tcp(443)), wall.verdict(tcp(80))) == ("allow", "deny")

    def test_drop_established_drops_all_of_udp_and_icmp(self) -> None:
        wall = walled(WEB_ONLY, **ESTABLISHED)
        assert (wall.verdict(udp()), wall.verdict(ping())) == ("deny", "deny")

    def test_alert_actions_drop_nothing(self) -> None:
        wall = walled(WEB_ONLY, strict=True, stateful_default=("aws:alert_strict", "aws:alert_established"))
        assert wall.verdict(tcp(80)) == "allow"


class TestVariables:
    def test_home_is_the_firewalls_vpc_and_external_the_rest(self) -> None:
        wall = walled(standard(("DROP", "TCP", "$HOME_NET", "$EXTERNAL_NET", "ANY")))
        assert wall.verdict(tcp()) == "deny"
        assert wall.verdict(tcp(src=OTHER_VPC)) == "allow"
        assert wall.verdict(tcp(dst="10.1.7.7")) == "allow"

    def test_the_policy_may_say_what_home_is(self) -> None:
        wall = walled(standard(("DROP", "TCP", "$HOME_NET", "$EXTERNAL_NET", "ANY")))
        calls = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall-policy")["Calls"]
        variables = {"RuleVariables": {"HOME_NET": {"Definition": ["10.0.0.0/8"]}}}
        calls[0]["Response"]["FirewallPolicy"]["PolicyVariables"] = variables
        assert wall.verdict(tcp(src=OTHER_VPC)) == "deny"

    def test_the_rule_group_may_define_its_own(self) -> None:
        wall = walled(standard(("DROP", "TCP", "$CLIENTS", "ANY", "ANY")))
        group = wall.net.document(HOME, EAST, "network-firewall", "describe-rule-group")["Calls"][0]["Response"]
        group["RuleGroup"]["RuleVariables"] = {
            "IPSets": {"CLIENTS": {"Definition": ["10.9.0.0/16", "!10.9.2.0/24"]}},
            "PortSets": {},
        }
        assert wall.verdict(tcp(src=OTHER_VPC)) == "deny"
        assert wall.verdict(tcp(src="10.9.2.5")) == "allow"
        assert wall.verdict(tcp()) == "allow"

    @pytest.mark.parametrize("source", ["$NOBODY", "[$NOBODY,10.0.0.0/8]", "!$NOBODY", "nobody.example.com"])
    def test_what_nobody_defines_is_not_known(self, source: str) -> None:
        assert walled(standard(("DROP", "TCP", source, "ANY", "ANY"))).verdict(tcp()) == "unknown"

    def test_home_is_not_known_without_the_firewalls_vpc(self) -> None:
        wall = walled(standard(("DROP", "TCP", "$HOME_NET", "ANY", "ANY")), ALLOW_LIST)
        answer = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall")["Calls"][0]["Response"]
        answer["Firewall"]["VpcId"] = "vpc-0of0another0account"
        assert wall.verdict(tcp(src=OTHER_VPC)) == "unknown"

    def test_a_variable_may_be_made_of_others_and_hold_ports(self) -> None:
        wall = walled(standard(("DROP", "TCP", "$ALL", "$NOT_ALL", "$WEB")))
        group = wall.net.document(HOME, EAST, "network-firewall", "describe-rule-group")["Calls"][0]["Response"]
        group["RuleGroup"]["RuleVariables"] = {
            "IPSets": {
                "NOT_ALL": {"Definition": ["!$ALL"]},
                "ALL": {"Definition": ["$HOME_NET", "10.9.0.0/16"]},
                "BROKEN": {"Definition": ["$NOBODY"]},
            },
            "PortSets": {"WEB": {"Definition": ["80", "443"]}},
        }
        assert [wall.verdict(tcp(port, src=OTHER_VPC)) for port in (443, 22)] == ["deny", "allow"]
        assert wall.verdict(tcp(src="172.16.0.1")) == "allow"

    def test_a_prefix_list_may_be_named(self) -> None:
        wall = walled(standard(("DROP", "TCP", "@CLIENTS", "ANY", "ANY")))
        clients = wall.net.prefix_list("clients", "10.9.0.0/16")
        arn = f"arn:aws:ec2:{EAST}:{HOME}:prefix-list/{clients.id}"
        group = wall.net.document(HOME, EAST, "network-firewall", "describe-rule-group")["Calls"][0]["Response"]
        group["RuleGroup"]["ReferenceSets"] = {"IPSetReferences": {"CLIENTS": {"ReferenceArn": arn}}}
        assert wall.verdict(tcp(src=OTHER_VPC)) == "deny"
        assert wall.verdict(tcp()) == "allow"
        wall.net.drop_call(HOME, EAST, "ec2", "get-managed-prefix-list-entries", PrefixListId=clients.id)
        outcome = wall.one(tcp())
        assert outcome.hop is not None
        assert outcome.hop.action is Action.UNKNOWN
        assert [call.operation for call in outcome.flight.doubts[0].needs] == ["get-managed-prefix-list-entries"]


class TestDomainLists:
    def test_decides_by_name_only(self) -> None:
        outcome = walled(ALLOW_LIST).one(tcp(443))
        assert isinstance(outcome, Pass)
        assert outcome.hop is not None
        assert (outcome.hop.action, outcome.hop.code) == (Action.UNKNOWN, Code.FIREWALL_UNKNOWN)
        (doubt,) = outcome.flight.doubts
        assert doubt.reason.endswith("decides by domain name: ALLOWLIST of 1 domains (TLS_SNI, HTTP_HOST)")

    def test_looks_at_tls_and_http_on_every_port(self) -> None:
        assert walled(ALLOW_LIST).verdict(tcp(8081)) == "unknown"

    def test_does_not_look_at_other_protocols(self) -> None:
        wall = walled(ALLOW_LIST)
        assert (wall.verdict(udp()), wall.verdict(ping())) == ("allow", "allow")

    def test_does_not_look_at_what_does_not_start_at_home(self) -> None:
        assert walled(ALLOW_LIST).verdict(tcp(src=OTHER_VPC)) == "allow"
        assert walled(ALLOW_LIST, **ESTABLISHED).verdict(tcp(src=OTHER_VPC)) == "deny"

    def test_a_deny_list_may_drop_too(self) -> None:
        assert walled(DENY_LIST).verdict(tcp()) == "unknown"

    def test_an_alert_list_decides_nothing(self) -> None:
        assert walled(("names", domains("ALERTLIST", ".example.com"))).verdict(tcp()) == "allow"

    def test_under_drop_established_a_list_decides(self) -> None:
        assert walled(ALLOW_LIST, **ESTABLISHED).verdict(tcp()) == "unknown"
        assert walled(DENY_LIST, **ESTABLISHED).verdict(tcp()) == "deny"

    def test_under_drop_strict_no_list_is_reached(self) -> None:
        """The first packet of a connection has no name and is dropped."""
        assert walled(ALLOW_LIST, **STRICT).verdict(tcp()) == "deny"

    def test_a_rule_about_addresses_decides_before_the_name_is_known(self) -> None:
        passing = standard(("PASS", "TCP", "ANY", "ANY", "443"))
        dropping = standard(("DROP", "TCP", "ANY", "ANY", "443"))
        assert walled(DENY_LIST, passing, **STRICT).verdict(tcp()) == "allow"
        assert walled(ALLOW_LIST, dropping, **ESTABLISHED).verdict(tcp()) == "deny"


class TestSuricata:
    def test_a_rule_about_addresses_and_ports_is_decided(self) -> None:
        wall = walled(
            text('drop tcp $HOME_NET any -> [192.0.2.0/24, !192.0.2.1] [80,443] (msg:"no; way"; sid:7; rev:1;)')
        )
        outcome = wall.one(tcp())
        assert isinstance(outcome, Drop)
        assert outcome.hop.by.endswith("(sid 7)")
        assert wall.verdict(tcp(dst="192.0.2.1")) == "allow"
        assert wall.verdict(tcp(22)) == "allow"

    def test_comments_and_blank_lines_are_no_rules(self) -> None:
        assert walled(text("", "# drop ip any any -> any any (sid:1;)")).verdict(tcp()) == "allow"

    def test_arrows_need_no_spaces_and_lines_may_be_continued(self) -> None:
        assert walled(text("drop ip any any-> any any \\", "(sid:1;)")).verdict(tcp()) == "deny"

    def test_both_ways(self) -> None:
        assert walled(text("drop tcp 192.0.2.0/24 any <> any any (sid:1;)")).verdict(tcp()) == "deny"

    def test_contents_are_not_known(self) -> None:
        wall = walled(text('drop tcp any any -> any 443 (content:"virus"; sid:1;)'))
        assert wall.verdict(tcp()) == "unknown"
        assert wall.verdict(tcp(80)) == "allow"

    def test_contents_do_not_matter_where_the_rest_decides_the_same(self) -> None:
        wall = walled(
            text('drop tcp any any -> any any (content:"virus"; sid:1;)', "drop ip any any -> any any (sid:2;)")
        )
        assert wall.verdict(tcp()) == "deny"

    def test_dropping_established_packets_drops_the_connection(self) -> None:
        assert (
            walled(text("drop tcp any any -> any 80 (flow:established,to_server; sid:1;)")).verdict(tcp(80)) == "deny"
        )

    def test_rules_about_replies_do_not_see_requests(self) -> None:
        wall = walled(text("drop tcp any any -> any any (flow:to_client; sid:1;)"))
        assert wall.verdict(tcp()) == "allow"
        assert wall.replied(tcp()) == "deny"

    @pytest.mark.parametrize("rule", ["drop tcp any -> any (sid:1;)", "divert ip any any -> any any (sid:1;)", "drop"])
    def test_what_cannot_be_read_is_in_doubt(self, rule: str) -> None:
        assert walled(text(rule)).verdict(tcp()) == "unknown"

    def test_a_keyword_about_the_first_packet_keeps_even_drop_strict_in_doubt(self) -> None:
        wall = walled(text("pass tcp any any -> any 443 (flow:not_established; sid:1;)"), **STRICT)
        assert (wall.verdict(tcp(443)), wall.verdict(tcp(80))) == ("unknown", "deny")

    def test_dns_is_recognised_in_the_first_packet_of_udp(self) -> None:
        wall = walled(text('pass dns any any -> any any (dns.query; content:"example.com"; sid:1;)'), **STRICT)
        assert (wall.verdict(udp(53)), wall.verdict(tcp(53)), wall.verdict(ping())) == ("unknown", "deny", "deny")


class TestLists:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("any", AddressSet.ANY),
            ("192.0.2.7", AddressSet.parse("192.0.2.7")),
            ("10.1.1.1/16", AddressSet.parse("10.1.0.0/16")),
            (
                "[10.0.0.0/8, ![10.1.0.0/16,10.2.0.0/16],]",
                AddressSet.parse("10.0.0.0-10.0.255.255", "10.3.0.0-10.255.255.255"),
            ),
            ("[!10.0.0.0/8]", AddressSet.ANY - AddressSet.parse("10.0.0.0/8")),
            ("host.example.com", None),
        ],
    )
    def test_addresses(self, text: str, meant: AddressSet | None) -> None:
        assert Names().address_set(text) == meant

    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("ANY", ANY_PORT),
            ("443", Intervals.single(443)),
            ("1024:", Intervals.of((1024, 65535))),
            (":1023", Intervals.of((0, 1023))),
            ("[80,8000:8080,!8001]", Intervals.of((80, 80), (8000, 8000), (8002, 8080))),
            ("$HTTP_PORTS", None),
            ("https", None),
            ("9:1", None),
        ],
    )
    def test_ports(self, text: str, meant: Intervals | None) -> None:
        assert Names().port_set(text) == meant
