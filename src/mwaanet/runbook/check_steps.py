"""Names, permissions and settings as steps: what a path needs besides the components that packets meet."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from mwaanet.checks.context import Context
from mwaanet.checks.evaluate import verbs_asked
from mwaanet.checks.expressions import names
from mwaanet.checks.facts import Facts, placeholders
from mwaanet.checks.language import ASSUMER, PRINCIPAL, Check, Permit, Require
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.result import Finding, Status
from mwaanet.fixes.command import Command
from mwaanet.net.public_addresses import RESERVED
from mwaanet.runbook.hop_steps import traces_of
from mwaanet.runbook.setting_calls import fact_calls, fact_lines
from mwaanet.runbook.step import Call, State, Step

_SERVICES = {"s3": "s3api"}
"""Services that the AWS CLI calls otherwise than botocore."""
_SHOWN = 3
_ALLOWED = "every action is allowed; the policies of the endpoint, bucket or key, not asked here, may still deny"
_EQUAL = re.compile(r"([\w.]+) == '([^']*)'")
_LIST = re.compile(r": \{([a-z_]+)\}")


def name_steps(context: Context, findings: Sequence[Finding]) -> tuple[Step, ...]:
    """One step for every name that the path leads to: what it resolves to, and whether TLS is spoken there."""
    found: dict[str, Step] = {}
    for finding in findings:
        for segment in finding.segments:
            name = segment.destination
            if name in found or not _is_name(name):
                continue
            own = [item for item in findings if any(one.destination == name for one in item.segments)]
            found[name] = _name_step(context, name, own)
    return tuple(found.values())


def _is_name(text: str) -> bool:
    return "." in text and " " not in text and not text.startswith(("mwaa.", "-")) and text.rpartition(".")[2].isalpha()


def _name_step(context: Context, name: str, findings: Sequence[Finding]) -> Step:
    wrong = [item for item in findings if item.step == "name" and item.status in (Status.FAIL, Status.WARN)]
    unclear = [item for item in findings if item.status is Status.UNKNOWN]
    traces = [trace for item in findings for trace in traces_of(item.segments)]
    end = next((trace.question.destination for trace in traces if trace.question.destination.addresses), None)
    port = next((trace.question.ports.min for trace in traces if trace.question.ports), 443)
    if end is None:
        expect = "the addresses of its endpoint"
    elif not end.addresses.issubset(RESERVED):
        expect = "public addresses of the AWS service"
    else:
        listed = ", ".join(end.addresses.texts()[:_SHOWN])
        expect = f"some of {listed}" if end.undetermined else f"{listed}, and no others"
    state = State.FAILED if wrong else State.UNKNOWN if unclear and not traces else State.DONE
    fix = wrong[0].fix if wrong else None
    sources = [one.source for item in findings for one in item.segments if one.destination == name]
    return Step(
        title="name",
        subject=name,
        expect=expect,
        differs=fix.summary if fix else "see who decides the name: mwaanet trace tells, step by step",
        owner=f"account {context.facts.account}" if context.facts else "",
        state=state,
        lines=tuple(
            shlex.join(words)
            for words in (
                ("dig", "+short", name),
                ("mwaanet", "probe", "dns", name),
                ("mwaanet", "probe", "tls", f"{name}:{port}"),
            )
        ),
        run_at=_hosts(context, sources),
        fix=fix,
        found=wrong[0].message if wrong else "",
    )


def _hosts(context: Context, sources: Iterable[str]) -> str:
    """Where the answer is the one that those who ask get: private names are answered inside their VPC only."""
    sites = {site.name for site in context.inventory.sites}
    found: dict[str, None] = {}
    for source in sources:
        if source.partition(".")[0] in sites:
            found[f"a host of {source}"] = None
        elif context.facts and source.startswith("mwaa."):
            found[f"a worker, or a host of {context.facts.vpc}"] = None
    return ", and on ".join(found)


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
            steps.append(_step(facts, check, verbs[0], own))
    return tuple(steps)


def _step(facts: Facts, check: Check, verb: Permit | Require, findings: Sequence[Finding]) -> Step:
    statuses = {item.status for item in findings}
    bad = next((item for item in findings if item.status in (Status.FAIL, Status.WARN)), None)
    state = State.FAILED if bad else State.UNKNOWN if Status.UNKNOWN in statuses else State.DONE
    fix = bad.fix if bad else None
    calls = tuple(_calls(facts, verb))
    lines = fact_lines(facts, names(verb.that)) if isinstance(verb, Require) and not verb.call else ()
    return Step(
        title=f"{'permission' if isinstance(verb, Permit) else 'setting'} {check.id}",
        name=check.title,
        expect=_ALLOWED if isinstance(verb, Permit) else _held(facts, check, verb),
        differs=fix.summary if fix else _mended(facts, check.fix),
        owner=f"account {facts.account}",
        state=state,
        calls=calls,
        lines=lines if calls or lines else (f"mwaanet explain {check.id}",),
        fix=fix,
        found=bad.message if bad else "",
    )


def _held(facts: Facts, check: Check, verb: Require) -> str:
    """What holds where all is well, with the value of the answer, or the facts, that show it."""
    if verb.call:
        wanted = _EQUAL.match(facts.fill(verb.that))
        if wanted:
            return f"{check.title}: {wanted[1]} is {wanted[2]}"
        asked = ", ".join(str(facts.value(name)) for name in placeholders(verb.that))
        return f"{check.title} ({asked})" if asked else check.title
    values = facts.document(names(verb.that)).values()
    told = [", ".join(value) if isinstance(value, list) else value for value in values]
    known = [text for text in told if isinstance(text, str) and text]
    return f"{check.title}; in the snapshot: {'; '.join(known)}" if known else check.title


def _mended(facts: Facts, text: str) -> str:
    """What to do; without the list of what is wrong where nothing is."""
    return facts.fill(_LIST.sub(lambda found: "" if facts.value(found[1]) in ("", ()) else found[0], text))


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
        yield from fact_calls(facts, names(verb.that))


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
