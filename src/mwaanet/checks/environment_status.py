"""What the status of an environment means for a diagnosis: what was read may not be how it is meant to be.

https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html
"""

from __future__ import annotations

from collections.abc import Mapping

from mwaanet.model.environment import Environment

_MEANINGS: Mapping[str, str] = {
    "CREATING": "it is being created, and not all of it may exist yet",
    "CREATE_FAILED": "it was not created; what it would need is judged",
    "CREATING_SNAPSHOT": "it is being updated",
    "UPDATING": "it is being updated",
    "UPDATE_FAILED": "its last update failed; it runs as it was before",
    "ROLLING_BACK": "its last update failed, and it is being restored",
    "DELETING": "it is being deleted",
    "DELETED": "it is deleted",
    "UNAVAILABLE": "a request failed and left it unstable",
    "MAINTENANCE": "it is under maintenance and may not be available",
    "PENDING": "MWAA waits until the VPC endpoints exist that you have to create in its VPC",
}


def status_told(environment: Environment) -> str:
    """What has to be told of an environment that is not simply available; empty where nothing has."""
    status = environment.status
    if status in ("", "AVAILABLE"):
        return ""
    return f"{environment.name} is {status}: {_MEANINGS.get(status, 'what that means is not known')}"
