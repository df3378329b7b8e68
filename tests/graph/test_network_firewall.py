"""What a Network Firewall does with packets on their way, there and back."""

from __future__ import annotations

import pytest

from asking import Answer, ask
from builder import stateless, topology
from builder.rules import rule
from graph.walled import (
    ALLOW_LIST,
    EAST,
    ESTABLISHED,
    HOME,
    STRICT,
    WEB_ONLY,
    Walled,
    standard,
    tcp,
    text,
    udp,
    walled,
)
from mwaanet.graph.codes import Code
from mwaanet.graph.flight import Action, Drop, Kind, Lose, Pass, Position, Role
from mwaanet.graph.mends import NEW
from mwaanet.net import TCP, AddressSet, PacketSet


class TestWhereItLeads:
    def test_what_passes_leaves_the_firewalls_subnet_by_its_route_table(self) -> None:
        wall = walled()
        outcome = wall.one(tcp())
        assert isinstance(outcome, Pass)
        assert outcome.to == Position(wall.subnet, Role.LEAVE)
        assert (outcome.flight.subnet, outcome.flight.entered) == (wall.subnet, "")

    def test_the_senders_groups_are_not_known_behind_it(self) -> None:
        outcome = walled().one(tcp())
        assert outcome.flight.sender == ""

    def test_the_hop_is_the_endpoint_so_that_replies_are_recognised(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        hop = wall.one(tcp()).hop
        assert hop is not None
        assert (hop.component, hop.kind, hop.action) == (wall.endpoint.id, Kind.NETWORK_FIREWALL, Action.ALLOW)
        assert hop.code is Code.FIREWALL_ALLOWS
        assert hop.also[0].endswith("stateful-rulegroup/standard")
        assert hop.evidence[0].pointer.endswith("/RuleGroup/RulesSource/StatefulRules/0")
        assert hop.evidence[0].file.endswith("network-firewall/describe-rule-group.json")

    def test_what_is_dropped_names_the_rule_group_first_and_can_be_mended(self) -> None:
        wall = walled(standard(("DROP", "TCP", "ANY", "ANY", "443")))
        outcome = wall.one(tcp())
        assert isinstance(outcome, Drop)
        assert outcome.hop.component.endswith("stateful-rulegroup/standard")
        assert outcome.hop.also[0] == wall.endpoint.id
        assert outcome.hop.by == "drop tcp any any -> any 443 (sid 1)"
        (mend,) = outcome.mends
        assert (mend.resources, mend.cost) == ((outcome.hop.component,), 1)
        assert mend.to == Position(wall.endpoint.id, Role.ENTER)

    def test_what_the_default_action_drops_names_the_policy(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        outcome = wall.one(tcp(22))
        assert isinstance(outcome, Drop)
        assert outcome.hop.component == wall.policy
        assert outcome.hop.by == "stateful default action: aws:drop_strict"

    def test_a_mended_firewall_passes_requests_and_replies(self) -> None:
        wall = walled(standard(("DROP", "TCP", "ANY", "ANY", "443")))
        outcome = wall.one(tcp())
        assert isinstance(outcome, Drop)
        mended = outcome.mends[0].flight.mended
        assert wall.verdict(tcp(), mended=mended) == "allow"
        assert wall.verdict(tcp(), mended=frozenset()) == "deny"
        seen = frozenset({wall.endpoint.id})
        assert wall.verdict(tcp().reversed(), reply=True, mended=mended, tracked=seen) == "allow"

    def test_mended_stateless_rules_leave_the_stateful_ones(self) -> None:
        """https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-processing.html."""
        packets = ("packets", stateless(("aws:drop", TCP, "10.1.0.0/16", "0.0.0.0/0", (443, 443))))
        wall = walled(packets, standard(("DROP", "TCP", "ANY", "ANY", "443")))
        first = wall.one(tcp())
        assert isinstance(first, Drop)
        assert first.hop.component.endswith("stateless-rulegroup/packets")
        second = wall.one(tcp(), mended=first.mends[0].flight.mended)
        assert isinstance(second, Drop)
        assert second.hop.component.endswith("stateful-rulegroup/standard")
        assert wall.verdict(tcp(), mended=second.mends[0].flight.mended) == "allow"

    def test_mended_stateful_rules_leave_the_stateless_ones_to_judge_the_replies(self) -> None:
        replies = ("packets", stateless(("aws:drop", TCP, "192.0.2.0/24", "10.1.0.0/16", (32768, 60999))))
        wall = walled(replies, standard(("DROP", "TCP", "ANY", "ANY", "443")))
        first = wall.one(tcp())
        assert isinstance(first, Drop)
        mended = first.mends[0].flight.mended
        assert wall.verdict(tcp(), mended=mended) == "allow"
        back = wall.one(tcp().reversed(), reply=True, mended=mended, tracked=frozenset({wall.endpoint.id}))
        assert isinstance(back, Drop)
        assert back.hop.component.endswith("stateless-rulegroup/packets")

    def test_another_way_for_replies_costs_a_route_there_and_back(self) -> None:
        wall = walled(WEB_ONLY)
        outcome = wall.one(tcp().reversed(), reply=True)
        assert isinstance(outcome, Drop)
        assert outcome.mends[0].cost == 2 * NEW
        assert wall.verdict(tcp().reversed(), reply=True, mended=outcome.mends[0].flight.mended) == "allow"

    def test_an_endpoint_that_is_not_available_passes_nothing(self) -> None:
        wall = walled()
        wall.endpoint.record["State"] = "failed"
        outcome = wall.one(tcp())
        assert isinstance(outcome, Drop)
        assert outcome.hop.code is Code.ENDPOINT_STATE
        assert outcome.mends[0].resources == (wall.endpoint.id,)
        again = outcome.mends[0]
        assert again.to == Position(wall.endpoint.id, Role.ENTER)
        assert wall.verdict(tcp(), mended=again.flight.mended) == "allow"

    def test_an_attachment_that_failed_passes_nothing(self) -> None:
        wall = walled()
        answer = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall")["Calls"][0]["Response"]
        for state in answer["FirewallStatus"]["SyncStates"].values():
            state["Attachment"]["Status"] = "FAILED"
        outcome = wall.one(tcp())
        assert isinstance(outcome, Drop)
        assert outcome.hop.by == "the firewall's attachment is FAILED"


class TestReplies:
    def test_replies_to_what_a_rule_passed_pass(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        assert wall.replied(tcp(443)) == "allow"

    def test_replies_to_what_no_rule_matched_are_looked_at_themselves(self) -> None:
        wall = walled(text("drop tcp $EXTERNAL_NET any -> $HOME_NET any (sid:1;)"))
        assert wall.verdict(tcp()) == "allow"
        assert wall.replied(tcp()) == "deny"

    def test_replies_to_requests_in_doubt_bring_no_new_one(self) -> None:
        assert walled(ALLOW_LIST).replied(tcp()) == "allow"

    def test_replies_to_what_the_endpoint_has_not_seen_are_dropped(self) -> None:
        wall = walled(WEB_ONLY)
        outcome = wall.one(tcp().reversed(), reply=True, tracked=frozenset({"vpce-of-another-zone"}))
        assert isinstance(outcome, Drop)
        assert (outcome.hop.component, outcome.hop.code) == (wall.endpoint.id, Code.FIREWALL_ASYMMETRIC)
        assert outcome.mends[0].resources == (wall.endpoint.id,)

    def test_stateless_rules_that_pass_both_ways_need_no_memory(self) -> None:
        outcome = walled(stateless_default="aws:pass").one(tcp().reversed(), reply=True)
        assert outcome.hop is not None
        assert outcome.hop.code is Code.FIREWALL_STATELESS

    def test_requests_past_the_engine_have_replies_that_it_does_not_know(self) -> None:
        rules = stateless(("aws:pass", TCP, "10.1.0.0/16", "0.0.0.0/0", (443, 443)))
        wall = walled(("packets", rules))
        outcome = wall.one(tcp().reversed(), reply=True, tracked=frozenset({wall.endpoint.id}))
        assert outcome.hop is not None
        assert outcome.hop.code is Code.FIREWALL_ASYMMETRIC

    def test_replies_past_the_engine_leave_it_with_one_direction(self) -> None:
        """TCP needs both, UDP does not."""
        rules = stateless(("aws:pass", TCP, "192.0.2.0/24", "0.0.0.0/0", (1024, 65535)))
        rules["StatelessRulesAndCustomActions"]["StatelessRules"][0]["RuleDefinition"]["MatchAttributes"][
            "Protocols"
        ] = []
        wall = walled(("packets", rules))
        assert wall.replied(tcp()) == "unknown"
        assert wall.replied(udp()) == "allow"

    def test_replies_past_the_engine_to_requests_past_the_engine_pass(self) -> None:
        assert walled(stateless_default="aws:pass").replied(tcp()) == "allow"


class TestWhoseFirewallItIs:
    def test_the_endpoints_tag_tells_where_the_firewall_does_not(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        answer = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall")["Calls"][0]["Response"]
        del answer["FirewallStatus"]
        assert (wall.verdict(tcp(443)), wall.verdict(tcp(80))) == ("allow", "deny")

    def test_the_firewall_tells_where_the_endpoint_has_no_tag(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        wall.endpoint.record["Tags"] = []
        assert (wall.verdict(tcp(443)), wall.verdict(tcp(80))) == ("allow", "deny")


class TestWhatIsNotKnown:
    def test_an_appliance_that_is_no_network_firewall(self) -> None:
        net = topology(HOME, EAST)
        vpc = net.vpc("inspection", "10.1.0.0/16")
        endpoint = vpc.load_balancer_endpoint("appliance", vpc.subnet("appliance", "10.1.250.0/28"))
        outcome = Walled(net, endpoint, "", "").one(tcp())
        assert isinstance(outcome, Lose)
        assert outcome.hop.code is Code.APPLIANCE
        assert outcome.unknown.needs == ()

    def test_a_firewall_that_could_not_be_described(self) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        wall.net.refuse(HOME, EAST, "network-firewall", "describe-firewall")
        outcome = wall.one(tcp())
        assert isinstance(outcome, Pass)
        assert [call.operation for call in outcome.flight.doubts[0].needs] == ["describe-firewall"]

    @pytest.mark.parametrize("operation", ["describe-firewall-policy", "describe-rule-group"])
    def test_a_policy_or_rule_group_that_could_not_be_described(self, operation: str) -> None:
        wall = walled(WEB_ONLY, **STRICT)
        wall.net.drop_call(HOME, EAST, "network-firewall", operation)
        outcome = wall.one(tcp())
        assert isinstance(outcome, Pass)
        assert outcome.hop is not None
        assert outcome.hop.code is Code.FIREWALL_UNKNOWN
        assert [call.operation for call in outcome.flight.doubts[0].needs] == [operation]

    def test_a_stateless_rule_group_that_could_not_be_described(self) -> None:
        rules = stateless(("aws:drop", TCP, "0.0.0.0/0", "0.0.0.0/0", (443, 443)))
        wall = walled(("packets", rules))
        wall.net.drop_call(HOME, EAST, "network-firewall", "describe-rule-group")
        assert wall.verdict(tcp()) == "unknown"

    def test_a_managed_rule_group_only_drops(self) -> None:
        """So what is dropped anyway is dropped, and what would pass is in doubt."""
        managed = f"arn:aws:network-firewall:{EAST}:aws-managed:stateful-rulegroup/BotNetCommandAndControlDomains"
        for options, verdict in ((ESTABLISHED, "deny"), ({}, "unknown")):
            wall = walled(**options)
            calls = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall-policy")["Calls"]
            references = calls[0]["Response"]["FirewallPolicy"]["StatefulRuleGroupReferences"]
            references.append({"ResourceArn": managed, "Priority": 1})
            assert wall.verdict(tcp()) == verdict

    def test_a_policy_of_a_newer_kind(self) -> None:
        wall = walled(WEB_ONLY)
        policy = wall.net.document(HOME, EAST, "network-firewall", "describe-firewall-policy")["Calls"][0]["Response"]
        del policy["FirewallPolicy"]
        assert wall.verdict(tcp()) == "unknown"

    def test_a_rule_group_of_a_newer_kind(self) -> None:
        wall = walled(WEB_ONLY)
        group = wall.net.document(HOME, EAST, "network-firewall", "describe-rule-group")["Calls"][0]["Response"]
        del group["RuleGroup"]
        assert wall.verdict(tcp()) == "unknown"


@pytest.mark.parametrize(
    "wall",
    [
        walled(),
        walled(WEB_ONLY, **STRICT),
        walled(ALLOW_LIST, WEB_ONLY, **ESTABLISHED),
        walled(text("drop tcp any any -> any [80,443] (sid:1;)", "pass udp any any -> any 53 (sid:2;)", 'x y (z:"")')),
        walled(("packets", stateless(("aws:pass", TCP, "10.1.0.0/16", "0.0.0.0/0", (443, 443))))),
    ],
    ids=["open", "strict", "names", "text", "stateless"],
)
@pytest.mark.parametrize("reply", [False, True])
def test_every_packet_has_one_outcome(wall: Walled, reply: bool) -> None:
    asked = PacketSet.of(dst=AddressSet.parse("192.0.2.0/24", "10.9.0.0/16"))
    asked = asked.reversed() if reply else asked
    seen = PacketSet.NONE
    for outcome in wall.ask(asked, reply=reply, tracked=frozenset({wall.endpoint.id})):
        assert outcome.flight.packets
        assert outcome.flight.packets.isdisjoint(seen)
        assert outcome.hop is not None
        assert outcome.hop.packets == outcome.flight.packets
        seen = seen | outcome.flight.packets
    assert seen == asked


class TestOnTheWay:
    """Two subnets of the firewall's VPC, whose routes to each other may lead through the firewall."""

    def asked(self, port: int, *, there: bool = True, back: bool = True) -> Answer:
        """A client asks a server on a port; the firewall passes port 443 only."""
        net = topology(HOME, EAST)
        vpc = net.vpc("inspection", "10.1.0.0/16")
        clients, servers = vpc.subnet("clients", "10.1.1.0/24"), vpc.subnet("servers", "10.1.2.0/24")
        walls = vpc.subnet("firewall", "10.1.250.0/28")
        policy = net.firewall_policy("policy", net.rule_group(*WEB_ONLY, strict=True), **STRICT)
        endpoint = vpc.network_firewall("wall", [walls], policy).endpoint_in(walls)
        if there:
            vpc.route_table("clients", clients).route("10.1.2.0/24", endpoint)
        if back:
            vpc.route_table("servers", servers).route("10.1.1.0/24", endpoint)
        group = vpc.security_group("all", ingress=[rule("tcp", (1, 1024), "10.1.0.0/16")])
        client, server = clients.interface(groups=[group]), servers.interface(groups=[group])
        return ask(net, client, server.record["PrivateIpAddress"], tcp=port)

    def test_what_the_rules_pass_is_answered(self) -> None:
        answer = self.asked(443)
        assert answer.verdict == "yes"
        assert sum(name.startswith("vpce-") for name in (*answer.hops, *answer.back)) == 2

    def test_what_the_rules_drop_is_not_and_the_policy_must_change(self) -> None:
        answer = self.asked(80)
        assert (answer.verdict, answer.codes) == ("no", {Code.FIREWALL_DENIES})
        (culprit,) = answer.culprits
        assert culprit.endswith("firewall-policy/policy")

    def test_replies_through_it_to_requests_that_it_has_not_seen_are_dropped(self) -> None:
        answer = self.asked(443, there=False)
        assert (answer.verdict, answer.codes) == ("no", {Code.FIREWALL_ASYMMETRIC})

    def test_a_group_as_peer_does_not_match_behind_it(self) -> None:
        net = topology(HOME, EAST)
        vpc = net.vpc("inspection", "10.1.0.0/16")
        clients, servers = vpc.subnet("clients", "10.1.1.0/24"), vpc.subnet("servers", "10.1.2.0/24")
        walls = vpc.subnet("firewall", "10.1.250.0/28")
        endpoint = vpc.network_firewall("wall", [walls], net.firewall_policy("open")).endpoint_in(walls)
        vpc.route_table("clients", clients).route("10.1.2.0/24", endpoint)
        vpc.route_table("servers", servers).route("10.1.1.0/24", endpoint)
        group = vpc.security_group("clients")
        guarded = vpc.security_group("servers", ingress=[rule("tcp", 443, group)])
        client, server = clients.interface(groups=[group]), servers.interface(groups=[guarded])
        answer = ask(net, client, server.record["PrivateIpAddress"], tcp=443)
        assert (answer.verdict, answer.codes) == ("no", {Code.SECURITY_GROUP_INGRESS})
