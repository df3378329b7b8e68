"""`mwaanet iam-policy`: what collecting a snapshot, and probing, need to be allowed to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

import click

from mwaanet.cli.output import output
from mwaanet.errors import UsageError
from mwaanet.permissions.grants import PROBE, collect_grants
from mwaanet.permissions.policy import MOST_CHARACTERS, Document, Narrowing, documents
from mwaanet.permissions.stack_set import stack_set
from mwaanet.permissions.terraform import terraform

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""
_ENVIRONMENT = re.compile(r"[a-zA-Z][\w-]{0,79}", re.ASCII)
"""https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html"""


def _json(policies: Sequence[Document]) -> str:
    if len(policies) > 1:
        raise UsageError(
            f"it takes {len(policies)} policies, for a managed policy holds at most {MOST_CHARACTERS:,} characters; "
            "--format terraform and stackset write several, or name fewer resources"
        )
    return json.dumps(policies[0], indent=2) + "\n"


_FORMATS: Mapping[str, Callable[[Sequence[Document]], str]] = {
    "json": _json,
    "terraform": terraform,
    "stackset": stack_set,
}


@click.command(
    name="iam-policy",
    short_help="Print the IAM policy that collection needs.",
    epilog="""\b
Examples:
  mwaanet iam-policy
  mwaanet iam-policy --bucket my-mwaa-bucket \\
      --key arn:aws:kms:us-east-1:111122223333:key/1a2b...
  mwaanet iam-policy --probe --environment my-env
  mwaanet iam-policy --format terraform --output mwaanet.tf
  mwaanet iam-policy --format stackset --output mwaanet.yaml

\b
Of buckets, keys and environments that are not named, all are allowed. What
is taken out of the policy leaves unknown what it decides, and nothing else.
""",
)
@click.option("--probe", is_flag=True, help="What `mwaanet probe` needs, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(_FORMATS)),
    default="json",
    show_default=True,
    help="A policy document; Terraform or a CloudFormation template for a StackSet with a role that has it.",
)
@click.option("--bucket", "buckets", multiple=True, metavar="NAME", help="Only this bucket (may be repeated).")
@click.option("--key", "keys", multiple=True, metavar="ARN", help="Only this KMS key (may be repeated).")
@click.option("--environment", "environments", multiple=True, metavar="NAME", help="Only this one (may be repeated).")
@click.option(
    "--partition",
    type=click.Choice(("aws", "aws-us-gov", "aws-cn")),
    default="aws",
    show_default=True,
    help="Where the named buckets and environments are.",
)
@click.option("--output", "file", metavar="FILE", help="Write to a file instead of stdout.")
def iam_policy(
    probe: bool,
    form: str,
    buckets: tuple[str, ...],
    keys: tuple[str, ...],
    environments: tuple[str, ...],
    partition: str,
    file: str | None,
) -> int:
    """Print the read-only IAM policy that collecting a snapshot needs, with the least that it can do with."""
    for key in keys:
        if not key.startswith("arn:"):
            raise click.UsageError(f"--key takes the ARN of a KMS key, not {key!r}: a policy cannot name it otherwise.")
    for bucket in buckets:
        if not _BUCKET.fullmatch(bucket):
            raise click.UsageError(f"--bucket takes the name of a bucket, not {bucket!r}.")
    for environment in environments:
        if not _ENVIRONMENT.fullmatch(environment):
            raise click.UsageError(f"--environment takes the name of an environment, not {environment!r}.")
    narrowing = Narrowing(partition=partition, buckets=buckets, keys=keys, environments=environments)
    grants = (*collect_grants(), *(PROBE if probe else ()))
    output(_FORMATS[form](documents(grants, narrowing)), file)
    return 0
