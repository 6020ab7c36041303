"""What a person decides about a letter of which the post does not know further."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from complaints.desk.dialogs.dialog import Dialogs
from complaints.desk.forms.base import NoFields
from complaints.mailroom import actions
from complaints.mailroom.models import STUCK, OutgoingMail, State

RESEND = "mailroom.resend_outgoingmail"


@dataclass(slots=True)
class OpenLetter:
    """A letter as it lies open before somebody."""

    mail: OutgoingMail
    person: User
    now: datetime

    def __str__(self) -> str:
        return f"{self.mail.subject} · {self.mail.to}"


on_letter: Dialogs[OpenLetter] = Dialogs()


@on_letter.dialog(
    "send-again",
    "Send again",
    form=NoFields,
    permission=RESEND,
    when=lambda letter: letter.mail.state in STUCK,
    title="Send this letter again",
    guidance="The same letter, to the same address. If the address is wrong, correct the customer and write anew.",
)
def send_again(letter: OpenLetter, _form: NoFields) -> str:
    actions.send_again(letter.mail, by=letter.person, now=letter.now)
    return "It goes out with the next post."


@on_letter.dialog(
    "count-as-sent",
    "It has arrived",
    form=NoFields,
    permission=RESEND,
    when=lambda letter: letter.mail.state == State.AMBIGUOUS,
    title="Count this letter as sent",
    guidance="Only if you know that it arrived: the customer says so, or the mail server's log does.",
)
def count_as_sent(letter: OpenLetter, _form: NoFields) -> str:
    actions.count_as_sent(letter.mail, by=letter.person, now=letter.now)
    return "Counted as sent. The complaint's story says so."
