"""How much we write by ourselves in answer to what comes in: one answer a complaint, three letters an address and day."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from complaints.desk import badges, incoming
from complaints.desk.incoming import waiting_for
from complaints.followups import actions as followups
from complaints.followups.models import PlannedLetter, PlannedState
from complaints.intake.actions import Telling, lodge
from complaints.intake.joining import MOST_A_DAY
from complaints.intake.models import Candidate
from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import Fate, IncomingMail, OutgoingMail
from complaints.resolution.models import Channel, Complaint, Entry, EntryKind, Message, MessageKind, State
from tests import factories
from tests.complaints.desk.staff import member_of
from tests.complaints.followups.post import deliver, the_letter
from tests.complaints.intake.mails import a_mail, answer_to, arrive
from tests.complaints.intake.test_views import filled
from tests.factories import NOW

pytestmark = pytest.mark.django_db
VICTIM = "victim@example.com"
ROBOT = "Bob <bob@robots.example>"


def by_form(number: int, *, now: datetime = NOW, email: str = VICTIM) -> Complaint:
    telling = Telling(
        token=f"form:{number}",
        title=f"Buy now {number}",
        words="http://evil.example",
        channel=Channel.WEB,
        received_at=now,
        name="Click here",
        email=email,
    )
    return lodge(telling, now=now)


def to_victim() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to=VICTIM).order_by("pk"))


def copies_of(complaint: Complaint, number: int) -> None:
    """As many forms more, in the rows that this one left: what is measured is what we write, not how we take down."""
    entry, letter = complaint.entries.get(kind=EntryKind.OPENED), complaint.planned_letters.get()
    for one in range(number):
        complaint.pk, complaint.reference = None, f"C26-9{one:05}-X"
        complaint._state.adding = True
        Complaint.objects.bulk_create([complaint])
        entry.pk, entry.complaint = None, complaint
        Entry.objects.bulk_create([entry])
        letter.pk, letter.complaint, letter.cycle = None, complaint, entry
        PlannedLetter.objects.bulk_create([letter])


@pytest.mark.once
def test_sec_33_a_thousand_forms_with_anothers_address_send_three_letters_a_day(client: Client) -> None:
    before = timezone.now()
    for one in range(5):
        form = filled(
            client, name="Click here", email=VICTIM, title=f"Buy now {one}", words="http://evil.example"
        )
        assert client.post("/", form).status_code == 303
    for one in range(5, 25):
        by_form(one, now=before)
    copies_of(Complaint.objects.latest("pk"), 975)
    assert Complaint.objects.filter(customer__email=VICTIM).count() == 1000
    for hours in range(0, 4 * 24, 6):  # over a weekend, when nobody is written to
        followups.send_due(now=before + timedelta(hours=hours))
        deliver(before + timedelta(hours=hours))
    assert Complaint.objects.filter(state=State.RECEIVED).count() == 1000 - 3
    assert len(to_victim()) == 3
    for letter in to_victim():
        assert letter.state == "sent"
        said = f"{letter.subject} {letter.body} {bytes(letter.mime).decode('latin-1')}"
        assert not [echo for echo in ("Buy now", "evil", "Click here") if echo in said]


def test_who_is_not_thanked_by_ourselves_is_named_to_whoever_opens_the_file() -> None:
    complaints = [by_form(one) for one in range(4)]
    followups.send_due(now=NOW)
    unthanked = complaints[-1]
    assert the_letter(unthanked, MessageKind.ACKNOWLEDGEMENT).state == PlannedState.CANCELLED
    note = unthanked.entries.get(kind=EntryKind.NOTE)
    assert "Thank the customer yourself" in note.text
    assert followups.plan_missing(now=NOW + timedelta(minutes=15)) == 0


def test_the_next_day_they_are_thanked_again() -> None:
    for one in range(3):
        by_form(one)
    followups.send_due(now=NOW)
    later = NOW + timedelta(days=1, minutes=1)
    by_form(9, now=later)
    followups.send_due(now=later)
    assert len(to_victim()) == 4


def test_the_limit_counts_every_automatic_letter_and_no_letter_of_a_person() -> None:
    complaint = factories.waiting(customer=factories.CustomerFactory(email=VICTIM))
    assert to_victim()  # our question, written by a colleague
    for one in range(4):
        by_form(one)
    followups.send_due(now=NOW + timedelta(hours=4))
    acknowledgements = Message.objects.filter(kind=MessageKind.ACKNOWLEDGEMENT, automatic=True)
    assert acknowledgements.exclude(complaint=complaint).count() == 3


def test_the_limit_is_one_addresss_and_no_others() -> None:
    for one in range(5):
        by_form(one)
    other = by_form(9, email="other@example.com")
    followups.send_due(now=NOW)
    assert other.messages.filter(kind=MessageKind.ACKNOWLEDGEMENT).exists()


def rounds(number: int, **written: str) -> datetime:
    """A robot that writes at once, whatever we send; and when we send nothing, writes again all the same."""
    moment = NOW
    answers = written.pop("answers", "")
    last: dict[str, str] = {}
    for one in range(number):
        moment += timedelta(seconds=20)
        usual = {"sender": ROBOT, "subject": "Thank you!", "body": f"Noted {one}."}
        mail = arrive(a_mail(**{**usual, **written}, **last), now=moment)
        assert mail.fate
        followups.send_due(now=moment)
        deliver(moment)
        ours = OutgoingMail.objects.order_by("pk").last() if answers else None
        if ours is not None:
            last = {"In_Reply_To": ours.message_id, "References": ours.message_id}
    return moment


def lines_waiting(at: datetime) -> list[IncomingMail]:
    """What a colleague finds on the page of incoming post."""
    shown = incoming.context(member_of("Handler"), code="held", after="", sender="", now=at)
    return list(shown["rows"])


@pytest.mark.once
@pytest.mark.parametrize("answers", ["yes", ""], ids=["answers our letter", "begins anew each time"])
def test_sec_31_500_rounds_with_a_robot_that_hides_what_it_is_get_one_answer_and_one_line(
    answers: str,
) -> None:
    after = rounds(500, answers=answers)
    assert OutgoingMail.objects.filter(to="bob@robots.example").count() == 1
    assert Complaint.objects.count() == 1
    assert IncomingMail.objects.exclude(fate="").count() == 500
    assert Message.objects.filter(received_as__isnull=False).count() <= MOST_A_DAY, "it fills no file"
    (line,) = lines_waiting(after)
    held = IncomingMail.objects.held()
    assert line == held.earliest("pk")
    assert line.behind == badges.BOUND  # type: ignore[attr-defined]  # and it is said to be a machine
    assert waiting_for(member_of("Handler"))["held"].count() == 1
    assert held.filter(why__contains="No person writes so many").count() == 500 - MOST_A_DAY


@pytest.mark.once
@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ({"subject": "Undelivered Mail Returned to Sender", "sender": "mailer-daemon@x.example"}, 0),
        ({"subject": "Out of office", "answers": "yes"}, 0),
        ({"Auto_Submitted": "auto-replied", "answers": "yes"}, 0),
        ({"List_Id": "<news.example.com>"}, 1),
        ({"X_Auto_Response_Suppress": "All"}, 1),
        ({"Return_Path": "<>"}, 1),
        ({"sender": "noreply@shop.example"}, 1),
        ({"sender": "complaints@firm.example"}, 1),
    ],
    ids=["bounce", "absence", "auto", "list", "suppress", "empty envelope", "noreply", "ourselves"],
)
def test_sec_31_what_may_be_a_machine_is_answered_by_nobody_and_is_at_most_one_line(
    written: dict[str, str], lines: int, settings: Settings
) -> None:
    """After the first round all are alike; a few more than it takes to be one of many."""
    settings.DEFAULT_FROM_EMAIL = "Complaints <complaints@firm.example>"
    complaint = factories.acknowledged(now=NOW - timedelta(days=1))
    before = OutgoingMail.objects.count()
    after = rounds(MOST_A_DAY + 5, **written)
    assert OutgoingMail.objects.count() == before
    assert Complaint.objects.count() == 1
    assert IncomingMail.objects.exclude(fate="").count() == MOST_A_DAY + 5
    assert len(lines_waiting(after)) == lines
    assert complaint.entries.filter(at__gt=NOW).count() <= MOST_A_DAY


def thanked(now: datetime) -> Complaint:
    complaint = by_form(0, now=now)
    followups.send_due(now=now)
    return complaint


def test_a_customer_who_writes_often_is_heard_each_time_and_the_next_day_again() -> None:
    complaint = thanked(NOW)
    for one in range(MOST_A_DAY):
        assert arrive(answer_to(complaint, body=f"Really, {one}?")).fate == Fate.JOINED
    last = arrive(answer_to(complaint, body="And another thing."))
    assert last.fate == Fate.HELD
    assert Candidate.objects.get(mail=last).complaint == complaint
    tomorrow = NOW + timedelta(days=1, minutes=1)
    assert arrive(answer_to(complaint, body="Good morning."), now=tomorrow).fate == Fate.JOINED


def test_a_backlog_that_is_fetched_at_once_is_no_flood() -> None:
    complaint = thanked(NOW - timedelta(days=40))
    for day in range(MOST_A_DAY + 3):
        arrived = NOW - timedelta(days=30 - day)
        raw = answer_to(complaint, body=f"Day {day}")
        mailroom.keep(raw, now=NOW, place=mailroom.Place("box", 1, day + 1), arrived_at=arrived)
    mailroom.understand_due(now=lambda: NOW)
    assert set(IncomingMail.objects.values_list("fate", flat=True)) == {Fate.JOINED}
