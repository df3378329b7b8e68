"""The faults that the checks of the nexus path must find."""

from __future__ import annotations

from builder import Estate
from builder.estate_site import INDEX, PACKAGE_SERVER, SITE
from checks.examples import breaks, remove_endpoint, with_startup_script

REPOSITORY = "https://aws@fernleaf-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/python/simple/"


def requires(estate: Estate, *lines: str) -> str:
    """Give the environment another requirements.txt; the culprit's name is its place."""
    estate.bucket.put("requirements.txt", "".join(f"{line}\n" for line in lines))
    estate.environment.record["RequirementsS3ObjectVersion"] = estate.bucket.version("requirements.txt")
    return f"{estate.bucket.id}/requirements.txt"


def from_public(estate: Estate) -> None:
    requires(estate, "requests==2.32.3")


def from_codeartifact(estate: Estate) -> None:
    """Packages come from CodeArtifact, by endpoints beside the others."""
    requires(estate, f"--index-url {REPOSITORY}", "requests==2.32.3")
    for service in ("codeartifact.api", "codeartifact.repositories"):
        estate.endpoints[service] = estate.vpc.endpoint(
            service, estate.endpoint_subnets, groups=[estate.endpoint_group]
        )


def with_login(estate: Estate) -> None:
    from_codeartifact(estate)
    with_startup_script(estate)
    estate.bucket.put("startup.sh", "aws codeartifact login --tool pip --domain fernleaf --repository python\n")
    estate.environment.record["StartupScriptS3ObjectVersion"] = estate.bucket.version("startup.sh")


@breaks("NEXUS-REQUIREMENTS", status="unknown")
def nested_file_outside_the_bucket(estate: Estate) -> str:
    requires(estate, f"--index-url {INDEX}", "-r /usr/local/airflow/plugins/more.txt", "requests==2.32.3")
    return ""


@breaks("NEXUS-SYNTAX", status="warn")
def unknown_option(estate: Estate) -> str:
    return requires(estate, f"--index-url {INDEX}", "--no-such-option", "requests==2.32.3")


@breaks("NEXUS-PUBLIC", routing="nat", prepare=from_public)
def public_index_without_internet(estate: Estate) -> str:
    estate.workers[1].table.remove("0.0.0.0/0")
    return f"{estate.bucket.id}/requirements.txt"


@breaks("NEXUS-HTTP")
def plain_http(estate: Estate) -> str:
    return requires(estate, "--index-url http://packages.build.example/simple/", "requests==2.32.3")


@breaks("NEXUS-TRUSTED", status="warn")
def trusted_host(estate: Estate) -> str:
    return requires(estate, f"--index-url {INDEX}", "--trusted-host packages.build.example", "requests==2.32.3")


@breaks("NEXUS-CERTIFICATE", status="warn")
def index_by_address(estate: Estate) -> str:
    return requires(estate, f"--index-url https://{PACKAGE_SERVER}/simple/", "requests==2.32.3")


@breaks("NEXUS-NAME")
def record_missing(estate: Estate) -> str:
    estate.zone.remove("packages")
    return estate.zone.id


@breaks("NEXUS-ENDPOINT")
def not_accepted(estate: Estate) -> str:
    estate.packages_endpoint.state("pendingAcceptance")
    return estate.packages_endpoint.id


@breaks("NEXUS-SERVICE")
def without_load_balancer(estate: Estate) -> str:
    estate.service.record["NetworkLoadBalancerArns"] = []
    return estate.service.id


@breaks("NEXUS-BALANCER")
def without_targets(estate: Estate) -> str:
    estate.target_group.health.clear()
    return estate.target_group.arn


@breaks("NEXUS-NETWORK")
def without_a_route_to_the_site(estate: Estate) -> str:
    table = estate.nlb_subnets[0].table
    table.remove(SITE)
    return table.id


@breaks("NEXUS-RETURN")
def replies_to_workers_stopped(estate: Estate) -> str:
    estate.endpoint_acl.remove(100, egress=True)
    return estate.endpoint_acl.id


@breaks("CODEARTIFACT-REPOSITORIES", prepare=from_codeartifact)
def repositories_missing(estate: Estate) -> str:
    remove_endpoint(estate, "codeartifact.repositories")
    return estate.vpc.id


@breaks("CODEARTIFACT-API", status="warn", prepare=from_codeartifact)
def api_missing(estate: Estate) -> str:
    remove_endpoint(estate, "codeartifact.api")
    return estate.vpc.id


@breaks("CODEARTIFACT-LOGIN", prepare=with_login)
def api_closed(estate: Estate) -> str:
    estate.endpoints["codeartifact.api"].regroup(estate.vpc.default_group)
    return estate.vpc.default_group.id
