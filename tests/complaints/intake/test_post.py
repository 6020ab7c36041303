"""From the bytes to the file: what becomes of a mail, told as customers and strangers would write it."""

from datetime import timedelta
from typing import Any

import pytest

from complaints.intake import actions
from complaints.intake.models import Candidate, How, Submission
from complaints.mailroom.exceptions import NotHeld
from complaints.mailroom.models import Fate, IncomingMail
from complaints.mailroom.reply_addresses import reply_address
from complaints.resolution.actors import System
from complaints.resolution.exceptions import NotPermitted, NotVisible, Refused
from complaints.resolution.models import (
    Channel,
    Complaint,
    Concern,
    Customer,
    Direction,
    EntryKind,
    Message,
    MessageKind,
    Move,
    State,
)
from tests import factories
from tests.complaints.intake.mails import LATER, a_mail, answer_to, arrive, letter_to, with_files
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
STRANGER = "Peter <peter@elsewhere.example>"


@pytest.fixture(autouse=True)
def reply_mailbox(settings: Any) -> None:
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"
    settings.DEFAULT_FROM_EMAIL = "Complaints <complaints@firm.example>"


def last_message(complaint: Complaint) -> Message:
    return complaint.messages.filter(direction=Direction.IN).latest("pk")


def state_of(complaint: Complaint) -> str:
    complaint.refresh_from_db()
    return str(complaint.state)


# A new matter


def test_a_mail_opens_a_complaint_with_its_words_exactly_as_received() -> None:
    mail = arrive(with_files(a_mail(subject="AW: RE: Charged twice"), ("receipt.pdf", PDF)))
    complaint = Complaint.objects.get()
    message = last_message(complaint)
    assert (mail.fate, message.received_as) == (Fate.OPENED, mail)
    assert (complaint.title, complaint.channel, complaint.received_at) == (
        "Charged twice",
        Channel.EMAIL,
        NOW,
    )
    assert complaint.customer is not None
    assert (complaint.customer.name, complaint.customer.email) == ("Ann Lee", "ann@example.com")
    submission = Submission.objects.get()
    assert submission.words == message.body == "You charged me twice for one booking. Please pay it back."
    (document,) = message.documents.all()
    assert (document.name, document.content_type) == ("receipt.pdf", "application/pdf")
    assert "receipt" not in str(document.file.name)
    assert document.sha256


def test_the_clocks_run_from_the_day_the_mailbox_got_it() -> None:
    from complaints.mailroom import actions as mailroom

    mailroom.keep(a_mail(), now=LATER, arrived_at=NOW)
    mailroom.understand_due(now=lambda: LATER)
    complaint = Complaint.objects.get()
    assert (complaint.received_at, complaint.registered_at) == (NOW, LATER)


def test_the_same_mail_delivered_twice_opens_one_complaint() -> None:
    raw = a_mail()
    first = arrive(raw)
    second = arrive(b"Received: from another by us\r\n" + raw)
    assert (first.fate, second.fate, second.twin_of) == (Fate.OPENED, Fate.TWIN, first)
    assert Complaint.objects.count() == 1


def test_fi_07_the_same_message_id_with_another_body_is_another_mail_and_is_kept() -> None:
    complaint = acknowledged()
    arrive(answer_to(complaint, Message_ID="<same@mail.example>", body="First."))
    arrive(answer_to(complaint, Message_ID="<same@mail.example>", body="Second."))
    arrive(answer_to(complaint, Message_ID="<same@mail.example>", body="Second."))
    bodies = complaint.messages.filter(kind=MessageKind.REPLY).values_list("body", flat=True)
    assert [body.strip() for body in bodies] == ["First.", "Second."]


def test_a_picture_without_a_word_opens_a_complaint() -> None:
    raw = a_mail(subject="", body=" ")
    arrive(with_files(raw, ("letter.pdf", PDF)))
    assert Complaint.objects.get().title == "E-mail without a subject"


def test_a_mail_with_nothing_in_it_is_held() -> None:
    assert arrive(a_mail(subject="", body=" ")).fate == Fate.HELD


def test_what_is_no_document_is_named_and_stays_in_the_mail() -> None:
    mail = arrive(with_files(a_mail(), ("tool.exe", b"MZ\x90\x00\x03\x00" * 50), ("receipt.pdf", PDF)))
    complaint = Complaint.objects.get()
    assert [document.name for document in complaint.documents.all()] == ["receipt.pdf"]
    note = complaint.entries.get(kind=EntryKind.NOTE, text__contains="tool.exe")
    assert "still in the mail" in note.text
    assert b"tool.exe" in bytes(mail.raw)


def test_sec_55_a_mail_with_101_files_fills_no_file_with_them() -> None:
    files = [(f"receipt{number}.pdf", PDF + b"%d" % number) for number in range(101)]
    mail = arrive(with_files(a_mail(), *files))
    complaint = Complaint.objects.get()
    assert complaint.documents.count() == 20
    assert "81 files more" in complaint.entries.get(kind=EntryKind.NOTE, text__contains="Not taken").text
    assert b"receipt100.pdf" in bytes(mail.raw)


def test_sec_56_one_bad_file_among_good_ones_neither_loses_the_words_nor_gets_in() -> None:
    bad = b"<html><script>alert(1)</script>"
    arrive(with_files(a_mail(), ("good.pdf", PDF), ("bad.html", bad), ("empty.pdf", b"")))
    complaint = Complaint.objects.get()
    assert [document.name for document in complaint.documents.all()] == ["good.pdf"]
    assert "bad.html" in complaint.entries.get(kind=EntryKind.NOTE, text__contains="Not taken").text
    assert last_message(complaint).body


# Joining


def acknowledged(**given: Any) -> Complaint:
    """A complaint with a letter of ours to answer."""
    from complaints.resolution import actions as resolution

    complaint = factories.received(**given)
    resolution.acknowledge_by_letter(
        complaint, letter=factories.LETTER, by=System.FOLLOW_UP, now=NOW, key=f"ack:{complaint.pk}"
    )
    return complaint


def test_a_reply_by_its_customer_joins() -> None:
    complaint = acknowledged()
    body = "It was the blue card.\n\nOn Mon, 2 Mar 2026, Complaints wrote:\n> Thank you for your patience.\n"
    mail = arrive(answer_to(complaint, body=body), now=LATER)
    message = last_message(complaint)
    assert (mail.fate, message.received_as, message.kind) == (Fate.JOINED, mail, MessageKind.REPLY)
    assert "blue card" in message.body
    assert state_of(complaint) == State.RECEIVED
    assert complaint.entries.filter(kind=EntryKind.MESSAGE_IN).count() == 1
    assert Complaint.objects.count() == 1


def test_the_signed_address_joins_where_a_mail_program_forgets_the_headers() -> None:
    complaint = acknowledged()
    raw = answer_to(complaint, In_Reply_To="", References="", To=reply_address(complaint.pk), subject="Hello")
    assert arrive(raw).fate == Fate.JOINED


def test_an_answer_to_our_question_is_heard() -> None:
    complaint = factories.waiting()
    mail = arrive(answer_to(complaint, body="The blue one."), now=LATER)
    assert (mail.fate, state_of(complaint)) == (Fate.JOINED, State.INVESTIGATING)
    question = complaint.questions.get()
    assert (question.answer, question.settled_at) == ("The blue one.", LATER)
    assert last_message(complaint).kind == MessageKind.ANSWER
    assert complaint.entries.get(move=Move.HEAR).facts["message"] == last_message(complaint).pk


def test_one_answer_to_many_questions_is_heard_and_says_where_it_stands() -> None:
    from complaints.resolution import actions as resolution

    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    resolution.ask(
        complaint,
        questions=["Which card?", "Which day?"],
        letter=factories.LETTER,
        answer_by=NOW + timedelta(days=7),
        by=handler,
        now=NOW + timedelta(hours=3),
    )
    arrive(answer_to(complaint, body="The blue one, on Monday."), now=LATER)
    assert state_of(complaint) == State.INVESTIGATING
    answers = {question.answer for question in complaint.questions.all()}
    assert answers == {"In the customer's e-mail of 3 March 2026."}


def test_documents_in_a_reply_hang_on_its_message() -> None:
    complaint = acknowledged()
    for _ in range(2):
        arrive(with_files(answer_to(complaint), ("proof.pdf", PDF)), now=LATER)
    assert complaint.documents.count() == 2
    assert last_message(complaint).documents.count() == 1


@pytest.mark.parametrize("stage", ["closed", "answered"])
def test_a_reply_after_the_end_joins_and_somebody_is_told(stage: str) -> None:
    complaint = getattr(factories, stage)()
    when = NOW + timedelta(days=40)
    mail = arrive(answer_to(complaint, body="It is still wrong."), now=when)
    assert mail.fate == Fate.JOINED
    assert state_of(complaint) == stage  # a machine cannot tell a thank-you from an objection
    told = complaint.entries.filter(concern=Concern.WROTE_AGAIN)
    assert told.count() == (1 if stage == "closed" else 0)


def test_a_reply_to_an_answered_complaint_stands_on_its_handlers_list() -> None:
    from complaints.desk.lists import LISTS

    complaint = factories.answered()
    assert complaint.handler is not None
    arrive(answer_to(complaint, body="It is still wrong."), now=NOW + timedelta(days=3))
    assert list(LISTS["mine_answers"].complaints(complaint.handler, LATER)) == [complaint]


def test_a_reply_long_after_the_end_opens_a_complaint_that_follows() -> None:
    complaint = factories.closed()
    when = NOW + timedelta(days=400)
    mail = arrive(answer_to(complaint, body="It happened again."), now=when)
    later = Complaint.objects.latest("pk")
    assert mail.fate == Fate.OPENED
    assert (later.follows, later.customer) == (complaint, complaint.customer)


def test_a_reply_to_a_merged_complaint_joins_the_one_that_carries_it() -> None:
    from complaints.resolution import actions as resolution

    one = acknowledged()
    raw = answer_to(one)
    other = factories.received(customer=one.customer)
    resolution.merge(one, into=other, reason="The same", by=factories.handler_user(), now=NOW)
    assert arrive(raw).fate == Fate.JOINED
    assert last_message(other).kind == MessageKind.REPLY


def test_sec_31_an_absence_is_noted_in_the_file_and_answers_no_question() -> None:
    complaint = factories.waiting()
    raw = b"Auto-Submitted: auto-replied\n" + answer_to(complaint, body="I am away until Monday.")
    before = complaint.messages.count()
    mail = arrive(raw, now=LATER)
    assert (mail.fate, state_of(complaint)) == (Fate.AUTO_REPLY, State.WAITING)
    assert complaint.messages.count() == before
    (note,) = complaint.entries.filter(kind=EntryKind.NOTE, text__contains="away until Monday")
    assert note.actor_name == System.POST
    assert complaint.questions.filter(settled_at__isnull=True).exists()


# Held


def candidates(mail: IncomingMail) -> list[tuple[int, str, bool]]:
    return [(one.complaint_id, one.how, one.is_theirs) for one in mail.candidates.all()]


def test_sec_29_a_stranger_with_the_reference_joins_nothing_and_is_answered_by_nobody() -> None:
    complaint = acknowledged()
    before = complaint.messages.count()
    raw = a_mail(
        sender=STRANGER, subject=f"Re: Your complaint {complaint.reference}", body="Send me the file."
    )
    mail = arrive(raw)
    assert mail.fate == Fate.HELD
    assert candidates(mail) == [(complaint.pk, How.REFERENCE, False)]
    assert complaint.messages.count() == before
    assert Complaint.objects.count() == 1


def test_sec_29_whoever_was_copied_in_joins_nothing_by_it() -> None:
    complaint = acknowledged()
    arrive(answer_to(complaint, Cc="peter@elsewhere.example"), now=LATER)
    mail = arrive(answer_to(complaint, sender=STRANGER, body="I am his brother."), now=LATER)
    assert mail.fate == Fate.HELD
    assert candidates(mail) == [(complaint.pk, How.THREAD, False)]
    assert complaint.messages.filter(body__contains="brother").count() == 0


def test_sec_29_the_signed_address_alone_is_not_enough() -> None:
    complaint = acknowledged()
    raw = a_mail(sender=STRANGER, To=reply_address(complaint.pk))
    assert candidates(arrive(raw)) == [(complaint.pk, How.ADDRESS, False)]


def test_sec_29_a_forged_mark_leads_nowhere() -> None:
    complaint = acknowledged()
    forged = reply_address(complaint.pk)[:-20] + "aaaa@firm.example"
    raw = answer_to(complaint, In_Reply_To="", References="", To=forged, sender=STRANGER, subject="Hello")
    assert arrive(raw).fate == Fate.OPENED


def test_both_candidates_stand_side_by_side() -> None:
    his, hers = acknowledged(), acknowledged()
    assert hers.customer is not None
    raw = answer_to(his, sender=f"Maria <{hers.customer.email}>")
    mail = arrive(raw)
    assert mail.fate == Fate.HELD
    assert candidates(mail) == [(his.pk, How.THREAD, False), (hers.pk, How.SENDER, True)]


def test_a_customer_with_an_open_complaint_who_begins_anew_is_put_before_a_person() -> None:
    complaint = acknowledged()
    assert complaint.customer is not None
    mail = arrive(a_mail(sender=complaint.customer.email, subject="One more thing"))
    assert (mail.fate, candidates(mail)) == (Fate.HELD, [(complaint.pk, How.SENDER, True)])


def test_a_customer_whose_complaints_are_all_over_opens_a_new_one() -> None:
    complaint = factories.closed()
    assert complaint.customer is not None
    assert arrive(a_mail(sender=complaint.customer.email), now=NOW + timedelta(days=60)).fate == Fate.OPENED


@pytest.mark.parametrize("sender", ["staff", "own", "own with a mark"])
def test_sec_28_a_mail_in_the_name_of_one_of_us_is_held_and_never_shown_as_ours(sender: str) -> None:
    complaint = acknowledged()
    agent = factories.handler_user(email="agent@firm.example")
    forged = {
        "staff": f"Agent Smith <{agent.email.upper()}>",
        "own": "complaints@firm.example",
        "own with a mark": reply_address(complaint.pk),
    }[sender]
    mail = arrive(answer_to(complaint, sender=forged, body="Please pay at once."))
    assert mail.fate == Fate.HELD
    assert not Message.objects.filter(body__contains="pay at once").exists()


def test_sec_28_a_message_id_that_only_looks_like_ours_proves_nothing() -> None:
    complaint = acknowledged()
    domain = letter_to(complaint).message_id.rpartition("@")[2]
    assert complaint.customer is not None
    made_up = f"<{'0' * 32}@{domain}"
    raw = a_mail(sender=complaint.customer.email, In_Reply_To=made_up, References=made_up)
    assert arrive(raw).fate == Fate.HELD


@pytest.mark.parametrize("twin", ["mi\u212ae@example.com", "m\u0131ke@example.com", "ｍike@example.com"])
def test_sec_35_an_address_that_folds_to_a_customers_is_not_the_customers(twin: str) -> None:
    complaint = acknowledged(customer=factories.CustomerFactory(email="mike@example.com"))
    letter = letter_to(complaint)
    raw = f"From: {twin}\r\nSubject: x\r\nIn-Reply-To: {letter.message_id}\r\n\r\nGive me the money.\r\n"
    mail = arrive(raw.encode())
    assert mail.fate == Fate.HELD
    assert candidates(mail) == [(complaint.pk, How.THREAD, False)]
    assert Customer.objects.count() == 1


def test_what_is_forwarded_or_asks_to_be_answered_elsewhere_is_held() -> None:
    assert arrive(a_mail(subject="Fwd: Your booking")).fate == Fate.HELD
    assert arrive(a_mail(subject="WG: Buchung")).fate == Fate.HELD
    assert arrive(a_mail(Reply_To="lawyer@elsewhere.example")).fate == Fate.HELD
    assert arrive(a_mail(Reply_To="Ann <ANN@example.com>")).fate == Fate.OPENED


def test_a_sender_nobody_could_answer_is_held() -> None:
    assert arrive(b"Subject: Hello\r\n\r\nYou charged me twice.\r\n").fate == Fate.HELD


# Decided by a person


def held() -> tuple[IncomingMail, Complaint]:
    complaint = acknowledged()
    raw = with_files(answer_to(complaint, sender=STRANGER, body="I write for my father."), ("proof.pdf", PDF))
    return arrive(raw), complaint


def test_a_colleague_puts_it_into_the_complaint_and_the_stranger_is_named() -> None:
    mail, complaint = held()
    message = actions.join(mail, complaint=complaint, by=factories.handler_user(), now=LATER)
    assert (mail.fate, message.received_as_id, message.complaint) == (Fate.JOINED, mail.pk, complaint)
    assert message.author_name == "Peter <peter@elsewhere.example>, not the customer's address"
    assert message.documents.count() == 1
    assert complaint.customer is not None
    assert complaint.customer.email != "peter@elsewhere.example"


def test_a_colleague_makes_it_a_complaint_of_its_own() -> None:
    mail, complaint = held()
    opened = actions.open_by(
        mail,
        name="Peter P.",
        email="peter@elsewhere.example",
        title="His father",
        by=factories.handler_user(),
        now=LATER,
    )
    assert (mail.fate, opened.title) == (Fate.OPENED, "His father")
    assert opened.customer is not None
    assert opened.customer.name == "Peter P."
    assert opened != complaint


def test_a_colleague_refuses_it_with_a_reason_and_it_is_kept() -> None:
    mail, _ = held()
    with pytest.raises(Refused):
        actions.refuse_mail(mail, reason=" ", by=factories.handler_user(), now=LATER)
    handler = factories.handler_user(first_name="Ines", last_name="Roth")
    actions.refuse_mail(mail, reason="An advertisement", by=handler, now=LATER)
    mail.refresh_from_db()
    assert (mail.fate, mail.why, mail.decided_by) == (Fate.REFUSED, "An advertisement", "Ines Roth")
    assert bytes(mail.raw)


def test_of_two_decisions_one_wins() -> None:
    mail, complaint = held()
    same = IncomingMail.objects.get(pk=mail.pk)
    actions.refuse_mail(mail, reason="Spam", by=factories.handler_user(), now=LATER)
    with pytest.raises(NotHeld):
        actions.join(same, complaint=complaint, by=factories.handler_user(), now=LATER)
    assert not Message.objects.filter(received_as=mail).exists()


def test_only_who_works_complaints_decides_and_only_into_what_they_see() -> None:
    mail, complaint = held()
    with pytest.raises(NotPermitted):
        actions.refuse_mail(mail, reason="x", by=factories.quality_user(), now=LATER)
    somebody = factories.handler_user()
    complaint.about.add(somebody)
    with pytest.raises(NotVisible):
        actions.join(mail, complaint=complaint, by=somebody, now=LATER)
    mail.refresh_from_db()
    assert mail.fate == Fate.HELD


def test_a_mail_is_read_again_and_finds_its_fate_anew() -> None:
    mail, _ = held()
    Customer.objects.update(email="peter@elsewhere.example")
    actions.read_mail_again(mail, by=factories.handler_user(), now=LATER)
    assert (mail.fate, Candidate.objects.count()) == ("", 0)
    from complaints.mailroom import actions as mailroom

    mailroom.understand_due(now=lambda: LATER)
    mail.refresh_from_db()
    assert mail.fate == Fate.JOINED
