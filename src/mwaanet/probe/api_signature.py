"""Why AWS does not accept a signature, as far as its message and the call itself tell.

"Troubleshoot Signature Version 4 signing for AWS API requests"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html) has the messages: the clock, the
credential scope's Region and service, and a signature over something else than what AWS received.
"""

from __future__ import annotations

import re
from typing import Final

from mwaanet.probe.api_exchange import Answer
from mwaanet.probe.api_hosts import is_aws_host, region_of_host
from mwaanet.probe.api_judgement import Asked, Judgement
from mwaanet.probe.api_observation import ApiOutcome

ALLOWED_SKEW: Final = 300
"""Seconds by which a signature's time may differ from AWS's."""

_EXPIRED: Final = re.compile(
    r"(signature expired|signature not yet current|request.*expired|too skewed)", re.IGNORECASE
)
_REGION: Final = re.compile(r"credential should be scoped to a valid region", re.IGNORECASE)
_SERVICE: Final = re.compile(r"credential should be scoped to correct service:?\s*'?(?P<service>[\w-]*)", re.IGNORECASE)
_CANONICAL_HOST: Final = re.compile(r"canonical string.*?\n\s*host:(?P<host>\S+)", re.IGNORECASE | re.DOTALL)


def not_the_signature(answer: Answer, asked: Asked, message: str) -> Judgement:
    """The clock, the Region, the service, the host or the key: whichever can be told."""
    code_tells = answer.headers.get("x-amzn-errortype", "").startswith(("RequestExpired", "RequestTimeTooSkewed"))
    if _EXPIRED.search(message) or code_tells:
        return _clock(asked)
    theirs = region_of_host(asked.host)
    if _REGION.search(message) or (theirs and theirs != asked.region):
        return _region(asked, theirs)
    service = _SERVICE.search(message)
    if service:
        cause = f"It is {service['service']}'s." if service["service"] not in ("", "airflow") else ""
        return Judgement(outcome=ApiOutcome.WRONG_SERVICE, cause=cause)
    return _something_else(asked, message)


def unknown_key(_answer: Answer, asked: Asked, _message: str) -> Judgement:
    """A key that AWS does not know, with what is odd about it."""
    if asked.temporary and not asked.session_token:
        return Judgement(
            outcome=ApiOutcome.UNKNOWN_KEY,
            cause="The key is one of temporary credentials (ASIA…) and came without its session token.",
            mend="set AWS_SESSION_TOKEN, or aws_session_token in the profile, beside the two keys",
        )
    if asked.session_token:
        return Judgement(
            outcome=ApiOutcome.UNKNOWN_KEY,
            cause="The session token that came with the key is another's, was cut short, or its session was revoked.",
            mend="fetch new temporary credentials and give all three parts of one set",
        )
    return Judgement(outcome=ApiOutcome.UNKNOWN_KEY)


def _clock(asked: Asked) -> Judgement:
    skew = asked.clock_skew
    if skew is not None and abs(skew) <= ALLOWED_SKEW:
        return Judgement(
            outcome=ApiOutcome.CLOCK_WRONG,
            cause=f"The clock itself is right (within {abs(skew):.0f} s), so the request took too long to get there.",
            mend="look for a proxy that holds requests back",
        )
    which = "" if skew is None else f"It is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}."
    return Judgement(outcome=ApiOutcome.CLOCK_WRONG, cause=which)


def _region(asked: Asked, theirs: str) -> Judgement:
    if theirs and theirs != asked.region:
        return Judgement(
            outcome=ApiOutcome.WRONG_REGION,
            cause=f"It was signed for {asked.region}; {asked.host} is in {theirs}.",
            mend=f"sign for {theirs} (--region {theirs}), or call the endpoint in {asked.region}",
        )
    return Judgement(
        outcome=ApiOutcome.WRONG_REGION,
        cause=f"It was signed for {asked.region}, which is not where {asked.host} leads.",
        mend="sign for the Region in which the environment is (--region)",
    )


def _something_else(asked: Asked, message: str) -> Judgement:
    """A signature over other bytes: AWS may tell the host that it received."""
    found = _CANONICAL_HOST.search(message)
    if found and found["host"] != asked.host:
        return Judgement(
            outcome=ApiOutcome.WRONG_HOST,
            cause=f"AWS received the host {found['host']}; {asked.host} was signed.",
            mend=f"call {found['host']} itself: what is signed is what must arrive",
        )
    if not found and not is_aws_host(asked.host):
        return Judgement(
            outcome=ApiOutcome.SIGNATURE,
            cause=f"{asked.host} is no name of AWS's: if a proxy there puts another Host into the request, no "
            "signature can match.",
            mend="call env.airflow.<region>.amazonaws.com by its own name; if that fails too, see whether the two "
            "keys are one pair",
        )
    return Judgement(outcome=ApiOutcome.SIGNATURE)
