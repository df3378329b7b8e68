"""Whence the credentials of a role that signs come: AWS STS, or IAM Roles Anywhere for what does not run on AWS.

Where a trust policy names IAM Roles Anywhere alone, clients ask `rolesanywhere.<region>` for them by CreateSession,
with a certificate (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html,
https://docs.aws.amazon.com/rolesanywhere/latest/userguide/vpc-interface-endpoints.html).

Not modelled: trust anchors, profiles and certificates; which principal an endpoint's policy sees in CreateSession.
"""

from __future__ import annotations

from mwaanet.access import Policy, PolicySet, Principal, Request, evaluate
from mwaanet.checks.assume import EVERYONE, EVERYTHING, ROLES_ANYWHERE, assumers, trust_policy
from mwaanet.checks.clients import client_ends
from mwaanet.checks.principal_policies import Policies, parsed
from mwaanet.checks.services import endpoint_names
from mwaanet.checks.subject import Fact, Subject
from mwaanet.graph.flight import Evidence
from mwaanet.model.unknown import Unknown
from mwaanet.names import Outcome, Place, SitePlace, resolve, service_name
from mwaanet.paths.endpoints import endpoint_of, is_endpoint_text
from mwaanet.paths.places import place_of
from mwaanet.paths.question import Endpoint

STS, ANYWHERE = "sts", "rolesanywhere"
_SESSION = "rolesanywhere:CreateSession"


def api_principal(subject: Subject) -> str | Unknown:
    """The ARN of whoever signs the calls, as the site file has it."""
    site = subject.inventory.site_file
    principal = site.api.principal if site and site.api else None
    return principal or Unknown(reason="mwaanet.yaml does not declare api.principal")


def api_principal_kind(subject: Subject) -> str:
    """What signs the calls: `role`, `user`, another kind of principal, or `unknown`."""
    principal = api_principal(subject)
    if isinstance(principal, Unknown):
        return "unknown"
    kind = principal.rpartition(":")[2].partition("/")[0]
    return "role" if kind == "assumed-role" else kind


def api_role(subject: Subject) -> str:
    """The ARN of the role that signs; empty where no role does."""
    principal = api_principal(subject)
    if isinstance(principal, Unknown) or api_principal_kind(subject) != "role":
        return ""
    return Policies.of(subject.inventory, principal).principal.arn


def credentials_service(subject: Subject) -> str | Unknown:
    """The service that gives a role's credentials to clients; AWS STS where its trust policy names nobody for them."""
    role = api_role(subject)
    if not role:
        return STS
    policy, _ = trust_policy(subject.inventory, Principal.parse(role))
    if isinstance(policy, Unknown):
        return policy
    trusted = {one.principal.arn for one in assumers(policy, None, on_premises=True)}
    return ANYWHERE if trusted == {ROLES_ANYWHERE} else STS


def api_credentials_service(subject: Subject) -> str:
    """The service to ask for credentials: `sts` also where the trust policy was not read."""
    found = credentials_service(subject)
    return STS if isinstance(found, Unknown) else found


def api_credentials(subject: Subject) -> str:
    """Whence the credentials of a role come: by the `network`, or over an `internet` that nobody declared.

    Where a client's resolver answers the service's public addresses, no endpoint for it exists and the site file says
    nothing of the site's own internet access, the request for credentials touches nothing that is judged here.
    """
    service = api_credentials_service(subject)
    services = endpoint_names(service, subject.region)
    if any(endpoint.service_name in services for endpoint in subject.inventory.vpc_endpoints.values()):
        return "network"
    name = service_name(service, subject.region, subject.partition)
    undeclared = {site.name for site in subject.inventory.sites if not (site.firewall and site.firewall.internet)}
    places = client_places(subject)
    for place in places:
        answer = resolve(subject.inventory, place, name) if isinstance(place, SitePlace) else None
        if answer is None or not isinstance(place, SitePlace) or place.site_name not in undeclared:
            return "network"
        if not answer.undetermined or answer.outcome is not Outcome.ADDRESSES:
            return "network"
    return "internet" if places else "network"


def credentials_targets(subject: Subject) -> tuple[str, ...]:
    """What a client calls for a role's credentials; nothing where it is not known what that is."""
    if api_principal_kind(subject) != "role" or isinstance(credentials_service(subject), Unknown):
        return ()
    return (f"service:{api_credentials_service(subject)}",) if api_credentials(subject) == "network" else ()


def api_sessions_open(subject: Subject) -> Fact | Unknown:
    """Whether the policies of the endpoints for IAM Roles Anywhere let everybody's CreateSession through."""
    services = endpoint_names(ANYWHERE, subject.region)
    evidence = []
    for endpoint in subject.inventory.vpc_endpoints.values():
        if endpoint.service_name not in services:
            continue
        evidence.append(Evidence(endpoint.origin, "/PolicyDocument"))
        policy = parsed(endpoint.policy_document, "the endpoint policy", endpoint.vpc_endpoint_id)
        if isinstance(policy, Policy) and not _lets_through(policy):
            reason = f"whom the policy of {endpoint.vpc_endpoint_id} sees in {_SESSION}, and so whether it allows it"
            return Unknown(reason=f"{reason}, is not modelled")
        if isinstance(policy, Unknown):
            return policy
    return Fact(True, tuple(evidence))


def _lets_through(policy: Policy) -> bool:
    """Whether a policy allows CreateSession to everybody, on everything, unconditionally."""
    asked = Request(
        principal=Principal.parse(EVERYONE), action=_SESSION, resource="*", resource_account=EVERYONE, region=""
    )
    right = (Policy.parse(EVERYTHING, "the right to ask", ""),)
    return evaluate(asked, PolicySet(identity=right, endpoint=policy)).allowed is True


def client_places(subject: Subject) -> list[Place | None]:
    """Where the clients ask for names."""
    ends = client_ends(subject.network, lambda text: _named(subject, text))
    return list(dict.fromkeys(place_of(subject.network, end) for end in ends))


def _named(subject: Subject, text: str) -> tuple[Endpoint, ...]:
    return (endpoint_of(subject.network, text),) if is_endpoint_text(subject.network, text) else ()
