"""Customers, each with their own way of being spoken to."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Any

from faker import Faker

from complaints.resolution.models import ContactChannel, Customer

DOMAINS = ("example.com", "example.org", "example.net")
NEEDS = (
    "Large print",
    "Text relay",
    "Hard of hearing: speak slowly",
    "Letters on yellow paper",
    "A friend speaks for her",
)
TITLES = ("Mr ", "Mrs ", "Ms ", "Miss ", "Dr ")


@dataclass
class Person:
    """Somebody who will complain. `known` once the house has met them."""

    name: str
    email: str
    phone: str
    details: dict[str, Any] = field(default_factory=dict)
    known: Customer | None = None


class People:
    """Draws customers; the same dice give the same people."""

    def __init__(self, seed: int, today: date) -> None:
        self.faker = Faker("en_GB")
        self.faker.seed_instance(seed)
        self.today = today
        self.taken: set[str] = set()
        #: Who may come again with another complaint.
        self.met: list[Person] = []

    def one(self, rng: Random) -> Person:
        name = self.plain_name()
        person = Person(name, self.email(name, rng), self.faker.cellphone_number())
        person.details = self.home()
        if rng.random() < 0.08:  # noqa: PLR2004
            person.details |= {"contact_from": time(17), "contact_until": time(20)}
        if rng.random() < 0.06:  # noqa: PLR2004
            person.details["access_needs"] = rng.choice(NEEDS)
        if rng.random() < 0.6:  # noqa: PLR2004
            person.details["customer_since"] = self.today - timedelta(days=rng.randint(200, 6000))
        return person

    def vulnerable(self, rng: Random) -> Person:
        person = self.one(rng)
        person.details |= {"vulnerable": True, "access_needs": rng.choice(NEEDS)}
        return person

    def on_paper(self, rng: Random) -> Person:
        """Somebody we only know by post and telephone."""
        person = self.one(rng)
        person.email = ""
        person.details["preferred_channel"] = ContactChannel.LETTER
        return person

    def moved_away(self, rng: Random) -> Person:
        """Somebody whose address no mail server knows any more."""
        person = self.one(rng)
        person.email = f"gone.{person.email}"
        return person

    def home(self) -> dict[str, Any]:
        address = self.faker.address().replace("\n", ", ").rpartition(", ")
        return {"address": address[0], "postcode": address[2]}

    def plain_name(self) -> str:
        name: str = self.faker.name()
        for title in TITLES:
            name = name.removeprefix(title)
        return name

    def email(self, name: str, rng: Random) -> str:
        stem = "".join(
            letter
            for letter in name.lower().replace(" ", ".")
            if letter.isascii() and (letter.isalpha() or letter == ".")
        )
        while (address := f"{stem}@{rng.choice(DOMAINS)}") in self.taken:
            stem = f"{stem}{rng.randint(2, 99)}"
        self.taken.add(address)
        return address
