"""What each fact of an environment can be, as far as that is fixed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

from mwaanet.checks.aws_places import ACCOUNT, regions
from mwaanet.checks.facts import FACTS
from mwaanet.checks.response_shapes import Form, ListOf, Plain, Shape, Structure

_KINDS: Mapping[str, str] = {
    "airflow_major": "number",
    **dict.fromkeys(
        (
            "bucket_demands_endpoint",
            "api_sessions_open",
            "invoke_rest_api",
            "package_sources_known",
            "package_login_codeartifact",
        ),
        "truth value",
    ),
}
"""Of the facts that are no texts, nor lists of texts."""
_FORMS: Mapping[str, Form] = {
    "account": Form(ACCOUNT.pattern, "12 digits"),
    "airflow_version": Form(r"\d+\.\d+\.\d+", "a version such as 2.10.1"),
    "vpc": Form(r"vpc-[0-9a-f]+", "the id of a VPC"),
    "subnet_ids": Form(r"subnet-[0-9a-f]+", "the id of a subnet"),
    "zones": Form(
        r"[a-z0-9]+-az\d+", "a zone's ID such as use1-az1, not its name, which differs from account to account"
    ),
    **dict.fromkeys(("arn", "bucket_arn", "role", "api_role", "queue_arn"), Form(r"arn:.+", "an ARN")),
}


@cache
def facts_shape() -> Structure:
    """All facts, as the document over which `when` and `that` are evaluated."""
    return Structure({name: partial(_fact_shape, name) for name in FACTS})


def _fact_shape(name: str) -> Shape:
    values = regions() if name == "region" else FACTS[name].values
    plain = Plain(_KINDS.get(name, "text"), values, _FORMS.get(name))
    return ListOf(lambda: plain) if FACTS[name].many else plain
