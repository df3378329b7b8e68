"""Route 53 Profiles: which VPC has one, and the DNS resources that it brings."""

from mwaanet.model.record import Record, Shape


class ProfileAssociation(Record, frozen=True, kw_only=True):
    """ProfileAssociation (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileAssociation.html)."""

    id: str = ""
    profile_id: str = ""
    resource_id: str = ""
    status: str = "COMPLETE"

    @property
    def vpc_id(self) -> str:
        """The VPC, which AWS names by its id or by its ARN."""
        return self.resource_id.rpartition("/")[2]


class ProfileResourceAssociation(Shape, frozen=True, kw_only=True):
    """ProfileResourceAssociation (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ProfileResourceAssociation.html)."""

    owner_id: str = ""
    resource_arn: str = ""
    status: str = "COMPLETE"


class ProfileResourceAssociations(Shape, frozen=True, kw_only=True):
    """ListProfileResourceAssociations (https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53profiles_ListProfileResourceAssociations.html)."""

    profile_resource_associations: tuple[ProfileResourceAssociation, ...] = ()
