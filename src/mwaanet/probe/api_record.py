"""Observations of the Airflow API from what was judged, with every secret hidden."""

from __future__ import annotations

from typing import Final

from mwaanet.probe.api_exchange import Answer, Tried
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiObservation, ApiStep
from mwaanet.probe.api_verdicts import VERDICTS
from mwaanet.probe.secrets import Secrets

_MESSAGE: Final = 300
_CAUSE: Final = 1000
_WORD: Final = 100
"""The most characters that are shown of texts into which the other side may have put anything."""


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

    def shown(text: str, most: int) -> str:
        return shorten(secrets.hide(text), most)

    return ApiObservation(
        target=shown(target or f"{asked.step.value} {asked.environment}", _CAUSE),
        outcome=judgement.outcome,
        status=verdict.status,
        meaning=f"{verdict.meaning} {shown(judgement.cause, _CAUSE)}".strip(),
        time=began,
        seconds=round(answer.seconds, 6) if answer else None,
        attempts=tried.attempts if tried else 1,
        step=asked.step,
        host=shown(asked.host, _MESSAGE),
        mend=shown(judgement.mend or verdict.mend, _CAUSE),
        http_status=answer.status if answer else None,
        aws_code=shown(judgement.code, _WORD),
        message=shown(judgement.message or error, _MESSAGE),
        request_id=shown(answer.headers.get("x-amzn-requestid", ""), _WORD) if answer else "",
        proxy=shown(tried.proxy, _MESSAGE) if tried else "",
        clock_skew=answer.clock_skew if answer and asked.step is ApiStep.CLOCK else None,
        identity=shown(identity, _MESSAGE),
        airflow_version=shown(airflow_version, _WORD),
    )


def shorten(text: str, most: int) -> str:
    """One line of a text, not too long of it."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
