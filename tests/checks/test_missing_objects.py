"""An object that is not in the bucket: told by HeadObject, or by a complete list of the bucket.

A list is complete where `IsTruncated` is false or every page is there
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html); it tells about the keys that begin with its
`Prefix`, come after its `StartAfter`, and are not rolled up at its `Delimiter`. Where a version is configured, neither
tells of it unless it was asked for: versions remain behind a delete marker
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html).
"""

from __future__ import annotations

from typing import Any

import pytest

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION
from checks.cases import diagnosis, of, only
from checks.examples import document, with_startup_script
from mwaanet.checks.codes import Fault
from mwaanet.checks.result import Finding, Status

FILES = [
    ("requirements.txt", "S3-REQUIREMENTS"),
    ("plugins.zip", "S3-PLUGINS"),
    ("startup.sh", "S3-STARTUP"),
]


def unversioned() -> Estate:
    """An estate whose environment takes the latest version of each file."""
    estate = mwaa_estate()
    with_startup_script(estate)
    for field in ("Requirements", "Plugins", "StartupScript"):
        del estate.environment.record[f"{field}S3ObjectVersion"]
    return estate


def without(key: str) -> Estate:
    """One whose bucket does not hold a key, about which HeadObject was never asked."""
    estate = unversioned()
    bucket = estate.bucket
    bucket.contents[:] = [entry for entry in bucket.contents if entry["Key"] != key]
    estate.net.drop_call(HOME, REGION, "s3", "head-object", Key=key)
    return estate


def found(estate: Estate, check: str = "S3-REQUIREMENTS") -> Finding:
    return only(of(diagnosis(estate), check))


@pytest.mark.parametrize(("key", "check"), FILES)
def test_a_complete_list_that_leaves_it_out_proves_that_it_is_not_there(key: str, check: str) -> None:
    estate = without(key)
    finding = found(estate, check)
    assert (finding.status, finding.code) == (Status.FAIL, Fault.FACT_MISSING)
    assert finding.resources == (estate.bucket.id, key)
    assert [evidence.file for evidence in finding.evidence] == [f"accounts/{HOME}/{REGION}/s3/list-objects-v2.json"]
    assert "list-objects-v2 finds nothing" in finding.message


@pytest.mark.parametrize(("key", "check"), FILES)
def test_a_list_that_names_it_settles_nothing_of_its_version(key: str, check: str) -> None:
    estate = mwaa_estate()
    with_startup_script(estate)
    estate.net.drop_call(HOME, REGION, "s3", "head-object", Key=key)
    assert found(estate, check).status is Status.UNKNOWN


def test_head_object_that_finds_it_outweighs_an_older_list() -> None:
    estate = mwaa_estate()
    estate.bucket.contents.clear()
    assert found(estate).status is Status.PASS


class TestAVersionThatIsConfigured:
    """The environment reads that version, whatever the latest one is."""

    def test_is_not_told_of_by_a_list(self) -> None:
        estate = mwaa_estate()
        estate.bucket.contents.clear()
        estate.net.drop_call(HOME, REGION, "s3", "head-object", Key="requirements.txt")
        finding = found(estate)
        assert finding.status is Status.UNKNOWN
        assert [need.operation for need in finding.needs] == ["head-object"]

    def test_is_not_told_of_by_head_object_without_it(self) -> None:
        estate = mwaa_estate()
        estate.net.refuse_call(HOME, REGION, "s3", "head-object", "404", Key="requirements.txt")
        finding = found(estate)
        assert finding.status is Status.UNKNOWN
        assert "finds nothing" in finding.message

    def test_may_be_there_behind_a_delete_marker(self) -> None:
        estate = mwaa_estate()
        estate.bucket.contents.clear()
        asked = {"Bucket": estate.bucket.id, "Key": "requirements.txt"}
        version = estate.bucket.version("requirements.txt")
        estate.net.store.call("s3", "head-object", asked | {"VersionId": version}, {"ContentLength": 7})
        estate.net.store.fail_call("s3", "head-object", asked, "404")
        assert found(estate).status is Status.PASS

    def test_is_gone_with_its_bucket(self) -> None:
        estate = mwaa_estate()
        estate.net.drop_call(HOME, REGION, "s3", "head-object", Key="requirements.txt")
        estate.net.refuse_call(HOME, REGION, "s3", "list-objects-v2", "NoSuchBucket")
        assert found(estate).status is Status.FAIL


def test_the_list_outweighs_a_refused_head_object() -> None:
    estate = without("none")
    estate.bucket.contents.clear()
    estate.net.refuse_call(HOME, REGION, "s3", "head-object", "403", Key="requirements.txt")
    assert found(estate).status is Status.FAIL


def test_head_object_alone_tells_it() -> None:
    estate = unversioned()
    estate.net.drop_call(HOME, REGION, "s3", "list-objects-v2")
    estate.net.refuse_call(HOME, REGION, "s3", "head-object", "404", Key="requirements.txt")
    finding = found(estate)
    assert (finding.status, finding.code) == (Status.FAIL, Fault.FACT_MISSING)


@pytest.mark.parametrize(
    ("listing", "status"),
    [
        ({"Prefix": "requirements"}, Status.FAIL),
        ({"Prefix": "dags/"}, Status.UNKNOWN),
        ({"IsTruncated": True}, Status.UNKNOWN),
        ({"IsTruncated": True, "NextContinuationToken": "more"}, Status.UNKNOWN),
        ({"NextToken": "more"}, Status.UNKNOWN),
        ({"StartAfter": "dags/"}, Status.FAIL),
        ({"StartAfter": "z"}, Status.UNKNOWN),
        ({"Delimiter": "/"}, Status.FAIL),
        ({"Delimiter": "e"}, Status.UNKNOWN),
        ({"Contents": None, "KeyCount": 0}, Status.FAIL),
    ],
    ids=str,
)
def test_what_a_list_covers(listing: dict[str, Any], status: Status) -> None:
    estate = without("requirements.txt")
    estate.bucket.listing.update(listing)
    assert found(estate).status is status


def test_the_prefix_that_was_asked_for_counts_where_the_answer_does_not_repeat_it() -> None:
    estate = without("requirements.txt")
    del estate.bucket.listing["Prefix"]
    document(estate, "s3", "list-objects-v2")["Calls"][0]["Parameters"]["Prefix"] = "dags/"
    assert found(estate).status is Status.UNKNOWN


class TestPages:
    @staticmethod
    def pages(*tokens: tuple[str, str]) -> Estate:
        """The list in pages: the token that each was asked with, and the one that it gives for the next."""
        estate = without("requirements.txt")
        calls = document(estate, "s3", "list-objects-v2")["Calls"]
        (first,) = calls
        calls.clear()
        for asked, following in tokens:
            more = {"ContinuationToken": asked} if asked else {}
            truncated = {"IsTruncated": bool(following)} | ({"NextContinuationToken": following} if following else {})
            calls.append({"Parameters": first["Parameters"] | more, "Response": first["Response"] | truncated})
        return estate

    def test_all_of_them_are_a_complete_list(self) -> None:
        assert found(self.pages(("", "a"), ("a", "b"), ("b", ""))).status is Status.FAIL

    def test_one_is_missing(self) -> None:
        assert found(self.pages(("", "a"), ("b", ""))).status is Status.UNKNOWN

    def test_the_last_one_alone(self) -> None:
        assert found(self.pages(("b", ""))).status is Status.UNKNOWN

    def test_they_lead_in_a_circle(self) -> None:
        assert found(self.pages(("", "a"), ("a", "a"))).status is Status.UNKNOWN

    def test_a_refused_page(self) -> None:
        estate = self.pages(("", "a"), ("a", ""))
        last = document(estate, "s3", "list-objects-v2")["Calls"][1]
        del last["Response"]
        last["Error"] = {"Code": "AccessDenied", "Message": ""}
        assert found(estate).status is Status.UNKNOWN


def test_a_bucket_that_does_not_exist_holds_nothing() -> None:
    estate = without("requirements.txt")
    estate.net.refuse_call(HOME, REGION, "s3", "list-objects-v2", "NoSuchBucket")
    assert found(estate).status is Status.FAIL


def test_a_refused_list_tells_nothing() -> None:
    estate = without("requirements.txt")
    estate.net.refuse_call(HOME, REGION, "s3", "list-objects-v2", "AccessDenied")
    assert found(estate).status is Status.UNKNOWN
