"""An AWS over HTTP that answers from a snapshot, in each service's wire protocol, by botocore's service models.

Requests are parsed and responses written by moto's protocol code, which is independent of botocore's. It is reached as
an HTTP proxy, so that every host name of every service leads to it. What it does besides (pages, refusals, throttling,
cut connections, clocks, delays) is decided by a `Behaviour`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import botocore.session
from botocore import xform_name
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.serialize import get_serializer_class
from werkzeug.datastructures import Headers, MultiDict

from mwaanet.snapshot.operations import OPERATIONS

_SERVICES = {"airflow": "mwaa", "elasticloadbalancing": "elbv2"}
_SCOPE = re.compile(r"Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
_XML = {"Content-Type": "text/xml"}
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
"""An answer: status, body, headers."""


@dataclass
class Behaviour:
    """How the server differs from one that simply answers."""

    page: int = 5
    delay: float = 0.0
    fault: Callable[[Request], Fault | None] = lambda request: None
    clock: timedelta = timedelta()
    elsewhere: Callable[[Request, Raw], Sent | None] = lambda request, raw: None
    """The answer of another server, where it is to be asked instead."""


@dataclass
class Log:
    """What was asked."""

    requests: list[Request] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Requests that are no operation of the table."""
    assumed: list[dict[str, str]] = field(default_factory=list)
    """The roles that were assumed, with the external ids that were given."""
    passed_on: list[Request] = field(default_factory=list)
    """What another server answered."""
    unanswered: list[Request] = field(default_factory=list)
    """Calls of which the snapshot holds no answer."""


class Estate:
    """The answers of a snapshot."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._documents: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._by_region: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        self._calls: dict[tuple[str, ...], dict[str, Any]] = {}
        for file, content in files.items():
            if not file.startswith("accounts/"):
                continue
            _, account, region, service, operation = file.removesuffix(".json").split("/")
            document = json.loads(content)
            self._by_region[account, region, service, operation] = document
            for call in document.get("Calls", ()):
                key = _key(service, operation, call["Parameters"])
                self._calls[account, region, service, operation, *key] = call

    def answer(self, request: Request) -> dict[str, Any] | Fault | None:
        row = OPERATIONS[request.service, request.operation]
        region = "global" if row.is_global else request.region
        if not row.per_resource:
            return self._by_region.get((request.account, region, request.service, request.operation))
        names = (request.account, region, request.service, request.operation)
        for key in (request.parameters, {k: v for k, v in request.parameters.items() if k != "VersionId"}):
            call = self._calls.get((*names, *_key(request.service, request.operation, key)))
            if call is not None:
                error = call.get("Error")
                return Fault(error["Code"], error["Message"], 400) if error else _listed(call["Response"], request)
        return None


def _listed(response: dict[str, Any], request: Request) -> dict[str, Any]:
    """Of a list of objects, those with the prefix that was asked for."""
    prefix = request.parameters.get("Prefix")
    if request.operation != "list-objects-v2" or prefix is None:
        return response
    contents = [item for item in response.get("Contents", ()) if item["Key"].startswith(prefix)]
    return response | {"Prefix": prefix, "Contents": contents}


def _key(service: str, operation: str, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    found = [str(parameters.get(name, "")) for name in OPERATIONS[service, operation].parameters]
    return tuple(text.removeprefix("/hostedzone/").rpartition(":key/")[2] for text in found)


@cache
def _models(service: str) -> Mapping[str, tuple[str, OperationModel]]:
    """The operations of the table by AWS's own name."""
    loader = _SESSION.get_component("data_loader")
    model = ServiceModel(loader.load_service_model(service, "service-2"), service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    rows = [row.operation for row in OPERATIONS.values() if row.service == service]
    return {names[row]: (row, model.operation_model(names[row])) for row in rows}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: AwsServer
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._respond(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def do_HEAD(self) -> None:
        self.do_GET()

    def _respond(self, body: bytes) -> None:
        scope = _SCOPE.search(self.headers.get("Authorization", ""))
        assert scope is not None, self.path
        key, _, region, signing = scope.groups()
        url = urlsplit(self.path)
        service = _SERVICES.get(signing, signing)
        if "x-amz-account-id" in self.headers:
            service = "s3control"
        time.sleep(self.server.behaviour.delay)
        values = MultiDict(parse_qsl(url.query, keep_blank_values=True))
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            values.update(parse_qsl(body.decode(), keep_blank_values=True))
        found = _operation(service, self.command, unquote(url.path), values, self.headers.get("X-Amz-Target", ""))
        if found is None:
            what = f"{service} {self.command} {self.path} {values.get('Action', self.headers.get('X-Amz-Target', ''))}"
            if service == "sts" and values.get("Action") == "AssumeRole":
                self._send(*self.server.assumed(values["RoleArn"], values.get("ExternalId", "")), _XML)
                return
            self.server.log.unknown.append(what)
            self._send(400, b"unknown", {})
            return
        row, model, url_params = found
        parser = PROTOCOL_PARSERS[model.service_model.resolved_protocol](model)
        parameters = parser.parse(
            {
                "body": body,
                "headers": Headers(list(self.headers.items())),
                "method": self.command,
                "url_params": url_params,
                "url_path": url.path,
                "values": values,
            }
        )
        signed = datetime.strptime(self.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        request = Request(_account(key), key, region, service, row, parameters, signed)
        self.server.log.requests.append(request)
        path = self.path.removeprefix(f"{url.scheme}://{url.netloc}")
        if sent := self.server.behaviour.elsewhere(request, Raw(self.command, path, dict(self.headers), body)):
            self.server.log.passed_on.append(request)
            self._send(*sent)
            return
        answer = self.server.behaviour.fault(request) or self.server.estate.answer(request)
        if answer is None and row == "get-environment":
            answer = Fault("ResourceNotFoundException", "no such environment", 404)
        elif answer is None:
            self.server.log.unanswered.append(request)
            answer = Fault("NotInTheSnapshot", f"{row} {parameters}", 400)
        self._write(model, request, answer)

    def _write(self, model: OperationModel, request: Request, answer: dict[str, Any] | Fault) -> None:
        if isinstance(answer, Fault) and answer.cut and self.command == "HEAD":
            self.close_connection = True
            return
        if isinstance(answer, Fault) and answer.body:
            self._send(answer.status, answer.body.encode(), {"Content-Type": "text/html"})
            return
        if isinstance(answer, Fault) and not answer.cut:
            self._send(answer.status, *_error(model, request, answer))
            return
        whole = self.server.estate.answer(request) if isinstance(answer, Fault) else answer
        response = whole if isinstance(whole, dict) else {}
        key = (request.account, request.region, request.service, repr((request.operation, request.parameters)))
        if key not in self.server.written:
            page = _page(model, request, response, self.server.behaviour.page)
            self.server.written[key] = _serialized(model, request, page)
        status, body, headers = self.server.written[key]
        if isinstance(answer, Fault):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + 1000))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self._send(status, body, headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.server.behaviour.clock, usegmt=True))
        for name, value in headers.items():
            if name.lower() not in ("content-length", "date"):
                self.send_header(name, value)
        if self.command == "HEAD":
            self.send_header("Content-Length", headers.get("Content-Length", "0"))
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class AwsServer(ThreadingHTTPServer):
    """The server; `url` is its address."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, files: Mapping[str, bytes], behaviour: Behaviour | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.estate = Estate(files)
        self.behaviour = behaviour or Behaviour()
        self.log = Log()
        self.written: dict[tuple[str, ...], Sent] = {}
        self._sessions = count(1)
        self.assumable = True

    def assumed(self, role: str, external_id: str) -> tuple[int, bytes]:
        """The answer to AssumeRole: credentials of a new session in the role's account."""
        self.log.assumed.append({"role": role, "external id": external_id})
        if not self.assumable:
            return 403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
        account, until = role.split(":")[4], (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        key = f"ASIA{account}{next(self._sessions):04d}"
        text = (
            '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
            f"<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            f"<Expiration>{until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )
        return 200, text.encode()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def variables(self, account: str, region: str) -> dict[str, str]:
        """The environment variables with which boto3 asks this server as an account."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "HTTP_PROXY": self.url,
            "http_proxy": self.url,
            "NO_PROXY": "",
            "no_proxy": "",
            "AWS_ACCESS_KEY_ID": f"AKIA{account}",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": region,
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def running(files: Mapping[str, bytes], behaviour: Behaviour | None = None) -> Iterator[AwsServer]:
    """A server in a thread of its own."""
    server = AwsServer(files, behaviour)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _account(access_key: str) -> str:
    return access_key[4:16]


def _operation(
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


def _page(model: OperationModel, request: Request, answer: dict[str, Any], size: int) -> dict[str, Any]:
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


def _serialized(model: OperationModel, request: Request, response: dict[str, Any]) -> Sent:
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


def _error(model: OperationModel, request: Request, fault: Fault) -> tuple[bytes, dict[str, str]]:
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
