"""What is AWS's own, pip's, or everybody's, and stays as it is. What stands nowhere here is replaced."""

from __future__ import annotations

from typing import Final

from mwaanet.names.domain import UNDELEGATED


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEPT_KEYS: Final = _words(
    """
    AcceleratedRecoveryStatus AccepterMultipathResilienceMode AcceptRanges Action Actions ActionScope
    AddressFamily addressFamily AdvertiseTrustStoreCaNames AirflowVersion AllocationStrategy
    AllowsMultipleVpcEndpoints AmdSevSnp ApplianceModeSupport Architecture ArchiveStatus associationState
    AttachmentState attachmentState attachmentType AttachTime Attribute AutoAcceptSharedAttachments
    AutoProvisionZones AutoRecovery AutoScalingIps AvailabilityMode bandwidth BandwidthWeighting bgpPeerState
    BgpStatus bgpStatus billingMode BlockOverrideDnsType BlockResponse BootMode BucketRegion
    CapacityReservationPreference Category ChecksumAlgorithm ChecksumType Code code ConfidenceThreshold
    ConfigurationSyncStateSummary connectionState ConnectivityType ContentType created CreatedAt CreateDate
    CreatedTime CreationDate CreationTime creationTime CreationTimestamp CurrentInstanceBootMode
    CustomerMasterKeySpec dataProtectionStatus DefaultRouteTableAssociation DefaultRouteTablePropagation
    DefaultVersionId directConnectGatewayState Direction DNSExpiryExceptionPolicy DnsRecordIpType DnsSupport
    DnsThreatProtection Domain DynamicRouting Effect EnabledAnalysisTypes EnablePrefixForIpv6SourceNat
    EncapsulationAlgorithms EncodingType EncryptionAlgorithms encryptionMode EncryptionState EncryptionType
    EndpointIpAddressType EndpointManagement EnforcementMode
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic EnvironmentClass ErrorCode ExclusionsAllowed
    ExpirationModel Failover FailureCode featureSet Field FirewallDomainRedirectionAction FirewallMode
    FirewallOnboardingStatus FirewallPolicyStatus FirewallStatus Flags Format GatewayAssociationState
    GeneratedRulesType GroupInventory hasLogicalRedundancy HealthCheckPort HealthCheckProtocol Hook
    HostedZoneTier HostnameType HttpEndpoint HttpProtocolIpv6 HttpTokens Hypervisor IdentifiedType
    inheritedProperties InstanceLifecycle InstanceMetadataTags InstanceTenancy InstanceType InterfaceType
    InternetGatewayBlockMode InternetGatewayExclusionMode IPAddressType IpAddressType IpProtocol IpSource
    Ipv6AddressAttribute Ipv6Support KeyAgreementAlgorithms KeyManager KeySpec KeyState KeyUsage Keyword
    lagState LastModified LastStatusChange LastUpdatedDate lastUpdatedTime LastUpdateTimestamp
    LocationConstraint LocationType logGroupClass LogLevel MacAlgorithms ManagedBy Masks MatchType MaxItems
    MFADelete MitigationInEffect Mode ModificationState ModificationTime MulticastSupport
    MultipathResilienceMode MultipathResilienceStatus MultiRegionKeyType MutationProtection NatGatewaySupport
    NestedVirtualization NetworkBorderGroup NetworkFirewallConnectivityType NextRecordType NotAction
    ObjectLockEventHold ObjectLockLegalHoldStatus ObjectLockMode ObjectOwnership OnUnauthenticatedRequest
    operation Operations OptInStatus Origin OutsideIpAddressType PayerResponsibility PayerResponsibilityType
    PermissionsBoundaryType PermissionType Platform PlatformDetails portEncryptionStatus PrincipalType
    PrivateDnsNameVerificationState PrivateDnsPreference ProductCodeType Protocol Protocols ProtocolVersion
    PublicDNSFallbackStatus Qtype Reason RebootMigration Region region RegionName ReplicationStatus
    RequestCharged RequesterMultipathResilienceMode Requirement ResolverEndpointType resourceOwner ResourceType
    Result RootDeviceType RuleAction RuleGroupStatus RuleOptions RuleOrder RuleType Scheme Scope
    SecurityGroupReferencingSupport ServerSideEncryption service ServiceManaged ServiceRegion ServiceState
    ServiceType Settings ShareStatus SigningAlgorithms SSEAlgorithm StartupAction State state
    StatefulDefaultActions StatelessDefaultActions StatelessFragmentDefaultActions Status status StatusCode
    StorageClass StreamExceptionPolicy SupportedIpAddressTypes SyncStatus TargetType TargetTypes Tenancy tool
    TrafficIpAddressType TransitGatewayAttachmentStatus TransparentFilteringNatScope TransportProtocol
    TrustProviderType TrustStoreAssociationStatus TunnelBandwidth TunnelInsideIpVersion Type type UpdateDate
    Version virtualGatewayRegion virtualInterfaceRegion virtualInterfaceState virtualInterfaceType
    VirtualizationType VpcEndpointRegion VpcEndpointState VpcEndpointType VPCRegion VpnEcmpSupport VpnProtocol
    WebserverAccessMode WeeklyMaintenanceWindowStart WorkerReplacementStrategy ZoneType
    """
)
"""The fields whose values are words of AWS's: enumerations, times, versions."""

SITE_KEYS: Final = frozenset({"action", "default", "direction", "internet", "protocol", "public"})
"""The fields of the site file whose values are words of ours."""

NAMED_BY_KEY: Final = frozenset(
    {"EncryptionContextEquals", "EncryptionContextSubset", "IPSets", "PortSets", "clients", "records"}
)
"""Objects whose keys are names that a customer has given."""

SETTINGS: Final = frozenset({"Attributes", "DhcpConfigurations", "Filters"})
"""Lists of named values whose names are AWS's."""

TAGS: Final = frozenset({"Tags", "TagSet", "TagList", "tags", "Tag"})
"""Lists or objects of tags."""

WORDS: Final = (
    _words(
        """
    airflow alias celery aws amazon ip ec2 amazonprovideddns arn root any all none true false null local default tcp
    udp icmp http
    https net app gwy elb elbv2 file kms aes256 home external s3 txt zip whl sh py json yaml yml gz tar in dags plugins
    requirements constraint constraints startup usr redacted active blackhole associated assumedrole account user
    federateduser role simple pypi vpce svc ldap io com org edu gov uk de fr eu us ca au jp cn br nl se ch it es
    dagprocessing scheduler task webserver worker hostedzone
    """
    )
    | UNDELEGATED
)
"""Words that stay in every text, in lower case."""

VALUES: Final = frozenset(
    {"AWS", "Route 53 Resolver", "Internet Resolver", "System Rule Association", "transitGateway"}
)
"""Whole values that stay: what AWS calls itself and what it makes."""

MESSAGE_WORDS: Final = _words(
    """
    User is not authorized to perform on resource because no identity based policy allows the action with an explicit
    deny in a ELB Network Interface for Transit Gateway Attachment VPC Endpoint NAT Route 53 Resolver This IP address
    Resolver ClientVPN endpoint operational and BGP ROUTES You are Access Denied access denied operation calling when
    An error occurred Rate exceeded Request limit does exist found
    """
)
"""Words that stay in what AWS writes for people: errors, descriptions of what it made."""

MESSAGES: Final = frozenset({"Message", "message", "StatusMessage", "Description", "ErrorMessage", "StateReason"})
"""The fields with such texts."""

PIP_WORDS: Final = _words(
    """
    apache providers python version full platform sys machine system implementation os name extra linux darwin win32
    x86 64 git https sha256 sha1 md5 egg subdirectory pip pip3 python3 install uninstall export bin bash env set if then
    fi else elif do done for echo sudo yum dnf apt get index url trusted host config global codeartifact login tool
    domain owner repository region query output text authorization token authorizationtoken netrc no proxy user opt
    etc conf and or not find links cert http path uv requirement
    """
)
"""Words of requirements.txt and of shell scripts."""

RESOURCE_TYPES: Final = _words(
    """
    accelerator alias assumed-role client-vpn-endpoint cluster connect-peer customer-gateway dedicated-host
    dhcp-options db direct-connect-gateway dx-gateway dxcon dxvif egress-only-internet-gateway elastic-ip
    environment federated-user firewall firewall-policy firewall-rule-group function group hostedzone instance
    instance-profile internet-gateway key listener listener-rule loadbalancer log-group log-stream mfa natgateway
    network-acl network-interface oidc-provider parameter policy prefix-list repository resolver-endpoint
    resolver-rule resource-share role route-table saml-provider secret security-group security-group-rule
    server-certificate service-role stateful-rulegroup stateless-rulegroup stream subnet table targetgroup
    transit-gateway transit-gateway-attachment transit-gateway-route-table user vpc vpc-endpoint
    vpc-endpoint-service vpc-peering-connection vpn-connection vpn-gateway
    """
)
"""What an ARN's resource begins with, before its name."""

ID_PREFIXES: Final = _words(
    """
    acl aclassoc ami assoc attach cagw carrier cgw cidr con cvpn domain dopt dxcon dxgw dxlag dxpeer dxvif eigw eipalloc
    eipassoc ela endpoint eni erole exclude fdl frgassoc fs i igw in inbound ipam lgw list nat natgateway nsfw out
    outbound pcx peer perm pl rg rni rr rrassoc rslvr rslvrfrgassoc rtb rtbassoc sg sgr snap subnet svc tgw vgw vol vpc
    vpcbpa vpce vpn
    """
)
"""What ids begin with, before their random part."""

AWS_LABELS: Final = _words(
    "vpce dkr api env ops queue dualstack fips accesspoint bucket control fast d cn us-gov awsvpce clientvpn prod"
)
"""Labels of AWS's host names besides the service and the Region."""

KEPT_ACCOUNTS: Final = _words(
    """
    127311923021 033677994240 027434742980 797873946194 098369216593 754344448648 589379963580 718504428378
    383597477331 600734575887 114774131450 783225319266 582318560864 985666609251 054676820928 156460612806
    652711504416 635631232127 009996457667 897822967062 076674570225 507241528517 048591011584 190560391635
    638102146993 037604701340
    """
)
"""Accounts from which AWS's load balancers write logs, one a Region that was there before August 2022 (us-east-1 first,
GovCloud and China last), which bucket policies name
(https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/enable-access-logs.html#attach-bucket-policy)."""
