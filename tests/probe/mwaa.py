"""Amazon MWAA on loopback: an endpoint that checks every signature by botocore's own signer, and web servers.

The endpoint answers like AWS (https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html, common errors
included); what a test wants to go wrong is said by the fields of `Mwaa`.
"""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY = "ASIATESTTESTTEST1234"
SECRET_KEY = "secret/key+of/the/test/0123456789abcdefghi"
SESSION_TOKEN = "session-token-of-the-test-" + "IQoJb3JpZ2luX2VjE" * 8
WEB_TOKEN = "web-login-token-of-the-test-0123456789"
COOKIE = "session-cookie-of-the-test.0123456789.abcdef"
JWT = "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJ0ZXN0In0.signature-of-the-test"
SECRETS = (ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, WEB_TOKEN, COOKIE, JWT)
REQUEST_ID = "6d2f1c1e-0000-4000-8000-1234567890ab"

_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<signed>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)
_ALLOWED = timedelta(minutes=5)


@dataclass
class Reply:
    """What is sent back."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


def error(status: int, code: str, message: str, **more: object) -> Reply:
    """An error as restJson1 has it."""
    body = json.dumps({"message": message, **more}).encode()
    return Reply(status, body, {"x-amzn-ErrorType": f"{code}:http://internal.amazon.com/coral/"})


@dataclass
class Received:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Mwaa:
    """One Region's endpoint with one environment, and that environment's web server."""

    region: str = "us-east-1"
    environment: str = "my-env"
    major: int = 2
    ahead: timedelta = timedelta()
    """By how much this side's clock is ahead."""
    known: Mapping[str, str] = field(default_factory=lambda: {ACCESS_KEY: SECRET_KEY})
    token: str = SESSION_TOKEN
    host_seen: str = ""
    """The Host that arrives, where something in between rewrites it."""
    instead: Reply | None = None
    """What is answered to a rightly signed call."""
    to_all: Reply | None = None
    """What is answered to everything, as by a proxy."""
    login: Reply | None = None
    airflow: Reply | None = None
    delay: float = 0
    cut: bool = False
    port: int = 0
    received: list[Received] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"https://{self.host}"

    def answer(self, request: Received) -> Reply:
        self.received.append(request)
        if self.to_all is not None:
            return self.to_all
        if request.path.startswith(("/aws_mwaa/", "/pluginsv2/")):
            return self._log_in(request)
        if request.path.startswith("/api/"):
            return self._airflow(request)
        refused = self._refuse(request)
        reply = refused or self.instead or self._serve(request)
        return Reply(reply.status, reply.body, {"x-amzn-RequestId": REQUEST_ID, **reply.headers})

    def _refuse(self, request: Received) -> Reply | None:
        """Check the signature as AWS does: the clock, the key, the scope, and then the signature itself."""
        if "authorization" not in request.headers:
            return error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        found = _CREDENTIAL.fullmatch(request.headers["authorization"])
        if not found:
            return error(403, "IncompleteSignatureException", f"Authorization={request.headers['authorization']}")
        now = datetime.now(UTC) + self.ahead
        stamp = request.headers["x-amz-date"]
        then = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(now - then) > _ALLOWED:
            limit, when = (now - _ALLOWED, "expired") if then < now else (now + _ALLOWED, "not yet current")
            relation = "earlier" if then < now else "later"
            bound = f"{limit:%Y%m%dT%H%M%SZ} ({now:%Y%m%dT%H%M%SZ} - 5 min.)"
            text = f"Signature {when}: {stamp} is now {relation} than {bound}"
            return error(403, "InvalidSignatureException", text)
        if found["key"] not in self.known:
            return error(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
        if found["key"].startswith("ASIA") and request.headers.get("x-amz-security-token") != self.token:
            return error(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
        if found["region"] != self.region:
            return error(403, "InvalidSignatureException", "Credential should be scoped to a valid region. ")
        if found["service"] != "airflow":
            text = "Credential should be scoped to correct service: 'airflow'. "
            return error(403, "InvalidSignatureException", text)
        return self._other_signature(request, found)

    def _other_signature(self, request: Received, found: re.Match[str]) -> Reply | None:
        signed = found["signed"].split(";")
        headers = {name: request.headers[name] for name in signed}
        if self.host_seen:
            headers["host"] = self.host_seen
        payload = hashlib.sha256(request.body).hexdigest()
        if headers.get("x-amz-content-sha256", payload) != payload:
            return error(403, "InvalidSignatureException", "The payload hash does not match.")
        signer = SigV4Auth(Credentials(found["key"], self.known[found["key"]]), found["service"], found["region"])
        url = f"https://{headers['host']}{request.path}"
        copy = AWSRequest(method=request.method, url=url, headers=headers, data=request.body)
        copy.context["timestamp"] = request.headers["x-amz-date"]
        canonical = signer.canonical_request(copy)
        wanted = signer.signature(signer.string_to_sign(copy, canonical), copy)
        if wanted == found["signature"] and {"host", "x-amz-date"} <= set(signed):
            return None
        text = (
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details.\n\n"
            f"The Canonical String for this request should have been\n'{canonical}'\n\n"
            f"The String-to-Sign should have been\n'{signer.string_to_sign(copy, canonical)}'\n"
        )
        return error(403, "InvalidSignatureException", text)

    def _serve(self, request: Received) -> Reply:
        path = request.path.partition("?")[0]
        names = [self.environment, "other-env"]
        if (request.method, path) == ("GET", "/environments"):
            return Reply(200, json.dumps({"Environments": names}).encode())
        if not path.endswith(f"/{self.environment}"):
            return error(404, "ResourceNotFoundException", "Environment not found.")
        if (request.method, path) == ("GET", f"/environments/{self.environment}"):
            version = {2: "2.10.3", 3: "3.0.6"}[self.major]
            return Reply(200, json.dumps({"Environment": {"AirflowVersion": version}}).encode())
        if (request.method, path) == ("POST", f"/webtoken/{self.environment}"):
            body = {
                "WebToken": WEB_TOKEN,
                "WebServerHostname": self.host,
                "IamIdentity": "assumed-role/orchestrator/nightly",
                "AirflowIdentity": "assumed-role/orchestrator",
            }
            return Reply(200, json.dumps(body).encode())
        if (request.method, path) == ("POST", f"/restapi/{self.environment}"):
            asked = json.loads(request.body)
            assert set(asked) <= {"Path", "Method", "QueryParameters", "Body"}
            return Reply(200, b'{"RestApiStatusCode": 200, "RestApiResponse": {"dags": [], "total_entries": 0}}')
        return error(404, "UnknownOperationException", "")

    def _log_in(self, request: Received) -> Reply:
        page = {2: "/aws_mwaa/login", 3: "/pluginsv2/aws_mwaa/login"}[self.major]
        if (request.method, request.path) != ("POST", page):
            return Reply(404, b"<html>Airflow 404</html>", {"content-type": "text/html", "server": "gunicorn"})
        if self.login is not None:
            return self.login
        if parse_qs(request.body.decode()) != {"token": [WEB_TOKEN]}:
            return Reply(403, b"{}")
        cookie = f"session={COOKIE}" if self.major == 2 else f"_token={JWT}"
        return Reply(200, b"{}", {"set-cookie": f"{cookie}; Path=/; Secure; HttpOnly"})

    def _airflow(self, request: Received) -> Reply:
        version = {2: "/api/v1", 3: "/api/v2"}[self.major]
        session = (
            request.headers.get("cookie") == f"session={COOKIE}"
            if self.major == 2
            else request.headers.get("authorization") == f"Bearer {JWT}"
        )
        if not session:
            return Reply(401, b'{"title": "Unauthorized", "status": 401}')
        if self.airflow is not None:
            return self.airflow
        if not request.path.startswith(f"{version}/dags"):
            return Reply(404, b'{"title": "Not Found", "detail": "no such path", "status": 404}')
        return Reply(200, b'{"dags": [], "total_entries": 0}')


@contextmanager
def serving(mwaa: Mwaa, context: ssl.SSLContext) -> Iterator[Mwaa]:
    """Serve on a free port of loopback, which `mwaa.port` then tells."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, self.rfile.read(length))
            time.sleep(mwaa.delay)
            if mwaa.cut:
                self.close_connection = True
                return
            reply = mwaa.answer(request)
            self.send_response_only(reply.status)
            sent = {"content-type": "application/json", **{n.lower(): v for n, v in reply.headers.items()}}
            sent.setdefault("date", format_datetime(datetime.now(UTC) + mwaa.ahead, usegmt=True))
            for name, value in sent.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = do_CONNECT = handle_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Nothing: a client that went away, or does not trust this server, is what a test is about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        mwaa.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield mwaa
        finally:
            server.shutdown()
            thread.join(5)
