"""`mwaanet probe api`: call an environment's Airflow API as an application does, and translate what comes back."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

import click

from mwaanet.cli.probe_options import EXIT_CODES, probe_options_within, report_of, show
from mwaanet.cli.terminal import progress

if TYPE_CHECKING:
    from mwaanet.probe.api_exchange import Settings

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_NAME: Final = re.compile(r"[a-zA-Z][0-9a-zA-Z_-]{0,79}")
_PREFIX: Final = re.compile(r"/api/v\d+(?=/|$)")
_VERSION: Final = re.compile(r"[23](\.\d+)*")
_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
PATIENCE: Final = 15.0
"""Amazon MWAA itself waits 10 seconds for Airflow."""


def _name(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise click.BadParameter(f"{value!r}: an environment's name has letters, digits, - and _, a letter first.")
    return value


def _path(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    prefix = _PREFIX.match(value)
    if prefix:
        raise click.BadParameter(f"{value!r}: leave {prefix[0]} out; it is put in as the version needs it.")
    if not value.startswith("/") or not value.isprintable() or {" ", "#"} & set(value):
        raise click.BadParameter(f"{value!r}: expected a path as in Airflow's API reference, such as /dags?limit=1.")
    return value


def _endpoint(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    if not value:
        return ""
    scheme, _, place = value.partition("://") if "://" in value else ("https", "", value)
    place = place.rstrip("/")
    if scheme != "https" or not _HOST.fullmatch(place):
        shown = f"{scheme}://{place.rpartition('@')[2]}" if "@" in place else value
        raise click.BadParameter(f"{shown!r}: expected https://HOST[:PORT], nothing more.")
    _check_port(place)
    return f"https://{place}"


def _host(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    if value and not _HOST.fullmatch(value):
        raise click.BadParameter(f"{value!r}: expected HOST or HOST:PORT.")
    _check_port(value or "")
    return value or ""


def _check_port(place: str) -> None:
    port = place.rpartition("]")[2].partition(":")[2]
    if port and not 0 < int(port) < 65536:
        raise click.BadParameter(f"{place!r}: expected a port from 1 to 65535.")


def _body(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    value = _read(value) if value and (value == "-" or value.startswith("@")) else value
    try:
        found = json.loads(value) if value else {}
    except ValueError as error:
        raise click.BadParameter(f"is no JSON: {error}.") from None
    except RecursionError:
        raise click.BadParameter("is nested too deeply.") from None
    if not isinstance(found, dict):
        raise click.BadParameter("expected a JSON object.")
    return value or ""


def _read(value: str) -> str:
    """What stands in the file of `@FILE`, or on stdin; arguments are seen by other users of the host."""
    try:
        with click.open_file(value.removeprefix("@"), encoding="utf-8") as stream:
            return str(stream.read())
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{value!r} cannot be read: {getattr(error, 'strerror', '') or error}.") from None


def _version(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    if value and not _VERSION.fullmatch(value):
        raise click.BadParameter(f"{value!r}: expected 2, 3 or a version such as 2.10.3.")
    return value or ""


@click.command(
    short_help="Call the Airflow API with a SigV4 signature.",
    epilog=f"""\b
Examples:
  mwaanet probe api my-env --region us-east-1
  mwaanet probe api my-env --path /dags?limit=1 --format json
  mwaanet probe api my-env \\
      --endpoint https://vpce-0ab1-cd.env.airflow.us-east-1.vpce.amazonaws.com
  mwaanet probe api my-env --via webserver
  mwaanet probe api my-env --method POST --path /dags/daily/dagRuns \\
      --body '{{}}' --yes

\b
Credentials are those of the AWS CLI: environment, profile, role of the host.
Nothing secret is printed. A method other than GET and HEAD changes something
and needs --yes. Redirects are not followed.

{EXIT_CODES}
""",
)
@click.argument("environment", metavar="ENV", callback=_name)
@click.option("--region", metavar="REGION", help="Region to sign for [default: the profile's, or the endpoint's].")
@click.option("--profile", metavar="NAME", help="Profile of the AWS configuration.")
@click.option("--method", type=click.Choice(METHODS, case_sensitive=False), default="GET", show_default=True)
@click.option("--path", callback=_path, default="/dags?limit=1", show_default=True, help="Path in Airflow's API.")
@click.option("--body", callback=_body, metavar="JSON", help="Body of the call; @FILE and - (stdin) read it.")
@click.option("--via", type=click.Choice(("invoke", "webserver")), default="invoke", show_default=True, help="The way.")
@click.option("--endpoint", callback=_endpoint, metavar="URL", help="Endpoint to call and sign [default: public name].")
@click.option("--webserver", callback=_host, metavar="HOST", help="Web server to call [default: AWS's].")
@click.option("--airflow-version", "version", callback=_version, metavar="VERSION", help="Else asked or tried.")
@click.option(
    "--ca-file", type=click.Path(path_type=Path), metavar="FILE", help="Trust the authorities in this PEM file."
)
@click.option("--yes", is_flag=True, help="Allow a method that changes something.")
@partial(probe_options_within, PATIENCE)
def api(
    environment: str,
    region: str | None,
    profile: str | None,
    method: str,
    path: str,
    body: str,
    via: str,
    endpoint: str,
    webserver: str,
    version: str,
    ca_file: Path | None,
    yes: bool,
    source: str,
    timeout: float,
    retries: int,
    form: str,
    file: str | None,
    no_color: bool,
) -> int:
    """Call the Airflow API of the environment ENV, and say what every error means and what mends it.

    First the clock is compared with the endpoint's; then the call is made by InvokeRestApi, or with a login token at
    the web server itself.
    """
    from mwaanet.probe.api import probe_api
    from mwaanet.probe.api_credentials import session_of
    from mwaanet.probe.api_hosts import management_endpoint, public_endpoint
    from mwaanet.probe.api_probe import ApiRequest, Caller

    _check_method(method, via, yes=yes)
    _check_query(path, via)
    session = session_of(profile, region, timeout)
    chosen = _region(region, endpoint, session.region_name)
    where = endpoint or public_endpoint(chosen)
    request = ApiRequest(
        environment=environment,
        region=chosen,
        endpoint=where,
        management=management_endpoint(where),
        method=method,
        path=path,
        body=body,
    )
    caller = Caller(session=session, settings=_settings(timeout, retries, ca_file))
    with progress("calling"):
        steps = probe_api(caller, request, by_web_server=via == "webserver", version=version, web_server=webserver)
        report = report_of(steps, source)
    return show(report, form, file, no_color=no_color)


def _check_method(method: str, via: str, *, yes: bool) -> None:
    from mwaanet.probe.api_probe import SAFE_METHODS

    if method not in SAFE_METHODS and not yes:
        raise click.UsageError(f"{method} changes something: say --yes if that is meant.")
    if via == "invoke" and method == "HEAD":
        raise click.UsageError("InvokeRestApi has no HEAD: use GET, or --via webserver.")


def _check_query(path: str, via: str) -> None:
    """InvokeRestApi takes the query as a JSON object (https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html)."""
    names = [name for name, _ in parse_qsl(urlsplit(path).query, keep_blank_values=True)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None and via == "invoke":
        raise click.UsageError(f"--path has {twice!r} twice, and InvokeRestApi one value for a name: --via webserver.")


def _settings(timeout: float, retries: int, ca_file: Path | None) -> Settings:
    from mwaanet.probe.api_exchange import Settings
    from mwaanet.probe.tls import trusting

    if ca_file is not None:
        trusting(ca_file)
    return Settings(timeout=timeout, retries=retries, ca_file=str(ca_file or ""))


def _region(given: str | None, endpoint: str, configured: str | None) -> str:
    """The Region to sign for: the given one, the endpoint's, or the configuration's."""
    from mwaanet.probe.api_hosts import region_of_host

    chosen = given or region_of_host(urlsplit(endpoint).netloc) or configured
    if not chosen:
        raise click.UsageError("no Region: give --region, or set AWS_REGION or the profile's region.")
    return chosen
