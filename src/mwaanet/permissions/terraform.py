"""Policies as a Terraform file: an `aws_iam_policy` each, and a role that has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from mwaanet.permissions.policy import Document

_HEAD: Final = """\
variable "trusted_principals" {
  type        = list(string)
  description = "ARNs of the users, roles or accounts that may assume the role"
}

variable "external_id" {
  type        = string
  default     = null
  description = "The external id that they must give, if any"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = var.trusted_principals
    }

    dynamic "condition" {
      for_each = var.external_id == null ? [] : [var.external_id]

      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "mwaanet" {
  name               = "mwaanet"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"""

_POLICY: Final = """
resource "aws_iam_policy" "{label}" {{
  name   = "{name}"
  policy = jsonencode({document})
}}

resource "aws_iam_role_policy_attachment" "{label}" {{
  role       = aws_iam_role.mwaanet.name
  policy_arn = aws_iam_policy.{label}.arn
}}
"""

_TAIL: Final = """
output "role_arn" {
  value = aws_iam_role.mwaanet.arn
}
"""


def terraform(documents: Sequence[Document]) -> str:
    """The file."""
    return _HEAD + "".join(_policy(number, document) for number, document in enumerate(documents, start=1)) + _TAIL


def _policy(number: int, document: Document) -> str:
    written = "\n  ".join(json.dumps(document, indent=2).split("\n"))
    return _POLICY.format(label=f"mwaanet_{number}", name=f"mwaanet-{number}", document=written)
