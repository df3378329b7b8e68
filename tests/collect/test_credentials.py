"""What AWS tells a reader of credentials is in no file that a collection writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from collect.aws_server import Behaviour, running
from collect.aws_wire import Fault
from collect.collecting import collected, files_in, verdicts
from mwaanet import demo
from mwaanet.collect.fatal import CollectError

HEALTHY = demo.files(demo.HEALTHY)
SITE = HEALTHY["mwaanet.yaml"]
SECRETS = (
    "psk-4Vn2uQ8s",
    "bgp-key-77xY",
    "airflow-password-1",
    "nexus-password-2",
    "fernet-key-3",
    "vault-token-4",
    "sentry-key-5",
    "tag-password-6",
)


def tunnels(answer: Any) -> None:
    for connection in answer["VpnConnections"]:
        connection["CustomerGatewayConfiguration"] = f"<pre_shared_key>{SECRETS[0]}</pre_shared_key>"
        connection.setdefault("Options", {})["TunnelOptions"] = [{"PreSharedKey": SECRETS[0]}]


def interfaces(answer: Any) -> None:
    for interface in answer["virtualInterfaces"]:
        interface["authKey"] = SECRETS[1]
        interface["bgpPeers"] = [{**peer, "authKey": SECRETS[1]} for peer in interface.get("bgpPeers", [{}])]
        interface["customerRouterConfig"] = f"<bgp_auth_key>{SECRETS[1]}</bgp_auth_key>"


def options(answer: Any) -> None:
    for call in answer["Calls"]:
        if environment := call.get("Response", {}).get("Environment"):
            environment["AirflowConfigurationOptions"] = {
                "smtp.smtp_password": SECRETS[2],
                "core.fernet_key": SECRETS[4],
                "core.parallelism": "32",
                "secrets.backend_kwargs": f'{{"url": "https://vault.example", "token": "{SECRETS[5]}"}}',
                "sentry.sentry_dsn": f"https://{SECRETS[6]}@sentry.example/1",
            }


def tags(answer: Any) -> None:
    for vpc in answer["Vpcs"]:
        vpc["Tags"] = [*vpc.get("Tags", []), {"Key": "db_password", "Value": SECRETS[7]}]


def objects(answer: Any) -> None:
    for call in answer["Calls"]:
        if "Body" in call.get("Response", {}):
            call["Response"]["Body"] += f"\n# http://robot:{SECRETS[3]}@packages.build.example/simple\n"


CHANGES: Mapping[str, Callable[[Any], None]] = {
    "describe-vpn-connections.json": tunnels,
    "describe-virtual-interfaces.json": interfaces,
    "get-environment.json": options,
    "s3/get-object.json": objects,
    "describe-vpcs.json": tags,
}


def with_secrets() -> Mapping[str, bytes]:
    """The healthy demo, with credentials wherever AWS would show them."""
    files = dict(HEALTHY)
    for name in files:
        for change in [change for ending, change in CHANGES.items() if name.endswith(ending)]:
            answer = json.loads(files[name])
            change(answer)
            files[name] = json.dumps(answer).encode()
    return files


def test_none_reaches_a_snapshot_and_the_verdicts_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = with_secrets()
    for secret in SECRETS:
        assert any(secret.encode() in content for content in given.values()), secret
    with running(given, Behaviour(page=1000)) as server:
        collected(server, monkeypatch, tmp_path / "out", environment="ingest-prod")
    found = files_in(tmp_path / "out")
    for secret in SECRETS:
        assert [name for name, content in found.items() if secret.encode() in content] == []
    options = b"".join(content for name, content in found.items() if name.endswith("get-environment.json"))
    assert b'"core.parallelism": "32"' in options
    assert verdicts(found, SITE) == verdicts(HEALTHY, SITE)


SESSION = "IQoJb3JpZ2luX2VjEHoaCXVzLWVhc3QtMSJHMEUCIQ"
MISMATCH = Fault(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this "
    f"request should have been\n'POST\n/\n\nhost:ec2.us-east-1.amazonaws.com\nx-amz-security-token:{SESSION}\n\n'",
)


def test_what_aws_says_of_a_wrong_signature_is_kept_without_the_session_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error holds the canonical request, with its headers
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html)."""
    with running(
        HEALTHY, Behaviour(fault=lambda request: MISMATCH if request.operation == "describe-vpcs" else None)
    ) as server:
        collected(server, monkeypatch, tmp_path / "out", environment="ingest-prod")
    manifest = (tmp_path / "out" / "manifest.json").read_text()
    assert "host:ec2.us-east-1.amazonaws.com" in manifest
    assert SESSION not in manifest


def test_nor_is_it_in_the_error_where_nobody_can_log_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = Behaviour(fault=lambda request: MISMATCH)
    with running(HEALTHY, refusing) as server, pytest.raises(CollectError, match="does not take the") as caught:
        collected(server, monkeypatch, tmp_path / "out", environment="ingest-prod")
    assert SESSION not in str(caught.value)
