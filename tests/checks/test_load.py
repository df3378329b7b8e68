"""Files of checks: what they may say, and errors that name the file, the line and the nearest valid word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.cases import HEAD
from mwaanet.checks.language import Permit, Reach, Require, Resolve, Selection, Skip
from mwaanet.checks.load import builtin_checks, check_files, load_checks, parse_checks, together
from mwaanet.checks.result import Severity
from mwaanet.errors import CheckFileError
from mwaanet.resources import checks_folder

FILE = "ours.yaml"
VERB_LINE = HEAD.count("\n") + 1


def parse(verb: str, head: str = HEAD) -> object:
    (check,) = parse_checks(head + "".join(f"    {line}\n" for line in verb.splitlines()), FILE)
    return check.verb


def ends(*selectors: str) -> Selection:
    return Selection(of=selectors)


def problem(text: str) -> str:
    with pytest.raises(CheckFileError) as caught:
        parse_checks(text, FILE)
    return str(caught.value)


def of_verb(verb: str) -> str:
    return problem(HEAD + "".join(f"    {line}\n" for line in verb.splitlines()))


class TestVerbs:
    def test_reach(self) -> None:
        assert parse("reach: {from: dc1, to: internet, protocol: udp, port: [53, 1024-65535]}") == Reach(
            source=ends("dc1"), destination=ends("internet"), protocol="udp", ports=((53, 53), (1024, 65535))
        )

    def test_reach_of_any_port(self) -> None:
        assert parse("reach: {from: dc1, to: 10.0.0.0/8}") == Reach(source=ends("dc1"), destination=ends("10.0.0.0/8"))

    def test_protocol_by_number(self) -> None:
        assert parse("reach: {from: dc1, to: internet, protocol: 47}") == Reach(
            source=ends("dc1"), destination=ends("internet"), protocol="47"
        )

    def test_resolve(self) -> None:
        assert parse("resolve: {name: 'service:kms', from: mwaa.worker, gives: public}") == Resolve(
            name="service:kms", source=ends("mwaa.worker"), gives="public"
        )

    def test_permit(self) -> None:
        verb = parse(
            "permit:\n  principal: mwaa.execution-role\n  actions: s3:GetObject\n  resources: ['{bucket_arn}/*']\n"
            "  via: bucket\n  context: {'aws:PrincipalTag/team': data}"
        )
        assert verb == Permit(
            principal="mwaa.execution-role",
            actions=("s3:GetObject",),
            resources=("{bucket_arn}/*",),
            via="bucket",
            context=(("aws:PrincipalTag/team", "data"),),
        )

    def test_require_of_a_call(self) -> None:
        verb = parse(
            "require: {call: kms/describe-key, parameters: {KeyId: '{key}'}, that: KeyMetadata.Enabled, about: '{key}'}"
        )
        assert verb == Require(
            that="KeyMetadata.Enabled", about="{key}", call="kms/describe-key", parameters=(("KeyId", "{key}"),)
        )

    def test_require_of_facts(self) -> None:
        verb = parse("require: {facts: true, that: routing == 'private', about: '{name}'}")
        assert verb == Require(that="routing == 'private'", about="{name}")

    def test_skip(self) -> None:
        assert parse("skip: not ours") == Skip(reason="not ours")

    def test_options_of_a_check(self) -> None:
        head = HEAD + "    when: access_mode == 'PUBLIC_ONLY'\n    each: subnet_ids\n    level: warn\n"
        (check,) = parse_checks(head + "    reach: {from: 'mwaa.worker@{each}', to: internet}\n", FILE)
        assert (check.when, check.each, check.level) == ("access_mode == 'PUBLIC_ONLY'", "subnet_ids", "warn")
        assert (check.file, check.line, check.severity) == (FILE, 3, Severity.LOW)


class TestErrorsOfVerbs:
    """Each names the file, the line of the mistake and the nearest valid word."""

    @pytest.mark.parametrize(
        ("verb", "line", "expected"),
        [
            ("reech: {from: a, to: b}", 0, "unknown key 'reech' (did you mean reach?)"),
            ("reach:\n  from: dc1\n  too: internet", 2, "reach: unknown key 'too' (did you mean to?)"),
            ("reach: {to: internet}", 0, "reach: from is missing"),
            ("reach: internet", 0, "reach: expected a mapping"),
            ("reach:\n  from: mwaa.wroker\n  to: internet", 1, "'mwaa.wroker' is no part of an environment"),
            ("reach:\n  from: mwaa.wroker\n  to: internet", 1, "(did you mean mwaa.worker?)"),
            ("reach:\n  from: dc1\n  to: mwaa.database@subnet-1", 2, "only mwaa.worker and mwaa.scheduler lie in"),
            ("reach:\n  from: tag:Name\n  to: internet", 1, "expected a tag's key and value"),
            ("reach:\n  from: dc1\n  to: '{bukcet}'", 2, "to: there is no fact 'bukcet' (did you mean bucket?)"),
            ("reach: {from: dc1, to: internet, protocol: tpc}", 0, "(did you mean tcp?)"),
            ("reach:\n  from: dc1\n  to: internet\n  port: https", 3, "expected a number or a range"),
            ("reach:\n  from: dc1\n  to: internet\n  port: 70000", 3, "port: expected 0 to 65535"),
            ("reach:\n  from: dc1\n  to: internet\n  port: 90-80", 3, "the lower first"),
            ("reach:\n  from: dc1\n  to: internet\n  port: true", 3, "port: expected a text"),
            ("reach: {from: [[dc1]], to: internet}", 0, "from: expected a text"),
            ("resolve:\n  name: x.example\n  from: dc1\n  gives: privat", 3, "(did you mean private?)"),
            ("permit: {principal: x, actions: [], resources: [a]}", 0, "principal: expected mwaa.execution-role"),
            (
                "permit: {principal: mwaa.execution-rol, actions: a, resources: a}",
                0,
                "did you mean mwaa.execution-role",
            ),
            (
                "permit:\n  principal: mwaa.execution-role\n  actions: [GetObject]\n  resources: ['*']",
                2,
                "s3:GetObject",
            ),
            ("permit:\n  principal: mwaa.execution-role\n  actions: [s3:Get*]\n  resources: ['*']", 2, "s3:GetObject"),
            ("permit:\n  principal: mwaa.execution-role\n  actions: s3:GetObject\n  resources: bucket", 3, "an ARN"),
            ("permit:\n  principal: mwaa.execution-role\n  actions: []\n  resources: ['*']", 2, "at least one"),
            (
                "permit:\n  principal: mwaa.execution-role\n  actions: s3:PutObject\n  resources: ['*']\n  context: 5",
                4,
                "context: expected a mapping",
            ),
            ("require: {that: a, about: b}", 0, "require: expected either call or facts: true"),
            ("require: {facts: false, that: a, about: b}", 0, "require: expected either call or facts: true"),
            ("require: {facts: true, that: rooting == 'x', about: b}", 0, "no fact 'rooting' (did you mean routing?)"),
            ("require: {facts: true, that: 'name[?', about: b}", 0, "that: not a JMESPath expression"),
            ("require: {facts: true, that: lenght(name), about: b}", 0, "function 'lenght' (did you mean length?)"),
            ("require: {call: s3/get-buket-policy, that: a, about: b}", 0, "did you mean s3/get-bucket-policy?"),
            ("require: {call: kms/describe-key, that: a, about: b}", 0, "parameters: KeyId is missing"),
            (
                "require:\n  call: kms/describe-key\n  parameters:\n    KeyIdd: x\n  that: a\n  about: b",
                3,
                "unknown parameter 'KeyIdd' (did you mean KeyId?)",
            ),
            ("require: {call: kms/describe-key, parameters: [KeyId], that: a, about: b}", 0, "expected a mapping"),
            ("skip: '{nmae} is not judged'", 0, "there is no fact 'nmae' (did you mean name?)"),
            ("reach: {from: '{each}', to: internet}", -9, "each is missing"),
        ],
    )
    def test_names_the_place_and_the_nearest_word(self, verb: str, line: int, expected: str) -> None:
        message = of_verb(verb)
        number = 3 if line < 0 else VERB_LINE + line
        assert message.startswith(f"{FILE}: line {number}: ")
        assert expected in message

    def test_two_verbs(self) -> None:
        message = of_verb("skip: no\nreach: {from: dc1, to: internet}")
        expected = "expected exactly one of reach, resolve, permit, require, skip, found reach and skip"
        assert message == f"{FILE}: line 3: check: {expected}"

    def test_no_verb(self) -> None:
        assert problem(HEAD).endswith("skip, found none")


class TestErrorsOfChecks:
    @pytest.mark.parametrize(
        ("old", "new", "line", "expected"),
        [
            ("    title:", "    titel:", 4, "check: unknown key 'titel' (did you mean title?)"),
            ("path: service", "path: servce", 5, "'servce' is none of s3, service, nexus, api (did you mean service?)"),
            ("severity: low", "severity: loww", 6, "(did you mean low?)"),
            ("why: because", "why: [because]", 7, "why: expected a text"),
            ("why: because", "why:", 7, "why: expected a text"),
            ("why: because", "why: 7", 7, "why: expected a text"),
            ("https://example.com/why", "http://example.com", 8, "source: expected an https:// address"),
            ("id: OURS", "id: ours", 3, "id: expected capital letters, digits and hyphens, found 'ours'"),
            ("fix: mend it", "fix: mend {nothing}", 9, "fix: there is no fact 'nothing'"),
            ("    fix: mend it\n", "", 3, "check: fix is missing"),
            ("fix: mend it", "fix: mend it\n    level: wran", 10, "(did you mean warn?)"),
            ("fix: mend it", "fix: mend it\n    each: subnets", 10, "(did you mean subnet_ids?)"),
            ("fix: mend it", "fix: mend it\n    when: acces_mode == 'x'", 10, "(did you mean access_mode?)"),
            ("fix: mend it", "fix: mend it\n    fix: twice", 10, "fix is already given in line 9"),
        ],
    )
    def test_names_the_place_and_the_nearest_word(self, old: str, new: str, line: int, expected: str) -> None:
        message = problem(HEAD.replace(old, new) + "    skip: why not\n")
        assert message.startswith(f"{FILE}: line {line}: ")
        assert expected in message

    def test_the_same_id_twice(self) -> None:
        body = HEAD.partition("checks:\n")[2] + "    skip: no\n"
        message = problem(f"version: 1\nchecks:\n{body}{body}")
        assert message == f"{FILE}: line 11: id OURS is already used in line 3"

    def test_the_same_id_in_two_files(self) -> None:
        text = HEAD + "    skip: no\n"
        with pytest.raises(CheckFileError, match=r"^b: line 3: id OURS is already used in a, line 3$"):
            together([parse_checks(text, "a"), parse_checks(text, "b")])


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", "ours.yaml: is empty"),
            ("- a list", "ours.yaml: line 1: the file: expected a mapping"),
            ("checks: []", "ours.yaml: line 1: version: expected 1"),
            ("version: 2\nchecks: []", "ours.yaml: line 1: version: expected 1"),
            ("version: 1", "ours.yaml: line 1: checks: missing"),
            ("version: 1\nchecks: {a: b}", "ours.yaml: line 2: checks: expected a list"),
            ("version: 1\nchekcs: []", "ours.yaml: line 2: the file: unknown key 'chekcs' (did you mean checks?)"),
            ("version: 1\nchecks: [", "ours.yaml: line 2: "),
            ("version: 1\nchecks: [text]", "ours.yaml: line 2: check: expected a mapping"),
        ],
    )
    def test_a_file_that_is_none(self, text: str, expected: str) -> None:
        assert problem(text).startswith(expected)

    def test_a_file_that_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(CheckFileError, match="No such file"):
            load_checks(tmp_path / "none.yaml")
        (tmp_path / "latin.yaml").write_bytes(b"version: 1 # \xe9")
        with pytest.raises(CheckFileError, match="is not UTF-8 text"):
            load_checks(tmp_path / "latin.yaml")

    def test_a_folder_is_its_yaml_files_in_order(self, tmp_path: Path) -> None:
        for name in ("b.yaml", "a.yaml", "c.txt"):
            (tmp_path / name).write_text("version: 1\nchecks: []\n")
        assert [file.name for file in check_files(tmp_path)] == ["a.yaml", "b.yaml"]
        assert check_files(tmp_path / "c.txt") == [tmp_path / "c.txt"]


class TestBuiltIn:
    def test_there_are_some_and_each_has_its_texts(self) -> None:
        checks = builtin_checks()
        assert {check.path for check in checks} >= {"s3", "service"}
        for check in checks:
            assert check.source.startswith("https://")
            assert check.why.endswith(".")
            assert not check.title.endswith(".")
            assert check.title.partition(" ")[0] not in ("Check", "Ensure", "Verify", "No")

    def test_files_are_named_by_their_path(self) -> None:
        for check in builtin_checks():
            assert Path(check.file).stem.startswith(check.path), check.id

    def test_both_parsers_read_them_alike(self) -> None:
        """What is shipped is read by libyaml where there is one, what users write never."""
        users = together(load_checks(file) for file in check_files(checks_folder()))
        assert [replace(check, vetted=False) for check in builtin_checks()] == list(users)
