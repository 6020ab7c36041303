"""People with the roles as `setup_roles` makes them, and what every page of the set-up must withstand."""

from django.contrib.auth.models import Group, User

from complaints.desk import roles
from tests.factories import UserFactory


def member_of(role: str, **details: object) -> User:
    """Somebody with this role and nothing else."""
    roles.set_up()
    user: User = UserFactory(**details)
    user.groups.add(Group.objects.get(name=role))
    return user


def administrator() -> User:
    return UserFactory(is_superuser=True)
