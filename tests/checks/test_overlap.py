"""Assertions of names, permissions and facts that contradict each other, or follow from one another."""

from __future__ import annotations

from itertools import product

import pytest

from builder import mwaa_estate
from checks.asserting import subject_of
from checks.test_lint import linted
from mwaanet.checks.context import Context
from mwaanet.checks.overlap_require import never_holds
from mwaanet.checks.overlap_values import Numbers, Values, ValueSet, apart, contrary, one, within


@pytest.fixture(scope="module")
def estate() -> Context:
    return subject_of(mwaa_estate())


def between(first: str, second: str, context: Context | None = None) -> str:
    """What is said of the second beside the first, or with `<` before it of the first beside the second."""
    found = linted(first, second, context=context)
    assert len(found) <= 1
    return "".join(("< " if check == "a" else "") + message for check, _, message in found)


GIVES = "resolve: {name: sqs.example.com, from: %s, gives: %s}"
NOT = "expect: does-not-resolve, "


class TestResolve:
    @pytest.mark.parametrize(
        ("first", "second", "said"),
        [
            (GIVES % ("dc1", "private"), GIVES % ("dc1", "public"), "contradicts a"),
            (GIVES % ("dc1", "private"), NOT + GIVES % ("dc1", "anything"), "contradicts a"),
            (GIVES % ("dc1", "private"), NOT + GIVES % ("dc1", "public"), "follows from a"),
            (GIVES % ("dc1", "anything"), GIVES % ("dc1", "public"), "< follows from b"),
            (GIVES % ("[dc1, dc2]", "private"), GIVES % ("dc1", "anything"), "follows from a"),
            (GIVES % ("10.1.0.0/16", "private"), GIVES % ("10.1.2.3", "public"), "contradicts a"),
            (NOT + GIVES % ("dc1", "anything"), NOT + GIVES % ("dc1", "public"), "follows from a"),
            (GIVES % ("dc1", "anything"), NOT + GIVES % ("dc1", "public"), ""),
            (GIVES % ("dc1", "private"), GIVES % ("dc2", "public"), ""),
            (GIVES % ("{any: [dc1, dc2]}", "private"), GIVES % ("dc1", "public"), ""),
            (GIVES % ("dc1", "private"), "when: dags == 'x', " + GIVES % ("dc1", "public"), ""),
            (GIVES % ("dc1", "private"), (GIVES % ("dc1", "public")).replace("sqs", "sns"), ""),
            (GIVES % ("dc1", "private"), (GIVES % ("dc1", "public")).replace(".com", ".COM."), "contradicts a"),
        ],
    )
    def test_as_it_is_written(self, first: str, second: str, said: str) -> None:
        assert between(first, second).startswith(said)
        assert bool(between(first, second)) == bool(said)

    def test_as_it_is_meant(self, estate: Context) -> None:
        """A service's word and its name, the workers and one subnet of theirs."""
        (worker, _) = mwaa_estate().workers
        by_word = "resolve: {name: 'service:sqs', from: mwaa.worker}"
        by_name = f"resolve: {{name: sqs.us-east-1.amazonaws.com, from: 'mwaa.worker@{worker.id}', gives: public}}"
        assert between(by_word, by_name) == ""
        assert between(by_word, by_name, estate).startswith("contradicts a")


MAY = "permit: {principal: %s, actions: %s, resources: %s%s}"
ROLE = "mwaa.execution-role"
NEVER = "expect: denied, "
B = "'arn:aws:s3:::b/%s'"


class TestPermit:
    @pytest.mark.parametrize(
        ("first", "second", "said"),
        [
            (
                MAY % (ROLE, "'s3:GetObject'", B % "dags/*", ""),
                NEVER + MAY % (ROLE, "['s3:PutObject', 's3:getobject']", B % "dags/a.py", ""),
                "contradicts a (line 3): s3:getobject on arn:aws:s3:::b/dags/*",
            ),
            (
                NEVER + MAY % (ROLE, "'s3:GetObject'", B % "*", ""),
                MAY % (ROLE, "'s3:GetObject'", B % "dags/a.py", ""),
                "contradicts a",
            ),
            (
                MAY % (ROLE, "['s3:GetObject', 's3:PutObject']", B % "*", ""),
                MAY % (ROLE, "'s3:PutObject'", B % "x/*", ""),
                "follows from a",
            ),
            (
                NEVER + MAY % (ROLE, "'s3:PutObject'", B % "x", ""),
                NEVER + MAY % (ROLE, "'s3:PutObject'", f"[{B % '*'}, {B % 'y'}]", ""),
                "< follows from b",
            ),
            (
                MAY % (ROLE, "'s3:GetObject'", B % "a", ""),
                (MAY % (ROLE, "'s3:GetObject'", f"[{B % 'a'}, {B % 'b'}]", "")).replace("resources", "any_resource"),
                "follows from a",
            ),
            (
                (MAY % (ROLE, "'s3:GetObject'", f"[{B % 'a'}, {B % 'b'}]", "")).replace("resources", "any_resource"),
                NEVER + MAY % (ROLE, "'s3:GetObject'", B % "a", ""),
                "",
            ),
            (
                (MAY % (ROLE, "'s3:GetObject'", f"[{B % 'a'}, {B % 'b'}]", "")).replace("resources", "any_resource"),
                NEVER + MAY % (ROLE, "'s3:GetObject'", B % "?", ""),
                "contradicts a",
            ),
            (
                MAY % (ROLE, "'s3:GetObject'", B % "a*", ""),
                MAY % (ROLE, "'s3:GetObject'", B % "a?", ""),
                "follows from a",
            ),
            (
                MAY % (ROLE, "'s3:GetObject'", B % "a?", ""),
                MAY % (ROLE, "'s3:GetObject'", B % "a*", ""),
                "< follows from b",
            ),
            (MAY % (ROLE, "'s3:GetObject'", B % "a", ""), NEVER + MAY % (ROLE, "'s3:PutObject'", B % "a", ""), ""),
            (MAY % (ROLE, "'s3:GetObject'", B % "a", ""), NEVER + MAY % (ROLE, "'s3:GetObject'", B % "c", ""), ""),
            (
                MAY % (ROLE, "'s3:GetObject'", B % "a", ""),
                NEVER + MAY % ("'arn:aws:iam::111122223333:role/x'", "'s3:GetObject'", B % "a", ""),
                "",
            ),
            (
                MAY % (ROLE, "'s3:GetObject'", B % "a", ", via: bucket"),
                NEVER + MAY % (ROLE, "'s3:GetObject'", B % "*", ""),
                "",
            ),
            (
                MAY % (ROLE, "'s3:GetObject'", B % "a", ", context: {'aws:SourceVpc': vpc-1}"),
                NEVER + MAY % (ROLE, "'s3:GetObject'", B % "*", ", context: {'AWS:SourceVpc': vpc-1}"),
                "contradicts a",
            ),
        ],
    )
    def test_as_it_is_written(self, first: str, second: str, said: str) -> None:
        assert between(first, second).startswith(said)
        assert bool(between(first, second)) == bool(said)

    def test_as_it_is_meant(self, estate: Context) -> None:
        role = "arn:aws:iam::111122223333:role/ingest-prod-mwaa"
        facts = estate.facts
        assert facts is not None
        first = MAY % (ROLE, "'s3:GetObject'", "'{bucket_arn}/a'", "")
        second = NEVER + MAY % (
            f"'{facts.value('role') or role}'",
            "'s3:GetObject'",
            f"'{facts.value('bucket_arn')}/*'",
            "",
        )
        assert between(first, second) == ""
        assert between(first, second, estate).startswith("contradicts a")


FACT = 'require: {facts: true, about: x, that: "%s"}'
KEY = "require: {call: kms/describe-key, parameters: {KeyId: '%s'}, about: x, that: \"%s\"}"
UNTRUE = "expect: does-not-hold, "


class TestRequire:
    @pytest.mark.parametrize(
        ("first", "second", "said"),
        [
            (FACT % "name == 'a'", FACT % "name == 'b'", "contradicts a (line 3): name == 'a' and name == 'b'"),
            (FACT % "name == 'a'", (FACT % "(name=='a')").replace("x", "y"), "follows from a"),
            (FACT % "name == 'a'", FACT % "'a' != name", "contradicts a"),
            (FACT % "name == 'a'", FACT % "name != 'b'", "follows from a"),
            (FACT % "name == 'a'", UNTRUE + FACT % "name == 'b'", "follows from a"),
            (FACT % "name == 'a'", UNTRUE + FACT % "contains(['a', 'b'], name)", "contradicts a"),
            (FACT % "contains(['a', 'b'], name)", FACT % "name == 'a'", "< follows from b"),
            (FACT % "length(zones) >= `3`", FACT % "length(zones) > `1`", "follows from a"),
            (FACT % "length(zones) >= `3`", FACT % "length(zones) == `2`", "contradicts a"),
            (FACT % "length(zones) > `2`", FACT % "`2` > length(zones)", "contradicts a"),
            (FACT % "length(zones) > `2`", UNTRUE + FACT % "length(zones) > `1`", "contradicts a"),
            (UNTRUE + FACT % "length(zones) > `1`", UNTRUE + FACT % "length(zones) > `2`", "follows from a"),
            (FACT % "name == 'a' && dags == 'b'", FACT % "dags == 'b'", "follows from a"),
            (FACT % "name == 'a' && dags == 'b'", UNTRUE + FACT % "dags == 'b'", "contradicts a"),
            (UNTRUE + FACT % "name == 'a' && dags == 'b'", FACT % "dags == 'c'", "< follows from b"),
            (UNTRUE + FACT % "name == 'a' && dags == 'b'", FACT % "dags == 'b'", ""),
            (FACT % "invoke_rest_api", FACT % "!invoke_rest_api", "contradicts a"),
            (FACT % "invoke_rest_api", FACT % "invoke_rest_api == `true`", "< follows from b"),
            (FACT % "name == 'a' || dags == 'b'", FACT % "name == 'c'", ""),
            (FACT % "name == 'a'", FACT % "dags == 'b'", ""),
            (KEY % ("{key}", "KeyMetadata.Enabled"), KEY % ("{key}", "KeyMetadata.KeyState == 'Enabled'"), ""),
            (
                KEY % ("{key}", "KeyMetadata.Enabled"),
                KEY % ("{key}", "KeyMetadata.Enabled == `false`"),
                "contradicts a",
            ),
            (KEY % ("{key}", "KeyMetadata.Enabled"), KEY % ("other", "KeyMetadata.Enabled == `false`"), ""),
            (FACT % "name == 'a'", "when: dags == 'x', " + FACT % "name == 'b'", ""),
        ],
    )
    def test_as_it_is_written(self, first: str, second: str, said: str) -> None:
        assert between(first, second).startswith(said)
        assert bool(between(first, second)) == bool(said)

    @pytest.mark.parametrize(
        ("that", "never"),
        [
            ("name == 'a' && name == 'b'", True),
            ("name == 'a' && (dags == 'b' && name != 'a')", True),
            ("length(zones) > `3` && length(zones) < `2`", True),
            ("name == 'a' && dags == 'b'", False),
            ("name == 'a' || name == 'b'", False),
        ],
    )
    def test_what_can_never_hold_is_told(self, that: str, never: bool) -> None:
        """Such an assertion of what must not be would hold, whatever is so."""
        assert never_holds(that) is never
        found = linted(UNTRUE + FACT % that)
        assert [message.partition(" never holds")[1] for _, _, message in found] == [" never holds"] * never

    def test_what_reads_nothing_is_told(self) -> None:
        assert [message for _, _, message in linted(FACT % "'x' == 'y'")] == ["that: \"'x' == 'y'\" reads nothing"]
        assert linted(FACT % "'{routing}' == 'private'") == []


SETS: list[ValueSet] = [
    *(Values(frozenset(texts), all_but) for texts in (["1"], ["1", "2"], ['"1"', "null"]) for all_but in (False, True)),
    *(
        Numbers(low, high, left, right)
        for low, high in ((1, 1), (1, 2), (0, 3))
        for left in (True, False)
        for right in (True, False)
    ),
    Numbers(low=2),
    Numbers(high=1, high_closed=False),
]
SAMPLES = [one(value) for value in (-1, 0, 0.5, 1, 1.0, 1.5, 2, 2.5, 3, 4, "1", "x", None, True)]


def has(values: ValueSet, text: str) -> bool:
    return within(Values(frozenset({text})), values)


@pytest.mark.parametrize(("first", "second"), product(SETS, SETS))
def test_sets_of_values_are_what_their_samples_are(first: ValueSet, second: ValueSet) -> None:
    inner = {text for text in SAMPLES if has(first, text)}
    outer = {text for text in SAMPLES if has(second, text)}
    if inner:
        assert within(first, second) == (inner <= outer)
    if inner and outer:
        assert apart(first, second) == (not inner & outer)
    rest = contrary(first)
    assert not rest or {text for text in SAMPLES if has(rest, text)} == set(SAMPLES) - inner
