"""A worker's log out of CloudWatch Logs.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

import time
from collections import deque
from typing import Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from mwaanet.errors import InputError
from mwaanet.probe.secrets import Secrets
from mwaanet.probe.worker_dag import MARKER

MOST_EVENTS: Final = 10_000
_HOUR: Final = 3_600_000
"""In the milliseconds that CloudWatch Logs counts in."""


def log_of_group(session: boto3.Session, group: str, hours: float, most: int = MOST_EVENTS) -> str:
    """The probes' lines of the last hours, the newest where there are more; InputError where the group cannot be read.

    Events come in the order of their times, the oldest first.
    """
    begin = int(time.time() * 1000 - hours * _HOUR)
    try:
        pages = session.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group, filterPattern=f'"{MARKER}"', startTime=begin)
        return "\n".join(deque((event["message"] for page in found for event in page["events"]), maxlen=most))
    except (BotoCoreError, ClientError) as error:
        raise InputError(group, "", f"cannot be read (logs:FilterLogEvents): {Secrets().hide(str(error))}") from error
