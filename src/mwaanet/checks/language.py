"""The check language: what a file of checks may say, as types.

A check asks one question in one of four verbs: `reach` (do packets get there and back), `resolve` (does a name lead
where it should), `permit` (may a principal do something), `require` (does a plain fact hold). A check with `skip`
instead says why something is not judged. Texts may hold `{facts}` of the environment.

An assertion of a topology file is a check, too: it states what must hold, or with `expect` what must not, and need not
say why, nor how to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mwaanet.checks.result import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which ends are meant: those of the selectors in `of`, without those that `excluding` selects.

    Where `every` is not set, one of them is enough.
    """

    of: tuple[str, ...]
    excluding: tuple[str, ...] = ()
    every: bool = True

    def __str__(self) -> str:
        text = (" and " if self.every else " or ").join(self.of)
        return f"{text} except {', '.join(self.excluding)}" if self.excluding else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Where packets may go instead, and what to say of it where they get there; a text that is empty is not said."""

    destination: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Every end that `source` selects reaches every end that `destination` selects, and is answered.

    `via` and `not_via` speak of the ways: each must cross one of the former (on the request's way) and none of the
    latter (nor may the replies). Each is the id of a component, or a kind of component.
    Without `ports` those of a URL count. `part` asks for one part of the way only, which has its own verdict: the name,
    the site with its links, the endpoint, its service, the load balancer, the network between or behind, the way back.
    `about` names the resource whose change mends it where the answer is no, if no component of the path is. `instead`
    is a way that serves too.
    """

    source: Selection
    destination: Selection
    protocol: str = "tcp"
    ports: tuple[tuple[int, int], ...] = ()
    via: tuple[str, ...] = ()
    not_via: tuple[str, ...] = ()
    part: str = ""
    about: str = ""
    instead: Instead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """`name`, asked from every end that `source` selects, gives addresses of the kind `gives`."""

    name: str
    source: Selection
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
    `say` tells where it does not hold; without it the message is what was expected and what was found.
    """

    that: str
    about: str
    call: str = ""
    say: str = ""
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
EXPECTATIONS: dict[type[Verb], tuple[str, str]] = {
    Reach: ("reachable", "blocked"),
    Resolve: ("resolves", "does-not-resolve"),
    Permit: ("allowed", "denied"),
    Require: ("holds", "does-not-hold"),
}
"""What may be expected of each verb: that it is so (the default), and that it is not, for all that is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A failure that is put up with up to and including a day, and why."""

    until: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its question, and what `mwaanet explain` prints of it.

    `when` is a JMESPath expression over the environment's facts: the check applies where it holds. `each` names a
    fact that is a list: the check asks once for each of its values, as `{each}`. `level` is what a check that does not
    hold counts as. With `negative` it states what must not be so, of everything that it asks about. `allow_empty` lets
    it ask about nothing. An assertion has no `path`. The words of a `vetted` check were looked up before.
    `file`, `line` and `column` say where it was written.
    """

    id: str
    verb: Verb
    severity: Severity = Severity.HIGH
    title: str = ""
    path: str = ""
    why: str = ""
    source: str = ""
    fix: str = ""
    when: str = ""
    each: str = ""
    level: str = "fail"
    negative: bool = False
    allow_empty: bool = False
    waiver: Waiver | None = None
    vetted: bool = False
    file: str = ""
    line: int = 0
    column: int = 0

    @property
    def expect(self) -> str:
        """What is expected, in the word of its verb; empty for what is not judged."""
        words = EXPECTATIONS.get(type(self.verb))
        return words[self.negative] if words else ""
