"""A DAG that tries from inside a worker what the environment needs of the network, and writes what it saw to its log.

Written by `mwaanet probe dag`; put it into the environment's DAG folder, trigger it once, and give the task's log to
`mwaanet probe read`. It resolves, connects and shakes hands by TLS with every destination in CONFIG, downloads one
package from every index into a folder that is removed afterwards, and lists the installed packages. It sends no data,
reads no credentials and prints no environment variables. Airflow 2.4 to 3.x, Python 3.10 or newer, standard library.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import logging
import os
import platform
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Optional

CONFIG: dict[str, Any] = {}

DAG_ID = "mwaanet_probe"
MARKER = "mwaanet-probe"
LINE = 16_000
"""Characters of the document in one line of the log: an event of CloudWatch Logs has a largest size."""
MOST_ADDRESSES = 8
AT_ONCE = 8
LINGER = 0.25
"""Seconds after a connection in which it may still be cut."""

log = logging.getLogger("mwaanet.probe")


def probe(config: dict[str, Any]) -> dict[str, Any]:
    """Try everything; gives the document that `mwaanet probe read` understands."""
    certificates: dict[str, str] = {}
    began = now()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda target: try_target(target, config, certificates), config["destinations"]))
    return {
        "worker_probe": 1,
        "tool": config["tool"],
        "environment": config["environment"],
        "host": socket.gethostname(),
        "time": began,
        "python": platform.python_version(),
        "connections": [connection for connections in found for connection in connections],
        "certificates": certificates,
        "downloads": [download(index, config) for index in config["indexes"]],
        "installed": installed(config),
    }


def try_target(target: dict[str, Any], config: dict[str, Any], certificates: dict[str, str]) -> list[dict[str, Any]]:
    """Resolve a name, and connect to every address; an error of the resolver is one result."""
    began, clock = now(), time.monotonic()
    host, port, timeout = target["host"], target["port"], config["timeout"]
    base = {"host": host, "port": port, "tls": target["tls"], "address": "", "attempts": 1}
    try:
        entries = within(timeout, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, ValueError) as error:
        return [{**base, "time": began, "seconds": since(clock), "error": described(error)}]
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in entries))[:MOST_ADDRESSES]
    return [{**base, **try_address(address, target, config, certificates)} for address in addresses]


def try_address(
    address: str, target: dict[str, Any], config: dict[str, Any], certificates: dict[str, str]
) -> dict[str, Any]:
    """Connect, again where nothing came back; then shake hands, if that is asked for."""
    port, timeout = target["port"], config["timeout"]
    for attempt in range(1, config["retries"] + 2):
        began, clock = now(), time.monotonic()
        try:
            connection = connect(address, port, timeout)
            break
        except OSError as error:
            result = {"address": address, "time": began, "attempts": attempt, "seconds": since(clock)}
            result["error"] = described(error)
            if not isinstance(error, TimeoutError):
                return result
    else:
        return result
    seen: dict[str, Any] = {"address": address, "time": began, "attempts": attempt, "seconds": since(clock)}
    seen["source"] = str(connection.getsockname()[0])
    if not target["tls"]:
        cut = cut_at_once(connection)
        return {**seen, "error": cut} if cut else seen
    seen["handshake"] = shake_hands(connection, target["host"], ssl.create_default_context(), certificates)
    if seen["handshake"].get("error", {}).get("type") == "SSLCertVerificationError":
        seen["handshake"]["chain"] = rejected_chain(address, target, timeout, certificates)
    return seen


def cut_at_once(connection: socket.socket) -> Optional[dict[str, Any]]:
    """The error where the other side cuts a connection at once, as load balancers without a server do; closes it."""
    with connection:
        connection.settimeout(LINGER)
        try:
            if connection.recv(1):
                return None
        except TimeoutError:
            return None
        except OSError as error:
            return described(error)
    return {"type": "OSError", "errno": "ECONNRESET", "text": "closed by the other side at once"}


def connect(address: str, port: int, timeout: float) -> socket.socket:
    """Connect to one address."""
    connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        connection.connect((address, port))
    except OSError:
        connection.close()
        raise
    return connection


def shake_hands(
    connection: socket.socket, name: str, context: ssl.SSLContext, certificates: dict[str, str]
) -> dict[str, Any]:
    """One handshake, which closes the connection."""
    clock = time.monotonic()
    with connection:
        try:
            with context.wrap_socket(connection, server_hostname=name) as secured:
                cipher = secured.cipher()
                return {
                    "seconds": since(clock),
                    "version": secured.version() or "",
                    "cipher": cipher[0] if cipher else "",
                    "chain": [kept(der, certificates) for der in chain_of(secured)],
                }
        except (OSError, ValueError) as error:
            return {"seconds": since(clock), "error": described(error)}


def rejected_chain(address: str, target: dict[str, Any], timeout: float, certificates: dict[str, str]) -> list[str]:
    """The certificates that were not accepted, by a second handshake that accepts everything."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        connection = connect(address, target["port"], timeout)
    except OSError:
        return []
    chain: list[str] = shake_hands(connection, target["host"], context, certificates).get("chain", [])
    return chain


def chain_of(secured: Any) -> list[bytes]:
    """The certificates as the server sent them; before Python 3.13 only the object within the socket knows all."""
    if hasattr(secured, "get_unverified_chain"):
        return list(secured.get_unverified_chain())
    inner: Any = getattr(secured, "_sslobj", None)
    if hasattr(inner, "get_unverified_chain"):
        return [certificate.public_bytes(2) for certificate in inner.get_unverified_chain() or ()]
    own = secured.getpeercert(True)
    return [own] if own else []


def kept(der: bytes, certificates: dict[str, str]) -> str:
    """Keep a certificate once, whoever sends it; gives the name under which it is kept."""
    name = hashlib.sha256(der).hexdigest()[:16]
    certificates[name] = base64.b64encode(der).decode()
    return name


def download(index: str, config: dict[str, Any]) -> dict[str, Any]:
    """`pip download` of one package from one index, into a folder that is removed."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--retries=1"]
        place = ["--dest", folder, "--index-url", index]
        alone = {"PIP_EXTRA_INDEX_URL": index, "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": folder}
        result = pip([*command, f"--timeout={int(config['timeout']) or 1}", *place, config["package"]], config, alone)
        result["files"] = sorted(os.listdir(folder))
    return {"index": masked(index), "package": config["package"], **result}


def installed(config: dict[str, Any]) -> dict[str, Any]:
    """`pip list`."""
    result = pip(["list", "--format=freeze"], config)
    packages = result.pop("output").split() if result["code"] == 0 else []
    return {**result, "packages": packages}


def pip(arguments: list[str], config: dict[str, Any], settings: Optional[dict[str, str]] = None) -> dict[str, Any]:
    """Run pip for a bounded time; `settings` stand above those of its files and of the environment."""
    hidden = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_CONSTRAINT")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment.update(settings or {})
    began, clock = now(), time.monotonic()
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    result: dict[str, Any] = {"time": began}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=config["download_seconds"],
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {**result, "seconds": since(clock), "code": None, "output": ""}
    output = done.stdout if done.returncode == 0 else done.stderr[-2000:]
    return {**result, "seconds": since(clock), "code": done.returncode, "output": masked(output)}


def described(error: BaseException) -> dict[str, Any]:
    """An error by names that mean the same on every system."""
    kinds = ("SSLCertVerificationError", "SSLEOFError", "SSLZeroReturnError", "SSLError", "gaierror", "TimeoutError")
    names = [kind.__name__ for kind in type(error).__mro__]
    number = getattr(error, "errno", None)
    found: dict[str, Any] = {"type": next((kind for kind in kinds if kind in names), "OSError")}
    if found["type"] == "gaierror":
        codes = [name for name in dir(socket) if name.startswith("EAI_") and getattr(socket, name) == number]
        found["errno"] = codes[0] if codes else ""
    elif isinstance(number, int) and not found["type"].startswith("SSL"):
        found["errno"] = errno.errorcode.get(number, "")
    for name in ("reason", "verify_code", "verify_message"):
        if getattr(error, name, None):
            found[name] = getattr(error, name)
    text = getattr(error, "strerror", None) or str(error)
    return {**found, "text": re.sub(r"^_ssl\.c:\d+: |^\[[A-Z0-9]+(: \w+)?\] | \(_ssl\.c:\d+\)$", "", text)}


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """The result of work that knows no time limit; TimeoutError where it takes longer."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except (OSError, ValueError) as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("no answer within %g s" % seconds)
    return results[0]


def masked(text: str) -> str:
    """The text without the credentials that a URL may hold."""
    return re.sub(r"(?<=://)[^/\s]+@", "***@", text)


def now() -> str:
    """The present time."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def since(clock: float) -> float:
    """Seconds since then."""
    return round(time.monotonic() - clock, 6)


def lines_of(document: dict[str, Any], run: str) -> list[str]:
    """The document as lines of a log, each with its number."""
    text = json.dumps(document, separators=(",", ":"))
    parts = [text[start : start + LINE] for start in range(0, len(text), LINE)]
    lines = [f"{MARKER} {run} {number}/{len(parts)} |{part}|" for number, part in enumerate(parts, 1)]
    return [f"{MARKER} {run} begin", *lines, f"{MARKER} {run} end"]


def summary(document: dict[str, Any]) -> list[str]:
    """One line for each try, for people."""
    lines = []
    for seen in document["connections"]:
        handshake = seen.get("handshake", {})
        error = seen.get("error") or handshake.get("error")
        outcome = error["text"] if error else "TLS trusted" if handshake else "connected"
        lines.append("%s:%s %s: %s" % (seen["host"], seen["port"], seen["address"] or "no address", outcome))
    for seen in document["downloads"]:
        outcome = ", ".join(seen["files"]) if seen["files"] else "pip's exit code is %s" % seen["code"]
        lines.append("%s from %s: %s" % (seen["package"], seen["index"], outcome))
    return lines


def longest(config: dict[str, Any]) -> float:
    """The most seconds that everything together may take."""
    address = config["timeout"] * (config["retries"] + 1 + 3)  # to connect, and two handshakes with another connection
    target = config["timeout"] + MOST_ADDRESSES * address
    rounds = -(-len(config["destinations"]) // AT_ONCE)
    return float(rounds * target + (len(config["indexes"]) + 1) * config["download_seconds"] + 60)


def run_probe() -> None:
    """What the task does. Warnings are logged at every usual level."""
    document = probe(CONFIG)
    for line in [*summary(document), *lines_of(document, uuid.uuid4().hex[:8])]:
        log.warning("%s", line)


def make_dag() -> Any:
    """The DAG: one task, started by hand only."""
    try:
        from airflow.sdk import dag, task
    except ImportError:  # Airflow 2
        from airflow.decorators import dag, task

    def mwaanet_probe() -> None:
        task(task_id="probe", retries=0, execution_timeout=timedelta(seconds=longest(CONFIG)))(run_probe)()

    started = datetime(2024, 1, 1, tzinfo=timezone.utc)
    settings = {"schedule": None, "start_date": started, "catchup": False, "tags": ["mwaanet"], "doc_md": __doc__}
    return dag(dag_id=DAG_ID, **settings)(mwaanet_probe)()


if CONFIG:
    try:
        mwaanet_probe = make_dag()
    except ModuleNotFoundError as missing:  # not on a worker: the plain functions can be used all the same
        if missing.name != "airflow":
            raise
