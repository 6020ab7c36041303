"""Who complains of what, when, and which story it becomes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from complaints.desk.demonstration import finished, unfinished
from complaints.desk.demonstration.case import Case
from complaints.desk.demonstration.firm import Firm
from complaints.desk.demonstration.matters import INCIDENTS
from complaints.desk.demonstration.people import People, Person
from complaints.desk.demonstration.stretches import Moments, Story
from complaints.policies.calendars import Calendar
from complaints.resolution.models import Channel, Priority

CHANNELS = (Channel.WEB,) * 9 + (Channel.PHONE,) * 6 + (Channel.EMAIL,) * 3 + (Channel.LETTER, Channel.VISIT)
#: How those complain who can only be reached one way.
ONLY = {"on_paper": Channel.LETTER, "moved_away": Channel.WEB}
AN_HOUR = timedelta(hours=1)
#: How many days ago began what is told to the end, as far as the present lets it.
LONG_AGO = (13, 150)


@dataclass(frozen=True, slots=True)
class Role:
    """So many complaints (of three hundred) of this story, begun so many days ago."""

    story: Story
    of_300: int
    days: tuple[float, float]
    who: str = "one"
    traits: dict[str, Any] = field(default_factory=dict)
    #: How many complaints come of it.
    files: int = 1
    #: About something that may cost this much.
    dear: int = 0


ROLES = (
    Role(unfinished.just_in, 7, (0.05, 0.9)),
    Role(unfinished.thanked, 7, (1.5, 5)),
    Role(unfinished.in_hand, 9, (4, 11)),
    Role(unfinished.found, 4, (8, 14)),
    Role(unfinished.waiting, 8, (4, 9)),
    Role(unfinished.waiting, 2, (20, 30)),
    Role(unfinished.referred, 6, (6, 13), dear=600),
    Role(unfinished.approved, 3, (9, 14)),
    Role(unfinished.offered, 5, (12, 18)),
    Role(unfinished.fulfilling, 3, (14, 20)),
    Role(unfinished.unchecked, 3, (20, 28), dear=800),
    Role(unfinished.answered, 4, (15, 24)),
    Role(unfinished.forgotten, 4, (12, 40)),
    Role(unfinished.stuck, 2, (18, 24)),
    Role(unfinished.asked_for_a_manager, 3, (4, 7)),
    Role(unfinished.raised, 4, (4, 8)),
    Role(unfinished.came_back_undelivered, 2, (1.5, 4), who="moved_away"),
    Role(unfinished.thanked, 2, (2, 5), who="on_paper"),
    Role(unfinished.in_hand, 2, (3, 6), who="vulnerable"),
    Role(unfinished.in_hand, 2, (3, 6), traits={"priority": Priority.SERIOUS}),
    Role(unfinished.in_hand, 1, (4, 8), traits={"media_risk": True}),
    Role(unfinished.in_hand, 1, (4, 8), traits={"about": 0}),
    Role(unfinished.hidden, 2, (8, 20)),
    Role(unfinished.hidden, 1, (12, 30), who="vulnerable"),
    Role(finished.not_our_fault, 32, LONG_AGO),
    Role(finished.settled_at_once, 30, (2, 150)),
    Role(finished.haggled, 8, LONG_AGO),
    Role(finished.improved, 2, LONG_AGO),
    Role(finished.withdrawn, 7, (6, 150)),
    Role(finished.merged, 4, LONG_AGO, files=2),
    Role(finished.not_right_after_all, 6, (24, 150)),
    Role(finished.unhappy_survey, 5, (40, 140)),
    Role(finished.came_back_later, 3, (70, 110), files=2),
    Role(finished.given_no_answer, 5, (30, 150)),
    Role(finished.put_right, 8, LONG_AGO, who="on_paper"),
    Role(finished.put_right, 6, LONG_AGO, who="vulnerable"),
    Role(finished.put_right, 3, LONG_AGO, traits={"priority": Priority.SERIOUS}),
    Role(finished.put_right, 2, LONG_AGO, traits={"media_risk": True}),
    Role(finished.put_right, 1, LONG_AGO, traits={"about": 1}),
)
FILLER = Role(finished.put_right, 0, LONG_AGO)


@dataclass
class Casting:
    firm: Firm
    people: People
    calendar: Calendar
    seed: int
    now: datetime

    def stories(self, count: int) -> Iterator[tuple[datetime, Moments]]:
        """Each story with the moment at which it begins."""
        for number, role in enumerate(_roles(count)):
            case = self.case(role, Random(f"{self.seed}/{number}"))
            yield case.now, _told(role.story, case)

    def case(self, role: Role, rng: Random) -> Case:
        begun = self.now - timedelta(days=rng.uniform(*role.days))
        channel = ONLY.get(role.who) or rng.choice(CHANNELS)
        if channel != Channel.WEB:
            begun = self.calendar.next_opening(begun)
        if begun > self.now - AN_HOUR:
            begun, channel = self.now - AN_HOUR * rng.uniform(1, 5), Channel.WEB
        about = [self.firm.handlers[role.traits["about"]]] if "about" in role.traits else []
        return Case(
            firm=self.firm,
            calendar=self.calendar,
            rng=rng,
            incident=rng.choice([one for one in INCIDENTS if one.high >= role.dear]),
            person=self.person(role, rng),
            handler=rng.choice([one for one in self.firm.handlers if one not in about]),
            channel=channel,
            now=begun,
            traits={**role.traits, "about": about},
        )

    def person(self, role: Role, rng: Random) -> Person:
        if role.who == "one" and rng.random() < 0.12 and self.people.met:  # noqa: PLR2004
            return rng.choice(self.people.met)
        person: Person = getattr(self.people, role.who)(rng)
        if role.who == "one":
            self.people.met.append(person)
        return person


def _roles(count: int) -> Iterator[Role]:
    """One of each at least, as far as they go; what is left over was put right."""
    wanted = count
    for role in ROLES:
        for _ in range(max(1, round(role.of_300 * wanted / 300))):
            if role.files <= count:
                count -= role.files
                yield role
    yield from [FILLER] * count


def _told(story: Story, case: Case) -> Moments:
    """A story tells when it wants to go on; the case is given the time before it does."""
    for moment in story(case):
        case.now = moment
        yield moment
