"""The site file: what it declares, and the line of what is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mwaanet.errors import SiteFileError
from mwaanet.model.site import Site
from mwaanet.net import TCP, AddressSet, Intervals

WHOLE = """\
version: 1
environment: customer-mwaa-prod

on_premises:
  - name: dc1
    cidrs: [10.50.0.0/16, 2001:db8::/32]
    connects_through: [vpn-0a1b, dxgw-1, tgw-attach-0c2d]
    routes: [10.1.0.0/16, 10.2.0.0/16]
    clients:
      orchestrator: 10.50.2.15
    dns:
      servers: [10.50.0.2]
      public: none
      records:
        Nexus.company.local.: [10.50.1.20]
        mwaa.company.internal: {cname: 0a1b2c-vpce.c12.us-east-1.airflow.amazonaws.com.}
        one.company.local: 10.50.1.21
      forwards:
        - {zone: airflow.us-east-1.amazonaws.com, to: [10.1.10.53, 10.1.11.53]}
    firewall:
      default: deny
      internet: firewall
      rules:
        - {action: allow, direction: outbound, from: 10.50.2.0/24, to: 10.1.0.0/16, protocol: tcp,
           ports: [443, "1024-65535"]}
        - {action: deny, direction: inbound}
  - name: dc2

nexus:
  url: https://nexus.customer.com/repository/pypi-proxy/simple/
  server: {site: dc1, address: 10.50.1.20, port: 8081}

api:
  clients: [dc1.orchestrator, dc2, subnet-1]
  principal: arn:aws:iam::111122223333:role/airflow-api-client
  host: mwaa.company.internal
"""


def refused(text: str) -> str:
    with pytest.raises(SiteFileError) as caught:
        Site.parse(text, "mwaanet.yaml")
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix("mwaanet.yaml: ")


def site(text: str) -> str:
    """A file with one site, of which the text is the rest."""
    return f"on_premises:\n  - name: dc1\n    cidrs: [10.50.0.0/16]\n{text}"


class TestWhatItDeclares:
    def test_everything(self) -> None:
        found = Site.parse(WHOLE, "mwaanet.yaml")
        assert (found.name, found.environment) == ("mwaanet.yaml", "customer-mwaa-prod")
        dc1, dc2 = found.on_premises
        assert (dc1.name, str(dc1.cidrs), str(dc1.routes), dc1.line) == (
            "dc1",
            "10.50.0.0/16, 2001:db8::/32",
            "10.1.0.0-10.2.255.255",
            5,
        )
        assert dc1.connects_through == ("vpn-0a1b", "dxgw-1", "tgw-attach-0c2d")
        assert dict(dc1.clients) == {"orchestrator": "10.50.2.15"}
        assert (dc2.cidrs, dc2.routes, dc2.dns, dc2.firewall) == (AddressSet.NONE, None, None, None)
        assert found.nexus is not None
        assert found.nexus.server is not None
        assert (found.nexus.server.site, found.nexus.server.address, found.nexus.server.port) == (
            "dc1",
            "10.50.1.20",
            8081,
        )
        assert found.api is not None
        assert found.api.clients == ("dc1.orchestrator", "dc2", "subnet-1")
        assert found.api.host == "mwaa.company.internal"

    def test_names(self) -> None:
        dns = Site.parse(WHOLE, "mwaanet.yaml").on_premises[0].dns
        assert dns is not None
        assert (dns.servers, dns.public) == (("10.50.0.2",), "none")
        assert {name: record.addresses or record.cname for name, record in dns.records.items()} == {
            "nexus.company.local": ("10.50.1.20",),
            "mwaa.company.internal": "0a1b2c-vpce.c12.us-east-1.airflow.amazonaws.com",
            "one.company.local": ("10.50.1.21",),
        }
        assert [(f.zone, f.to, f.line) for f in dns.forwards] == [
            ("airflow.us-east-1.amazonaws.com", ("10.1.10.53", "10.1.11.53"), 19)
        ]

    def test_firewall_rules_keep_their_line(self) -> None:
        firewall = Site.parse(WHOLE, "mwaanet.yaml").on_premises[0].firewall
        assert firewall is not None
        assert (firewall.default, firewall.internet) == ("deny", "firewall")
        first, second = firewall.rules
        assert (first.action, first.direction, first.protocol, first.line) == ("allow", "outbound", TCP, 24)
        assert (str(first.source), str(first.destination)) == ("10.50.2.0/24", "10.1.0.0/16")
        assert first.ports == Intervals.of((443, 443), (1024, 65535))
        assert (second.source, second.destination) == (AddressSet.ANY, AddressSet.ANY)
        assert (second.protocol, second.ports, second.line) == (None, None, 26)

    def test_one_where_several_may_stand(self) -> None:
        rule = "{action: allow, direction: inbound, from: [10.1.0.0/16, 10.3.0.0/16], ports: 443}"
        rules = f"    firewall: {{rules: [{rule}]}}\n"
        found = Site.parse(site(rules + "    routes: 10.1.0.0/16\n"), "mwaanet.yaml").on_premises[0]
        assert found.firewall is not None
        assert str(found.firewall.rules[0].source) == "10.1.0.0/16, 10.3.0.0/16"
        assert found.firewall.rules[0].ports == Intervals.single(443)
        assert str(found.routes) == "10.1.0.0/16"

    @pytest.mark.parametrize("text", ["", "# nothing yet\n", "version: 1\n", "on_premises:\napi:\nnexus: ~\n"])
    def test_nothing(self, text: str) -> None:
        assert Site.parse(text, "mwaanet.yaml") == Site(name="mwaanet.yaml")

    def test_a_key_without_a_value_is_absent(self) -> None:
        found = Site.parse(site("    routes:\n    dns:\n      servers:\n    clients:\n"), "mwaanet.yaml").on_premises[0]
        assert found.routes is None
        assert found.dns is None or found.dns.servers == ()
        assert not found.clients


class TestWhatIsWrongInIt:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("version: 2\n", "line 1: version: expected a number from 1 to 1"),
            (
                "api: {host: 'https://mwaa.company.internal/home'}\n",
                "line 1: host: expected the name of a host, such as mwaa.company.internal, found "
                "'https://mwaa.company.internal/home'",
            ),
            ("enviroment: x\n", "line 1: the file: unknown key 'enviroment' (did you mean environment?)"),
            ("zzz: 1\n", "line 1: the file: unknown key 'zzz'"),
            ("[1]\n", "line 1: the file: expected a mapping"),
            ("on_premises: dc1\n", "line 1: on_premises: expected a list"),
            ("on_premises:\n  - cidrs: [10.0.0.0/8]\n", "line 2: on_premises: name is missing"),
            ("on_premises:\n  - name: a.b\n", "line 2: on_premises: 'a.b' cannot be the name of a site"),
            ("on_premises:\n  - name: internet\n", "line 2: on_premises: 'internet' cannot be the name of a site"),
            ("on_premises:\n  - name: a\n  - name: a\n", "line 2: two sites are named a"),
            (site("    cidr: [10.0.0.0/8]\n"), "line 4: on_premises: unknown key 'cidr' (did you mean cidrs?)"),
            (
                site("    routes: [10.0.0.0/33]\n"),
                "line 4: expected an address or CIDR: '10.0.0.0/33' is not a CIDR block: "
                "expected a prefix length 0-32 after the slash",
            ),
            (site("    routes: {a: 1}\n"), "line 4: expected a text"),
            (site("    clients: {a: 10.0.0.0/8}\n"), "line 4: expected one address, not 10.0.0.0/8"),
            (site("    clients: [a]\n"), "line 4: clients: expected a mapping"),
            (site("    dns:\n      public: xyz\n"), "line 5: public: 'xyz' is none of all, none, filtered"),
            (
                site("    dns:\n      public: filterd\n"),
                "line 5: public: 'filterd' is none of all, none, filtered (did you mean filtered?)",
            ),
            (site("    dns: {records: {a: {name: b}}}\n"), "line 4: record: unknown key 'name' (did you mean cname?)"),
            (site("    dns: {records: {a: {}}}\n"), "line 4: record: expected addresses or cname"),
            (site("    dns: {forwards: [{zone: a}]}\n"), "line 4: forwards: expected zone and to"),
            (site("    firewall: {rules: [{direction: inbound}]}\n"), "line 4: rule: action is missing"),
            (
                site("    firewall:\n      rules:\n        - {action: permit, direction: inbound}\n"),
                "line 6: action: 'permit' is none of allow, deny",
            ),
            (
                site("    firewall: {rules: [{action: allow, direction: inbound, ports: [65536]}]}\n"),
                "line 4: ports: expected 0 to 65535, the lower first",
            ),
            (
                site("    firewall: {rules: [{action: allow, direction: inbound, ports: [https]}]}\n"),
                "line 4: ports: expected a number or a range such as 1024-65535",
            ),
            (
                site("nexus:\n  server: {site: dc2, address: 10.0.0.1}\n"),
                "line 5: server: no site is named 'dc2' (did you mean dc1?)",
            ),
            (site("nexus:\n  server: {site: dc1}\n"), "line 5: server: address is missing"),
            (
                site("nexus:\n  server: {site: dc1, address: 10.0.0.1, port: x}\n"),
                "line 5: port: expected a number from 1 to 65535",
            ),
            (
                site("    clients: {orchestrator: 10.50.0.1}\napi:\n  clients: [dc1.orchestrater]\n"),
                "line 6: clients: dc1 has no client 'orchestrater' (did you mean dc1.orchestrator?)",
            ),
        ],
    )
    def test_is_named_with_its_line(self, text: str, message: str) -> None:
        assert refused(text) == message

    @pytest.mark.parametrize(
        "text",
        [
            "version: 1\nversion: 1\n",
            "a: &x [1]\nb: *x\n",
            "on_premises: !!python/object:os.system {}\n",
            "on_premises: [\n",
            "\tversion: 1\n",
            "{" * 1000,
            "? [a, b]\n: 1\n",
        ],
        ids=["duplicate-key", "anchor", "tag", "unclosed", "tab", "deep", "complex-key"],
    )
    def test_what_is_not_plain_data_is_refused(self, text: str) -> None:
        assert refused(text)


class TestTheFile:
    def test_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "mwaanet.yaml").write_text(WHOLE, encoding="utf-8")
        assert Site.load(tmp_path / "mwaanet.yaml").environment == "customer-mwaa-prod"

    def test_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(SiteFileError, match=r"nowhere\.yaml: No such file or directory$"):
            Site.load(tmp_path / "nowhere.yaml")

    def test_that_is_not_text(self, tmp_path: Path) -> None:
        (tmp_path / "mwaanet.yaml").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(SiteFileError, match=r"mwaanet\.yaml: is not UTF-8 text$"):
            Site.load(tmp_path / "mwaanet.yaml")
