"""What boto3's clients are made from: the operations of the table, and models of the user's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from mwaanet.collect.models import Models


def client(models: Models, service: str) -> Any:
    session = botocore.session.Session()
    session.register_component("data_loader", models)
    make: Any = session.create_client
    return make(service, "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


def test_a_client_has_no_method_that_changes_anything() -> None:
    ec2 = client(Models(None), "ec2")
    assert hasattr(ec2, "describe_vpcs")
    assert not hasattr(ec2, "delete_vpc")


@pytest.mark.parametrize("operation", ["assume_role", "assume_role_with_web_identity"])
def test_roles_can_be_assumed(operation: str) -> None:
    assert hasattr(client(Models(None), "sts"), operation)


def test_models_of_the_user_are_found(tmp_path: Path) -> None:
    """AWS_DATA_PATH: https://botocore.amazonaws.com/v1/documentation/api/latest/reference/loaders.html."""
    folder = tmp_path / "mwaa" / "2099-01-01"
    folder.mkdir(parents=True)
    operation = {"name": "GetEnvironment", "http": {"method": "GET", "requestUri": "/"}}
    model = {"version": "2.0", "metadata": {}, "operations": {"GetEnvironment": operation}, "shapes": {}}
    (folder / "service-2.json").write_text(json.dumps(model), encoding="utf-8")
    assert Models(str(tmp_path)).load_service_model("mwaa", "service-2")["operations"] == {"GetEnvironment": operation}
