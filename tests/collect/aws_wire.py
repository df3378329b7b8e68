"""Requests to AWS read from HTTP, and its answers written to it, in each service's wire protocol.

Both by moto's protocol code, which is independent of botocore's, and by botocore's service models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import botocore.session
from botocore import xform_name
from moto.core.model import OperationModel, ServiceModel
from moto.core.serialize import get_serializer_class
from werkzeug.datastructures import MultiDict

from mwaanet.snapshot.operations import OPERATIONS

_SESSION = botocore.session.get_session()


@dataclass(frozen=True)
class Request:
    """A request that was understood."""

    account: str
    access_key: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    signed: datetime


@dataclass(frozen=True)
class Fault:
    """An error to be answered; `cut` ends the connection in the middle of an answer, `body` is sent as it is."""

    code: str = "AccessDenied"
    message: str = "no"
    status: int = 403
    cut: bool = False
    body: str = ""


@dataclass(frozen=True)
class Raw:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Sent = tuple[int, bytes, dict[str, str]]


@cache
def _models(service: str) -> Mapping[str, tuple[str, OperationModel]]:
    """The operations of the table by AWS's own name."""
    loader = _SESSION.get_component("data_loader")
    model = ServiceModel(loader.load_service_model(service, "service-2"), service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    rows = [row.operation for row in OPERATIONS.values() if row.service == service]
    return {names[row]: (row, model.operation_model(names[row])) for row in rows}


def operation_asked(
    service: str, method: str, path: str, values: MultiDict[str, str], target: str
) -> tuple[str, OperationModel, dict[str, str]] | None:
    models = _models(service)
    if not models:
        return None
    if name := values.get("Action") or target.rpartition(".")[2]:
        return (*models[name], {}) if name in models else None
    fits = []
    for row, model in models.values():
        template, _, query = model.http["requestUri"].partition("?")
        wanted = dict(parse_qsl(query, keep_blank_values=True))
        pattern = re.sub(r"\\{(\w+)(\\\+)?\\}", _group, re.escape(template))
        match = re.fullmatch(pattern, path)
        if model.http["method"] == method and match and wanted.items() <= dict(values).items():
            fits.append((len(wanted), row, model, match.groupdict()))
    if not fits:
        return None
    _, row, model, params = max(fits, key=lambda fit: fit[0])
    return row, model, params


def _group(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>.+)" if found[2] else f"(?P<{found[1]}>[^/]+)"


def page_of(model: OperationModel, request: Request, answer: dict[str, Any], size: int) -> dict[str, Any]:
    """A page of the answer, with a token where there is more."""
    paging = _paging(model)
    if paging is None:
        return answer
    inputs, outputs, keys, more = paging
    start = int(str(request.parameters.get(inputs[0]) or "0").removeprefix("from-"))
    page = {key: value[start : start + size] if key in keys else value for key, value in answer.items()}
    left = any(len(answer.get(key, ())) > start + size for key in keys)
    if left:
        page[outputs[0]] = f"from-{start + size}"
    if more:
        page[more] = left
    return page


@cache
def _paging(model: OperationModel) -> tuple[list[str], list[str], list[str], str] | None:
    try:
        paging = _SESSION.get_paginator_model(model.service_model.service_name).get_paginator(model.name)
    except ValueError:
        assert model.input_shape is not None
        assert model.output_shape is not None
        token = next((t for t in ("NextToken", "nextToken") if t in model.input_shape.members), None)
        lists = [key for key, shape in model.output_shape.members.items() if shape.type_name == "list"]
        return ([token], [token], lists, "") if token and lists else None
    several = [paging[name] for name in ("input_token", "output_token", "result_key")]
    inputs, outputs, keys = ([value] if isinstance(value, str) else value for value in several)
    return inputs, outputs, keys, paging.get("more_results", "")


def serialized(model: OperationModel, request: Request, response: dict[str, Any]) -> Sent:
    if request.operation == "get-bucket-location":
        where = response.get("LocationConstraint") or ""
        text = f'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{where}</LocationConstraint>'
        return 200, text.encode(), {"Content-Type": "application/xml"}
    if request.operation == "get-object":
        return 200, response.get("Body", "").encode(), {"Content-Type": "text/plain"}
    service = model.service_model
    serializer = get_serializer_class(service.service_name, service.resolved_protocol)(model)
    done = serializer.serialize(_sent(model.output_shape, response))
    body = done["body"]
    return done["status_code"], body.encode() if isinstance(body, str) else body, dict(done["headers"])


def _sent(shape: Any, value: Any) -> Any:
    """The value as it is sent: times as times, IAM's documents as text."""
    kind = getattr(shape, "type_name", "")
    if kind == "structure":
        return {key: _sent(shape.members[key], item) for key, item in value.items() if key in shape.members}
    if kind == "list":
        return [_sent(shape.member, item) for item in value]
    if kind == "map":
        return {key: _sent(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        return datetime.fromisoformat(value)
    if kind == "string" and isinstance(value, dict):
        return json.dumps(value)
    return value


def error_sent(model: OperationModel, request: Request, fault: Fault) -> tuple[bytes, dict[str, str]]:
    protocol = model.service_model.resolved_protocol
    if "json" in protocol:
        kind = "application/json" if protocol == "rest-json" else "application/x-amz-json-1.1"
        text = json.dumps({"__type": fault.code, "message": fault.message, "Message": fault.message})
        return text.encode(), {"Content-Type": kind, "x-amzn-errortype": fault.code}
    error = f"<Error><Code>{fault.code}</Code><Message>{fault.message}</Message></Error>"
    if protocol == "ec2":
        error = f"<Response><Errors>{error}</Errors><RequestID>1</RequestID></Response>"
    elif request.service != "s3":
        error = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
    return error.encode(), {"Content-Type": "text/xml"}
