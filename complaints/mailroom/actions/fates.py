"""What becomes of a mail: one place in which it is written, once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from complaints.mailroom.arrivals import Arrival
from complaints.mailroom.exceptions import NotHeld
from complaints.mailroom.models import Fate, IncomingMail, IncomingMailQuerySet

SETTLED = {"retry_at": None, "quarantined_at": None}
#: Run for each mail. Django's `bulk_update` puts a condition for every cell of every row into one statement: 4.4 ms of
#: processor time a mail; one `update` each took 0.8, this 0.2.
CONCLUDE = """
    UPDATE mailroom_incomingmail
    SET message_id = %s, body_sha256 = %s, sender = %s, sender_name = %s, subject = %s, sent_at = %s, kind = %s,
        fate = %s, fate_at = %s, why = %s, twin_of_id = %s, decided_by = '', retry_at = NULL, quarantined_at = NULL
    WHERE id = %s
"""


def conclude(
    mail: IncomingMail,
    *,
    fate: Fate,
    why: str,
    now: datetime,
    by: str = "",
) -> IncomingMail:
    """Give a mail its fate. One that is held or quarantined may still get another; of two at once one wins.

    Raises NotHeld for a mail that has come to its end already.
    """
    undecided = Q(fate="") if fate is Fate.HELD else Q(fate__in=["", Fate.HELD])
    facts = {"fate": fate, "fate_at": now, "why": why, "decided_by": by[:200], **SETTLED}
    if not IncomingMail.objects.filter(undecided, pk=mail.pk).update(**facts):
        raise NotHeld
    for name, value in facts.items():
        setattr(mail, name, value)
    return mail


def conclude_arrivals(arrivals: Sequence[Arrival], *, now: datetime) -> None:
    """Write what was read of mails that this transaction holds, and what each of them meets."""
    for arrival in arrivals:
        arrival.mail.fate, arrival.mail.fate_at = arrival.fate or Fate.HELD, now
        arrival.mail.why = arrival.why or "Nobody knew what to do with it."
        arrival.mail.twin_of = arrival.twin_of
    with connection.cursor() as cursor:
        cursor.executemany(CONCLUDE, [_row(arrival.mail) for arrival in arrivals])


def _row(mail: IncomingMail) -> tuple[str | int | None, ...]:
    adapted = connection.ops.adapt_datetimefield_value
    read_of_it = (mail.message_id, mail.body_sha256, mail.sender, mail.sender_name, mail.subject)
    met = (str(mail.fate), adapted(mail.fate_at), mail.why, mail.twin_of_id)
    return (*read_of_it, adapted(mail.sent_at), str(mail.kind), *met, mail.pk)


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
