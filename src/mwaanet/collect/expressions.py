"""The language in which draws and leads pick from answers: JMESPath with a few functions of AWS's own nouns.

An expression is evaluated over the response, with four keys besides: `Account` and `Region`, where it was asked,
`Parameters`, what was asked, and `Note`, what the draw that asked it had noted.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jmespath
from jmespath.functions import Functions, signature

HOME = "/usr/local/airflow/"
"""Where workers have the bucket's files: the DAG folder is `dags` below it
(https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-dependencies.html)."""

_OBJECTS = ("Requirements", "StartupScript", "Plugins")
_TEXTS = ("Requirements", "StartupScript")
_NAMED = re.compile(
    r"""^\s*(?:-c|-r|--constraint|--requirement)(?:\s+|=|(?<=-[cr]))["']?([^\s"'#]+)|"""
    r"""\bPIP_(?:CONSTRAINT|REQUIREMENT)=["']?([^\s"'#;]+)""",
    re.MULTILINE,
)

Picked = list[dict[str, Any]]


def pick(expression: str, response: Mapping[str, Any], around: Mapping[str, Any]) -> list[Any]:
    """What an expression picks, as a list without what is null."""
    found = _compiled(expression).search({**response, **around}, options=_OPTIONS)
    items = found if isinstance(found, list) else [found]
    return [item for item in items if item is not None]


@cache
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)


def arn_part(arn: str, number: int) -> str | None:
    """The fourth or fifth part of an ARN, where the text is one and it is not empty."""
    parts = arn.split(":")
    return parts[number] or None if len(parts) > 5 else None


def _objects(environment: Mapping[str, Any], kinds: tuple[str, ...]) -> Picked:
    """The objects of the bucket that an environment names, with the version that it uses."""
    found: Picked = []
    bucket = str(environment.get("SourceBucketArn", "")).rpartition(":")[2]
    for kind in kinds:
        key, version = environment.get(f"{kind}S3Path"), environment.get(f"{kind}S3ObjectVersion")
        if bucket and key:
            found.append({"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {}))
    return found


def _paths(text: str) -> Iterator[str]:
    for groups in _NAMED.findall(text):
        yield from filter(None, groups)


class _Functions(Functions):
    """The functions; jmespath takes the name of a method after `_func_`."""

    @signature({"types": ["string", "null"]})
    def _func_arn_name(self, arn: str | None) -> str | None:
        return re.split("[:/]", arn)[-1] if arn else None

    @signature({"types": ["string", "null"]})
    def _func_arn_account(self, arn: str | None) -> str | None:
        return arn_part(arn or "", 4)

    @signature({"types": ["string", "null"]})
    def _func_arn_region(self, arn: str | None) -> str | None:
        return arn_part(arn or "", 3)

    @signature({"types": ["string", "null"]})
    def _func_key_or_alias(self, text: str | None) -> dict[str, Any] | None:
        if not text:
            return None
        place = {"Account": arn_part(text, 4), "Region": arn_part(text, 3)}
        return {"KeyId": text.split(":")[-1].removeprefix("key/"), **place}

    @signature({"types": ["string", "null"]})
    def _func_key(self, text: str | None) -> dict[str, Any] | None:
        return None if text and "alias/" in text else self._func_key_or_alias(text)

    @signature({"types": ["array", "null"]}, {"types": ["string"]}, {"types": ["string"]})
    def _func_owned(self, items: list[Any] | None, key: str, account: str) -> list[Any]:
        return [item for item in items or () if item.get(key) in (account, None)]

    @signature({"types": ["object"]}, {"types": ["string"]}, {"types": ["array", "null"]})
    def _func_each(self, common: dict[str, Any], key: str, values: list[Any] | None) -> Picked:
        return [{**common, key: value} for value in values or ()]

    @signature({"types": ["object"]})
    def _func_configured_objects(self, environment: dict[str, Any]) -> Picked:
        return _objects(environment, _OBJECTS)

    @signature({"types": ["object"]})
    def _func_configured_texts(self, environment: dict[str, Any]) -> Picked:
        folder = str(environment.get("DagS3Path") or "dags").strip("/")
        return [{**text, "Note": folder} for text in _objects(environment, _TEXTS)]

    @signature({"types": ["object"]}, {"types": ["string"]}, {"types": ["string", "null"]})
    def _func_named_texts(self, asked: dict[str, Any], folder: str, body: str | None) -> Picked:
        dags = f"{HOME}dags/"
        here = posixpath.dirname(dags + asked["Key"].removeprefix(f"{folder}/"))
        paths = [posixpath.join(here, path) for path in _paths((body or "").replace("${AIRFLOW_HOME}/", HOME))]
        return [
            {"Bucket": asked["Bucket"], "Key": f"{folder}/{path.removeprefix(dags)}", "Note": folder}
            for path in map(posixpath.normpath, paths)
            if path.startswith(dags)
        ]


_OPTIONS = jmespath.Options(custom_functions=_Functions())
