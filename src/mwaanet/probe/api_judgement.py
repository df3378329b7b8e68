"""What was asked of the API, and how an answer is judged."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from mwaanet.model.arn import partition_of
from mwaanet.probe.api_observation import ApiOutcome, ApiStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call, as far as its answer is judged by it."""

    step: ApiStep
    environment: str
    region: str
    """The Region that was signed for."""
    url: str
    clock_skew: float | None = None
    temporary: bool = False
    """The access key is one of temporary credentials (ASIA…)."""
    session_token: bool = False

    @property
    def host(self) -> str:
        """The host that was called and signed."""
        return urlsplit(self.url).netloc

    @property
    def action(self) -> str:
        """The IAM action of the step."""
        return f"airflow:{self.step.value}"

    @property
    def resource(self) -> str:
        """What the action must be allowed on; `<…>` is what is not known here.

        https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
        """
        head = f"arn:{partition_of(self.region)}:airflow:{self.region}:<account>"
        if self.step is ApiStep.VERSION:
            return f"{head}:environment/{self.environment}"
        return f"{head}:role/{self.environment}/<Airflow role>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an answer is, in the other side's words and in ours; empty `mend`: the outcome's general one."""

    outcome: ApiOutcome
    cause: str = ""
    mend: str = ""
    code: str = ""
    message: str = ""
