"""How each outcome of a step towards the Airflow API stands, what it means, and what mends it.

AWS's codes are those of https://docs.aws.amazon.com/mwaa/latest/API/CommonErrors.html and
https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mwaanet.probe.api_observation import ApiOutcome
from mwaanet.status import Status


class ApiVerdict(NamedTuple):
    """How an outcome stands, what it means, and what mends it in general."""

    status: Status
    meaning: str
    mend: str = ""


def _fail(meaning: str, mend: str) -> ApiVerdict:
    return ApiVerdict(Status.FAIL, meaning, mend)


_SET_CLOCK: Final = "set this host's clock (NTP; on EC2 the Amazon Time Sync Service, 169.254.169.123)"

_NETWORK: Final[Mapping[ApiOutcome, ApiVerdict]] = {
    ApiOutcome.NO_SUCH_NAME: _fail(
        "The resolver of this host has no address for the name; nothing was sent.",
        "look at the name with `mwaanet probe dns`; the resolver must answer public names or forward this one to a "
        "Route 53 Resolver inbound endpoint",
    ),
    ApiOutcome.RESOLVER_SILENT: _fail(
        "The resolver of this host does not answer or cannot find out; nothing was sent.",
        "look at the resolver with `mwaanet probe dns`: the way to it or to what it forwards to is broken",
    ),
    ApiOutcome.REFUSED: _fail(
        "A host answered and refused the connection: nothing listens there, or a firewall rejects it. Security groups "
        "and network ACLs never refuse.",
        "see whether the address is the endpoint's own, and which firewall on the way rejects port 443",
    ),
    ApiOutcome.UNREACHABLE: _fail("This host or a router on the way has no route.", "mend the route to the address"),
    ApiOutcome.TIMED_OUT: _fail(
        "No connection was made: a security group, network ACL or firewall drops the packets, or a route is missing "
        "in one of the two directions.",
        "`mwaanet trace` or `mwaanet diagnose env --path api` shows where; the endpoint's security group must allow "
        "443 from this host",
    ),
    ApiOutcome.NO_ANSWER: _fail(
        "The connection was made, and then no complete answer came in time: the service is slow, or large packets are "
        "lost on the way (MTU), or a device in between holds the connection.",
        "try a longer --timeout; Amazon MWAA itself gives up after 10 seconds",
    ),
    ApiOutcome.CUT: _fail(
        "The connection was made and then cut: by a proxy, firewall or load balancer on the way, or by the service.",
        "see what stands between: a firewall that inspects TLS, an idle time-out, a target group without targets",
    ),
    ApiOutcome.WRONG_NAME: _fail(
        "Whoever answers has a certificate for other names: the call goes by an alias, or something else answers.",
        "call the host by its own name, which is also the one to sign; `mwaanet probe tls` shows the names",
    ),
    ApiOutcome.EXPIRED_CERTIFICATE: _fail(
        "The certificate is outside its time: AWS's never are, so something in between answers, or this host's "
        "clock is wrong.",
        "`mwaanet probe tls` shows who issued it; set the clock",
    ),
    ApiOutcome.UNTRUSTED_CERTIFICATE: _fail(
        "The certificate comes from an authority that this host does not trust: a proxy or firewall inspects TLS, or "
        "the host lacks Amazon's root certificates.",
        "`mwaanet probe tls` shows the issuer; take the host out of TLS inspection, or give the authority with "
        "--ca-file",
    ),
    ApiOutcome.TLS_FAILED: _fail(
        "TLS was not agreed on: what answers does not speak TLS, or no version and cipher is common to both.",
        "`mwaanet probe tls` shows more; AWS wants TLS 1.2 at least",
    ),
    ApiOutcome.PROXY_REFUSED: _fail(
        "The proxy that this host is told to use (HTTPS_PROXY) is not reached, or did not let the call through.",
        "put the host into NO_PROXY where it is reached by a private way, or have the proxy allow it",
    ),
    ApiOutcome.PROXY_ANSWERED: _fail(
        "Something in between answered in the service's place: a proxy, a web filter or a captive portal.",
        "take the host out of the proxy's inspection, or put it into NO_PROXY",
    ),
    ApiOutcome.REDIRECTED: _fail(
        "The answer points elsewhere. It was not followed: what is signed for one host, and a session, are for no "
        "other.",
        "call the right host at once; AWS's endpoints do not redirect",
    ),
    ApiOutcome.FAILED: ApiVerdict(
        Status.UNKNOWN, "This host could not try; the message says why. It says nothing about the network."
    ),
}

_SIGNED: Final[Mapping[ApiOutcome, ApiVerdict]] = {
    ApiOutcome.CLOCK_OFF: ApiVerdict(
        Status.WARN,
        "This host's clock differs from the endpoint's by more than the 5 minutes that AWS accepts in a signature.",
        _SET_CLOCK,
    ),
    ApiOutcome.CLOCK_WRONG: _fail(
        "AWS refuses the signature for its time, which may differ from AWS's by 5 minutes.", _SET_CLOCK
    ),
    ApiOutcome.CLOCK_UNKNOWN: ApiVerdict(
        Status.WARN, "The answer has no date, so this host's clock could not be compared with AWS's."
    ),
    ApiOutcome.NO_CREDENTIALS: _fail(
        "No credentials were found to sign with.",
        "give them in the environment, a profile (--profile) or the role of the host; a role needs the way to "
        "sts.<region> and a trust policy that names the caller",
    ),
    ApiOutcome.WRONG_REGION: _fail(
        "The call was signed for another Region than the endpoint's.", "sign for the endpoint's Region (--region)"
    ),
    ApiOutcome.WRONG_SERVICE: _fail(
        "The endpoint is another service's: calls to Amazon MWAA are signed for `airflow`.",
        "call env.airflow.<region>.amazonaws.com or the airflow.env interface endpoint",
    ),
    ApiOutcome.WRONG_HOST: _fail(
        "AWS received another Host than was signed: something in between rewrites it.",
        "let the request pass as it is (no reverse proxy, no alias), and sign the host that AWS sees",
    ),
    ApiOutcome.SIGNATURE: _fail(
        "AWS computes another signature: the secret key does not belong to the access key, or something in between "
        "changed the request.",
        "see whether the two keys are one pair, without blanks; if so, look for a proxy that rewrites headers",
    ),
    ApiOutcome.NOT_SIGNED: _fail(
        "The call arrived without its signature: something in between takes the Authorization header away.",
        "have the proxy pass the headers Authorization and X-Amz-*",
    ),
    ApiOutcome.EXPIRED_TOKEN: _fail(
        "The temporary credentials have expired.", "fetch new ones (assume the role or sign in again)"
    ),
    ApiOutcome.UNKNOWN_KEY: _fail(
        "AWS does not know the access key: it was deleted or deactivated, belongs to another partition, or is a "
        "temporary one whose session token is missing or another's.",
        "give all three parts of one set of temporary credentials, or a key that is active",
    ),
}

_ANSWERED: Final[Mapping[ApiOutcome, ApiVerdict]] = {
    ApiOutcome.OK: ApiVerdict(Status.PASS, "It works."),
    ApiOutcome.ACCESS_DENIED: _fail(
        "The network lets the call through; a policy does not.", "allow the action in the policy that is named"
    ),
    ApiOutcome.ENDPOINT_POLICY: _fail(
        "The policy of the interface endpoint does not allow the call.",
        "allow the action for this principal in the policy of the airflow.env endpoint",
    ),
    ApiOutcome.NO_AIRFLOW_ROLE: _fail(
        "The policies of whoever signed give no Airflow role in this environment.",
        "allow the action on an Airflow role",
    ),
    ApiOutcome.NO_SUCH_ENVIRONMENT: _fail(
        "The account that signed has no environment of that name in this Region.",
        "see the name's spelling (capitals count), the Region and the account",
    ),
    ApiOutcome.UPDATE_ENVIRONMENT: _fail(
        "The environment has to be updated before InvokeRestApi works there, which takes Airflow 2.4.3 or newer.",
        "update the environment, or call the web server itself (--via webserver)",
    ),
    ApiOutcome.INVALID: _fail("AWS understands the call and finds it invalid; the message says why.", "mend the call"),
    ApiOutcome.THROTTLED: _fail(
        "Too many calls: InvokeRestApi takes 10 a second.",
        "call less often, or call the web server itself (--via webserver), as the guide advises beyond that",
    ),
    ApiOutcome.SERVICE_ERROR: _fail(
        "Amazon MWAA itself failed, or did not get its answer from the environment within 10 seconds.",
        "try again; if it stays, see the environment's status and its web server's log",
    ),
    ApiOutcome.UNEXPECTED: ApiVerdict(
        Status.UNKNOWN, "The answer is none that Amazon MWAA or Airflow is known to give; nothing follows from it."
    ),
    ApiOutcome.OTHER_VERSION: _fail(
        "The web server has no such login page: it runs another major version of Airflow.",
        "leave --airflow-version out, or give the environment's",
    ),
    ApiOutcome.LOGIN_REFUSED: _fail(
        "The web server was reached and gives no session for the token, which is good for 60 seconds.",
        "try again; if it stays, the user's Airflow role may be missing or the web server may be another's",
    ),
    ApiOutcome.AIRFLOW_REFUSED: _fail(
        "Airflow was reached and refuses this call: path, method, body or the permissions of the Airflow role.",
        "the status tells: 404 the path, 403 the role's permissions, 405 the method, 400 or 422 the body",
    ),
    ApiOutcome.AIRFLOW_ERROR: _fail(
        "Airflow was reached and failed by itself.", "see the web server's log in CloudWatch"
    ),
}

VERDICTS: Final[Mapping[ApiOutcome, ApiVerdict]] = {**_ANSWERED, **_SIGNED, **_NETWORK}
"""Every outcome's verdict."""
