"""An environment that is known by name only: everything about it is unknown, and the missing call is named.

`ListEnvironments` gives names alone (https://docs.aws.amazon.com/mwaa/latest/API/API_ListEnvironments.html); what an
environment is made of only `GetEnvironment` tells, which takes `airflow:GetEnvironment`
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedworkflowsforapacheairflow.html).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION
from mwaanet.checks.ask import ask
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.environments import choose_environment
from mwaanet.checks.result import Diagnosis, Status
from mwaanet.cli.main import cli
from mwaanet.errors import UsageError
from mwaanet.graph.network import Network
from mwaanet.model.inventory import Inventory
from mwaanet.paths.trace import Reachable
from mwaanet.snapshot import CallRef, Snapshot

NAME = "ingest-prod"
ARN = f"arn:aws:airflow:{REGION}:{HOME}:environment/{NAME}"
NEEDED = CallRef(HOME, REGION, "mwaa", "get-environment")
LISTED = CallRef(HOME, REGION, "mwaa", "list-environments")


def refused(name: str = NAME, code: str = "AccessDeniedException") -> Estate:
    estate = mwaa_estate()
    estate.net.refuse_call(HOME, REGION, "mwaa", "get-environment", code, Name=name)
    return estate


def never_asked() -> Estate:
    estate = mwaa_estate()
    estate.net.drop_call(HOME, REGION, "mwaa", "get-environment")
    return estate


def two(*, refuse: str) -> Estate:
    estate = mwaa_estate()
    estate.net.environment("second", estate.workers, [estate.environment_group], estate.bucket, estate.role)
    estate.net.refuse_call(HOME, REGION, "mwaa", "get-environment", "AccessDeniedException", Name=refuse)
    return estate


def seen(estate: Estate, name: str | None = None) -> Diagnosis:
    return diagnose(Snapshot.from_files(estate.files()), environment=name)


def outcome(found: Diagnosis) -> list[tuple[str, str, str]]:
    return [(finding.id, finding.status.value, finding.message) for finding in found.findings]


def inventory(estate: Estate) -> Inventory:
    return Inventory.load(Snapshot.from_files(estate.files()))


@pytest.mark.parametrize("name", [None, NAME, ARN])
@pytest.mark.parametrize(
    ("estate", "why"),
    [
        (refused(), "get-environment for ingest-prod was refused (AccessDeniedException)"),
        (never_asked(), "get-environment for ingest-prod is not in the snapshot"),
    ],
    ids=["refused", "never-asked"],
)
def test_its_four_paths_are_unknown_and_need_the_call(estate: Estate, why: str, name: str | None) -> None:
    found = seen(estate, name)
    assert (found.environment.name, found.environment.arn) == (NAME, ARN)
    assert (found.environment.account, found.environment.region) == (HOME, REGION)
    assert [(path.id, path.status) for path in found.paths] == [
        (path, Status.UNKNOWN) for path in ("s3", "service", "nexus", "api")
    ]
    assert all(why in path.reason and "airflow:GetEnvironment" in path.reason for path in found.paths)
    assert {finding.status for finding in found.findings} == {Status.UNKNOWN}
    assert {finding.needs for finding in found.findings} == {(NEEDED,)}
    assert {finding.path for finding in found.findings} >= {"s3", "service", "nexus"}
    assert all(why in finding.message for finding in found.findings)


def test_nothing_that_decides_is_made_up() -> None:
    environment = seen(refused()).environment
    assert (environment.access_mode, environment.version, environment.status) == ("", "", "")
    assert environment.routing == "unknown"


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_says_so_and_exits_3(tmp_path: Path, form: str) -> None:
    folder = refused().net.write(tmp_path / "snapshot")
    result = CliRunner().invoke(cli, ["diagnose", "env", "--snapshot", str(folder), "--format", form])
    assert result.exit_code == 3
    assert "airflow:GetEnvironment" in result.stdout
    if form == "json":
        document = json.loads(result.stdout)
        assert document["findings"][0]["needs"] == [NEEDED._asdict()]
        assert {path["status"] for path in document["paths"]} == {"unknown"}
    else:
        words = " ".join(result.stdout.split())
        assert f"needs: mwaa get-environment in account {HOME}, {REGION}" in words


def test_the_others_are_diagnosed_as_ever() -> None:
    estate = two(refuse="second")
    assert seen(estate, NAME).paths[0].status is Status.PASS
    assert outcome(seen(estate, NAME)) == outcome(seen(two(refuse="none-such"), NAME))
    assert {path.status for path in seen(estate, "second").paths} == {Status.UNKNOWN}


def test_of_several_one_must_be_named_even_where_only_one_was_read() -> None:
    with pytest.raises(UsageError, match="holds 2 environments, say which: ingest-prod, second"):
        choose_environment(inventory(two(refuse="second")), None)


def test_a_name_that_none_has_is_compared_with_all() -> None:
    with pytest.raises(UsageError, match=r"no environment is named 'secnod' \(did you mean second, ingest-prod\?\)"):
        choose_environment(inventory(two(refuse="second")), "secnod")


def test_an_environment_that_aws_says_is_not_there_is_none() -> None:
    with pytest.raises(UsageError, match="holds no MWAA environment"):
        choose_environment(inventory(refused(code="ResourceNotFoundException")), NAME)


def test_only_some_paths_are_asked_for() -> None:
    found = diagnose(Snapshot.from_files(refused().files()), paths=("s3",))
    assert [path.status for path in found.paths] == [Status.UNKNOWN, Status.SKIP, Status.SKIP, Status.SKIP]


class TestNoList:
    """Where environments could not even be listed, one that is named may exist; without a name there is no subject."""

    @staticmethod
    def estate() -> Estate:
        estate = never_asked()
        estate.net.refuse(HOME, REGION, "mwaa", "list-environments", "AccessDeniedException")
        return estate

    def test_one_that_is_named_is_unknown(self) -> None:
        found = seen(self.estate(), NAME)
        assert {path.status for path in found.paths} == {Status.UNKNOWN}
        assert {finding.needs for finding in found.findings} == {(LISTED, NEEDED)}

    def test_without_a_name_the_refusal_is_told(self) -> None:
        with pytest.raises(UsageError, match=r"list-environments was refused .*\(AccessDeniedException\)"):
            choose_environment(inventory(self.estate()), None)


class TestTrace:
    def test_its_workers_are_unknown(self) -> None:
        network = Network(inventory(refused()))
        found = ask(network, "mwaa.worker", "bucket", 6, 443)
        assert found.reachable is Reachable.UNKNOWN
        assert found.unknowns[0].needs == (NEEDED,)

    def test_what_is_not_part_of_it_is_traced_as_ever(self) -> None:
        estate = refused()
        network = Network(inventory(estate))
        first, second = (task.id for task in estate.environment.tasks)
        assert ask(network, first, second, 6, 443).reachable is Reachable.YES


@pytest.mark.parametrize("arn", ["", "ingest-prod", "arn:aws:airflow"])
def test_an_arn_that_is_none_leaves_account_and_region_to_where_it_was_read(arn: str) -> None:
    estate = mwaa_estate()
    estate.environment.record["Arn"] = arn
    found = seen(estate)
    assert (found.environment.account, found.environment.region) == (HOME, REGION)
