import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from complaints.mailroom import letters
from complaints.mailroom.actions.endings import settle
from complaints.mailroom.letters import Attachment, Letter
from complaints.mailroom.models import OutgoingMail, State
from complaints.mailroom.signals import posted


@transaction.atomic
def post(
    *,
    to: str,
    subject: str,
    body: str,
    kind: str,
    dedupe_key: str,
    now: datetime,
    to_name: str = "",
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    automatic: bool = True,
    repeatable: bool = True,
    reply_to: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    unsubscribe: str = "",
    attachments: Sequence[Attachment] = (),
) -> OutgoingMail:
    """Put a letter in the outbox, in the caller's transaction: if that is rolled back, there is no letter.

    The same `dedupe_key` gives the letter that is already there, whatever its text and state.
    `repeatable=False` is for a letter that must not arrive twice: in doubt a person decides.
    """
    known = OutgoingMail.objects.filter(dedupe_key=dedupe_key).first()
    if known:
        return known
    letter = Letter(
        to=letters.address(to),
        to_name=to_name,
        subject=letters.one_line(subject),
        body=letters.paragraphs(body),
        message_id=letters.new_message_id(),
        date=due_at or now,
        reply_to=reply_to,
        in_reply_to=in_reply_to or "".join(references[-1:]),
        references=references,
        automatic=automatic,
        unsubscribe=unsubscribe,
        attachments=[Attachment(*attachment) for attachment in attachments],
    )
    mail = _frozen(letter)
    mail.kind, mail.dedupe_key, mail.repeatable = kind, dedupe_key, repeatable
    mail.created_at, mail.due_at, mail.expires_at = now, due_at or now, expires_at
    return _save_once(mail, now=now)


def _frozen(letter: Letter) -> OutgoingMail:
    mime = letters.freeze(letter)
    return OutgoingMail(
        to=letter.to,
        subject=letter.subject,
        body=letter.body,
        message_id=letter.message_id,
        automatic=letter.automatic,
        mime=mime,
        mime_sha256=hashlib.sha256(mime).hexdigest(),
    )


def _save_once(mail: OutgoingMail, *, now: datetime) -> OutgoingMail:
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        winner = OutgoingMail.objects.filter(dedupe_key=mail.dedupe_key).first()
        if winner is None:
            raise
        return winner
    if mail.due_at is not None and mail.due_at <= now:
        # Robust: the caller's work is done, and a broken bell must not spoil it.
        transaction.on_commit(lambda: posted.send(sender=OutgoingMail, mail=mail) and None, robust=True)
    return mail


@transaction.atomic
def cancel(mail: OutgoingMail, *, now: datetime, reason: str) -> bool:
    """Whether the letter could still be stopped."""
    waiting = OutgoingMail.objects.filter(pk=mail.pk, state=State.QUEUED)
    return settle(mail, waiting, State.CANCELLED, now=now, last_error=reason)
