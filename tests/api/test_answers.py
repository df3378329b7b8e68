"""Answers of the Python API: what they are worth as true or false, in comparisons, and as text."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest

import mwaanet
from builder import Topology, inbound, mwaa_estate, outbound, rule, topology
from mwaanet.access.evaluate import ASSUMED_ORGANISATION, ASSUMED_SESSION
from mwaanet.names.route53_profile import NO_PROFILES

CLIENT, SERVER = "10.1.1.10", "10.1.2.20"


def two_subnets(*opened: int) -> Topology:
    """A client in one subnet, a server in another whose group lets in what is opened."""
    net = topology()
    vpc = net.vpc("apps", "10.1.0.0/16")
    senders = vpc.security_group("clients")
    takers = vpc.security_group("servers", ingress=[rule("tcp", port, "10.1.0.0/16") for port in opened])
    vpc.subnet("clients", "10.1.1.0/24").interface(CLIENT, groups=[senders])
    vpc.subnet("servers", "10.1.2.0/24").interface(SERVER, groups=[takers])
    return net


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Topology], mwaanet.Network]:
    def write(net: Topology) -> mwaanet.Network:
        return mwaanet.load(net.write(Path(mkdtemp(dir=tmp_path))))

    return write


@pytest.fixture
def network(load: Callable[[Topology], mwaanet.Network]) -> mwaanet.Network:
    return load(two_subnets(443, 8080))


@pytest.fixture
def blind(load: Callable[[Topology], mwaanet.Network]) -> mwaanet.Network:
    """The same, whose network ACLs nobody may list."""
    net = two_subnets(443)
    net.refuse(net.account_id, net.name, "ec2", "describe-network-acls")
    return load(net)


class TestTruth:
    def test_yes_is_true_and_no_is_false(self, network: mwaanet.Network) -> None:
        assert bool(network.reach(CLIENT, SERVER, tcp=443)) is True
        assert bool(network.reach(CLIENT, SERVER, tcp=22)) is False

    def test_part_of_the_packets_is_neither(self, network: mwaanet.Network) -> None:
        answer = network.reach(CLIENT, SERVER, tcp="440-450")
        with pytest.raises(mwaanet.UndecidedError, match="✗ partial: "):
            bool(answer)

    def test_unknown_is_neither_and_names_the_call(self, blind: mwaanet.Network) -> None:
        answer = blind.reach(CLIENT, SERVER, tcp=443)
        assert [need.operation for need in answer.needs] == ["describe-network-acls"]
        with pytest.raises(mwaanet.UndecidedError, match="ec2 describe-network-acls"):
            assert not answer

    def test_what_is_stopped_whatever_is_unknown_is_no(self, blind: mwaanet.Network) -> None:
        assert blind.reach(CLIENT, SERVER, tcp=22) == "no"

    def test_a_request_that_arrives_unanswered_is_not_kept_away(
        self, load: Callable[[Topology], mwaanet.Network]
    ) -> None:
        """No connection comes about, but packets get through: neither yes nor no is proven."""
        net = two_subnets(443)
        acl = net.store.lists["ec2", "describe-network-acls"][0]
        acl["Entries"] = [
            inbound(100, "allow", "all", None, "0.0.0.0/0").record(),
            outbound(100, "allow", "tcp", 443, "0.0.0.0/0").record(),
        ]
        answer = load(net).reach(CLIENT, SERVER, tcp=443)
        assert answer == "partial"
        assert answer.culprits == (acl["NetworkAclId"],)
        assert f"{CLIENT} reaches {SERVER}" in answer.explain()
        with pytest.raises(mwaanet.UndecidedError):
            assert not answer

    def test_no_is_not_proven_where_the_end_itself_is_not_known(self, network: mwaanet.Network) -> None:
        """What a VPC does not route stops it today; who holds the address nobody knows."""
        answer = network.reach(CLIENT, "192.168.7.7", tcp=443)
        assert answer == "unknown"
        assert "who holds 192.168.7.7 is not known" in answer.explain().replace("\n  ", " ")

    def test_pairs_that_differ_are_partial(self) -> None:
        broken = mwaanet.load_demo("s3-route-missing")
        assert broken.reach("mwaa.worker", "bucket") == "partial"
        assert broken.reach("mwaa.worker@subnet-002e37673d770ee6b", "bucket") == "yes"
        assert broken.reach("mwaa.worker@subnet-09b87ecfd38a98411", "bucket") == "no"

    def test_a_name_whose_servers_are_not_reached_proves_no_no(
        self, load: Callable[[Topology], mwaanet.Network]
    ) -> None:
        """Packets to the address, for whoever knows it, are not stopped by that."""
        estate = mwaa_estate()
        site = estate.net.world.site
        estate.net.site(site.replace("to: 172.20.1.0/24, protocol: tcp", "to: 172.20.1.99/32, protocol: tcp"))
        assert estate.net.world.site != site
        answer = load(estate.net).reach("mwaa.worker", "packages.corp.example", tcp=443)
        assert answer == "partial"
        assert answer.witness is None


class TestComparisons:
    def test_with_a_verdicts_word(self, network: mwaanet.Network, blind: mwaanet.Network) -> None:
        assert network.reach(CLIENT, SERVER, tcp=443) == "yes"
        assert network.reach(CLIENT, SERVER, tcp=443) != "no"
        assert blind.reach(CLIENT, SERVER, tcp=443) == mwaanet.Verdict.UNKNOWN

    def test_with_a_word_that_is_no_verdict(self, network: mwaanet.Network) -> None:
        with pytest.raises(mwaanet.UsageError, match=r"'reachable'.*yes, no, partial, unknown"):
            assert network.reach(CLIENT, SERVER, tcp=443) != "reachable"

    def test_with_another_answer(self, network: mwaanet.Network) -> None:
        first, again, other = (network.reach(CLIENT, SERVER, tcp=port) for port in (443, 443, 8080))
        assert first == again != other
        assert len({first, again, other}) == 2
        assert first != 443

    def test_cannot_be_changed(self, network: mwaanet.Network) -> None:
        answer = network.reach(CLIENT, SERVER, tcp=443)
        with pytest.raises(dataclasses.FrozenInstanceError):
            answer.verdict = mwaanet.Verdict.NO  # type: ignore[misc]


class TestWhatItTells:
    def test_culprits_and_a_packet_that_is_stopped(self, network: mwaanet.Network) -> None:
        answer = network.reach(CLIENT, SERVER, tcp=22)
        (witness,) = answer.witnesses
        assert answer.witness is witness
        assert answer.culprits == (witness.hops[-1].component,)
        assert (witness.verdict, witness.packet.src, witness.packet.dst, witness.packet.dport) == (
            "no",
            CLIENT,
            SERVER,
            22,
        )

    def test_a_packet_that_passes_goes_there_and_back(self, network: mwaanet.Network) -> None:
        answer = network.reach(CLIENT, SERVER, tcp=443)
        assert answer.witness
        components = [hop.component for hop in answer.witness.hops]
        assert answer.witness.verdict == "yes"
        assert components[0] == components[-1] != components[len(components) // 2]
        assert answer.culprits == ()

    def test_part_shows_both(self, network: mwaanet.Network) -> None:
        answer = network.reach(CLIENT, SERVER, tcp="442-443")
        assert [(w.verdict, w.packet.dport) for w in answer.witnesses] == [("no", 442), ("yes", 443)]

    def test_one_line_of_it(self, network: mwaanet.Network) -> None:
        answer = network.reach(CLIENT, SERVER, tcp=22)
        assert repr(answer) == f"<no: {CLIENT} to {SERVER}, tcp 22, because of {answer.culprits[0]}>"
        assert repr(network.reach(CLIENT, SERVER, tcp=443)) == f"<yes: {CLIENT} to {SERVER}, tcp 443>"

    @pytest.mark.parametrize("width", [80, 120])
    def test_explanation_fits(self, network: mwaanet.Network, width: int) -> None:
        lines = network.reach(CLIENT, SERVER, tcp="1-1000").explain(width=width).splitlines()
        assert lines[0] == f"✗ partial: {CLIENT} to {SERVER}, tcp 1-1000"
        assert max(map(len, lines)) <= width

    def test_what_the_verdict_takes_for_granted(self, load: Callable[[Topology], mwaanet.Network]) -> None:
        """Nobody was asked for Route 53 Profiles, by which the VPC may have names; asked again it is told again."""
        net = two_subnets(443)
        net.drop_call(net.account_id, net.name, "route53profiles", "list-profile-associations")
        network = load(net)
        for _ in range(2):
            answer = network.resolve("absent.corp.example", CLIENT)
            assert answer.assumptions == (NO_PROFILES,)
            assert f"assumed: {NO_PROFILES}" in answer.explain(width=200)
        answer = network.reach(CLIENT, SERVER, tcp=443)
        assert answer.assumptions == ()
        assert "assumed" not in answer.explain()

    def test_what_a_proven_no_takes_for_granted(self) -> None:
        answer = mwaanet.load_demo().permit("s3:DeleteBucket", "{bucket_arn}", via="bucket")
        assert answer == "no"
        assert set(answer.assumptions) == {ASSUMED_ORGANISATION, ASSUMED_SESSION}


class TestNothingIsAsked:
    """Of nobody *no* would be true, and would prove nothing."""

    def test_nobody_sends(self, network: mwaanet.Network) -> None:
        with pytest.raises(mwaanet.UsageError, match="nobody sends from"):
            network.reach("10.1.1.77", SERVER, tcp=443)

    def test_nobody_is_there(self, network: mwaanet.Network) -> None:
        with pytest.raises(mwaanet.UsageError, match=r"nobody has 10\.1\.1\.77"):
            network.reach(CLIENT, "10.1.1.77", tcp=443)

    def test_what_has_no_name(self, network: mwaanet.Network) -> None:
        with pytest.raises(mwaanet.UsageError, match="is an address"):
            network.resolve("10.1.1.77", CLIENT)

    @pytest.mark.parametrize("source", ["tag:Name=gone", "clients.example.com", "cleint"])
    def test_source_that_means_nothing(self, network: mwaanet.Network, source: str) -> None:
        with pytest.raises(mwaanet.UsageError):
            network.reach(source, SERVER, tcp=443)

    def test_words_of_an_environment_where_there_is_none(self, network: mwaanet.Network) -> None:
        with pytest.raises(mwaanet.UsageError, match="holds no environment"):
            network.reach("mwaa.worker", SERVER, tcp=443)
        with pytest.raises(mwaanet.UsageError, match="no MWAA environment"):
            network.environment()

    @pytest.mark.parametrize(
        "packets",
        [{}, {"tcp": 443, "udp": 53}, {"tcp": "443-80"}, {"tcp": "https"}, {"tcp": 65536}, {"protocol": "tpc"}],
    )
    def test_packets_that_are_not_said(self, network: mwaanet.Network, packets: dict[str, int | str]) -> None:
        with pytest.raises(mwaanet.UsageError):
            network.reach(CLIENT, SERVER, **packets)


class TestPackets:
    @pytest.mark.parametrize(
        ("packets", "said", "verdict"),
        [
            ({"tcp": "443, 8080"}, "tcp 443,8080", "yes"),
            ({"tcp": "all"}, "tcp, every port", "partial"),
            ({"udp": 443}, "udp 443", "no"),
            ({"protocol": "icmp"}, "icmp", "no"),
            ({"protocol": 6}, "tcp", "partial"),
            ({"protocol": "all"}, "every protocol", "partial"),
        ],
    )
    def test_by_keyword(self, network: mwaanet.Network, packets: dict[str, int | str], said: str, verdict: str) -> None:
        answer = network.reach(CLIENT, SERVER, **packets)
        assert (answer.question, answer.verdict) == (f"{CLIENT} to {SERVER}, {said}", verdict)
