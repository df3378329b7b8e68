"""InvokeRestApi against an endpoint that checks every signature by botocore's own signer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mwaanet.probe.api_credentials import session_of
from mwaanet.probe.api_observation import ApiObservation, ApiOutcome, ApiStep
from mwaanet.status import Status
from probe import servers
from probe.authority import Authority
from probe.calling import caller, outcomes, request_to, steps_of
from probe.mwaa import ACCESS_KEY, REQUEST_ID, SECRET_KEY, SECRETS, SESSION_TOKEN, Mwaa, Reply, error, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def mwaa(authority: Authority) -> Iterator[Mwaa]:
    with serving(Mwaa(), authority.context("localhost", "127.0.0.1")) as running:
        yield running


@pytest.fixture
def bundle(authority: Authority) -> str:
    return str(authority.bundle)


def last(mwaa: Mwaa, bundle: str, **request: str) -> ApiObservation:
    return steps_of(caller(bundle), request_to(mwaa, **request))[-1]


def refused(mwaa: Mwaa, bundle: str, status: int, code: str, message: str) -> ApiObservation:
    """The last step where AWS answers a rightly signed call so."""
    mwaa.instead = error(status, code, message)
    seen = last(mwaa, bundle)
    assert (seen.http_status, seen.aws_code, seen.request_id) == (status, code, REQUEST_ID)
    return seen


def test_a_right_call_passes_after_the_clock_was_compared(mwaa: Mwaa, bundle: str) -> None:
    clock, call = steps_of(caller(bundle), request_to(mwaa, path="/dags?limit=1&paused=false"))
    assert (clock.step, clock.status) == (ApiStep.CLOCK, Status.PASS)
    assert clock.clock_skew is not None
    assert abs(clock.clock_skew) <= 1
    assert (call.step, call.status, call.http_status) == (ApiStep.INVOKE, Status.PASS, 200)
    unsigned, signed = mwaa.received
    assert "authorization" not in unsigned.headers
    assert signed.path == "/restapi/my-env"
    query = {"limit": "1", "paused": "false"}
    assert json.loads(signed.body) == {"Path": "/dags", "Method": "GET", "QueryParameters": query}


def test_a_body_is_passed_on(mwaa: Mwaa, bundle: str) -> None:
    assert last(mwaa, bundle, method="POST", path="/dags/a/dagRuns", body='{"conf": {}}').status is Status.PASS
    assert json.loads(mwaa.received[-1].body) == {"Path": "/dags/a/dagRuns", "Method": "POST", "Body": {"conf": {}}}


def test_long_term_keys_are_signed_without_a_token(mwaa: Mwaa, bundle: str) -> None:
    mwaa.known = {"AKIATESTTESTTEST1234": "another-secret"}
    steps = steps_of(caller(bundle, "AKIATESTTESTTEST1234", "another-secret", ""), request_to(mwaa))
    assert steps[-1].status is Status.PASS
    assert "x-amz-security-token" not in mwaa.received[-1].headers


def test_the_endpoint_of_these_tests_takes_botocores_own_client(mwaa: Mwaa, bundle: str) -> None:
    config = Config(inject_host_prefix=False, retries={"total_max_attempts": 1})
    session = boto3.Session(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN)
    client = session.client("mwaa", "us-east-1", endpoint_url=mwaa.url, verify=bundle, config=config)
    assert client.invoke_rest_api(Name="my-env", Method="GET", Path="/dags")["RestApiStatusCode"] == 200
    other = session.client("mwaa", "eu-west-1", endpoint_url=mwaa.url, verify=bundle, config=config)
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        other.invoke_rest_api(Name="my-env", Method="GET", Path="/dags")


class TestSignature:
    def test_wrong_secret_key(self, mwaa: Mwaa, bundle: str) -> None:
        who = caller(bundle, secret="not-the-secret-of-this-key-0123456789")
        # by the right name of the endpoint the host is not in doubt
        *_, seen = steps_of(who, request_to(mwaa))
        assert (seen.outcome, seen.status) == (ApiOutcome.SIGNATURE, Status.FAIL)
        assert "one pair" in seen.mend

    def test_the_canonical_request_that_aws_shows_is_not_printed(self, mwaa: Mwaa, bundle: str) -> None:
        """It holds the session token."""
        *_, seen = steps_of(caller(bundle, secret="not-the-secret-of-this-key"), request_to(mwaa))
        assert seen.message.startswith("The request signature we calculated does not match")
        assert "Canonical" not in seen.message
        assert not any(secret in str(seen) for secret in SECRETS)

    def test_wrong_region(self, mwaa: Mwaa, bundle: str) -> None:
        seen = last(mwaa, bundle, region="eu-west-1")
        assert (seen.outcome, seen.status) == (ApiOutcome.WRONG_REGION, Status.FAIL)
        assert "eu-west-1" in seen.meaning

    @pytest.mark.parametrize(("minutes", "word"), [(10, "behind"), (-10, "ahead")])
    def test_clock(self, mwaa: Mwaa, bundle: str, minutes: int, word: str) -> None:
        mwaa.ahead = timedelta(minutes=minutes)
        clock, seen = steps_of(caller(bundle), request_to(mwaa))
        assert (clock.outcome, clock.status) == (ApiOutcome.CLOCK_OFF, Status.WARN)
        assert clock.clock_skew == pytest.approx(-60 * minutes, abs=2)
        assert (seen.outcome, seen.status) == (ApiOutcome.CLOCK_WRONG, Status.FAIL)
        assert word in seen.meaning
        assert "60" in seen.meaning or "599" in seen.meaning

    def test_four_minutes_are_allowed(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.ahead = timedelta(minutes=4)
        assert outcomes(steps_of(caller(bundle), request_to(mwaa))) == [ApiOutcome.OK, ApiOutcome.OK]

    def test_a_request_that_is_held_back_is_not_the_clocks_fault(self, mwaa: Mwaa, bundle: str) -> None:
        text = "Signature expired: 20250101T000000Z is now earlier than 20250101T001000Z (20250101T001500Z - 5 min.)"
        mwaa.instead = error(403, "InvalidSignatureException", text)
        seen = last(mwaa, bundle)
        assert seen.outcome is ApiOutcome.CLOCK_WRONG
        assert "The clock itself is right" in seen.meaning
        assert "proxy" in seen.mend

    def test_something_in_between_rewrites_the_host(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.host_seen = "env.airflow.us-east-1.amazonaws.com"
        seen = last(mwaa, bundle)
        assert (seen.outcome, seen.status) == (ApiOutcome.WRONG_HOST, Status.FAIL)
        assert f"env.airflow.us-east-1.amazonaws.com; {mwaa.host} was signed" in seen.meaning

    def test_another_services_endpoint(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.instead = error(403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sqs'. ")
        seen = last(mwaa, bundle)
        assert seen.outcome is ApiOutcome.WRONG_SERVICE
        assert "sqs" in seen.meaning

    def test_a_header_is_taken_away(self, mwaa: Mwaa, bundle: str) -> None:
        seen = refused(mwaa, bundle, 403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        assert seen.outcome is ApiOutcome.NOT_SIGNED
        assert "Authorization" in seen.mend


class TestCredentials:
    def test_unknown_key(self, mwaa: Mwaa, bundle: str) -> None:
        *_, seen = steps_of(caller(bundle, "AKIAUNKNOWNUNKNOWN12", "x" * 40, ""), request_to(mwaa))
        assert (seen.outcome, seen.status) == (ApiOutcome.UNKNOWN_KEY, Status.FAIL)
        assert "deactivated" in seen.meaning

    def test_temporary_key_without_its_token(self, mwaa: Mwaa, bundle: str) -> None:
        *_, seen = steps_of(caller(bundle, token=""), request_to(mwaa))
        assert seen.outcome is ApiOutcome.UNKNOWN_KEY
        assert "AWS_SESSION_TOKEN" in seen.mend

    def test_temporary_key_with_anothers_token(self, mwaa: Mwaa, bundle: str) -> None:
        *_, seen = steps_of(caller(bundle, token="another-session-token"), request_to(mwaa))
        assert seen.outcome is ApiOutcome.UNKNOWN_KEY
        assert "another's" in seen.meaning

    def test_expired_token(self, mwaa: Mwaa, bundle: str) -> None:
        text = "The security token included in the request is expired"
        seen = refused(mwaa, bundle, 403, "ExpiredTokenException", text)
        assert (seen.outcome, seen.status) == (ApiOutcome.EXPIRED_TOKEN, Status.FAIL)

    @pytest.fixture
    def configuration(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
        """An empty AWS configuration, with nothing in the environment."""
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        return tmp_path / "config"

    def test_none_at_all(self, mwaa: Mwaa, bundle: str, configuration: Path) -> None:
        who = caller(bundle)
        who.session = session_of(None, "us-east-1", 1)
        clock, seen = steps_of(who, request_to(mwaa))
        assert clock.status is Status.PASS
        assert (seen.step, seen.outcome) == (ApiStep.CREDENTIALS, ApiOutcome.NO_CREDENTIALS)
        assert seen.status is Status.FAIL
        assert len(mwaa.received) == 1

    def test_a_role_whose_sts_is_not_reached(
        self, mwaa: Mwaa, bundle: str, configuration: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sts = f"https://127.0.0.1:{servers.closed_port()}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)
        role = "role_arn = arn:aws:iam::111122223333:role/app\nsource_profile = base"
        base = f"aws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}"
        configuration.write_text(f"[profile app]\n{role}\n[profile base]\n{base}\n", encoding="utf-8")
        who = caller(bundle)
        who.session = session_of("app", "us-east-1", 1)
        began = time.monotonic()
        *_, seen = steps_of(who, request_to(mwaa))
        assert time.monotonic() - began < 3
        assert (seen.step, seen.outcome) == (ApiStep.CREDENTIALS, ApiOutcome.NO_CREDENTIALS)
        assert sts in seen.message
        assert "sts.<region>" in seen.mend


USER = "arn:aws:sts::111122223333:assumed-role/orchestrator/nightly"
ROLE = "arn:aws:airflow:us-east-1:111122223333:role/my-env/User"
ACTION = "airflow:InvokeRestApi"


class TestDenied:
    """The messages of https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html."""

    @pytest.mark.parametrize("policy", ["identity-based policy", "permissions boundary", "service control policy"])
    def test_no_policy_allows(self, mwaa: Mwaa, bundle: str, policy: str) -> None:
        text = (
            f"User: {USER} is not authorized to perform: {ACTION} on resource: {ROLE} because no {policy} allows the "
            f"{ACTION} action"
        )
        seen = refused(mwaa, bundle, 403, "AccessDeniedException", text)
        assert (seen.outcome, seen.status) == (ApiOutcome.ACCESS_DENIED, Status.FAIL)
        assert f"{USER} may not do {ACTION} on {ROLE}" in seen.meaning
        assert seen.mend == f"allow {ACTION} on {ROLE} in the {policy}"

    def test_an_explicit_deny_names_the_policy(self, mwaa: Mwaa, bundle: str) -> None:
        text = (
            f"User: {USER} is not authorized to perform: {ACTION} on resource: {ROLE} with an explicit deny in a "
            "service control policy: arn:aws:organizations::111122223333:policy/o-1/service_control_policy/p-1"
        )
        seen = refused(mwaa, bundle, 403, "AccessDeniedException", text)
        assert seen.outcome is ApiOutcome.ACCESS_DENIED
        assert "service control policy (arn:aws:organizations::111122223333:policy/o-1" in seen.mend
        assert "explicit deny" in seen.mend

    @pytest.mark.parametrize(
        "context",
        [
            f"because no VPC endpoint policy allows the {ACTION} action",
            "with an explicit deny in a VPC endpoint policy",
            "with an explicit deny in a VPC endpoint policy transitively through a service control policy",
        ],
    )
    def test_the_endpoints_policy(self, mwaa: Mwaa, bundle: str, context: str) -> None:
        text = f"User: {USER} is not authorized to perform: {ACTION} on resource: {ROLE} {context}"
        seen = refused(mwaa, bundle, 403, "AccessDeniedException", text)
        assert (seen.outcome, seen.status) == (ApiOutcome.ENDPOINT_POLICY, Status.FAIL)
        assert "interface endpoint" in seen.meaning

    def test_without_a_resource_the_one_that_is_needed_is_said(self, mwaa: Mwaa, bundle: str) -> None:
        context = f"because no identity-based policy allows the {ACTION} action"
        text = f"User: {USER} is not authorized to perform: {ACTION} {context}"
        seen = refused(mwaa, bundle, 403, "AccessDeniedException", text)
        assert "arn:aws:airflow:us-east-1:<account>:role/my-env/<Airflow role>" in seen.mend

    def test_no_airflow_role(self, mwaa: Mwaa, bundle: str) -> None:
        seen = refused(mwaa, bundle, 403, "AccessDeniedException", "No Airflow role granted in IAM.")
        assert (seen.outcome, seen.status) == (ApiOutcome.NO_AIRFLOW_ROLE, Status.FAIL)
        assert f"{ACTION} on arn:aws:airflow:us-east-1:<account>:role/my-env/<Airflow role>" in seen.mend

    def test_a_bare_denial_says_what_else_it_can_be(self, mwaa: Mwaa, bundle: str) -> None:
        """https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html, its Note."""
        seen = refused(mwaa, bundle, 403, "AccessDeniedException", "Access denied")
        assert ACTION in seen.mend
        assert "not from outside a VPC" in seen.mend

    def test_china_has_its_own_partition(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.region = "cn-north-1"
        mwaa.instead = error(403, "AccessDeniedException", "No Airflow role granted in IAM.")
        assert "arn:aws-cn:airflow:cn-north-1" in last(mwaa, bundle, region="cn-north-1").mend


class TestAnswers:
    def test_no_such_environment(self, mwaa: Mwaa, bundle: str) -> None:
        seen = last(mwaa, bundle, environment="My-Env")
        assert (seen.outcome, seen.status) == (ApiOutcome.NO_SUCH_ENVIRONMENT, Status.FAIL)
        assert "'My-Env' in us-east-1" in seen.meaning

    @pytest.mark.parametrize(
        ("environment", "hint"),
        [("My-Env", "did you mean my-env?"), ("nothing-alike", "us-east-1 has my-env, other-env")],
    )
    def test_the_nearest_environment_is_named(self, mwaa: Mwaa, bundle: str, environment: str, hint: str) -> None:
        assert hint in last(mwaa, bundle, environment=environment, management=mwaa.url).mend

    def test_not_to_be_allowed_to_list_environments_changes_nothing(self, mwaa: Mwaa, bundle: str) -> None:
        alone = last(mwaa, bundle, environment="other")
        assert last(mwaa, bundle, environment="other", management=f"{mwaa.url}/nowhere").mend == alone.mend

    def test_airflow_refuses(self, mwaa: Mwaa, bundle: str) -> None:
        inner = {"title": "DAG not found", "detail": "the DAG is not there", "status": 404}
        mwaa.instead = error(400, "RestApiClientException", "", RestApiStatusCode=404, RestApiResponse=inner)
        seen = last(mwaa, bundle)
        assert (seen.outcome, seen.status) == (ApiOutcome.AIRFLOW_REFUSED, Status.FAIL)
        assert "status is 404" in seen.meaning
        assert seen.message == "DAG not found: the DAG is not there"

    def test_airflow_3_says_only_a_detail(self, mwaa: Mwaa, bundle: str) -> None:
        inner = {"detail": [{"loc": ["body", "logical_date"], "msg": "Field required"}]}
        mwaa.instead = error(400, "RestApiClientException", "", RestApiStatusCode=422, RestApiResponse=inner)
        seen = last(mwaa, bundle)
        assert seen.outcome is ApiOutcome.AIRFLOW_REFUSED
        assert "Field required" in seen.message

    def test_airflow_fails(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.instead = error(400, "RestApiServerException", "", RestApiStatusCode=500, RestApiResponse={})
        assert last(mwaa, bundle).outcome is ApiOutcome.AIRFLOW_ERROR

    @pytest.mark.parametrize(
        ("status", "code", "message", "outcome"),
        [
            (400, "ThrottlingException", "Rate exceeded", ApiOutcome.THROTTLED),
            (429, "TooManyRequestsException", "Rate exceeded", ApiOutcome.THROTTLED),
            (400, "ValidationException", "Update your environment to use InvokeRestApi", ApiOutcome.UPDATE_ENVIRONMENT),
            (400, "ValidationException", "path must not be longer than 64", ApiOutcome.INVALID),
            (500, "InternalServerException", "", ApiOutcome.SERVICE_ERROR),
            (503, "ServiceUnavailable", "", ApiOutcome.SERVICE_ERROR),
            (418, "SomethingNewException", "", ApiOutcome.INVALID),
        ],
    )
    def test_errors(self, mwaa: Mwaa, bundle: str, status: int, code: str, message: str, outcome: ApiOutcome) -> None:
        seen = refused(mwaa, bundle, status, code, message)
        assert (seen.outcome, seen.status) == (outcome, Status.FAIL)

    def test_an_error_inside_a_success_is_no_pass(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.instead = Reply(200, b'{"RestApiStatusCode": 403, "RestApiResponse": {"detail": "no permission"}}')
        seen = last(mwaa, bundle)
        assert (seen.outcome, seen.message) == (ApiOutcome.AIRFLOW_REFUSED, "no permission")

    @pytest.mark.parametrize("body", [b"OK", b"[]", b"{}", b'{"status": "healthy"}'])
    def test_what_is_not_known_is_unknown(self, mwaa: Mwaa, bundle: str, body: bytes) -> None:
        mwaa.instead = Reply(200, body, {"content-type": "text/plain"})
        seen = last(mwaa, bundle)
        assert (seen.outcome, seen.status) == (ApiOutcome.UNEXPECTED, Status.UNKNOWN)

    def test_a_redirect_is_not_followed(self, mwaa: Mwaa, bundle: str, authority: Authority) -> None:
        with serving(Mwaa(), authority.context("localhost")) as other:
            mwaa.instead = Reply(307, b"", {"location": f"{other.url}/restapi/my-env?secret=1"})
            seen = last(mwaa, bundle)
            assert (seen.outcome, seen.status) == (ApiOutcome.REDIRECTED, Status.FAIL)
            assert f"{other.url}/restapi/my-env." in seen.meaning
            assert other.received == []

    def test_a_proxys_page_ends_it_before_anything_is_signed(self, mwaa: Mwaa, bundle: str) -> None:
        page = b"<!DOCTYPE html><html><body>Access to this site is blocked</body></html>"
        mwaa.to_all = Reply(403, page, {"content-type": "text/html", "server": "squid/5.7", "via": "1.1 proxy1"})
        (seen,) = steps_of(caller(bundle), request_to(mwaa))
        assert (seen.step, seen.outcome, seen.status) == (ApiStep.CLOCK, ApiOutcome.PROXY_ANSWERED, Status.FAIL)
        assert "server: squid/5.7, via: 1.1 proxy1" in seen.meaning
        assert not any("authorization" in request.headers for request in mwaa.received)

    def test_a_proxy_that_wants_a_password(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.to_all = Reply(407, b"", {"proxy-authenticate": "Negotiate"})
        assert outcomes(steps_of(caller(bundle), request_to(mwaa))) == [ApiOutcome.PROXY_REFUSED]

    def test_an_answer_without_a_date(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.to_all = Reply(403, b'{"message":"Missing Authentication Token"}', {"date": "yesterday"})
        clock = steps_of(caller(bundle), request_to(mwaa))[0]
        assert (clock.outcome, clock.status) == (ApiOutcome.CLOCK_UNKNOWN, Status.WARN)


class TestTransport:
    def test_slow(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.delay = 1.5
        who = caller(bundle)
        who.settings = replace(who.settings, timeout=0.4, retries=1)
        (seen,) = steps_of(who, request_to(mwaa))
        assert (seen.outcome, seen.status, seen.attempts) == (ApiOutcome.NO_ANSWER, Status.FAIL, 2)

    def test_cut(self, mwaa: Mwaa, bundle: str) -> None:
        mwaa.cut = True
        (seen,) = steps_of(caller(bundle), request_to(mwaa))
        assert (seen.outcome, seen.status) == (ApiOutcome.CUT, Status.FAIL)

    def test_an_alias_is_not_in_the_certificate(self, authority: Authority, bundle: str) -> None:
        with serving(Mwaa(), authority.context("env.airflow.us-east-1.amazonaws.com")) as mwaa:
            (seen,) = steps_of(caller(bundle), request_to(mwaa))
        assert (seen.outcome, seen.status) == (ApiOutcome.WRONG_NAME, Status.FAIL)
        assert "alias" in seen.meaning
        assert mwaa.received == []

    def test_an_expired_certificate(self, authority: Authority, bundle: str) -> None:
        with serving(Mwaa(), authority.context("localhost", until=timedelta(hours=-1))) as mwaa:
            (seen,) = steps_of(caller(bundle), request_to(mwaa))
        assert seen.outcome is ApiOutcome.EXPIRED_CERTIFICATE

    def test_an_unknown_authority(self, mwaa: Mwaa, tmp_path: Path) -> None:
        stranger = Authority(tmp_path)
        (seen,) = steps_of(caller(str(stranger.bundle)), request_to(mwaa))
        assert (seen.outcome, seen.status) == (ApiOutcome.UNTRUSTED_CERTIFICATE, Status.FAIL)
        assert "inspects TLS" in seen.meaning

    def test_the_endpoint_by_its_address_is_signed_as_such(self, mwaa: Mwaa, bundle: str) -> None:
        request = request_to(mwaa, endpoint=f"https://127.0.0.1:{mwaa.port}")
        assert steps_of(caller(bundle), request)[-1].status is Status.PASS
        assert mwaa.received[-1].headers["host"] == f"127.0.0.1:{mwaa.port}"
