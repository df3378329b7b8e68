"""What workers must reach is what the built-in checks ask about, by name where there is one."""

from __future__ import annotations

import pytest

from mwaanet import demo
from mwaanet.checks.destinations import Destination, WorkerNeeds, worker_needs
from mwaanet.errors import UsageError
from mwaanet.snapshot.reader import Snapshot


@pytest.fixture(scope="module")
def needs() -> WorkerNeeds:
    return worker_needs(Snapshot.from_files(demo.files(demo.DEFAULT), "demo"))


def test_services_and_the_bucket_are_named(needs: WorkerNeeds) -> None:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html."""
    assert needs.environment == "ingest-prod"
    region = "us-east-1.amazonaws.com"
    names = [f"{service}.{region}" for service in ("sqs", "logs", "monitoring", "kms")]
    names.append(f"fernleaf-ingest-prod-airflow.s3.{region}")
    for name in names:
        assert Destination(name, 443, tls=True) in needs.destinations


def test_the_database_is_known_by_its_addresses_only(needs: WorkerNeeds) -> None:
    databases = [destination for destination in needs.destinations if destination.port == 5432]
    assert [(place.host, place.tls) for place in databases] == [("10.24.8.20", False), ("10.24.9.20", False)]


def test_the_private_web_server_is_tried_by_its_name(needs: WorkerNeeds) -> None:
    assert any("-vpce.c7.us-east-1.airflow." in place.host and place.tls for place in needs.destinations)


def test_package_indexes_keep_their_path(needs: WorkerNeeds) -> None:
    assert needs.indexes == ("https://packages.build.example/repository/pypi/simple/",)
    assert Destination("packages.build.example", 443, tls=True) in needs.destinations
    assert needs.gaps == ()


def test_an_environment_of_which_only_the_name_is_known_is_refused() -> None:
    files = {name: body for name, body in demo.files(demo.DEFAULT).items() if "get-environment" not in name}
    with pytest.raises(UsageError, match="what ingest-prod needs is not known"):
        worker_needs(Snapshot.from_files(files, "demo"), environment="ingest-prod")


def test_an_environment_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="ingest-prod"):
        worker_needs(Snapshot.from_files(demo.files(demo.DEFAULT), "demo"), environment="ingest-pord")
