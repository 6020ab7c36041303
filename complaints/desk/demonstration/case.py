"""One complaint being told: who is in it, what it is about, and what time it is there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User

from complaints.desk.demonstration.firm import Firm
from complaints.desk.demonstration.matters import Incident
from complaints.desk.demonstration.people import Person
from complaints.desk.demonstration.scenery import scenery
from complaints.policies.calendars import Calendar
from complaints.resolution.models import Channel, Complaint, Customer, Offer

WAKES, SLEEPS = 8, 21
A_LITTLE = timedelta(minutes=20)


@dataclass
class Case:
    firm: Firm
    calendar: Calendar
    rng: Random
    incident: Incident
    person: Person
    handler: User
    channel: Channel
    now: datetime
    #: What is particular about the opening: priority, media_risk, about.
    traits: dict[str, Any] = field(default_factory=dict)
    #: As it was opened; the verbs read it anew. Use `file` for what may have changed.
    complaint: Complaint = field(init=False)

    def __post_init__(self) -> None:
        self.slots = scenery(self.rng, self.incident, self.now)
        often = self.incident.low + (self.incident.high - self.incident.low) // 4
        highest = self.incident.high if self.chance(0.2) else often
        self.fair = 5 * max(1, self.rng.randint(self.incident.low, highest) // 5)

    # -- the file as it stands -------------------------------------------------------------------------

    @property
    def pk(self) -> int:
        return self.complaint.pk

    @property
    def file(self) -> Complaint:
        return Complaint.objects.select_related("customer", "category", "handler").get(pk=self.pk)

    @property
    def state(self) -> str:
        return Complaint.objects.values_list("state", flat=True).get(pk=self.pk)

    @property
    def customer(self) -> Customer:
        if self.person.known is None:
            raise LookupError("Nobody has complained yet.")
        return self.person.known

    @property
    def offer(self) -> Offer:
        return Offer.objects.filter(complaint=self.pk).latest("version")

    # -- words and moments -----------------------------------------------------------------------------

    def say(self, *choices: str) -> str:
        return self.rng.choice(choices).format(**self.slots)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def desk(self, least: float, most: float) -> datetime:
        """After so many hours of work, while the office is open."""
        worked = timedelta(hours=self.rng.uniform(least, most))
        return self.calendar.next_opening(
            self.calendar.after_working(self.now, worked) + timedelta(seconds=1)
        )

    def home(self, least: float, most: float) -> datetime:
        """After so many days, while the customer is up."""
        later = (self.now + timedelta(days=self.rng.uniform(least, most))).astimezone(self.calendar.zone)
        if not WAKES <= later.hour < SLEEPS:
            later = later.replace(hour=self.rng.randint(WAKES, SLEEPS - 1))
        return max(later, self.now + A_LITTLE)
