"""IAM users and the groups that they belong to."""

from mwaanet.model.record import Record, Shape
from mwaanet.model.role import PermissionsBoundary


class User(Record, frozen=True, kw_only=True):
    """User (https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html)."""

    user_name: str
    arn: str
    permissions_boundary: PermissionsBoundary | None = None


class GetUser(Shape, frozen=True, kw_only=True):
    """GetUser (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html)."""

    user: User


class Group(Shape, frozen=True, kw_only=True):
    """Group (https://docs.aws.amazon.com/IAM/latest/APIReference/API_Group.html)."""

    group_name: str


class Groups(Shape, frozen=True, kw_only=True):
    """ListGroupsForUser (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html)."""

    groups: tuple[Group, ...] = ()
