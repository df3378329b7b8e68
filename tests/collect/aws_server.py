"""An AWS over HTTP that answers from a snapshot, in each service's wire protocol, by botocore's service models.

It is reached as an HTTP proxy, so that every host name of every service leads to it. What it does besides (pages,
refusals, throttling, cut connections, clocks, delays) is decided by a `Behaviour`.
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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from werkzeug.datastructures import Headers, MultiDict

from collect.aws_wire import Fault, Raw, Request, Sent, error_sent, operation_asked, page_of, serialized
from mwaanet.snapshot.operations import OPERATIONS

_SERVICES = {"airflow": "mwaa", "elasticloadbalancing": "elbv2"}
_SCOPE = re.compile(r"Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
_XML = {"Content-Type": "text/xml"}


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
        found = operation_asked(service, self.command, unquote(url.path), values, self.headers.get("X-Amz-Target", ""))
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
            self._send(answer.status, *error_sent(model, request, answer))
            return
        whole = self.server.estate.answer(request) if isinstance(answer, Fault) else answer
        response = whole if isinstance(whole, dict) else {}
        key = (request.account, request.region, request.service, repr((request.operation, request.parameters)))
        if key not in self.server.written:
            page = page_of(model, request, response, self.server.behaviour.page)
            self.server.written[key] = serialized(model, request, page)
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
