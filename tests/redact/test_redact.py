"""A redacted snapshot gives the same statuses, and nothing in it says whose it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder import mwaa_estate
from builder.everything import every_noun
from checks import test_nat_faults, test_s3_faults, test_s3_policy_faults, test_service_faults
from checks.cases import diagnosis
from checks.faults import Fault
from mwaanet import demo
from mwaanet.errors import SnapshotError
from mwaanet.redact.redact import redact
from mwaanet.redact.vocabulary import WORDS
from mwaanet.snapshot import OPERATIONS, Snapshot

SALT = b"a salt"
FAULTS: list[Fault] = [
    *test_s3_faults.fault,
    *test_s3_policy_faults.fault,
    *test_service_faults.fault,
    *test_nat_faults.fault,
]
Statuses = tuple[list[tuple[str, str]], list[tuple[str, str, str]]]


def statuses(files: Mapping[str, bytes]) -> Statuses:
    """How the paths and the findings of every check stand, and by which code."""
    found = diagnosis(files)
    paths = [(path.id, path.status.value) for path in found.paths]
    return paths, sorted((one.id, one.status.value, one.code or "") for one in found.findings)


@pytest.mark.parametrize("name", demo.variants())
def test_a_variant_of_the_demo_is_judged_as_before(name: str) -> None:
    files = demo.files(name)
    assert statuses(redact(files, SALT).files) == statuses(files)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FAULTS), st.sets(st.sampled_from(sorted(OPERATIONS)), max_size=3), st.binary(max_size=8))
def test_an_estate_of_any_kind_is_judged_as_before(fault: Fault, unread: set[tuple[str, str]], salt: bytes) -> None:
    estate = mwaa_estate(**fault.choices)
    fault.breaks(estate)
    gone = tuple(f"/{service}/{operation}.json" for service, operation in unread)
    files = {file: content for file, content in estate.files().items() if not file.endswith(gone)}
    assert statuses(redact(files, salt).files) == statuses(files)


SECRETS = re.compile(
    r"111122223333|444455556666|fernleaf|ingest|packages?\b|corporate|workers-|controller|airflow-caller|snowflake|EqDC2"
    r"|203\.0\.113\.77|198\.51\.100\.20|3\.5\.0\.0|16\.182\.|3\.218\.182|44\.192\.134|AROA[A-Z0-9]|build\.example"
)


def ids(files: Mapping[str, bytes]) -> set[str]:
    """The random parts of all ids and UUIDs."""
    found: set[str] = set()
    for content in files.values():
        found.update(re.findall(r"(?=[0-9a-f]*\d)(?<![0-9a-z])[0-9a-f]{8,17}(?![0-9a-z])", content.decode()))
    return {one for one in found if not one.isdigit()}


def test_nothing_of_the_demo_says_whose_it_was() -> None:
    files = demo.files(demo.HEALTHY)
    assert SECRETS.search("".join(content.decode() for content in files.values()))
    redacted = redact(files, SALT).files
    known = ids(files)
    assert len(known) > 200
    for file, content in redacted.items():
        assert not SECRETS.search(file), file
        assert not SECRETS.search(content.decode()), file
    assert not known & ids(redacted)


def name_tags(files: Mapping[str, bytes]) -> set[str]:
    """The values of all tags `Name`."""
    content = b"".join(files.values()).decode()
    return set(re.findall(r'\{\s*"Key": "Name",\s*"Value": "([^"]+)"', content))


def test_of_every_kind_of_record_names_accounts_and_public_addresses_are_gone() -> None:
    files = every_noun().files()
    redacted = redact(files, SALT).files
    assert len(redacted) == len(files)
    assert len(name_tags(redacted)) == len(name_tags(files)) > 20
    assert name_tags(files) & name_tags(redacted) <= WORDS
    secret = re.compile(r"111122223333|444455556666|2600:1f18|203\.0\.113|198\.51\.100")
    for file, content in redacted.items():
        assert not secret.search(file + content.decode()), file


def test_it_stays_a_snapshot_of_the_same_calls() -> None:
    files = demo.files(demo.HEALTHY)
    before, after = Snapshot.from_files(files), Snapshot.from_files(redact(files, SALT).files)
    assert sorted(document.ref[1:] for document in after.documents) == sorted(
        document.ref[1:] for document in before.documents
    )
    assert after.skipped == ()
    assert after.manifest.home
    assert after.manifest.home.account in after.manifest.accounts


def test_the_same_salt_replaces_alike_and_another_otherwise() -> None:
    files = demo.files(demo.HEALTHY)
    assert redact(files, SALT) == redact(files, SALT)
    assert redact(files, SALT).files.keys() != redact(files, b"another").files.keys()


def test_errors_in_the_manifest_are_rewritten_and_stay_refusals() -> None:
    error = {
        "account": "111122223333",
        "region": "us-east-1",
        "service": "ec2",
        "operation": "describe-vpcs",
        "code": "UnauthorizedOperation",
        "message": "User: arn:aws:sts::111122223333:assumed-role/acme-auditor/jane is not authorized to perform: x",
    }
    manifest = {"format": 1, "accounts": {"111122223333": ["us-east-1"]}, "errors": [error]}
    written = redact({"manifest.json": json.dumps(manifest).encode()}, SALT).files["manifest.json"].decode()
    [found] = json.loads(written)["errors"]
    assert found["code"] == "UnauthorizedOperation"
    assert found["operation"] == "describe-vpcs"
    assert "is not authorized to perform" in found["message"]
    assert not re.search("acme|jane|111122223333|auditor", written)


def one_file(content: object, path: str = "ec2/describe-vpn-connections.json") -> str:
    files = {f"accounts/111122223333/us-east-1/{path}": json.dumps(content).encode()}
    [written] = redact(files, SALT).files.values()
    return written.decode()


def test_keys_of_vpn_connections_and_of_bgp_are_taken_out() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TunnelOption.html: PreSharedKey."""
    connection = {
        "CustomerGatewayConfiguration": "<xml>s3cr3t</xml>",
        "Options": {"TunnelOptions": [{"PreSharedKey": "s3cr3t"}]},
    }
    text = one_file({"VpnConnections": [connection]})
    assert "s3cr3t" not in text
    assert text.count("REDACTED") == 2
    path = "directconnect/describe-virtual-interfaces.json"
    assert "s3cr3t" not in one_file(
        {"virtualInterfaces": [{"authKey": "s3cr3t", "bgpPeers": [{"authKey": "s3cr3t"}]}]}, path
    )


def test_public_as_numbers_become_private_ones() -> None:
    path = "directconnect/describe-virtual-interfaces.json"
    found = json.loads(one_file({"virtualInterfaces": [{"asn": 64600, "amazonSideAsn": 16509}]}, path))
    assert found["virtualInterfaces"][0]["asn"] == 64600
    assert found["virtualInterfaces"][0]["amazonSideAsn"] >= 4200000000


def test_tags_and_suricata_rules() -> None:
    rules = 'pass tls $ACME_NET any -> $EXTERNAL_NET 443 (tls.sni; content:"acme.com"; msg:"acme out"; sid:1; rev:1;)'
    group = {"RuleGroup": {"RuleVariables": {"IPSets": {"ACME_NET": {"Definition": ["10.0.0.0/8", "8.8.8.8/32"]}}}}}
    group["RuleGroup"]["RulesSource"] = {"RulesString": rules}  # type: ignore[dict-item]
    call = {
        "Parameters": {"RuleGroupArn": "arn:aws:x"},
        "Response": {**group, "Tags": [{"Key": "acme", "Value": "acme"}]},
    }
    text = one_file({"Calls": [call]}, "network-firewall/describe-rule-group.json")
    assert not re.search("acme|8\\.8\\.8\\.8", text, re.IGNORECASE)
    written = json.loads(text)["Calls"][0]["Response"]["RuleGroup"]
    [variable] = written["RuleVariables"]["IPSets"]
    assert written["RulesSource"]["RulesString"].startswith(
        f"pass tls ${variable} any -> $EXTERNAL_NET 443 (tls.sni; content:"
    )
    assert written["RuleVariables"]["IPSets"][variable]["Definition"][0] == "10.0.0.0/8"


def test_the_keys_of_conditions_stay_and_the_names_of_tags_in_them_do_not() -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html has the first of them."""
    condition = {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:*"},
        "StringEquals": {
            "aws:ResourceTag/acme": "acme",
            "kms:EncryptionContext:acme": "acme",
            "aws:PrincipalTag/Name": "x",
        },
    }
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": condition}
    call = {"Parameters": {"KeyId": "x"}, "Response": {"Policy": json.dumps({"Statement": [statement]})}}
    policy = json.loads(one_file({"Calls": [call]}, "kms/get-key-policy.json"))["Calls"][0]["Response"]["Policy"]
    [written] = json.loads(policy)["Statement"]
    assert "acme" not in policy
    assert list(written["Condition"]["ArnLike"]) == ["kms:EncryptionContext:aws:logs:arn"]
    tag, context, name = written["Condition"]["StringEquals"]
    assert tag.startswith("aws:ResourceTag/")
    assert context.startswith("kms:EncryptionContext:")
    assert name == "aws:PrincipalTag/Name"
    assert written["Action"] == "kms:*"


def test_comments_of_the_site_file_and_files_that_hold_no_answer_are_left_out() -> None:
    files = dict(demo.files(demo.HEALTHY))
    files["mwaanet.yaml"] += b"# ask Jane\n"
    files["notes.txt"] = b"Jane knows"
    result = redact(files, SALT)
    assert result.left_out == 1
    assert not any(b"Jane" in content for content in result.files.values())


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(SnapshotError, match="holds no JSON file"):
        redact({"notes.txt": b"x"}, SALT)


def test_a_folder_of_redirected_output_is_redacted_too() -> None:
    vpcs = {"Vpcs": [{"VpcId": "vpc-0aa11bb22cc33dd44", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16"}]}
    result = redact({"acme-prod/111122223333/us-east-1/describe-vpcs.json": json.dumps(vpcs).encode()}, SALT)
    [(file, content)] = result.files.items()
    assert re.fullmatch(r"\w{4}-\w{4}/\d{12}/us-east-1/describe-vpcs\.json", file)
    assert "acme" not in file
    [document] = Snapshot.from_files(result.files).documents
    assert document.ref.account == json.loads(content)["Vpcs"][0]["OwnerId"] != "111122223333"


def test_requirements_and_the_startup_script_go_on_speaking_of_the_same() -> None:
    """https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables"""
    bodies = {
        "requirements.txt": "--index-url https://${ACME_HOST}/simple/\nacme-sdk==3.1.0; python_version < '3.9'\n",
        "startup.sh": "#!/bin/sh\nexport ACME_HOST=nexus.acme.com\nexport PIP_EXTRA_INDEX_URL=https://pypi.org/simple\n",
    }
    calls = [{"Parameters": {"Bucket": "b", "Key": key}, "Response": {"Body": body}} for key, body in bodies.items()]
    requirements, script = (
        call["Response"]["Body"] for call in json.loads(one_file({"Calls": calls}, "s3/get-object.json"))["Calls"]
    )
    assert "acme" not in (requirements + script).lower()
    [variable] = re.findall(r"\$\{(\w+)\}", requirements)
    assert f"export {variable}=" in script
    assert "export PIP_EXTRA_INDEX_URL=https://pypi.org/simple" in script
    assert requirements.startswith("--index-url https://${")
    assert re.search(r"\w{4}-\w{3}==3\.1\.0; python_version < '3\.9'", requirements)


def with_policy(policy: str) -> Mapping[str, bytes]:
    call = {"Parameters": {"KeyId": "x"}, "Response": {"Policy": policy}}
    return {"accounts/111122223333/us-east-1/kms/get-key-policy.json": json.dumps({"Calls": [call]}).encode()}


@pytest.mark.parametrize("policy", ["{", '{"Sid": "\\ud800"}', "[1, 2]", "", "{}\x00"])
def test_texts_that_only_look_like_policies_do_no_harm(policy: str) -> None:
    [content] = redact(with_policy(policy), SALT).files.values()
    assert isinstance(json.loads(content)["Calls"][0]["Response"]["Policy"], str)


def test_a_text_that_is_nested_too_deeply_is_an_error() -> None:
    with pytest.raises(SnapshotError, match="is nested too deeply"):
        redact(with_policy("[" * 5000), SALT)


def test_the_interfaces_of_a_client_vpn_stay_recognisable_and_its_groups_do_not() -> None:
    files = redact(dict(every_noun().files()), b"salt").files
    text = "".join(content.decode() for name, content in files.items() if "/ec2/" in name)
    assert "ClientVPN Endpoint resource" in text
    assert '"cvpn-endpoint-' in text
    assert ".prod.clientvpn.us-east-1.amazonaws.com" in text
    assert "S-1-5-21-1004" not in text
