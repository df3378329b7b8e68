"""The three questions, asked of a network or of one environment in it: `reach`, `resolve` and `permit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from mwaanet.api.answer import Answer, Verdict, witnesses
from mwaanet.api.assertions import Assertion, Proof
from mwaanet.api.packets import Ports, asked_packets
from mwaanet.checks.ask import OWN_PORTS
from mwaanet.checks.assertions import assertion_report
from mwaanet.checks.context import Context
from mwaanet.checks.language import GIVES, PRINCIPAL, Permit, Reach, Resolve, Selection
from mwaanet.checks.name_tags import NameTags
from mwaanet.checks.naming import NameProblem, resolved
from mwaanet.checks.questions import Question, answer, senders
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import HostName, is_of_environment, select
from mwaanet.errors import UsageError
from mwaanet.net import AddressSet
from mwaanet.report.assertions_text import details_of


class Asking:
    """What answers questions. Ends are the selectors of the language of checks (docs/check-language.md)."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._names = NameTags(context.inventory)

    def reach(
        self,
        source: str,
        destination: str,
        *,
        tcp: Ports | None = None,
        udp: Ports | None = None,
        protocol: Ports | None = None,
    ) -> Answer:
        """Whether packets get from every end that `source` means to every end of `destination`, and replies back.

        `tcp` and `udp` take a destination port, a text such as `"80,8000-8010"`, or `"all"`; `protocol` takes `"icmp"`,
        `"all"`, a name or a number. Without any of them it is TCP to the one port that the destination has (`bucket`,
        `service:sqs`, a URL). UsageError where an end means nothing in the snapshot, or nobody is there to send.

        >>> import mwaanet
        >>> network = mwaanet.load_demo("s3-route-missing")
        >>> network.reach("mwaa.worker", "service:sqs", tcp=443).verdict.value
        'yes'
        >>> answer = network.reach("mwaa.worker", "bucket")
        >>> answer == "partial", answer.culprits[0]
        (True, 'rtb-01c1453376d2164e6')
        """
        packets = asked_packets(tcp, udp, protocol, self._own_port(destination))
        verb = Reach(source=_one(source), destination=_one(destination), protocol=packets.protocol, ports=packets.ports)
        return self._answer(f"{source} to {destination}, {packets}", verb)

    def resolve(self, name: str, source: str = "mwaa.worker", *, gives: str = "private") -> Answer:
        """Whether a name, asked from every end that `source` means, resolves to addresses of the kind `gives`.

        `gives` is `private`, `public` or `anything`. The answer's `addresses` are what the name resolves to.

        >>> import mwaanet
        >>> network = mwaanet.load_demo()
        >>> network.resolve("service:sqs").addresses
        ('10.24.32.20', '10.24.32.84')
        """
        if gives not in GIVES:
            raise UsageError(f"gives={gives!r}: expected {', '.join(GIVES)}")
        verb = Resolve(name=name, source=_one(source), gives=gives)
        return self._answer(f"{name} as {source} resolves it, {gives}", verb)

    def permit(
        self,
        actions: str | Sequence[str],
        resources: str | Sequence[str],
        *,
        principal: str = PRINCIPAL,
        via: str = "",
        source: str = "mwaa.worker",
        context: Mapping[str, str] | None = None,
    ) -> Answer:
        """Whether the policies on the way of the request allow a principal every action on every resource.

        `via` is the service whose endpoint carries the requests of `source`; without it nothing is known of the network
        that they come from. `context` gives condition keys their values. Texts may hold `{facts}` of the environment.

        >>> import mwaanet
        >>> network = mwaanet.load_demo()
        >>> bool(network.permit("s3:GetObject", "{bucket_arn}/dags/example.py", via="bucket"))
        True
        """
        verb = Permit(
            principal=principal,
            actions=_several(actions),
            resources=_several(resources),
            via=via,
            source=source,
            context=tuple((context or {}).items()),
        )
        what = f"{', '.join(verb.actions)} on {', '.join(verb.resources)} by {principal}"
        return self._answer(what + (f" through {via}" if via else ""), verb)

    def prove(self, assertion: Assertion, *, today: date | None = None) -> Proof:
        """How an assertion of a topology file stands; `today` decides which waivers count (default: the day in UTC).

        >>> import mwaanet, pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "topology.yaml")
        >>> _ = file.write_text('''
        ... version: 1
        ... assertions:
        ...   - id: workers-not-to-the-internet
        ...     expect: blocked
        ...     reach: {from: mwaa.worker, to: internet, protocol: all}
        ... ''')
        >>> network = mwaanet.load_demo()
        >>> [network.prove(assertion).status.value for assertion in mwaanet.load_assertions(file)]
        ['pass']
        """
        day = today or datetime.now(UTC).date()
        report = assertion_report(self._context.inventory.snapshot, self._context, [assertion.check], day)
        (result,) = report.results
        return Proof(
            assertion=assertion,
            status=result.counts,
            message=result.message,
            explanation=details_of(report, result),
            assumptions=result.assumptions,
            waived=f"until {result.waived.until}, because {result.waived.because}" if result.waived else "",
        )

    def _answer(self, question: str, verb: Question) -> Answer:
        facts = self._context.facts
        question = facts.fill(question) if facts else question
        found = answer(self._context, question, verb)
        failed = [finding for finding in found.findings if finding.status is Status.FAIL]
        told = (*found.findings, *found.contrary)
        unknown = [finding for finding in told if finding.status is Status.UNKNOWN]
        known = found.verdict is not Verdict.UNKNOWN
        return Answer(
            question=question,
            verdict=found.verdict,
            culprits=tuple(dict.fromkeys(resource for finding in failed for resource in finding.resources)),
            needs=tuple(dict.fromkeys(need for finding in unknown for need in finding.needs)),
            addresses=_addresses(self._context, verb) if isinstance(verb, Resolve) and known else (),
            witnesses=witnesses([one.segment.trace for one in found.answers if one.segment.trace]),
            findings=told,
            assumptions=found.assumptions,
            names=self._names,
            account=facts.account if facts else "",
        )

    def _own_port(self, destination: str) -> int | None:
        """The one port that a destination has; None where it has none. AWS services are called on 443."""
        if is_of_environment(destination) and self._context.facts is None:
            return OWN_PORTS.get(destination, None if destination.startswith("mwaa.") else 443)
        ends = select(self._context.network, self._context.facts, destination)
        named = {end.port for end in ends if isinstance(end, HostName)}
        return named.pop() if len(named) == 1 else OWN_PORTS.get(destination)


def _one(selector: str) -> Selection:
    return Selection(of=(selector,))


def _several(texts: str | Sequence[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _addresses(context: Context, verb: Resolve) -> tuple[str, ...]:
    """Every address that the name resolves to, for any of those who ask."""
    found = AddressSet.NONE
    for sender in senders(context, verb.source):
        for end in select(context.network, context.facts, verb.name):
            answered = resolved(context, sender, end.name if isinstance(end, HostName) else verb.name)
            found = found | (AddressSet.NONE if isinstance(answered, NameProblem) else answered.addresses)
    return tuple(found.texts())
