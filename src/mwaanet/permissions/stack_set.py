"""Policies as a CloudFormation template for a StackSet: the same role with them in every account of a fleet.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from mwaanet.permissions.policy import Document


def stack_set(documents: Sequence[Document]) -> str:
    """The template, as YAML."""
    policies = {f"Policy{number}": _policy(document) for number, document in enumerate(documents, start=1)}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "A read-only role from which mwaanet collects a snapshot of an account",
        "Parameters": _PARAMETERS,
        "Conditions": {"HasExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, ""]}]}},
        "Resources": {"Role": _ROLE, **policies},
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return yaml.dump(template, Dumper=_Dumper, sort_keys=False, width=120)


class _Dumper(yaml.SafeDumper):
    """Writes what appears twice twice: CloudFormation takes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_PARAMETERS = {
    "TrustedPrincipal": {
        "Type": "String",
        "Description": "ARN of the user, role or account that may assume the role",
        "AllowedPattern": "arn:[a-z-]+:(iam|sts)::[0-9]{12}:.+",
    },
    "ExternalId": {"Type": "String", "Default": "", "Description": "The external id that it must give, if any"},
    "RoleName": {"Type": "String", "Default": "mwaanet", "Description": "The name of the role, in every account"},
}

_ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "RoleName": {"Ref": "RoleName"},
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": {"Ref": "TrustedPrincipal"}},
                    "Action": "sts:AssumeRole",
                    "Condition": {
                        "Fn::If": [
                            "HasExternalId",
                            {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
                            {"Ref": "AWS::NoValue"},
                        ]
                    },
                }
            ],
        },
    },
}


def _policy(document: Document) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": document, "Roles": [{"Ref": "Role"}]},
    }
