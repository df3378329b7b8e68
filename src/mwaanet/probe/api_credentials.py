"""Credentials by the standard chain, and the signature that they make.

https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html
"""

from __future__ import annotations

from dataclasses import dataclass

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from requests_aws4auth import AWS4Auth

from mwaanet.errors import UsageError

SERVICE = "airflow"
"""The service that is signed for (https://docs.aws.amazon.com/service-authorization/latest/reference/list_mwaa.html)."""


_OF_A_PROVIDER = (OSError, ValueError, TypeError, AttributeError, LookupError)
"""What botocore lets through of a credential_process or token file that is not there or not what it should be."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What signs; never shown."""

    access_key: str
    secret_key: str
    token: str
    method: str
    """Where they come from, in botocore's word: env, shared-credentials-file, assume-role, iam-role, ..."""

    def sign(self, region: str) -> AWS4Auth:
        """The signature of requests to Amazon MWAA in a Region."""
        session = {"session_token": self.token} if self.token else {}
        return AWS4Auth(self.access_key, self.secret_key, region, SERVICE, **session)


class NoCredentialsError(Exception):
    """The chain gave none; the message is botocore's own."""


def session_of(profile: str | None, region: str | None, timeout: float) -> boto3.Session:
    """A session; UsageError where the profile does not exist. Calls for credentials (STS, SSO) are bounded, too."""
    inner = botocore.session.Session(profile=profile)
    inner.set_default_client_config(
        Config(connect_timeout=timeout, read_timeout=timeout, retries={"total_max_attempts": 1})
    )
    try:
        return boto3.Session(botocore_session=inner, region_name=region)
    except BotoCoreError as error:
        raise UsageError(str(error)) from error


def credentials_of(session: boto3.Session) -> Credentials:
    """The first credentials of the chain, as they are now."""
    try:
        found = session.get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    except (BotoCoreError, ClientError, *_OF_A_PROVIDER) as error:
        raise NoCredentialsError(str(error)) from error
    if found is None or frozen is None or not frozen.access_key or not frozen.secret_key:
        raise NoCredentialsError("no provider of the chain has any")
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token or "", found.method or "")
