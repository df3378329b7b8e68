"""The verbs of a file of checks, and the ends that they select."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mwaanet.checks.language import (
    ASSUMER,
    GIVES,
    PARTS,
    PRINCIPAL,
    Instead,
    Permit,
    Reach,
    Require,
    Resolve,
    Selection,
    Skip,
    Verb,
)
from mwaanet.checks.load_values import Values
from mwaanet.checks.selectors import no_name
from mwaanet.graph.flight import Kind
from mwaanet.marked_yaml import Marked, nearest
from mwaanet.net import TCP, UDP, protocol_number
from mwaanet.snapshot import OPERATIONS, Operation

VERB_KEYS = ("reach", "resolve", "permit", "require", "skip")
REACH_KEYS = ("from", "to", "protocol", "port", "via", "not-via", "part", "about", "instead")
RESOLVE_KEYS = ("name", "from", "gives")
PERMIT_KEYS = ("principal", "actions", "resources", "any_resource", "via", "from", "context")
REQUIRE_KEYS = ("call", "parameters", "that", "about", "facts", "say")
SELECTION_KEYS = ("all", "any", "except")
_UNCROSSED = (Kind.VPC, Kind.SUBNET, Kind.TARGET_GROUP, Kind.RESOLVER_ENDPOINT, Kind.UNMODELLED)
"""What passes no packets on by itself, so that no way crosses it."""
KINDS = tuple(kind.value for kind in Kind if kind not in _UNCROSSED)
"""The kinds of component that a way may be asked to cross."""
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
_PORTS = re.compile(r"(?P<low>[0-9]{1,9})(-(?P<high>[0-9]{1,9}))?")
_NO_WAY = re.compile(r"(vpc|subnet)-[0-9a-f]{6,}|arn:\S+:targetgroup/\S+")
_COMPONENT = re.compile(r"[a-z]+(-[a-z]+)*-[0-9a-f]{6,}|arn:\S+")


class Verbs(Values):
    """Turns marked YAML into verbs, one method for each."""

    def only_verb(self, item: Marked, keys: Mapping[str, Marked]) -> str:
        """The key of the one verb of a check."""
        found = [key for key in VERB_KEYS if key in keys]
        if len(found) != 1:
            what = " and ".join(found) or "none"
            raise self.error(item, f"check: expected exactly one of {', '.join(VERB_KEYS)}, found {what}")
        return found[0]

    def verb(self, item: Marked, keys: Mapping[str, Marked], *, negative: bool = False) -> Verb:
        found = self.only_verb(item, keys)
        readers: Mapping[str, Callable[[Marked], Verb]] = {
            "reach": self.reach,
            "resolve": lambda value: self.resolve(value, "anything" if negative else "private"),
            "permit": self.permit,
            "require": self.require,
            "skip": lambda value: Skip(reason=self.filled(value, "skip")),
        }
        return readers[found](keys[found])

    def reach(self, value: Marked) -> Reach:
        keys = self.mapping(value, "reach", REACH_KEYS, ("from", "to"))
        protocol = self.plain(keys["protocol"], "protocol") if "protocol" in keys else "tcp"
        try:
            protocol_number(protocol)
        except ValueError as error:
            words = nearest(protocol, ("tcp", "udp", "icmp", "icmpv6", "all"))
            raise self.error(keys["protocol"], f"protocol: {error}{words}") from error
        if "part" in keys and ("via" in keys or "not-via" in keys):
            raise self.error(keys["part"], "part: via and not-via speak of whole ways")
        ports = self.several(keys["port"], "port", self.port) if "port" in keys else ()
        if ports and protocol_number(protocol) not in (TCP, UDP):
            raise self.error(keys["port"], f"port: only tcp and udp have ports, not {protocol}")
        via = self.crossings(keys["via"], "via") if "via" in keys else ()
        not_via = self.crossings(keys["not-via"], "not-via") if "not-via" in keys else ()
        if via and set(via) <= set(not_via):
            raise self.error(keys["not-via"], f"not-via: {', '.join(via)} stands in via, too, so no way is as asked")
        return Reach(
            source=self.selection(keys["from"], "from"),
            destination=self.selection(keys["to"], "to"),
            protocol=protocol,
            ports=ports,
            via=via,
            not_via=not_via,
            part=self.word(keys["part"], "part", PARTS) if "part" in keys else "",
            about=self.filled(keys["about"], "about") if "about" in keys else "",
            instead=self.instead(keys["instead"]) if "instead" in keys else None,
        )

    def selection(self, value: Marked, what: str) -> Selection:
        """One selector, a list of them, or `all` or `any` of some, with what is excepted."""
        if not isinstance(value.value, dict):
            return Selection(of=self.several(value, what, self.selector))
        keys = self.mapping(value, what, SELECTION_KEYS)
        if ("all" in keys) == ("any" in keys):
            raise self.error(value, f"{what}: expected either all or any")
        word = "all" if "all" in keys else "any"
        return Selection(
            of=self.several(keys[word], f"{what}: {word}", self.selector),
            excluding=self.several(keys["except"], f"{what}: except", self.selector) if "except" in keys else (),
            every=word == "all",
        )

    def crossings(self, value: Marked, what: str) -> tuple[str, ...]:
        return self.several(value, what, self.crossing)

    def crossing(self, value: Marked, what: str) -> str:
        """A kind of component, or the id of one."""
        text = self.filled(value, what)
        if text in _UNCROSSED or _NO_WAY.fullmatch(text):
            raise self.error(value, f"{what}: {text} passes no packets on, so that no way crosses it")
        if text in KINDS or "{" in text or _COMPONENT.fullmatch(text):
            return text
        raise self.error(value, f"{what}: {text!r} is no kind of component and no id{nearest(text, KINDS)}")

    def instead(self, value: Marked) -> Instead:
        keys = self.mapping(value, "instead", ("to", "say"), ("to", "say"))
        return Instead(destination=self.selector(keys["to"], "to"), advice=self.filled(keys["say"], "say"))

    def port(self, value: Marked, what: str) -> tuple[int, int]:
        written = _PORTS.fullmatch(self.plain(value, what))
        if not written:
            raise self.error(value, "port: expected a number or a range such as 1024-65535")
        span = (int(written["low"]), int(written["high"] or written["low"]))
        if not 0 <= span[0] <= span[1] <= 65535:
            raise self.error(value, "port: expected 0 to 65535, the lower first")
        return span

    def resolve(self, value: Marked, gives: str) -> Resolve:
        keys = self.mapping(value, "resolve", RESOLVE_KEYS, RESOLVE_KEYS[:2])
        return Resolve(
            name=self.name(keys["name"]),
            source=self.selection(keys["from"], "from"),
            gives=self.word(keys["gives"], "gives", GIVES) if "gives" in keys else gives,
        )

    def name(self, value: Marked) -> str:
        """What is looked up: a name, or a selector that stands for one."""
        text = self.selector(value, "name")
        problem = no_name(text)
        if problem:
            raise self.error(value, f"name: {problem}")
        return text

    def permit(self, value: Marked) -> Permit:
        keys = self.mapping(value, "permit", PERMIT_KEYS, PERMIT_KEYS[:2])
        if ("resources" in keys) == ("any_resource" in keys):
            raise self.error(value, "permit: expected either resources or any_resource")
        if "from" in keys and "via" not in keys:
            raise self.error(keys["from"], "from: whose requests they are matters only with via")
        listed = "any_resource" if "any_resource" in keys else "resources"
        return Permit(
            principal=self.principal(keys["principal"]),
            actions=self.several(keys["actions"], "actions", self.action),
            resources=self.several(keys[listed], listed, self.resource),
            any_resource="any_resource" in keys,
            via=self.selector(keys["via"], "via") if "via" in keys else "",
            source=self.selector(keys["from"], "from") if "from" in keys else "mwaa.worker",
            context=self.pairs(keys["context"], "context") if "context" in keys else (),
        )

    def principal(self, value: Marked) -> str:
        text = self.filled(value, "principal")
        if (
            text not in (PRINCIPAL, ASSUMER)
            and not text.startswith(("arn:", "{"))
            and "amazonaws.com" not in self._open(text)
        ):
            expected = f"expected {PRINCIPAL}, an ARN or a service such as logs.{{region}}.{{dns_suffix}}"
            raise self.error(value, f"principal: {expected}, found {text!r}{nearest(text, (PRINCIPAL, ASSUMER))}")
        return text

    def resource(self, value: Marked, what: str) -> str:
        text = self.filled(value, what)
        if text != "*" and not text.startswith(("arn:", "{")):
            raise self.error(value, f"{what}: expected an ARN, found {text!r}")
        return text

    @staticmethod
    def _open(text: str) -> str:
        return text.replace("{dns_suffix}", "amazonaws.com")

    def action(self, value: Marked, what: str) -> str:
        text = self.scalar(value, what)
        if not _ACTION.fullmatch(text):
            raise self.error(value, f"{what}: expected a service and an action such as s3:GetObject, found {text!r}")
        return text

    def require(self, value: Marked) -> Require:
        keys = self.mapping(value, "require", REQUIRE_KEYS, ("that", "about"))
        if ("call" in keys) == ("facts" in keys) or ("facts" in keys and keys["facts"].value is not True):
            raise self.error(value, "require: expected either call or facts: true")
        operation = self.operation(keys["call"]) if "call" in keys else None
        parameters = self.parameters(keys.get("parameters"), operation, keys.get("call") or value)
        return Require(
            that=self.expression(keys["that"], "that", over_facts=operation is None),
            about=self.filled(keys["about"], "about"),
            call=f"{operation.service}/{operation.operation}" if operation else "",
            parameters=parameters,
            say=self.filled(keys["say"], "say") if "say" in keys else "",
        )

    def operation(self, value: Marked) -> Operation:
        text = self.scalar(value, "call")
        service, _, name = text.partition("/")
        found = OPERATIONS.get((service, name))
        if found is None:
            known = nearest(text, (f"{row.service}/{row.operation}" for row in OPERATIONS.values()))
            raise self.error(value, f"call: {text!r} is no service/operation that snapshots hold{known}")
        return found

    def parameters(
        self, value: Marked | None, operation: Operation | None, where: Marked
    ) -> tuple[tuple[str, str], ...]:
        pairs = self.pairs(value, "parameters") if value is not None else ()
        names = operation.parameters if operation else ()
        for key in value.value if value is not None and isinstance(value.value, dict) else ():
            if key.value not in names:
                raise self.error(key, f"parameters: unknown parameter {key.value!r}{nearest(key.value, names)}")
        if names and names[0] not in dict(pairs):
            raise self.error(where, f"parameters: {names[0]} is missing")
        return pairs

    def pairs(self, value: Marked, what: str) -> tuple[tuple[str, str], ...]:
        if not isinstance(value.value, dict):
            raise self.error(value, f"{what}: expected a mapping")
        return tuple((key.value, self.filled(item, key.value)) for key, item in value.value.items())
