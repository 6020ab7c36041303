"""The work lists: which complaints each one shows and in what order. Queries only; nothing is counted here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from complaints.resolution.models import (
    OPEN_STATES,
    WHOLE,
    Complaint,
    Direction,
    Entry,
    Message,
    MessageKind,
    Milestone,
    State,
)
from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.models.deadlines import MilestoneQuerySet

#: Most urgent first, or newest first: each order has the index that walks it.
URGENCY = ("next_due_at", "pk")
NEWEST = ("-received_at", "-pk")

#: An answered complaint is nobody's debt any more, but its customer may still object.
STILL_READ = (*OPEN_STATES, State.ANSWERED)

Narrowing = Callable[[ComplaintQuerySet, User, datetime], ComplaintQuerySet]


@dataclass(frozen=True, slots=True)
class WorkList:
    """One list. `tab` is its short name among its neighbours, `empty` what is said when nothing is in it."""

    code: str
    title: str
    tab: str
    about: str
    empty: str
    narrow: Narrowing
    order: tuple[str, str] = URGENCY

    def complaints(self, user: User, now: datetime) -> ComplaintQuerySet:
        """What this person sees on this list, in no order yet."""
        return self.narrow(Complaint.objects.visible_to(user), user, now)

    @property
    def is_mine(self) -> bool:
        return self.code.startswith("mine")


def end_of_today(now: datetime) -> datetime:
    """Midnight as the desk's clock on the wall has it."""
    day = timezone.localtime(now).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def due_today(complaints: ComplaintQuerySet, now: datetime) -> ComplaintQuerySet:
    return complaints.due_before(end_of_today(now)).filter(next_due_at__gte=now)


def newly_answered(complaints: ComplaintQuerySet) -> ComplaintQuerySet:
    """The customer had the last word: no member of staff has touched the file since.

    Asked complaint by complaint, of the few that are looked at; as an EXISTS the database would read all messages.
    """
    words = Message.objects.filter(
        complaint=OuterRef("pk"),
        direction=Direction.IN,
        kind__in=[MessageKind.ANSWER, MessageKind.REPLY],
    )
    deeds = Entry.objects.filter(complaint=OuterRef("pk"), actor__isnull=False)
    asked = complaints.alias(
        last_word=Subquery(words.order_by("-at").values("at")[:1]),
        last_deed=Subquery(deeds.order_by("-at").values("at")[:1]),
    )
    return asked.filter(Q(last_deed__isnull=True) | Q(last_deed__lte=F("last_word")), last_word__isnull=False)


def marked(complaints: ComplaintQuerySet, now: datetime) -> ComplaintQuerySet:
    """Each with the mark of those whose handler has been warned: much of a deadline's time is used up, not all."""
    return complaints.annotate(warned=Exists(_warnings(now)))


def about_to_be_overdue(complaints: ComplaintQuerySet, now: datetime) -> ComplaintQuerySet:
    return complaints.filter(Exists(_warnings(now)))


def _warnings(now: datetime) -> MilestoneQuerySet:
    """Of what runs and is not late; a part told of that has been put off since is none."""
    put_off = Milestone.objects.ahead().filter(deadline=OuterRef("deadline"), part=OuterRef("part"))
    return Milestone.objects.filter(
        deadline__complaint=OuterRef("pk"),
        deadline__stopped_at__isnull=True,
        deadline__paused_at__isnull=True,
        deadline__due_at__gte=now,
        passed_at__isnull=False,
        part__lt=WHOLE,
    ).exclude(Exists(put_off))


LISTS: dict[str, WorkList] = {
    work_list.code: work_list
    for work_list in (
        WorkList(
            "mine",
            "My work",
            "All",
            "Everything you hold",
            "Nothing on your desk. Take the next one when you are ready.",
            lambda seen, user, _now: seen.held_by(user),
        ),
        WorkList(
            "mine_overdue",
            "My work, overdue",
            "Overdue",
            "What you hold and should have done by now",
            "Nothing of yours is overdue. Well kept.",
            lambda seen, user, now: seen.held_by(user).due_before(now),
        ),
        WorkList(
            "mine_today",
            "My work, due today",
            "Due today",
            "What you hold and must do before the day ends",
            "Nothing more of yours falls due today.",
            lambda seen, user, now: due_today(seen.held_by(user), now),
        ),
        WorkList(
            "mine_nearly",
            "My work, about to be overdue",
            "About to be overdue",
            "Most of the time for something you hold is used up",
            "None of your deadlines is near its end.",
            lambda seen, user, now: about_to_be_overdue(seen.held_by(user), now),
        ),
        WorkList(
            "mine_answers",
            "New answers",
            "New answers",
            "The customer had the last word",
            "No customer is waiting for you to read an answer.",
            lambda seen, user, _now: newly_answered(seen.filter(handler=user, state__in=STILL_READ)),
        ),
        WorkList(
            "mine_waiting",
            "My work, waiting",
            "Waiting",
            "You asked the customer something",
            "You are not waiting for anybody.",
            lambda seen, user, _now: seen.held_by(user).filter(state=State.WAITING),
        ),
        WorkList(
            "mine_offers",
            "My offers out",
            "Offers out",
            "Your offers, with the customer to decide",
            "None of your offers is out.",
            lambda seen, user, _now: seen.held_by(user).filter(state=State.OFFERED),
        ),
        WorkList(
            "unassigned",
            "Unassigned",
            "Unassigned",
            "Nobody holds these yet",
            "Every complaint is in somebody's hands.",
            lambda seen, _user, _now: seen.unassigned(),
        ),
        WorkList(
            "today",
            "Due today",
            "Due today",
            "Somebody has to do something before the day ends",
            "Nothing more falls due today.",
            lambda seen, _user, now: due_today(seen, now),
        ),
        WorkList(
            "overdue",
            "Overdue",
            "Overdue",
            "We said we would, and have not yet",
            "Nothing is overdue. Every promise has been kept so far.",
            lambda seen, _user, now: seen.due_before(now),
        ),
        WorkList(
            "waiting",
            "Waiting",
            "Waiting",
            "We asked the customer something",
            "We are not waiting for any customer.",
            lambda seen, _user, _now: seen.filter(state=State.WAITING),
        ),
        WorkList(
            "referred",
            "Awaiting approval",
            "Awaiting approval",
            "Offers above the handler's authority",
            "No offer is waiting for approval.",
            lambda seen, _user, _now: seen.filter(state=State.REFERRED),
        ),
        WorkList(
            "open",
            "All open complaints",
            "All open",
            "Somebody at the firm still owes the customer something",
            "No complaint is open. A good day.",
            lambda seen, _user, _now: seen.open(),
        ),
        WorkList(
            "all",
            "All complaints",
            "All",
            "Open and closed",
            "There are no complaints yet. The first will arrive by the form, a call or an import.",
            lambda seen, _user, _now: seen,
            NEWEST,
        ),
    )
}
DEFAULT = "mine"


def called(code: str) -> WorkList:
    """The list of this code; the first one for a code nobody knows."""
    return LISTS.get(code, LISTS[DEFAULT])


def neighbours(work_list: WorkList) -> list[WorkList]:
    """The tabs beside this list: one's own lists for one's own, everybody's for everybody's."""
    return [other for other in LISTS.values() if other.is_mine == work_list.is_mine]
