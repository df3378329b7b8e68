"""The hosts of Amazon MWAA's own API, and what their names tell.

https://docs.aws.amazon.com/mwaa/latest/userguide/security-privatelink.html
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from mwaanet.model.arn import partition_of
from mwaanet.names import service_name

_ENV: Final = "env."
_API: Final = "api."
_HOST_REGION: Final = re.compile(r"airflow(?:-fips)?\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.")
_HOST_SERVICE: Final = re.compile(r"(?:^|\.)env\.airflow(?:-fips)?\.")


def region_of_host(host: str) -> str:
    """The Region that an endpoint's name holds; empty where it holds none."""
    found = _HOST_REGION.search(host)
    return found["region"] if found else ""


def public_endpoint(region: str) -> str:
    """The URL of a Region's endpoint for `env` operations.

    https://docs.aws.amazon.com/general/latest/gr/mwaa.html
    """
    return f"https://{service_name('airflow.env', region, partition_of(region))}"


def is_aws_host(host: str) -> bool:
    """Whether a name is one of AWS's for `env` operations, an interface endpoint's own name included."""
    return _HOST_SERVICE.search(host) is not None


def management_endpoint(endpoint: str) -> str:
    """The endpoint of GetEnvironment beside one of `env` operations; empty where the name does not tell."""
    parts = urlsplit(endpoint)
    if not parts.netloc.startswith(_ENV) or not is_aws_host(parts.netloc):
        return ""
    return urlunsplit(parts._replace(netloc=_API + parts.netloc.removeprefix(_ENV)))
