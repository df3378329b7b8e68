"""Names, permissions and settings as steps: what a path needs besides the components that packets meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import verbs_asked
from mwaanet.checks.facts import Facts
from mwaanet.checks.language import ASSUMER, PRINCIPAL, Check, Permit, Require
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.result import Finding, Status
from mwaanet.fixes.command import Command
from mwaanet.graph.internet_gateway import PRIVATE
from mwaanet.runbook.hop_steps import traces_of
from mwaanet.runbook.step import Call, State, Step

_SERVICES = {"s3": "s3api"}
"""Services that the AWS CLI calls otherwise than botocore."""
_SHOWN = 3
_PORTS = {"mwaa.database": 5432}


def name_steps(findings: Sequence[Finding], account: str) -> tuple[Step, ...]:
    """One step for every name that the path leads to: what it resolves to, and whether TLS is spoken there."""
    found: dict[str, Step] = {}
    for finding in findings:
        for segment in finding.segments:
            name = segment.destination
            if name in found or not _is_name(name):
                continue
            own = [item for item in findings if any(one.destination == name for one in item.segments)]
            found[name] = _name_step(name, own, account)
    return tuple(found.values())


def _is_name(text: str) -> bool:
    return "." in text and " " not in text and not text.startswith("mwaa.") and text.rpartition(".")[2].isalpha()


def _name_step(name: str, findings: Sequence[Finding], account: str) -> Step:
    wrong = [item for item in findings if item.step == "name" and item.status in (Status.FAIL, Status.WARN)]
    unclear = [item for item in findings if item.status is Status.UNKNOWN]
    traces = [trace for item in findings for trace in traces_of(item.segments)]
    end = next((trace.question.destination for trace in traces if trace.question.destination.addresses), None)
    port = next((trace.question.ports.min for trace in traces if trace.question.ports), 443)
    if end is None:
        expect = "the addresses of its endpoint"
    elif end.undetermined or not end.addresses.issubset(PRIVATE):
        expect = "public addresses of the AWS service"
    else:
        expect = f"{', '.join(end.addresses.texts()[:_SHOWN])}, and no others"
    state = State.FAILED if wrong else State.UNKNOWN if unclear and not traces else State.DONE
    fix = (
        wrong[0].fix.summary
        if wrong and wrong[0].fix
        else "see who decides the name: mwaanet trace tells, step by step"
    )
    return Step(
        title="name",
        subject=name,
        expect=expect,
        differs=fix,
        owner=f"account {account}",
        state=state,
        lines=(f"dig +short {name}", f"mwaanet probe dns {name}", f"mwaanet probe tls {name}:{port}"),
        found=wrong[0].message if wrong else "",
    )


def check_steps(context: Context, path: str, findings: Mapping[str, Sequence[Finding]]) -> tuple[Step, ...]:
    """The permissions and settings that the built-in checks of a path ask for."""
    facts = context.facts
    if facts is None:
        return ()
    steps: list[Step] = []
    for check in builtin_checks():
        own = findings.get(check.id, ())
        if check.path != path or not own or all(item.status is Status.SKIP for item in own):
            continue
        verbs = verbs_asked(facts, check)
        if verbs and isinstance(verbs[0], Permit | Require):
            calls = tuple(_calls(facts, verbs[0]))
            steps.append(_step(facts, check, verbs[0], calls, own))
    return tuple(steps)


def _step(facts: Facts, check: Check, verb: object, calls: tuple[Call, ...], findings: Sequence[Finding]) -> Step:
    statuses = {item.status for item in findings}
    bad = next((item for item in findings if item.status in (Status.FAIL, Status.WARN)), None)
    state = State.FAILED if bad else State.UNKNOWN if Status.UNKNOWN in statuses else State.DONE
    if isinstance(verb, Permit):
        expect = "every action is allowed; the policies of the endpoint, bucket or key, not asked here, may still deny"
    else:
        expect = f"{facts.fill(verb.that)}" if isinstance(verb, Require) else ""
    return Step(
        title=f"{'permission' if isinstance(verb, Permit) else 'setting'} {check.id}",
        name=check.title,
        expect=expect,
        differs=bad.fix.summary if bad and bad.fix else facts.fill(check.fix),
        owner=f"account {facts.account}",
        state=state,
        calls=calls,
        lines=() if calls else (f"mwaanet explain {check.id}",),
        found=bad.message if bad else "",
    )


def _calls(facts: Facts, verb: object) -> Iterable[Call]:
    if isinstance(verb, Permit):
        yield from _permission(facts, verb)
    elif isinstance(verb, Require) and verb.call:
        service, operation = verb.call.split("/")
        filled = {name: facts.fill(value) for name, value in verb.parameters}
        parameters = {name: value for name, value in filled.items() if value}
        command = Command(_SERVICES.get(service, service), operation, parameters)
        yield Call(command=command, region=facts.region)
    elif isinstance(verb, Require):
        command = Command("mwaa", "get-environment", {"Name": facts.environment.name})
        yield Call(command=command, query="Environment", region=facts.region)


def _permission(facts: Facts, verb: Permit) -> Iterable[Call]:
    """What the principal's own policies allow; of services and of whoever assumes a role, the resource's policy."""
    principal = (
        facts.fill("{role}" if verb.principal == PRINCIPAL else verb.principal) if verb.principal != ASSUMER else ""
    )
    resources = [filled for resource in verb.resources for filled in facts.fill_each(resource)]
    if principal.startswith("arn:") and resources:
        parameters = {"PolicySourceArn": principal, "ActionNames": list(verb.actions), "ResourceArns": resources}
        query = "EvaluationResults[].[EvalActionName,EvalResourceName,EvalDecision]"
        yield Call(command=Command("iam", "simulate-principal-policy", parameters), query=query)
    for resource in resources[:1]:
        if ":kms:" in resource:
            command = Command("kms", "get-key-policy", {"KeyId": resource, "PolicyName": "default"})
            yield Call(command=command, query="Policy", region=facts.region)
        elif ":role/" in resource and not principal:
            command = Command("iam", "get-role", {"RoleName": resource.rpartition("/")[2]})
            yield Call(command=command, query="Role.AssumeRolePolicyDocument")
