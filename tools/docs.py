"""Write the generated pages of docs/: checks, codes, outcomes of probes, limits of the model, permissions.

    python tools/docs.py            write them
    python tools/docs.py --check    exit with 1 where a page is not up to date

What they say stands elsewhere, once: in checks/*.yaml, in the registries of codes, in the docstrings of modules and in
the table of operations.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from mwaanet.checks.codes import FINDING_CODES
from mwaanet.checks.facts import FACTS
from mwaanet.checks.language import PATHS, Check, Permit, Reach, Require, Resolve, Skip
from mwaanet.checks.load import builtin_checks
from mwaanet.checks.selectors import WORDS
from mwaanet.graph.explanations import EXPLANATIONS, STEPS
from mwaanet.permissions.grants import PROBE, collect_grants, grants_of
from mwaanet.permissions.policy import Narrowing, documents
from mwaanet.probe import api_verdicts, dns_observation, package_observation, tcp_observation, tls_observation
from mwaanet.report.explain_text import ExplanationLike
from mwaanet.snapshot import OPERATIONS, Operation

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "mwaanet"
DOCS = ROOT / "docs"
NOTE = "<!-- Written by `make docs`; change {origin} instead. -->"
LIMIT = "Not modelled:"


def pages() -> dict[str, str]:
    """Every generated page: its path below docs/, and its text."""
    found = {f"checks/{check.id.lower()}.md": check_page(check) for check in builtin_checks()}
    found["checks/README.md"] = index_page()
    found["codes.md"] = codes_page()
    found["limits.md"] = limits_page()
    found["outcomes.md"] = outcomes_page()
    found["permissions.md"] = permissions_page()
    return dict(sorted(found.items()))


def page(origin: str, *blocks: str) -> str:
    """A page of blocks with a blank line between them."""
    return "\n\n".join([NOTE.format(origin=origin), *(block.strip("\n") for block in blocks if block)]) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# Checks


def check_page(check: Check) -> str:
    """The page of one check."""
    file = Path(check.file).name
    worst = (
        "nothing: it is skipped" if isinstance(check.verb, Skip) else {"fail": "fails", "warn": "warns"}[check.level]
    )
    facts = table(("Path", "Severity", "Where it does not hold"), [(check.path, check.severity.value, worst)])
    command = f"mwaanet explain {check.id}\nmwaanet diagnose env --snapshot SNAPSHOT --path {check.path} --all"
    return page(
        f"checks/{file}",
        f"# {check.id}",
        f"**{check.title}**",
        facts,
        f"## What it asks\n\n{question(check)}",
        f"## Why\n\n{check.why.strip()}",
        f"## How to mend it\n\n{check.fix.strip()}",
        f"## Source\n\n<{check.source}>",
        f"## Use\n\n```sh\n{command}\n```",
        f"The check as it is written in `checks/{file}`; a file of your own, given with `--checks`, says it so, too:",
        f"```yaml\n{written(check)}\n```",
    )


def question(check: Check) -> str:
    """What a check asks, as a sentence or two."""
    verb = check.verb
    if isinstance(verb, Reach):
        ports = ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in verb.ports)
        what = f"{verb.protocol.upper()} packets" + (f" to port {ports}" if ports else "")
        ends = f"from `{verb.source}` to `{verb.destination}`"
        text = f"Do {what} get {ends}, by name where that has one, and the replies back?"
    elif isinstance(verb, Resolve):
        text = f"Does `{verb.name}`, asked from `{verb.source}`, give {verb.gives} addresses?"
    elif isinstance(verb, Permit):
        actions, resources = listed(verb.actions), listed(verb.resources)
        way = f", by the endpoint that carries requests to `{verb.via}`" if verb.via else ""
        text = f"May `{verb.principal}` do {actions} on {resources}{way}?"
    elif isinstance(verb, Require):
        what = f"the response of `{verb.call.replace('/', ' ')}`" if verb.call else "the environment's facts"
        asked = listed(f"{name}={value}" for name, value in verb.parameters)
        text = f"Does `{verb.that.strip()}` hold over {what}{f' for {asked}' if asked else ''}?"
    else:
        text = f"Nothing: {verb.reason.strip()}."
    each = f" It asks once for each of `{check.each}` ({FACTS[check.each].meaning})." if check.each else ""
    return text + each + (f" It applies where `{check.when}` holds." if check.when else "")


def listed(texts: Iterable[str]) -> str:
    """Texts in code style, with commas."""
    return ", ".join(f"`{text}`" for text in texts)


def written(check: Check) -> str:
    """The lines of a check in its file."""
    lines = Path(check.file).read_text(encoding="utf-8").splitlines()
    starts = [other.line for other in builtin_checks() if other.file == check.file and other.line > check.line]
    block = lines[check.line - 1 : min(starts) - 1 if starts else len(lines)]
    while block and not block[-1].strip():
        block.pop()
    return "\n".join(block)


def index_page() -> str:
    """The index of all checks, and the words that checks may use."""
    checks = [
        table(
            ("Check", "Severity", "What holds where all is well"),
            (
                (f"[{check.id}]({check.id.lower()}.md)", check.severity.value, check.title)
                for check in builtin_checks()
                if check.path == path
            ),
        )
        for path in PATHS
    ]
    parts = [f"## Path `{path}`\n\n{rows}" for path, rows in zip(PATHS, checks, strict=True) if "](" in rows]
    facts = table(("Fact", "What it is"), ((f"`{name}`", kind.meaning) for name, kind in FACTS.items()))
    words = listed((*WORDS, "service:NAME", "tag:KEY=VALUE"))
    return page(
        "checks/*.yaml",
        "# Checks",
        "A check asks one question in one of four verbs: `reach` (do packets get there and back), `resolve` (does a "
        "name lead where it should), `permit` (may a principal do something), `require` (does a plain fact hold, as "
        "JMESPath over the raw response of a call). A check with `skip` says why something is not judged.",
        *parts,
        f"## Selectors\n\n`from` and `to` take {words}, a site or one of its hosts (`dc1`, `dc1.orchestrator`), an AWS "
        "id, an address, a CIDR, a host name or a URL; `mwaa.worker@subnet-…` is one subnet's.",
        "## Facts\n\n`{fact}` in a text is filled in; `when` and `require: {facts: true}` are evaluated over them.",
        facts,
    )


# Codes


def codes_page() -> str:
    """Every code of a hop or finding."""
    hops = sorted(EXPLANATIONS.values(), key=lambda found: (STEPS.index(found.step), found.code))
    return page(
        "src/mwaanet/graph/explanations*.py and src/mwaanet/checks/codes.py",
        "# Codes",
        "What `code` says in a report; `mwaanet explain CODE` prints the same.",
        "## Codes of findings",
        *(code_block(found) for found in FINDING_CODES.values()),
        "## Codes of hops",
        *(code_block(found) for found in hops),
    )


def code_block(found: ExplanationLike) -> str:
    """One code with its texts."""
    called = " or ".join(f"`{code}`" for code in found.aws_codes)
    aws = f" Reachability Analyzer calls it {called}." if called else ""
    facts = [f"**{found.title}** (step `{found.step}`). {found.meaning}{aws}"]
    facts += [f"- Why: {found.why}", f"- What to do: {found.mend}", f"- Source: <{found.source}>"]
    return f"### {found.code}\n\n{facts[0]}\n\n" + "\n".join(facts[1:])


# Outcomes


def outcomes_page() -> str:
    """Every outcome of a probe of the network, and what is left where the model says that it should work."""
    blocks = []
    for kind, module in (("dns", dns_observation), ("tcp", tcp_observation), ("tls", tls_observation)):
        layers: Mapping[str, tuple[str, ...]] = module.LAYERS
        rows = [
            (f"`{outcome}`", verdict.status, verdict.meaning, "; ".join(layers.get(outcome, ())))
            for outcome, verdict in module.VERDICTS.items()
        ]
        blocks += [f"## `mwaanet probe {kind}`", table(("outcome", "status", "what it means", "what is left"), rows)]
    steps = [(f"`{outcome}`", *verdict) for outcome, verdict in api_verdicts.VERDICTS.items()]
    blocks += ["## `mwaanet probe api`", table(("outcome", "status", "what it means", "what mends it"), steps)]
    downloads = [(f"`{outcome}`", *verdict) for outcome, verdict in package_observation.VERDICTS.items()]
    blocks += ["## `pip download` on a worker", table(("outcome", "status", "what it means"), downloads)]
    return page(
        "src/mwaanet/probe/*_observation.py and api_verdicts.py",
        "# Outcomes of probes",
        "What `outcome` says in a probe's report. *What is left* is where to look when the model says that it should "
        "work (`mwaanet diagnose env --probe FILE`).",
        *blocks,
    )


# Limits


def limits_page() -> str:
    """What the model leaves out, as the modules' docstrings say."""
    blocks = [f"## `{module}`\n\n{text}" for module, text in limits()]
    return page(
        "the docstring of the module",
        "# Limits",
        "What mwaanet does not model, module by module. What is not modelled and could change an answer makes it "
        "unknown, naming what it lacks; these are the exceptions, and what is left out on purpose.",
        *blocks,
    )


def limits() -> Iterator[tuple[str, str]]:
    """The modules that say what they do not model, and what."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for paragraph in re.split(r"\n\s*\n", text):
            _, marker, rest = paragraph.partition(LIMIT)
            if marker:
                module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
                sentence = " ".join(rest.split())
                yield module, sentence[:1].upper() + sentence[1:]


# Permissions


def permissions_page() -> str:
    """The IAM actions that collecting and probing take."""
    rows = ((row.service, f"`{row.operation}`", permitted(row), row.decides) for row in OPERATIONS.values())
    probes = table(("IAM action", "Allowed on"), ((f"`{grant.action}`", grant.kind.value) for grant in PROBE))
    [policy] = documents(collect_grants(), Narrowing())
    return page(
        "src/mwaanet/snapshot/operations.py and src/mwaanet/permissions/grants.py",
        "# Permissions",
        "The calls that a snapshot holds, what each decides, and the IAM actions that allow it. A call that is refused "
        "leaves unknown what it decides, and nothing else: take out of the policy what you cannot grant.",
        table(("Service", "Operation", "IAM actions", "What it decides"), rows),
        f"## What `mwaanet probe` needs\n\n{probes}",
        PERMISSIONS_USE,
        f"## A policy with all that collection needs\n\n```json\n{json.dumps(policy, indent=2)}\n```",
    )


def permitted(operation: Operation) -> str:
    """The actions that allow an operation."""
    return listed(grant.action for grant in grants_of(operation)) or f"`{operation.action}`, which everybody may"


PERMISSIONS_USE = """
## As a file

```sh
mwaanet iam-policy                                                 # the document below
mwaanet iam-policy --bucket BUCKET --key KEY_ARN --environment ENV # narrowed to these; others are not allowed
mwaanet iam-policy --probe                                         # with what probes need
mwaanet iam-policy --format terraform --output mwaanet.tf          # a role with it; variable trusted_principals
mwaanet iam-policy --format stackset --output mwaanet.yaml         # the same for a fleet of accounts
aws cloudformation create-stack-set --stack-set-name mwaanet --template-body file://mwaanet.yaml \\
    --capabilities CAPABILITY_NAMED_IAM --permission-model SERVICE_MANAGED \\
    --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false \\
    --parameters ParameterKey=TrustedPrincipal,ParameterValue=arn:aws:iam::111122223333:role/auditor
```

Whoever assumes the role needs `sts:AssumeRole` on it. Reading `requirements.txt` from a bucket with a KMS key needs
`kms:Decrypt`, which the policy allows to S3 alone; the key's own policy must allow it as well. A document is never
larger than IAM takes (6,144 characters): where more buckets are named than fit, Terraform and the StackSet's template
have several policies.
"""


# Writing


def stale(found: Mapping[str, str]) -> list[str]:
    """The pages that are missing, out of date, or no longer written."""
    wrong = [name for name, text in found.items() if not _same(DOCS / name, text)]
    left = {path.relative_to(DOCS).as_posix() for path in (DOCS / "checks").glob("*.md")} - set(found)
    return sorted([*wrong, *left])


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def write(found: Mapping[str, str]) -> None:
    """Write the pages, and remove those of checks that are gone."""
    for name in stale(found):
        path = DOCS / name
        if name in found:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found[name].encode())
        else:
            path.unlink()


def main(arguments: list[str] | None = None, say: Callable[[str], None] = print) -> int:
    """Write the pages, or with `--check` only say which are stale."""
    parser = argparse.ArgumentParser(description="Write the generated pages of docs/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")
    check: bool = parser.parse_args(arguments).check
    found = pages()
    old = stale(found)
    if check:
        for name in old:
            say(f"docs/{name} is stale: run make docs")
        return 1 if old else 0
    write(found)
    say(f"{len(old)} of {len(found)} pages of docs/ written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
