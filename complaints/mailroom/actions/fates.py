"""What becomes of a mail: one place in which it is written, once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from complaints.mailroom.exceptions import NotHeld
from complaints.mailroom.models import Fate, IncomingMail, IncomingMailQuerySet

SETTLED = {"retry_at": None, "quarantined_at": None}


def conclude(
    mail: IncomingMail,
    *,
    fate: Fate,
    why: str,
    now: datetime,
    by: str = "",
    twin_of: IncomingMail | None = None,
    **understood: Any,
) -> IncomingMail:
    """Give a mail its fate. One that is held or quarantined may still get another; of two at once one wins.

    What was just `understood` of it is written with it. Raises NotHeld for a mail that has come to its end already.
    """
    undecided = Q(fate="") if fate is Fate.HELD else Q(fate__in=["", Fate.HELD])
    facts = {"fate": fate, "fate_at": now, "why": why, "decided_by": by[:200], "twin_of": twin_of, **SETTLED}
    facts |= understood
    if not IncomingMail.objects.filter(undecided, pk=mail.pk).update(**facts):
        raise NotHeld
    for name, value in facts.items():
        setattr(mail, name, value)
    return mail


@transaction.atomic
def conclude_all(mails: IncomingMailQuerySet, *, fate: Fate, why: str, now: datetime, by: str) -> int:
    """Give all of these that are held one fate, in one statement. How many they were."""
    facts = {"fate": fate, "fate_at": now, "why": why, "decided_by": by[:200], **SETTLED}
    return mails.held().update(**facts)


@transaction.atomic
def read_again(mail: IncomingMail, *, now: datetime) -> IncomingMail:
    """Let a mail be understood anew, from its bytes: after a mishap that is over, or a reader that has learnt."""
    undecided = IncomingMail.objects.filter(Q(fate=Fate.HELD) | Q(quarantined_at__isnull=False), pk=mail.pk)
    anew = {"fate": "", "fate_at": None, "why": "", "attempts": 0, "retry_at": now, "quarantined_at": None}
    if not undecided.update(**anew):
        raise NotHeld
    mail.refresh_from_db(fields=list(anew))
    return mail
