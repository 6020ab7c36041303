"""What would be handed over, and to whom; what would stay, and why. Asks, and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Q

from complaints.resolution.models import Complaint
from complaints.resolution.models.complaints import ComplaintQuerySet
from escalations.models import Which

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Preview:
    given: int
    restricted: int
    about_all: int

    @property
    def left(self) -> int:
        return self.restricted + self.about_all


def due_before(which: str, *, now: datetime) -> datetime | None:
    return now + WEEK if which == Which.PRESSING else None


def affected(giver: User, *, by: User, before: datetime | None) -> ComplaintQuerySet:
    """The giver's open complaints, as far as whoever hands them over may see them."""
    held = Complaint.objects.visible_to(by).held_by(giver)
    return held.filter(next_due_at__lt=before) if before else held


def preview(giver: User, takers: Sequence[User], *, which: str, by: User, now: datetime) -> Preview:
    found = affected(giver, by=by, before=due_before(which, now=now))
    about = found.filter(restricted=False, about__in=takers).annotate(
        times=Count("about", filter=Q(about__in=takers), distinct=True)
    )
    about_all = about.filter(times=len(takers)).count()
    restricted = found.filter(restricted=True).count()
    return Preview(found.count() - restricted - about_all, restricted, about_all)
