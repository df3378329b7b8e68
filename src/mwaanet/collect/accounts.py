"""The accounts that can be asked, by profile or by role, and a client for each account, Region and service.

Credentials, endpoints, FIPS and partitions are whatever boto3 makes of its environment and configuration
(https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import repeat
from typing import Any, TypeVar

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound
from botocore.parsers import ResponseParserError
from botocore.utils import parse_timestamp

from mwaanet.collect.expressions import arn_part
from mwaanet.collect.fatal import fatal_error, login_error
from mwaanet.collect.models import Models
from mwaanet.collect.pace import Pace, Patience, watch
from mwaanet.errors import UsageError

MOST_LOGINS = 16
"""How many roles are assumed at once; profiles come one after another, for they may ask for a code of MFA."""
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 60
SESSION_NAME = "mwaanet"
"""How a session of an assumed role is named in the account's trail."""

T = TypeVar("T")
Make = Callable[[], boto3.Session]
Prepare = Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """How accounts are reached: profiles of the AWS configuration, and roles to assume from the first of them."""

    profiles: Sequence[str] = ()
    roles: Sequence[str] = ()
    external_id: str = ""
    regions: Sequence[str] = ()


class Accounts:
    """Sessions by account; every client is made once, and again when its credentials have expired."""

    def __init__(self, logins: Logins, most_connections: int) -> None:
        self._logins = logins
        self._models: Models | None = None
        self._config = Config(
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            max_pool_connections=most_connections,
            retries={"mode": "standard", "total_max_attempts": 1},
            user_agent_extra="mwaanet",
        )
        self._lock = threading.Lock()
        self._makers: dict[str, Make] = {}
        self._sessions: dict[str, boto3.Session] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}
        self.regions: tuple[str, ...] = ()
        """The Regions that the user named, or the one of the configuration."""

    def open(self) -> None:
        """Log in everywhere; CollectError where that is not possible, UsageError where no Region is named."""
        profiles = self._logins.profiles or (None,)
        first = self._of_profile(profiles[0])
        self.regions = tuple(dict.fromkeys(filter(None, self._logins.regions or (first.region_name,))))
        if not self.regions:
            raise UsageError("no Region: give --region, or set AWS_DEFAULT_REGION or the profile's region")
        own: list[Make] = [partial(self._of_profile, profile) for profile in profiles]
        others: list[Make] = [partial(self._of_role, role) for role in self._logins.roles]
        with ThreadPoolExecutor(max_workers=MOST_LOGINS) as pool:
            assumed = pool.map(self._assume, self._logins.roles, repeat(first))
            known = [self._identify(first), *(self._identify(make()) for make in own[1:]), *assumed]
        for make, (account, session) in zip([*own, *others], known, strict=True):
            if account not in self._makers:
                self._makers[account], self._sessions[account] = make, session

    def __contains__(self, account: object) -> bool:
        return account in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def client(self, account: str, region: str, service: str, prepare: Prepare) -> Any:
        """The client; `prepare` is called with it when it is made."""
        key = (account, region, service)
        found = self._clients.get(key)
        if found is not None:
            return found
        with self._lock:
            if key not in self._clients:
                client = self._client(self._sessions[account], service, region)
                prepare(client)
                self._clients[key] = client
            return self._clients[key]

    def renew(self, account: str, used: Any) -> None:
        """Read the credentials of an account again, unless that was done since a client was made."""
        with self._lock:
            if not any(client is used for client in self._clients.values()):
                return
            self._sessions[account] = self._makers[account]()
            self._clients = {key: client for key, client in self._clients.items() if key[0] != account}

    def _client(self, session: boto3.Session, service: str, region: str) -> Any:
        maker: Any = session.client
        return maker(service, region_name=region, config=self._config)

    def _sts(self, session: boto3.Session, **more: Any) -> Any:
        """A client of STS for logging in, which waits where the walk's own clients would."""
        maker: Any = session.client
        client = maker("sts", region_name=self.regions[0], config=self._config, **more)
        watch(client, Patience(Pace(1)))
        return client

    def _identify(self, session: boto3.Session) -> tuple[str, boto3.Session]:
        return _checked(lambda: str(self._sts(session).get_caller_identity()["Account"])), session

    def _assume(self, role: str, base: boto3.Session) -> tuple[str, boto3.Session]:
        account = arn_part(role, 4)
        if account is None:
            raise UsageError(f"{role!r} is no role's ARN: expected arn:aws:iam::111122223333:role/NAME")
        session = self._of_role(role, base)
        credentials = session.get_credentials()
        assert credentials is not None, "the session's only provider gives them"
        _checked(credentials.get_frozen_credentials)
        return account, session

    def _of_profile(self, profile: str | None) -> boto3.Session:
        try:
            return self._session(botocore.session.Session(profile=profile))
        except ProfileNotFound as error:
            raise UsageError(str(error)) from error
        except BotoCoreError as error:
            raise login_error(error) from error

    def _of_role(self, role: str, base: boto3.Session | None = None) -> boto3.Session:
        base = base or self._of_profile(next(iter(self._logins.profiles), None))
        external = {"ExternalId": self._logins.external_id} if self._logins.external_id else {}
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=lambda service, **keys: self._sts(base, **keys),
            source_credentials=base.get_credentials(),
            role_arn=role,
            extra_args={"RoleSessionName": SESSION_NAME, **external},
        )
        inner = botocore.session.Session()
        inner.register_component("credential_provider", CredentialResolver([_Assumed(fetcher)]))
        return self._session(inner)

    def _session(self, inner: botocore.session.Session) -> boto3.Session:
        """A session that shares the service models with the others, and leaves times as text."""
        self._models = self._models or Models(inner.get_config_variable("data_path"))
        inner.register_component("data_loader", self._models)
        inner.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=iso_time)
        return boto3.Session(botocore_session=inner)


def _checked(call: Callable[[], T]) -> T:
    """The result of a call that logs in; CollectError where it does not succeed."""
    try:
        return call()
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        raise fatal_error(error) or login_error(error) from error


def iso_time(value: Any) -> str:
    """A time in any of AWS's forms as ISO 8601 text in UTC, wherever this host is."""
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        time = parse_timestamp(value)
    return (time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


class _Assumed(CredentialProvider):
    """Credentials of a role, fetched when they are first needed and again before they expire."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._fetcher.fetch_credentials, self.METHOD)
