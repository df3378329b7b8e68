"""Another way that serves where the asked one is blocked, told only where packets get there and are answered.

A name has to lead to an endpoint for that: over the internet Amazon MWAA invokes no private web server
(https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html).
"""

from __future__ import annotations

from dataclasses import replace

from mwaanet.checks.answer import Answer
from mwaanet.checks.context import Context
from mwaanet.checks.language import Instead
from mwaanet.checks.naming import NameProblem, named_trace, resolved
from mwaanet.checks.result import Status
from mwaanet.checks.selectors import Absent, HostName, select
from mwaanet.net import Intervals
from mwaanet.paths.question import Endpoint, Question
from mwaanet.paths.trace import Reachable


def advised(context: Context, instead: Instead | None, source: Endpoint, answer: Answer) -> Answer:
    """The answer, with the advice to go elsewhere where it fails and the source reaches that place."""
    if instead is None or answer.cause is None or answer.segment.status is not Status.FAIL:
        return answer
    advice = context.facts.fill(instead.advice) if context.facts else instead.advice
    ends = select(context.network, context.facts, instead.destination)
    if not advice or any(end.name == answer.segment.destination for end in ends):
        return answer
    if not all(_reaches(context, source, end) for end in ends):
        return answer
    return replace(answer, cause=replace(answer.cause, advice=(*answer.cause.advice, advice)))


def _reaches(context: Context, source: Endpoint, end: Endpoint | HostName | Absent) -> bool:
    if isinstance(end, Absent):
        return False
    if isinstance(end, Endpoint):
        question = Question(source=source, destination=end, protocol=6, ports=Intervals.single(443))
        return context.trace(question).reachable is Reachable.YES
    found = resolved(context, source, end.name)
    if isinstance(found, NameProblem) or found.undetermined:
        return False
    ports = Intervals.single(end.port or 443)
    return named_trace(context, source, end, found, 6, ports).reachable is Reachable.YES
