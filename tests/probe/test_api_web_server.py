"""A login token, a login and a call at the web server itself, of Airflow 2 and of Airflow 3."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mwaanet.probe.api_observation import ApiOutcome, ApiStep
from mwaanet.probe.api_probe import prepare
from mwaanet.probe.api_web_server import environment_version, major_of
from mwaanet.status import Status
from probe.authority import Authority
from probe.calling import Steps, caller, outcomes, request_to, steps_of
from probe.mwaa import COOKIE, JWT, WEB_TOKEN, Mwaa, Reply, error, serving


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(params=[2, 3])
def mwaa(authority: Authority, request: pytest.FixtureRequest) -> Iterator[Mwaa]:
    with serving(Mwaa(major=request.param), authority.context("localhost")) as running:
        yield running


@pytest.fixture
def bundle(authority: Authority) -> str:
    return str(authority.bundle)


def by_web_server(mwaa: Mwaa, bundle: str, version: str = "", **request: str) -> Steps:
    return steps_of(caller(bundle), request_to(mwaa, **request), by_web_server=True, version=version)


def test_the_version_is_found_by_trying(mwaa: Mwaa, bundle: str) -> None:
    steps = by_web_server(mwaa, bundle, path="/dags?limit=1")
    *_, login, call = steps
    assert (login.step, login.status, login.airflow_version) == (ApiStep.LOGIN, Status.PASS, str(mwaa.major))
    assert (call.step, call.status, call.http_status) == (ApiStep.CALL, Status.PASS, 200)
    assert mwaa.received[-1].path == {2: "/api/v1/dags?limit=1", 3: "/api/v2/dags?limit=1"}[mwaa.major]
    skipped = [step for step in steps if step.status is Status.SKIP]
    assert [step.outcome for step in skipped] == {2: [ApiOutcome.OTHER_VERSION], 3: []}[mwaa.major]
    tokens = [request for request in mwaa.received if request.path == "/webtoken/my-env"]
    assert len(tokens) == {2: 2, 3: 1}[mwaa.major]  # a new one for each login: it is good for 60 seconds


def test_who_signed_is_told(mwaa: Mwaa, bundle: str) -> None:
    token = next(step for step in by_web_server(mwaa, bundle) if step.step is ApiStep.TOKEN)
    assert (token.status, token.identity) == (Status.PASS, "assumed-role/orchestrator/nightly")


def test_no_token_or_session_is_recorded(mwaa: Mwaa, bundle: str) -> None:
    seen = str(by_web_server(mwaa, bundle))
    assert not any(secret in seen for secret in (WEB_TOKEN, COOKIE, JWT))


def test_a_given_version_is_not_asked_for(mwaa: Mwaa, bundle: str) -> None:
    steps = by_web_server(mwaa, bundle, version={2: "2.10.3", 3: "3"}[mwaa.major])
    assert [step.step for step in steps] == [ApiStep.CLOCK, ApiStep.TOKEN, ApiStep.LOGIN, ApiStep.CALL]
    assert {step.status for step in steps} == {Status.PASS}


def test_a_wrong_version_is_told(mwaa: Mwaa, bundle: str) -> None:
    *_, login = by_web_server(mwaa, bundle, version={2: "3", 3: "2"}[mwaa.major])
    assert (login.outcome, login.status) == (ApiOutcome.OTHER_VERSION, Status.FAIL)


def test_the_token_goes_to_the_web_server_in_the_body_and_nothing_signed_does(mwaa: Mwaa, bundle: str) -> None:
    by_web_server(mwaa, bundle)
    sent = [one for one in mwaa.received if not one.path.startswith(("/webtoken", "/environments"))]
    *_, last = (one.path for one in sent if WEB_TOKEN.encode() in one.body)
    assert last == {2: "/aws_mwaa/login", 3: "/pluginsv2/aws_mwaa/login"}[mwaa.major]
    for request in sent:
        assert WEB_TOKEN not in request.path
        assert "AWS4-HMAC-SHA256" not in request.headers.get("authorization", "")
        assert "x-amz-security-token" not in request.headers


def test_the_environment_tells_its_version(mwaa: Mwaa, bundle: str) -> None:
    who, request = caller(bundle), request_to(mwaa, management=mwaa.url)
    list(prepare(who, request))
    seen = environment_version(who, request)
    assert (seen.status, major_of(seen.airflow_version)) == (Status.PASS, mwaa.major)


def test_not_to_be_allowed_to_ask_for_the_version_is_no_failure(mwaa: Mwaa, bundle: str) -> None:
    mwaa.instead = error(403, "AccessDeniedException", "User: x is not authorized to perform: airflow:GetEnvironment")
    who, request = caller(bundle), request_to(mwaa, management=mwaa.url)
    list(prepare(who, request))
    seen = environment_version(who, request)
    assert (seen.outcome, seen.status, seen.airflow_version) == (ApiOutcome.ACCESS_DENIED, Status.SKIP, "")


def test_the_version_that_is_asked_saves_a_try(mwaa: Mwaa, bundle: str) -> None:
    steps = by_web_server(mwaa, bundle, management=mwaa.url)
    expected = [ApiStep.CLOCK, ApiStep.VERSION, ApiStep.TOKEN, ApiStep.LOGIN, ApiStep.CALL]
    assert [step.step for step in steps] == expected
    assert {step.status for step in steps} == {Status.PASS}


def test_a_denied_token_names_the_action(mwaa: Mwaa, bundle: str) -> None:
    mwaa.instead = error(403, "AccessDeniedException", "No Airflow role granted in IAM.")
    *_, seen = by_web_server(mwaa, bundle)
    assert (seen.step, seen.outcome) == (ApiStep.TOKEN, ApiOutcome.NO_AIRFLOW_ROLE)
    assert "airflow:CreateWebLoginToken on arn:aws:airflow:us-east-1:<account>:role/my-env/<Airflow role>" in seen.mend


@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_login_without_a_session_is_refused(mwaa: Mwaa, bundle: str, status: int) -> None:
    mwaa.login = Reply(status, b"{}")
    *_, seen = by_web_server(mwaa, bundle, version=str(mwaa.major))
    assert (seen.step, seen.outcome, seen.status) == (ApiStep.LOGIN, ApiOutcome.LOGIN_REFUSED, Status.FAIL)


def test_a_redirect_of_the_login_is_not_followed(mwaa: Mwaa, bundle: str) -> None:
    mwaa.login = Reply(302, b"", {"location": "https://elsewhere.example/login?next=x"})
    *_, seen = by_web_server(mwaa, bundle, version=str(mwaa.major))
    assert (seen.step, seen.outcome) == (ApiStep.LOGIN, ApiOutcome.REDIRECTED)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(403, ApiOutcome.AIRFLOW_REFUSED), (404, ApiOutcome.AIRFLOW_REFUSED), (500, ApiOutcome.AIRFLOW_ERROR)],
)
def test_airflows_own_errors(mwaa: Mwaa, bundle: str, status: int, outcome: ApiOutcome) -> None:
    mwaa.airflow = Reply(status, b'{"title": "Forbidden", "detail": "no permission"}')
    *_, seen = by_web_server(mwaa, bundle)
    assert (seen.step, seen.outcome, seen.http_status) == (ApiStep.CALL, outcome, status)
    assert seen.message == "Forbidden: no permission"


def test_a_page_for_people_is_no_answer_of_the_api(mwaa: Mwaa, bundle: str) -> None:
    mwaa.airflow = Reply(200, b"<html>sign in</html>", {"content-type": "text/html"})
    assert outcomes(by_web_server(mwaa, bundle))[-1] is ApiOutcome.PROXY_ANSWERED


def test_a_post_is_made_once(mwaa: Mwaa, bundle: str) -> None:
    *_, seen = by_web_server(mwaa, bundle, method="POST", path="/dags/a/dagRuns", body='{"conf": {}}')
    assert seen.status is Status.PASS
    posts = [request for request in mwaa.received if request.path.startswith("/api/")]
    assert [(request.method, request.body) for request in posts] == [("POST", b'{"conf": {}}')]
