"""Calls to the `Mwaa` of a test, as `mwaanet probe api` makes them."""

from __future__ import annotations

import boto3
import botocore.session

from mwaanet.probe.api import probe_api
from mwaanet.probe.api_exchange import Settings
from mwaanet.probe.api_observation import ApiObservation, ApiOutcome
from mwaanet.probe.api_probe import ApiRequest, Caller
from probe.mwaa import ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, Mwaa

Steps = tuple[ApiObservation, ...]


def caller(bundle: str, key: str = ACCESS_KEY, secret: str = SECRET_KEY, token: str = SESSION_TOKEN) -> Caller:
    session = botocore.session.Session()
    session.set_credentials(key, secret, token or None)
    settings = Settings(timeout=2, retries=0, ca_file=bundle)
    return Caller(session=boto3.Session(botocore_session=session, region_name="us-east-1"), settings=settings)


def request_to(
    mwaa: Mwaa,
    *,
    environment: str = "my-env",
    region: str = "us-east-1",
    endpoint: str = "",
    management: str = "",
    method: str = "GET",
    path: str = "/dags",
    body: str = "",
) -> ApiRequest:
    return ApiRequest(
        environment=environment,
        region=region,
        endpoint=endpoint or mwaa.url,
        management=management,
        method=method,
        path=path,
        body=body,
    )


def steps_of(who: Caller, request: ApiRequest, *, by_web_server: bool = False, version: str = "") -> Steps:
    return tuple(probe_api(who, request, by_web_server=by_web_server, version=version))


def outcomes(steps: Steps) -> list[ApiOutcome]:
    return [step.outcome for step in steps]
