"""Networks and environments of the Python API."""

from __future__ import annotations

from pathlib import Path

import pytest

import mwaanet
from builder import mwaa_estate
from builder.estate import HOME, REGION


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> mwaanet.Network:
    """Two environments in the same subnets, and a site file that names neither."""
    estate = mwaa_estate()
    bucket = estate.net.bucket("fernleaf-second")
    estate.net.environment("second", estate.workers, [estate.environment_group], bucket, estate.role)
    estate.net.site("version: 1\n")
    return mwaanet.load(estate.net.write(tmp_path_factory.mktemp("two")))


class TestSeveralEnvironments:
    def test_words_are_refused_until_one_is_named(self, network: mwaanet.Network) -> None:
        assert network.environments == ("ingest-prod", "second")
        with pytest.raises(mwaanet.UsageError, match="or several"):
            network.reach("mwaa.worker", "bucket")
        with pytest.raises(mwaanet.UsageError, match="say which: ingest-prod, second"):
            network.environment()

    def test_words_mean_the_one_that_is_asked(self, network: mwaanet.Network) -> None:
        first, second = network.environment("ingest-prod"), network.environment("second")
        assert "fernleaf-second" not in first.permit("s3:GetObject", "{bucket_arn}/x").question
        assert "fernleaf-second" in second.permit("s3:GetObject", "{bucket_arn}/x").question
        assert (second.name, second.arn.rpartition("/")[2]) == ("second", "second")

    def test_an_unknown_name_is_an_error_that_names_the_nearest(self, network: mwaanet.Network) -> None:
        with pytest.raises(mwaanet.UsageError, match="did you mean second"):
            network.environment("secnd")


def test_site_file_beside_the_snapshot_counts(tmp_path: Path) -> None:
    """The estate's own site file names the host that calls the API; another one may not."""
    estate = mwaa_estate()
    folder = estate.net.write(tmp_path / "snapshot")
    assert mwaanet.load(folder).reach("dc.controller", "mwaa.webserver-name") == "yes"
    bare = tmp_path / "bare.yaml"
    bare.write_text("version: 1\n")
    with pytest.raises(mwaanet.UsageError):
        mwaanet.load(folder, site=bare).reach("dc.controller", "mwaa.webserver")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(mwaanet.InputError, match="does not exist"):
        mwaanet.load(tmp_path / "gone")
    with pytest.raises(mwaanet.UsageError, match="s3-route-missing"):
        mwaanet.load_demo("s3-route-mising")


class TestFindings:
    def test_are_those_of_the_diagnosis(self) -> None:
        environment = mwaanet.load_demo("s3-route-missing").environment()
        assert {finding.id for finding in environment.findings()} == {"S3-REACH"}
        assert len(environment.findings(passed=True)) > len(environment.findings())
        assert "S3-REACH" in environment.explain(width=80)

    def test_an_environment_that_was_not_read_is_unknown(self, tmp_path: Path) -> None:
        estate = mwaa_estate()
        estate.net.refuse(HOME, REGION, "mwaa", "get-environment")
        network = mwaanet.load(estate.net.write(tmp_path))
        answer = network.reach("mwaa.worker", "bucket")
        assert answer == "unknown"
        assert "get-environment" in {need.operation for need in answer.needs}
        assert network.permit("s3:GetObject", "arn:aws:s3:::b/k") == "unknown"
        assert network.resolve("service:sqs") == "unknown"
