"""Assertions: what must and what must not be so, of one end or of many, with what proves that it is not."""

from __future__ import annotations

import pytest

from builder import Topology, inbound, mwaa_estate, outbound, rule, topology
from builder.rules import Entry, Rule
from checks.asserting import result, results, subject_of
from mwaanet import demo
from mwaanet.checks.assertions import subject
from mwaanet.checks.codes import Fault
from mwaanet.checks.context import Context
from mwaanet.checks.result import Status
from mwaanet.errors import CheckFileError, UsageError
from mwaanet.graph.flight import Kind
from mwaanet.net import TCP, Packet
from mwaanet.snapshot.reader import Snapshot

DENIED = "expect: denied\npermit: {principal: mwaa.execution-role, actions: %s, resources: '%s'}"
TRUST = "expect: denied\npermit: {principal: %s.amazonaws.com, actions: 'sts:AssumeRole', resources: '{role}'}"
UNTRUE = "expect: does-not-hold\nrequire: {facts: true, that: access_mode == '%s', about: '{arn}'}"
SIXES = (("10.1.1.10", "2600:1f18:1::10"), ("10.1.1.20", "2600:1f18:1::20"))
EVERYTHING = (inbound(100, "allow", "all", None, "0.0.0.0/0"), outbound(100, "allow", "all", None, "0.0.0.0/0"))


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


def hosts(*rules: Rule, entries: tuple[Entry, ...] = EVERYTHING) -> Topology:
    """A client 10.1.1.10 and servers 10.1.2.20 and .21, whose group has the rules and whose subnet the entries."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    clients = vpc.security_group("clients", egress=[rule("all")])
    servers = vpc.security_group("servers", ingress=rules, egress=[])
    near, far = vpc.subnet("near", "10.1.1.0/24"), vpc.subnet("far", "10.1.2.0/24")
    vpc.network_acl("far", *entries, subnets=[far])
    near.interface("10.1.1.10", groups=[clients])
    for address in ("10.1.2.20", "10.1.2.21"):
        far.interface(address, groups=[servers])
    return net


class TestBlocked:
    """`expect: blocked` is proved for everything that is asked about."""

    BLOCKED = "expect: blocked\nreach: {from: 10.1.1.10, to: 10.1.2.0/24, port: %s}"

    def test_it_holds_where_no_packet_arrives(self) -> None:
        assert result(hosts(rule("tcp", 22)), self.BLOCKED % "443-8443").status is Status.PASS

    def test_one_port_of_many_breaks_it_and_is_shown(self) -> None:
        found = result(hosts(rule("tcp", 8080)), self.BLOCKED % "443-8443")
        (witness,) = found.witnesses
        assert found.status is Status.FAIL
        assert witness.packets.dport.spans == ((8080, 8080),)
        assert str(witness.packets.dst) == "10.1.2.20/31"
        assert witness.example == Packet("10.1.1.10", "10.1.2.20", TCP, 32768, 8080)
        assert witness.example_text == "tcp 10.1.1.10:32768 -> 10.1.2.20:8080"
        assert witness.hops[-1].kind is Kind.NETWORK_INTERFACE
        assert found.findings[0].code == Fault.PACKETS_PASS

    def test_what_let_it_pass_is_named_the_last_first(self) -> None:
        net = hosts(rule("tcp", 443))
        (finding,) = result(net, self.BLOCKED % "443").findings
        assert [name.partition("-")[0] for name in finding.resources] == ["sg", "acl", "acl", "sg"][
            : len(finding.resources)
        ]

    def test_a_packet_that_arrives_breaks_it_although_its_answer_is_stopped(self) -> None:
        net = hosts(rule("udp", 53), entries=(EVERYTHING[0],))
        assert result(net, "reach: {from: 10.1.1.10, to: 10.1.2.20, protocol: udp, port: 53}").status is Status.FAIL
        asked = "expect: blocked\nreach: {from: 10.1.1.10, to: 10.1.2.20, protocol: udp, port: 53}"
        assert result(net, asked).status is Status.FAIL

    def test_a_client_port_that_no_system_uses_by_itself_breaks_it(self) -> None:
        """Replies to ports below 1024 alone pass the servers' network ACL; that is no comfort either."""
        replies = outbound(100, "allow", "tcp", (20, 25), "0.0.0.0/0")
        net = hosts(rule("tcp", 443), entries=(EVERYTHING[0], replies))
        found = result(net, self.BLOCKED % "443")
        assert found.witnesses[0].packets.sport.spans == ((0, 65535),)

    def test_what_is_not_known_is_unknown(self) -> None:
        net = hosts(rule("tcp", 22))
        net.drop_call("111122223333", "us-east-1", "ec2", "describe-security-groups")
        found = result(net, self.BLOCKED % "443")
        assert found.status is Status.UNKNOWN
        assert found.findings[0].needs[0].operation == "describe-security-groups"

    def test_every_protocol(self) -> None:
        asked = "expect: blocked\nreach: {from: 10.1.1.10, to: 10.1.2.20, protocol: all}"
        assert result(hosts(rule("50")), asked).status is Status.FAIL
        assert result(hosts(), asked).status is Status.PASS

    def test_both_families_of_an_interface_count(self) -> None:
        net = topology()
        vpc = net.vpc("apps", "10.1.0.0/16", ipv6="2600:1f18:1::/56")
        near = vpc.subnet("near", "10.1.1.0/24", ipv6="2600:1f18:1::/64")
        anybody = [rule("all"), rule("all", None, "::/0")]
        groups = [vpc.security_group("all", ingress=[rule("tcp", 443, "::/0")], egress=anybody)]
        one, other = (near.interface(ip, ipv6=[six], groups=groups) for ip, six in SIXES)
        found = result(net, f"expect: blocked\nreach: {{from: {one.id}, to: {other.id}, port: 443}}")
        assert found.status is Status.FAIL
        assert found.witnesses[0].example.dst == SIXES[1][1]

    def test_a_name_is_blocked_at_the_addresses_that_it_gives(self, estate: Context) -> None:
        asked = "expect: blocked\nreach: {from: mwaa.worker, to: 'service:sqs', port: %s}"
        assert result(estate, asked % 443).status is Status.FAIL
        assert result(estate, asked % 22).status is Status.PASS

    def test_a_name_that_leads_nowhere_selects_nothing(self, estate: Context) -> None:
        asked = "expect: blocked\nreach: {from: mwaa.worker, to: nothing.fernleaf.internal, port: 443}"
        found = result(estate, asked)
        assert (found.status, found.findings[0].code) == (Status.FAIL, Fault.SELECTION_EMPTY)


class TestSelections:
    """Many ends at once: all of them, any of them, without some."""

    def test_all_must_be_reached(self) -> None:
        net = hosts(rule("tcp", 443, "10.1.1.10/32"))
        assert result(net, "reach: {from: 10.1.1.10, to: [10.1.2.20, 10.1.2.21], port: 443}").status is Status.PASS
        assert result(net, "reach: {from: 10.1.1.10, to: [10.1.2.20, 10.1.2.22], port: 443}").status is Status.FAIL

    def test_any_is_one_of_them(self) -> None:
        net = hosts(rule("tcp", 443))
        found = result(net, "reach: {from: 10.1.1.10, to: {any: [10.1.2.22, 10.1.2.21]}, port: 443}")
        assert found.status is Status.PASS
        assert [s.destination for finding in found.findings for s in finding.segments] == ["10.1.2.21"]
        assert result(net, "reach: {from: 10.1.1.10, to: {any: [10.1.2.22, 10.1.2.23]}}").status is Status.FAIL

    def test_for_every_source_another_end_may_be_the_one(self) -> None:
        net = hosts(rule("tcp", 443))
        asked = "reach: {from: [10.1.1.10, 10.1.2.20], to: {any: [10.1.2.21, 10.1.2.22]}, port: 443}"
        assert result(net, asked).status is Status.FAIL  # the servers' own group lets nothing out
        either = asked.replace("from: [10.1.1.10, 10.1.2.20]", "from: {any: [10.1.1.10, 10.1.2.20]}")
        assert result(net, either).status is Status.PASS

    def test_what_is_excepted_is_not_asked_about(self) -> None:
        net = hosts(rule("tcp", 443, "10.1.1.10/32"))
        asked = "expect: blocked\nreach: {from: {all: 10.1.0.0/16%s}, to: 10.1.2.20, port: 443}"
        assert result(net, asked % "").status is Status.FAIL
        assert result(net, asked % ", except: 10.1.1.10").status is Status.PASS

    @pytest.mark.parametrize(
        "end",
        ["10.1.2.77", "'https://10.1.2.77'", "10.1.2.64/26", "{all: 10.1.2.0/27, except: [10.1.2.20, 10.1.2.21]}"],
    )
    def test_addresses_that_nobody_has_select_nothing(self, end: str) -> None:
        """Nothing arrives there, whatever is so: a misspelt address is kept from everybody."""
        net = hosts(rule("tcp", 443))
        asked = f"expect: blocked\nreach: {{from: 10.1.1.10, to: {end}, port: 443}}"
        found = result(net, asked)
        assert (found.status, found.findings[0].code) == (Status.FAIL, Fault.SELECTION_EMPTY)
        assert "nobody has" in found.message
        assert result(net, f"allow-empty: true\n{asked}").status is Status.SKIP
        net.drop_call("111122223333", "us-east-1", "ec2", "describe-network-interfaces")
        assert result(net, asked).status is Status.UNKNOWN

    @pytest.mark.parametrize("end", ["10.1.2.16/28", "10.1.0.2", "169.254.169.253"])
    def test_what_somebody_has_is_kept_from_others(self, end: str) -> None:
        """A block of which some addresses are in use, the VPC's resolver by both its addresses."""
        asked = f"expect: blocked\nreach: {{from: 10.1.1.10, to: {end}, port: 25}}"
        assert result(hosts(rule("tcp", 443)), asked).findings[0].code != Fault.SELECTION_EMPTY

    def test_where_everything_is_excepted_nothing_is_selected(self) -> None:
        asked = "reach: {from: {all: 10.1.1.10, except: 10.1.1.0/24}, to: 10.1.2.20}"
        found = result(hosts(), asked)
        assert (found.status, found.findings[0].code) == (Status.FAIL, Fault.SELECTION_EMPTY)

    @pytest.mark.parametrize("expect", ["reachable", "blocked"])
    @pytest.mark.parametrize("end", ["tag:Name=nobody", "subnet-0123456789abcdef0"])
    def test_nothing_selected_fails_unless_it_may(self, estate: Context, expect: str, end: str) -> None:
        asked = f"expect: {expect}\nreach: {{from: '{end}', to: bucket, port: 443}}"
        assert result(estate, asked).status is Status.FAIL
        assert result(estate, f"allow-empty: true\n{asked}").status is Status.SKIP

    @pytest.mark.parametrize("name", ["workers-a", "nobody"])
    def test_who_else_has_a_tag_is_not_known_where_a_list_is_missing(self, name: str) -> None:
        unread = "accounts/444455556666/us-east-1/ec2/describe-subnets.json"
        files = {file: text for file, text in demo.files(demo.HEALTHY).items() if file != unread}
        asked = f"expect: blocked\nreach: {{from: 'tag:Name={name}', to: internet, port: 443}}"
        found = result(subject(Snapshot.from_files(files)), asked)
        assert found.status is Status.UNKNOWN
        assert "describe-subnets of 444455556666" in found.message

    @pytest.mark.parametrize(("mode", "status"), [("PRIVATE_ONLY", Status.PASS), ("PUBLIC_ONLY", Status.UNKNOWN)])
    def test_a_public_web_server_is_not_blocked_because_its_endpoint_is(self, mode: str, status: Status) -> None:
        """https://docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html"""
        described = "accounts/111122223333/us-east-1/mwaa/get-environment.json"
        files = demo.files(demo.HEALTHY)
        files = {**files, described: files[described].replace(b"PRIVATE_ONLY", mode.encode())}
        asked = "expect: blocked\nreach: {from: internet, to: mwaa.webserver, protocol: all}"
        assert result(subject(Snapshot.from_files(files)), asked).status is status

    @pytest.mark.parametrize(("kind", "words"), [("all", "over any protocol"), ("udp", "over udp")])
    def test_a_title_says_which_packets_are_meant(self, estate: Context, kind: str, words: str) -> None:
        found = result(estate, f"expect: blocked\nreach: {{from: internet, to: mwaa.webserver, protocol: {kind}}}")
        assert found.check.title == f"internet does not reach mwaa.webserver {words}"

    def test_what_may_be_missing_does_not_hide_the_rest(self) -> None:
        asked = "allow-empty: true\nexpect: blocked\nreach: {from: 10.1.1.10, to: ['tag:Name=x', 10.1.2.20], port: 443}"
        assert result(hosts(rule("tcp", 443)), asked).status is Status.FAIL
        assert result(hosts(rule("tcp", 22)), asked).status is Status.PASS


class TestWays:
    """`via` and `not-via`: what the packets must cross and what they must not."""

    WAY = "%sreach: {from: mwaa.worker, to: bucket, port: 443, %s}"

    @pytest.mark.parametrize(
        ("expect", "way", "status"),
        [
            ("", "via: vpc-endpoint", Status.PASS),
            ("", "via: [nat-gateway, vpc-endpoint]", Status.PASS),
            ("", "via: network-firewall", Status.FAIL),
            ("", "not-via: [internet-gateway, nat-gateway]", Status.PASS),
            ("", "not-via: vpc-endpoint", Status.FAIL),
            ("expect: blocked\n", "via: internet-gateway", Status.PASS),
            ("expect: blocked\n", "via: vpc-endpoint", Status.FAIL),
            ("expect: blocked\n", "not-via: vpc-endpoint", Status.PASS),
            ("expect: blocked\n", "not-via: network-firewall", Status.FAIL),
        ],
    )
    def test_a_way(self, estate: Context, expect: str, way: str, status: Status) -> None:
        assert result(estate, self.WAY % (expect, way)).status is status

    def test_one_component(self) -> None:
        world = mwaa_estate()
        asked = f"reach: {{from: mwaa.worker, to: bucket, port: 443, via: {world.s3_endpoint.id}}}"
        assert result(world, asked).status is Status.PASS

    @pytest.mark.parametrize("expect", ["reachable", "blocked"])
    @pytest.mark.parametrize("way", ["via", "not-via"])
    def test_a_component_that_does_not_exist_is_crossed_by_nobody(self, estate: Context, expect: str, way: str) -> None:
        asked = self.WAY % (f"expect: {expect}\n", f"{way}: [vpc-endpoint, tgw-0123456789abcdef0]")
        found = result(estate, asked)
        assert (found.status, found.findings[0].code) == (Status.FAIL, Fault.SELECTION_EMPTY)
        assert "tgw-0123456789abcdef0" in found.message
        assert result(estate, f"allow-empty: true\n{asked}").findings[0].code != Fault.SELECTION_EMPTY

    def test_the_way_taken_is_the_witness(self, estate: Context) -> None:
        (witness, *_) = result(estate, self.WAY % ("", "not-via: vpc-endpoint")).witnesses
        assert Kind.VPC_ENDPOINT in [hop.kind for hop in witness.hops]


class TestOtherVerbs:
    """What is expected not to be so, of names, permissions and facts."""

    @pytest.mark.parametrize(
        ("asked", "status"),
        [
            ("expect: does-not-resolve\nresolve: {name: 'service:sqs', from: mwaa.worker}", Status.FAIL),
            ("expect: does-not-resolve\nresolve: {name: 'service:sqs', from: mwaa.worker, gives: public}", Status.PASS),
            ("expect: does-not-resolve\nresolve: {name: x.fernleaf.internal, from: mwaa.worker}", Status.PASS),
            ("expect: resolves\nresolve: {name: 'service:sqs', from: mwaa.worker}", Status.PASS),
            (DENIED % ("s3:DeleteBucket", "{bucket_arn}"), Status.PASS),
            (DENIED % ("['s3:DeleteBucket', 's3:ListBucket']", "{bucket_arn}"), Status.FAIL),
            (DENIED % ("s3:DeleteObject", "{bucket_arn}/x*"), Status.UNKNOWN),
            (DENIED % ("ec2:DescribeVpcs", "*"), Status.PASS),
            (DENIED % ("cloudwatch:PutMetricData", "*"), Status.FAIL),
            (TRUST % "ecs-tasks", Status.PASS),
            (TRUST % "airflow", Status.FAIL),
            (TRUST % "airflw", Status.WARN),
            (f"allow-empty: true\n{TRUST % 'airflw'}", Status.PASS),
            (UNTRUE % "PUBLIC_ONLY", Status.PASS),
            (UNTRUE % "PRIVATE_ONLY", Status.FAIL),
        ],
    )
    def test_a_negative(self, estate: Context, asked: str, status: Status) -> None:
        assert result(estate, asked).status is status

    @pytest.mark.parametrize("expect", ["", "allow-empty: true\n"])
    def test_a_name_that_is_almost_another_is_doubted(self, estate: Context, expect: str) -> None:
        """That it does not resolve holds, but of a misspelt name that would, whatever is so."""
        asked = f"{expect}expect: does-not-resolve\nresolve: {{name: %s, from: mwaa.worker}}"
        assert result(estate, asked % "nexus-old.build.example").status is Status.PASS
        found = result(estate, asked % "pakages.build.example")
        assert found.status is (Status.PASS if expect else Status.WARN)
        assert expect or "(did you mean packages.build.example?)" in found.message

    def test_an_object_that_is_not_there_selects_nothing(self, estate: Context) -> None:
        asked = (
            "expect: does-not-hold\nrequire: {call: s3/head-object, parameters: {Bucket: '{bucket}', Key: none.txt}, "
            "that: ContentLength, about: '{bucket}'}"
        )
        assert result(estate, asked).status in (Status.FAIL, Status.UNKNOWN)

    def test_an_environment_that_is_not_there_selects_nothing(self, estate: Context) -> None:
        role = "arn:aws:airflow:us-east-1:111122223333:role/%s/Admin"
        asked = DENIED % ("airflow:InvokeRestApi", role)
        found = result(estate, asked % "ingest-prd")
        assert (found.status, found.findings[0].code) == (Status.FAIL, Fault.SELECTION_EMPTY)
        assert "has no environment ingest-prd in us-east-1 (did you mean ingest-prod?)" in found.message
        assert result(estate, asked % "ingest-prod").status is Status.PASS
        assert result(estate, (asked % "ingest-prd").replace("us-east-1", "us-west-2")).status is Status.PASS

    def test_an_environment_is_created_where_none_is(self, estate: Context) -> None:
        environment = "arn:aws:airflow:us-east-1:111122223333:environment/ingest-next"
        assert result(estate, DENIED % ("airflow:CreateEnvironment", environment)).status is Status.PASS
        assert result(estate, DENIED % ("airflow:DeleteEnvironment", environment)).status is Status.FAIL

    @pytest.mark.parametrize(
        "expected",
        ["expect: does-not-hold\n", ""],
    )
    def test_a_rule_of_a_group_that_is_not_there_selects_nothing(self, estate: Context, expected: str) -> None:
        rules = "SecurityGroups[?GroupId=='sg-0123456789abcdef0'].IpPermissions[]"
        that = rules if expected else f"length({rules}) == `0`"
        asked = f'{expected}require: {{call: ec2/describe-security-groups, about: x, that: "{that}"}}'
        found = result(estate, asked)
        assert (found.status, found.findings[0].code) == (Status.FAIL, Fault.SELECTION_EMPTY)
        assert "nothing has the GroupId sg-0123456789abcdef0" in found.message
        assert result(estate, f"allow-empty: true\n{asked}").status is Status.SKIP


class TestWaivers:
    """A failure may be put up with for a while."""

    WAIVED = "waive: {until: %s, because: the migration}\nreach: {from: 10.1.1.10, to: 10.1.2.20, port: %s}"

    @pytest.mark.parametrize(
        ("until", "port", "status", "counts"),
        [
            ("2026-06-15", 22, Status.FAIL, Status.WARN),
            ("2026-06-14", 22, Status.FAIL, Status.FAIL),
            ("2026-06-15", 443, Status.PASS, Status.PASS),
            ("2026-06-14", 443, Status.WARN, Status.WARN),
        ],
    )
    def test_until_its_day_it_is_shown_as_such(self, until: str, port: int, status: Status, counts: Status) -> None:
        found = result(hosts(rule("tcp", 443)), self.WAIVED % (until, port))
        assert (found.status, found.counts) == (status, counts)
        assert (found.waived is not None) == (counts is not status)
        if until == "2026-06-14":
            assert "the waiver ended on 2026-06-14" in found.message

    def test_what_is_unknown_is_not_waived(self) -> None:
        net = hosts()
        net.drop_call("111122223333", "us-east-1", "ec2", "describe-route-tables")
        found = result(net, self.WAIVED % ("2027-01-01", 443))
        assert (found.status, found.counts) == (Status.UNKNOWN, Status.UNKNOWN)


class TestWithoutAnEnvironment:
    """Assertions that speak of no environment need none."""

    def test_hosts_and_addresses(self) -> None:
        assert (
            result(hosts(rule("tcp", 443)), "reach: {from: 10.1.1.10, to: 10.1.2.20, port: 443}").status is Status.PASS
        )

    @pytest.mark.parametrize("end", ["mwaa.worker", "service:sqs", "bucket", "{vpc}"])
    def test_words_of_an_environment_are_refused(self, end: str) -> None:
        with pytest.raises(CheckFileError, match="the snapshot holds no environment"):
            result(hosts(), f"reach: {{from: 10.1.1.10, to: '{end}'}}")

    def test_an_environment_that_is_not_there(self) -> None:
        with pytest.raises(UsageError, match="no environment is named"):
            subject_of(mwaa_estate(), "other")


def test_what_does_not_apply_is_skipped(estate: Context) -> None:
    found = result(estate, "when: access_mode == 'PUBLIC_ONLY'\nreach: {from: dc, to: mwaa.webserver}")
    assert (found.status, found.message) == (Status.SKIP, "does not apply: access_mode == 'PUBLIC_ONLY'")


def test_a_list_without_values_selects_nothing(estate: Context) -> None:
    asked = "each: api_aliases\nreach: {from: dc, to: '{each}'}"
    assert result(estate, asked).status is Status.FAIL
    assert result(estate, f"allow-empty: true\n{asked}").status is Status.SKIP


def test_they_do_not_depend_on_one_another() -> None:
    net = hosts(rule("tcp", 443))
    lines = [
        "- {id: one, reach: {from: 10.1.1.10, to: 10.1.2.20, port: 443}}",
        "- {id: two, expect: blocked, reach: {from: 10.1.1.10, to: 10.1.2.20, port: 443}}",
        "- {id: three, reach: {from: 10.1.1.10, to: 10.1.2.20, port: 22}}",
    ]
    forward = {one.check.id: one.status for one in results(net, "\n".join(lines))}
    backward = {one.check.id: one.status for one in results(net, "\n".join(reversed(lines)))}
    assert forward == backward == {"one": Status.PASS, "two": Status.FAIL, "three": Status.FAIL}
