from collections.abc import Iterable
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser, User

from complaints.resolution.models import Customer


class System(StrEnum):
    """The house's own names, for deeds no person did."""

    POST = "the post"
    CLOCK = "the clock"
    IMPORTER = "the import"
    FOLLOW_UP = "the follow-up"


Actor = User | Customer | System


def names_of(people: Iterable[User]) -> dict[str, str]:
    """For the ledger: who they are, and how they were called then."""
    return {str(person.pk): name_of(person) for person in people}


def name_of(actor: Actor) -> str:
    if isinstance(actor, User):
        return actor.get_full_name() or actor.get_username()
    return actor.name if isinstance(actor, Customer) else str(actor)


def staff_or_none(actor: Actor | AnonymousUser) -> User | None:
    return actor if isinstance(actor, User) else None
