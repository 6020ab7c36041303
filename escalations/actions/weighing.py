"""Looking for trouble before a clock does: complaints touched since the last look, or silent for long by now."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from complaints.policies.schema import Pack
from complaints.resolution import timing
from complaints.resolution.actions.sweeping import work_through
from complaints.resolution.actors import System
from complaints.resolution.models import (
    Complaint,
    Customer,
    Deadline,
    DeadlineKind,
    Entry,
    Message,
    Promise,
)
from escalations import clock
from escalations.actions.raising import raise_escalation
from escalations.actions.sweeping import packs_in_use
from escalations.early_warning import Warned, warned_of, weigh
from escalations.models import Look, Reason, Weighing
from escalations.signs import signs_of

NAME = "early warning"
#: Of the ledger one look reads no more than this; the next goes on from there.
ENTRIES = 5_000
ROUNDS = 10
BATCH = 500
#: Entries may be committed in another order than they were numbered: so many are looked at again.
OVERLAP = 200


def watch(*, now: datetime) -> int:
    """Weigh what may have changed, and put before a supervisor what has come to look like trouble.

    Each rise once: a score that stays up is not asked about again, one that fell and rose anew is. Two that look at
    once take turns.
    """
    for _ in range(ROUNDS):
        if not _weigh_what_changed(now=now):
            break
    unheard = Weighing.objects.unheard().select_related("complaint__customer").order_by("pk")[:BATCH]
    return work_through(unheard, lambda weighing: _raise(weighing, now=now))


@transaction.atomic
def _weigh_what_changed(*, now: datetime) -> bool:
    """One piece of it. Is there more?"""
    Look.objects.get_or_create(name=NAME, defaults={"customer": _newest_customer()})
    look = Look.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
    if look is None:
        return False
    entry, customer = _read_up_to(look)
    touched = list({*_in_the_ledger(look, entry), *_of_customers(look, customer), *_by_time(look.at, now)})
    for start in range(0, len(touched), BATCH):
        _weigh_all(touched[start : start + BATCH], now=now)
    Look.objects.filter(pk=look.pk).update(entry=entry, customer=customer, at=now)
    return Entry.objects.filter(pk__gt=entry).exists()


def _newest_customer() -> int:
    return int(Customer.history.aggregate(last=Max("history_id"))["last"] or 0)


def _read_up_to(look: Look) -> tuple[int, int]:
    ahead = Entry.objects.filter(pk__gt=look.entry).order_by("pk").values("pk")[:ENTRIES]
    entry = Entry.objects.filter(pk__in=ahead).aggregate(last=Max("pk"))["last"]
    return int(entry or look.entry), max(_newest_customer(), look.customer)


def _in_the_ledger(look: Look, entry: int) -> Iterable[int]:
    read = Entry.objects.filter(pk__gt=look.entry - OVERLAP, pk__lte=entry, complaint__is_open=True)
    return read.order_by().values_list("complaint", flat=True).distinct()


def _of_customers(look: Look, customer: int) -> Iterable[int]:
    changed = Customer.history.filter(history_id__gt=look.customer, history_id__lte=customer)
    return Complaint.objects.open().filter(customer__in=changed.values("id")).values_list("pk", flat=True)


def _by_time(since: datetime | None, now: datetime) -> Iterator[int]:
    """Those whom nothing but the passing of time has changed."""
    if since is None:
        return
    passed = {"due_at__gt": since, "due_at__lte": now}
    dates = Deadline.objects.running().filter(**passed, kind=DeadlineKind.PROMISE).order_by()
    given = Promise.objects.open().filter(**passed).order_by()
    yield from dates.values_list("complaint", flat=True).union(given.values_list("complaint", flat=True))
    for pack in packs_in_use():
        yield from _fallen_silent(
            pack, clock.silent_since(pack, now=since), clock.silent_since(pack, now=now)
        )


def _fallen_silent(pack: Pack, after: datetime, until: datetime) -> Iterator[int]:
    """The last word from us, or where there is none the receipt, lies in this stretch."""
    ours = Message.objects.spoken()
    spoken = ours.filter(at__gt=after, at__lte=until, complaint__is_open=True)
    yield from spoken.order_by().values_list("complaint", flat=True)
    under_it = Complaint.objects.open().filter(pack_code=pack.code, pack_version=pack.version)
    unspoken = under_it.filter(~Exists(ours.filter(complaint=OuterRef("pk"))))
    yield from unspoken.filter(received_at__gt=after, received_at__lte=until).values_list("pk", flat=True)


def _weigh_all(keys: Iterable[int], *, now: datetime) -> None:
    complaints = list(Complaint.objects.open().filter(pk__in=keys).select_related("customer"))
    before = {one.complaint_id: one for one in Weighing.objects.current().filter(complaint__in=complaints)}
    signs = signs_of(complaints, now=now)
    changed = []
    for complaint in complaints:
        warned = weigh(signs[complaint.pk], timing.pack_of(complaint), now=now)
        old = before.get(complaint.pk)
        if warned and _differs(warned, old):
            changed.append(_weighing(complaint, warned, old, now=now))
    replaced = Q(complaint__in=[one.complaint_id for one in changed])
    Weighing.objects.current().filter(replaced).update(superseded_at=now)
    Weighing.objects.bulk_create(changed)


def _differs(warned: Warned, old: Weighing | None) -> bool:
    return warned.factors != (old.factors if old else [])


def _weighing(complaint: Complaint, warned: Warned, old: Weighing | None, *, now: datetime) -> Weighing:
    stays_up = old is not None and old.reached and warned.reached
    return Weighing(
        complaint=complaint,
        score=warned.score,
        factors=warned.factors,
        reached=warned.reached,
        at=now,
        heard_at=old.heard_at if old and stays_up else None,
    )


@transaction.atomic
def _raise(weighing: Weighing, *, now: datetime) -> None:
    if not Weighing.objects.unheard().filter(pk=weighing.pk).update(heard_at=now):
        return
    complaint = weighing.complaint
    warned = warned_of(complaint, now=now)
    ask = f"It scores {weighing.score}. {warned}." if warned else ""
    raise_escalation(complaint, reason=Reason.EARLY_WARNING, by=System.CLOCK, now=now, ask=ask)
