"""What pip says is translated, and a document that is none is refused."""

from __future__ import annotations

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mwaanet.errors import InputError
from mwaanet.probe.package_observation import (
    VERDICTS,
    InstalledObservation,
    InstalledOutcome,
    PackageObservation,
    PackageOutcome,
)
from mwaanet.probe.worker_document import decode_document
from mwaanet.status import Status
from probe import servers
from probe.worker import report_of, worker_probe, written

EMPTY: dict[str, Any] = {
    "worker_probe": 1,
    "tool": "mwaanet 0",
    "environment": "my-env",
    "host": "worker",
    "time": "2025-03-03T09:00:00+00:00",
    "python": "3.11.9",
    "connections": [],
    "certificates": {},
    "downloads": [],
    "installed": {"time": "2025-03-03T09:00:00+00:00", "seconds": 1, "code": 0, "packages": ["pip==24.0"]},
}
INDEX = "https://nexus.example/simple/"


def downloaded(**changes: Any) -> PackageObservation:
    download = {"index": INDEX, "package": "pip", "time": EMPTY["time"], "seconds": 1, "code": 1, "output": ""}
    first, _ = report_of({**EMPTY, "downloads": [download | changes]}).observations
    assert isinstance(first, PackageObservation)
    return first


def test_every_outcome_has_a_verdict() -> None:
    assert set(VERDICTS) == set(PackageOutcome)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("HTTP error 401 while getting https://nexus.example/", PackageOutcome.UNAUTHORISED),
        ("403 Client Error: Forbidden for url", PackageOutcome.UNAUTHORISED),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", PackageOutcome.UNTRUSTED),
        ("SSLError(SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred", PackageOutcome.UNREACHABLE),
        ("SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number", PackageOutcome.UNREACHABLE),
        ("NameResolutionError(\"Failed to resolve 'nexus.example'", PackageOutcome.NO_SUCH_NAME),
        ("NewConnectionError('[Errno 111] Connection refused'", PackageOutcome.UNREACHABLE),
        ("ConnectTimeoutError(…, 'Connection to nexus.example timed out.", PackageOutcome.UNREACHABLE),
        ("The repository located at nexus.example is not a trusted or secure host", PackageOutcome.IGNORED),
        ("", PackageOutcome.NOT_FOUND),
    ],
)
def test_pip_says_that_there_is_no_distribution_whatever_the_cause(words: str, outcome: PackageOutcome) -> None:
    output = f"WARNING: {words}\nERROR: No matching distribution found for pip\n"
    seen = downloaded(output=output)
    assert (seen.outcome, seen.status) == (outcome, VERDICTS[outcome].status)
    assert words in seen.error


@pytest.mark.parametrize(
    ("outcome", "made", "port"),
    [
        (PackageOutcome.DOWNLOADED, True, 443),
        (PackageOutcome.UNAUTHORISED, True, 443),
        (PackageOutcome.UNREACHABLE, False, 443),
        (PackageOutcome.NO_SUCH_NAME, False, None),
    ],
)
def test_what_the_model_is_asked_about(outcome: PackageOutcome, made: bool, port: int | None) -> None:
    seen = msgspec.structs.replace(downloaded(), outcome=outcome).reach()
    assert seen is not None
    assert (seen.host, seen.made, seen.port) == ("nexus.example", made, port)


@pytest.mark.parametrize("index", ["https://a:99999/", "https://[::1", "", "file:///x"])
def test_an_index_that_is_no_url_is_nothing_to_ask_about(index: str) -> None:
    assert downloaded(index=index, code=0, files=["x"]).reach() is None


def test_a_download_that_does_not_end_is_no_pass() -> None:
    assert downloaded(code=None).outcome is PackageOutcome.TIMED_OUT


def test_success_without_a_file_is_no_pass() -> None:
    assert downloaded(code=0, files=[]).status is Status.UNKNOWN


def test_installed_packages() -> None:
    (seen,) = report_of(EMPTY).observations
    assert isinstance(seen, InstalledObservation)
    assert (seen.outcome, seen.packages) == (InstalledOutcome.LISTED, ("pip==24.0",))
    broken = EMPTY["installed"] | {"code": 2, "output": "No module named pip"}
    (seen,) = report_of({**EMPTY, "installed": broken}).observations
    assert (seen.outcome, seen.status) == (InstalledOutcome.FAILED, Status.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "truncated"),
        ("[]", "object"),
        (json.dumps({**EMPTY, "worker_probe": 2}), "worker_probe"),
        (json.dumps({**EMPTY, "connections": [{}]}), "connections"),
    ],
)
def test_a_document_that_is_none(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        decode_document(text, "task.log")


def test_odd_records_are_judged_all_the_same() -> None:
    """They come out of a log, which anybody may have written to."""
    odd = {"type": "gaierror", "errno": "SOCK_STREAM"}
    connection = {"host": "a", "port": 1, "tls": True, "address": "", "attempts": 1, "time": "", "seconds": 0}
    handshake = {"seconds": 1, "chain": ["missing"], "error": {"type": "Unheard", "errno": "E2BIG"}}
    document = {**EMPTY, "connections": [connection | {"error": odd}, connection | {"handshake": handshake}]}
    assert len(report_of(document).observations) == 3


@contextmanager
def package_index(folder: Path) -> Iterator[str]:
    """A package index on loopback with one small wheel."""
    place = folder / "simple" / "tiny"
    place.mkdir(parents=True)
    name = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(place / name, "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    (place / "index.html").write_text(f'<a href="{name}">{name}</a>', encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/simple/"
        server.shutdown()
        thread.join(5)


@pytest.mark.slow
def test_pip_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against an index that has the package, and one that is not there; pip is the one of this Python."""
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://someone:of-the-index@elsewhere.invalid/simple/")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    nobody = f"http://127.0.0.1:{servers.closed_port()}/simple/"
    with package_index(tmp_path) as index:
        module = written(worker_probe(indexes=(index, nobody), package="tiny", timeout=1), tmp_path)
        document = module.probe(module.CONFIG)
    there, gone, listed = report_of(document).observations
    assert isinstance(there, PackageObservation)
    assert (there.outcome, there.files) == (PackageOutcome.DOWNLOADED, ("tiny-1.0-py3-none-any.whl",))
    assert gone.outcome is PackageOutcome.UNREACHABLE
    assert isinstance(listed, InstalledObservation)
    assert any(package.startswith("click==") for package in listed.packages)
    assert "of-the-index" not in json.dumps(document)


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["extra-index-url = {index}", "no-index = true\nfind-links = {index}tiny/"])
def test_another_index_of_pips_settings_is_not_asked_instead(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A download from elsewhere would say that an index is reached which is not (pip's files of settings:
    https://pip.pypa.io/en/stable/topics/configuration/)."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    nobody = f"http://127.0.0.1:{servers.closed_port()}/simple/"
    with package_index(tmp_path) as index:
        settings = tmp_path / "pip.conf"
        settings.write_text(f"[global]\n{setting.format(index=index)}\n", encoding="utf-8")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
        module = written(worker_probe(indexes=(nobody,), package="tiny", timeout=1), tmp_path)
        module.installed = lambda config: EMPTY["installed"]  # type: ignore[attr-defined]
        (gone, _) = report_of(module.probe(module.CONFIG)).observations
    assert gone.outcome is PackageOutcome.UNREACHABLE
