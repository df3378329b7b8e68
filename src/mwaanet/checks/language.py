"""The check language: what a file of checks may say, as types.

A check asks one question in one of four verbs: `reach` (do packets get there and back), `resolve` (does a name lead
where it should), `permit` (may a principal do something), `require` (does a plain fact hold). A check with `skip`
instead says why something is not judged. Texts may hold `{facts}` of the environment.
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaanet.checks.result import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Where packets may go instead, and what to say of it where they get there; a text that is empty is not said."""

    destination: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Every end that `source` selects reaches every end that `destination` selects, and is answered.

    Without `ports` those of a URL count. `part` asks for one part of the way only, which has its own verdict: the name,
    the site with its links, the endpoint, its service, the load balancer, the network between or behind, the way back.
    `about` names the resource whose change mends it where the answer is no, if no component of the path is. `instead`
    is a way that serves too.
    """

    source: str
    destination: str
    protocol: str = "tcp"
    ports: tuple[tuple[int, int], ...] = ()
    part: str = ""
    about: str = ""
    instead: Instead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """`name`, asked from every end that `source` selects, gives addresses of the kind `gives`."""

    name: str
    source: str
    gives: str = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The principal may do every action on every resource, by the endpoint that carries the request to `via`.

    Without `via` nothing is known of the network that the request comes from; with it, the requests are those of what
    `source` selects. `context` gives condition keys their values. A resource that holds a list fact stands for one
    resource per value; where `any_resource` is set, it is enough that each action is allowed on one of them.
    """

    principal: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    via: str = ""
    source: str = "mwaa.worker"
    any_resource: bool = False
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Require:
    """A JMESPath expression holds over the response of a call, or over the environment's facts (no `call`).

    `about` names the resource whose change mends it. A parameter whose fact is empty is left out. Where the snapshot
    has the call without one of its further parameters only, the answer counts if it names the same value itself.
    """

    that: str
    about: str
    call: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """What is not judged, and why."""

    reason: str


Verb = Reach | Resolve | Permit | Require | Skip

PRINCIPAL = "mwaa.execution-role"
"""The principal that is the environment's own role."""
ASSUMER = "api.assumer"
"""The principal that stands for whoever may assume the role that signs the calls to the API."""
GIVES = ("private", "public", "anything")
PARTS = ("name", "site", "endpoint", "service", "load-balancer", "network", "return")
LEVELS = ("fail", "warn")
PATHS = ("s3", "service", "nexus", "api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its question, and what `mwaanet explain` prints of it.

    `when` is a JMESPath expression over the environment's facts: the check applies where it holds. `each` names a
    fact that is a list: the check asks once for each of its values, as `{each}`. `level` is what a check that does not
    hold counts as. `file` and `line` say where it was written.
    """

    id: str
    title: str
    path: str
    severity: Severity
    why: str
    source: str
    fix: str
    verb: Verb
    when: str = ""
    each: str = ""
    level: str = "fail"
    file: str = ""
    line: int = 0
