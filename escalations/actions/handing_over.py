"""Handing one person's complaints to others in pieces, so that no request waits for thousands."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from complaints.resolution import actions as resolution
from complaints.resolution.actions.sweeping import work_through
from complaints.resolution.permission import ASSIGN, WORK
from escalations.exceptions import NothingToHandOver
from escalations.handing_over import affected, due_before
from escalations.models import Handover, Which

PIECE = 200


@transaction.atomic
def plan_handover(
    giver: User, *, takers: Sequence[User], reason: str, by: User, now: datetime, which: str = Which.ALL
) -> Handover:
    """Decide what goes to whom; nothing has gone yet. Raises what the file refuses, and NothingToHandOver."""
    resolution.require_handover(giver, to=takers, reason=reason, by=by)
    before = due_before(which, now=now)
    last = affected(giver, by=by, before=before).aggregate(last=Max("pk"))["last"]
    if last is None:
        raise NothingToHandOver
    planned = Handover.objects.create(
        giver=giver,
        which=which,
        due_before=before,
        reason=reason.strip()[:200],
        by=by,
        asked_at=now,
        up_to_id=last,
    )
    planned.takers.set(takers)
    return planned


@transaction.atomic
def hand_over_piece(handover: Handover, *, now: datetime) -> Handover:
    """The next piece of it. Two at once take turns; finished, it changes nothing more."""
    held = Handover.objects.unfinished().select_for_update(of=("self",)).select_related("giver", "by")
    going = held.filter(pk=handover.pk).first()
    if going is None:
        handover.refresh_from_db()
        return handover
    takers = [one for one in going.takers.order_by("pk") if one.is_active and one.has_perm(WORK)]
    keys = _next(going) if takers and going.by.has_perm(ASSIGN) else []
    if keys:
        done = resolution.hand_over(
            going.giver, complaints=keys, to=takers, reason=going.reason, by=going.by, now=now
        )
        going.given, going.left = going.given + done.given, going.left + done.left
        going.after = keys[-1]
    if len(keys) < PIECE:
        going.finished_at = now
    going.save()
    return going


def hand_over_rest(handover: Handover, *, now: datetime) -> Handover:
    """Piece by piece, each committed for itself, until nothing is left of it."""
    while handover.finished_at is None:
        handover = hand_over_piece(handover, now=now)
    return handover


def go_on_handing_over(*, now: datetime) -> int:
    """Take up what a worker has left lying. Returns how many handovers were finished."""
    return work_through(
        Handover.objects.unfinished().order_by("pk"), lambda one: hand_over_rest(one, now=now)
    )


def _next(going: Handover) -> list[int]:
    left = affected(going.giver, by=going.by, before=going.due_before)
    ahead = left.filter(pk__gt=going.after, pk__lte=going.up_to_id).order_by("pk")
    return list(ahead.values_list("pk", flat=True)[:PIECE])
