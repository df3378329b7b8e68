"""AWS services as `service:` names them: their Regional DNS name, and the name of the endpoint service that answers it.

A service may be called as botocore calls it (`ecr`, `stepfunctions`) or as its endpoint service is called (`ecr.dkr`,
`states`): https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Final

from mwaanet.checks.subject import Subject
from mwaanet.errors import UsageError
from mwaanet.marked_yaml import nearest
from mwaanet.names import service_name

_ENDPOINTS: Final[Mapping[str, str]] = {
    "cloudwatch": "monitoring",
    "codeartifact": "codeartifact.api",
    "ecr": "ecr.api",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "firehose": "kinesis-firehose",
    "kinesis": "kinesis-streams",
    "sagemaker": "sagemaker.api",
    "sagemaker-featurestore-runtime": "sagemaker.featurestore-runtime",
    "sagemaker-runtime": "sagemaker.runtime",
    "ses": "email",
    "sesv2": "email",
    "stepfunctions": "states",
    "timestream-query": "timestream.query",
    "timestream-write": "timestream.ingest",
}
"""What the endpoint service is called, where that is not what botocore says."""

_PLAIN_IN_CHINA: Final = frozenset(
    {"dynamodb", "ecs", "glue", "kinesis-firehose", "kms", "logs", "s3", "secretsmanager"}
)
"""Endpoint services that are called in China as elsewhere; the others have `cn.` before that, so S3's for interfaces
(https://docs.amazonaws.cn/vpc/latest/privatelink/aws-services-cross-region-privatelink-support.html)."""

_HOSTS: Final[Mapping[str, str]] = {
    "codeartifact.api": "codeartifact",
    "kinesis-firehose": "firehose",
    "kinesis-streams": "kinesis",
}
"""What the DNS name begins with, where that is neither botocore's name nor the endpoint service's turned round."""

_ONLY_ENDPOINTS: Final = (
    "airflow.api",
    "airflow.env",
    "codeartifact.api",
    "codeartifact.repositories",
    "ecr.api",
    "ecr.dkr",
    "elasticfilesystem",
    "elasticloadbalancing",
    "elasticmapreduce",
    "email",
    "execute-api",
    "kinesis-firehose",
    "kinesis-streams",
    "monitoring",
    "sagemaker.api",
    "sagemaker.featurestore-runtime",
    "sagemaker.runtime",
    "states",
    "timestream.query",
    "timestream.ingest",
)
_BOTOCORE: Final = """
accessanalyzer account account-access account-access-runtime acm acm-pca agent-registry agent-registry-control
aiops amp amplify amplifybackend amplifyuibuilder apigateway apigatewaymanagementapi apigatewayv2 appconfig
appconfigdata appfabric appflow appintegrations application-autoscaling application-insights application-signals
applicationcostprofiler appmesh apprunner appstream appsync arc-region-switch arc-zonal-shift artifact athena
auditmanager autoscaling autoscaling-plans b2bi backup backup-gateway backupsearch batch bcm-dashboards
bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock bedrock-agent bedrock-agent-runtime
bedrock-agentcore bedrock-agentcore-control bedrock-data-automation bedrock-data-automation-runtime
bedrock-runtime billing billingconductor braket budgets ce chatbot chime chime-sdk-identity
chime-sdk-media-pipelines chime-sdk-meetings chime-sdk-messaging chime-sdk-voice cleanrooms cleanroomsml cloud9
cloudcontrol clouddirectory cloudformation cloudfront cloudfront-keyvaluestore cloudhsm cloudhsmv2 cloudsearch
cloudsearchdomain cloudtrail cloudtrail-data cloudwatch cloudwatchomni codeartifact codebuild codecatalyst
codecommit codeconnections codedeploy codeguru-reviewer codeguru-security codeguruprofiler codepipeline
codestar-connections codestar-notifications cognito-identity cognito-idp cognito-sync comprehend comprehendmedical
compute-optimizer compute-optimizer-automation config connect connect-contact-lens connectcampaigns
connectcampaignsv2 connectcases connecthealth connectparticipant connectscheduling continuum controlcatalog
controltower cost-optimization-hub cur customer-profiles databrew dataexchange datapipeline datasync datazone dax
deadline detective devicefarm devops-agent devops-guru directconnect discovery dlm dms docdb docdb-elastic drs ds
ds-data dsql dynamodb dynamodbstreams ebs ec2 ec2-instance-connect ecr ecr-public ecs efs eks eks-auth elasticache
elasticbeanstalk elb elbv2 elementalinference emr emr-containers emr-serverless endusermessaging entityresolution
es eventbridgev2 events evs firehose fis fms forecast forecastquery frauddetector freetier fsx gamelift
gameliftstreams geo-maps geo-places geo-routes glacier globalaccelerator glue grafana greengrass greengrassv2
groundstation guardduty health healthlake iam iam-toolbox identitystore imagebuilder importexport inspector
inspector-scan inspector2 interconnect internetmonitor invoicing iot iot-data iot-jobs-data
iot-managed-integrations iotdeviceadvisor iotfleetwise iotsecuretunneling iotsitewise iotthingsgraph iottwinmaker
iotwireless ivs ivs-realtime ivschat kafka kafkaconnect kendra kendra-ranking keyspaces keyspacesstreams kinesis
kinesis-video-archived-media kinesis-video-media kinesis-video-signaling kinesis-video-webrtc-storage
kinesisanalytics kinesisanalyticsv2 kinesisvideo kms lakeformation lambda lambda-core lambda-microvms lambda-web
launch-wizard lex-models lex-runtime lexv2-models lexv2-runtime license-manager
license-manager-linux-subscriptions license-manager-user-subscriptions lightsail location logs lookoutequipment m2
machinelearning macie2 mailmanager managedblockchain managedblockchain-query marketplace-agreement
marketplace-catalog marketplace-deployment marketplace-discovery marketplace-entitlement marketplace-reporting
marketplacecommerceanalytics mediaconnect mediaconvert medialive mediapackage mediapackage-vod mediapackagev2
mediastore mediastore-data mediatailor medical-imaging memorydb meteringmarketplace mgh mgn
migration-hub-refactor-spaces migrationhub-config migrationhuborchestrator migrationhubstrategy mpa mq mturk mwaa
mwaa-serverless neptune neptune-graph neptunedata network-firewall network-security-manager networkflowmonitor
networkmanager networkmonitor notifications notificationscontacts nova-act oam observabilityadmin odb omics
opensearch opensearchmemory opensearchserverless organizations osis outposts partnercentral-account
partnercentral-benefits partnercentral-channel partnercentral-revenue-measurement partnercentral-selling
payment-cryptography payment-cryptography-data pca-connector-ad pca-connector-scep pcs personalize
personalize-events personalize-runtime pi pinpoint pinpoint-email pinpoint-sms-voice pinpoint-sms-voice-v2 pipes
polly pricing pricing-plan-manager proton qapps qbusiness qconnect quicksight ram rbin rds rds-data redshift
redshift-data redshift-serverless rekognition repostspace resiliencehub resiliencehubv2 resource-explorer-2
resource-groups resourcegroupstaggingapi rolesanywhere route53 route53-recovery-cluster
route53-recovery-control-config route53-recovery-readiness route53domains route53globalresolver route53profiles
route53resolver rtbfabric rum s3 s3control s3files s3outposts s3tables s3vectors sagemaker sagemaker-a2i-runtime
sagemaker-edge sagemaker-featurestore-runtime sagemaker-geospatial sagemaker-inference-router-runtime
sagemaker-metrics sagemaker-runtime sagemakerjobruntime sagemakertrainingsessionruntime savingsplans scheduler
schemas sdb secretsmanager security-ir securityagent securityhub securitylake serverlessrepo service-quotas
servicecatalog servicecatalog-appregistry servicediscovery ses sesv2 shield signer signer-data signin simpledbv2
sms-voice snow-device-management snowball sns socialmessaging sqs ssm ssm-contacts ssm-guiconnect ssm-incidents
ssm-quicksetup ssm-sap sso sso-admin sso-oidc stepfunctions storagegateway sts supplychain support support-app
supportauthz sustainability swf synthetics taxsettings textract timestream-influxdb timestream-query
timestream-write transcribe transfer translate trustedadvisor uxc verifiedpermissions voice-id vpc-lattice waf
waf-regional wafv2 wellarchitected wickr wisdom workdocs workmail workmailmessageflow workspaces
workspaces-instances workspaces-thin-client workspaces-web xray
"""
SERVICES: Final = frozenset((*_BOTOCORE.split(), *_ONLY_ENDPOINTS))
"""The services that mwaanet knows by name; besides them those of `describe-vpc-endpoint-services`."""


def endpoint_names(service: str, region: str, offered: Container[str] = ()) -> tuple[str, ...]:
    """What the service's endpoint service may be called: one that is offered first, then what is usual."""
    called = _ENDPOINTS.get(service, service)
    plain = f"com.amazonaws.{region}.{called}"
    if not region.startswith("cn-"):
        return (plain,)
    names = (plain, f"cn.{plain}") if called in _PLAIN_IN_CHINA else (f"cn.{plain}", plain)
    return tuple(sorted(names, key=lambda name: name not in offered))


def host_of(subject: Subject, service: str) -> str:
    """The Regional DNS name of a service; UsageError with the nearest service where there is none of that name."""
    offered = any(name in subject.inventory.service_details for name in endpoint_names(service, subject.region))
    if service not in SERVICES and not offered:
        raise UsageError(f"{service!r} is no AWS service that mwaanet knows{nearest(service, sorted(SERVICES))}")
    return service_name(_HOSTS.get(service, service), subject.region, subject.partition)
