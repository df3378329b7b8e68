"""Every code of a hop is explained, in words that a network engineer can act on."""

from __future__ import annotations

import re

import pytest

from mwaanet.graph.codes import Code
from mwaanet.graph.explanations import EXPLANATIONS, STEPS, Explanation

# Every code of https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html, by its sections.
NOT_REACHABLE = """
    BAD_STATE BAD_STATE_ATTACHMENT BAD_STATE_ROUTE BAD_STATE_VPN CANNOT_ROUTE ELB_ACL_RESTRICTION
    ELB_INSTALLED_AZ_RESTRICTION ELB_LISTENER_PORT_RESTRICTION ELB_LISTENERS_MISMATCH ELB_NOT_CROSSZONE
    ELBV2_LISTENER_HAS_NO_TG ELBV2_LISTENER_PORT_RESTRICTION ELBV2_LISTENER_REQUIRES_TG_ACCEPT
    ELBV2_LISTENERS_MISMATCH ELBV2_NO_TARGETS_IN_AZ ELBV2_SOURCE_ADDRESS_PRESERVATION ENI_ADDRESS_RESTRICTION
    ENI_SG_RULES_MISMATCH ENI_SOURCE_DEST_CHECK_RESTRICTION FIREWALL_RULES_RESTRICTION
    GATEWAY_REJECTS_SPOOFED_TRAFFIC GWLB_DESTINATION_PORT_RESTRICTION GWLB_PROTOCOL_RESTRICTION
    HIGHER_PRIORITY_ROUTE IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS IGW_NAT_REFLECTION IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS
    IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS INGRESS_RTB_NO_PUBLIC_IP INGRESS_RTB_TRAFFIC_REDIRECTION
    MORE_SPECIFIC_ROUTE NGW_DEST_ADDRESS_PRESERVATION NGW_REQUIRES_SOURCE_IN_VPC NGW_SOURCE_ADDRESS_REASSIGN
    NO_POSSIBLE_DESTINATION NO_ROUTE_TO_DESTINATION PCX_REQUIRES_ADDRESS_IN_VPC_CIDR PROTOCOL_RESTRICTION
    REGIONAL_NGW_ROUTE_AZ_RESTRICTION REMAP_EPHEMERAL_PORT SG_HAS_NO_RULES SG_REFERENCES_NOT_PRESERVED
    SG_REFERENCING_SUPPORT SUBNET_ACL_RESTRICTION TARGET_ADDRESS_RESTRICTION TARGET_PORT_RESTRICTION
    TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION TGW_ATTACH_VPC_AZ_RESTRICTION TGW_BAD_STATE_VPN TGW_ROUTE_AZ_RESTRICTION
    TGW_RTB_BAD_STATE_ROUTE TGW_RTB_CANNOT_ROUTE TGW_RTB_HIGHER_PRIORITY_ROUTE TGW_RTB_MORE_SPECIFIC_ROUTE
    TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT TGW_RTB_ROUTES_ARE_UNKNOWN UNKNOWN_DESTINATION UNKNOWN_PEERED_SGS
    UNKNOWN_RESOURCE VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS
    VPC_BLOCK_PUBLIC_ACCESS_ENABLED VPC_LOCAL_ROUTE_CIDR_RESTRICTION VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION
    VPCE_GATEWAY_PROTOCOL_RESTRICTION VPCE_INTRA_VPC_TRAFFIC VPCE_SERVICE_NOT_INSTALLED_IN_AZ
"""
CONFIGURATION = "DISCONNECTED_VPCS NO_PATH NO_SOURCE_OR_DESTINATION UNASSOCIATED_COMPONENT UNSUPPORTED_COMPONENT"
SEARCH_FILTER = "COMPONENT_FILTER_RESTRICTION COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT IGW_EXPECTS_PUBLIC_ADDRESS"
AWS_CODES = frozenset(f"{NOT_REACHABLE} {CONFIGURATION} {SEARCH_FILTER}".split())

every_code = pytest.mark.parametrize("code", list(Code))


def explained(code: Code) -> Explanation:
    return EXPLANATIONS[code]


def test_every_code_is_explained_once_under_its_own_name() -> None:
    assert set(EXPLANATIONS) == set(Code)
    assert all(code is explanation.code for code, explanation in EXPLANATIONS.items())


def test_codes_come_in_alphabetical_order() -> None:
    assert list(EXPLANATIONS) == sorted(EXPLANATIONS)


def test_titles_differ() -> None:
    titles = [explanation.title for explanation in EXPLANATIONS.values()]
    assert len(set(titles)) == len(titles)


@every_code
def test_title_is_a_phrase(code: Code) -> None:
    title = explained(code).title
    assert 3 < len(title) <= 60
    assert not title.endswith(".")


@every_code
def test_texts_are_one_or_two_sentences(code: Code) -> None:
    explanation = explained(code)
    for text in (explanation.meaning, explanation.why, explanation.mend):
        assert text == text.strip()
        assert text.endswith(".")
        assert 20 < len(text) <= 280
        assert "  " not in text


@every_code
def test_source_is_an_aws_page(code: Code) -> None:
    assert re.fullmatch(r"https://docs\.aws\.amazon\.com/[\w./#-]+\.html(#[\w-]+)?", explained(code).source)


@every_code
def test_aws_code_is_one_that_reachability_analyzer_has(code: Code) -> None:
    assert AWS_CODES.issuperset(explained(code).aws_codes)


@every_code
def test_step_is_one_of_the_list(code: Code) -> None:
    assert explained(code).step in STEPS


def test_what_lets_packets_go_on_has_no_aws_code() -> None:
    """Reachability Analyzer explains only what stops."""
    carrying = [explanation for explanation in EXPLANATIONS.values() if explanation.mend.startswith("Nothing to mend")]
    assert {Code.ROUTE, Code.SECURITY_GROUP_ALLOWS, Code.FIREWALL_ALLOWS} <= {each.code for each in carrying}
    assert [each.code for each in carrying if each.aws_codes] == []


@pytest.mark.parametrize(
    ("code", "aws_code", "step"),
    [
        (Code.NO_ROUTE, "NO_ROUTE_TO_DESTINATION", "route"),
        (Code.SECURITY_GROUP_INGRESS, "ENI_SG_RULES_MISMATCH", "security-group"),
        (Code.NETWORK_ACL_DENIES, "SUBNET_ACL_RESTRICTION", "network-acl"),
        (Code.FIREWALL_DENIES, "FIREWALL_RULES_RESTRICTION", "firewall"),
        (Code.TGW_NO_ROUTE, "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", "transit-gateway"),
        (Code.SERVICE_ZONE, "VPCE_SERVICE_NOT_INSTALLED_IN_AZ", "endpoint-service"),
    ],
)
def test_usual_blockers_have_the_name_that_aws_gives_them(code: Code, aws_code: str, step: str) -> None:
    assert (explained(code).aws_code, explained(code).step) == (aws_code, step)
