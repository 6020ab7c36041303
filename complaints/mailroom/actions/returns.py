"""What mail servers say of our letters: came back, still waits, has arrived."""

from datetime import datetime

from complaints.mailroom import letters
from complaints.mailroom.actions.second_chances import came_back
from complaints.mailroom.arrivals import REPORTS, Arrival
from complaints.mailroom.models import DeliveryReport, Fate, OutgoingMail
from complaints.mailroom.reading import FailedRecipient, Kind, ReadMail
from complaints.mailroom.reply_addresses import read_bounce_address

MOST_IDS = 50


def take_report(arrival: Arrival, *, now: datetime) -> DeliveryReport | None:
    """Write into the delivery log what became of a letter, and announce it if that letter will not arrive.

    A report that names no letter of ours is kept, and changes nothing: anybody may forge one.
    """
    read = arrival.read
    said, letter = REPORTS[read.kind], letter_of(read)
    if letter is None:
        arrival.meets(Fate.BOUNCE, f"{said}; but it names no letter of ours.")
        return None
    failed = (read.bounce.recipients if read.bounce else ())[:1] or (FailedRecipient(""),)
    report = DeliveryReport.objects.create(
        mail=letter,
        told_in=arrival.mail,
        kind=read.kind,
        is_final=read.kind == Kind.BOUNCE,
        recipient=letters.one_line(failed[0].address, longest=254),
        status=letters.one_line(failed[0].status, longest=20),
        said=letters.paragraphs(failed[0].diagnostic)[:2000],
        at=now,
    )
    arrival.meets(Fate.BOUNCE, f"{said}: “{letter.subject}” to {letter.to}.")
    if report.is_final:
        came_back(letter, now=now, said=report.summary)
    return report


def letter_of(read: ReadMail) -> OutgoingMail | None:
    """By the signed address it came back to, else by the Message-ID that the report encloses or answers."""
    letters_sent = OutgoingMail.objects.defer("mime", "body")
    for address in (*read.delivered_to, *read.to, *read.cc):
        if key := read_bounce_address(address.address):
            return letters_sent.filter(pk=key).first()
    enclosed = (read.bounce.message_id,) if read.bounce and read.bounce.message_id else ()
    named = [f"<{name}>" for name in (*enclosed, *read.in_reply_to, *read.references[-MOST_IDS:])]
    return letters_sent.filter(message_id__in=named).order_by("-pk").first()
