"""The estate of the demo, built in moto through boto3 and CloudFormation, as a user of AWS would build it.

What moto has no service for, or answers otherwise than AWS does, is left to whoever stands in front of it
(`FROM_MOTO` says what is asked of moto): above all MWAA, Direct Connect, endpoints and their interfaces, load
balancers, transit gateways' routes, and objects of a bucket (moto denies by a policy whatever its conditions).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3

from collect.aws_wire import Raw, Request, Sent
from collect.collecting import HOME, HUB, REGION

FROM_MOTO = {
    "ec2": {
        "describe-vpcs",
        "describe-subnets",
        "describe-route-tables",
        "describe-network-acls",
        "describe-security-groups",
        "describe-dhcp-options",
        "describe-vpc-attribute",
        "describe-internet-gateways",
        "describe-egress-only-internet-gateways",
        "describe-nat-gateways",
        "describe-addresses",
        "describe-instances",
        "describe-carrier-gateways",
        "describe-vpc-peering-connections",
    },
    "route53": {"list-hosted-zones", "get-hosted-zone", "list-hosted-zones-by-vpc", "list-resource-record-sets"},
    "route53resolver": {"list-resolver-endpoints", "list-resolver-endpoint-ip-addresses"},
    "s3": {
        "get-bucket-encryption",
        "get-bucket-location",
        "get-bucket-ownership-controls",
        "get-bucket-policy",
        "get-bucket-versioning",
        "get-public-access-block",
        "list-buckets",
    },
    "kms": {"describe-key", "get-key-policy", "list-aliases", "list-grants", "list-keys"},
    "iam": {
        "get-policy",
        "get-policy-version",
        "get-role",
        "get-role-policy",
        "list-attached-role-policies",
        "list-role-policies",
        "list-roles",
    },
    "logs": {"describe-log-groups"},
    "sts": {"get-caller-identity"},
}
"""The operations that moto answers as AWS does."""

_ACCOUNT = "x-moto-account-id"
"""The header by which moto knows an account."""

Record = dict[str, Any]


class Built:
    """An estate that was built: which of moto's ids are which of the demo's."""

    def __init__(self) -> None:
        self._there: dict[str, str] = {}
        self._back: dict[str, str] = {}

    def known(self, demo: str, moto: str) -> None:
        """Moto calls so what the demo calls so; where accounts differ, each has an id of its own."""
        self._there[demo] = moto
        self._back[moto] = demo

    def there(self, text: str) -> str:
        """A text about the demo, with moto's ids."""
        return _replaced(text, self._there)

    def back(self, text: str) -> str:
        """What was collected, with the demo's ids."""
        return _replaced(text, self._back)


def _replaced(text: str, ids: Mapping[str, str]) -> str:
    return re.sub("|".join(map(re.escape, ids)), lambda found: ids[found[0]], text) if ids else text


def passed_on(url: str, request: Request, raw: Raw) -> Sent | None:
    """Moto's answer to a request, if it is one that moto answers as AWS does."""
    if request.operation not in FROM_MOTO.get(request.service, ()):
        return None
    connection = HTTPConnection(urlsplit(url).netloc)
    headers = {**raw.headers, _ACCOUNT: request.account}
    connection.request(raw.method, raw.path, raw.body, headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, {"Content-Type": answer.headers.get("Content-Type", "")}


def client(url: str, account: str, service: str) -> Any:
    """A client whose calls moto takes as an account's."""
    made = _session(account).client(service, region_name=REGION, endpoint_url=url)

    def as_account(request: Any, **_: Any) -> None:
        request.headers[_ACCOUNT] = account

    made.meta.events.register("before-sign", as_account)
    return made


@cache
def _session(account: str) -> Any:
    return boto3.Session(f"AKIA{account}", "secret")


def build(url: str, files: Mapping[str, bytes]) -> Built:
    """Build the estate that the files of a snapshot describe."""
    built = Built()
    for account in (HUB, HOME):
        _Account(url, account, files, built).build()
    return built


class _Account:
    def __init__(self, url: str, account: str, files: Mapping[str, bytes], built: Built) -> None:
        self.url, self.account, self.files, self.built = url, account, files, built
        self.ec2 = self.client("ec2")

    def client(self, service: str) -> Any:
        return client(self.url, self.account, service)

    def of_demo(self, name: str) -> Record:
        """A document of the demo, as it is."""
        found: Record = json.loads(self.files[f"accounts/{self.account}/{name}.json"])
        return found

    def document(self, name: str) -> Record:
        """A document of the demo, with moto's ids where they are known."""
        found: Record = json.loads(self.built.there(json.dumps(self.of_demo(name))))
        return found

    def calls(self, name: str) -> Iterator[tuple[Record, Record]]:
        for call in self.document(name)["Calls"]:
            if "Response" in call:
                yield call["Parameters"], call["Response"]

    def build(self) -> None:
        self.without_defaults()
        self.network()
        self.filters()
        self.ways()
        self.resolvers()
        self.keys()
        self.hosted_zones()
        self.buckets()
        self.identity()
        self.logs()

    def without_defaults(self) -> None:
        """The estate has no default VPC."""
        ec2 = self.ec2
        for vpc in ec2.describe_vpcs()["Vpcs"]:
            for subnet in ec2.describe_subnets()["Subnets"]:
                ec2.delete_subnet(SubnetId=subnet["SubnetId"])
            for gateway in ec2.describe_internet_gateways()["InternetGateways"]:
                ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc["VpcId"])
                ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
            ec2.delete_vpc(VpcId=vpc["VpcId"])

    def network(self) -> None:
        """VPC, subnets, route tables and groups by CloudFormation."""
        demo = {name: self.document(f"{REGION}/ec2/describe-{name}") for name in ("vpcs", "subnets", "route-tables")}
        tables = [table for table in demo["route-tables"]["RouteTables"] if not _is_main(table)]
        resources: Record = {}
        zones = self.zones()
        for vpc in demo["vpcs"]["Vpcs"]:
            resources[_logical(vpc["VpcId"])] = _resource("VPC", vpc, CidrBlock=vpc["CidrBlock"])
        for subnet in demo["subnets"]["Subnets"]:
            place = {"CidrBlock": subnet["CidrBlock"], "AvailabilityZone": zones[subnet["AvailabilityZoneId"]]}
            resources[_logical(subnet["SubnetId"])] = _resource("Subnet", subnet, **place)
        for table in tables:
            resources[_logical(table["RouteTableId"])] = _resource("RouteTable", table)
        for group in self.groups():
            said = {"GroupName": group["GroupName"], "GroupDescription": group["Description"]}
            resources[_logical(group["GroupId"])] = _resource("SecurityGroup", group, **said)
        stacks = self.client("cloudformation")
        stacks.create_stack(StackName="network", TemplateBody=json.dumps({"Resources": resources}))
        made = stacks.describe_stack_resources(StackName="network")["StackResources"]
        physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in made}
        ids = [vpc["VpcId"] for vpc in demo["vpcs"]["Vpcs"]]
        ids += [subnet["SubnetId"] for subnet in demo["subnets"]["Subnets"]]
        ids += [table["RouteTableId"] for table in tables] + [group["GroupId"] for group in self.groups()]
        for demo_id in ids:
            self.built.known(demo_id, physical[_logical(demo_id)])
        self.joints()
        self.dhcp()

    def joints(self) -> None:
        """What moto's CloudFormation leaves out: which subnet uses which table, and DNS."""
        for table in self.document(f"{REGION}/ec2/describe-route-tables")["RouteTables"]:
            for link in table["Associations"]:
                if "SubnetId" in link:
                    self.ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=link["SubnetId"])
        for vpc in self.document(f"{REGION}/ec2/describe-vpcs")["Vpcs"]:
            for name in ("EnableDnsSupport", "EnableDnsHostnames"):
                self.ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], **{name: {"Value": True}})

    def zones(self) -> Mapping[str, str]:
        """Moto's names of zones by their ids, for names differ between accounts, and moto's do not."""
        every = self.ec2.describe_availability_zones()["AvailabilityZones"]
        return {zone["ZoneId"]: zone["ZoneName"] for zone in every}

    def groups(self) -> list[Record]:
        every: list[Record] = self.document(f"{REGION}/ec2/describe-security-groups")["SecurityGroups"]
        return [group for group in every if group["GroupName"] != "default"]

    def dhcp(self) -> None:
        for options in self.document(f"{REGION}/ec2/describe-dhcp-options")["DhcpOptions"]:
            asked = [
                {"Key": item["Key"], "Values": [value["Value"] for value in item["Values"]]}
                for item in options["DhcpConfigurations"]
            ]
            made = self.ec2.create_dhcp_options(DhcpConfigurations=asked)["DhcpOptions"]["DhcpOptionsId"]
            for vpc in self.document(f"{REGION}/ec2/describe-vpcs")["Vpcs"]:
                self.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=vpc["VpcId"])
            self.built.known(options["DhcpOptionsId"], made)

    def filters(self) -> None:
        """The rules of groups and network ACLs."""
        ec2 = self.ec2
        for group in self.groups():
            known = {"GroupId": group["GroupId"]}
            if group["IpPermissions"]:
                ec2.authorize_security_group_ingress(**known, IpPermissions=group["IpPermissions"])
            everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
            ec2.revoke_security_group_egress(**known, IpPermissions=everything)
            if group["IpPermissionsEgress"]:
                ec2.authorize_security_group_egress(**known, IpPermissions=group["IpPermissionsEgress"])
        for acl in self.document(f"{REGION}/ec2/describe-network-acls")["NetworkAcls"]:
            if acl["IsDefault"]:
                continue
            made = ec2.create_network_acl(VpcId=acl["VpcId"])["NetworkAcl"]["NetworkAclId"]
            self.built.known(acl["NetworkAclId"], made)
            for entry in acl["Entries"]:
                if entry["RuleNumber"] < 32767:
                    ec2.create_network_acl_entry(NetworkAclId=made, **entry)
            for link in acl["Associations"]:
                subnet = {"Name": "association.subnet-id", "Values": [link["SubnetId"]]}
                now = ec2.describe_network_acls(Filters=[subnet])["NetworkAcls"][0]["Associations"]
                held = next(one for one in now if one["SubnetId"] == link["SubnetId"])["NetworkAclAssociationId"]
                ec2.replace_network_acl_association(AssociationId=held, NetworkAclId=made)

    def ways(self) -> None:
        """Routes; a transit gateway of another account is one of moto's own here, for it shares none."""
        ec2 = self.ec2
        for prefixes in self.of_demo(f"{REGION}/ec2/describe-managed-prefix-lists")["PrefixLists"]:
            name = {"Name": "prefix-list-name", "Values": [prefixes["PrefixListName"]]}
            found = ec2.describe_managed_prefix_lists(Filters=[name])["PrefixLists"]
            self.built.known(prefixes["PrefixListId"], found[0]["PrefixListId"])
        gateway = ec2.create_transit_gateway(Description="hub")["TransitGateway"]["TransitGatewayId"]
        for endpoint in self.document(f"{REGION}/ec2/describe-vpc-endpoints")["VpcEndpoints"]:
            if endpoint["VpcEndpointType"] == "Gateway":
                names = ("VpcEndpointType", "VpcId", "ServiceName", "RouteTableIds", "PolicyDocument")
                made = ec2.create_vpc_endpoint(**{name: endpoint[name] for name in names})["VpcEndpoint"]
                self.built.known(endpoint["VpcEndpointId"], made["VpcEndpointId"])
        for table in self.document(f"{REGION}/ec2/describe-route-tables")["RouteTables"]:
            for route in table["Routes"]:
                if "TransitGatewayId" in route:
                    ec2.create_route(
                        RouteTableId=table["RouteTableId"],
                        DestinationCidrBlock=route["DestinationCidrBlock"],
                        TransitGatewayId=gateway,
                    )
        known = self.of_demo(f"{REGION}/ec2/describe-transit-gateways")["TransitGateways"]
        self.built.known(known[0]["TransitGatewayId"], gateway)

    def resolvers(self) -> None:
        client = self.client("route53resolver")
        addresses = dict(
            (asked["ResolverEndpointId"], answer["IpAddresses"])
            for asked, answer in self.calls(f"{REGION}/route53resolver/list-resolver-endpoint-ip-addresses")
        )
        for endpoint in self.document(f"{REGION}/route53resolver/list-resolver-endpoints")["ResolverEndpoints"]:
            made = client.create_resolver_endpoint(
                CreatorRequestId=endpoint["CreatorRequestId"],
                Name=endpoint["Name"],
                SecurityGroupIds=endpoint["SecurityGroupIds"],
                Direction=endpoint["Direction"],
                IpAddresses=[{"SubnetId": one["SubnetId"], "Ip": one["Ip"]} for one in addresses[endpoint["Id"]]],
            )
            self.built.known(endpoint["Id"], made["ResolverEndpoint"]["Id"])

    def keys(self) -> None:
        client = self.client("kms")
        policies = {asked["KeyId"]: answer["Policy"] for asked, answer in self.calls(f"{REGION}/kms/get-key-policy")}
        for asked, answer in list(self.calls(f"{REGION}/kms/describe-key")):
            about = answer["KeyMetadata"]["Description"]
            made = client.create_key(Policy=policies[asked["KeyId"]], Description=about)["KeyMetadata"]["KeyId"]
            self.built.known(asked["KeyId"], made)
        for alias in self.document(f"{REGION}/kms/list-aliases")["Aliases"]:
            client.create_alias(AliasName=alias["AliasName"], TargetKeyId=alias["TargetKeyId"])

    def hosted_zones(self) -> None:
        client = self.client("route53")
        records = {
            asked["HostedZoneId"]: answer for asked, answer in self.calls("global/route53/list-resource-record-sets")
        }
        for asked, answer in list(self.calls("global/route53/get-hosted-zone")):
            zone = answer["HostedZone"]
            made = client.create_hosted_zone(
                Name=zone["Name"],
                CallerReference=zone["CallerReference"],
                VPC=answer["VPCs"][0],
                HostedZoneConfig={"PrivateZone": True, "Comment": ""},
            )["HostedZone"]["Id"]
            self.built.known(asked["Id"].rpartition("/")[2], made.rpartition("/")[2])
            changes = [
                {"Action": "CREATE", "ResourceRecordSet": record}
                for record in records[asked["Id"]]["ResourceRecordSets"]
                if record["Type"] not in ("NS", "SOA")
            ]
            client.change_resource_record_sets(HostedZoneId=made, ChangeBatch={"Changes": changes})

    def buckets(self) -> None:
        client = self.client("s3")
        setters = {
            "get-bucket-versioning": (client.put_bucket_versioning, "VersioningConfiguration", ""),
            "get-bucket-encryption": (client.put_bucket_encryption, *["ServerSideEncryptionConfiguration"] * 2),
            "get-bucket-ownership-controls": (client.put_bucket_ownership_controls, *["OwnershipControls"] * 2),
            "get-public-access-block": (client.put_public_access_block, *["PublicAccessBlockConfiguration"] * 2),
            "get-bucket-policy": (client.put_bucket_policy, "Policy", "Policy"),
        }
        for bucket in self.document("global/s3/list-buckets")["Buckets"]:
            client.create_bucket(Bucket=bucket["Name"])
        for operation, (put, parameter, key) in setters.items():
            for asked, answer in self.calls(f"{REGION}/s3/{operation}"):
                put(Bucket=asked["Bucket"], **{parameter: answer[key] if key else answer})

    def identity(self) -> None:
        client = self.client("iam")
        for asked, answer in self.calls("global/iam/get-policy-version"):
            text = json.dumps(answer["PolicyVersion"]["Document"])
            client.create_policy(PolicyName=asked["PolicyArn"].rpartition("/")[2], PolicyDocument=text)
        for asked, answer in self.calls("global/iam/get-role"):
            role = answer["Role"]
            trust = json.dumps(role["AssumeRolePolicyDocument"])
            client.create_role(**asked, Path=role["Path"], AssumeRolePolicyDocument=trust)
        for asked, answer in self.calls("global/iam/list-attached-role-policies"):
            for policy in answer["AttachedPolicies"]:
                client.attach_role_policy(**asked, PolicyArn=policy["PolicyArn"])
        for asked, answer in self.calls("global/iam/get-role-policy"):
            client.put_role_policy(**asked, PolicyDocument=json.dumps(answer["PolicyDocument"]))

    def logs(self) -> None:
        client = self.client("logs")
        for group in self.document(f"{REGION}/logs/describe-log-groups")["logGroups"]:
            client.create_log_group(logGroupName=group["logGroupName"], kmsKeyId=group["kmsKeyId"])


def _is_main(table: Record) -> bool:
    return any(link.get("Main") for link in table["Associations"])


def _logical(demo: str) -> str:
    return "".join(letter for letter in demo if letter.isalnum())


def _ref(demo: str) -> Record:
    return {"Ref": _logical(demo)}


def _resource(kind: str, record: Record, **properties: Any) -> Record:
    """A resource of a template, with its tags and, if it has one, its VPC."""
    tags = {"Tags": record["Tags"]} if record.get("Tags") else {}
    vpc = {"VpcId": _ref(record["VpcId"])} if kind != "VPC" else {}
    return {"Type": f"AWS::EC2::{kind}", "Properties": {**properties, **tags, **vpc}}
