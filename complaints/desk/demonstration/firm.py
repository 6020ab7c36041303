"""Northgate Travel: who works there, what they may grant, and the two lists every report is read by."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from faker import Faker

from complaints.desk.demonstration.matters import FAST_TRACK, INCIDENTS
from complaints.resolution.models import AuthorityLimit, Category, RootCause

MAIL = "northgate-travel.example"
#: How many of each role; the first of each is a login that the newcomer is given.
ROLES = (("Handler", 4), ("Supervisor", 2), ("Manager", 1), ("Quality", 1))
CEILINGS = (("Handler", 200), ("Supervisor", 1000), ("Manager", 5000))
#: A reason found in nearly every file, and one that no complaint of these months had.
MORE_CAUSES = ("Cause not found", "Weather or strike")


@dataclass
class Firm:
    staff: dict[str, list[User]]
    categories: dict[str, Category]
    causes: dict[str, RootCause]
    #: Role, user name and password, to be shown once.
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    #: Complaints at which nobody looks any more, so that the clock has something to find.
    forgotten: set[int] = field(default_factory=set)
    #: Complaints on which supervisors leave the question alone.
    left_to_the_newcomer: set[int] = field(default_factory=set)

    @property
    def handlers(self) -> list[User]:
        return self.staff["Handler"]

    @property
    def supervisors(self) -> list[User]:
        return self.staff["Supervisor"]

    @property
    def manager(self) -> User:
        return self.staff["Manager"][0]


def found(*, seed: int, now: datetime) -> Firm:
    call_command("setup_roles", verbosity=0)
    call_command("setup_queues", verbosity=0)
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    firm = Firm(staff={}, categories=_categories(), causes=_causes())
    for role, count in ROLES:
        firm.staff[role] = [_hire(firm, faker, role, number, now) for number in range(count)]
    _administrator(firm, faker, now)
    _ceilings()
    return firm


def _hire(firm: Firm, faker: Faker, role: str, number: int, now: datetime) -> User:
    first, last = faker.first_name(), faker.last_name().split("-")[0]
    login = role.lower() if number == 0 else f"{first}.{last}".lower()
    person = User.objects.create(
        username=login, first_name=first, last_name=last, email=f"{first}.{last}@{MAIL}".lower(),
        is_staff=True, date_joined=now,
    )  # fmt: skip
    person.groups.add(Group.objects.get(name=role))
    if number == 0 and role != "Quality":
        _give_password(firm, person, role)
    return person


def _administrator(firm: Firm, faker: Faker, now: datetime) -> None:
    person = User.objects.create(
        username="administrator", first_name=faker.first_name(), last_name=faker.last_name().split("-")[0],
        email=f"it@{MAIL}", is_staff=True, is_superuser=True, date_joined=now,
    )  # fmt: skip
    _give_password(firm, person, "Administrator")


def _give_password(firm: Firm, person: User, role: str) -> None:
    """Drawn anew with every demo: a known password would be one too many even here."""
    password = secrets.token_hex(6)
    person.set_password(password)
    person.save()
    firm.logins.append((role, person.username, password))


def _ceilings() -> None:
    for role, ceiling in CEILINGS:
        AuthorityLimit.objects.create(
            group=Group.objects.get(name=role),
            currency="GBP",
            per_complaint=Decimal(ceiling),
            per_customer=Decimal(2 * ceiling),
        )


def _categories() -> dict[str, Category]:
    names = sorted({incident.category for incident in INCIDENTS})
    return {name: Category.objects.create(name=name, fast_track=name in FAST_TRACK) for name in names}


def _causes() -> dict[str, RootCause]:
    names = sorted({incident.cause for incident in INCIDENTS} | set(MORE_CAUSES))
    return {name: RootCause.objects.create(name=name) for name in names}
