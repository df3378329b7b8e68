"""Observations of the Airflow API from what was judged, with every secret hidden."""

from __future__ import annotations

from mwaanet.probe.api_exchange import Answer, Tried
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiObservation, ApiStep
from mwaanet.probe.api_verdicts import VERDICTS
from mwaanet.probe.secrets import Secrets


def record(
    asked: Asked,
    tried: Tried | None,
    judgement: Judgement,
    secrets: Secrets,
    began: str,
    *,
    target: str = "",
    identity: str = "",
    airflow_version: str = "",
) -> ApiObservation:
    """The record of one step; `tried` None where nothing was sent."""
    verdict = VERDICTS[judgement.outcome]
    result = tried.result if tried else None
    answer = result if isinstance(result, Answer) else None
    error = "" if result is None or answer is not None else getattr(result, "error", "")
    hide = secrets.hide
    return ApiObservation(
        target=hide(target or f"{asked.step.value} {asked.environment}"),
        outcome=judgement.outcome,
        status=verdict.status,
        meaning=hide(f"{verdict.meaning} {judgement.cause}".strip()),
        time=began,
        seconds=round(answer.seconds, 6) if answer else None,
        attempts=tried.attempts if tried else 1,
        step=asked.step,
        host=hide(asked.host),
        mend=hide(judgement.mend or verdict.mend),
        http_status=answer.status if answer else None,
        aws_code=hide(judgement.code),
        message=hide(judgement.message or error),
        request_id=answer.headers.get("x-amzn-requestid", "") if answer else "",
        clock_skew=answer.clock_skew if answer and asked.step is ApiStep.CLOCK else None,
        identity=hide(identity),
        airflow_version=airflow_version,
    )
