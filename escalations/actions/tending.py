"""Keeping the queues true: passing up what nobody answers, ending what is moot, telling the people, weighing anew."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from complaints.resolution.actions.sweeping import work_through
from complaints.resolution.actors import System
from complaints.resolution.models import Deadline, Direction, Milestone
from escalations import urgency
from escalations.actions.ladder import pass_up
from escalations.actions.notices import tell_of_many, tell_queue
from escalations.actions.settling import settle_moot
from escalations.actions.steps import spoken
from escalations.actions.sweeping import BATCH
from escalations.circumstances import circumstances_of
from escalations.models import Escalation, Queue, Reason
from escalations.moot import ours, why_moot

#: More than these at once in one queue are told of in one letter.
FEW = 5


def pass_up_unanswered(*, now: datetime) -> int:
    """Questions past their own clock, claimed or not, go to the next level. Returns how many went."""
    late = Escalation.objects.unanswered_past_clock(now).order_by("due_at", "pk").select_related("complaint")
    return work_through(
        late[:BATCH],
        lambda one: pass_up(one, text=f"Not answered by {spoken(one.due_at)}.", by=System.CLOCK, now=now),
    )


def settle_all_moot(*, now: datetime) -> int:
    """Looks at every unanswered question, and holds only the complaints that have one to end.

    Those of which the database itself can say that they stand, by far the most when much is overdue, are left out.
    """
    missed = ours(Deadline.objects.missed(now)).filter(complaint=OuterRef("complaint"))
    unanswered = Escalation.objects.unanswered().exclude(Exists(missed), reason=Reason.OVERDUE)
    unanswered = unanswered.exclude(_presses())
    unanswered = unanswered.select_related("complaint__customer", "offer", "deadline")
    moot = [one for one in unanswered.order_by("pk").iterator(BATCH) if why_moot(one, one.complaint, now=now)]
    return work_through(moot, lambda one: settle_moot([one.complaint], now=now))


def _presses() -> Q:
    """Something is about to be overdue, its clock runs, and no part of it that was told of has been put off."""
    told = Milestone.objects.filter(
        deadline=OuterRef("deadline"), part=OuterRef("part"), passed_at__isnull=False
    )
    put_off = Milestone.objects.ahead().filter(Exists(told), deadline=OuterRef("deadline"))
    overdue = Escalation.objects.unanswered().filter(complaint=OuterRef("complaint"), reason=Reason.OVERDUE)
    runs = Q(deadline__isnull=False, deadline__stopped_at=None, deadline__paused_at=None)
    asked = Q(reason=Reason.ABOUT_TO_BE_OVERDUE, complaint__is_open__in=[True])
    return asked & runs & ~Exists(put_off) & ~Exists(overdue)


def refresh_urgency(*, now: datetime) -> int:
    """Deadlines come nearer and customers write again: weigh every unanswered question anew."""
    from_customer = Count("complaint__messages", filter=Q(complaint__messages__direction=Direction.IN))
    counted = Escalation.objects.unanswered().order_by("pk").annotate(contacts=from_customer)
    contacts = dict(counted.values_list("pk", "contacts"))
    unanswered = Escalation.objects.unanswered().select_related("complaint__customer")
    changed = 0
    for one in unanswered.order_by("pk").iterator(BATCH):
        seen = circumstances_of(one.complaint, answer_due_at=one.due_at, contacts=contacts.get(one.pk))
        weight = urgency.score(seen, now=now)
        if weight != one.urgency:
            changed += Escalation.objects.filter(pk=one.pk).update(urgency=weight)
    return changed


def tell_queues(*, now: datetime) -> int:
    """Write to the people of each queue of what came into it. Returns of how many questions they were told.

    Of a few a letter each; where many come at once, one letter of them all, for nobody reads a hundred.
    """
    untold = Escalation.objects.unanswered().filter(told_at__isnull=True)
    waiting = untold.order_by().values_list("queue").annotate(number=Count("pk"))
    crowded = [queue for queue, number in waiting if number > FEW]
    of_many = sum(tell_of_many(queue, now=now) for queue in Queue.objects.filter(pk__in=crowded))
    return of_many + work_through(untold.order_by("pk")[:BATCH], lambda one: tell_queue(one, now=now))
