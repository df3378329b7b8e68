"""Each part of the way to the package server has its own verdict, unknown where it rests on what was not read."""

from __future__ import annotations

import pytest

from builder import Estate, mwaa_estate
from builder.estate import HOME, REGION, SHARED
from builder.estate_site import INDEX
from checks.designs import segments, standing
from checks.examples import with_startup_script
from checks.nexus import diagnosed, faults
from checks.nexus_examples import from_codeartifact, requires
from mwaanet.checks.result import Finding, Status
from mwaanet.report.json_report import diagnosis_json
from mwaanet.report.text import diagnosis_text

PARTS = ("NAME", "ENDPOINT", "SERVICE", "BALANCER", "NETWORK", "RETURN")


def found(estate: Estate, *without: str) -> dict[str, Finding]:
    """The findings that are not a pass, without some files of the snapshot."""
    return faults(diagnosed({file: text for file, text in estate.files().items() if file not in without}))


def file_of(account: str, service: str, operation: str) -> str:
    return f"accounts/{account}/{REGION}/{service}/{operation}.json"


class TestUnknown:
    def test_a_group_that_was_not_read_is_unknown_beside_a_fault_further_on(self) -> None:
        """A part is no pass for being passed on the search for what stops the packets behind it."""
        estate = mwaa_estate()
        estate.nlb_acl.remove(110, egress=True)
        told = found(estate, file_of(HOME, "ec2", "describe-security-groups"))
        assert told["NEXUS-ENDPOINT"].status is Status.UNKNOWN
        assert {need.operation for need in told["NEXUS-ENDPOINT"].needs} == {"describe-security-groups"}
        assert told["NEXUS-NETWORK"].status is Status.FAIL

    @pytest.mark.parametrize(
        ("operation", "first"),
        [
            ("describe-vpc-endpoint-service-configurations", "SERVICE"),
            ("describe-route-tables", "NETWORK"),
        ],
    )
    def test_behind_what_was_not_read_nothing_is_known(self, operation: str, first: str) -> None:
        told = found(mwaa_estate(), file_of(SHARED, "ec2", operation))
        behind = PARTS[PARTS.index(first) :]
        assert set(told) == {f"NEXUS-{part}" for part in behind}
        assert {finding.status for finding in told.values()} == {Status.UNKNOWN}
        assert {need.operation for finding in told.values() for need in finding.needs} == {operation}

    @pytest.mark.parametrize("operation", ["describe-dhcp-options", "describe-vpcs", "describe-vpc-attribute"])
    def test_a_zone_is_not_called_unassociated_where_the_resolver_is_not_known(self, operation: str) -> None:
        told = found(mwaa_estate(), file_of(HOME, "ec2", operation))
        assert told["NEXUS-NAME"].status is Status.UNKNOWN
        assert {need.operation for need in told["NEXUS-NAME"].needs} == {operation}

    def test_connections_that_were_not_read_may_still_carry_replies(self) -> None:
        told = found(mwaa_estate(), file_of(SHARED, "ec2", "describe-vpn-connections"))
        assert {name: finding.status for name, finding in told.items()} == {"NEXUS-RETURN": Status.UNKNOWN}

    def test_attachments_that_were_not_read_are_not_called_missing(self) -> None:
        told = found(mwaa_estate(), file_of(SHARED, "ec2", "describe-transit-gateway-attachments"))
        assert {finding.status for finding in told.values()} == {Status.UNKNOWN}


class TestCredentials:
    """What is written into URLs is printed nowhere, whatever is found."""

    @pytest.mark.parametrize(
        "lines",
        [
            ("--index-url https://reader:Pa55word@packages.build.example/simple/", "requests==2.32.3"),
            ("--extra-index-url https://reader:Pa55word@elsewhere.example/simple/", "requests==2.32.3"),
            ("-c https://reader:Pa55word@elsewhere.example/c.txt", "requests==2.32.3"),
            ("-r https://reader:Pa55word@elsewhere.example/r.txt", "requests==2.32.3"),
            ("x @ https://reader:Pa55word@elsewhere.example/x.whl",),
            ("git+https://reader:Pa55word@elsewhere.example/x.git#egg=x",),
            ("--no-such https://reader:Pa55word@elsewhere.example/", "requests==2.32.3"),
        ],
    )
    def test_no_output_holds_a_password(self, lines: tuple[str, ...]) -> None:
        estate = mwaa_estate()
        requires(estate, *lines)
        with_startup_script(estate)
        estate.bucket.put("startup.sh", "export PIP_EXTRA_INDEX_URL=https://reader:Pa55word@third.example/simple\n")
        told = diagnosed(estate.files())
        assert "Pa55word" not in diagnosis_json(told, True)
        assert "Pa55word" not in diagnosis_text(told, width=200, colour=False, all_findings=True, unicode=True)


class TestPlainHttp:
    """https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host: pip ignores repositories, the sources that list
    packages, which it asks by http and does not trust; a file that a line names by URL it fetches.
    """

    @pytest.mark.parametrize("line", ["-c http://{}/c.txt", "-r http://{}/r.txt", "x @ http://{}/x.whl"])
    def test_a_file_by_http_is_fetched_unchecked(self, line: str) -> None:
        estate = mwaa_estate()
        requires(estate, f"--index-url {INDEX}", line.format("files.build.example"), "requests==2.32.3")
        told = found(estate)
        assert "NEXUS-HTTP" not in told
        assert "files.build.example" in told["NEXUS-TRUSTED"].message

    @pytest.mark.parametrize("option", ["--extra-index-url", "--find-links"])
    def test_a_list_of_packages_by_http_is_ignored(self, option: str) -> None:
        estate = mwaa_estate()
        requires(estate, f"--index-url {INDEX}", f"{option} http://files.build.example/simple/", "requests==2.32.3")
        assert "files.build.example" in found(estate)["NEXUS-HTTP"].message


class TestStartupScript:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html"""

    def test_what_it_fetches_itself_is_named_as_not_judged(self) -> None:
        estate = mwaa_estate()
        with_startup_script(estate)
        estate.bucket.put("startup.sh", "#!/bin/sh\ncurl https://reader:Pa55word@files.example/x\n")
        estate.environment.record["StartupScriptS3ObjectVersion"] = estate.bucket.version("startup.sh")
        (told,) = segments(diagnosed(estate.files()), "NEXUS-STARTUP")
        assert (told.status, told.reason) == (
            Status.SKIP,
            "what startup.sh itself fetches is not judged: line 2 (curl)",
        )


class TestCodeArtifact:
    """https://docs.aws.amazon.com/codeartifact/latest/ug/use-codeartifact-from-vpc.html"""

    def test_the_endpoint_s_own_name_is_aws_s_and_has_a_certificate(self) -> None:
        estate = mwaa_estate()
        endpoint = estate.vpc.endpoint(
            "codeartifact.repositories", estate.endpoint_subnets, groups=[estate.endpoint_group], private_dns=False
        )
        index = f"https://aws@{endpoint.dns_name}/pypi/d/fernleaf-111122223333/python/simple/"
        requires(estate, f"--index-url {index}", "requests==2.32.3")
        told = found(estate)
        assert set(told) == {"CODEARTIFACT-API"}

    def test_packages_for_python_need_no_way_to_s3(self) -> None:
        """https://docs.aws.amazon.com/codeartifact/latest/ug/create-s3-gateway-endpoint.html"""
        estate = mwaa_estate()
        from_codeartifact(estate)
        for subnet in estate.workers:
            estate.s3_endpoint.disassociate(subnet.table)
        told = diagnosed(estate.files())
        assert standing(told, "CODEARTIFACT-S3") is Status.SKIP
        assert faults(told) == {}
