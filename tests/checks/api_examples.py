"""The faults that the checks of the api path must find."""

from __future__ import annotations

from builder import Estate, allow, inbound, policy
from builder.estate import HOME, NAME, REGION
from builder.estate_site import CLIENTS, SITE
from checks.examples import breaks

_AIRFLOW_ROLE = f"arn:aws:airflow:{REGION}:{HOME}:role/{NAME}/User"


def site(estate: Estate, old: str, new: str) -> None:
    """Replace a part of the site file, which must be there."""
    text = estate.net.site_text
    assert old in text, old
    estate.net.site(text.replace(old, new))


def may(estate: Estate, *actions: str) -> str:
    """Leave the caller these permissions; gives the caller's name."""
    estate.caller.inline("call-airflow", policy(allow(list(actions), [_AIRFLOW_ROLE, estate.environment.arn])))
    return estate.caller.name


@breaks("API-STATUS")
def creation_failed(estate: Estate) -> str:
    estate.environment.record["Status"] = "CREATE_FAILED"
    return estate.environment.arn


@breaks("API-CHANGING", status="warn")
def under_maintenance(estate: Estate) -> str:
    estate.environment.record["Status"] = "MAINTENANCE"
    return estate.environment.arn


@breaks("API-PRINCIPAL", status="unknown")
def nobody_said_who_signs(estate: Estate) -> str:
    site(estate, f"  principal: {estate.caller.arn}\n", "")
    return ""


@breaks("API-TRUST")
def trusts_a_service_only(estate: Estate) -> str:
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    estate.caller.detail["AssumeRolePolicyDocument"] = policy(trusted)
    return estate.caller.name


def with_roles_anywhere(estate: Estate) -> None:
    """The role's credentials come from IAM Roles Anywhere, through an endpoint of the environment's VPC."""
    trust_roles_anywhere(estate)
    estate.endpoints["rolesanywhere"] = estate.vpc.endpoint(
        "rolesanywhere", estate.endpoint_subnets, groups=[estate.endpoint_group]
    )
    site(estate, f"zone: sts.{REGION}.amazonaws.com", f"zone: rolesanywhere.{REGION}.amazonaws.com")


def trust_roles_anywhere(estate: Estate, *actions: str) -> None:
    """Let the caller's role trust IAM Roles Anywhere alone, with what it must grant unless other actions are given."""
    granted = actions or ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")
    trusted = {"Effect": "Allow", "Principal": {"Service": "rolesanywhere.amazonaws.com"}, "Action": list(granted)}
    estate.caller.detail["AssumeRolePolicyDocument"] = policy(trusted)


@breaks("API-ANYWHERE", prepare=with_roles_anywhere)
def anywhere_without_source_identity(estate: Estate) -> str:
    trust_roles_anywhere(estate, "sts:AssumeRole", "sts:TagSession")
    return estate.caller.name


@breaks("API-SESSION", status="unknown", prepare=with_roles_anywhere)
def anywhere_endpoint_with_a_policy(estate: Estate) -> str:
    estate.endpoints["rolesanywhere"].policy(policy(allow("rolesanywhere:Get*", "*", Principal="*")))
    return ""


@breaks("API-NAME")
def web_server_not_forwarded(estate: Estate) -> str:
    site(estate, f"zone: {REGION}.airflow.amazonaws.com", "zone: elsewhere.airflow.amazonaws.com")
    return "dc.dns"


@breaks("API-SITE")
def firewall_closed(estate: Estate) -> str:
    site(estate, "ports: [443]", "ports: [80]")
    return "dc.firewall"


@breaks("API-NETWORK")
def blackhole(estate: Estate) -> str:
    estate.edge_table.blackhole("10.24.0.0/16")
    return estate.edge_table.id


@breaks("API-ENDPOINT")
def acl_closed(estate: Estate) -> str:
    estate.worker_acl.add(inbound(10, "deny", "tcp", 443, CLIENTS))
    return estate.worker_acl.id


@breaks("API-RETURN")
def no_route_back(estate: Estate) -> str:
    estate.workers[1].table.remove(SITE)
    return estate.workers[1].table.id


def with_alias(estate: Estate) -> None:
    """Clients use an alias, behind which a load balancer of the site stands."""
    site(estate, "      records:\n", "      records:\n        airflow.corp.example: [172.20.7.80]\n")
    site(estate, "\napi:\n", "\napi:\n  host: airflow.corp.example\n")


@breaks("API-ALIAS", prepare=with_alias)
def alias_gone(estate: Estate) -> str:
    site(estate, "        airflow.corp.example: [172.20.7.80]\n", "")
    return "dc.dns"


@breaks("API-ALIAS-CERTIFICATE", prepare=with_alias)
def alias_of_the_web_server(estate: Estate) -> str:
    site(estate, "[172.20.7.80]", f"{{cname: {estate.environment.host}}}")
    return "airflow.corp.example"


@breaks("API-TOKEN")
def no_token(estate: Estate) -> str:
    return may(estate, "airflow:InvokeRestApi", "airflow:CreateCliToken")


@breaks("API-INVOKE", status="warn")
def no_invoke(estate: Estate) -> str:
    return may(estate, "airflow:CreateWebLoginToken", "airflow:CreateCliToken")


@breaks("API-CLI", status="warn")
def no_cli(estate: Estate) -> str:
    return may(estate, "airflow:CreateWebLoginToken", "airflow:InvokeRestApi")
