"""AWS Network Firewall: firewalls, their policies and rule groups, each the response to the call that describes it."""

from typing import Annotated

import msgspec

from mwaanet.model.record import Port, Shape

Protocol = Annotated[int, msgspec.Meta(ge=0, le=255)]
"""An IP protocol number."""
# The API Reference is https://docs.aws.amazon.com/network-firewall/latest/APIReference/; the classes have its names.


class Attachment(Shape, frozen=True, kw_only=True, gc=False):
    """Attachment: the firewall's endpoint in one zone."""

    subnet_id: str = ""
    endpoint_id: str = ""
    status: str = ""
    status_message: str = ""


class SyncState(Shape, frozen=True, kw_only=True, gc=False):
    """SyncState."""

    attachment: Attachment = Attachment()


class FirewallStatus(Shape, frozen=True, kw_only=True, gc=False):
    """FirewallStatus; `sync_states` is by the name of the zone."""

    status: str = ""
    sync_states: dict[str, SyncState] = msgspec.field(default_factory=dict)


class Firewall(Shape, frozen=True, kw_only=True, gc=False):
    """Firewall."""

    firewall_arn: str = ""
    firewall_policy_arn: str = ""
    vpc_id: str = ""


class DescribeFirewall(Shape, frozen=True, kw_only=True, gc=False):
    """DescribeFirewall."""

    firewall: Firewall = Firewall()
    firewall_status: FirewallStatus = FirewallStatus()


class IPSet(Shape, frozen=True, kw_only=True, gc=False):
    """IPSet."""

    definition: tuple[str, ...] = ()


class PortSet(Shape, frozen=True, kw_only=True, gc=False):
    """PortSet."""

    definition: tuple[str, ...] = ()


class PolicyVariables(Shape, frozen=True, kw_only=True, gc=False):
    """PolicyVariables."""

    rule_variables: dict[str, IPSet] = msgspec.field(default_factory=dict)


class StatelessRuleGroupReference(Shape, frozen=True, kw_only=True, gc=False):
    """StatelessRuleGroupReference."""

    resource_arn: str
    priority: int = 0


class StatefulRuleGroupOverride(Shape, frozen=True, kw_only=True, gc=False):
    """StatefulRuleGroupOverride."""

    action: str = ""


class StatefulRuleGroupReference(Shape, frozen=True, kw_only=True, gc=False):
    """StatefulRuleGroupReference; without a priority in action order."""

    resource_arn: str
    priority: int = 0
    override: StatefulRuleGroupOverride = StatefulRuleGroupOverride()


class StatefulEngineOptions(Shape, frozen=True, kw_only=True, gc=False):
    """StatefulEngineOptions."""

    rule_order: str = "DEFAULT_ACTION_ORDER"


class FirewallPolicy(Shape, frozen=True, kw_only=True, gc=False):
    """FirewallPolicy."""

    stateless_rule_group_references: tuple[StatelessRuleGroupReference, ...] = ()
    stateless_default_actions: tuple[str, ...] = ()
    stateful_rule_group_references: tuple[StatefulRuleGroupReference, ...] = ()
    stateful_default_actions: tuple[str, ...] = ()
    stateful_engine_options: StatefulEngineOptions = StatefulEngineOptions()
    policy_variables: PolicyVariables = PolicyVariables()


class DescribeFirewallPolicy(Shape, frozen=True, kw_only=True, gc=False):
    """DescribeFirewallPolicy; newer kinds of policy have none of the parts that are known here."""

    firewall_policy: FirewallPolicy | None = None


class RuleVariables(Shape, frozen=True, kw_only=True, gc=False):
    """RuleVariables."""

    ip_sets: dict[str, IPSet] = msgspec.field(default_factory=dict, name="IPSets")
    port_sets: dict[str, PortSet] = msgspec.field(default_factory=dict)


class IPSetReference(Shape, frozen=True, kw_only=True, gc=False):
    """IPSetReference: a prefix list."""

    reference_arn: str = ""


class ReferenceSets(Shape, frozen=True, kw_only=True, gc=False):
    """ReferenceSets."""

    ip_set_references: dict[str, IPSetReference] = msgspec.field(default_factory=dict, name="IPSetReferences")


class RulesSourceList(Shape, frozen=True, kw_only=True, gc=False):
    """RulesSourceList: a list of domain names."""

    targets: tuple[str, ...] = ()
    target_types: tuple[str, ...] = ()
    generated_rules_type: str = ""


class Header(Shape, frozen=True, kw_only=True, gc=False):
    """Header."""

    protocol: str = "IP"
    source: str = "ANY"
    source_port: str = "ANY"
    direction: str = "FORWARD"
    destination: str = "ANY"
    destination_port: str = "ANY"


class RuleOption(Shape, frozen=True, kw_only=True, gc=False):
    """RuleOption."""

    keyword: str = ""
    settings: tuple[str, ...] = ()


class StatefulRule(Shape, frozen=True, kw_only=True, gc=False):
    """StatefulRule."""

    action: str
    header: Header = Header()
    rule_options: tuple[RuleOption, ...] = ()


class Address(Shape, frozen=True, kw_only=True, gc=False):
    """Address."""

    address_definition: str


class PortRange(Shape, frozen=True, kw_only=True, gc=False):
    """PortRange."""

    from_port: Port
    to_port: Port


class TCPFlagField(Shape, frozen=True, kw_only=True, gc=False):
    """TCPFlagField: of the flags in `masks` (none given: of all) exactly those in `flags` are set."""

    flags: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()


class MatchAttributes(Shape, frozen=True, kw_only=True, gc=False):
    """MatchAttributes; what is empty is not looked at."""

    sources: tuple[Address, ...] = ()
    destinations: tuple[Address, ...] = ()
    source_ports: tuple[PortRange, ...] = ()
    destination_ports: tuple[PortRange, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    tcp_flags: tuple[TCPFlagField, ...] = msgspec.field(default=(), name="TCPFlags")


class RuleDefinition(Shape, frozen=True, kw_only=True, gc=False):
    """RuleDefinition."""

    match_attributes: MatchAttributes = MatchAttributes()
    actions: tuple[str, ...] = ()


class StatelessRule(Shape, frozen=True, kw_only=True, gc=False):
    """StatelessRule."""

    rule_definition: RuleDefinition
    priority: int = 0


class StatelessRulesAndCustomActions(Shape, frozen=True, kw_only=True, gc=False):
    """StatelessRulesAndCustomActions."""

    stateless_rules: tuple[StatelessRule, ...] = ()


class RulesSource(Shape, frozen=True, kw_only=True, gc=False):
    """RulesSource: one of four ways to write rules."""

    rules_string: str = ""
    rules_source_list: RulesSourceList | None = None
    stateful_rules: tuple[StatefulRule, ...] = ()
    stateless_rules_and_custom_actions: StatelessRulesAndCustomActions = StatelessRulesAndCustomActions()


class RuleGroup(Shape, frozen=True, kw_only=True, gc=False):
    """RuleGroup."""

    rules_source: RulesSource = RulesSource()
    rule_variables: RuleVariables = RuleVariables()
    reference_sets: ReferenceSets = ReferenceSets()


class DescribeRuleGroup(Shape, frozen=True, kw_only=True, gc=False):
    """DescribeRuleGroup; newer types of rule group have none of the parts that are known here."""

    rule_group: RuleGroup | None = None
