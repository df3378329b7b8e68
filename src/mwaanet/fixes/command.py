"""One call of the AWS CLI: the API's own parameters, and the line that people type.

Parameters are those of the API (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters.html): lists of
texts are separated by blanks, structures are written in the shorthand syntax where nothing in them needs quotes, as
JSON elsewhere (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html). A text that would be taken
for an option, or for a file to be read (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html),
stands in the JSON of all parameters (https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-skeleton.html).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PLAIN = re.compile(r"[\w.:/*@+-]+")
_MISREAD = re.compile(r"-(?!\d+$)|[a-z]+://", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NEGATIVE = {
    ("ec2", "create-network-acl-entry", "Egress"): "--ingress",
    ("ec2", "delete-network-acl-entry", "Egress"): "--ingress",
}
"""Options whose negative form has a name of its own."""
_NAMES = {"ARNs": "Arns", "VPC": "Vpc"}


@dataclass(frozen=True, slots=True)
class Command:
    """One call: service and operation as the AWS CLI names them, parameters as the API does."""

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The line that people type."""
        parts = ["aws", self.service, self.operation]
        if any(map(_is_misread, self.parameters.values())):
            return " ".join([*parts, "--cli-input-json", shlex.quote(json.dumps(self.parameters))])
        for name, value in self.parameters.items():
            parts.extend(self._option(name, value))
        return " ".join(parts)

    def _option(self, name: str, value: Any) -> list[str]:
        flag = f"--{option_name(name)}"
        if value is True:
            return [flag]
        if value is False:
            negative = _NEGATIVE.get((self.service, self.operation, name))
            return [negative or f"--no-{option_name(name)}"]
        return [flag, *_value(value)]


def option_name(parameter: str) -> str:
    """The option of a parameter: `VpcEndpointId` is `vpc-endpoint-id`."""
    for written, read in _NAMES.items():
        parameter = parameter.replace(written, read)
    return _CAPITAL.sub("-", parameter).lower()


def _value(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return [shlex.quote(str(item)) for item in value]
    if isinstance(value, Mapping | list):
        written = _shorthand(value) if _is_plain(value) else json.dumps(value, ensure_ascii=False)
        return [shlex.quote(written)]
    return [shlex.quote(str(value))]


def _is_misread(value: Any) -> bool:
    """Whether the AWS CLI would not take a text as it is."""
    return any(
        isinstance(item, str) and _MISREAD.match(item) for item in (value if isinstance(value, list) else [value])
    )


def _is_plain(value: Any) -> bool:
    """Whether shorthand can write it: plain texts in structures, and lists of such structures or texts."""
    if isinstance(value, Mapping):
        return all(_is_plain(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_plain(item) for item in value) and bool(value)
    return isinstance(value, int) or (isinstance(value, str) and bool(_PLAIN.fullmatch(value)))


def _shorthand(value: Any) -> str:
    """The outermost structure without braces; lists of one structure at the top likewise."""
    if isinstance(value, list):
        return " ".join(_shorthand(item) for item in value) if len(value) == 1 else json.dumps(value)
    return ",".join(f"{name}={_inner(item)}" for name, item in value.items())


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{name}={_inner(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_inner(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
