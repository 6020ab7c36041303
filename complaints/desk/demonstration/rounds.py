"""What the house does by itself at successive moments: the timetable's sweeps, the post, the supervisors."""

import smtplib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.models import User

from complaints.desk.demonstration import deeds, words
from complaints.desk.demonstration.firm import Firm
from complaints.followups import actions as followups
from complaints.followups.models import PlannedLetter
from complaints.mailroom.actions import deliver_due
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.transport import Transport
from complaints.policies.schema import Pack
from complaints.resolution import actions
from complaints.resolution.actions import sweeping
from complaints.resolution.actors import System
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Complaint, Deadline, Direction, Message, Promise, State
from escalations import actions as escalations
from escalations.models import Escalation, EscalationQuerySet, Mood, Reason

#: An hour at which one of these is due, on working days.
SWEEPS, POST_ROOM, SUPERVISORS = (9,), (11,), (10, 15)
#: From here on nobody decides any more, so that something is left for the newcomer.
QUIET, QUIET_ABOVE = timedelta(hours=9), timedelta(hours=20)
SOON, LATELY = timedelta(days=1, hours=12), timedelta(hours=18)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTICES_SINCE = timedelta(days=14)
DECIDED_IN_A_ROUND = 9
#: More than a round ever has.
MANY_LETTERS = 10_000


class Nowhere(Transport):
    """Takes every letter and keeps none: what was sent months ago must not go out today."""

    def open(self) -> bool:
        return False

    def send(self, mail: OutgoingMail) -> None:
        if mail.to.startswith("gone."):
            raise smtplib.SMTPRecipientsRefused({mail.to: (550, b"5.1.1 There is no such mailbox here")})

    def close(self) -> None:
        pass


class Rounds:
    def __init__(self, firm: Firm, pack: Pack, *, seed: int, now: datetime) -> None:
        self.firm, self.pack, self.present = firm, pack, now
        self.rng = Random(f"{seed}/rounds")
        self.nowhere = Nowhere()
        #: Of its own, so that who keeps a promise changes no other story.
        self.keeping = Random(f"{seed}/promises")
        self.broken: set[int] = set()
        #: Left lying on purpose, to be passed up by the clock.
        self.overlooked: set[int] = set()

    def hours(self, since: datetime) -> Iterator[datetime]:
        """Every hour at which a letter is welcome or somebody works. Whatever is due is done when it has come."""
        zone = self.pack.calendar.zone
        day, last = since.astimezone(zone).date(), self.present.astimezone(zone).date()
        while day <= last:
            for hour in range(8, 20):
                yield datetime.combine(day, time(hour, 5), tzinfo=zone)
                self.at(day, hour)
            day += timedelta(days=1)

    def at(self, day: date, hour: int) -> None:
        now = datetime.combine(day, time(hour, 5), tzinfo=self.pack.calendar.zone)
        self.letters(now)
        if self.pack.calendar.is_business_day(day):
            if hour in SWEEPS:
                self.sweep(now)
            if hour in POST_ROOM:
                self.post_room(now)
                self.keep_informed(now)
                self.keep_promises(now)
            if hour in SUPERVISORS:
                self.supervisors(now)
        self.deliver(now)

    def letters(self, now: datetime) -> None:
        if PlannedLetter.objects.due(now).exists():
            followups.send_due(now=now)

    def sweep(self, now: datetime) -> None:
        sweeping.lapse_offers(now=now)
        sweeping.announce_broken_promises(now=now)
        followups.report_unanswered(now=now)
        followups.close_due(now=now)
        escalations.pass_milestones(now=now)
        escalations.raise_long_silence(now=now)
        escalations.watch(now=now)
        escalations.settle_all_moot(now=now)
        escalations.pass_up_unanswered(now=now)
        if now > self.present - NOTICES_SINCE:
            escalations.tell_queues(now=now)

    def deliver(self, now: datetime) -> None:
        if OutgoingMail.objects.due(now).exists():
            deliver_due(now=lambda: now, owner="demonstration", limit=MANY_LETTERS, way_out=self.nowhere)

    def post_room(self, now: datetime) -> None:
        """Letters on paper leave the morning after they were written."""
        waiting = Message.objects.filter(
            direction=Direction.OUT, sent_at__isnull=True, mail__isnull=True, at__lt=now - timedelta(hours=3)
        )
        for message in waiting.select_related("complaint__handler").order_by("pk"):
            actions.mark_posted(message, by=message.complaint.handler or self.firm.handlers[0], now=now)

    def keep_informed(self, now: datetime) -> None:
        """Handlers who look at their list write before the customer must ask, once a day at most. Not all look."""
        silent = Deadline.objects.running().filter(clock="update", started_at__lt=now - LATELY)
        pressing = Complaint.objects.filter(
            deadlines__in=silent.filter(due_at__lt=now + SOON),
            state__in=(State.INVESTIGATING, State.REFERRED, State.APPROVED, State.FULFILLING),
        ).exclude(pk__in=self.firm.forgotten)
        for complaint in pressing.select_related("handler", "customer").order_by("pk"):
            if complaint.handler is None or self.rng.random() < 0.03:  # noqa: PLR2004
                self.firm.forgotten.add(complaint.pk)
                continue
            deeds.keep_informed(complaint, self.rng, by=complaint.handler, now=now)

    def keep_promises(self, now: datetime) -> None:
        """What was promised is done by its day and ticked off. Now and then somebody forgets, and a superior hears."""
        due = Promise.objects.open().filter(due_at__lt=now + DAY).exclude(pk__in=self.broken)
        for promise in due.select_related("owner", "complaint").order_by("pk"):
            if self.keeping.random() < 0.08:  # noqa: PLR2004
                self.broken.add(promise.pk)
                continue
            actions.keep_promise(promise, by=promise.owner, now=now)

    def supervisors(self, now: datetime) -> None:
        if not self.undecided().exists():
            return
        worked = self.pack.calendar.working_time(now, self.present)
        for person in (*self.firm.supervisors, self.firm.manager):
            if worked > (QUIET_ABOVE if person == self.firm.manager else QUIET):
                self.decide_some(person, now)

    def undecided(self) -> EscalationQuerySet:
        return (
            Escalation.objects.unanswered()
            .exclude(pk__in=self.overlooked)
            .exclude(complaint__in=self.firm.left_to_the_newcomer)
        )

    def decide_some(self, person: User, now: datetime) -> None:
        waiting = self.undecided() & Escalation.objects.claimable_by(person, now=now)
        for question in waiting.by_urgency().select_related("complaint", "offer", "queue")[
            :DECIDED_IN_A_ROUND
        ]:
            if question.level == 1 and self.rng.random() < 0.07:  # noqa: PLR2004
                self.overlooked.add(question.pk)
                continue
            try:
                decide(escalations.claim(question, by=person, now=now), person, self.rng, now)
            except Refused:
                self.overlooked.add(question.pk)

    def last_look(self, now: datetime) -> None:
        """All that is due up to the present; some questions taken in hand, and two that want their answer today."""
        at_the_desk = self.last_open(now)
        self.sweep(at_the_desk - HOUR)
        self.letters(now)
        for complaint in self.in_trouble():
            until = self.pack.calendar.day_end(self.pack.calendar.day_of(now))
            put_up(complaint, self.rng, until=until, now=at_the_desk)
        for person, times in (
            (self.firm.supervisors[0], 2),
            (self.firm.supervisors[1], 1),
            (self.firm.manager, 1),
        ):
            waiting = (
                Escalation.objects.claimable_by(person, now=now)
                .filter(queued_at__lt=at_the_desk)
                .by_urgency()
            )
            for question in waiting[:times]:
                escalations.claim(question, by=person, now=at_the_desk)
        self.sweep(now)
        escalations.refresh_urgency(now=now)
        self.deliver(now)

    def last_open(self, now: datetime) -> datetime:
        """The last moment at which somebody sat at a desk."""
        calendar, day = self.pack.calendar, self.pack.calendar.day_of(now)
        while not calendar.spans(day) or calendar.spans(day)[0][0] > now:
            day -= DAY
        return min(now, calendar.spans(day)[-1][1]) - timedelta(minutes=10)

    def in_trouble(self) -> Iterable[Complaint]:
        held = Complaint.objects.filter(state=State.INVESTIGATING, restricted=False, escalations__isnull=True)
        return held.select_related("handler").order_by("received_at")[:2]


def put_up(complaint: Complaint, rng: Random, *, until: datetime, now: datetime) -> None:
    """The handler does not know further and asks, with what was tried, for an answer by then."""
    escalations.raise_escalation(
        complaint,
        reason=Reason.RAISED,
        ask=rng.choice(words.ASKS),
        tried=rng.choice(words.TRIED),
        mood=rng.choice(list(Mood)),
        wanted_by=until,
        by=complaint.handler or System.CLOCK,
        now=now,
    )


def decide(question: Escalation, person: User, rng: Random, now: datetime) -> None:
    lot = rng.random()
    if lot < 0.06 and question.level == 1:  # noqa: PLR2004
        escalations.pass_up(question, text=rng.choice(words.PASSED_UP), by=person, now=now)
    elif question.reason != Reason.OVER_LIMIT:
        deed = escalations.send_back if lot < 0.25 else escalations.answer  # noqa: PLR2004
        deed(question, text=rng.choice(words.ADVICE), by=person, now=now)
    elif lot < 0.2:  # noqa: PLR2004
        deed = escalations.refuse if lot < 0.14 else escalations.send_back  # noqa: PLR2004
        deed(question, text=rng.choice(words.NOT_LIKE_THIS), by=person, now=now)
    elif question.offer is not None:
        seal = question.offer.seal
        escalations.approve(question, seal=seal, text=rng.choice(words.GOOD_REASON), by=person, now=now)
