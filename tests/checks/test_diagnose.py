"""The diagnosis as a whole: which environment, which paths, what is assumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION
from checks.cases import HEAD, context, diagnosis
from mwaanet.checks.diagnose import diagnose
from mwaanet.checks.environments import asked_environment, choose_environment
from mwaanet.checks.result import Status
from mwaanet.checks.subject import of_documents
from mwaanet.errors import CheckFileError, UsageError
from mwaanet.model.inventory import Inventory
from mwaanet.model.site import Site
from mwaanet.names.route53_profile import NO_PROFILES
from mwaanet.snapshot import CallRef
from mwaanet.snapshot.reader import Snapshot


def two_environments() -> Estate:
    estate = mwaa_estate()
    estate.net.environment("second", estate.workers, [estate.environment_group], estate.bucket, estate.role)
    return estate


def inventory(estate: Estate) -> Inventory:
    return Inventory.load(Snapshot.from_files(estate.files()))


class TestEnvironment:
    def test_of_several_the_name_or_arn_says_which(self) -> None:
        found = inventory(two_environments())
        for environment in found.environments:
            assert choose_environment(found, environment.name) is environment
            assert choose_environment(found, environment.arn) is environment

    def test_of_several_none_is_guessed(self) -> None:
        with pytest.raises(UsageError, match="holds 2 environments, say which: ingest-prod, second"):
            choose_environment(inventory(two_environments()), None)

    def test_a_name_that_several_have(self) -> None:
        estate = two_environments()
        estate.shared.store.call(
            "mwaa",
            "get-environment",
            {"Name": "second"},
            {"Environment": {"Name": "second", "Arn": "arn:aws:airflow:x:1:y"}},
        )
        with pytest.raises(UsageError, match="several environments are named second, say which by its ARN: "):
            choose_environment(inventory(estate), "second")

    def test_a_name_that_none_has(self) -> None:
        with pytest.raises(UsageError, match=r"no environment is named 'ingest-pord' \(did you mean ingest-prod\?\)"):
            choose_environment(inventory(mwaa_estate()), "ingest-pord")

    def test_a_name_that_the_site_file_gives_and_none_has(self) -> None:
        site = Site.parse("version: 1\nenvironment: ingest-pord\n", "mwaanet.yaml")
        with pytest.raises(UsageError, match=r"\(did you mean ingest-prod\?\); the site file names it"):
            asked_environment(inventory(mwaa_estate()), None, site)
        with pytest.raises(UsageError, match=r"named 'other' .*\)$"):
            asked_environment(inventory(mwaa_estate()), "other", site)

    def test_the_workers_are_those_of_the_chosen_one(self) -> None:
        estate = two_environments()
        group = estate.vpc.security_group("closed", egress=[])
        estate.net.document(HOME, REGION, "mwaa", "get-environment")["Calls"][1]["Response"]["Environment"][
            "NetworkConfiguration"
        ]["SecurityGroupIds"] = [group.id]
        files = estate.files()
        assert diagnosis(files, name="ingest-prod").paths[0].status is Status.PASS
        assert diagnosis(files, name="second").paths[0].blocked_by[0] == group.id


class TestReport:
    def test_tells_which_environment_and_snapshot(self) -> None:
        found = diagnosis(mwaa_estate())
        assert (found.environment.name, found.environment.account, found.environment.region) == (
            "ingest-prod",
            HOME,
            REGION,
        )
        assert (found.environment.routing, found.environment.version) == ("private", "2.10.3")
        assert found.status is Status.PASS
        assert found.summary[Status.FAIL] == 0
        assert found.names["vpc-017d6f504d8214274"] == "orchestration"

    def test_paths_are_always_four_and_say_why_they_are_skipped(self) -> None:
        estate = mwaa_estate()
        found = diagnose(Snapshot.from_files(estate.files()), paths=["s3"])
        assert [path.id for path in found.paths] == ["s3", "service", "nexus", "api"]
        assert found.paths[1].status is Status.SKIP
        assert found.paths[1].reason == "not asked for"

    def test_assumptions_are_listed_once(self) -> None:
        estate = mwaa_estate()
        text = estate.net.world.site
        start = text.index("    routes:")
        estate.net.site(text[:start] + text[text.index("    clients:") :])
        found = diagnosis(estate).assumptions
        assert len(found) == len(set(found))
        assert any("control policies" in text for text in found)
        assert any("dc routes everything that AWS advertises" in text for text in found)

    def test_a_snapshot_in_which_nobody_was_asked_for_route_53_profiles_says_what_names_rest_on(self) -> None:
        estate = mwaa_estate()
        assert NO_PROFILES not in diagnosis(estate).assumptions
        for account, regions in Snapshot.from_files(estate.files()).manifest.accounts.items():
            for region in regions:
                estate.net.drop_call(account, region, "route53profiles", "list-profile-associations")
        found = diagnosis(estate)
        assert found.assumptions.count(NO_PROFILES) == 1
        assert found.status is Status.PASS

    def test_the_site_file_names_the_environment(self) -> None:
        estate = two_environments()
        snapshot = Snapshot.from_files(estate.files())
        site = Site.parse(snapshot.site_text or "", "mwaanet.yaml")
        assert diagnose(snapshot, site=site).environment.name == "ingest-prod"


class TestChecksOfUsers:
    def test_a_file_beside_the_built_in_ones(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.yaml"
        file.write_text(HEAD + "    reach: {from: mwaa.worker, to: internet, port: 443}\n")
        found = diagnosis(mwaa_estate(), checks=file)
        assert [finding.status for finding in found.findings if finding.id == "OURS"] == [Status.FAIL, Status.FAIL]

    def test_an_id_of_a_built_in_check_is_taken(self, tmp_path: Path) -> None:
        file = tmp_path / "ours.yaml"
        file.write_text(HEAD.replace("OURS", "S3-REACH") + "    skip: no\n")
        with pytest.raises(
            CheckFileError, match=r"ours\.yaml: line 3: id S3-REACH is already used in .*s3\.yaml, line 5"
        ):
            diagnosis(mwaa_estate(), checks=file)


def test_only_documents_that_are_there_are_evidence() -> None:
    found = context(mwaa_estate()).inventory
    here, gone = CallRef(HOME, REGION, "ec2", "describe-vpcs"), CallRef("1", REGION, "ec2", "describe-vpcs")
    assert [evidence.pointer for evidence in of_documents(found, here, gone)] == ["/Vpcs"]
